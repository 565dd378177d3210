"""Scope = decision, in the database: lists hold exactly what one by one would be allowed."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa
from access.world import KEY, World
from flask import Flask
from support.installation import NOW, command

from app.access import (
    Action,
    Membership,
    Organisation,
    OrganisationTree,
    Person,
    Reader,
    case_scope,
    decide,
    task_scope,
)
from app.access.roles import ROLES
from app.cases.starting import NewCase, start
from app.model.actor import Actor
from app.store.db import db, reading
from app.store.queries import cases, organisations, work
from app.store.queries.work import Filter
from app.store.tables import (
    candidate,
    case_record,
    deadline,
    listing,
    meeting,
    note,
    pupil,
    series_member,
    share,
    sharing_stop,
    work_item,
)

TODAY = NOW.date()
READERS = 60
IDS = [f"person{n}" for n in range(6)]
#: what the small authority has none of, so that every role can be held somewhere
MORE = (
    Organisation("partners", "Partners", "partnership", "north"),
    Organisation("hub", "Hub", "forum", "north"),
    Organisation("panel", "Panel", "panel", "testshire"),
    Organisation("board", "Board", "board", "testshire"),
    Organisation("far-district", "Far district", "district", "elsewhere"),
)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lists_hold_exactly_what_may_be_opened(app: Flask, world: World, seed: int) -> None:
    chance = random.Random(seed)
    tree = OrganisationTree((*organisations.tree(reading()).organisations, *MORE))
    _some_cases(chance)
    _stir(chance, tree)
    lines = list(map(cases.case_line, reading().execute(sa.select(*cases.CASE_LINE))))
    open_tasks = [one for line in lines for one in work.of_case(reading(), line.id)]
    print(f"seed {seed}: {len(lines)} cases, {len(open_tasks)} open tasks")

    seen = done = opened = 0
    for _ in range(READERS):
        reader = _somebody(chance, tree)
        facts = {line.id: cases.facts(reading(), line, tree, TODAY, reader.id) for line in lines}
        may_see = {key for key, one in facts.items() if decide(reader, Action.SEE_CASE, one).allowed}
        may_do = {
            one.task_id
            for one in open_tasks
            if decide(reader, Action.DO_TASK, work.facts(one, facts[one.case_id])).allowed
        }
        listed = {one.id for one in cases.visible(reading(), case_scope(reader), TODAY, limit=1_000)}
        assert listed == may_see, f"seed {seed}: {reader.person}"
        packs = cases.visible(reading(), case_scope(reader, Action.SEE_PACK), TODAY, limit=1_000)
        may_open = {key for key, one in facts.items() if decide(reader, Action.SEE_PACK, one).allowed}
        assert {one.id for one in packs} == may_open, f"seed {seed}: {reader.person}"
        opened += len(may_open)
        assert _inbox(reader) == may_do, f"seed {seed}: {reader.person}"
        seen, done = seen + len(may_see), done + len(may_do)
    assert seen > READERS / 2
    assert done > READERS / 4
    assert opened > READERS / 10


def _inbox(reader: Reader) -> set[str]:
    scope = task_scope(reader)
    views = (work.inbox(reading(), scope, view, TODAY, Filter(), limit=1_000) for view in ("todo", "team"))
    return {one.task_id for several in views for one in several}


def _somebody(chance: random.Random, tree: OrganisationTree) -> Reader:
    """One to three roles, some of them ended or held where they cannot be."""
    held = []
    for _ in range(chance.randint(1, 3)):
        code = chance.choice(
            ("SENCO", "TEACH", "DSL", "EP", "FADM", "HT", "HOS", "AUD") if chance.random() < 0.6 else (*ROLES,)
        )
        fitting = [one.id for one in tree.organisations if one.kind in ROLES[code].acts_at]
        where = chance.choice(fitting if chance.random() < 0.9 else [one.id for one in tree.organisations])
        held.append(Membership(code, where, until=TODAY - timedelta(1) if chance.random() < 0.1 else None))
    return Reader(Person(chance.choice(IDS), "Somebody", tuple(held)), tree, TODAY)


def _some_cases(chance: random.Random) -> None:
    """Five more real cases; who started them is random."""
    for school, pupil_id in (("beacon", "pupil2"), ("beacon", "pupil5"), ("harbour", "pupil3"), ("faraway", "pupil4")):
        lead = Actor(chance.choice(IDS), "Somebody", "SENCO", school)
        answer = {"concern_areas": ["semh"], "safeguarding_concern": chance.choice(("yes", "no"))}
        full = {**answer, "description": "Leaves the room", "raised_by": "staff"}
        named = tuple(chance.sample(IDS, chance.randint(0, 2)))
        start(NewCase(KEY, pupil_id, school, full, answer, named=named), command(lead))


def _stir(chance: random.Random, tree: OrganisationTree) -> None:
    """Shares, invitations, holders, lateness, notes and moves at random, written over the projections."""
    places, connection = [one.id for one in tree.organisations], db.session.connection()
    connection.execute(sa.delete(share))
    for case_id in list(connection.scalars(sa.select(case_record.c.id))):
        rows = {
            ("person", chance.choice(IDS)),
            ("invited", chance.choice(IDS)),
            ("organisation", chance.choice(places)),
        }
        for kind, whom in rows:
            if chance.random() < 0.5:
                connection.execute(share.insert().values(case_id=case_id, with_kind=kind, with_id=whom))
    for task_id in list(connection.scalars(sa.select(work_item.c.task_id).where(work_item.c.status == "open"))):
        role = chance.choice(("SENCO", "TEACH", "DSL", "EP", "FADM", "LSENCO"))
        holder = chance.choice([one.id for one in tree.organisations if one.kind in ROLES[role].acts_at])
        values = {"role": role, "holder": holder, "is_restricted": chance.random() < 0.3}
        taken = chance.choice(IDS) if chance.random() < 0.4 else None
        connection.execute(work_item.update().where(work_item.c.task_id == task_id).values(**values, assignee=taken))
        said = {**values, "assignee": taken}
        first = sa.select(sa.func.min(candidate.c.role)).where(candidate.c.task_id == task_id).scalar_subquery()
        connection.execute(sa.delete(candidate).where(candidate.c.task_id == task_id, candidate.c.role != first))
        connection.execute(candidate.update().where(candidate.c.task_id == task_id).values(**said))
    for deadline_id in list(connection.scalars(sa.select(deadline.c.id))):
        on = TODAY + timedelta(chance.randint(-2, 40))
        connection.execute(deadline.update().where(deadline.c.id == deadline_id).values(due_on=on))
    _stir_meetings(chance)
    connection.execute(sa.delete(sharing_stop))
    for pupil_id in ("pupil1", "pupil2", "pupil3"):
        if chance.random() < 0.5:
            since = TODAY + timedelta(chance.randint(-1, 1))
            row = {"pupil_id": pupil_id, "process_key": KEY, "since": since}
            connection.execute(sharing_stop.insert().values(**row))
    connection.execute(note.update().values(is_restricted=chance.random() < 0.5))
    connection.execute(pupil.update().where(pupil.c.id == "pupil1").values(school=chance.choice(("beacon", "harbour"))))
    connection.execute(sa.delete(work_item).where(work_item.c.status != "open", work_item.c.is_restricted))
    db.session.commit()


def _stir_meetings(chance: random.Random) -> None:
    """Every case on some list, of meetings held by whoever, with packs open or not, and random members."""
    connection = db.session.connection()
    places = (("hub", "forum"), ("partners", "area-panel"), ("north", "lmg"), ("testshire", "gateway-panel"))
    dates = list(connection.execute(sa.select(meeting.c.id, meeting.c.series_id)))
    for one in dates:
        where, kind = chance.choice(places)
        opens = TODAY + timedelta(chance.randint(-3, 3))
        given = {"organisation": where, "kind": kind, "pack_on": opens, "access_until": opens + timedelta(2)}
        connection.execute(meeting.update().where(meeting.c.id == one.id).values(**given))
    connection.execute(sa.delete(series_member))
    for series_id in {one.series_id for one in dates}:
        rows = [{"series_id": series_id, "person_id": person} for person in chance.sample(IDS, 4)]
        connection.execute(series_member.insert(), rows)
    connection.execute(sa.delete(listing))
    for task in list(connection.execute(sa.select(work_item.c.task_id, work_item.c.case_id, work_item.c.school))):
        row = {"kind": "forum", "organisation": "hub", "meeting_id": chance.choice(dates).id, "asked_at": NOW}
        values = {"task_id": task.task_id, "case_id": task.case_id, "school": task.school, "is_urgent": False}
        connection.execute(listing.insert().values(**row, **values))
