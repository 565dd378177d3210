"""What is wrong with a name, a user name, an e-mail address or a password: a sentence by field. Roles: `people`."""

import re

from app.casework.signing_in.guessable import is_guessable
from app.store.db import reading
from app.store.queries import people

SHORTEST_PASSWORD, LONGEST_PASSWORD = 15, 200
USER_NAME = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
#: who else entries are attributed to
RESERVED = frozenset({"system", "worker", "operator"})


def name_problems(name: str) -> dict[str, str]:
    """A name is a line of up to 100 letters."""
    if not name:
        return {"name": "Enter their name."}
    is_readable = len(name) <= 100 and name.isprintable()
    return {} if is_readable else {"name": "Enter a name of up to 100 letters."}


def user_name_problems(user_name: str) -> dict[str, str]:
    """A user name is what entries are attributed to: plain, and given once."""
    if not user_name:
        return {"user_name": "Enter a user name, for example ada.quill."}
    if len(user_name) > 40 or not USER_NAME.fullmatch(user_name):
        sentence = "Enter a user name of up to 40 letters, digits, dots or hyphens that begins with a letter."
        return {"user_name": sentence}
    if user_name in RESERVED or people.by_user_name(reading(), user_name) or people.one(reading(), user_name):
        return {"user_name": f"Choose another user name: somebody has “{user_name}” already."}
    return {}


def email_problems(email: str) -> dict[str, str]:
    """An address with an @ between two parts; none is fine."""
    is_fine = not email or (len(email) <= 254 and EMAIL.fullmatch(email))
    return {} if is_fine else {"email": "Enter an e-mail address like name@example.org, or leave it empty."}


def password_problems(password: str, user_name: str) -> dict[str, str]:
    """Long enough, and not made of the user name; none is fine: one is made up."""
    if not password:
        return {}
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        sentence = f"Enter a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, or leave it empty."
        return {"password": sentence}
    if (user_name and user_name in password.lower()) or is_guessable(password, (user_name,)):
        return {"password": "Enter a password that is harder to guess, or leave it empty to have one made up."}
    return {}
