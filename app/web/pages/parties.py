"""The people around a pupil, as a case shows them: who they are, how to contact them, recording them."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import forms
from app.access.actions import Action
from app.access.decisions import decide
from app.cases.sight import Sight
from app.casework import parties
from app.casework.case_page import sight_for
from app.errors import NotFound, Stale
from app.forms import FormContext, Refused
from app.web.reader import case_clock, command, reader

pages = Blueprint("parties", __name__)

NEWER = "Somebody else recorded something of this person meanwhile. Open the page again and compare before you save."


@pages.get("/cases/<reference>/people")
def show(reference: str) -> str:
    """Everybody around the pupil."""
    sight = _sight()
    return render_template(
        "parties/show.html",
        active="cases",
        case=g.case,
        sight=sight,
        pupil=sight.text(g.case.pupil_name),
        parties=parties.shown(g.case, sight),
        changes=parties.changes(g.case, sight),
        may_record=decide(reader(), Action.RECORD_PARTIES, g.facts).allowed,
        is_saved="saved" in request.args,
    )


@pages.get("/cases/<reference>/people/new")
def ask_new(reference: str) -> str:
    """The form for somebody new."""
    return _page(None)


@pages.post("/cases/<reference>/people/new")
def add(reference: str) -> Response | tuple[str, int]:
    """Record somebody new."""
    return _keep(None)


@pages.get("/cases/<reference>/people/<party_id>")
def ask_change(reference: str, party_id: str) -> str:
    """The form with what is known of somebody."""
    return _page(party_id)


@pages.post("/cases/<reference>/people/<party_id>")
def change(reference: str, party_id: str) -> Response | tuple[str, int]:
    """Record what is known of them now."""
    return _keep(party_id)


def _keep(party_id: str | None) -> Response | tuple[str, int]:
    if not g.case.pupil_id:
        raise NotFound
    typed = request.form.get("seen", "0")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    try:
        kept = parties.keep(g.case, party_id, request.form, seen, _sight(), reader(), command())
    except Stale:
        values = forms.draft(parties.party_form(), request.form)
        return _page(party_id, Refused({"name": NEWER}, (), values), seen), 409
    if isinstance(kept, Refused):
        return _page(party_id, kept, seen), 422
    return redirect(url_for("parties.show", reference=g.case.reference, saved="1"), 303)


def _page(party_id: str | None, refused: Refused | None = None, seen: int | None = None) -> str:
    known = parties.values_of(g.case, party_id, _sight()) if party_id else {}
    context = FormContext(now=case_clock().now(), previous=known)
    return render_template(
        "parties/change.html",
        active="cases",
        case=g.case,
        is_new=party_id is None,
        filled=forms.fill(parties.party_form(), context, refused.values if refused else None),
        problems=refused.summary if refused else {},
        seen=(parties.seen_of(party_id) if party_id else 0) if seen is None else seen,
    )


def _sight() -> Sight:
    return sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked)
