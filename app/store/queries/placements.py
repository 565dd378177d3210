"""Centres, quotas, who holds or waits for a place, and marks of attendance. Who may see which: `app.access`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.calendars.placement_days import Pattern, Rate
from app.calendars.taken_places import FULL, Stay
from app.model.entry import StreamId
from app.model.placing import SESSIONS
from app.store import journal
from app.store.tables import attendance, case_record, centre, placement, quota

HALF_DAY = Decimal("0.5")


@dataclass(frozen=True)
class CentreRow:
    """One centre as it stands."""

    #: its id
    id: str
    #: last entry of its stream: what a change must name
    seq: int
    #: what people call it
    name: str
    #: the partnership it belongs to
    partnership: str
    #: it takes pupils
    is_open: bool
    #: everything kept about it
    record: dict[str, Any]

    def halves(self, key_stage: str) -> int:
        """How many places of a key stage it has, in halves."""
        return FULL * int(self.record["capacity"].get(key_stage, 0))

    @property
    def rates(self) -> tuple[Rate, ...]:
        """What places cost, oldest first."""
        return tuple(
            Rate(date.fromisoformat(one["since"]), Decimal(one["daily"]), Decimal(one["average"]))
            for one in self.record["rates"]
        )


@dataclass(frozen=True)
class QuotaRow:
    """The quota of one school in one school year."""

    #: its id
    id: str
    #: last entry of its stream
    seq: int
    #: whose places
    partnership: str
    #: who may use them
    school: str
    #: "2026/27"
    year: str
    #: how many
    places: int


@dataclass(frozen=True)
class PlacementRow:
    """The place of one case."""

    #: the case
    case_id: str
    #: its reference
    reference: str
    #: the pupil's name
    pupil_name: str
    #: home school
    school: str
    #: waiting, held, ended
    status: str
    #: whose place
    partnership: str
    #: ks3, ks4
    key_stage: str
    #: where, or None while it waits for any
    centre: str | None
    #: quota, additional; None while it waits
    kind: str | None
    #: 2 for a whole place, 1 for a part-time one
    halves: int
    #: agreed days
    first_on: date | None
    last_on: date | None
    #: when it was given back, or None
    ended_on: date | None
    #: school year whose quota it uses
    year: str | None
    #: since when it waits, or when it was taken
    since: datetime
    #: the last day on which somebody was told that marks are missing
    chased_on: date | None
    #: everything else the entry says
    record: dict[str, Any]

    @property
    def sessions(self) -> tuple[str, ...]:
        """Keys of the agreed sessions of a week."""
        return tuple(self.record.get("pattern", ()))

    @property
    def pattern(self) -> Pattern:
        """The agreed days of a week, halves too."""
        return pattern_of(self.sessions)

    def parts_on(self, day: date) -> tuple[str, ...]:
        """Which sessions are agreed for the weekday of a day: am, pm."""
        return tuple(one[4:] for one in self.sessions if SESSIONS[one][0] == day.weekday())

    def stay(self, today: date) -> Stay | None:
        """From when to when it takes a place; one that nobody ended goes on after its last day."""
        if self.first_on is None or self.last_on is None:
            return None
        last = max(self.last_on, today) if self.ended_on is None else self.ended_on
        return Stay(self.first_on, last, self.halves) if self.first_on <= last else None


def pattern_of(sessions: Iterable[str]) -> Pattern:
    """Days of a week from the sessions that were chosen."""
    days: dict[int, Decimal] = {}
    for one in sessions:
        weekday = SESSIONS[one][0]
        days[weekday] = days.get(weekday, Decimal(0)) + HALF_DAY
    return days


def quota_id(partnership: str, school: str, year: str) -> str:
    """The stream of one school's quota in one year."""
    return f"{partnership}:{school}:{year}"


def centres(connection: Connection, partnerships: Iterable[str]) -> list[CentreRow]:
    """Every centre of these partnerships, by name."""
    query = sa.select(centre).where(centre.c.partnership.in_(sorted(set(partnerships))))
    return [CentreRow(**row) for row in connection.execute(query.order_by(centre.c.name, centre.c.id)).mappings()]


def one_centre(connection: Connection, centre_id: str) -> CentreRow | None:
    """A centre, or None."""
    row = connection.execute(sa.select(centre).where(centre.c.id == centre_id)).mappings().first()
    return CentreRow(**row) if row else None


def locked_centre(connection: Connection, centre_id: str) -> CentreRow | None:
    """The centre, locked until the transaction ends: whoever asks for a place waits for whoever takes one."""
    if one_centre(connection, centre_id) is None:
        return None
    journal.lock(connection, StreamId("centre", centre_id))
    return one_centre(connection, centre_id)


def locked_quota(connection: Connection, partnership: str, school: str, year: str) -> QuotaRow | None:
    """The quota of a school, locked until the transaction ends; None where it has none."""
    query = sa.select(quota).where(quota.c.id == quota_id(partnership, school, year))
    if (row := connection.execute(query).mappings().first()) is None:
        return None
    journal.lock(connection, StreamId("quota", row["id"]))
    return QuotaRow(**connection.execute(query).mappings().one())


def quotas(connection: Connection, partnership: str, year: str) -> dict[str, QuotaRow]:
    """The quotas of a year by school."""
    query = sa.select(quota).where(quota.c.partnership == partnership, quota.c.year == year)
    return {row["school"]: QuotaRow(**row) for row in connection.execute(query).mappings()}


def of_partnership(connection: Connection, partnership: str) -> list[PlacementRow]:
    """Every place that cases of a partnership hold, held or wait for, oldest first."""
    return _placements(connection, placement.c.partnership == partnership)


def at_centre(connection: Connection, centre_id: str, key_stage: str) -> list[PlacementRow]:
    """Every place of a key stage at a centre, those that ended too."""
    return _placements(connection, placement.c.centre == centre_id, placement.c.key_stage == key_stage)


def used_by(connection: Connection, partnership: str, school: str, year: str) -> list[PlacementRow]:
    """The places within the quota that a school uses or used in a year."""
    here = (placement.c.partnership == partnership, placement.c.school == school, placement.c.year == year)
    return _placements(connection, *here, placement.c.kind == "quota")


def of_case(connection: Connection, case_id: str) -> PlacementRow | None:
    """The place of a case, or None."""
    return next(iter(_placements(connection, placement.c.case_id == case_id)), None)


def held_on(connection: Connection, day: date) -> list[PlacementRow]:
    """Places that are held on a day, of every partnership."""
    return _placements(connection, placement.c.status == "held", placement.c.first_on <= day)


def marks(connection: Connection, case_ids: Iterable[str], first: date, last: date) -> dict[tuple[str, date, str], str]:
    """Marks from `first` to `last`: (case, day, part) → code."""
    query = sa.select(attendance).where(
        attendance.c.case_id.in_(sorted(set(case_ids))), attendance.c.day >= first, attendance.c.day <= last
    )
    return {(row.case_id, row.day, row.part): row.code for row in connection.execute(query)}


def _placements(connection: Connection, *conditions: sa.ColumnElement[bool]) -> list[PlacementRow]:
    query = (
        sa.select(placement, case_record.c.reference, case_record.c.pupil_name)
        .join(case_record, case_record.c.id == placement.c.case_id)
        .where(*conditions)
        .order_by(placement.c.since, placement.c.case_id)
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return [PlacementRow(**{name: value for name, value in row.items() if name != "seq"}) for row in rows]
