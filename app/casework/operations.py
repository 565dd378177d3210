"""How the installation is, for whoever runs it: what needs somebody first, then what there is. No case, no name."""

import shutil
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from app.cases.case_clock import clock
from app.casework.stuck_cases import Group, groups
from app.clock import real_now
from app.config import Settings
from app.model.checkpoint import Checkpoint
from app.store import checkpoints, nodes, readiness
from app.store.db import reading
from app.store.nodes import Node
from app.store.queries import effects, installation
from app.store.queries import operations as queries
from app.store.queries.effects import Lateness
from app.store.queries.operations import Database, Refusals

#: a timer that fires within this time is not late
GRACE = timedelta(minutes=1)
#: a backup older than this needs somebody; one a day, and some hours to take it
OLDEST_BACKUP = timedelta(hours=26)
#: what was written must be sealed within two of the hourly checkpoints
LONGEST_UNSEALED = timedelta(hours=2)
LEAST_FREE = 0.1
#: kinds of processes that do background work
WORKING = frozenset({"run", "worker"})
#: an effect that waits longer needs somebody
LONGEST_WAIT = timedelta(hours=1)
#: accounts and addresses that wait at once: more is somebody guessing
MANY_WAITING = 10


@dataclass(frozen=True)
class Need:
    """Something a person has to look at."""

    #: what is wrong and what to do, one or two sentences
    sentence: str
    #: part of the page, or page, that says more
    about: str


@dataclass(frozen=True)
class Backup:
    """The last backup, as its entry says."""

    #: when it was taken, UTC
    at: datetime
    #: its file
    file: str
    #: entries in it
    entries: int
    #: it was read back and all of it held
    holds: bool


@dataclass(frozen=True)
class Overview:
    """Everything the page shows."""

    #: when this was looked up, UTC
    at: datetime
    #: what needs somebody, the most urgent first
    needs: tuple[Need, ...]
    #: timers whose moment passed more than a minute ago
    late_timers: int
    #: by how much the first of them is late
    late_by: timedelta | None
    #: from due to fired, of the timers that were due in the last day, or None
    lateness: Lateness | None
    #: processes that were there today
    nodes: tuple[Node, ...]
    #: what is to be sent, by status: waiting, running, done, given up
    effects: Mapping[str, int]
    #: when the effect was added that waits longest, or None
    waiting_since: datetime | None
    #: what stops cases
    groups: tuple[Group, ...]
    #: kind, version and size of the main database
    database: Database
    #: bytes free where the data folder is
    disk_free_bytes: int
    #: bytes of that disk
    disk_bytes: int
    #: the last backup, or None
    backup: Backup | None
    #: the last signed checkpoint, or None
    checkpoint: Checkpoint | None
    #: checkpoints go to a list outside the database
    is_published: bool
    #: version of the program
    program: str
    #: version of Python
    python: str
    #: schema of the database
    schema: str
    #: people signed in now
    sessions: int
    #: wrong tries at signing in
    refusals: Refusals

    @property
    def stuck(self) -> int:
        """Problems that wait for the operator."""
        return sum(one.number - one.handed_over for one in self.groups)

    @property
    def last_seen(self) -> datetime | None:
        """When a process that does background work last said that it is there."""
        return max((one.seen_at for one in self.nodes if one.kind in WORKING), default=None)

    @property
    def is_working(self) -> bool:
        """Somebody does the background work."""
        return any(one.is_alive for one in self.nodes if one.kind in WORKING)


def overview(settings: Settings, authorities: Collection[str]) -> Overview:
    """How everything is now."""
    now, connection = real_now(), reading()
    case_now = clock().now()
    late, first = queries.how_many_late(connection, case_now - GRACE)
    disk = shutil.disk_usage(settings.data_dir)
    found = Overview(
        at=now,
        needs=(),
        late_timers=late,
        late_by=case_now - first if first else None,
        lateness=effects.how_late_timers(connection, case_now - timedelta(days=1)),
        nodes=tuple(nodes.known(connection)),
        effects=effects.counts(connection),
        waiting_since=effects.oldest_waiting(connection),
        groups=tuple(groups(authorities)),
        database=queries.database(connection),
        disk_free_bytes=disk.free,
        disk_bytes=disk.total,
        backup=_backup(installation.fact(connection, "last-backup")),
        checkpoint=checkpoints.newest(connection),
        is_published=bool(settings.checkpoint_file),
        program=program(),
        python=".".join(str(part) for part in sys.version_info[:3]),
        schema=readiness.newest_schema(),
        sessions=queries.open_sessions(connection, now, timedelta(minutes=settings.session_minutes)),
        refusals=queries.refusals(connection, now),
    )
    return replace(found, needs=tuple(_needs(found, settings)))


@cache
def program() -> str:
    """The version of Waymark that runs."""
    try:
        return version("waymark")
    except PackageNotFoundError:
        return "from source"


def length(time: timedelta) -> str:
    """“less than a minute”, “5 minutes”, “3 hours”, “2 days”."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    for unit, size in (("day", 1_440), ("hour", 60), ("minute", 1)):
        if minutes >= size * (2 if unit == "day" else 1):
            number = minutes // size
            return f"{number} {unit}{'' if number == 1 else 's'}"
    raise AssertionError("unreachable: a minute or more has a unit")


def _needs(found: Overview, settings: Settings) -> list[Need]:
    needs = [Need(one, "#machine") for one in readiness.missing(settings)]
    if found.late_timers and found.late_by is not None:
        are = "timer is" if found.late_timers == 1 else "timers are"
        needs.append(Need(f"{found.late_timers} {are} late, the first by {length(found.late_by)}.", "timers"))
    if not found.is_working:
        sentence = "No process does the background work: no timer fires and nothing is sent. Start one."
        needs.append(Need(sentence, "#work"))
    if found.stuck:
        cases = "1 case cannot" if found.stuck == 1 else f"{found.stuck} cases cannot"
        needs.append(Need(f"{cases} go on and nobody has looked at why.", "#problems"))
    if given_up := found.effects.get("given up", 0):
        were = "message was" if given_up == 1 else "messages were"
        needs.append(Need(f"{given_up} {were} given up after many tries.", "queue"))
    if found.waiting_since is not None and found.at - found.waiting_since > LONGEST_WAIT:
        needs.append(Need(f"Something waits to be sent for {length(found.at - found.waiting_since)}.", "queue"))
    if found.disk_free_bytes < LEAST_FREE * found.disk_bytes:
        needs.append(Need("Less than a tenth of the disk is free. Make room, or move the data folder.", "#machine"))
    needs += _about_safety(found, settings)
    if found.refusals.waiting >= MANY_WAITING:
        sentence = (
            f"{found.refusals.waiting} accounts or addresses must wait after wrong passwords: is somebody guessing?"
        )
        needs.append(Need(sentence, "#sign-in"))
    return needs


def _about_safety(found: Overview, settings: Settings) -> list[Need]:
    needs = []
    if found.backup is None and not settings.demo:
        needs.append(Need("There is no backup. Take one: python3 manage.py backup.", "#safety"))
    if found.backup is not None and not found.backup.holds:
        needs.append(Need("The last backup does not hold. Take another one: python3 manage.py backup.", "#safety"))
    elif found.backup is not None and found.at - found.backup.at > OLDEST_BACKUP:
        needs.append(Need(f"The last backup is {length(found.at - found.backup.at)} old.", "#safety"))
    unsealed = unsealed_for(found.at, found.checkpoint)
    if unsealed > LONGEST_UNSEALED:
        needs.append(Need(f"What was written {length(unsealed)} ago is in no signed checkpoint yet.", "#safety"))
    return needs


def unsealed_for(now: datetime, newest: Checkpoint | None) -> timedelta:
    """Since the first entry that came after the last checkpoint."""
    first = queries.first_recorded(reading(), newest.unsigned.at if newest else None)
    return now - first if first else timedelta(0)


def _backup(fact: Any) -> Backup | None:
    if not isinstance(fact, dict):
        return None
    return Backup(datetime.fromisoformat(fact["made_at"]), fact["file"], fact["entries"], fact["holds"])
