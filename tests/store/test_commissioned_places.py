"""Commissioned places: the last one is taken once, quotas hold, a place goes back when the case ends, and a rebuild."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from support import installation, partnership
from support.between import work_off
from support.installation import NOW
from support.partnership import CENTRE, asked, decide, wanted
from support.walking import Walk

from app.cases import rebuilding
from app.cases.command import Command
from app.cases.placing import NoPlaceLeft, NoQuotaLeft, PlaceUnclear
from app.casework.placements import centres
from app.errors import Rejected
from app.model.placing import SESSIONS
from app.store.db import db, reading
from app.store.queries import cases, placements, work
from app.store.queries.placements import PlacementRow
from app.store.tables import case_record

MORNINGS = [one for one in SESSIONS if one.endswith("_am")]


@pytest.fixture
def partners(installed: Flask) -> str:
    """A partnership whose centre has one place for each key stage; today is Monday 2 November 2026."""
    partnership.prepare()
    return partnership.a_centre()


def place_of(case_id: str) -> PlacementRow | None:
    db.session.rollback()
    return placements.of_case(reading(), case_id)


def test_a_place_is_taken_with_the_task_and_says_what_it_costs(partners: str) -> None:
    case_id = wanted()

    decide(case_id, asked())

    place = place_of(case_id)
    assert place is not None
    assert (place.status, place.centre, place.halves, place.kind) == ("held", CENTRE, 2, "additional")
    assert (place.first_on, place.last_on) == (date(2026, 11, 2), date(2026, 11, 27))
    # 20 days at 100.00 (example 61)
    assert (place.record["days"], place.record["quote"]) == ("20", "2000.00")
    assert [one.element for one in work.of_case(reading(), case_id)] == ["give_back"]
    assert rebuilding.check() == []


def test_of_six_people_who_take_the_last_place_at_once_exactly_one_gets_it(installed: Flask, partners: str) -> None:
    ids = [wanted(at=NOW + timedelta(seconds=number)) for number in range(6)]

    def take(case_id: str) -> str:
        with installed.app_context():
            try:
                decide(case_id, asked())
            except NoPlaceLeft as refused:
                return refused.sentence
            return "taken"

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(take, ids))

    assert said.count("taken") == 1
    [told] = {one for one in said if one != "taken"}
    assert told.startswith("Expected a free key stage 3 place at Mill Lane from Mon 2 November 2026 to Fri 27 November")
    assert "Somebody may have taken the last one just now." in told
    held = [one for one in ids if place_of(one) is not None]
    assert held == [ids[said.index("taken")]]
    # whoever got none still has the task, and nothing of it was written
    assert {work.of_case(reading(), one)[0].element for one in ids if one not in held} == {"offer"}
    assert rebuilding.check() == []


def test_of_four_people_who_use_the_last_place_of_a_quota_exactly_one_does(installed: Flask, partners: str) -> None:
    other = partnership.a_centre(name="Quarry Road", places={"ks3": "9", "ks4": "9"})
    partnership.a_quota()
    ids = [wanted(at=NOW + timedelta(seconds=number)) for number in range(4)]

    def take(case_id: str) -> bool:
        with installed.app_context():
            try:
                decide(case_id, asked(centre=other, place_type="quota"))
            except NoQuotaLeft:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, ids)) == [False, False, False, True]


def test_two_part_time_places_make_one_and_other_days_or_key_stages_are_free(partners: str) -> None:
    first, second, third, fourth, fifth = (wanted() for _ in range(5))

    decide(first, asked(pattern=MORNINGS))
    decide(second, asked(pattern=MORNINGS))
    with pytest.raises(NoPlaceLeft):
        decide(third, asked(pattern=MORNINGS))
    decide(third, asked(first_day="2026-11-30", last_day="2026-12-11"))
    decide(fourth, asked(key_stage="ks4"))
    decide(fifth, asked(place_decision="overbook"))

    assert [place.halves for one in (first, third, fifth) if (place := place_of(one))] == [1, 2, 2]
    overbooked = place_of(fifth)
    assert overbooked is not None
    assert overbooked.record["is_overbooked"] is True


def test_without_a_quota_a_place_is_additional_and_the_sentence_says_so(partners: str) -> None:
    case_id = wanted()

    with pytest.raises(NoQuotaLeft, match=r"of 0 it uses 0. Choose an additional place"):
        decide(case_id, asked(place_type="quota"))

    assert place_of(case_id) is None


def test_a_quota_place_is_charged_its_share_and_counts_until_it_is_given_back_before_it_began(partners: str) -> None:
    partnership.a_quota()
    case_id, other = wanted(), wanted("pupil2")

    decide(case_id, asked(place_type="quota", first_day="2026-11-09", premium=1075, top_up=4000))

    place = place_of(case_id)
    assert place is not None
    # 15 days of 190: 6,210 → 490.26, 1,075 → 84.87, 4,000 → 315.79
    assert place.record["quote"] == "890.92"
    with pytest.raises(NoQuotaLeft):
        decide(other, asked(place_type="quota", key_stage="ks4"))
    decide(case_id, {"place_ends_on": "2026-11-06"})
    decide(other, asked(place_type="quota", key_stage="ks4"))


def test_a_case_waits_is_seen_by_the_partnership_and_takes_the_place_that_was_given_back(partners: str) -> None:
    first, second = wanted(), wanted("pupil2")
    decide(first, asked())

    decide(second, asked(place_decision="wait"))

    waits = place_of(second)
    assert waits is not None
    assert (waits.status, waits.centre, waits.halves) == ("waiting", CENTRE, 0)
    decide(first, {"place_ends_on": "2026-11-01"})
    decide(second, asked())
    held, gone = place_of(second), place_of(first)
    assert held is not None
    assert gone is not None
    assert (held.status, gone.status, gone.ended_on) == ("held", "ended", date(2026, 11, 1))
    assert rebuilding.check() == []


def test_the_partnership_sees_a_case_while_it_waits_or_is_placed_and_not_afterwards(partners: str) -> None:
    case_id = wanted()

    def shared() -> frozenset[str]:
        db.session.rollback()
        found = cases.by_reference(reading(), case_id)
        assert found is not None
        them = partnership.reader()
        return frozenset(cases.facts(reading(), found, them.tree, them.on, them.id).shared_with)

    assert shared() == frozenset()
    decide(case_id, asked())
    assert shared() == {"partners"}
    decide(case_id, {"place_ends_on": "2026-11-27"}, NOW + timedelta(days=25))
    assert shared() == frozenset()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"first_day": "2026-10-28"}, "not so on Wed 28 October 2026"),
        ({"last_day": "2026-12-04"}, "not so on Fri 4 December 2026"),
        ({"last_day": "2026-11-01"}, "a last day after the first"),
        ({"pattern": []}, "a session of the week"),
        ({"centre": "nowhere"}, "a centre of this partnership"),
        ({"centre": None}, "something is missing|a centre of this partnership"),
        ({"last_day": "2027-09-20"}, "same school year|no term dates"),
    ],
)
def test_a_place_that_is_unclear_is_refused_and_nothing_is_written(
    partners: str, changed: dict[str, object], sentence: str
) -> None:
    case_id = wanted()

    with pytest.raises(PlaceUnclear, match=sentence):
        decide(case_id, {**asked(), **changed})  # type: ignore[arg-type]

    assert place_of(case_id) is None


def test_a_closed_centre_gives_no_place_and_a_larger_one_gives_more(partners: str) -> None:
    row = placements.one_centre(reading(), CENTRE)
    assert row is not None
    form, who = centres.typed_of(row, NOW.date()), partnership.reader()
    first, second = wanted(), wanted("pupil2")
    decide(first, asked())
    larger = {**vars(form), "places": {"ks3": "2", "ks4": "0"}}

    centres.change(CENTRE, centres.CentreForm(**larger), 1, Command(partnership.COORDINATOR, NOW, "a"), who)
    decide(second, asked())
    shut = centres.CentreForm(**{**larger, "is_open": False})
    centres.change(CENTRE, shut, 2, Command(partnership.COORDINATOR, NOW, "b"), who)

    with pytest.raises(PlaceUnclear):
        decide(wanted(), asked(first_day="2026-12-07", last_day="2026-12-11"))
    with pytest.raises(Rejected):
        centres.change(CENTRE, shut, 2, Command(partnership.COORDINATOR, NOW, "c"), who)


def test_the_panel_of_the_gateway_begins_a_case_that_the_coordinator_leads(installed: Flask) -> None:
    partnership.prepare()
    for key in ("gateway", "partnership-placement"):
        installation.deploy(key)
    walk = Walk("gateway", random.Random(4))
    walk.start()
    for decision in ("eligible", "", "partnership"):
        [task] = walk.open_tasks()
        walk.complete(task, next(one for one in walk.answers[task.element] if not decision or decision in one.values()))

    assert work_off() >= 1

    db.session.rollback()
    query = sa.select(case_record).where(case_record.c.process_key == "partnership-placement")
    begun = reading().execute(query).one()
    assert (begun.lead, begun.pupil_id, begun.school) == ("coordinator", "pupil1", "beacon")
    assert begun.variables["told"]["risk"]
    [task] = work.of_case(reading(), begun.id)
    assert (task.element, task.holder) == ("signpost", "partners")
    assert rebuilding.check() == []
