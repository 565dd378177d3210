"""Letting effects happen: take, act, record. Nothing is open in the database while one acts.

Whoever dies in between leaves an effect whose lease ends: it is done again, with the same reference.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.cases.consents import CONSENT
from app.cases.mailing import DIGEST, MAIL
from app.cases.publishing import WEBHOOK
from app.cases.sending import MESSAGE
from app.cases.writing import LETTER, LETTER_MAIL
from app.clock import real_now
from app.config import Settings
from app.store import outbox
from app.store.outbox import Effect, Taking
from app.worker import letters, mail, messages, webhooks
from app.worker.failing import Patience, Permanent, Unavailable

log = logging.getLogger(__name__)

MAILS_PER_MINUTE = 60
#: more than so many notices for one person go out as one mail
NOTICES_IN_A_MAIL = 5
EVENTS_PER_MINUTE = 600
#: messages between cases cost a few transactions each: no more than the database bears beside people
MESSAGES_PER_MINUTE = 6_000
#: everything a case sends goes in its order: what waits is taken together
MESSAGES_OF_A_CASE = 1
#: a letter costs as much as a few messages: it is printed
LETTERS_PER_MINUTE = 600


@dataclass(frozen=True)
class Kind:
    """What is done for effects of one kind."""

    #: does it; several effects only where `taking` bundles. Raises Permanent, Unavailable, anything
    act: Callable[[Settings, Sequence[Effect]], None]
    #: how many at once and in a minute
    taking: Taking
    #: how long it is tried
    patience: Patience = mail.PATIENCE
    #: each recipient is a receiver of its own, whose absence concerns all that waits for it and nothing else
    is_by_receiver: bool = False
    #: told of effects that are given up, and why
    gave_up: Callable[[Sequence[Effect], str], None] | None = None


KINDS: Mapping[str, Kind] = {
    MAIL: Kind(mail.send, Taking(MAILS_PER_MINUTE, NOTICES_IN_A_MAIL)),
    DIGEST: Kind(mail.send, Taking(MAILS_PER_MINUTE, 1)),
    WEBHOOK: Kind(webhooks.send, Taking(EVENTS_PER_MINUTE, None), webhooks.PATIENCE, is_by_receiver=True),
    CONSENT: Kind(messages.withdraw, Taking(MESSAGES_PER_MINUTE, None)),
    LETTER: Kind(letters.make, Taking(LETTERS_PER_MINUTE, None)),
    LETTER_MAIL: Kind(letters.send, Taking(MAILS_PER_MINUTE, None), gave_up=letters.gave_up),
    MESSAGE: Kind(messages.deliver, Taking(MESSAGES_PER_MINUTE, MESSAGES_OF_A_CASE)),
}


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
    kind = kinds[taken[0].kind]
    try:
        kind.act(settings, taken)
    except Exception as trouble:
        _failed(kind, taken, trouble)
    else:
        outbox.done(taken, real_now())
        if kind.is_by_receiver:
            outbox.hurry(taken[0], real_now(), webhooks.AWAY)
    return True


def _failed(kind: Kind, taken: Sequence[Effect], trouble: Exception) -> None:
    """Try again later, or give up. Only words that we chose are kept: others may quote an address."""
    first, now, words = taken[0], real_now(), _words(trouble)
    until = now + kind.patience.pause(first.attempts)
    if kind.patience.is_over(first, trouble, now):
        log.error("%s was given up after %d tries: %s", first.reference, first.attempts, words)
        outbox.give_up(taken, now, words)
        if kind.gave_up is not None:
            kind.gave_up(taken, words)
    else:
        log.warning("%s failed at try %d: %s", first.reference, first.attempts, words)
        outbox.put_back(taken, until, words)
    if kind.is_by_receiver and isinstance(trouble, Unavailable):
        outbox.fail_alike(first, now, until, words)


def _words(trouble: Exception) -> str:
    is_ours = isinstance(trouble, Permanent) or type(trouble).__module__.startswith("app.")
    return str(trouble) if is_ours else f"Failed with {type(trouble).__name__}"
