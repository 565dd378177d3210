"""The coordinator's page: places by key stage and centre, quotas, costs, attendance today, the waiting list.

Each number has a word for the cases behind it; `cases_of` gives those, and shows only what the reader may see.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.access.actions import Action
from app.access.decisions import decide
from app.access.organisations import Organisation
from app.access.people import Reader
from app.calendars import CalendarError
from app.calendars.phrases import school_year
from app.calendars.placement_days import total
from app.calendars.taken_places import taken_at_once
from app.cases.attendance import expected
from app.cases.placing import charges
from app.casework.placements.centres import SchoolQuota, quotas_of
from app.errors import NotFound
from app.model.placing import ADDITIONAL, KEY_STAGES, MARKS, PARTS, THERE
from app.store.db import reading
from app.store.queries import cases, organisations, placements
from app.store.queries.placements import CentreRow, PlacementRow


@dataclass(frozen=True)
class StageLine:
    """Places of one key stage at one centre."""

    #: the centre
    centre: CentreRow
    #: ks3, ks4
    key_stage: str
    #: halves of places that are taken today
    taken: int
    #: halves of places there are
    capacity: int


@dataclass(frozen=True)
class Today:
    """Attendance of one day."""

    #: pupils who are expected
    expected: int
    #: sessions at which they were there, at which they were not, and that nobody marked yet
    there: int
    away: int
    missing: int


@dataclass(frozen=True)
class Costs:
    """Pounds of one school year."""

    #: of places so far, and as they are agreed
    so_far: Decimal
    agreed: Decimal
    #: of additional places so far
    additional: Decimal


@dataclass(frozen=True)
class Board:
    """Everything on the page."""

    #: the partnership
    partnership: Organisation
    #: school year of quotas and costs
    year: str
    #: places, by centre and key stage
    stages: tuple[StageLine, ...]
    #: quotas, by school
    quotas: tuple[SchoolQuota, ...]
    #: pounds of the year, or None: no term dates are published
    costs: Costs | None
    #: attendance today
    today: Today
    #: how many cases wait
    waiting: int


@dataclass(frozen=True)
class Line:
    """One case behind a number."""

    #: its place
    place: PlacementRow
    #: name of its school
    school: str
    #: name of the centre, or ""
    centre: str
    #: the reader may open the case
    is_seen: bool
    #: pounds so far and as agreed; None where nothing is known
    so_far: Decimal | None
    agreed: Decimal | None
    #: what was marked today, in words
    marks: str


def board(partnership: Organisation, reader: Reader) -> Board:
    """The page as it stands."""
    rows, year = placements.of_partnership(reading(), partnership.id), school_year(reader.on)
    found = placements.centres(reading(), [partnership.id])
    return Board(
        partnership=partnership,
        year=year,
        stages=tuple(_stages(found, rows, reader.on)),
        quotas=quotas_of(partnership.id, year, reader),
        costs=_costs(rows, found, year, reader.on),
        today=_today(rows, reader.on),
        waiting=sum(one.status == "waiting" for one in rows),
    )


def cases_of(partnership: Organisation, of: str, reader: Reader) -> tuple[Line, ...]:
    """The cases behind a number, by its word: "taken:<centre>:<key stage>", "quota:<school>", "costs", "additional",
    "expected", "away", "missing", "waiting". Raises NotFound for any other word.
    """
    rows = placements.of_partnership(reading(), partnership.id)
    names = {one.id: one for one in placements.centres(reading(), [partnership.id])}
    chosen = [one for one in rows if _test(of, reader.on)(one)]
    known = placements.marks(reading(), [one.case_id for one in chosen], reader.on, reader.on)
    return tuple(_line(one, names, known, reader) for one in chosen)


def _stages(found: list[CentreRow], rows: list[PlacementRow], on: date) -> Iterator[StageLine]:
    for centre in found:
        for stage in KEY_STAGES:
            here = [
                one for one in rows if one.centre == centre.id and one.key_stage == stage and one.status != "waiting"
            ]
            stays = [stay for one in here if (stay := one.stay(on)) is not None]
            yield StageLine(centre, stage, taken_at_once(stays, on, on), centre.halves(stage))


def _is_taken(one: PlacementRow, on: date) -> bool:
    stay = one.stay(on) if one.status != "waiting" else None
    return stay is not None and stay.first <= on <= stay.last


def _today(rows: list[PlacementRow], on: date) -> Today:
    known = placements.marks(reading(), [one.case_id for one in rows], on, on)
    sessions = [(one.case_id, on, part) for one in rows for part in expected(one, on, reading())]
    codes = [known.get(session) for session in sessions]
    return Today(
        expected=len({case_id for case_id, _, _ in sessions}),
        there=sum(code in THERE for code in codes),
        away=sum(code is not None and code not in THERE for code in codes),
        missing=sum(code is None for code in codes),
    )


def _costs(rows: list[PlacementRow], found: list[CentreRow], year: str, on: date) -> Costs | None:
    by_id = {one.id: one for one in found}
    placed = [one for one in rows if one.year == year and one.centre in by_id]
    try:
        so_far = {one.case_id: _pounds(one, by_id, on) for one in placed}
        agreed = [_pounds(one, by_id, None) for one in placed]
    except CalendarError:
        return None
    additional = (so_far[one.case_id] for one in placed if one.kind == ADDITIONAL)
    return Costs(_sum(so_far.values()), _sum(agreed), _sum(additional))


def _pounds(one: PlacementRow, by_id: dict[str, CentreRow], until: date | None) -> Decimal:
    days = organisations.calendar_of(reading(), one.partnership)
    return total(charges(one, by_id[one.centre or ""], days, until))


def _sum(pounds: Iterable[Decimal]) -> Decimal:
    return sum(pounds, Decimal("0.00"))


def _test(of: str, on: date) -> Callable[[PlacementRow], bool]:
    """Whether a place is behind a number. Raises NotFound."""
    word, _, rest = of.partition(":")
    centre, _, stage = rest.rpartition(":")
    year = school_year(on)

    def has_mark(one: PlacementRow, *, is_missing: bool) -> bool:
        parts = expected(one, on, reading())
        known = placements.marks(reading(), [one.case_id], on, on)
        codes = [known.get((one.case_id, on, part)) for part in parts]
        return any((code is None) if is_missing else (code is not None and code not in THERE) for code in codes)

    tests: dict[str, Callable[[PlacementRow], bool]] = {
        "taken": lambda one: one.centre == centre and one.key_stage == stage and _is_taken(one, on),
        "quota": lambda one: one.school == rest and one.kind == "quota" and one.year == year,
        "costs": lambda one: one.year == year,
        "additional": lambda one: one.year == year and one.kind == ADDITIONAL,
        "expected": lambda one: bool(expected(one, on, reading())),
        "away": lambda one: has_mark(one, is_missing=False),
        "missing": lambda one: has_mark(one, is_missing=True),
        "waiting": lambda one: one.status == "waiting",
    }
    if word not in tests:
        raise NotFound
    return tests[word]


def _line(
    one: PlacementRow, names: dict[str, CentreRow], known: dict[tuple[str, date, str], str], reader: Reader
) -> Line:
    found = cases.by_reference(reading(), one.case_id)
    facts = cases.facts(reading(), found, reader.tree, reader.on, reader.id) if found is not None else None
    is_seen = facts is not None and decide(reader, Action.SEE_CASE, facts).allowed
    marks = (
        f"{PARTS[part]}: {MARKS[code].lower()}"
        for part in sorted(PARTS)
        if (code := known.get((one.case_id, reader.on, part))) is not None
    )
    try:
        so_far = _pounds(one, names, reader.on) if one.centre in names and one.kind else None
        agreed = _pounds(one, names, None) if one.centre in names and one.kind else None
    except CalendarError:
        so_far = agreed = None
    centre = names[one.centre].name if one.centre in names else ""
    return Line(one, reader.tree.get(one.school).name, centre, is_seen, so_far, agreed, "; ".join(marks))
