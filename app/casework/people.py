"""People as administrators change them: accounts, the roles they hold, first passwords. Every change is an entry.

Whoever changes somebody needs the right to at each organisation concerned; the operator at the command line needs none.
"""

import logging
import secrets
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import PersonFacts
from app.access.organisations import OrganisationTree
from app.access.people import Membership, Person, Reader
from app.access.roles import ROLES
from app.calendars import full
from app.cases import tasks
from app.cases.command import Command
from app.casework import person_checks
from app.casework.recording import is_repeat, record_once
from app.clock import local_date
from app.errors import Busy, InvalidAnswers, NotAllowed, NotFound, Rejected, Stale
from app.model.entry import StreamId
from app.model.json import Json, JsonObject
from app.store import sessions
from app.store.db import reading
from app.store.queries import organisations, people
from app.store.queries.people import Account

log = logging.getLogger(__name__)

#: no letters or digits that are read as one another
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class NewPerson:
    """Somebody to be given an account."""

    #: what people call them
    name: str
    #: what they will type to sign in; it stays theirs
    user_name: str
    #: or ""
    email: str = ""
    #: at least one, unless the operator adds them
    memberships: tuple[Membership, ...] = ()
    #: what they sign in with first, or "": one is made up
    password: str = ""


@dataclass(frozen=True)
class Added:
    """An account that was opened, or given a new password."""

    #: person id
    person_id: str
    #: to be shown once, and never kept anywhere
    password: str


def add(new: NewPerson, command: Command, reader: Reader | None = None) -> Added:
    """Open an account. Raises InvalidAnswers by field (role problems under `role-0`, `role-1` …), NotAllowed."""
    person_id = new.user_name.strip().lower()
    new = replace(new, name=" ".join(new.name.split()), user_name=person_id, email=new.email.strip())
    stream = StreamId("person", person_id)
    if not is_repeat(stream, command, 0):
        _check(new, command, reader)
    record = _record(Person(person_id, new.name, new.memberships), person_id, new.email or None)
    record_once(stream, "person-recorded", {"person": record}, command, 0)
    return _give_password(person_id, new.password)


def change(person_id: str, name: str, email: str, seq: int, command: Command, reader: Reader) -> None:
    """Change name and e-mail. Raises InvalidAnswers, Stale, NotAllowed."""
    found = account_of(person_id, reader)
    must_reach_all(found, reader)
    name, email = " ".join(name.split()), email.strip()
    if problems := {**person_checks.name_problems(name), **person_checks.email_problems(email)}:
        raise InvalidAnswers(problems)
    _write(replace(found, person=replace(found.person, name=name), email=email or None), seq, command)


def add_role(person_id: str, new: Membership, seq: int, command: Command, reader: Reader) -> None:
    """Give somebody a role. Raises InvalidAnswers under `role-0`, Stale, NotAllowed for oneself."""
    found = account_of(person_id, reader)
    if is_repeat(StreamId("person", person_id), command, seq):
        return
    problems = role_problems([new], person_id, reader)
    held = next((one for one in found.person.memberships if _same(one, new)), None)
    if held is not None and (held.until is None or held.until >= (new.since or local_date(command.now))):
        problems.setdefault("role-0", "They already hold this role there. End it first, or choose another role.")
    if problems:
        raise InvalidAnswers(problems)
    kept = tuple(one for one in found.person.memberships if not _same(one, new))
    _write(replace(found, person=replace(found.person, memberships=(*kept, new))), seq, command)
    sessions.end_all(person_id)  # what they sign in to next is what the new role needs


def end_role(
    person_id: str, role: str, organisation: str, until: date, seq: int, command: Command, reader: Reader
) -> None:
    """Say which day is the last of a role. Raises InvalidAnswers under `until`, NotFound, Stale, NotAllowed."""
    found = account_of(person_id, reader)
    ended = Membership(role, organisation)
    held = next((one for one in found.person.memberships if _same(one, ended)), None)
    if held is None:
        raise NotFound
    _must_reach(person_id, organisation, reader)
    if held.since is not None and until < held.since:
        raise InvalidAnswers({"until": f"Enter a last day on or after {full(held.since)}, when the role began."})
    changed = tuple(replace(one, until=until) if one is held else one for one in found.person.memberships)
    _write(replace(found, person=replace(found.person, memberships=changed)), seq, command)
    sessions.end_all(person_id)


def close(person_id: str, seq: int, command: Command, reader: Reader, *, releasing: bool) -> list[str]:
    """Close an account and sign the person out everywhere; references of cases whose tasks could not be given back.

    Raises Stale, NotAllowed.
    """
    found = account_of(person_id, reader)
    must_reach_all(found, reader)
    _write(replace(found, person=replace(found.person, is_active=False)), seq, command)
    sessions.end_all(person_id)
    return _release_all(person_id, command) if releasing else []


def open_again(person_id: str, seq: int, command: Command, reader: Reader) -> None:
    """Let somebody sign in again, with the roles that still run. Raises Stale, NotAllowed."""
    found = account_of(person_id, reader)
    must_reach_all(found, reader)
    _write(replace(found, person=replace(found.person, is_active=True)), seq, command)


def give_password(person_id: str, password: str, seq: int, command: Command, reader: Reader) -> Added:
    """Give somebody a new password; they are signed out everywhere. Raises InvalidAnswers, Stale, NotAllowed."""
    found = account_of(person_id, reader)
    must_reach_all(found, reader)
    if problems := person_checks.password_problems(password, found.user_name):
        raise InvalidAnswers(problems)
    _write(found, seq, command, what="password given")
    return _give_password(person_id, password)


def note_that(what: str, person_id: str, seq: int, command: Command, reader: Reader) -> Account:
    """Put on record that an administrator did something to the account that its record does not show.

    Raises NotFound, Stale, NotAllowed.
    """
    found = account_of(person_id, reader)
    must_reach_all(found, reader)
    _write(found, seq, command, what=what)
    return found


def note_own(what: str, person_id: str, command: Command) -> None:
    """Put on record what somebody did to their own account. Raises Busy where others change it all the time."""
    for _ in range(3):
        found = people.account(reading(), person_id)
        if found is None:
            raise NotFound
        try:
            return _write(found, found.seq, command, what=what)
        except Stale:
            continue
    raise Busy


def account_of(person_id: str, reader: Reader) -> Account:
    """An account in the reader's part of the tree. Raises NotFound for any other."""
    found = people.account(reading(), person_id)
    if found is None:
        raise NotFound
    held = {one.organisation for one in found.person.memberships}
    if held and held.isdisjoint(reach(reader, Action.ADMINISTER_PEOPLE)):
        raise NotFound
    return found


def reach(reader: Reader, action: Action) -> frozenset[str]:
    """Every organisation in the part of the tree that the reader administers."""
    if not decide(reader, action).allowed:
        return frozenset()
    mine = [one.organisation for one in reader.memberships if one.role == "SYS"]
    return frozenset().union(*(reader.tree.within(one) for one in mine)) if mine else frozenset()


def must_reach_all(found: Account, reader: Reader) -> None:
    """Whoever changes an account as a whole administers every organisation it has a running role at.

    Raises NotAllowed: otherwise a school's administrator could take over the account of the head of service.
    """
    if found.person.id == reader.id:
        raise NotAllowed("Expected another administrator to change your account, but you asked for it yourself.")
    running = [one for one in found.person.memberships if one.until is None or one.until >= reader.on]
    for one in running:
        _must_reach(found.person.id, one.organisation, reader)


def role_problems(memberships: list[Membership], person_id: str, reader: Reader | None) -> dict[str, str]:
    """What is wrong with roles about to be given: `role-0` → a sentence. Raises NotAllowed for one's own."""
    tree = reader.tree if reader else organisations.tree(reading())
    problems: dict[str, str] = {}
    for number, one in enumerate(memberships):
        if sentence := _role_problem(one, tree):
            problems[f"role-{number}"] = sentence
        elif reader is not None:
            _must_reach(person_id, one.organisation, reader)
        if one.since and one.until and one.until < one.since:
            problems[f"until-{number}"] = "Enter a last day on or after the first day."
    return problems


def _role_problem(one: Membership, tree: OrganisationTree) -> str | None:
    if one.role not in ROLES:
        return "Choose a role."
    if one.organisation not in tree:
        return "Choose where they hold the role."
    where, role = tree.get(one.organisation), ROLES[one.role]
    if where.kind not in role.acts_at:
        places = " or ".join(sorted(role.acts_at))
        return f"Choose another place: {role.name} is a role at a {places}, but {where.name} is a {where.kind}."
    return None


def _must_reach(person_id: str, organisation: str, reader: Reader) -> None:
    verdict = decide(reader, Action.ADMINISTER_PEOPLE, PersonFacts(person_id, organisation))
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)


def _check(new: NewPerson, command: Command, reader: Reader | None) -> None:
    problems = {
        **person_checks.name_problems(new.name),
        **person_checks.user_name_problems(new.user_name),
        **person_checks.email_problems(new.email),
        **role_problems(list(new.memberships), new.user_name, reader),
        **person_checks.password_problems(new.password, new.user_name),
    }
    if reader is not None and not new.memberships:
        problems["role-0"] = "Choose at least one role: without one they can sign in, but see nothing."
    if len({(one.role, one.organisation) for one in new.memberships}) < len(new.memberships):
        problems["role-0"] = "Choose each role at a place once."
    if problems:
        raise InvalidAnswers(problems)


def _give_password(person_id: str, password: str) -> Added:
    given = password or "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    sessions.set_password(person_id, given)
    return Added(person_id, given)


def _release_all(person_id: str, command: Command) -> list[str]:
    """One task that cannot be given back must not stop the others."""
    failed = []
    for one in people.taken_by(reading(), person_id):
        try:
            tasks.release(one.case_id, one.task_id, replace(command, key=None))
        except Rejected as refused:
            log.warning("a task of %s was not given back: %s", one.reference, refused)
            failed.append(one.reference)
    return failed


def _same(one: Membership, other: Membership) -> bool:
    return (one.role, one.organisation) == (other.role, other.organisation)


def _write(found: Account, seq: int, command: Command, what: str = "") -> None:
    record = _record(found.person, found.user_name, found.email)
    content: JsonObject = {"person": record, **({"what": what} if what else {})}
    record_once(StreamId("person", found.person.id), "person-recorded", content, command, seq)


def _record(person: Person, user_name: str, email: str | None) -> JsonObject:
    held = [
        {
            "role": one.role,
            "organisation": one.organisation,
            "since": one.since.isoformat() if one.since else None,
            "until": one.until.isoformat() if one.until else None,
        }
        for one in person.memberships
    ]
    return {
        "user_name": user_name,
        "name": person.name,
        "email": email,
        "is_active": person.is_active,
        "memberships": cast(Json, held),
    }
