"""A check that runs beside people at work sees one moment, so nothing they write looks like damage."""

import random

from flask import Flask
from support.walking import Walk

from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, snapshot


def test_an_entry_written_during_a_check_is_not_seen_by_it(installed: Flask) -> None:
    walk = Walk("graduated-approach", random.Random(1))
    walk.start()
    db.session.rollback()
    stream = StreamId("case", walk.case_id)
    with snapshot() as moment:
        before = journal.entries(moment, stream)
        # when somebody finishes a task after the check has read the entries
        task = walk.open_tasks()[0]
        walk.complete(task, walk.answers[task.element][0])
        # then the check finds the head that belongs to them
        assert journal.verify(moment, stream) == (len(before), [])
    with snapshot() as moment:
        assert journal.verify(moment, stream) == (len(before) + 1, [])
