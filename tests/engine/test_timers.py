"""Timers and due dates: set once, a latch, always with an offset. Saved and restored after every step."""

from datetime import UTC, date, datetime

import pytest
from engine.playing import NOW, Case, PlainDates

from app import engine
from app.engine.moments import Duration, later, literal
from app.errors import TaskEnded

WAIT = "start go\ncatch wait {}\nuser after\ngo -> wait -> after"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("date=2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
        ("date=2026-12-01T09:00:00+01:00", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        ("duration=P6W", datetime(2026, 12, 14, 9, tzinfo=UTC)),
        ("duration=PT2H", datetime(2026, 11, 2, 11, tzinfo=UTC)),
        ("duration=P6M", datetime(2027, 5, 2, 8, tzinfo=UTC)),
        ('date="agreed"', datetime(2026, 11, 20, tzinfo=UTC)),
        ("date=\"agreed + duration('P1D')\"".replace("'", '\\"'), datetime(2026, 11, 21, tzinfo=UTC)),
        ('duration="duration(\\"P1M\\")"', datetime(2026, 12, 2, 9, tzinfo=UTC)),
        ('duration="length"', datetime(2026, 11, 5, 9, tzinfo=UTC)),
        ('timer dueRule="3 days"', datetime(2026, 11, 5, 23, 59, tzinfo=UTC)),
        ('timer dueRule="3 days" dueBasis=agreed', datetime(2026, 11, 23, 23, 59, tzinfo=UTC)),
        ('date="due(\\"10 days\\", agreed)"', datetime(2026, 11, 30, tzinfo=UTC)),
    ],
)
def test_a_timer_says_when_in_any_of_the_ways_a_diagram_has(written: str, at: datetime) -> None:
    case = Case(WAIT.format(written), {"agreed": "2026-11-20", "length": "P3D"}, types={"agreed": "date"})
    assert case.timer("wait").due.at == at
    assert case.timer("wait").due.at.tzinfo is not None


def test_a_timer_fires_only_when_it_is_named_whatever_the_clock_says() -> None:
    case = Case(WAIT.format("date=2020-01-01"))
    assert (case.timers, case.tasks) == (["wait"], [])
    step = case.fire("wait")
    assert (case.timers, case.tasks) == ([], ["after"])
    assert step.disarmed == (case.steps[0].armed[0].timer_id,)


def test_a_timer_cannot_fire_twice() -> None:
    case = Case(WAIT.format("date=2026-12-01"))
    timer = case.timer("wait").timer_id
    case.fire("wait")
    with pytest.raises(TaskEnded):
        engine.fire(case.definition, case.state, timer, case.dates, NOW)


def test_a_date_is_not_looked_at_again_when_its_variables_change() -> None:
    lines = "start go\nparallel split\ncatch wait date=agreed\nuser a\ngo -> split -> wait\nsplit -> a"
    case = Case(lines, {"agreed": "2026-11-20"}, types={"agreed": "date"})
    case.complete("a", {"agreed": "2027-01-01"})
    assert case.timer("wait").due.on == date(2026, 11, 20)


def test_another_calendar_moves_the_date_and_nothing_else() -> None:
    case = Case(WAIT.format('timer dueRule="3 days"'))
    before = case.timer("wait")
    step = case.redate("wait", PlainDates().on_day(date(2026, 12, 24)))
    assert [(each.timer_id, each.due.on) for each in step.armed] == [(before.timer_id, date(2026, 12, 24))]
    assert (step.moves, step.disarmed, len(step.delta["set"])) == ((), (), 1)  # type: ignore[arg-type]
    case.fire("wait")
    assert case.tasks == ["after"]


def test_a_task_has_its_due_date_from_the_day_it_opens() -> None:
    case = Case(
        'start go\nuser a dueRule="10 days"\nuser b dueDate=agreed\ngo -> a -> b',
        {"agreed": "2026-12-18"},
        types={"agreed": "date"},
    )
    due = case.task("a").due
    assert due is not None
    assert (due.on, due.rule_key) == (date(2026, 11, 12), "10 days")
    case.complete("a")
    due = case.task("b").due
    assert due is not None
    assert due.on == date(2026, 12, 18)


def test_a_rule_nobody_knows_is_an_incident_until_somebody_adds_it() -> None:
    case = Case('start go\nuser a dueRule="5 moons"\ngo -> a')
    assert (case.troubles, case.tasks) == ([("a", "deadline")], [])
    assert "5 moons" in case.trouble("a").sentence
    case.dates.rules["5 moons"] = 150
    case.retry("a")
    assert (case.troubles, case.tasks) == ([], ["a"])


def test_a_basis_that_is_missing_is_an_incident_until_it_is_given() -> None:
    case = Case(
        'start go\ncatch wait timer dueRule="3 days" dueBasis=received\nuser after\ngo -> wait -> after',
        types={"received": "date"},
    )
    assert case.troubles == [("wait", "deadline")]
    case.amend("wait", {"received": "2026-11-02"})
    assert case.timers == ["wait"]


def test_a_boundary_timer_with_an_unknown_rule_leaves_the_task_open() -> None:
    case = Case("start go\nuser a\non late at=a timer dueRule=unknown\nuser chase\ngo -> a\nlate -> chase")
    assert (case.tasks, case.troubles) == (["a"], [("late", "deadline")])
    case.complete("a")
    assert case.troubles == []
    assert case.last.is_completed


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        # worked out by hand; England leaves summer time on 25 October 2026 and enters it on 28 March 2027
        (datetime(2027, 1, 31, 9, tzinfo=UTC), "P1M", datetime(2027, 2, 28, 9, tzinfo=UTC)),
        (datetime(2028, 1, 31, 9, tzinfo=UTC), "P1M", datetime(2028, 2, 29, 9, tzinfo=UTC)),
        (datetime(2028, 2, 29, 9, tzinfo=UTC), "P1Y", datetime(2029, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 10, 24, 8, tzinfo=UTC), "P1D", datetime(2026, 10, 25, 9, tzinfo=UTC)),
        (datetime(2026, 10, 24, 8, tzinfo=UTC), "PT24H", datetime(2026, 10, 25, 8, tzinfo=UTC)),
        (datetime(2027, 3, 27, 9, tzinfo=UTC), "P1D", datetime(2027, 3, 28, 8, tzinfo=UTC)),
        (datetime(2027, 3, 27, 1, 30, tzinfo=UTC), "P1D", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (datetime(2026, 9, 1, 8, tzinfo=UTC), "P6W", datetime(2026, 10, 13, 8, tzinfo=UTC)),
        (datetime(2026, 9, 14, 8, tzinfo=UTC), "P6W", datetime(2026, 10, 26, 9, tzinfo=UTC)),
        (datetime(2026, 11, 2, 9, tzinfo=UTC), "P1Y2M3DT4H5M", datetime(2028, 1, 5, 13, 5, tzinfo=UTC)),
    ],
)
def test_durations_keep_the_time_of_day_in_england(start: datetime, duration: str, expected: datetime) -> None:
    read = literal(duration)
    assert isinstance(read, Duration)
    assert later(start, read) == expected


@pytest.mark.parametrize("text", ["P", "PT", "P1DT", "-P1D", "P1.5D", "R/P6W", "today()", "2026-1-1", ""])
def test_what_is_no_iso_text_is_left_to_feel(text: str) -> None:
    assert literal(text) is None
