"""Signing in with a name and a password, and choosing a password of one's own."""

from datetime import datetime

from app.access.people import Person
from app.casework.signing_in import tries
from app.casework.signing_in.guessable import is_guessable
from app.errors import InvalidAnswers
from app.store import sessions
from app.store.db import reading
from app.store.queries import people

SHORTEST, LONGEST = 15, 200
#: the same for every reason: whoever guesses learns nothing
WRONG = "Enter the user name and password you were given."


def sign_in(user_name: str, password: str, address: str, now: datetime) -> Person | None:
    """The person with that name and password; None where they do not fit, whatever the reason. Raises TooManyTries."""
    subjects = tries.of_password(user_name, address)
    tries.count(subjects, now)
    person = people.by_user_name(reading(), user_name.replace("\0", ""))
    is_right = sessions.check_password(person.id if person else None, password[: LONGEST + 1])
    if person is None or not is_right or not person.is_active:
        return None
    tries.was_right(subjects)
    return person


def check_own(person: Person, password: str, address: str, now: datetime) -> bool:
    """Whether it is the password of somebody who is signed in. Raises TooManyTries."""
    account = people.account(reading(), person.id)
    subjects = tries.of_password(account.user_name if account else person.id, address)
    tries.count(subjects, now)
    if not sessions.check_password(person.id, password[: LONGEST + 1]):
        return False
    tries.was_right(subjects)
    return True


def change_own(person: Person, old: str, new: str, token: str, address: str, now: datetime) -> None:
    """Choose another password; other sessions end. Raises InvalidAnswers under `old` or `new`, TooManyTries."""
    account = people.account(reading(), person.id)
    problem = password_problem(new, (person.name, account.user_name if account else ""))
    if not problem and new == old:
        problem = "Enter a password that is not the one you have now."
    problems = {"new": problem} if problem else {}
    if not old:
        problems = {"old": "Enter the password you have now.", **problems}
    elif not problems and not check_own(person, old, address, now):
        problems = {"old": "Enter the password you have now: this is not it."}
    if problems:
        raise InvalidAnswers(problems)
    sessions.set_password(person.id, new, but=token)


def password_problem(password: str, about: tuple[str, ...] = ()) -> str:
    """What is wrong with a new password, or "". No rules of signs and digits: length, and hard to guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        return (
            f"Enter a password of {SHORTEST} to {LONGEST} characters: three or four words that do not belong together."
        )
    if is_guessable(password, about) or any(len(one) > 3 and one.lower() in password.lower() for one in about):
        return "Enter a password that is harder to guess: this one is made of words and patterns that are tried first."
    return ""
