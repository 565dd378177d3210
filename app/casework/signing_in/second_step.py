"""The second step of signing in: one-time codes from an authenticator app, and recovery codes for a lost phone.

RFC 6238 with its defaults (SHA-1, six digits, 30 seconds), as every app knows them; a code of the step before or after
is accepted, and none twice.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from cryptography.exceptions import InvalidTag

from app.access.people import Person, Reader
from app.cases.command import Command
from app.casework import people
from app.casework.signing_in import tries
from app.errors import InvalidAnswers
from app.store import second_factors, sessions
from app.store.sealing import seal, unseal

STEP_SECONDS = 30
#: steps before and after that are accepted: clocks of phones differ
DRIFT = 1
NAME = "Waymark"
#: what the entry says that an administrator's reset writes
RESET = "second step removed"
NO_CODE = "Enter the six digits your app shows now. Each code works once."


@dataclass(frozen=True)
class Offer:
    """A key to be set up, not kept anywhere before a code confirms it."""

    #: base32, as an authenticator app wants it
    secret: str
    #: the same sealed for its person, to be given to their browser and back
    sealed: str


def offer(person_id: str, sealed: str | None = None) -> Offer:
    """The key that was offered before, so that a page can be opened again; else a new one."""
    secret = _opened(person_id, sealed) or pyotp.random_base32()
    return Offer(secret, base64.b64encode(seal(secret.encode(), _context(person_id))).decode())


def address_of(secret: str, person: Person, user_name: str) -> str:
    """The `otpauth:` address of a key, as an app reads it."""
    return pyotp.TOTP(secret).provisioning_uri(name=user_name or person.id, issuer_name=NAME)


def drawing_of(address: str) -> str:
    """The address as a QR code: SVG without styles."""
    return segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, border=4, dark="#0b0c0c", light="#ffffff", svgclass="wm-qr", lineclass=None, title="QR code"
    )


def confirm(person_id: str, sealed: str | None, code: str, now: datetime) -> list[str]:
    """Keep the key that was offered, once a code shows that an app has it: ten recovery codes, to be shown once.

    Raises InvalidAnswers under `code`, TooManyTries.
    """
    secret = _opened(person_id, sealed)
    tries.count(tries.of_code(person_id), now)
    step = _step_of(code, secret, now) if secret is not None else None
    if secret is None or step is None:
        raise InvalidAnswers({"code": NO_CODE})
    tries.was_right(tries.of_code(person_id))
    return second_factors.confirm(person_id, secret, step, now)


def take(person_id: str, typed: str, now: datetime) -> None:
    """Take the second step with a code or a recovery code. Raises InvalidAnswers under `code`, TooManyTries."""
    tries.count(tries.of_code(person_id), now)
    plain = "".join(one for one in typed.lower() if one.isalnum())[:100]
    is_right = _fits(person_id, plain, now) if len(plain) == 6 else second_factors.use_code(person_id, plain, now)
    if not is_right:
        raise InvalidAnswers({"code": NO_CODE})
    tries.was_right(tries.of_code(person_id))


def remove_of(person_id: str, seq: int, command: Command, reader: Reader) -> None:
    """Take somebody else's second step away, because their phone is lost; they are signed out and told of it.

    Raises NotFound, NotAllowed, Stale.
    """
    people.note_that(RESET, person_id, seq, command, reader)
    second_factors.remove(person_id)
    sessions.end_all(person_id)


def shown(codes: list[str]) -> list[str]:
    """Recovery codes as people read them: in groups of four."""
    return ["-".join(one[start : start + 4] for start in range(0, len(one), 4)) for one in codes]


def _opened(person_id: str, sealed: str | None) -> str | None:
    try:
        return unseal(base64.b64decode(sealed), _context(person_id)).decode() if sealed else None
    except (InvalidTag, ValueError):
        return None


def _context(person_id: str) -> str:
    return f"key offered to {person_id}"


def _fits(person_id: str, code: str, now: datetime) -> bool:
    factor = second_factors.one(person_id)
    if factor is None:
        return False
    step = _step_of(code, factor.secret, now)
    return step is not None and second_factors.use_step(person_id, step)


def _step_of(code: str, secret: str, now: datetime) -> int | None:
    """The time step whose code it is."""
    plain, here = "".join(code.split()), int(now.timestamp()) // STEP_SECONDS
    codes = pyotp.TOTP(secret)
    steps = range(here - DRIFT, here + DRIFT + 1)
    fitting = [one for one in steps if hmac.compare_digest(codes.at(one * STEP_SECONDS).encode(), plain.encode())]
    return fitting[-1] if fitting else None
