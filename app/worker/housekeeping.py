"""What is done every hour: forgetting what nobody needs any more, and sealing what the journal gained.

Forgotten are old idempotency keys, files that no form claimed and effects that were had; never the journal.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cases import damage
from app.cases.command import Command
from app.clock import real_now
from app.config import Settings
from app.model.actor import WORKER
from app.model.checkpoint import Checkpoint
from app.store import checkpoints, due_tries, files, idempotency, outbox
from app.store.db import transaction

#: a command sent again after this long is a new command
KEYS_KEPT = timedelta(hours=48)
#: a file that no document and no draft names after this long was left behind by a form nobody sent
FILES_KEPT = timedelta(hours=48)
#: how often something was tried in vain is known so long after its next try should have been
TRIES_KEPT = timedelta(hours=48)
#: effects that were had are kept so long, to see how late they were and to know a repeat
EFFECTS_KEPT = timedelta(days=35)


@dataclass(frozen=True)
class Tidied:
    """What was forgotten."""

    #: idempotency keys
    keys: int
    #: files
    files: int


def tidy(now: datetime) -> Tidied:
    """Forget what is too old at `now` by the case clock, which keys and files are dated by."""
    with transaction() as connection:
        keys = idempotency.forget(connection, now - KEYS_KEPT)
        due_tries.forget_older(connection, now - TRIES_KEPT)
    outbox.forget(real_now() - EFFECTS_KEPT)
    return Tidied(keys, files.forget_unclaimed(now - FILES_KEPT))


def seal(settings: Settings) -> Checkpoint | None:
    """Sign what changed since the last checkpoint and publish it; None where nothing did. By real time."""
    return checkpoints.make_and_publish(real_now(), settings.checkpoint_file)


def look_for_damage(now: datetime) -> list[str]:
    """Make every case whose stored state cannot be read an incident; the ids of those cases."""
    return damage.report(Command(WORKER, now))
