"""Telling people about deadlines: one rung of a ladder, one entry. When rungs are due the deadline rule says."""

from app.cases.command import Command, Receipt
from app.cases.unit import Decision, Work, write
from app.clock import local_date
from app.store.queries import dues, organisations, people
from app.store.queries.dues import Rung, Running

#: words of a ladder that are not role codes
ASSIGNEE, LINE_LEAD = "assignee", "line_lead"


def give(case_id: str, deadline_id: str, command: Command) -> Receipt | None:
    """Give the newest notice of a deadline whose time has come; older ones are skipped, later ones wait."""

    def decide(work: Work) -> Decision | None:
        deadline = dues.one_running(work.connection, deadline_id)
        ripe = [rung for rung in dues.rungs_of(work.connection, deadline_id) if rung.at <= command.now]
        if deadline is None or not ripe:
            return None
        newest = ripe[-1]
        content = {
            "deadline_id": deadline_id,
            "rung": newest.rung,
            "skipped": [rung.rung for rung in ripe[:-1]],
            "kind": newest.kind,
            "name": deadline.subject,
            "sentence": _sentence(work, deadline, newest),
            "people": _people(work, newest),
            "tell": list(newest.tell),
        }
        return Decision("notice-given", meta={"deadline_id": deadline_id, "rung": newest.rung}, content=content)

    return write(case_id, command, "give", [deadline_id], decide)


def _sentence(work: Work, deadline: Running, rung: Rung) -> str:
    on = f"{deadline.due_on:%a} {deadline.due_on.day} {deadline.due_on:%B %Y}"
    subject = "A task" if rung.count_only else f"“{deadline.subject}”"
    days = (local_date(work.command.now) - deadline.due_on).days
    if rung.kind == "due today":
        return f"{subject} is due today."
    if days > 0:
        return f"{subject} was due on {on} and is {days} {'day' if days == 1 else 'days'} late."
    return f"{subject} is due on {on}."


def _people(work: Work, rung: Rung) -> list[str]:
    """Whoever has the task, else those who may do it, else the lead of the case; then the roles the rung names."""
    found: list[str] = []
    task = dues.assignee_of(work.connection, rung.deadline_id)
    if ASSIGNEE in rung.tell:
        if task is None:
            found.append(work.case.lead)
        elif task[0] is not None:
            found.append(task[0])
        else:
            found += [one.id for one in people.holding(work.connection, task[1].split(), [task[2]], work.today)]
    roles = {role for role in rung.tell if role not in {ASSIGNEE, LINE_LEAD}}
    if LINE_LEAD in rung.tell:
        roles.add("HT" if task is None or task[2] == work.case.school else "HOS")
    if roles:
        tree = organisations.tree(work.connection)
        above = tree.home_chain(work.case.school)
        found += [one.id for one in people.holding(work.connection, roles, above, work.today)]
    return list(dict.fromkeys(found))
