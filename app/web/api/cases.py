"""Cases over the API: listing, starting, where one stands, what happened in it, how it stood, telling it something."""

from datetime import datetime
from typing import Any

from flask import g, url_for
from werkzeug.wrappers import Response

from app import forms
from app.audit import replay
from app.cases.command import Receipt
from app.cases.history import history_page
from app.cases.sight import Sight
from app.casework import asking, case_actions, case_list, starting
from app.casework.case_page import case_page, documents_of, sight_for
from app.casework.starting import Begun
from app.casework.uploads import Taken
from app.errors import InvalidAnswers
from app.forms import FormContext, Refused
from app.web.api import repeats, shapes, shown
from app.web.api.blueprint import FILE_TYPE, Routes
from app.web.api.repeats import keyed
from app.web.api.typed import fields_for, refuse
from app.web.downloads import download
from app.web.reader import case_clock, command, reader

api = Routes("api_cases", __name__, description="Cases")


@api.reads("/cases", shapes.CasePage)
@api.takes(shapes.CaseQuery, location="query")
def find(asked: dict[str, Any]) -> dict[str, Any]:
    """List cases, the last changed first, a page at a time."""
    status = "" if asked["status"] == "all" else asked["status"]
    place = case_list.Asked(status, asked["school"], asked["process"], asked["search"].strip(), _place(asked["after"]))
    found = case_list.case_list(reader(), place, case_clock().today())
    following = f"{found.next_after[0].isoformat()}~{found.next_after[1]}" if found.next_after else None
    return {"items": [shown.case(card.case, card.pupil) for card in found.cards], "next": following}


@api.writes("/cases", shapes.Receipt, 201)
@api.takes(shapes.NewCase)
def start(new: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Start a case for a pupil. Send an Idempotency-Key: repeated, it is the same case."""
    asked = keyed(command())
    if (before := repeats.answered(asked)) is not None:
        return _started(before)
    task = new["task"]
    asked_for = asking.asking(reader(), task, new["process"], new["pupil"]) if task else None
    found = starting.opening(reader(), new["process"], new["pupil"], case_clock().now(), asked_for)
    fields = fields_for(found.form, new["answers"], new["accepted"])
    begun = Begun(fields, Taken(), new["teacher"] or found.teacher)
    answered = starting.start(found, begun, reader(), asked)
    if isinstance(answered, Refused):
        refuse(answered)
    return _started(answered)


@api.reads("/cases/<reference>", shapes.CaseWithState)
def show(reference: str) -> dict[str, Any]:
    """One case: what is known, what is open, what it waits for, what it can be told."""
    page = case_page(g.case, g.facts, reader(), _sight())
    messages = [one.message for one in case_actions.tellings(g.case.id)] if g.case.status == "open" else []
    return shown.case_with_state(page, messages)


@api.writes("/cases/<reference>/messages", shapes.Receipt)
@api.takes(shapes.Message)
def tell(told: dict[str, Any], reference: str) -> dict[str, Any]:
    """Tell the case that something happened which it waits for."""
    asked = keyed(command())
    if (before := repeats.answered(asked)) is not None:
        return shown.receipt(before)
    case_actions.telling(g.case.id, told["message"])
    form = case_actions.form_for(told["message"])
    context = FormContext(now=case_clock().now(), variables=g.case.variables)
    result = forms.submit(form, fields_for(form, told["answers"], {}), context)
    if isinstance(result, Refused):
        refuse(result)
    return shown.receipt(case_actions.tell(g.case.id, told["message"], result.answers, asked))


@api.reads("/cases/<reference>/entries", shapes.History)
@api.takes(shapes.HistoryQuery, location="query")
def entries(asked: dict[str, Any], reference: str) -> dict[str, Any]:
    """What happened, oldest first, a page at a time."""
    page, following = history_page(g.case, _sight(), asked["after"], asked["limit"])
    return {"items": [shown.happening(one) for one in page], "next": following}


@api.reads("/cases/<reference>/entries/<int:entry>", shapes.Moment)
def state(reference: str, entry: int) -> dict[str, Any]:
    """The case as it was after one of its entries."""
    return shown.moment(replay.moment(g.case, entry, _sight(), reader().tree))


@api.reads("/cases/<reference>/documents", shapes.Documents)
def documents(reference: str) -> dict[str, Any]:
    """The documents of a case, newest first."""
    return {"items": [shown.document(one) for one in documents_of(g.case, _sight())]}


@api.sends("/cases/<reference>/documents/<document_id>")
def document(reference: str, document_id: str) -> Response:
    """The bytes of one document; that it was read is recorded."""
    found = download(document_id)
    response = Response(found.content, mimetype=FILE_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


def _started(receipt: Receipt) -> tuple[dict[str, Any], int, dict[str, str]]:
    return shown.receipt(receipt), 201, {"Location": url_for("api_cases.show", reference=receipt.reference)}


def _sight() -> Sight:
    return sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked)


def _place(after: str | None) -> tuple[datetime, str] | None:
    """Where the page begins. Raises InvalidAnswers for a place that no page gave."""
    if after is None:
        return None
    moment, tilde, case_id = after.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not tilde or not case_id:
        raise InvalidAnswers({"after": "Send what `next` of the page before said."})
    return at, case_id
