"""The inbox page: six lists of tasks, one of waiting cases, and the fragment that keeps them fresh."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.casework import inbox
from app.casework.inbox import SORTS, VIEWS, Asked, Card, Inbox, WaitingCard
from app.clock import local_date
from app.store.queries.work import MOST_COUNTED, Filter
from app.web.reader import case_clock, reader
from app.web.spreadsheet import Cell, spreadsheet

pages = Blueprint("inbox", __name__)


@pages.app_template_filter()
def capped(number: int) -> str:
    """“12”, or “1,000+” where nobody counted further."""
    return "1,000+" if number > MOST_COUNTED else f"{number:,}"


@pages.get("/")
@pages.get("/inbox")
def show() -> str:
    """The whole page."""
    found = _found()
    return render_template("inbox/show.html", inbox=found, sorts=SORTS, arguments=_arguments(found), link=_link(found))


@pages.get("/inbox/fragment")
def fragment() -> AnyResponse:
    """The list alone, or 204 where nothing changed since the browser got it."""
    found = _found()
    if request.headers.get("If-None-Match", "").strip('"') == found.stamp:
        return Response(status=204)
    response = make_response(
        render_template("inbox/list.html", inbox=found, arguments=_arguments(found), link=_link(found))
    )
    response.headers["ETag"] = f'"{found.stamp}"'
    return response


@pages.get("/inbox.csv")
def export() -> Response:
    """The whole list as it is narrowed, with what its cards say."""
    asked = replace(_asked(), after=None)
    lines = inbox.every_line(reader(), asked, case_clock().today())
    return spreadsheet(
        f"inbox-{asked.view}", f"list/inbox/{asked.view}", _narrowed_words(asked), _HEAD, map(_cells, lines)
    )


_HEAD = ("Reference", "Pupil", "School", "Process", "What", "Due", "Who has it", "Why then")


def _cells(one: Card | WaitingCard) -> tuple[Cell, ...]:
    if isinstance(one, WaitingCard):
        case = one.case
        names = ", ".join(each.name for each in one.awaited)
        on = next((each.on for each in one.awaited if each.on), None)
        return case.reference, case.pupil_name, one.school, one.process, f"Waiting: {names}", on, "", ""
    task = one.task
    due = local_date(task.closed_at) if task.status == "done" and task.closed_at else task.due_on
    holder = "You" if one.is_mine else one.holder or ""
    return task.reference, task.pupil_name, one.school, one.process, task.name, due, holder, one.due_sentence


def _narrowed_words(asked: Asked) -> str:
    """What the list was narrowed to, for the log of reads."""
    given = vars(asked.narrowed) | {"sort": asked.sort}
    return "; ".join(f"{name} {value}" for name, value in given.items() if value)


def _found() -> Inbox:
    return inbox.inbox(reader(), _asked(), case_clock().today())


def _asked() -> Asked:
    view, sort = request.args.get("view", "todo"), request.args.get("sort", "due")
    view, sort = view if view in VIEWS else "todo", sort if sort in SORTS else "due"
    narrowed = Filter(
        process=_text("process"), school=_text("school"), due_by=_day(_text("due")), search=_text("q") or ""
    )
    return Asked(view, sort, narrowed, _after(view, sort))


def _text(name: str) -> str | None:
    return request.args.get(name, "").replace("\0", "").strip()[:100] or None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _after(view: str, sort: str) -> tuple[str, str] | None:
    """Where the page begins; a text that cannot be read begins at the start."""
    value, tilde, task_id = (_text("after") or "").rpartition("~")
    if not tilde:
        return None
    try:
        if view == "done" or (sort == "opened" and view != "waiting"):
            is_readable = datetime.fromisoformat(value).tzinfo is not None
        else:
            is_readable = view == "waiting" or sort == "pupil" or bool(date.fromisoformat(value))
    except ValueError:
        return None
    return (value, task_id) if is_readable else None


def _arguments(found: Inbox) -> dict[str, Any]:
    """What the address says of this list, without the place in it."""
    narrowed = found.asked.narrowed
    given = {
        "view": found.asked.view,
        "sort": found.asked.sort,
        "process": narrowed.process,
        "school": narrowed.school,
        "due": narrowed.due_by.isoformat() if narrowed.due_by else None,
        "q": narrowed.search,
    }
    return {name: value for name, value in given.items() if value}


def _link(found: Inbox) -> dict[str, str | None]:
    here = _arguments(found)
    after = "~".join(found.next_after) if found.next_after else None
    return {
        "next": url_for("inbox.show", **here, after=after) if after else None,
        "here": request.full_path if request.endpoint == "inbox.show" else url_for("inbox.show", **here),
        "export": url_for("inbox.export", **here),
        "fragment": url_for("inbox.fragment", **here, after=request.args.get("after")),
    }
