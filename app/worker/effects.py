"""Letting effects happen: take, act, record. Nothing is open in the database while one acts.

Whoever dies in between leaves an effect whose lease ends: it is done again, with the same reference.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.cases.mailing import MAIL
from app.clock import real_now
from app.config import Settings
from app.store import outbox
from app.store.outbox import Effect, Taking
from app.worker import mail
from app.worker.failing import Permanent, is_over, pause

log = logging.getLogger(__name__)

MAILS_PER_MINUTE = 60
#: more than so many notices for one person go out as one mail
NOTICES_IN_A_MAIL = 5


@dataclass(frozen=True)
class Kind:
    """What is done for effects of one kind."""

    #: does it; several effects only where `taking` bundles. Raises Permanent, Unavailable, anything
    act: Callable[[Settings, Sequence[Effect]], None]
    #: how many at once and in a minute
    taking: Taking


KINDS: Mapping[str, Kind] = {MAIL: Kind(mail.send, Taking(MAILS_PER_MINUTE, NOTICES_IN_A_MAIL))}


def run_due(settings: Settings, kinds: Mapping[str, Kind] = KINDS, by: str = "") -> int:
    """Let every effect happen whose time has come, in the name of a node; how many did or failed."""
    number = 0
    while run_one(settings, kinds=kinds, by=by):
        number += 1
    return number


def run_one(settings: Settings, reference: str | None = None, kinds: Mapping[str, Kind] = KINDS, by: str = "") -> bool:
    """Let the effect happen that waits longest, or the one named; whether there was one to take."""
    taken = outbox.take({name: kind.taking for name, kind in kinds.items()}, real_now(), reference, by)
    if not taken:
        return False
    first = taken[0]
    try:
        kinds[first.kind].act(settings, taken)
    except Exception as trouble:
        _failed(taken, trouble)
    else:
        outbox.done(taken, real_now())
    return True


def _failed(taken: Sequence[Effect], trouble: Exception) -> None:
    """Try again later, or give up. Only words that we chose are kept: others may quote an address."""
    first, now, words = taken[0], real_now(), _words(trouble)
    if is_over(first, trouble, now):
        log.error("%s was given up after %d tries: %s", first.reference, first.attempts, words)
        outbox.give_up(taken, now, words)
    else:
        log.warning("%s failed at try %d: %s", first.reference, first.attempts, words)
        outbox.put_back(taken, now + pause(first.attempts), words)


def _words(trouble: Exception) -> str:
    is_ours = isinstance(trouble, Permanent) or type(trouble).__module__.startswith("app.")
    return str(trouble) if is_ours else f"Failed with {type(trouble).__name__}"
