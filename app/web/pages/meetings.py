"""Pages of one meeting: its list, moving a case to another date, cancelling it. The series it belongs to: `series`."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.actions import Action
from app.cases.listing import ListClosed, MeetingFull
from app.casework.meetings import agenda, dates, sitting
from app.casework.meetings import feed as feeds
from app.casework.meetings import packs as pack_cases
from app.clock import local_date
from app.errors import InvalidAnswers, NotFound, Stale
from app.store import reads
from app.store.db import reading
from app.store.queries import meetings
from app.store.queries.meetings import MeetingRow
from app.web.pages.series import ROLES
from app.web.pages.typed import seq, text
from app.web.reader import case_clock, command, reader
from app.web.spreadsheet import Cell, spreadsheet

pages = Blueprint("meetings", __name__, url_prefix="/meetings")


@pages.get("/<meeting_id>")
def show(meeting_id: str) -> str:
    """The list of one meeting; it names pupils, so that it was read is recorded."""
    held = agenda.meeting_of(meeting_id, Action.RUN_MEETING, reader())
    reads.record(reader().id, Action.RUN_MEETING, f"meeting/{held.id}", "allowed")
    return render_template("meetings/show.html", agenda=agenda.agenda(held, reader()))


@pages.get("/<meeting_id>.csv")
def export(meeting_id: str) -> Response:
    """The list of one meeting, with the columns of its page."""
    held = agenda.meeting_of(meeting_id, Action.RUN_MEETING, reader())
    lines = agenda.agenda(held, reader()).lines
    return spreadsheet(f"meeting-{held.held_on}", f"meeting/{held.id}", "list", _HEAD, map(_cells, lines))


_HEAD = ("Case", "Pupil", "School", "What", "Urgent", "State", "Asked")


def _cells(one: agenda.Line) -> tuple[Cell, ...]:
    listed, is_open = one.listed, one.listed.status == "open"
    pupil, state = (listed.pupil_name, "To decide") if is_open else ("", "Decided")
    urgent = "yes" if listed.is_urgent else "no"
    return listed.reference, pupil, one.school, listed.name, urgent, state, local_date(listed.asked_at)


@pages.get("/feeds/<token>.ics")
def feed(token: str) -> Response:
    """The dates of a series for other calendars: whoever has the address may read it; it names nobody."""
    clock = case_clock()
    return Response(feeds.calendar_at(token, clock.today(), clock.now()), mimetype="text/calendar")


@pages.get("/<meeting_id>/sitting")
def ask_outcomes(meeting_id: str) -> str:
    """Every case of the meeting with its form."""
    held = agenda.meeting_of(meeting_id, Action.CHAIR_MEETING, reader())
    reads.record(reader().id, Action.CHAIR_MEETING, f"meeting/{held.id}", "allowed")
    return render_template("meetings/sitting.html", sitting=sitting.sitting(held, reader(), case_clock().now()))


@pages.post("/<meeting_id>/sitting")
def record_outcomes(meeting_id: str) -> tuple[str, int] | str | Response:
    """Save one outcome or all, put one case off, or add a row; nothing that was typed is lost."""
    held = agenda.meeting_of(meeting_id, Action.CHAIR_MEETING, reader())
    done = sitting.hand_in(held, _sent(), reader(), command(ROLES, held.organisation))
    put_off = text("_defer", 200)
    if put_off and not done.problems:
        sitting.put_off(held, put_off, command(ROLES, held.organisation))
        flash("The case goes to the next meeting that has room. Its school is told.", "done")
    if done.problems:
        return render_template("meetings/sitting.html", sitting=done), 422
    if _sent().row != ("", ""):
        return render_template("meetings/sitting.html", sitting=done)
    if done.saved:
        flash(f"{done.saved} {'outcome was' if done.saved == 1 else 'outcomes were'} recorded.", "done")
    return redirect(url_for("meetings.ask_outcomes", meeting_id=held.id), 303)


def _sent() -> sitting.Sent:
    form = request.form
    row = next(((name, text(name)) for name in ("_add", "_remove") if form.get(name)), ("", ""))
    return sitting.Sent(form, tuple(form), text("_save", 200), tuple(form.getlist("_seat")[:200]), row)


@pages.get("/packs")
def packs() -> str:
    """Meetings whose pack the reader may open today."""
    return render_template("meetings/packs.html", found=pack_cases.open_to(reader()))


@pages.get("/<meeting_id>/pack")
def pack(meeting_id: str) -> str:
    """The cases of one pack, by reference and school."""
    held, listed = pack_cases.cases_of(meeting_id, reader())
    return render_template("meetings/pack.html", held=held, listed=listed)


@pages.get("/<meeting_id>/pack/<reference>")
def pack_case(meeting_id: str, reference: str) -> str:
    """What the process puts into the pack of one case."""
    return render_template("meetings/pack_case.html", pack=pack_cases.pack(meeting_id, reference, reader()))


@pages.get("/<meeting_id>/move/<task_id>")
def ask_move(meeting_id: str, task_id: str) -> str:
    """To which date, and why."""
    return _moving(agenda.meeting_of(meeting_id, Action.RUN_MEETING, reader()), task_id, {})


@pages.post("/<meeting_id>/move/<task_id>")
def move(meeting_id: str, task_id: str) -> tuple[str, int] | Response:
    """Move a case to another date."""
    held = agenda.meeting_of(meeting_id, Action.RUN_MEETING, reader())
    try:
        agenda.move(held, task_id, text("to"), text("reason"), command(ROLES, held.organisation), reader())
    except InvalidAnswers as invalid:
        return _moving(held, task_id, invalid.problems), 422
    except (MeetingFull, ListClosed) as refused:
        return _moving(held, task_id, {"to": refused.sentence}), 409
    flash("The case goes to another date. Its school is told.", "done")
    return redirect(url_for("meetings.show", meeting_id=held.id), 303)


@pages.get("/<meeting_id>/cancel")
def ask_cancel(meeting_id: str) -> str:
    """Why, and what becomes of its cases."""
    held = agenda.meeting_of(meeting_id, Action.ARRANGE_MEETINGS, reader())
    return _cancelling(held, {})


@pages.post("/<meeting_id>/cancel")
def cancel(meeting_id: str) -> tuple[str, int] | Response:
    """Cancel the meeting; its cases go to the next date that has room."""
    held = agenda.meeting_of(meeting_id, Action.ARRANGE_MEETINGS, reader())
    try:
        moved = dates.cancel(held, text("reason"), seq(), command(ROLES, held.organisation))
    except InvalidAnswers as invalid:
        return _cancelling(held, invalid.problems), 422
    except Stale:
        return _cancelling(held, {"reason": "Somebody changed this meeting meanwhile. Look at it again."}), 409
    said = "1 case went" if moved == 1 else f"{moved} cases went"
    flash(f"The meeting was cancelled. {said} to other dates, and the schools are told.", "done")
    return redirect(url_for("series.show", series_id=held.series_id), 303)


def _moving(held: MeetingRow, task_id: str, problems: dict[str, str]) -> str:
    found = agenda.agenda(held, reader())
    line = next((one for one in (*found.lines, *found.waiting) if one.listed.task_id == task_id), None)
    if line is None or line.listed.status != "open":
        raise NotFound
    return render_template("meetings/move.html", agenda=found, line=line, problems=problems, typed=request.form)


def _cancelling(held: MeetingRow, problems: dict[str, str]) -> str:
    count = len([one for one in meetings.listed(reading(), held.id) if one.status == "open"])
    return render_template("meetings/cancel.html", held=held, count=count, problems=problems, typed=request.form)
