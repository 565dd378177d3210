"""A process owner's draft: the diagram, form and table editors, and the page where a second owner decides."""

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.access.grants import DOERS, STARTERS
from app.access.meetings import WITH_CASES
from app.access.roles import ROLES
from app.cases.dates import rule_book
from app.errors import NotAllowed, NotDeployable, NotFound, Rejected, Stale
from app.model.meetings import KINDS
from app.model.placing import STEPS
from app.store.db import reading
from app.store.definition_drafts import DefinitionDraft
from app.store.queries import people
from app.studio import approval, checking, drafts, reports
from app.studio.scenario_file import UnreadableScenarios
from app.web import playing
from app.web.reader import command, reader

pages = Blueprint("modeler", __name__, url_prefix="/processes/<key>/draft/<draft_id>")

ORGANISATIONS = (
    ("authority", "The authority"),
    ("partnership", "The partnership"),
    ("forum", "The forum"),
    ("district", "The district"),
)
LARGEST_UPLOAD_BYTES = 1_000_000


@pages.get("")
def show(key: str, draft_id: str) -> str | AnyResponse:
    """The diagram editor, for the author of a draft that was not submitted; everybody else reviews."""
    draft = _draft(key, draft_id)
    if draft.by != reader().id or draft.status == "submitted":
        return redirect(url_for("modeler.review", key=key, draft_id=draft_id), 303)
    return render_template("modeler/show.html", draft=draft, lists=_lists(draft), **_parts(draft))


@pages.get("/diagram.bpmn")
def diagram(key: str, draft_id: str) -> Response:
    """The diagram as the editor fetches it."""
    draft = _draft(key, draft_id)
    return Response(draft.bpmn[drafts.main_file(draft)], mimetype="application/xml")


@pages.put("/diagram.bpmn")
def save(key: str, draft_id: str) -> dict[str, Any]:
    """Keep the diagram, problems and all."""
    draft = _draft(key, draft_id)
    saved = drafts.save_diagram(draft, request.get_data(), _seen(), reader())
    return {"revision": saved.revision}


@pages.post("/check")
def check(key: str, draft_id: str) -> dict[str, Any]:
    """What is wrong with a diagram that is not saved yet, and what it says in words."""
    draft = _draft(key, draft_id)
    files, content = drafts.files_of(draft), request.get_data()
    unsaved = replace(files, bpmn={**files.bpmn, drafts.main_file(draft): content})
    found = checking.problems(unsaved, checking.known_here(reading(), key))
    return {"problems": checking.as_json(found), "outline": checking.outline_json(content, unsaved.forms)}


@pages.get("/forms/<form_key>")
def form(key: str, draft_id: str, form_key: str) -> str:
    """The form editor."""
    draft = _draft(key, draft_id)
    content = _form(draft, form_key)
    return render_template(
        "modeler/form.html",
        draft=draft,
        form_key=form_key,
        title=checking.form_title(content) or form_key,
        is_mine=_is_editable(draft),
        is_shared=form_key not in draft.forms,
    )


@pages.get("/forms/<form_key>.json")
def form_source(key: str, draft_id: str, form_key: str) -> Response:
    """The schema as the editor fetches it."""
    return Response(_form(_draft(key, draft_id), form_key), mimetype="application/json")


@pages.put("/forms/<form_key>.json")
def save_form(key: str, draft_id: str, form_key: str) -> dict[str, Any]:
    """Keep a form."""
    draft = _draft(key, draft_id)
    return {"revision": drafts.save_form(draft, form_key, request.get_data(), _seen(), reader()).revision}


@pages.post("/forms")
def add_form(key: str, draft_id: str) -> AnyResponse | tuple[str, int]:
    """A form uploaded, or a new one."""
    draft = _draft(key, draft_id)
    try:
        made = drafts.add_form(draft, request.form.get("title", ""), _uploaded(), reader())
    except NotAllowed:
        raise
    except Rejected as refused:
        return _parts_page(draft, {"form-title": refused.sentence}), 422
    return redirect(url_for("modeler.form", key=key, draft_id=draft_id, form_key=made), 303)


@pages.get("/decisions/<name>")
def decision(key: str, draft_id: str, name: str) -> str:
    """The decision table editor."""
    draft = _draft(key, draft_id)
    _decision(draft, name)
    return render_template("modeler/decision.html", draft=draft, name=name, is_mine=_is_editable(draft))


@pages.get("/decisions/<name>/source")
def decision_source(key: str, draft_id: str, name: str) -> Response:
    """The table as the editor fetches it."""
    return Response(_decision(_draft(key, draft_id), name), mimetype="application/xml")


@pages.put("/decisions/<name>/source")
def save_decision(key: str, draft_id: str, name: str) -> dict[str, Any]:
    """Keep a decision table."""
    draft = _draft(key, draft_id)
    _decision(draft, name)
    return {"revision": drafts.save_decision(draft, name, request.get_data(), _seen(), reader()).revision}


@pages.post("/decisions")
def add_decision(key: str, draft_id: str) -> AnyResponse | tuple[str, int]:
    """A decision table uploaded, or a new one."""
    draft = _draft(key, draft_id)
    try:
        made = drafts.add_decision(draft, request.form.get("title", ""), _uploaded(), reader())
    except NotAllowed:
        raise
    except Rejected as refused:
        return _parts_page(draft, {"table-title": refused.sentence}), 422
    return redirect(url_for("modeler.decision", key=key, draft_id=draft_id, name=made), 303)


@pages.get("/parts")
def parts(key: str, draft_id: str) -> str:
    """Forms and decision tables of the draft, and ways to add one."""
    return _parts_page(_draft(key, draft_id), {})


@pages.get("/review")
def review(key: str, draft_id: str) -> str:
    """What changed, what is wrong, what still passes: for whoever submits and whoever approves."""
    return _review(_draft(key, draft_id), {})


@pages.get("/review/scenarios")
def review_scenarios(key: str, draft_id: str) -> str:
    """How the scenarios went, alone, for the page that waits for them."""
    return render_template("processes/results_of.html", **_played(approval.review(_draft(key, draft_id), reader())))


@pages.get("/scenarios")
def scenarios(key: str, draft_id: str) -> str:
    """The scenarios of the draft as text."""
    draft = _draft(key, draft_id)
    return _scenarios_page(draft, draft.scenarios, {})


@pages.get("/scenarios.yaml")
def scenarios_source(key: str, draft_id: str) -> Response:
    """The scenarios as a file."""
    headers = {"Content-Disposition": f'attachment; filename="{key}-scenarios.yaml"'}
    return Response(_draft(key, draft_id).scenarios, mimetype="application/yaml", headers=headers)


@pages.post("/scenarios")
def save_scenarios(key: str, draft_id: str) -> AnyResponse | tuple[str, int]:
    """Keep the scenarios: a file where one was chosen, else the text."""
    draft, sent = _draft(key, draft_id), _uploaded()
    written = sent or request.form.get("scenarios", "").encode()
    try:
        drafts.save_scenarios(draft, written, _seen_in_form(), reader())
    except UnreadableScenarios as refused:
        problem = {"file" if sent else "scenarios": refused.sentence}
        return _scenarios_page(draft, written.decode(errors="replace"), problem), 422
    flash("Saved. They are played on the page Review.")
    return redirect(url_for("modeler.scenarios", key=key, draft_id=draft_id), 303)


@pages.post("/submit")
def submit(key: str, draft_id: str) -> AnyResponse | tuple[str, int]:
    """Ask a second owner to approve."""
    draft = _draft(key, draft_id)
    try:
        drafts.submit(draft, request.form.get("note", ""), _seen_in_form(), reader())
    except (drafts.NotUsable, NotDeployable) as refused:
        return _review(draft, {"note": refused.sentence}), 422
    return redirect(url_for("modeler.review", key=key, draft_id=draft_id), 303)


@pages.post("/take-back")
def take_back(key: str, draft_id: str) -> AnyResponse:
    """Go on writing."""
    drafts.take_back(_draft(key, draft_id), reader())
    return redirect(url_for("modeler.show", key=key, draft_id=draft_id), 303)


@pages.post("/discard")
def discard(key: str, draft_id: str) -> AnyResponse:
    """Throw it away."""
    drafts.discard(_draft(key, draft_id), reader())
    return redirect(url_for("processes.index"), 303)


@pages.post("/approve")
def approve(key: str, draft_id: str) -> AnyResponse:
    """Approve and deploy: new cases start on it from now on."""
    draft, digest = _draft(key, draft_id), request.form.get("digest", "")
    version = approval.approve(draft, _seen_in_form(), digest, reader(), command())
    flash(f"Version {version.number} is deployed. New cases start on it; cases that run stay on theirs.")
    return redirect(url_for("processes.show", key=key), 303)


@pages.post("/send-back")
def send_back(key: str, draft_id: str) -> AnyResponse | tuple[str, int]:
    """To its author, with what should change."""
    draft = _draft(key, draft_id)
    try:
        approval.send_back(draft, _seen_in_form(), request.form.get("reason", ""), reader())
    except approval.ReasonMissing as missing:
        return _review(draft, {"reason": missing.sentence}), 422
    return redirect(url_for("modeler.review", key=key, draft_id=draft_id), 303)


def _draft(key: str, draft_id: str) -> DefinitionDraft:
    return drafts.one_draft(key, draft_id, reader())


def _is_editable(draft: DefinitionDraft) -> bool:
    return draft.by == reader().id and draft.status != "submitted"


def _form(draft: DefinitionDraft, form_key: str) -> bytes:
    found = drafts.files_of(draft).library.get(form_key)
    if found is None:
        raise NotFound
    return found


def _decision(draft: DefinitionDraft, name: str) -> str:
    if name not in draft.dmn:
        raise NotFound
    return draft.dmn[name]


def _seen() -> int:
    """The revision the editor started from."""
    return _number(request.headers.get("If-Match", ""))


def _seen_in_form() -> int:
    return _number(request.form.get("revision", ""))


def _number(text: str) -> int:
    text = text.strip('" ')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Stale("Reload the page: it does not say which draft it started from.")
    return int(text)


def _uploaded() -> bytes:
    sent = request.files.get("file")
    return sent.stream.read(LARGEST_UPLOAD_BYTES) if sent else b""


def _parts(draft: DefinitionDraft) -> dict[str, Any]:
    files = drafts.files_of(draft)
    titles = checking.titles(files.library)
    return {
        "forms": [(one, titles.get(one, one)) for one in sorted(files.form_keys) if one in files.library],
        "tables": sorted(draft.dmn),
    }


def _parts_page(draft: DefinitionDraft, problems: dict[str, str]) -> str:
    typed = request.form.get("title", "")
    return render_template(
        "modeler/parts.html",
        draft=draft,
        problems=problems,
        typed=typed,
        is_mine=_is_editable(draft),
        scenario_count=reports.how_many(drafts.files_of(draft)),
        **_parts(draft),
    )


def _scenarios_page(draft: DefinitionDraft, text: str, problems: dict[str, str]) -> str:
    return render_template(
        "modeler/scenarios.html", draft=draft, text=text, problems=problems, is_mine=_is_editable(draft)
    )


def _played(found: approval.Review) -> dict[str, Any]:
    """What the results need; where these files were never played, playing begins."""
    is_playing = found.bundle is not None and found.is_playable and found.scenarios is None
    if found.bundle is not None and is_playing:
        playing.begin(found.bundle)
    return {"report": found.scenarios, "count": found.scenario_count, "is_playing": is_playing}


def _review(draft: DefinitionDraft, problems: dict[str, str]) -> str:
    found = approval.review(draft, reader())
    author = people.one(reading(), draft.by)
    return render_template(
        "modeler/review.html",
        draft=draft,
        review=found,
        author=author.name if author else draft.by,
        is_mine=draft.by == reader().id,
        problems=problems,
        typed=request.form,
        marks=json.dumps({one.element: "active" for one in found.differences if one.kind != "removed"}),
        **_played(found),
        **_parts(draft),
    )


def _lists(draft: DefinitionDraft) -> str:
    """What the properties panel offers, as JSON for a script element: no `<` in it."""
    titles = checking.titles(drafts.files_of(draft).library)
    forms = [(key, titles.get(key) or key) for key in drafts.files_of(draft).library]
    rules = [(key, f"{titles[key]} ({key})") for key in rule_book().keys]
    roles = [(code, ROLES[code].name) for code in ROLES if code in DOERS]
    tables = [(one, one) for one in drafts.decisions(draft).values()]
    lists = {
        "forms": sorted(forms, key=lambda one: one[1].lower()),
        "rules": rules,
        "roles": sorted(roles, key=lambda one: one[1].lower()),
        "starters": sorted(((code, ROLES[code].name) for code in STARTERS), key=lambda one: one[1].lower()),
        "organisations": ORGANISATIONS,
        "decisions": tables,
        "letters": [(name, name.replace("-", " ").capitalize()) for name in sorted(draft.letters)],
        "meetings": [(code, name[:1].upper() + name[1:]) for code, name in KINDS.items() if code in WITH_CASES],
        "places": [(step, words[:1].upper() + words[1:]) for step, words in STEPS.items()],
    }
    options = {name: [{"value": value, "label": label} for value, label in items] for name, items in lists.items()}
    return json.dumps(options).replace("<", "\\u003c")
