"""Replay of a case, revealing its names, taking evidence, checking its chain, who read it. No case is changed here."""

import json
from datetime import date

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.actions import Action
from app.access.decisions import decide
from app.audit import evidence as taking
from app.audit import reading as looking
from app.audit import replay as replaying
from app.audit import reveal as revealing
from app.audit import verify as checking
from app.cases.drawing import outline_of
from app.cases.sight import Sight
from app.casework.case_page import sight_for
from app.errors import InvalidAnswers, NotFound
from app.web.pages.cases import bpmn, pages
from app.web.reader import reader


@pages.get("/cases/<reference>/replay")
def replay(reference: str) -> str:
    """The case as it was after one of its entries, and the way to every other."""
    sight = _sight()
    found = replaying.replay(g.case, _entry(), sight, reader().tree)
    return render_template(
        "replay/show.html",
        active="cases",
        case=g.case,
        sight=sight,
        pupil=sight.text(g.case.pupil_name),
        revealed=revealing.revealed(g.case.id, reader()),
        replay=found,
        moment=found.moment,
        outline_lines=outline_of(found.moment.bundle, g.case.school, reader().on),
    )


@pages.get("/cases/<reference>/replay/entries/<int:n>")
def replay_entry(reference: str, n: int) -> str:
    """What the page shows of one entry, for its script."""
    sight = _sight()
    found = replaying.moment(g.case, n, sight, reader().tree)
    lines = outline_of(found.bundle, g.case.school, reader().on)
    return render_template("replay/panel.html", case=g.case, sight=sight, moment=found, outline_lines=lines)


@pages.get("/cases/<reference>/replay/events.json")
def replay_events(reference: str) -> Response:
    """Every entry with what it moved on the diagram."""
    return Response(json.dumps(replaying.events(g.case, _sight())), mimetype="application/json")


@pages.get("/cases/<reference>/replay/diagram.bpmn")
def replay_diagram(reference: str) -> Response:
    """The diagram of the version the case was on at that entry."""
    return bpmn(replaying.bundle_then(g.case, _entry() or g.case.seq))


@pages.get("/cases/<reference>/evidence.json")
def evidence(reference: str) -> Response:
    """The history of the case with its hashes, as a download."""
    taken = taking.evidence(g.case, _sight(), reader())
    response = Response(json.dumps(taken, ensure_ascii=False, indent=1), mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"{g.case.reference}-evidence.json")
    return response


@pages.get("/cases/<reference>/reveal")
def ask_reveal(reference: str) -> str:
    """Where the reason for revealing names is given."""
    return _ask_reveal({}, "")


@pages.post("/cases/<reference>/reveal")
def reveal(reference: str) -> Response | tuple[str, int]:
    """Record the reason and go back, names shown."""
    reason = request.form.get("reason", "")[:5_000]
    try:
        revealing.reveal(g.case.id, reader(), reason)
    except InvalidAnswers as wrong:
        return _ask_reveal(wrong.problems, reason), 422
    entry = request.form.get("entry", "")
    return redirect(url_for("cases.replay", reference=g.case.reference, entry=entry if entry.isdigit() else None), 303)


@pages.post("/cases/<reference>/mask-again")
def mask_again(reference: str) -> Response:
    """Show masks again, and go back."""
    revealing.mask_again(g.case.id, reader())
    entry = request.form.get("entry", "")
    return redirect(url_for("cases.replay", reference=g.case.reference, entry=entry if entry.isdigit() else None), 303)


@pages.get("/cases/<reference>/reads")
def read_by(reference: str) -> str:
    """Who looked at the case, and who had its names shown. It shows nobody's name but those of people who looked."""
    return render_template(
        "replay/reads.html",
        active="cases",
        case=g.case,
        page=looking.reads_of(g.case, _before(), reader()),
        may_see=decide(reader(), Action.SEE_CASE, g.facts).allowed,
    )


@pages.get("/cases/<reference>/verify")
def verify(reference: str) -> str:
    """The chain of the case, checked now. It shows nobody's name: not everybody who verifies knows whose case it is."""
    return render_template(
        "replay/verify.html",
        active="cases",
        case=g.case,
        found=checking.verify(g.case.id),
        would_say=checking.WOULD_SAY,
        proves=checking.PROVES,
        does_not_prove=checking.DOES_NOT_PROVE,
        may_see=decide(reader(), Action.SEE_CASE, g.facts).allowed,
    )


def _ask_reveal(problems: dict[str, str], reason: str) -> str:
    entry = request.values.get("entry", "")
    return render_template(
        "replay/reveal.html",
        active="cases",
        case=g.case,
        problems=problems,
        reason=reason,
        entry=entry,
        hours=revealing.HOURS,
    )


def _sight() -> Sight:
    return sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked)


def _entry() -> int | None:
    text = request.args.get("entry", "")
    if not text:
        return None
    if not text.isdigit() or len(text) > 9:
        raise NotFound
    return int(text)


def _before() -> tuple[date, int] | None:
    """Where a page of reads begins: day and number of the last one before."""
    day, _, number = request.args.get("before", "").partition("|")
    try:
        return (date.fromisoformat(day), int(number)) if number.isdigit() and len(number) < 10 else None
    except ValueError:
        raise NotFound from None
