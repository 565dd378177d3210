"""How often something secret may be tried before the next try waits. Counting is in `store.attempts`."""

from datetime import datetime

from app.errors import Rejected
from app.store import attempts
from app.store.attempts import Subject


class TooManyTries(Rejected):
    """Too many tries. Wait a moment, then try again."""

    def __init__(self, until: datetime, now: datetime) -> None:
        """Say how long to wait."""
        super().__init__(f"There were too many tries. Try again in {wait_words(until, now)}.", until=until)


def of_password(user_name: str, address: str) -> tuple[Subject, ...]:
    """A person where they are has few free tries; the account from anywhere and a whole school's address have more."""
    name = user_name.strip().lower()[:200]
    return (
        Subject(f"account {name} from {address}", 5),
        Subject(f"account {name}", 20),
        Subject(f"address {address}", 50),
    )


def of_code(person_id: str) -> tuple[Subject, ...]:
    """Six digits can be guessed, and whoever guesses has the password: few tries, wherever from."""
    return (Subject(f"code of {person_id}", 5),)


def of_link_code(address: str) -> tuple[Subject, ...]:
    """Whoever tries link codes has an account elsewhere and nothing here."""
    return (Subject(f"link code from {address}", 10),)


def count(subjects: tuple[Subject, ...], now: datetime) -> None:
    """Count a try. Raises TooManyTries, and then nothing is counted."""
    if (until := attempts.count(subjects, now)) is not None:
        raise TooManyTries(until, now)


def was_right(subjects: tuple[Subject, ...]) -> None:
    """Start again: the try was right. An address keeps what others there did wrong."""
    shared = next((one for one in subjects if one.name.startswith("address ")), None)
    attempts.was_right(tuple(one for one in subjects if one is not shared), shared)


def wait_words(until: datetime, now: datetime) -> str:
    """ "30 seconds", "2 minutes": rounded up."""
    seconds = max(1, -int((now - until).total_seconds() // 1))
    if seconds <= 90:
        return "1 second" if seconds == 1 else f"{seconds} seconds"
    return f"{-(-seconds // 60)} minutes"
