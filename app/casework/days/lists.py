"""The list that a number opens, in pages and whole: its lines as somebody reads them. What a number is: `section`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.access.people import Reader
from app.casework.days.clock import Left, left
from app.casework.days.section import Number, Section
from app.store.db import reading
from app.store.queries import matters, organisations
from app.store.queries.matters import PAGE, Bounds, Line

#: lines that an export reads at a time
BATCH = 500


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    #: the line
    line: Line
    #: name of the school
    school: str
    #: why the date is what it is, or ""
    sentence: str
    #: school days to its date, where the section counts them
    left: Left | None
    #: of an excluded pupil: first day out of school
    out_since: date | None


def rows(
    bounds: Bounds,
    number: Number,
    section: Section,
    who: Reader,
    today: date,
    after: tuple[str, str] | None,
    limit: int = PAGE,
) -> tuple[tuple[Row, ...], tuple[str, str] | None]:
    """One page of a list, and where the next begins."""
    found = matters.page(reading(), bounds, number.wanted, today, after, limit + 1)
    shown = found[:limit]
    following = matters.key_of(shown[-1], number.wanted) if len(found) > limit else None
    return tuple(_row(one, section, who, today) for one in shown), following


def every_row(bounds: Bounds, number: Number, section: Section, who: Reader, today: date) -> Iterator[Row]:
    """The whole list, read in pages."""
    after: tuple[str, str] | None = None
    while True:
        found, after = rows(bounds, number, section, who, today, after, BATCH)
        yield from found
        if after is None:
            return


def _row(line: Line, section: Section, who: Reader, today: date) -> Row:
    counts = section.is_in_school_days and line.on is not None and not line.late_days
    return Row(
        line=line,
        school=who.tree.get(line.school).name,
        sentence=str(line.due["sentence"]) if line.due else "",
        left=left(line.on, today, organisations.calendar_of(reading(), line.school)) if counts and line.on else None,
        out_since=_day(line.variables.get("first_day_on")) if section.is_in_school_days else None,
    )


def _day(value: object) -> date | None:
    """A variable that holds a day, as ISO text."""
    return date.fromisoformat(str(value)[:10]) if value else None
