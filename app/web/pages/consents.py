"""Consents about a pupil and the record of what was shared, as a case shows them."""

from typing import cast

from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app import forms
from app.access.actions import Action
from app.access.decisions import decide
from app.cases import consents as keeping
from app.cases.sight import Sight
from app.casework import consents, sharing
from app.casework.case_page import sight_for
from app.errors import NotFound
from app.forms import Form, FormContext, Refused
from app.store.queries.cases import CaseLine
from app.web.reader import case_clock, command, reader

pages = Blueprint("consents", __name__)

SAID = {
    "consent": "The consent is on record, for every case of this pupil.",
    "withdrawn": "The consent is withdrawn. Sharing on it has stopped, and the cases that rest on it are told.",
    "written": "The consent is in writing now.",
    "shared": "What you shared is on record.",
}
#: what can be changed about a consent: word in the address → (form, title, button, what is said)
CHANGES = {
    "withdraw": ("consent_withdrawal", "Withdraw a consent", "Withdraw it", "withdrawn"),
    "written": ("consent_written", "It is in writing now", "Save", "written"),
}


@pages.get("/cases/<reference>/consents")
def show(reference: str) -> str:
    """Every consent about the pupil."""
    sight = _sight()
    return render_template(
        "consents/show.html",
        active="cases",
        case=g.case,
        sight=sight,
        pupil=sight.text(g.case.pupil_name),
        consents=consents.shown(g.case, sight, case_clock().today()),
        warnings=consents.warnings(g.case, sight, case_clock().today()),
        may_record=decide(reader(), Action.RECORD_PARTIES, g.facts).allowed,
        said=SAID.get(request.args.get("said", "")),
    )


@pages.get("/cases/<reference>/consents/new")
def ask_new(reference: str) -> str:
    """The form for a consent."""
    form, context = consents.form_of("consent"), consents.context(g.case, _sight(), command())
    return _page(form, context, "Record a consent", "Save", "consents.show", None)


@pages.post("/cases/<reference>/consents/new")
def add(reference: str) -> Response | tuple[str, int]:
    """Record it."""
    sight = _sight()
    kept = consents.keep(_of_a_pupil(), request.form, sight, reader(), command())
    if isinstance(kept, Refused):
        context = consents.context(g.case, sight, command())
        return _page(consents.form_of("consent"), context, "Record a consent", "Save", "consents.show", kept), 422
    return _back("consents.show", "consent")


@pages.get("/cases/<reference>/consents/<consent_id>/<change>")
def ask_change(reference: str, consent_id: str, change: str) -> str:
    """What is asked when it is withdrawn, or put in writing."""
    form, title, button, _ = _change(consent_id, change)
    context = FormContext(now=case_clock().now())
    return _page(consents.form_of(form), context, title, button, "consents.show", None)


@pages.post("/cases/<reference>/consents/<consent_id>/<change>")
def change(reference: str, consent_id: str, change: str) -> Response | tuple[str, int]:
    """Withdraw it, or put it in writing."""
    form, title, button, said = _change(consent_id, change)
    refused = consents.change(g.case, consent_id, form, request.form, reader(), command())
    if refused is not None:
        context = FormContext(now=case_clock().now())
        return _page(consents.form_of(form), context, title, button, "consents.show", refused), 422
    return _back("consents.show", said)


@pages.get("/cases/<reference>/sharing")
def shared(reference: str) -> str:
    """What was shared about the pupil."""
    sight = _sight()
    return render_template(
        "consents/sharing.html",
        active="cases",
        case=g.case,
        sight=sight,
        pupil=sight.text(g.case.pupil_name),
        record=sharing.record_of(g.case, Action.SEE_SHARING, reader()),
        may_record=decide(reader(), Action.RECORD_PARTIES, g.facts).allowed,
        may_export=decide(reader(), Action.EXPORT_SHARING, g.facts).allowed,
        said=SAID.get(request.args.get("said", "")),
    )


@pages.get("/cases/<reference>/sharing.csv")
def shared_table(reference: str) -> Response:
    """The same as a table, for a family that asks what was shared."""
    table = sharing.as_csv(sharing.record_of(g.case, Action.EXPORT_SHARING, reader()))
    response = Response(table, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"sharing-{g.case.reference}.csv")
    return response


@pages.get("/cases/<reference>/sharing/new")
def ask_shared(reference: str) -> str:
    """The form for what somebody shared by hand."""
    context = sharing.context(g.case, _sight(), command())
    return _page(sharing.sharing_form(), context, "Write down what you shared", "Save", "consents.shared", None)


@pages.post("/cases/<reference>/sharing/new")
def add_shared(reference: str) -> Response | tuple[str, int]:
    """Write it down."""
    sight = _sight()
    refused = sharing.write_down(_of_a_pupil(), request.form, sight, reader(), command())
    if refused is not None:
        context, title = sharing.context(g.case, sight, command()), "Write down what you shared"
        return _page(sharing.sharing_form(), context, title, "Save", "consents.shared", refused), 422
    return _back("consents.shared", "shared")


def _change(consent_id: str, change: str) -> tuple[str, str, str, str]:
    keeping.one(g.case.pupil_id, consent_id)
    if change not in CHANGES:
        raise NotFound
    return CHANGES[change]


def _of_a_pupil() -> CaseLine:
    if not g.case.pupil_id:
        raise NotFound
    return cast(CaseLine, g.case)


def _page(form: Form, context: FormContext, title: str, button: str, back: str, refused: Refused | None) -> str:
    return render_template(
        "consents/form.html",
        active="cases",
        case=g.case,
        title=title,
        button=button,
        back=url_for(back, reference=g.case.reference),
        filled=forms.fill(form, context, refused.values if refused else None),
        problems=refused.summary if refused else {},
    )


def _back(to: str, said: str) -> Response:
    return redirect(url_for(to, reference=g.case.reference, said=said), 303)


def _sight() -> Sight:
    return sight_for(g.case, g.facts, reader(), is_masked=g.verdict.is_masked)
