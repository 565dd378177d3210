"""Cases that the bench loads by the thousand are cases: chains hold, a rebuild gives their rows, and they can go on."""

from datetime import timedelta

import pytest

from app.bench import casework, loading
from app.bench.casework import Case
from app.bench.loading import FIRST_TASK, Crowd
from app.bench.place import installed
from app.bench.sizes import SIZES
from app.cases import rebuilding
from app.cases.sweep import sweep
from app.clock import real_now
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.keys import keyring
from app.store.queries import cases, work
from app.store.weighing import entries_of, fired


def test_copies_verify_are_what_a_rebuild_gives_and_go_on(database_kind: str, request: pytest.FixtureRequest) -> None:
    url = "" if database_kind == "sqlite" else request.getfixturevalue("postgres_url")
    due = real_now() - timedelta(seconds=5)
    with installed(url, SIZES["tiny"]):
        begun = Crowd(casework.school("tideway"), loading.at_the_first_task).more(7)
        waiting = Crowd(casework.school("beacon"), loading.at_the_review_date).more(
            5, lambda n: due + timedelta(seconds=n)
        )
        every_chain_holds()
        assert rebuilding.check() == []
        assert len({one.reference for one in [*begun, *waiting]}) == 12

        # a person finds one by its pupil's name and completes its task, and what is asked next is asked
        db.session.rollback()
        for search in (begun[0].pupil_name, begun[0].reference):
            assert begun[0].case_id in (cases.few_with_words(reading(), search) or ())
        Case(casework.school("tideway"), begun[0].case_id).do(FIRST_TASK, "talk_with_family")
        assert {one.element for one in work.of_case(reading(), begun[0].case_id)} == {"describe_class", "assess"}

        # each timer fires once, by a step of the engine
        assert sweep(real_now()).timers == 5
        assert entries_of(reading(), "timer-fired") == 5
        assert [at - due for at, _ in fired(reading(), loading.REVIEW_DATE, due)] == [
            timedelta(seconds=n) for n in range(5)
        ]
        assert {one.element for one in work.of_case(reading(), waiting[3].case_id)} == {"review"}

        # each has a key of its own
        stream = StreamId("case", begun[1].case_id)
        keyring().destroy(stream, real_now())
        db.session.rollback()
        assert journal.entries(reading(), stream)[0].content is None
        assert journal.entries(reading(), StreamId("case", begun[2].case_id))[0].content is not None
        every_chain_holds()


def every_chain_holds() -> None:
    db.session.rollback()
    broken = [one for stream in journal.streams(reading()) for one in journal.verify(reading(), stream)[1]]
    assert broken == []
    db.session.rollback()
