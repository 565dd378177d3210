"""F15: one timer among many always fails: the others fire on time, and somebody is asked about that one, once."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from fault.waiting import a_case, cases_until, chains_hold, deployed, fired
from flask import Flask
from support.installation import NOW, command

from app.cases import damage, rebuilding
from app.cases.incidents import StillStuck, retry, settle
from app.cases.sweep import sweep
from app.casework import stuck_cases
from app.model.actor import WORKER
from app.model.json import JsonObject
from app.store.db import db, reading, transaction
from app.store.queries import incidents, operations
from app.store.tables import case_record, incident

DUE = NOW + timedelta(days=1)
#: after the timer comes a loop without an end
POISON = """
start go
catch wait date="when"
exclusive again
script s feel="{ n: if n = null then 1 else n + 1 }"
exclusive stop default=on
end done
go -> wait -> again -> s -> stop
stop -yes-> done : enough
stop -on-> again
"""


def state_of(case_id: str) -> JsonObject:
    db.session.rollback()
    state: JsonObject = reading().scalar(sa.select(case_record.c.state).where(case_record.c.id == case_id))  # type: ignore[assignment]
    return state


def put_state(case_id: str, state: JsonObject) -> None:
    """As a fault of ours would: it can be read, and no checksum sees it."""
    with transaction() as connection:
        connection.execute(case_record.update().where(case_record.c.id == case_id).values(state=state))


def open_incidents() -> list[tuple[str, str]]:
    """(case, kind) of every open incident."""
    db.session.rollback()
    query = sa.select(incident.c.case_id, incident.c.kind).where(incident.c.state == "open")
    return [(row.case_id, row.kind) for row in reading().execute(query)]


@pytest.mark.parametrize("number", [100, pytest.param(1_000, marks=pytest.mark.long)])
def test_the_others_fire_and_one_incident_is_opened(installed: Flask, number: int) -> None:
    # given as many timers as that, one in their middle with an endless loop behind it
    half = number // 2
    before = cases_until([DUE] * half)
    poisoned = a_case(deployed("poison", POISON), when=DUE.isoformat(), enough=False)
    after = [a_case("until", when=DUE.isoformat()) for _ in range(number - half - 1)]
    # when the worker looks again and again
    swept = [sweep(DUE + timedelta(seconds=second)) for second in range(8)]
    # then everything else happened at the first look, and the poison is one incident
    assert swept[0].timers >= number - 1
    assert [one.failures for one in swept] == [0] * 8
    assert [len(one) for one in fired([*before, *after, poisoned])][:-1] == [1] * (number - 1)
    assert open_incidents() == [(poisoned, "bounds")]
    assert rebuilding.check() == []


def test_a_case_that_cannot_even_be_read_holds_nobody_up(installed: Flask) -> None:
    # given timers, and the stored state of one of the cases unreadable
    cases = cases_until([DUE] * 20)
    with transaction() as connection:
        table = sa.table("case_record", sa.column("id"), sa.column("state", sa.LargeBinary))
        connection.execute(table.update().where(table.c.id == cases[9]).values(state=b"not what was there"))
    # when the worker looks, and looks for damage
    swept = sweep(DUE)
    # then the others fired, it counts as failed, and an incident says what is wrong
    assert (swept.timers, swept.failures) == (19, 1)
    assert [len(one) for one in fired(cases)] == [1] * 9 + [0] + [1] * 10
    damage.report(command(WORKER, DUE))
    assert [case_id for case_id, _ in open_incidents()] == [cases[9]]
    assert chains_hold(cases)
    # and when the state is made again from history, its timer fires too
    damage.rebuild_case(cases[9], command())
    assert sweep(DUE).timers == 1
    assert open_incidents() == []


@pytest.mark.parametrize("number", [20, pytest.param(1_000, marks=pytest.mark.long)])
def test_a_timer_that_always_fails_is_a_problem_after_eight_tries_and_fires_once_when_tried_again(
    installed: Flask, number: int
) -> None:
    # given timers, and a case in their middle whose state no version of the program can read
    cases = cases_until([DUE] * number)
    poisoned = cases[number // 2]
    kept = state_of(poisoned)
    put_state(poisoned, kept | {"format": 99})
    # when the worker looks every minute for half a day
    swept = [sweep(DUE + timedelta(minutes=minute)) for minute in range(12 * 60)]
    # then everything else happened at the first look, and that one was tried eight times with growing pauses
    assert swept[0].timers == number - 1
    tried = [minute for minute, one in enumerate(swept) if one.failures]
    pauses = [after - before for before, after in pairwise(tried)]
    assert (tried[0], len(tried)) == (0, 8)
    assert all(2 * a <= b + 2 for a, b in pairwise(pauses[:-1])), pauses
    assert 60 <= pauses[-1] <= 62
    # and it is one problem of its case, in words, and not a late timer any more
    [problem] = [one for one in incidents.of_case(reading(), poisoned) if one.state == "open"]
    assert open_incidents() == [(poisoned, "timer")]
    assert "was due on 3 November 2026" in problem.sentence
    assert "failed 8 times, the last time with: an error of the program (ValueError)" in problem.sentence
    half_a_day = DUE + timedelta(hours=12)
    assert operations.how_many_late(reading(), half_a_day) == (0, None)
    assert [(one.cause.kind, one.number) for one in stuck_cases.groups({"testshire"})] == [("timer", 1)]
    # nobody can say that it is dealt with
    with pytest.raises(StillStuck):
        settle(poisoned, problem.id, "Never mind", command(at=half_a_day))
    # when somebody tries it again in vain, it is a problem again at once
    retry(poisoned, problem.id, "Is it better now?", command(at=half_a_day))
    assert (sweep(half_a_day).failures, sweep(half_a_day).failures) == (1, 0)
    [problem] = [one for one in incidents.of_case(reading(), poisoned) if one.state == "open"]
    # and when the state is right again and somebody tries again, the timer fires once
    put_state(poisoned, kept)
    retry(poisoned, problem.id, "The state was put right", command(at=half_a_day))
    assert [sweep(half_a_day + timedelta(minutes=n)).timers for n in range(3)] == [1, 0, 0]
    assert [len(one) for one in fired(cases)] == [1] * number
    assert open_incidents() == []
    assert chains_hold(cases)
    assert rebuilding.check() == []
