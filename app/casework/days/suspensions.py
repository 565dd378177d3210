"""Days out of school by pupil, in the term and in the year: what obliges the board, and what the law caps. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.calendars import Calendar
from app.calendars.exclusion_totals import Suspended, parts_by_term, totals_by_term
from app.store.queries.excluded import ExclusionLine
from app.store.queries.exclusions import KINDS

#: days in a term from which a head looks at a pupil, and days in a year
TERM_STEPS, YEAR_STEP = (15, 10, 5), 30


@dataclass(frozen=True)
class PupilOut:
    """One pupil who was suspended this school year."""

    #: the pupil's name
    name: str
    #: days in this term, in halves
    term_days: Decimal
    #: days in this school year
    year_days: Decimal
    #: references of the cases, oldest first
    references: tuple[str, ...]

    @property
    def words(self) -> str:
        """Which step it has reached: "10 days or more this term", or ""."""
        step = next((one for one in TERM_STEPS if self.term_days >= one), None)
        said = [f"{step} days or more this term"] if step else []
        return "; ".join([*said, f"{YEAR_STEP} days or more this year"] if self.year_days >= YEAR_STEP else said)


@dataclass(frozen=True)
class Suspensions:
    """The school year so far."""

    #: suspensions that stand
    number: int
    #: days in this term, all pupils
    term_days: Decimal
    #: days in this school year, all pupils
    year_days: Decimal
    #: permanent exclusions, whatever became of them
    permanent: int
    #: pupils who were suspended, most days in the term first
    pupils: tuple[PupilOut, ...]


def add_up(lines: Iterable[ExclusionLine], calendar: Calendar, today: date) -> Suspensions:
    """What the cases of one school add up to. A cancelled exclusion counts for nothing, a day by its term."""
    stands = [one for one in lines if one.variables.get("board_outcome") != "cancelled"]
    permanent = sum(one.variables.get("kind") == "permanent" for one in stands)
    by_pupil: dict[str, list[ExclusionLine]] = {}
    for one in stands:
        if _parts(one, calendar):
            by_pupil.setdefault(one.pupil_id, []).append(one)
    pupils = [_pupil(found, calendar, today) for found in by_pupil.values()]
    return Suspensions(
        number=sum(len(found) for found in by_pupil.values()),
        term_days=sum((one.term_days for one in pupils), Decimal(0)),
        year_days=sum((one.year_days for one in pupils), Decimal(0)),
        permanent=permanent,
        pupils=tuple(sorted(pupils, key=lambda one: (-one.term_days, -one.year_days, one.name))),
    )


def _pupil(found: list[ExclusionLine], calendar: Calendar, today: date) -> PupilOut:
    by_term = totals_by_term([part for one in found for part in _parts(one, calendar)], calendar)
    term_days = by_term.get(calendar.deemed_term_of(today), Decimal(0))
    return PupilOut(
        found[0].pupil_name, term_days, sum(by_term.values(), Decimal(0)), tuple(one.reference for one in found)
    )


def _parts(line: ExclusionLine, calendar: Calendar) -> tuple[Suspended, ...]:
    """The days out of one suspension by term; none where it is permanent, or nothing is decided yet."""
    known = line.variables
    if known.get("kind") not in KINDS or not known.get("first_day_on") or not known.get("days"):
        return ()
    first, last = (
        date.fromisoformat(str(known.get(one) or known["first_day_on"])[:10]) for one in ("first_day_on", "last_day_on")
    )
    return parts_by_term(first, last, Decimal(str(known["days"])), calendar)
