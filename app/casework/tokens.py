"""Making and ending one's own tokens of the API. What a request with one may do follows from its person's access."""

from datetime import timedelta

from app.access.people import Reader
from app.access.tokens import LIFETIMES, SCOPES
from app.errors import InvalidAnswers
from app.store import reads, tokens

LONGEST_NAME = 80
#: more than this and nobody knows any more which of them is used where
MOST = 20


def make(reader: Reader, name: str, scopes: list[str], days: str) -> str:
    """A new token, to be shown once. Raises InvalidAnswers."""
    problems: dict[str, str] = {}
    if not name.strip():
        problems["name"] = "Enter what the token is for, such as Nightly export"
    elif len(name.strip()) > LONGEST_NAME:
        problems["name"] = f"Shorten what it is for to {LONGEST_NAME} characters"
    if not scopes or set(scopes) - set(SCOPES):
        problems["scopes"] = "Select what the token may be used for"
    if days not in {str(one) for one in LIFETIMES}:
        problems["days"] = "Select how long the token lasts"
    if len(tokens.of_person(reader.id)) >= MOST:
        problems["name"] = f"End a token first: {MOST} are in use"
    if problems:
        raise InvalidAnswers(problems)
    made = tokens.make(reader.id, name.strip(), frozenset(scopes), timedelta(days=int(days)))
    reads.record(reader.id, "make_token", f"person/{reader.id}", "allowed", name.strip())
    return made


def end(reader: Reader, token_id: str) -> None:
    """End one of the reader's tokens."""
    tokens.end(reader.id, token_id)
    reads.record(reader.id, "end_token", f"person/{reader.id}", "allowed")
