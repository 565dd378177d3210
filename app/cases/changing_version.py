"""Taking open cases to another version of their process, as a plan says that a second owner approved.

Case by case, each an entry in a transaction of its own: whoever is stopped in the middle goes on with what is left.
A case that cannot go on there as it stands stays where it is.
"""

import logging
import time
from dataclasses import dataclass

from app import engine
from app.access.organisations import OrganisationTree
from app.cases.command import Command, Receipt
from app.cases.content import task_content
from app.cases.definitions import definition_of
from app.cases.records import write_record
from app.cases.unit import Decision, Work, write
from app.errors import Rejected, Stale
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import db, reading
from app.store.queries import definitions, organisations, version_plans
from app.store.queries.definitions import Version
from app.store.queries.version_plans import Plan

log = logging.getLogger(__name__)

#: the longest a look takes for plans, so that timers are not late for it
SECONDS_AT_ONCE = 2.0
BATCH = 50


@dataclass
class Progress:
    """How far whoever carries a plan out has come; a new one begins anew, and finds what was done as done."""

    #: the last case that was looked at
    after: str = ""


def carry_out(command: Command, progress: dict[str, Progress], seconds: float = SECONDS_AT_ONCE) -> int:
    """Go on with every approved plan for a while; how many cases were taken to another version."""
    began, moved = time.monotonic(), 0
    for plan in version_plans.approved(reading()):
        here = progress.setdefault(plan.id, Progress())
        old, new = _versions(plan)
        while time.monotonic() - began < seconds:
            found = version_plans.cases_on(reading(), old.digest, here.after, BATCH)
            db.session.rollback()
            if not found:
                _finish(plan, command)
                break
            for case_id in found:
                moved += _one(case_id, plan, old, new, command)
                here.after = case_id
    return moved


def change(case_id: str, plan: Plan, old: Version, new: Version, command: Command) -> Receipt | None:
    """Take one case to the other version; None where it is not on the old one any more, or cannot go on there."""

    def decide(work: Work) -> Decision | None:
        if work.case.bundle != old.digest or work.case.status != "open" or work.case.state is None:
            return None
        before, after = work.definition, definition_of(new.digest)
        if engine.obstacles(before, after, work.state):
            return None
        tree = organisations.tree(work.connection)
        return Decision(
            "version-changed",
            meta={"bundle": new.digest, "version": new.number, "from": old.digest, "plan": plan.id},
            content={
                "process_name": new.name,
                "before": {"version": old.number},
                "after": {"version": new.number},
                "by": [plan.by, plan.decided_by],
                "reason": plan.note,
                "retold": _retold(work, new, tree),
            },
            step=engine.in_version(before, after, work.state),
        )

    return write(case_id, command, "change-version", [plan.id], decide)


def _retold(work: Work, new: Version, tree: OrganisationTree) -> list[dict[str, object]]:
    """The open tasks as the other version calls them; their dates, drafts and ids stay."""
    definition = definition_of(new.digest)
    told = [
        task_content(one, work.case.school, tree, definition.elements[one.element].restricted)
        for one in engine.waiting(definition, work.state).tasks
    ]
    names = ("task_id", "name", "role", "form_key", "restricted")
    return [{**{name: one[name] for name in names}, "holder": one["holder"] or work.case.school} for one in told]


def _one(case_id: str, plan: Plan, old: Version, new: Version, command: Command) -> bool:
    """One case must not stop the others: what goes wrong is logged, and the case stays where it is."""
    try:
        return change(case_id, plan, old, new, command) is not None
    except Rejected as refused:
        log.warning("case %s stays on its version: %s", case_id, refused)
    except Exception:
        log.exception("case %s stays on its version", case_id)
    return False


def _finish(plan: Plan, command: Command) -> None:
    """Say how it went: by then every open case was looked at."""
    connection = reading()
    seq = definitions.entries_written(connection, plan.key)
    found = version_plans.one(connection, plan.id)
    if found is None or found.status != "approved":
        return
    old, _ = _versions(plan)
    content: JsonObject = {
        "plan": plan.id,
        "moved": version_plans.taken_by(connection, plan.id),
        "stayed": len(version_plans.cases_on(connection, old.digest)),
    }
    try:
        write_record(StreamId("definition", plan.key), "cases-taken", content, command, expected_seq=seq)
    except Stale:
        log.info("plan %s was finished by somebody else", plan.id)


def _versions(plan: Plan) -> tuple[Version, Version]:
    found = {one.number: one for one in definitions.versions(reading(), plan.key)}
    return found[plan.from_version], found[plan.to_version]
