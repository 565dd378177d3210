"""Processes: the list, one process with its versions, one version, its scenarios. Writing drafts: `modeler`."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app import diagrams
from app.errors import NotAllowed, NotFound, Rejected
from app.model.definition import Bundle
from app.store.db import reading
from app.store.definition_drafts import DefinitionDraft
from app.store.queries import definitions
from app.store.queries.definitions import Version
from app.studio import checking, comparing, deploying, drafts, figures, message_routes, reports, shipped
from app.studio.ownership import may_deploy_again, may_see
from app.web import playing
from app.web.errors import page_of
from app.web.markdown import to_html
from app.web.reader import command, reader

pages = Blueprint("processes", __name__, url_prefix="/processes")

LARGEST_UPLOAD_BYTES = 1_000_000


@pages.get("")
def index() -> str:
    """Every process with its current version, live cases and drafts."""
    return _index()


@pages.get("/messages")
def messages() -> str:
    """Messages between cases, and where each goes."""
    return render_template(
        "processes/messages.html", lines=message_routes.route_lines(), unrouted=message_routes.unrouted()
    )


@pages.get("/<key>")
def show(key: str) -> str:
    """One process: the version that new cases start on, and all others."""
    return _show(key, next((one.number for one in _versions(key) if one.is_current), None))


@pages.get("/<key>/versions/<int:number>")
def version(key: str, number: int) -> str:
    """One version of a process."""
    return _show(key, number)


@pages.get("/<key>/versions/<int:number>.bpmn")
def download(key: str, number: int) -> Response:
    """The diagram of a version as a file."""
    found = _version(key, number)
    bundle = definitions.bundle(found.digest)
    name, _ = figures.main_diagram(dict(bundle.bpmn), bundle.process_id)
    headers = {"Content-Disposition": f'attachment; filename="{key}-{number}.bpmn"'} if "save" in request.args else {}
    return Response(bundle.bpmn[name], mimetype="application/xml", headers=headers)


@pages.get("/<key>/versions/<int:number>/scenarios")
def scenarios(key: str, number: int) -> str:
    """How the scenarios of the process go on a version."""
    found = _version(key, number)
    return render_template("processes/scenarios.html", version=found, **_played(definitions.bundle(found.digest)))


@pages.get("/<key>/versions/<int:number>/scenarios/results")
def scenario_results(key: str, number: int) -> str:
    """The results alone, for the page that waits for them."""
    return render_template("processes/results_of.html", **_played(definitions.bundle(_version(key, number).digest)))


@pages.get("/<key>/versions/<int:number>/scenarios.yaml")
def download_scenarios(key: str, number: int) -> Response:
    """The scenarios of a version as a file."""
    bundle = definitions.bundle(_version(key, number).digest)
    if not bundle.scenarios:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{key}-{number}-scenarios.yaml"'}
    return Response(bundle.scenarios, mimetype="application/yaml", headers=headers)


@pages.get("/<key>/versions/<int:number>/deploy")
def ask_restore(key: str, number: int) -> str | AnyResponse:
    """What deploying an earlier version again would mean, before it is done."""
    _may_deploy(key, number)
    versions = figures.version_lines(reading(), key, reader())
    shown = next(one for one in versions if one.version.number == number)
    current = next(one for one in versions if one.version.is_current)
    if shown.version.is_current:
        return redirect(url_for("processes.show", key=key), 303)
    old, new = definitions.bundle(current.version.digest), definitions.bundle(shown.version.digest)
    return render_template(
        "processes/deploy_again.html",
        key=key,
        shown=shown,
        current=current,
        live=[one for one in versions if one.live],
        differences=comparing.differences(old, new),
    )


@pages.post("/<key>/versions/<int:number>/deploy")
def restore(key: str, number: int) -> AnyResponse:
    """Make an earlier version the one that new cases start on again."""
    _may_deploy(key, number)
    deploying.restore(key, number, command())
    flash(f"New cases start on version {number} again. Cases that run stay on theirs.")
    return redirect(url_for("processes.show", key=key), 303)


@pages.post("/<key>/versions/<int:number>/draft")
def draft(key: str, number: int) -> AnyResponse:
    """Begin a draft from a version, or go on with the one begun before."""
    return _to_editor(drafts.begin_from(key, number, reader()))


@pages.post("/<key>/upload")
def upload(key: str) -> AnyResponse | tuple[str, int]:
    """Begin a draft with an uploaded diagram and the forms and tables in use."""
    try:
        return _to_editor(drafts.begin_upload(_uploaded(), reader(), key))
    except Rejected as refused:
        return _show(key, None, {"file": refused.sentence}), page_of(refused)[0]


@pages.post("/new")
def create() -> AnyResponse | tuple[str, int]:
    """Begin a new process: blank, or from an uploaded diagram."""
    is_upload = request.form.get("how") == "upload"
    try:
        begun = (
            drafts.begin_upload(_uploaded(), reader())
            if is_upload
            else drafts.begin_blank(request.form.get("name", ""), reader())
        )
    except Rejected as refused:
        return _index({"file" if is_upload else "name": refused.sentence}), 422
    return _to_editor(begun)


def _index(problems: dict[str, str] | None = None) -> str:
    _may_see("")
    lines = figures.processes(reader())
    return render_template(
        "processes/index.html", processes=lines, problems=problems or {}, typed=request.form.get("name", "")
    )


def _show(key: str, number: int | None, problems: dict[str, str] | None = None) -> str:
    connection = reading()
    _may_see(key)
    versions = figures.version_lines(connection, key, reader())
    drafted = figures.draft_lines(connection, reader(), key)
    if not versions and not drafted:
        raise NotFound
    if not versions:
        return render_template("processes/drafts_only.html", key=key, drafts=drafted)
    shown = next((one for one in versions if one.version.number == number), None)
    if shown is None and number is not None:
        raise NotFound
    shown = shown or next(one for one in versions if one.version.is_current)
    bundle = definitions.bundle(shown.version.digest)
    name, diagram = figures.main_diagram(dict(bundle.bpmn), bundle.process_id)
    about = shipped.about(key)
    return render_template(
        "processes/show.html",
        key=key,
        shown=shown,
        versions=versions,
        drafts=drafted,
        outline=checking.outline_for_staff(bundle.bpmn[name], bundle.forms),
        written=checking.outline(bundle.bpmn[name], bundle.forms),
        starters=checking.starters(bundle),
        others=[one for one in bundle.bpmn if one != name],
        rules=figures.rules_used(bundle),
        messages=figures.messages_used(diagram),
        forms=[(one, checking.form_title(schema) or one) for one, schema in bundle.forms.items()],
        tables=list(bundle.dmn),
        counts=_counts(diagram),
        about=to_html(about) if about else "",
        scenario_count=reports.how_many(bundle),
        report=reports.known(bundle) if bundle.scenarios else None,
        problems=problems or {},
    )


def _counts(diagram: diagrams.Diagram) -> list[tuple[int, str]]:
    kinds = [node.kind for node in diagram.nodes.values()]
    return [
        (sum(node.is_person_task for node in diagram.nodes.values()), "tasks for people"),
        (sum(kind.endswith("Gateway") for kind in kinds), "decisions and branches"),
        (sum(node.event_kind == "timer" for node in diagram.nodes.values()), "timers"),
        (len(diagram.flows), "flows"),
    ]


def _played(bundle: Bundle) -> dict[str, Any]:
    """What the results need; where they were never played, playing begins."""
    report = reports.known(bundle) if bundle.scenarios else None
    if bundle.scenarios and report is None:
        playing.begin(bundle)
    return {"report": report, "count": reports.how_many(bundle), "is_playing": bool(bundle.scenarios) and not report}


def _may_deploy(key: str, number: int) -> None:
    _version(key, number)
    verdict = may_deploy_again(reader(), key)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)


def _versions(key: str) -> list[Version]:
    return definitions.versions(reading(), key)


def _version(key: str, number: int) -> Version:
    _may_see(key)
    return deploying.one_version(key, number)


def _may_see(key: str) -> None:
    verdict = may_see(reader(), key)
    if not verdict.allowed:
        raise NotFound if verdict.hides else NotAllowed(verdict.reason)


def _to_editor(begun: DefinitionDraft) -> AnyResponse:
    return redirect(url_for("modeler.show", key=begun.key, draft_id=begun.id), 303)


def _uploaded() -> bytes:
    sent = request.files.get("file")
    content = sent.stream.read(LARGEST_UPLOAD_BYTES + 1) if sent else b""
    if not content:
        raise drafts.NotUsable("Choose a .bpmn file.")
    return content
