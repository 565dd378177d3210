"""The list of cases within a reader's scope, narrowed and in pages. What one case shows: `case_page`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.access.masking import pupil_mask
from app.access.people import Reader
from app.access.scopes import CaseScope, case_scope
from app.store.db import reading
from app.store.queries import cases, reveals, waiting
from app.store.queries.cases import PAGE, CaseLine
from app.store.queries.waiting import Awaited

#: lines that a spreadsheet reads at a time
BATCH = 500
STATUSES = {"": "All", "open": "Open", "closed": "Closed", "erased": "Erased"}


@dataclass(frozen=True)
class Asked:
    """Which part of the list somebody asked for."""

    #: one of STATUSES
    status: str = "open"
    #: organisation id, or ""
    school: str = ""
    #: process definition key, or ""
    process: str = ""
    #: words of name, reference or school
    search: str = ""
    #: (moment of the last change, id) of the last line of the page before
    after: tuple[datetime, str] | None = None


@dataclass(frozen=True)
class CaseCard:
    """One case of the list."""

    #: the case; its pupil's name may only be shown as `pupil`
    case: CaseLine
    #: the pupil's name, or the mask over it
    pupil: str
    #: name of the school
    school: str
    #: people are shown under masks
    is_masked: bool
    #: what it waits for
    awaited: tuple[Awaited, ...]


@dataclass(frozen=True)
class CaseList:
    """Everything the page shows."""

    #: what was asked for
    asked: Asked
    #: this page of the list
    cards: tuple[CaseCard, ...]
    #: where the next page begins, or None
    next_after: tuple[datetime, str] | None
    #: (id, name) of the schools to narrow to
    schools: tuple[tuple[str, str], ...]
    #: (key, name) of the processes to narrow to
    processes: tuple[tuple[str, str], ...]
    #: the reader finds cases by the pupil's name too
    by_name: bool


def case_list(reader: Reader, asked: Asked, today: date) -> CaseList:
    """The cases the reader may see, as they asked for them."""
    scope = case_scope(reader)
    cards, following = _page(reader, asked, today, PAGE)
    schools, processes = cases.choices(reading(), scope, today)
    return CaseList(
        asked=asked,
        cards=cards,
        next_after=following,
        schools=tuple(sorted(((one, reader.tree.get(one).name) for one in schools), key=lambda pair: pair[1])),
        processes=tuple(processes),
        by_name=not scope.masked,
    )


def every_case(reader: Reader, asked: Asked, today: date) -> Iterator[CaseCard]:
    """The whole list as it is narrowed, page after page, for a spreadsheet: masks stay."""
    while True:
        cards, after = _page(reader, asked, today, BATCH)
        yield from cards
        if after is None:
            return
        asked = replace(asked, after=after)


def _page(
    reader: Reader, asked: Asked, today: date, limit: int
) -> tuple[tuple[CaseCard, ...], tuple[datetime, str] | None]:
    scope = case_scope(reader)
    found = cases.visible(
        reading(),
        scope,
        today,
        status=asked.status or None,
        school=asked.school or None,
        process=asked.process or None,
        search=asked.search,
        by_name=not scope.masked,
        after=asked.after,
        limit=limit + 1,
    )
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    awaited = waiting.awaited(reading(), [case.id for case in shown])
    masked = _masked(reader, scope, shown, today)
    cards = tuple(_card(reader, case, case.id in masked, awaited[case.id]) for case in shown)
    return cards, (last.changed_at, last.id) if last else None


def _card(reader: Reader, case: CaseLine, is_masked: bool, awaited: list[Awaited]) -> CaseCard:
    pupil = pupil_mask(case.reference) if is_masked else case.pupil_name
    return CaseCard(case, pupil, reader.tree.get(case.school).name, is_masked, tuple(awaited))


def _masked(reader: Reader, scope: CaseScope, shown: list[CaseLine], today: date) -> set[str]:
    """Ids of the cases that this reader sees under masks."""
    if not scope.masked:
        return set()
    if scope.by_name.is_empty:
        ids = [case.id for case in shown]
        return set(ids) - reveals.standing(reading(), ids, reader.id).keys()
    facts = [cases.facts(reading(), case, reader.tree, today, reader.id) for case in shown]
    return {one.case_id for one in facts if scope.masks(one, reader.tree)}
