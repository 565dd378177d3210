"""The page that moves a stuck case by hand. What else can be done about a problem: `pages.cases`."""

from flask import g, render_template, request
from werkzeug.wrappers import Response

from app.cases.definitions import definition_of
from app.casework import moving_pages
from app.casework.case_page import case_page, sight_for
from app.engine import CannotMove
from app.errors import InvalidAnswers, NotFound, Stale
from app.web.pages.cases import back, pages
from app.web.reader import command, reader

LONGEST_REASON = 2_000


@pages.get("/cases/<reference>/problems/<incident_id>/move")
def ask_move(reference: str, incident_id: str) -> str | tuple[str, int]:
    """Steps to choose from, and what the chosen one would mean."""
    return _page(incident_id, request.args.get("to", ""), {}, "", is_chosen="to" in request.args)


@pages.post("/cases/<reference>/problems/<incident_id>/move")
def move(reference: str, incident_id: str) -> Response | tuple[str, int] | str:
    """Move the case, where that still means what the page said."""
    to, reason = request.form.get("to", ""), request.form.get("reason", "")[:LONGEST_REASON]
    sight = sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked)
    try:
        moving_pages.move(g.case, incident_id, to, reason, request.form.get("seen", ""), sight, command())
    except InvalidAnswers as wrong:
        return _page(incident_id, to, wrong.problems, reason, is_chosen=True)
    except CannotMove as refused:
        return _page(incident_id, to, {"to": refused.sentence}, reason, is_chosen=True)
    except Stale as stale:
        return _page(incident_id, to, {"means": stale.sentence}, reason, is_chosen=True)
    return back("moved")


def _page(
    incident_id: str, to: str, problems: dict[str, str], reason: str, *, is_chosen: bool
) -> str | tuple[str, int]:
    sight = sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked)
    shown = case_page(g.case, g.facts, reader(), sight)
    incident = next((one for one in shown.problems if one.id == incident_id), None)
    if incident is None:
        raise NotFound
    known = moving_pages.choices(g.case, incident_id, sight, reader().on)
    told, seen = [], ""
    if is_chosen:
        try:
            found = moving_pages.meaning(g.case, incident_id, to, known, command())
            told, seen = moving_pages.sentences(found, g.case, sight), found.seen
        except InvalidAnswers as wrong:
            problems = {**wrong.problems, **problems}
    names = definition_of(g.case.bundle).elements
    page = render_template(
        "cases/move.html",
        active="cases",
        case=g.case,
        pupil=shown.pupil,
        incident=incident,
        stands_at=names[incident.element].name,
        choices=known,
        to=to,
        chosen=names[to].name if to in names else "",
        told=told,
        seen=seen,
        reason=reason,
        problems=problems,
    )
    return (page, 422) if problems else page
