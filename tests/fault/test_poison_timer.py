"""F15: one timer among many always fails: the others fire on time, and somebody is asked about that one, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from fault.waiting import a_case, cases_until, chains_hold, deployed, fired
from flask import Flask
from support.installation import NOW, command

from app.cases import damage, rebuilding
from app.cases.sweep import sweep
from app.model.actor import WORKER
from app.store.db import db, reading, transaction
from app.store.tables import incident

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
