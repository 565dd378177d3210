"""Taking a commissioned place and giving it back, as part of the entry that completes the task. Not: places on lists.

A place is counted under a lock on the centre, a quota under a lock on the quota, always after the lock on the case and
in this order: of two people who take the last place, exactly one gets it, and the other is told (ADR 0058).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from app import calendars
from app.calendars import Calendar, CalendarError
from app.calendars.phrases import school_year
from app.calendars.placement_days import (
    Charge,
    additional_place_charges,
    placement_days,
    quota_place_charges,
    rate_on,
    total,
)
from app.calendars.taken_places import FULL, halves_of, in_places, taken_at_once
from app.cases.unit import Work
from app.engine import Element
from app.errors import Rejected
from app.model.json import JsonObject
from app.model.placing import END, KEY_STAGES, NONE, OVERBOOK, QUOTA, SESSIONS, WAIT
from app.store.queries import organisations, placements
from app.store.queries.placements import CentreRow, PlacementRow, pattern_of
from app.store.rows import TaskRow


class PlaceRefused(Rejected):
    """This place cannot be taken."""

    #: question of the form that the sentence belongs beside
    question = "centre"


class NoPlaceLeft(PlaceRefused):
    """There is no place left at this centre."""


class NoQuotaLeft(PlaceRefused):
    """The school has no place within its quota left."""

    question = "place_type"


class PlaceUnclear(PlaceRefused):
    """This place cannot be taken as it was asked for."""


@dataclass(frozen=True)
class Asked:
    """A place as the form of the task asked for it."""

    #: key stage whose places are counted
    key_stage: str
    #: id of the centre
    centre: str
    #: first day
    first: date
    #: last day
    last: date
    #: sessions of a week
    sessions: tuple[str, ...]
    #: quota, additional
    kind: str
    #: pounds a year that come with the pupil: premium, special-needs funding
    premium: Decimal
    top_up: Decimal

    @classmethod
    def of(cls, answers: JsonObject) -> "Asked":
        """From clean answers. Raises PlaceUnclear where one is missing."""
        given = cast(dict[str, Any], answers)
        try:
            return cls(
                key_stage=given["key_stage"],
                centre=given["centre"],
                first=date.fromisoformat(given["first_day"]),
                last=date.fromisoformat(given["last_day"]),
                sessions=tuple(one for one in SESSIONS if one in given["pattern"]),
                kind=given["place_type"],
                premium=Decimal(str(given.get("premium") or 0)),
                top_up=Decimal(str(given.get("top_up") or 0)),
            )
        except (KeyError, TypeError, ValueError, InvalidOperation):
            raise PlaceUnclear(
                "Expected a centre, a first and a last day and the sessions of a week, but something is missing."
            ) from None


def placed(work: Work, element: Element | None, task: TaskRow, answers: JsonObject) -> JsonObject | None:
    """What the entry says of the place of the case, or None where completing the task changes nothing about it.

    Raises NoPlaceLeft, NoQuotaLeft, PlaceUnclear, Busy where others held the centre for too long.
    """
    if element is None or element.place is None:
        return None
    before = placements.of_case(work.connection, work.case.id)
    if element.place == END:
        return _ended(before, str(answers.get("place_ends_on") or work.today.isoformat()))
    decision = answers.get("place_decision")
    if decision == NONE:
        return _ended(before, work.today.isoformat())
    if decision == WAIT:
        wish = answers.get("centre")
        return {
            "status": "waiting", "partnership": task.holder, "key_stage": answers.get("key_stage"), "centre": wish,
        }  # fmt: skip
    return _taken(work, task, Asked.of(answers), is_overbooked=decision == OVERBOOK)


def charges(place: PlacementRow, centre: CentreRow, days: Calendar, until: date | None = None) -> tuple[Charge, ...]:
    """The cost of a place by the centre's calendar and rates as they are, to its last day or to an earlier one."""
    first, last = place.first_on, place.ended_on or place.last_on
    if first is None or last is None or place.kind is None:
        return ()
    last = min(last, until) if until is not None else last
    if last < first:
        return ()
    if place.kind != QUOTA:
        return additional_place_charges(first, last, days, place.pattern, centre.rates)
    sums = (Decimal(one) for one in place.record["yearly"])
    return quota_place_charges(first, last, days, place.pattern, sums)


def free_halves(
    centre: CentreRow, key_stage: str, held: Iterable[PlacementRow], first: date, last: date, today: date
) -> int:
    """Halves of places that are free on every day from `first` to `last`; below zero where it is overbooked.

    A place that nobody ended goes on being taken until today, whatever its last day was.
    """
    stays = [stay for one in held if (stay := one.stay(today)) is not None]
    return centre.halves(key_stage) - taken_at_once(stays, first, last)


def used_halves(rows: Iterable[PlacementRow]) -> int:
    """Halves of a quota that are used; a place given back before its first day uses none."""
    return sum(
        one.halves for one in rows if one.ended_on is None or one.first_on is None or one.ended_on >= one.first_on
    )


def _ended(before: PlacementRow | None, on: str) -> JsonObject | None:
    return {"status": "ended", "ended_on": on} if before is not None and before.status != "ended" else None


def _taken(work: Work, task: TaskRow, asked: Asked, *, is_overbooked: bool) -> JsonObject:
    centre = placements.locked_centre(work.connection, asked.centre)
    if centre is None or centre.partnership != task.holder or not centre.is_open:
        raise PlaceUnclear("Expected a centre of this partnership that takes pupils, but it is none. Choose another.")
    days = _days_of(work, centre, asked)
    halves = halves_of(len(asked.sessions))
    if not is_overbooked:
        _check_room(work, centre, asked, halves)
    year = school_year(asked.first)
    if asked.kind == QUOTA:
        _check_quota(work, centre.partnership, year, halves)
    rate = rate_on(asked.first, centre.rates)
    yearly = (rate.average, asked.premium, asked.top_up)
    lines = _quote(asked, centre, days, yearly)
    return {
        "status": "held",
        "partnership": centre.partnership,
        "centre": centre.id,
        "centre_name": centre.name,
        "key_stage": asked.key_stage,
        "kind": asked.kind,
        "halves": halves,
        "first_on": asked.first.isoformat(),
        "last_on": asked.last.isoformat(),
        "pattern": list(asked.sessions),
        "year": year,
        "yearly": [str(one) for one in yearly],
        "is_overbooked": is_overbooked,
        "days": f"{placement_days(asked.first, asked.last, days, pattern_of(asked.sessions)).normalize():f}",
        "quote": str(total(lines)),
    }


def _quote(asked: Asked, centre: CentreRow, days: Calendar, yearly: tuple[Decimal, ...]) -> tuple[Charge, ...]:
    pattern = pattern_of(asked.sessions)
    if asked.kind == QUOTA:
        return quota_place_charges(asked.first, asked.last, days, pattern, yearly)
    return additional_place_charges(asked.first, asked.last, days, pattern, centre.rates)


def _days_of(work: Work, centre: CentreRow, asked: Asked) -> Calendar:
    """The calendar of the centre, where it can say what the place costs. Raises PlaceUnclear."""
    days = organisations.calendar_of(work.connection, centre.partnership)
    if asked.key_stage not in KEY_STAGES or not asked.sessions or asked.last < asked.first:
        raise PlaceUnclear("Expected a key stage, a session of the week and a last day after the first.")
    for day in (asked.first, asked.last):
        try:
            closed = days.why_not(day)
        except CalendarError:
            closed = "no term dates are published for that day"
        if closed is not None:
            raise PlaceUnclear(
                f"Expected days on which {centre.name} is open, but not so on {calendars.full(day)}: {closed}. "
                "Choose another day."
            )
    if asked.last.year > asked.first.year + 1 or school_year(asked.first) != school_year(asked.last):
        raise PlaceUnclear("Expected a last day in the same school year as the first. Agree the next year anew.")
    return days


def _check_room(work: Work, centre: CentreRow, asked: Asked, halves: int) -> None:
    held = [
        one for one in placements.at_centre(work.connection, centre.id, asked.key_stage) if one.case_id != work.case.id
    ]
    if (free := free_halves(centre, asked.key_stage, held, asked.first, asked.last, work.today)) >= halves:
        return
    left = f"only {in_places(free)} is" if free > 0 else "none is"
    raise NoPlaceLeft(
        f"Expected a free {KEY_STAGES[asked.key_stage]} place at {centre.name} from {calendars.full(asked.first)} to "
        f"{calendars.full(asked.last)}, but {left} left: all {in_places(centre.halves(asked.key_stage))} are taken on "
        "some day of that time. Somebody may have taken the last one just now. Choose another centre or other days, "
        "put the case on the waiting list, or overbook with the approval of the board."
    )


def _check_quota(work: Work, partnership: str, year: str, halves: int) -> None:
    school = work.case.school
    quota = placements.locked_quota(work.connection, partnership, school, year)
    used = used_halves(
        one for one in placements.used_by(work.connection, partnership, school, year) if one.case_id != work.case.id
    )
    places = quota.places if quota is not None else 0
    if FULL * places - used >= halves:
        return
    raise NoQuotaLeft(
        f"Expected a place left in the quota of the school for {year}, but of {places} it uses {in_places(used)}. "
        "Choose an additional place, which is charged by the day."
    )
