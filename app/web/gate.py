"""The gate before every page: what a route needs is said in `access_table`, decided by `app.access`, enforced here.

Outside one's scope is 404, as if there were nothing; a role that does not reach is 403 with the reason. Pages find what
the gate loaded in `g.case`, `g.facts`, `g.task`, `g.verdict`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import Flask, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app import logs
from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import InstallationFacts
from app.access.people import Reader
from app.access.verdicts import Verdict
from app.casework import starting
from app.errors import NotAllowed, NotFound, NoToken, SignedOut
from app.store import reads
from app.store.db import reading
from app.store.queries import cases, work
from app.web import visits
from app.web.api import caller
from app.web.reader import case_clock, reader, reader_or_none

Kind = Literal["public", "demo", "signed in", "anywhere", "case", "task"]


@dataclass(frozen=True)
class Need:
    """What a route needs."""

    #: public: anybody; demo: anybody, on a demonstration only; signed in: anybody signed in; anywhere: the action on
    #: anything at all; case: the action on the case of the route's `reference`; task: on the task of `task_id`
    kind: Kind
    #: the action, where one is decided
    action: Action | None = None
    #: reading this page is recorded as a read of the case's content
    is_recorded: bool = False
    #: what a token must have been made for, where a program asks; "" for pages
    scope: str = ""


def guard(app: Flask, table: dict[str, Need], *, is_demo: bool) -> None:
    """Put the gate before every route. Raises LookupError at start-up for a route the table does not name."""
    missing = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - set(table))
    if missing:
        raise LookupError(f"Expected every route in the access table, but these are missing: {', '.join(missing)}")

    @app.before_request
    def check() -> Response | None:
        if request.endpoint is None:
            return None
        need = table[request.endpoint]
        if need.kind == "public":
            return None
        if need.kind == "demo":
            if not is_demo:
                raise NotFound
            return None
        if need.scope:
            if reader_or_none() is None:
                raise NoToken
            caller.need_scope(need.scope)
        elif reader_or_none() is None:
            is_kept = visits.keep_typed()
            if request.headers.get("X-Requested-With") == "autosave":
                raise SignedOut
            back = request.full_path if request.method == "GET" else None
            return redirect(url_for("sign_in.show", next=back, kept="1" if is_kept else None), 303)
        _CHECKS[need.kind](need)
        visits.let_go_of_typed()
        return None


def may_at_all(who: Reader, action: Action) -> Verdict:
    """Whether somebody may do that to anything at all; who may start cases the deployed diagrams say."""
    if action is Action.OPERATE:
        return decide(who, action, InstallationFacts(is_demo=visits.is_demo()))
    return decide(who, action, starting.startable_facts() if action is Action.START_CASE else None)


def _signed_in(need: Need) -> None:
    """Nothing more is needed."""


def _anywhere(need: Need) -> None:
    assert need.action is not None
    _enforce(may_at_all(reader(), need.action))


def _case(need: Need) -> None:
    assert need.action is not None
    assert request.view_args is not None
    case = cases.by_reference(reading(), request.view_args["reference"])
    if case is None:
        raise NotFound
    _load(case)
    _enforce(decide(reader(), need.action, g.facts), need)


def _task(need: Need) -> None:
    assert need.action is not None
    assert request.view_args is not None
    found = work.with_case(reading(), str(request.view_args["task_id"]))
    if found is None:
        raise NotFound
    task, case = found
    _load(case)
    g.task = task
    _enforce(decide(reader(), need.action, work.facts(task, g.facts)), need)


def _load(case: cases.CaseLine) -> None:
    who = reader()
    g.case = case
    logs.CASE_ID.set(case.id)
    g.facts = cases.facts(reading(), case, who.tree, case_clock().today(), who.id)


def _enforce(verdict: Verdict, need: Need | None = None) -> None:
    g.verdict = verdict
    if need is not None and (need.is_recorded or not verdict.allowed):
        assert need.action is not None
        reads.record(reader().id, need.action, f"case/{g.case.id}", "allowed" if verdict.allowed else "refused")
    if verdict.allowed:
        return
    if verdict.hides:
        raise NotFound
    raise NotAllowed(verdict.reason)


_CHECKS: dict[str, Callable[[Need], None]] = {
    "signed in": _signed_in,
    "anywhere": _anywhere,
    "case": _case,
    "task": _task,
}
