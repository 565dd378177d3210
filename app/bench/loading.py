"""Very many cases at once: a few are lived by the real use cases, the others are copies. Not: writing copies."""

import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from app.bench import casework
from app.bench.casework import Case, School
from app.cases.command import Command
from app.cases.records import write_record
from app.casework.demo.authority import DemoPupil
from app.clock import real_now
from app.model.actor import OPERATOR
from app.model.entry import StreamId
from app.store import copies
from app.store.copies import Copy, Pattern
from app.store.counters import take_numbers
from app.store.db import db, reading, transaction
from app.store.queries import cases, dues, work
from app.store.rows import case_of

#: copies that are written in one transaction
BATCH = 250
#: days on which the lived cases of a school began: their tasks are due on different days, and none is late
DAYS_AGO = (0, 1, 2)
#: copies begin up to so much later on that day
SPREAD = timedelta(hours=3)
FORENAMES = (
    "Ada",
    "Ben",
    "Cara",
    "Dov",
    "Ela",
    "Finn",
    "Gia",
    "Hal",
    "Ivo",
    "Jun",
    "Kit",
    "Lea",
    "Max",
    "Nia",
    "Oda",
    "Pim",
)
SURNAMES = (
    "Abbott",
    "Barrow",
    "Crane",
    "Dunmore",
    "Ember",
    "Frost",
    "Garland",
    "Hollis",
    "Ince",
    "Jarrow",
    "Keel",
    "Lark",
)
#: finds a place in the order of the alphabet for everybody of the same name
SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru")


#: says for the n-th copy when what it waits for comes
MomentOf = Callable[[int], datetime]


@dataclass(frozen=True)
class Loaded:
    """One case that was copied."""

    #: its id
    case_id: str
    #: what people quote
    reference: str
    #: name of its pupil
    pupil_name: str
    #: element → id of its open task
    tasks: Mapping[str, str]


@dataclass
class Crowd:
    """Cases of one school, to be had in any number."""

    #: where
    school: School
    #: gets a fresh case to the point at which it is copied; says which moments copies say otherwise
    live: Callable[[Case, datetime], dict[str, str]]
    #: days on which the lived ones began
    days_ago: tuple[int, ...] = DAYS_AGO
    _lived: list["_Lived"] = field(default_factory=list)
    _dice: random.Random = field(default_factory=lambda: random.Random(20261102))  # noqa: S311 - nothing secret

    def more(self, number: int, moment_of: MomentOf | None = None) -> list[Loaded]:
        """So many more cases. `moment_of` says for the n-th when what it waits for comes."""
        if not self._lived:
            self._lived = [self._begin(days) for days in self.days_ago]
        loaded: list[Loaded] = []
        for numbers in _in_batches(range(number)):
            prefix, count = self._lived[0].prefix, len(numbers)
            with transaction() as connection:
                given = take_numbers(connection, f"case:{prefix.replace('-', ':')}", count)
            made = [
                self._copy(next_one, f"{prefix}-{one:05}", moment_of(n) if moment_of else None)
                for n, one, next_one in zip(numbers, given, itertools.cycle(self._lived), strict=False)
            ]
            copies.write([pair for pairs, _ in made for pair in pairs])
            loaded += [one for _, one in made]
        return loaded

    def _begin(self, days_ago: int) -> "_Lived":
        at = real_now() - timedelta(days=days_ago) - SPREAD
        name = ("Zebedee", f"Pattern{uuid4().hex[:6]}")
        pupil = replace(
            self.school.pupil,
            id=f"lived-{uuid4().hex[:12]}-01",
            upn="",
            forename=name[0],
            surname=name[1],
            preferred_name=None,
        )
        record = {**pupil.record(), "upn": None}
        write_record(StreamId("pupil", pupil.id), "pupil-recorded", {"pupil": record}, Command(OPERATOR, at))
        case = casework.started(self.school, at, pupil)
        moments = self.live(case, at)
        return _lived(case, pupil, moments)

    def _copy(self, of: "_Lived", reference: str, moment: datetime | None) -> tuple[list[tuple[Pattern, Copy]], Loaded]:
        case_id, pupil_id = str(uuid4()), str(uuid4())
        forename = self._dice.choice(FORENAMES)
        surname = self._dice.choice(SURNAMES) + "".join(self._dice.choices(SYLLABLES, k=2))
        words = {
            of.pupil.id: pupil_id,
            of.pupil.name: f"{forename} {surname}",
            of.pupil.forename: forename,
            of.pupil.surname: surname,
            of.reference: reference,
            **{iso: moment.isoformat() if moment else iso for iso in of.moments},
        }
        said = {**of.ids_of(UUID(case_id)), **words}
        later = SPREAD * self._dice.random()
        pairs = [(of.pupil_pattern, Copy(pupil_id, words)), (of.pattern, Copy(case_id, said, later))]
        tasks = {element: said[task_id] for element, task_id in of.tasks.items()}
        return pairs, Loaded(case_id, reference, words[of.pupil.name], tasks)


@dataclass(frozen=True)
class _Lived:
    """A case that was lived, and its pupil."""

    pattern: Pattern
    pupil_pattern: Pattern
    pupil: DemoPupil
    reference: str
    tasks: Mapping[str, str]
    moments: tuple[str, ...]
    #: id in the pattern → the number that the engine made it from
    numbers: Mapping[str, str]

    @property
    def prefix(self) -> str:
        """What its reference shares with others of the year."""
        return self.reference.rpartition("-")[0]

    def ids_of(self, case_id: UUID) -> dict[str, str]:
        """Every id of the pattern → the one the engine would have made for that case, or a new one."""
        made = {one: str(uuid5(case_id, number)) for one, number in self.numbers.items()}
        others = {one: str(uuid4()) for one in self.pattern.ids - made.keys()}
        return {**others, **made, self.pattern.stream.id: str(case_id)}


def _lived(case: Case, pupil: DemoPupil, moments: dict[str, str]) -> _Lived:
    db.session.rollback()
    line = cases.by_reference(reading(), case.id)
    state = case_of(reading(), case.id).state
    if line is None or state is None:
        raise LookupError(case.id)
    words = (line.reference, pupil.id, pupil.name, pupil.forename, pupil.surname)
    pattern = copies.pattern(reading(), StreamId("case", case.id), [*words, *moments])
    made = {str(uuid5(UUID(case.id), str(n))): str(n) for n in range(int(str(state["next"])))}
    found = _Lived(
        pattern,
        copies.pattern(reading(), StreamId("pupil", pupil.id), words),
        pupil,
        line.reference,
        {one.element: one.task_id for one in work.of_case(reading(), case.id)},
        tuple(moments),
        {one: number for one, number in made.items() if one in pattern.ids},
    )
    db.session.rollback()
    return found


#: the task that a case begins with
FIRST_TASK = "check_universal_offer"


def at_the_first_task(_case: Case, _at: datetime) -> dict[str, str]:
    """Nothing was done yet."""
    return {}


def at_the_review_date(case: Case, at: datetime) -> dict[str, str]:
    """The plan is agreed; the copies say when its review is due, to the second."""
    case.do(*casework.BEFORE, "describe_class", "assess", "plan", at=at)
    timer = next(one for one in dues.timers_of(reading(), case.id) if one.element == REVIEW_DATE)
    db.session.rollback()
    return {timer.due_at.isoformat(): ""}


#: the event whose timer is fired by the thousand
REVIEW_DATE = "review_date_reached"


def _in_batches(numbers: range) -> Iterator[range]:
    for begin in range(0, len(numbers), BATCH):
        yield numbers[begin : begin + BATCH]
