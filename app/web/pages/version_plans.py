"""Pages that take open cases to another version: what that would do, planning it, approving it, how far it is."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.errors import InvalidAnswers, NotAllowed, NotFound
from app.store.db import reading
from app.store.queries import people
from app.studio import figures, version_plans
from app.studio.ownership import may_deploy_again, may_see
from app.web.reader import command, reader

pages = Blueprint("version_plans", __name__, url_prefix="/processes/<key>/open-cases")


@pages.get("")
def index(key: str) -> str:
    """Open cases by version, plans for them, and what a new plan would do."""
    _may_plan(key)
    return _page(key, {})


@pages.post("")
def propose(key: str) -> Response | tuple[str, int]:
    """Plan it, for a second owner to approve."""
    _may_plan(key)
    old, new = _number(request.form.get("from", "")), _number(request.form.get("to", ""))
    try:
        version_plans.propose(key, old, new, request.form.get("note", "")[:2000], command())
    except InvalidAnswers as wrong:
        return _page(key, wrong.problems), 422
    return redirect(url_for("version_plans.index", key=key), 303)


@pages.post("/<plan_id>/approve")
def approve(key: str, plan_id: str) -> Response:
    """Let it be done."""
    _may_plan(key)
    version_plans.approve(key, plan_id, command())
    return redirect(url_for("version_plans.index", key=key), 303)


@pages.post("/<plan_id>/refuse")
def refuse(key: str, plan_id: str) -> Response:
    """Leave the cases where they are."""
    _may_plan(key)
    version_plans.refuse(key, plan_id, command())
    return redirect(url_for("version_plans.index", key=key), 303)


def _page(key: str, problems: dict[str, str]) -> str:
    versions = figures.version_lines(reading(), key, reader())
    if not versions:
        raise NotFound
    plans = version_plans.plans(key)
    waiting = next((one for one in plans if one.status == "planned"), None)
    old = waiting.from_version if waiting else _number(request.values.get("from", ""))
    new = waiting.to_version if waiting else _number(request.values.get("to", ""))
    asked: version_plans.Forecast | None = None
    if waiting or "from" in request.values:
        try:
            asked = version_plans.forecast(key, old, new, reader())
        except InvalidAnswers as wrong:
            problems = {**wrong.problems, **problems}
    return render_template(
        "processes/open_cases.html",
        key=key,
        name=versions[0].version.name,
        versions=versions,
        plans=plans,
        waiting=waiting,
        is_mine=waiting is not None and waiting.by == reader().id,
        running={one.id: version_plans.left(one) for one in plans if one.status == "approved"},
        names=people.names(reading(), {by for one in plans for by in (one.by, one.decided_by or "")}),
        forecast=asked,
        old=old,
        new=new,
        note=request.form.get("note", ""),
        problems=problems,
    )


def _may_plan(key: str) -> None:
    if not may_see(reader(), key).allowed:
        raise NotFound
    if not figures.version_lines(reading(), key, reader()):
        raise NotFound
    verdict = may_deploy_again(reader(), key)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
