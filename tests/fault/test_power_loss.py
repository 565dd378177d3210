"""F3: the power goes at any moment: what was acknowledged is there afterwards, nothing half done, no page torn."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from fault import power
from fault.completing import ANSWERS, ELEMENTS
from fault.power import Acknowledged, Record, recorded
from fault.servers import looking_at
from support import installation
from support.installation import command

from app.cases import rebuilding, tasks
from app.cases.definitions import form_of
from app.cases.starting import NewCase, start
from app.config import Settings
from app.model.entry import StreamId
from app.store import journal
from app.store.db import db, reading
from app.store.queries import cases, work

MAIN, KEYS = "waymark.db", "keys.db"
#: every so many cuts, what is left is opened by the program itself, which reads all of it
OPENED_EVERY = 10


@pytest.fixture
def template(tmp_path: Path) -> installation.Template:
    """On SQLite: PostgreSQL has a disk of its own, and is killed in F2."""
    return installation.prepare(tmp_path / "template")


@dataclass
class Worked:
    """People's work on a disk that is about to lose its power."""

    settings: Settings
    #: its files at the beginning
    before: dict[str, bytes]
    record: Record


@dataclass
class Found:
    """What power cuts did."""

    #: databases with a torn page, or that cannot be read
    corrupt: int = 0
    #: cuts after which acknowledged work was missing
    losing: int = 0
    #: cuts after which tables say another thing than the journal
    half_done: int = 0


def test_twenty_power_cuts_lose_nothing_that_was_acknowledged(template: installation.Template, tmp_path: Path) -> None:
    worked = at_work(template, tmp_path / "data", fast_commits=False, number=8)
    assert cut(worked, tmp_path, cuts=20) == Found()


@pytest.mark.long
def test_four_hundred_power_cuts_lose_nothing_that_was_acknowledged(
    template: installation.Template, tmp_path: Path
) -> None:
    worked = at_work(template, tmp_path / "data", fast_commits=False, number=60)
    assert cut(worked, tmp_path, cuts=400) == Found()


def test_the_disk_does_forget_what_nobody_waited_for(template: installation.Template, tmp_path: Path) -> None:
    """Without waiting for the disk, as a demonstration is made, the same cuts do harm: they are real."""
    worked = at_work(template, tmp_path / "data", fast_commits=True, number=4)
    found = cut(worked, tmp_path, cuts=10)
    assert found.corrupt + found.losing + found.half_done > 0


def at_work(template: installation.Template, folder: Path, fast_commits: bool, number: int) -> Worked:
    """So many cases are begun and worked on, with everything that reaches the disk recorded."""
    with installation.copy(template, folder) as copied:
        settings = replace(copied, fast_commits=fast_commits)
        before = {one.name: one.read_bytes() for one in folder.iterdir()}
        with recorded(folder) as record, looking_at(settings):
            for n in range(number):
                answers = {"safeguarding_concern": "no", "concern_areas": ["semh"]}
                pupil = "pupil1" if n % 2 else "pupil2"
                new = NewCase("graduated-approach", pupil, "beacon", answers, answers, named=("teacher",))
                case_id = start(new, command()).case_id
                record.acts.append(Acknowledged(case_id, 1))
                for element in ELEMENTS:
                    _complete(case_id, element, record)
    return Worked(settings, before, record)


def _complete(case_id: str, element: str, record: Record) -> None:
    db.session.rollback()
    task = next(one for one in work.of_case(reading(), case_id) if one.element == element)
    case = cases.by_reference(reading(), case_id)
    assert case is not None
    given = ANSWERS[element][0]
    asked = form_of(case.bundle, task.form_key) if task.form_key else None
    variables = {name: given.get(question) for question, name in asked.variables.items()} if asked else {}
    receipt = tasks.complete(case_id, task.task_id, tasks.Answers(given, variables), command())
    record.acts.append(Acknowledged(case_id, receipt.seq))


def cut(worked: Worked, folder: Path, cuts: int) -> Found:
    """Take the power away so often, each time at a moment and with a loss that are drawn; what was found after it."""
    dice, found = random.Random(20261102), Found()
    for n in range(cuts):
        at = dice.randrange(1, len(worked.record.acts) + 1)
        left = folder / f"left{n}"
        left.mkdir()
        for name, content in power.after_a_cut(worked.record, worked.before, at, dice).items():
            (left / name).write_bytes(content)
        told = [one for one in worked.record.acts[:at] if isinstance(one, Acknowledged)]
        try:
            missing, half_done = _look(left, told)
            found.losing += bool(missing)
            found.half_done += half_done
            if n % OPENED_EVERY == 0 and not half_done:
                found.half_done += not _holds(replace(worked.settings, data_dir=left), told)
        except sqlite.DatabaseError:
            found.corrupt += 1
    return found


def _look(left: Path, told: list[Acknowledged]) -> tuple[set[Acknowledged], bool]:
    """What was told and is missing, and whether a table is behind the journal. Raises DatabaseError for torn pages."""
    keys = _opened(left / KEYS)
    held = {row[0] for row in keys.execute("SELECT stream FROM stream_key")}
    keys.close()
    main = _opened(left / MAIN)
    there = {Acknowledged(*row) for row in main.execute("SELECT stream_id, seq FROM entry WHERE stream_kind = 'case'")}
    heads = set(main.execute("SELECT id, seq FROM stream WHERE kind = 'case'"))
    rows = set(main.execute("SELECT id, seq FROM case_record"))
    newest = set(main.execute("SELECT stream_id, max(seq) FROM entry WHERE stream_kind = 'case' GROUP BY 1"))
    main.close()
    without_key = {one for one in there if f"case/{one.case_id}" not in held}
    return set(told) - there | without_key, not newest == heads == rows


def _opened(path: Path) -> sqlite.Connection:
    connection = sqlite.connect(path)
    (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    if said != "ok":
        raise sqlite.DatabaseError(said)
    return connection


def _holds(settings: Settings, told: list[Acknowledged]) -> bool:
    """Whether the program opens what is left, every chain holds, and every table is as the journal says."""
    with looking_at(settings):
        streams = {StreamId("case", one.case_id) for one in told}
        return not any(journal.verify(reading(), one)[1] for one in streams) and rebuilding.check() == []
