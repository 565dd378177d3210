"""Which person an account at the identity provider belongs to: only a code, or the person themself, says so (ADR 0037).

Never an e-mail address: another issuer, or another person who got the address later, would be let in.
"""

from datetime import datetime

from app.access.people import Person, Reader
from app.cases.command import Command
from app.casework import people
from app.casework.signing_in import tries
from app.errors import InvalidAnswers
from app.model.actor import Actor
from app.store import identities, sessions
from app.store.db import reading
from app.store.queries import people as stored

#: what entries say
CODE_MADE, LINKED, UNLINKED = "link code made", "account linked", "account links removed"
NO_CODE = "Enter the link code you were given. Each code works once, for four days."


def person_of(issuer: str, subject: str) -> Person | None:
    """Whose account it is, if they may sign in."""
    person_id = identities.person_of(issuer, subject)
    person = stored.one(reading(), person_id) if person_id else None
    return person if person is not None and person.is_active else None


def is_linked(issuer: str, subject: str) -> bool:
    """Whether the account belongs to somebody, closed or not."""
    return identities.person_of(issuer, subject) is not None


def make_code(person_id: str, seq: int, command: Command, reader: Reader, now: datetime) -> str:
    """A code for somebody else to link their account with, shown once. Raises NotFound, NotAllowed, Stale."""
    people.note_that(CODE_MADE, person_id, seq, command, reader)
    return identities.make_code(person_id, now)


def link_with_code(issuer: str, subject: str, code: str, address: str, now: datetime, case_now: datetime) -> Person:
    """Link an account that nobody has to whoever the code was made for. Raises InvalidAnswers, TooManyTries."""
    subjects = tries.of_link_code(address)
    tries.count(subjects, now)
    plain = "".join(one for one in code.lower() if one.isalnum())[:100]
    person_id = None if is_linked(issuer, subject) else identities.spend_code(plain, now)
    person = stored.one(reading(), person_id) if person_id else None
    if person is None or not person.is_active:
        raise InvalidAnswers({"code": NO_CODE})
    tries.was_right(subjects)
    _link(issuer, subject, person, now, case_now)
    return person


def link_own(issuer: str, subject: str, person: Person, now: datetime, case_now: datetime) -> bool:
    """Link an account to somebody who is signed in; False where it belongs to somebody else."""
    owner = identities.person_of(issuer, subject)
    if owner is None:
        _link(issuer, subject, person, now, case_now)
    return owner in (None, person.id)


def _link(issuer: str, subject: str, person: Person, now: datetime, case_now: datetime) -> None:
    identities.link(issuer, subject, person.id, now)
    people.note_own(LINKED, person.id, Command(Actor(person.id, person.name), case_now))


def unlink(person_id: str, seq: int, command: Command, reader: Reader) -> None:
    """Take somebody's accounts elsewhere away; they are signed out. Raises NotFound, NotAllowed, Stale."""
    people.note_that(UNLINKED, person_id, seq, command, reader)
    identities.unlink(person_id)
    sessions.end_all(person_id)
