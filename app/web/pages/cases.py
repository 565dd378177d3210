"""The list of cases and one case: what is next, what was said, what can happen to it. Replay is in `pages.replay`."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import forms
from app.access.actions import Action
from app.access.decisions import decide
from app.cases.additions import add_note
from app.cases.drawing import diagram_of
from app.cases.letters import UNDELIVERED
from app.casework import case_actions
from app.casework.case_list import STATUSES, Asked, CaseCard, case_list, every_case
from app.casework.case_page import case_page, sight_for
from app.clock import local_date
from app.errors import InvalidAnswers, NotFound
from app.forms import FormContext, Refused
from app.store.db import reading
from app.store.queries import incidents
from app.web.reader import case_clock, command, reader
from app.web.spreadsheet import Cell, spreadsheet

pages = Blueprint("cases", __name__)

LONGEST_NOTE = 8_000
#: what the page says after something was done
SAID = {
    "note": "The note was added.",
    "document": "The document was added.",
    "told": "The case was told. See what comes next below.",
    "resolved": "Your decision about the problem was recorded.",
    "moved": "The case was moved. See what comes next below.",
}
#: actions on a case whose buttons are shown to whoever may use them
_BUTTONS = (
    Action.ADD_NOTE,
    Action.ADD_DOCUMENT,
    Action.SEE_DOCUMENT,
    Action.SEND_MESSAGE,
    Action.RAISE_SAFEGUARDING,
    Action.RESOLVE_INCIDENT,
    Action.REPLAY_CASE,
    Action.VERIFY_CASE,
    Action.REVEAL_NAMES,
    Action.REQUEST_ERASURE,
    Action.SEE_RESTRICTED,
)


@pages.get("/cases")
def index() -> str:
    """The cases the reader may see."""
    found = case_list(reader(), _asked(), case_clock().today())
    following = f"{found.next_after[0].isoformat()}|{found.next_after[1]}" if found.next_after else None
    return render_template("cases/list.html", active="cases", list=found, statuses=STATUSES, following=following)


@pages.get("/cases.csv")
def export() -> Response:
    """The whole list as it is narrowed, with the columns of its page."""
    asked = replace(_asked(), after=None)
    lines = every_case(reader(), asked, case_clock().today())
    narrowed = "; ".join(f"{name} {value}" for name, value in vars(asked).items() if value)
    return spreadsheet("cases", "list/cases", narrowed, _HEAD, map(_cells, lines))


_HEAD = ("Reference", "Pupil", "School", "Process", "Status", "What is next", "By", "Changed")


def _cells(card: CaseCard) -> tuple[Cell, ...]:
    case, following = card.case, card.awaited[0] if card.awaited else None
    status = f"Closed: {case.outcome or 'ended'}" if case.status == "closed" else case.status.capitalize()
    awaited = (following.name, following.on) if following else ("", None)
    return case.reference, card.pupil, card.school, case.process_name, status, *awaited, local_date(case.changed_at)


def _asked() -> Asked:
    """The list as the address narrows it."""
    return Asked(
        status=_one_of(request.args.get("status", "open"), STATUSES),
        school=request.args.get("school", ""),
        process=request.args.get("process", ""),
        search=request.args.get("search", "").strip()[:100],
        after=_after(request.args.get("after", "")),
    )


@pages.get("/cases/<reference>")
def show(reference: str) -> str:
    """One case."""
    return page()


@pages.get("/cases/<reference>/diagram.bpmn")
def diagram(reference: str) -> Response:
    """The diagram of the version the case is on."""
    return bpmn(g.case.bundle)


@pages.post("/cases/<reference>/notes")
def add_a_note(reference: str) -> Response | tuple[str, int]:
    """Add a note; a restricted one only for whoever sees the restricted compartment."""
    text = request.form.get("text", "").strip()
    problem = "Enter the note" if not text else ""
    if len(text) > LONGEST_NOTE:
        problem = f"Shorten the note to {LONGEST_NOTE:,} characters: it has {len(text):,}"
    if problem:
        return page({"note": problem}, note=text), 422
    is_restricted = bool(request.form.get("restricted")) and Action.SEE_RESTRICTED in allowed()
    add_note(g.case.id, text, is_restricted, command())
    return back("note")


@pages.get("/cases/<reference>/tell/<message>")
def ask(reference: str, message: str) -> str:
    """The short form for something that happened."""
    return _ask(message, None)


@pages.post("/cases/<reference>/tell/<message>")
def tell(reference: str, message: str) -> Response | tuple[str, int]:
    """Tell the case that it happened."""
    result = forms.submit(case_actions.form_for(message), request.form, _context())
    if isinstance(result, Refused):
        return _ask(message, result), 422
    case_actions.tell(g.case.id, message, result.answers, command())
    return back("told")


@pages.get("/cases/<reference>/concern")
def ask_concern(reference: str) -> str:
    """Where a safeguarding concern is written down."""
    return _concern({}, "")


@pages.post("/cases/<reference>/concern")
def raise_concern(reference: str) -> str | tuple[str, int]:
    """Take the concern, and say who was alerted."""
    text = request.form.get("concern", "")[:LONGEST_NOTE]
    try:
        is_alerted = case_actions.raise_concern(g.case, text, command())
    except InvalidAnswers as wrong:
        return _concern(wrong.problems, text), 422
    contacts = case_actions.duty_contacts(g.case, command())
    return render_template(
        "cases/concern_raised.html", active="cases", case=g.case, alerted=is_alerted, contacts=contacts
    )


@pages.get("/cases/<reference>/problems/<incident_id>")
def problem(reference: str, incident_id: str) -> str | Response:
    """What can be done about a problem; about a letter that could not be delivered: where that letter is."""
    found = incidents.one(reading(), incident_id)
    if found is not None and found.kind == UNDELIVERED and found.case_id == g.case.id:
        return redirect(url_for("letters.show", task_id=found.task_id), 303)
    return _problem(incident_id, {})


@pages.post("/cases/<reference>/problems/<incident_id>")
def resolve(reference: str, incident_id: str) -> Response | tuple[str, int]:
    """Do it."""
    typed = request.form
    change = typed.get("variable", ""), typed.get("value", "")[:LONGEST_NOTE]
    try:
        case_actions.resolve(
            g.case, incident_id, typed.get("how", ""), typed.get("reason", "")[:2000], change, command()
        )
    except InvalidAnswers as wrong:
        return _problem(incident_id, wrong.problems), 422
    return back("resolved")


def page(problems: dict[str, str] | None = None, **typed: str) -> str:
    """The page of the case that the gate loaded."""
    sight = sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked)
    is_whole = request.args.get("timeline") == "all"
    shown = case_page(g.case, g.facts, reader(), sight, is_whole=is_whole)
    can = allowed()
    return render_template(
        "cases/show.html",
        active="cases",
        page=shown,
        case=g.case,
        can=can,
        tellings=case_actions.tellings(g.case.id) if Action.SEND_MESSAGE in can and g.case.status == "open" else [],
        said=SAID.get(request.args.get("said", "")),
        problems=problems or {},
        typed=typed,
    )


def allowed() -> frozenset[Action]:
    """What the reader may do with the case that the gate loaded."""
    return frozenset(action for action in _BUTTONS if decide(reader(), action, g.facts).allowed)


def back(said: str) -> Response:
    """To the case again, with a word on what was done."""
    return redirect(url_for("cases.show", reference=g.case.reference, said=said), 303)


def bpmn(bundle: str) -> Response:
    """A diagram as a file for the viewer."""
    return Response(diagram_of(bundle), mimetype="application/xml")


def _ask(message: str, refused: Refused | None) -> str:
    told = case_actions.telling(g.case.id, message)
    form = case_actions.form_for(message)
    filled = forms.fill(form, _context(), refused.values if refused else None)
    problems = refused.summary if refused else {}
    return render_template(
        "cases/tell.html", active="cases", case=g.case, telling=told, filled=filled, problems=problems
    )


def _context() -> FormContext:
    return FormContext(now=case_clock().now(), variables=g.case.variables)


def _concern(problems: dict[str, str], text: str) -> str:
    contacts = case_actions.duty_contacts(g.case, command())
    return render_template(
        "cases/concern.html", active="cases", case=g.case, contacts=contacts, problems=problems, text=text
    )


def _problem(incident_id: str, problems: dict[str, str]) -> str:
    sight = sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked)
    found = next((one for one in case_page(g.case, g.facts, reader(), sight).problems if one.id == incident_id), None)
    if found is None or incidents.one(reading(), incident_id) is None:
        raise NotFound
    return render_template(
        "cases/problem.html",
        active="cases",
        case=g.case,
        incident=found,
        correctable=case_actions.correctable(g.case),
        problems=problems,
        typed=request.form,
    )


def _one_of(wanted: str, known: dict[str, Any]) -> str:
    return wanted if wanted in known else "open"


def _after(text: str) -> tuple[datetime, str] | None:
    moment, _, case_id = text.partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, case_id) if at.tzinfo and case_id else None
