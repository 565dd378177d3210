"""Cases as lists and pages read them, within a reader's scope. Who may see which is decided in `app.access`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from app.access.facts import CaseFacts
from app.access.organisations import OrganisationTree
from app.access.scopes import CaseScope
from app.store.projections.words import words_of
from app.store.queries import reveals
from app.store.tables import (
    answer,
    candidate,
    case_record,
    case_word,
    deadline,
    document,
    is_open,
    is_running,
    listing,
    meeting,
    note,
    person,
    pupil,
    series_member,
    share,
    sharing_stop,
    timer,
    work_item,
)

PAGE = 50
#: so many cases with a word are few
FEW = 300


@dataclass(frozen=True)
class CaseLine:
    """One case as a list shows it."""

    #: case id
    id: str
    #: reference people quote
    reference: str
    #: process definition key
    process_key: str
    #: what people call the process
    process_name: str
    #: version it is pinned to
    version: int
    #: digest of its bundle
    bundle: str
    #: home school, organisation id
    school: str
    #: pupil id
    pupil_id: str
    #: the pupil's name
    pupil_name: str
    #: open, closed, erased
    status: str
    #: how it ended
    outcome: str | None
    #: UTC
    started_at: datetime
    #: UTC
    closed_at: datetime | None
    #: UTC
    changed_at: datetime
    #: entries so far
    seq: int
    #: process variables
    variables: dict[str, Any]
    #: who started it
    lead: str
    #: ids of people it names
    named: tuple[str, ...]


def by_reference(connection: Connection, reference: str) -> CaseLine | None:
    """A case by reference or id, or None."""
    wanted = reference.strip()
    row = connection.execute(
        sa.select(*CASE_LINE).where(sa.or_(case_record.c.reference == wanted.upper(), case_record.c.id == wanted))
    ).first()
    return case_line(row) if row else None


def visible(
    connection: Connection,
    scope: CaseScope,
    today: date,
    *,
    status: str | None = None,
    school: str | None = None,
    process: str | None = None,
    search: str = "",
    by_name: bool = True,
    pupil_id: str | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = PAGE,
) -> list[CaseLine]:
    """Cases in the scope, newest change first; `after` is (changed_at, id) of the last one seen.

    Not `by_name`, the search looks at references only: whoever sees masks must not find a case by its pupil's name.
    """
    query = sa.select(*CASE_LINE).where(in_scope(scope, today))
    for column, wanted in (("status", status), ("school", school), ("process_key", process), ("pupil_id", pupil_id)):
        if wanted:
            query = query.where(case_record.c[column] == wanted)
    if by_name:
        if (few := few_with_words(connection, search)) is not None:
            query = query.where(case_record.c.id.in_(few))
        query = query.where(*(has_word(case_record.c.id, word) for word in words_of(search)))
    elif search.strip():
        query = query.where(case_record.c.reference.contains(search.strip().upper(), autoescape=True))
    if after is not None:
        query = query.where(sa.tuple_(case_record.c.changed_at, case_record.c.id) < sa.tuple_(*after))
    query = query.order_by(case_record.c.changed_at.desc(), case_record.c.id.desc()).limit(limit)
    return [case_line(row) for row in connection.execute(query)]


def choices(connection: Connection, scope: CaseScope, today: date) -> tuple[list[str], list[tuple[str, str]]]:
    """What a list can be narrowed to: schools (organisation ids), processes (key, name), of the cases in the scope."""
    inside = in_scope(scope, today)
    schools = connection.scalars(sa.select(case_record.c.school).where(inside).distinct())
    processes = connection.execute(
        sa.select(case_record.c.process_key, sa.func.max(case_record.c.process_name))
        .where(inside)
        .group_by(case_record.c.process_key)
        .order_by(case_record.c.process_key)
    )
    return list(schools), [(row[0], row[1]) for row in processes]


def in_scope(scope: CaseScope, today: date) -> sa.ColumnElement[bool]:
    """The scope as a condition on `case_record`: the SQL of `CaseScope.includes`, asked of one case after the other."""
    offered = sa.exists().where(candidate.c.case_id == case_record.c.id, _in_lanes(scope))
    parts = _parts(scope, today, offered)
    return sa.or_(*parts) if parts else sa.false()


def parts_of(scope: CaseScope, today: date) -> list[sa.ColumnElement[bool]]:
    """The conditions of which one must hold: each on its own finds its cases by an index."""
    return _parts(scope, today, case_record.c.id.in_(sa.select(candidate.c.case_id).where(_in_lanes(scope))))


def _in_lanes(scope: CaseScope) -> sa.ColumnElement[bool]:
    pairs = [sa.and_(candidate.c.holder == holder, candidate.c.role == role) for role, holder in sorted(scope.lanes)]
    return sa.and_(~candidate.c.is_restricted, sa.or_(sa.false(), *pairs))


def _parts(scope: CaseScope, today: date, offered: sa.ColumnElement[bool]) -> list[sa.ColumnElement[bool]]:
    school, authority = case_record.c.school, case_record.c.authority
    named = naming(case_record.c.id, scope.person)
    pupil_there = ~sa.exists().where(pupil.c.id == case_record.c.pupil_id, pupil.c.school != school)
    overdue = sa.exists().where(
        deadline.c.case_id == case_record.c.id, deadline.c.state == "running", deadline.c.due_on < today
    )
    restricted = sa.or_(
        sa.exists().where(note.c.case_id == case_record.c.id, note.c.is_restricted),
        sa.exists().where(document.c.case_id == case_record.c.id, document.c.is_restricted),
        sa.exists().where(work_item.c.case_id == case_record.c.id, work_item.c.is_restricted),
    )
    shared = ~sa.exists().where(_is_stopped(case_record.c.pupil_id, case_record.c.process_key, today))
    parts: list[sa.ColumnElement[bool]] = []
    if scope.schools:
        parts.append(school.in_(sorted(scope.schools)))
    if scope.named_only_schools:
        parts.append(sa.and_(named, school.in_(sorted(scope.named_only_schools)), pupil_there))
    if scope.named_within:
        parts.append(sa.and_(named, school.in_(sorted(scope.named_within))))
    if scope.is_invited:
        parts.append(sa.and_(case_record.c.id.in_(_shared("invited", [scope.person])), shared))
    for pairs, is_member in ((scope.packs, True), (scope.listed, False)):
        if pairs:
            listed = case_record.c.id.in_(on_lists(sorted(pairs), today, scope.person if is_member else None))
            parts.append(sa.and_(listed, shared) if is_member else listed)
    if scope.shared_with:
        parts.append(sa.and_(case_record.c.id.in_(_shared("organisation", sorted(scope.shared_with))), shared))
    if scope.lanes:
        parts.append(offered)
    if scope.offices:
        of_office = [sa.and_(authority == at, case_record.c.process_key == key) for key, at in sorted(scope.offices)]
        parts.append(sa.or_(*of_office))
    if scope.overdue_only_authorities:
        parts.append(sa.and_(authority.in_(sorted(scope.overdue_only_authorities)), overdue))
    if scope.restricted_schools:
        parts.append(sa.and_(school.in_(sorted(scope.restricted_schools)), restricted))
    if scope.authorities_all:
        parts.append(authority.in_(sorted(scope.authorities_all)))
    if scope.masked_schools:
        parts.append(school.in_(sorted(scope.masked_schools)))
    return parts


def on_lists(at: Sequence[tuple[str, str]], today: date, member: str | None) -> sa.Select[tuple[str]]:
    """Ids of cases on lists of meetings of these (kind, organisation) whose pack is open today to that member.

    Without a member: until the pack closes, for whoever runs the meeting.
    """
    here = [sa.and_(meeting.c.kind == kind, meeting.c.organisation == organisation) for kind, organisation in at]
    return _on_open_lists(sa.select(listing.c.case_id), today, member).where(sa.or_(sa.false(), *here))


def _on_open_lists(query: sa.Select[Any], today: date, member: str | None) -> sa.Select[Any]:
    query = query.select_from(listing).join(meeting, meeting.c.id == listing.c.meeting_id)
    query = query.join(work_item, work_item.c.task_id == listing.c.task_id)
    if member is not None:
        joined = sa.and_(series_member.c.series_id == meeting.c.series_id, series_member.c.person_id == member)
        query = query.join(series_member, joined).where(meeting.c.pack_on <= today)
    return query.where(meeting.c.status == "planned", meeting.c.access_until >= today, work_item.c.status != "ended")


def _is_stopped(pupil_id: Any, process_key: Any, today: date) -> sa.ColumnElement[bool]:
    """Consent that cases of this process need was withdrawn, or has ended."""
    return sa.and_(
        sharing_stop.c.pupil_id == pupil_id, sharing_stop.c.process_key == process_key, sharing_stop.c.since <= today
    )


def naming(case_id: sa.ColumnElement[str], person: str) -> sa.ColumnElement[bool]:
    """The case names the person: shared with them, started by them, or one of its open tasks is theirs."""
    taken = sa.select(work_item.c.case_id).where(work_item.c.assignee == person, is_open)
    led = sa.select(case_record.c.id).where(case_record.c.lead == person)
    return case_id.in_(sa.union_all(_shared("person", [person]), led, taken))


def facts(connection: Connection, case: CaseLine, tree: OrganisationTree, today: date, reader: str) -> CaseFacts:
    """What a decision about one case needs to know, with one statement whatever the age of the case."""
    found: dict[str, list[Any]] = {
        kind: [] for kind in ("share", "task", "pupil", "overdue", "restricted", "reveal", "pack", "list", "stop")
    }
    for row in connection.execute(_facts(case, today, reader)):
        found[row.kind].append(row)
    shared = {kind: frozenset(row.b for row in found["share"] if row.a == kind) for kind in _SHARED_WITH}
    taken = {row.c for row in found["task"] if row.c}
    return CaseFacts(
        case_id=case.id,
        school=case.school,
        process=case.process_key,
        status=case.status,
        named_people=frozenset(shared["person"] | taken | {case.lead}),
        pupil_school=next((row.a for row in found["pupil"]), None),
        shared_with=shared["organisation"],
        invited=shared["invited"],
        packs=frozenset((reader, row.a, row.b) for row in found["pack"]),
        listed=frozenset((row.a, row.b) for row in found["list"]),
        open_lanes=frozenset((role, row.b) for row in found["task"] if not row.flag for role in (row.a or "").split()),
        is_overdue=bool(found["overdue"]),
        has_restricted=bool(found["restricted"]),
        is_sharing_stopped=bool(found["stop"]),
        revealed_to=frozenset({reader} if any(row.a == reveals.REVEALED for row in found["reveal"]) else ()),
    )


_FACTS = ("share", "task", "pupil", "overdue", "restricted", "reveal", "pack", "list", "stop")
_SHARED_WITH = ("person", "organisation", "invited")


def _facts(case: CaseLine, today: date, reader: str) -> sa.CompoundSelect[Any]:
    def part(kind: str, a: Any, b: Any = "", c: Any = "", flag: Any = None) -> sa.Select[Any]:
        texts = (sa.literal(one, sa.String) if isinstance(one, str) else one for one in (a, b, c))
        said = sa.false() if flag is None else flag
        return sa.select(sa.literal(kind, sa.String).label("kind"), *(
            column.label(name) for name, column in zip("abc", texts, strict=True)
        ), said.label("flag"))  # fmt: skip

    def is_here(table: sa.Table) -> sa.ColumnElement[bool]:
        return sa.exists().where(table.c.case_id == case.id, table.c.is_restricted)

    overdue = sa.exists().where(deadline.c.case_id == case.id, is_running, deadline.c.due_on < today)
    listed_here = listing.c.case_id == case.id
    tasks = part("task", work_item.c.role, work_item.c.holder, work_item.c.assignee, work_item.c.is_restricted)
    return sa.union_all(
        part("share", share.c.with_kind, share.c.with_id).where(share.c.case_id == case.id),
        tasks.where(work_item.c.case_id == case.id, is_open),
        part("pupil", pupil.c.school).where(pupil.c.id == case.pupil_id),
        part("overdue", "").where(overdue),
        part("restricted", "").where(sa.or_(is_here(note), is_here(document), is_here(work_item))),
        part("reveal", reveals.newest(case.id, reader)),
        _on_open_lists(part("pack", meeting.c.kind, meeting.c.organisation), today, reader).where(listed_here),
        _on_open_lists(part("list", meeting.c.kind, meeting.c.organisation), today, None).where(listed_here),
        part("stop", "").where(sa.exists().where(_is_stopped(case.pupil_id, case.process_key, today))),
    )


def answers_of(connection: Connection, case_id: str) -> list[Any]:
    """Every answered form of a case, newest first: rows of the table `answer`."""
    return list(connection.execute(sa.select(answer).where(answer.c.case_id == case_id).order_by(answer.c.seq.desc())))


def latest_answers(connection: Connection, case_id: str, limit: int, *, with_restricted: bool) -> list[Any]:
    """The latest answered forms of a case, newest first: rows of `answer` with `by_name`."""
    query = sa.select(answer, person.c.name.label("by_name")).outerjoin(person, person.c.id == answer.c.by)
    query = query.where(answer.c.case_id == case_id)
    if not with_restricted:
        query = query.where(~answer.c.is_restricted)
    return list(connection.execute(query.order_by(answer.c.seq.desc()).limit(limit)))


def notes_of(connection: Connection, case_id: str) -> list[Any]:
    """Every note of a case, newest first: rows of the table `note`."""
    return list(connection.execute(sa.select(note).where(note.c.case_id == case_id).order_by(note.c.seq.desc())))


def documents_of(connection: Connection, case_id: str) -> list[Any]:
    """Every document of a case, newest first: rows of the table `document`."""
    return list(
        connection.execute(sa.select(document).where(document.c.case_id == case_id).order_by(document.c.at.desc()))
    )


def deadlines_of(connection: Connection, case_id: str, limit: int = 30) -> list[Any]:
    """Deadlines of a case, running ones first, soonest first: rows of `deadline`, with `is_timer`, `is_restricted`."""
    query = (
        sa.select(
            deadline,
            timer.c.timer_id.is_not(None).label("is_timer"),
            sa.func.coalesce(work_item.c.is_restricted, sa.false()).label("is_restricted"),
        )
        .outerjoin(timer, timer.c.timer_id == deadline.c.id)
        .outerjoin(work_item, work_item.c.task_id == deadline.c.id)
        .where(deadline.c.case_id == case_id)
        .order_by(
            sa.case((deadline.c.state == "running", 0), else_=1),
            sa.case((deadline.c.state == "running", deadline.c.due_on)),
            deadline.c.due_on.desc(),
            deadline.c.id,
        )
        .limit(limit)
    )
    return list(connection.execute(query))


def has_word(case_id: sa.ColumnElement[str], prefix: str) -> sa.ColumnElement[bool]:
    """The case has a word that begins so."""
    return sa.exists().where(case_word.c.case_id == case_id, _begins(prefix))


def few_with_words(connection: Connection, search: str) -> list[str] | None:
    """The cases of the rarest word where they are few: then it is they that are looked at, not the whole list."""
    found: list[str] | None = None
    for word in words_of(search):
        ids = list(connection.scalars(sa.select(case_word.c.case_id).where(_begins(word)).limit(FEW + 1)))
        if len(ids) <= FEW and (found is None or len(ids) < len(found)):
            found = ids
    return None if found is None else sorted(set(found))


def _begins(prefix: str) -> sa.ColumnElement[bool]:
    upper = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return sa.and_(case_word.c.word >= prefix, case_word.c.word < upper)


def _shared(kind: str, ids: list[str]) -> sa.Select[tuple[str]]:
    return sa.select(share.c.case_id).where(share.c.with_kind == kind, share.c.with_id.in_(ids))


CASE_LINE = [
    case_record.c[name]
    for name in CaseLine.__dataclass_fields__
]  # fmt: skip


def case_line(row: Any) -> CaseLine:
    """A row with the columns of `CASE_LINE`."""
    fields = {name: getattr(row, name) for name in CaseLine.__dataclass_fields__}
    return CaseLine(**{**fields, "named": tuple(row.named)})
