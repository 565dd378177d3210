"""Telling people about deadlines: one rung of a ladder, one entry. When rungs are due the deadline rule says."""

from typing import Any

from app.access.grants import NAMED_DOERS
from app.cases.command import Command, Receipt
from app.cases.dates import is_law
from app.cases.mailing import ABOUT_NOTICES, NOTICE, announce
from app.cases.unit import Decision, Work, write
from app.clock import local_date
from app.store.queries import definitions, dues, organisations, people
from app.store.queries.dues import Responsible, Rung, Running

#: words of a ladder that are not role codes
ASSIGNEE, LINE_LEAD = "assignee", "line_lead"


#: roles that learn how often something is late, never whose case it is
COUNT_ONLY_ROLES = {"POWN", "LSENCO"}


def give(case_id: str, deadline_id: str, command: Command) -> Receipt | None:
    """Give the notices of a deadline whose time has come: each person the newest that names them, once."""

    def decide(work: Work) -> Decision | None:
        deadline = dues.one_running(work.connection, deadline_id)
        ripe = [rung for rung in dues.rungs_of(work.connection, deadline_id) if rung.at <= command.now]
        if deadline is None or not ripe:
            return None
        given = _given(work, deadline, ripe)
        said = {one["rung"] for one in given}
        content = {
            "deadline_id": deadline_id,
            "name": deadline.subject,
            "given": given,
            "skipped": [rung.rung for rung in ripe if rung.rung not in said],
        }
        return Decision("notice-given", meta={"deadline_id": deadline_id}, content=content)

    return write(case_id, command, "give", [deadline_id], decide)


def _given(work: Work, deadline: Running, ripe: list[Rung]) -> list[dict[str, Any]]:
    """From the newest rung to the oldest, whoever was not told by a newer one."""
    told: set[str] = set()
    given = []
    for rung in reversed(ripe):
        for is_count, people_told in _people(work, rung):
            fresh = [one for one in people_told if one not in told]
            told.update(fresh)
            if fresh:
                sentence = _sentence(work, deadline, rung, is_count)
                given.append({"rung": rung.rung, "kind": rung.kind, "sentence": sentence, "people": fresh})
                about = (deadline.id, rung.rung)
                announce(
                    work.connection,
                    work.case.id,
                    about,
                    fresh,
                    names_case=not is_count,
                    what=ABOUT_NOTICES.get(rung.kind, NOTICE),
                    is_required=is_law(deadline.due),
                )
    return given


def _sentence(work: Work, deadline: Running, rung: Rung, is_count: bool) -> str:
    on = f"{deadline.due_on:%a} {deadline.due_on.day} {deadline.due_on:%B %Y}"
    subject = f"A task of “{_process_name(work)}”" if is_count else f"“{deadline.subject}”"
    days = (local_date(work.command.now) - deadline.due_on).days
    if rung.kind == "due today" and days == 0:
        return f"{subject} is due today."
    if days > 0:
        return f"{subject} was due on {on} and is {days} {'day' if days == 1 else 'days'} late."
    return f"{subject} is due on {on}."


def _process_name(work: Work) -> str:
    return definitions.bundle(work.case.bundle).name


def _people(work: Work, rung: Rung) -> list[tuple[bool, list[str]]]:
    """(learns only that something is late, person ids): first those who may know whose case and what it is."""
    task = dues.responsible_for(work.connection, rung.deadline_id)
    roles = {role for role in rung.tell if role not in {ASSIGNEE, LINE_LEAD}}
    if LINE_LEAD in rung.tell:
        roles.add("HT" if task is None or task.holder == work.case.school else "HOS")
    found = _whoever_has_it(work, task) if ASSIGNEE in rung.tell else []
    is_hidden = rung.count_only or (task is not None and task.is_restricted)
    counted = roles if is_hidden else roles & COUNT_ONLY_ROLES
    found += _holding(work, roles - counted)
    return [(False, list(dict.fromkeys(found))), (True, _holding(work, counted))]


def _whoever_has_it(work: Work, task: Responsible | None) -> list[str]:
    """Whoever took the task, else those who may do it; for a timer, the lead of the case."""
    if task is None:
        return [work.case.lead]
    if task.assignee is not None:
        return [task.assignee]
    anybody = set(task.roles) - NAMED_DOERS
    found = people.holding(work.connection, anybody, [task.holder], work.today) if anybody else []
    named = people.holding(work.connection, set(task.roles) & NAMED_DOERS, [task.holder], work.today)
    return [one.id for one in found] + [one.id for one in named if one.id in work.case.named]


def _holding(work: Work, roles: set[str]) -> list[str]:
    if not roles:
        return []
    above = organisations.tree(work.connection).home_chain(work.case.school)
    return [one.id for one in people.holding(work.connection, roles, above, work.today)]
