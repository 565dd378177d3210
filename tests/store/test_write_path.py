"""Writing to a case: once per key, in order, undone as a whole; and the projections equal what a rebuild gives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from support.installation import NOW, command

from app.cases import additions, erasing, events, notices, rebuilding, starting, tasks
from app.cases.command import Receipt
from app.cases.sweep import sweep
from app.errors import AlreadyClaimed, AlreadyDone, CaseErased, DifferentRequest, TaskEnded
from app.model.actor import Actor
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading, transaction
from app.store.queries import dues, work
from app.store.tables import case_record, work_item

SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
SENCO2 = Actor("senco2", "Bram Oyelaran", "SENCO", "beacon")


def a_case(key: str | None = None, pupil: str = "pupil1") -> Receipt:
    new = starting.NewCase("graduated-approach", pupil, "beacon", {"concern_areas": ["SEMH"]}, {}, named=("teacher",))
    return starting.start(new, command(SENCO, key=key))


def first_task(case: Receipt) -> work.TaskLine:
    db.session.rollback()
    return work.of_case(reading(), case.case_id)[0]


def test_starting_a_case_opens_its_first_task_with_a_reasoned_due_date(installed: Flask) -> None:
    case = a_case()
    task = first_task(case)
    assert case.reference == "TES-P01-2026-00001"
    assert (task.role, task.holder, task.pupil_name) == ("SENCO", "beacon", "Zadie Thornbury")
    assert task.due is not None
    assert "by Beacon School's calendar" in task.due["sentence"]


def test_the_same_key_twice_is_one_case_and_the_same_answer(installed: Flask) -> None:
    first, second = a_case("k1"), a_case("k1")
    assert (first.case_id, first.is_repeat) == (second.case_id, False)
    assert second.is_repeat
    with pytest.raises(DifferentRequest):
        a_case("k1", pupil="pupil2")


def test_completing_a_task_twice_says_who_did_it_and_when(installed: Flask) -> None:
    case = a_case()
    task = first_task(case)
    tasks.complete(case.case_id, task.task_id, tasks.Answers({"a": 1}), command(SENCO2))
    with pytest.raises(AlreadyDone, match="Bram Oyelaran completed “Check the universal offer” at 09:00 on 2 November"):
        tasks.complete(case.case_id, task.task_id, tasks.Answers(), command(SENCO))


def test_of_eight_people_completing_one_task_at_once_one_succeeds(installed: Flask) -> None:
    case = a_case()
    task = first_task(case)

    def attempt(number: int) -> str:
        with installed.app_context():
            try:
                tasks.complete(
                    case.case_id, task.task_id, tasks.Answers({"by": number}), command(SENCO, key=f"k{number}")
                )
            except AlreadyDone:
                return "already done"
            return "done"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(attempt, range(8)))
    assert outcomes == ["already done"] * 7 + ["done"]
    assert journal.verify(reading(), StreamId("case", case.case_id))[1] == []


def test_a_claimed_task_is_given_back_and_taken_by_another(installed: Flask) -> None:
    case = a_case()
    task = first_task(case)
    tasks.claim(case.case_id, task.task_id, command(SENCO))
    with pytest.raises(AlreadyClaimed):
        tasks.claim(case.case_id, task.task_id, command(SENCO2))
    tasks.release(case.case_id, task.task_id, command(SENCO))
    tasks.claim(case.case_id, task.task_id, command(SENCO2))
    assert first_task(case).assignee == "senco2"


def test_a_task_ended_by_a_message_says_so(installed: Flask) -> None:
    case = a_case()
    task = first_task(case)
    events.deliver(case.case_id, "pupil.moved", {"reason": "family moved"}, command(SENCO))
    with pytest.raises(TaskEnded, match="ended at 09:00 on 2 November 2026, before it was completed"):
        tasks.complete(case.case_id, task.task_id, tasks.Answers(), command(SENCO))


def test_a_failure_after_the_entry_was_written_undoes_everything(installed: Flask) -> None:
    case = a_case()
    before = len(journal.entries(reading(), StreamId("case", case.case_id)))
    db.session.rollback()
    with transaction() as connection:
        connection.execute(sa.update(work_item).values(task_id="moved away"))
    with pytest.raises(Exception, match=r".+"):
        tasks.complete(case.case_id, "no such task", tasks.Answers(), command(SENCO))
    db.session.rollback()
    assert len(journal.entries(reading(), StreamId("case", case.case_id))) == before


def test_after_a_pause_everybody_is_told_once_of_the_newest_that_concerns_them(installed: Flask) -> None:
    case = a_case()
    swept = sweep(NOW + timedelta(days=30))
    assert (swept.notices, swept.failures) == (1, 0)
    assert sweep(NOW + timedelta(days=30)).notices == 0
    late = "“Check the universal offer” was due on Mon 9 November 2026 and is 23 days late."
    assert [(row.kind, row.sentence) for row in dues.told_to(reading(), "senco")] == [("overdue", late)]
    assert [(row.kind, row.sentence) for row in dues.told_to(reading(), "head")] == [("overdue", late)]
    assert [(row.kind, row.sentence) for row in dues.told_to(reading(), "service-head")] == [("escalation", late)]
    assert dues.told_to(reading(), "owner1")[0].sentence.startswith(
        "A task of “Graduated approach (assess, plan, do, review)” was due on"
    )
    assert dues.told_to(reading(), "teacher") == []
    assert notices.give(case.case_id, first_task(case).task_id, command(SENCO)) is None


def test_a_closed_school_moves_the_deadline_and_keeps_the_old_date(installed: Flask) -> None:
    from app.calendars import from_json, to_json
    from app.cases.records import write_record
    from app.store.tables import calendar

    case = a_case()
    before = first_task(case).due_on
    record = reading().execute(sa.select(calendar.c.record).where(calendar.c.id == "beacon")).scalar_one()
    closed = from_json(record["days"]).with_closure((NOW + timedelta(days=1)).date(), "boiler")
    content = {"calendar": {"name": record["name"], "days": to_json(closed)}}
    write_record(StreamId("calendar", "beacon"), "calendar-recorded", content, command())
    events.recalculate(case.case_id, command(SENCO), "Closed on 3 November: boiler")
    task = first_task(case)
    assert before is not None
    assert task.due_on is not None
    assert task.due_on > before
    assert "boiler" in (task.due or {})["sentence"]
    assert rebuilding.check() == []


def test_a_rebuild_gives_what_is_live_and_a_changed_row_is_found(installed: Flask) -> None:
    case = a_case()
    task = first_task(case)
    tasks.claim(case.case_id, task.task_id, command(SENCO))
    additions.add_note(case.case_id, "Spoke to the family", False, command(SENCO))
    upload = additions.Upload("letter.pdf", "application/pdf", b"%PDF-1.7 hello")
    additions.add_document(case.case_id, upload, False, command(SENCO))
    tasks.complete(case.case_id, task.task_id, tasks.Answers({"a": 1}), command(SENCO))
    sweep(NOW + timedelta(days=20))
    db.session.rollback()
    assert rebuilding.check() == []
    with transaction() as connection:
        connection.execute(case_record.update().values(pupil_name="Somebody Else"))
    assert [(one.table, one.sentence) for one in rebuilding.check()] == [
        ("case_record", "pupil_name is not what the journal says")
    ]
    rebuilding.rebuild()
    assert rebuilding.check() == []


def test_erasing_needs_two_people_and_leaves_only_the_fact(installed: Flask) -> None:
    case = a_case()
    with pytest.raises(Exception, match="second person"):
        erasing.erase(case.case_id, "senco", "asked by the family", command(SENCO))
    erasing.erase(case.case_id, "senco2", "asked by the family", command(SENCO))
    db.session.rollback()
    row = reading().execute(sa.select(case_record).where(case_record.c.id == case.case_id)).one()
    assert (row.status, row.pupil_name, row.state) == ("erased", "erased", None)
    assert work.of_case(reading(), case.case_id) == []
    assert journal.verify(reading(), StreamId("case", case.case_id))[1] == []
    with pytest.raises(CaseErased):
        additions.add_note(case.case_id, "more", False, command(SENCO))
    db.session.rollback()
    assert rebuilding.check() == []
