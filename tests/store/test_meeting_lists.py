"""Cases and meetings: the next date that has room, races for the last place, cancelled dates, and a rebuild."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from support import forum
from support.installation import NOW

from app.cases import listing, rebuilding
from app.cases.command import Command
from app.casework.meetings import dates, series
from app.errors import InvalidAnswers
from app.model.actor import WORKER
from app.store.db import db, reading
from app.store.queries import meetings, work
from app.store.queries.work import TaskLine
from app.store.tables import told

BEFORE, FIRST, SECOND, THIRD = (
    f"north-forum-northgate-lift-2026-{day}" for day in ("11-04", "11-11", "11-18", "11-25")
)


@pytest.fixture
def lift(installed: Flask) -> str:
    """A weekly LIFT with three places; today is Monday 2 November 2026."""
    forum.prepare()
    return forum.a_series()


def waits_for(case_id: str) -> tuple[TaskLine, str | None]:
    """The open task of a case and its meeting."""
    db.session.rollback()
    task = work.of_case(reading(), case_id)[0]
    found = meetings.listing_of(reading(), task.task_id)
    assert found is not None
    return task, found.meeting_id


def test_a_case_goes_to_the_next_meeting_that_still_takes_papers_and_says_so(lift: str) -> None:
    task, meeting = waits_for(forum.request().case_id)

    # papers for Wed 4 November were due on Thu 22 October: half-term lies between (example 57)
    assert meeting == FIRST
    assert task.due_on == date(2026, 11, 11)
    assert task.due is not None
    assert task.due["sentence"] == "the next meeting of Northgate LIFT: Wed 11 November 2026"
    assert rebuilding.check() == []


def test_a_full_meeting_holds_the_case_to_the_next_date(lift: str) -> None:
    cases = [forum.request(at=NOW + timedelta(hours=number)).case_id for number in range(4)]

    assert [waits_for(one)[1] for one in cases] == [FIRST, FIRST, FIRST, SECOND]


def test_a_fourth_case_of_one_school_waits_though_there_is_room(installed: Flask) -> None:
    forum.prepare()
    forum.a_series(slots="6", per_school="2")

    assert [waits_for(forum.request().case_id)[1] for _ in range(3)] == [FIRST, FIRST, SECOND]


def test_a_case_goes_to_the_meeting_of_its_own_group(installed: Flask) -> None:
    forum.prepare()
    forum.a_series(groups={"A": ("harbour",), "B": ("beacon",)})

    # in turn: A on 4 and 18 November, B on 11 and 25 November
    task, meeting = waits_for(forum.request().case_id)
    assert meeting == FIRST
    assert task.due is not None
    assert task.due["sentence"] == "the next meeting of Northgate LIFT, group B: Wed 11 November 2026"
    assert waits_for(forum.request("pupil3", school="harbour").case_id)[1] == SECOND


def test_of_eight_cases_at_once_three_get_the_last_places(installed: Flask, lift: str) -> None:
    def ask(number: int) -> str:
        with installed.app_context():
            return forum.request(at=NOW + timedelta(seconds=number)).case_id

    with ThreadPoolExecutor(8) as pool:
        cases = list(pool.map(ask, range(8)))

    given = [waits_for(one)[1] for one in cases]
    assert {one: given.count(one) for one in given} == {FIRST: 3, SECOND: 3, THIRD: 2}
    assert rebuilding.check() == []


def test_without_a_published_date_a_case_waits_and_is_placed_when_there_is_one(installed: Flask) -> None:
    forum.prepare()
    task, meeting = waits_for(forum.request().case_id)
    assert (meeting, task.due_on) == (None, None)
    assert listing.place_waiting(Command(WORKER, NOW)) == 0

    forum.a_series()

    task, meeting = waits_for(task.case_id)
    assert (meeting, task.due_on) == (FIRST, date(2026, 11, 11))
    assert rebuilding.check() == []


def test_a_cancelled_meeting_moves_its_cases_oldest_first_and_tells_their_school(lift: str) -> None:
    cases = [forum.request(at=NOW + timedelta(hours=number)).case_id for number in range(5)]
    assert [waits_for(one)[1] for one in cases] == [FIRST, FIRST, FIRST, SECOND, SECOND]
    held = meetings.one(reading(), FIRST)
    assert held is not None

    moved = dates.cancel(held, "the chair is ill", held.seq, Command(forum.CHAIR, NOW + timedelta(days=1), "k"))

    assert moved == 3
    assert [waits_for(one)[1] for one in cases] == [SECOND, THIRD, THIRD, SECOND, SECOND]
    task, _ = waits_for(cases[0])
    assert task.due_on == date(2026, 11, 18)
    sentence = (
        "“Record the outcome” goes from Wed 11 November 2026 to Northgate LIFT on Wed 18 November 2026: "
        "the meeting was cancelled (the chair is ill)."
    )
    rows = reading().execute(sa.select(told.c.person_id, told.c.sentence).where(told.c.case_id == cases[0])).all()
    assert sorted(row.person_id for row in rows) == ["senco", "senco2"]
    assert {row.sentence for row in rows} == {sentence}
    assert dates.cancel(held, "the chair is ill", held.seq, Command(forum.CHAIR, NOW + timedelta(days=1), "k")) == 0
    assert rebuilding.check() == []


def test_the_worker_moves_a_case_that_came_while_its_meeting_was_cancelled(lift: str) -> None:
    case = forum.request().case_id
    held = meetings.one(reading(), FIRST)
    assert held is not None
    record = {**held.record, "reason": "snow"}
    dates.record_once(
        dates.StreamId("meeting", FIRST), "meeting-cancelled", {"meeting": record}, Command(forum.CHAIR, NOW), held.seq
    )
    assert waits_for(case)[1] == FIRST

    assert listing.place_waiting(Command(WORKER, NOW)) == 1
    assert waits_for(case)[1] == SECOND
    assert listing.place_waiting(Command(WORKER, NOW)) == 0


def test_only_an_urgent_case_is_taken_late_and_only_by_the_chair(lift: str) -> None:
    calm, urgent = forum.request().case_id, forum.request(urgent=True).case_id
    task, _ = waits_for(calm)
    with pytest.raises(listing.ListClosed, match="Papers for Wed 4 November 2026 were due on Thu 22 October 2026"):
        listing.move(task.task_id, BEFORE, "asked", Command(forum.CHAIR, NOW), may_be_late=True)
    task, _ = waits_for(urgent)
    with pytest.raises(listing.ListClosed):
        listing.move(task.task_id, BEFORE, "asked", Command(forum.ADMIN, NOW), may_be_late=False)

    listing.move(task.task_id, BEFORE, "risk of exclusion", Command(forum.CHAIR, NOW), may_be_late=True)

    assert waits_for(urgent)[1] == BEFORE


def test_a_case_cannot_be_moved_to_a_full_meeting(lift: str) -> None:
    cases = [forum.request(at=NOW + timedelta(hours=number)).case_id for number in range(4)]
    task, meeting = waits_for(cases[3])
    assert meeting == SECOND

    with pytest.raises(listing.MeetingFull, match="it already has 3 cases"):
        listing.move(task.task_id, FIRST, "sooner", Command(forum.ADMIN, NOW), may_be_late=False)


def test_publishing_twice_makes_no_second_date_and_the_next_term_goes_on_with_the_groups(installed: Flask) -> None:
    forum.prepare()
    series_id = forum.a_series(date(2026, 11, 20), groups={"A": ("harbour",), "B": ("beacon",)})
    who, asked = forum.reader("forum-admin"), Command(forum.ADMIN, NOW)

    assert dates.publish(series_id, NOW.date(), date(2026, 11, 20), asked, who) == 0
    found = dates.preview(series_id, date(2026, 11, 21), date(2027, 1, 8), who)

    assert [(one.on, one.record["group"]) for one in found.planned] == [
        (date(2026, 11, 25), "B"),
        (date(2026, 12, 2), "A"),
        (date(2026, 12, 9), "B"),
        (date(2026, 12, 16), "A"),
        (date(2027, 1, 6), "B"),
    ]
    assert [one.why for one in found.left_out] == ["Christmas holidays 21 Dec–1 Jan"] * 2


def test_dates_at_which_the_chair_is_elsewhere_are_refused(lift: str) -> None:
    who, asked = forum.reader("forum-admin"), Command(forum.ADMIN, NOW)
    other = series.add(forum.settings(name="Inclusion forum", begins="14:30"), asked, who)

    with pytest.raises(InvalidAnswers) as refused:
        dates.publish(other, NOW.date(), date(2026, 12, 18), asked, who)

    assert "Northgate LIFT meets then, with the same chair" in refused.value.problems["first"]


def test_a_paused_series_takes_no_case(lift: str) -> None:
    row = series.series_of(lift, forum.reader("forum-admin"))
    series.pause(lift, is_paused=True, seq=row.seq, command=Command(forum.ADMIN, NOW), reader=forum.reader("chair"))

    assert waits_for(forum.request().case_id)[1] is None


def test_a_case_that_was_not_decided_goes_to_the_next_meeting_after_it(lift: str) -> None:
    case = forum.request().case_id
    task, _ = waits_for(case)
    one = meetings.listing_of(reading(), task.task_id)
    assert one is not None

    listing.defer(one, "the school could not come", Command(forum.CHAIR, NOW + timedelta(days=9)))

    assert waits_for(case)[1] == SECOND
    assert rebuilding.check() == []
