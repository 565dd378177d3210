"""The page of a day: each number opens a list that holds just as many, for everybody, and no more than they may see."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import forum, installation, many_tasks, staff
from support.fixtures import close
from support.installation import NOW, command
from support.pages import application_over
from support.walking import Walk

from app.access.people import Reader
from app.cases.records import write_record
from app.casework.days.day import day
from app.model.entry import StreamId
from app.store import reads
from app.store.counting import counted
from app.store.db import db, reading
from app.store.open import open_store
from app.store.queries import organisations, people

ClientOf = Callable[[str], FlaskClient]
LATER = NOW + timedelta(days=24)
TODAY = LATER.date()
#: the series of the forum here
SERIES = "north-forum-northgate-lift"
OFFICERS = {
    "exo": ("Paul Wend", "EXO", "testshire"),
    "fao": ("Fay Orr", "FAO", "testshire"),
    "gwpri": ("Greta Wye", "GWPRI", "testshire"),
    "far-exo": ("Otto Fen", "EXO", "elsewhere"),
}
SUSPENSION = {
    "kind": "suspension", "decided_on": "2026-11-02", "first_day_on": "2026-11-03", "last_day_on": "2026-11-10",
    "days": 6, "term_before": 0, "back_to_back": "no", "looked_after": "no", "social_worker": "no",
    "has_ehc_plan": "no", "exam_missed": "no",
}  # fmt: skip
PERMANENT = {**SUSPENSION, "kind": "permanent", "days": None, "last_day_on": None}


@pytest.fixture(scope="module")
def working(
    template: installation.Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[installation.Template]:
    """The authority at work, made once and copied for each test."""
    with installation.copy(template, tmp_path_factory.mktemp("working") / "data") as settings:
        app = open_store(Flask("working"), settings)
        with app.app_context():
            an_authority_at_work()
            close()
        yield installation.Template(settings.data_dir, settings.database_url)


@pytest.fixture
def at_work(working: installation.Template, tmp_path: Path) -> Iterator[Flask]:
    """The application over a copy of it."""
    with installation.copy(working, tmp_path / "working") as settings:
        app = application_over(settings)
        with app.app_context():
            yield app
            close()


@pytest.fixture
def client_of(at_work: Flask) -> ClientOf:
    """A client signed in as one of its people."""
    return lambda person_id: installation.sign_in(at_work, person_id)


def an_authority_at_work() -> None:
    """Cases of four processes at two schools, some of them late."""
    for person_id, (name, role, place) in OFFICERS.items():
        record = {"user_name": person_id, "name": name, "is_active": True,
                  "memberships": [{"role": role, "organisation": place}]}  # fmt: skip
        write_record(StreamId("person", person_id), "person-recorded", {"person": record}, command())
    clerk = {"user_name": "clerk", "name": "Cara Lisle", "is_active": True,
             "memberships": [{"role": "GOVCLK", "organisation": "beacon"}]}  # fmt: skip
    write_record(StreamId("person", "clerk"), "person-recorded", {"person": clerk}, command())
    staff.started()
    staff.started("pupil2", safeguarding="yes")
    staff.started("pupil3", school="harbour")
    forum.prepare()
    assert forum.a_series() == SERIES
    forum.request("pupil2")
    installation.deploy("exclusion")
    for pupil, decided in (("pupil1", SUSPENSION), ("pupil2", PERMANENT)):
        excluded(pupil, decided)
    installation.set_clock(LATER)
    db.session.rollback()


def excluded(pupil: str, decided: dict[str, object]) -> Walk:
    """An exclusion whose parents, board and authority were told."""
    walk = Walk("exclusion", random.Random(1))
    walk.start(pupil)
    answers = {
        "record_decision": decided,
        "tell_parents": {"parents_told_on": "2026-11-02", "how": ["voice", "hand"], "who": "Head"},
        "tell_others": {"told": ["authority", "board"], "notified_board_on": "2026-11-02"},
    }
    for element, given in answers.items():
        [task] = [one for one in walk.open_tasks() if one.element == element]
        walk.complete(task, given)
    return walk


def reader_of(person_id: str, on: date = TODAY) -> Reader:
    person = people.one(reading(), person_id)
    assert person is not None
    return Reader(person, organisations.tree(reading()), on)


def lines_behind(client: FlaskClient, address: str) -> list[str]:
    """References on every page of a list."""
    found: list[str] = []
    following: str | None = address
    while following:
        page = client.get(following).text
        found += re.findall(r"<br>(TES-[^<]+)</span></td>", page)
        after = re.search(r'href="([^"]+)" rel="next"', page)
        following = after[1].replace("&amp;", "&") if after else None
    return found


@pytest.mark.parametrize("person", ["senco", "head", "dsl", "exo", "gwpri", "forum-admin", "other-senco"])
def test_each_number_opens_a_list_and_a_spreadsheet_that_hold_just_as_many(client_of: ClientOf, person: str) -> None:
    client = client_of(person)
    found = day(reader_of(person), TODAY)
    numbers = [(part.section.key, one) for part in found.parts for group in part.groups for one in group.numbers]
    assert numbers
    for section, one in numbers:
        db.session.rollback()
        address = f"/day/{section}/{one.number.key}"
        assert len(lines_behind(client, address)) == one.count, address
        rows = client.get(f"{address}.csv").text.splitlines()
        assert len(rows) == one.count + 1, address
    page = client.get("/day").text
    for section, one in numbers:
        assert (f'href="/day/{section}/{one.number.key}"' in page) == (one.count > 0)


def test_the_numbers_are_those_that_were_counted_by_hand(client_of: ClientOf) -> None:
    expected = {
        # late: both of Beacon's "Check the universal offer" (due 9 November)
        "senco": {"support/late": 2, "support/forum": 1, "support/reviews": 0},
        "head": {"school/open-graduated-approach": 2, "school/open-exclusion": 2, "school/exclusions": 2},
        "dsl": {"safeguarding/late": 1, "safeguarding/alerts": 1, "safeguarding/cases": 1},
        # the sixth school day of both exclusions was 10 November, and nothing is arranged
        "exo": {"places/breaches": 2, "places/out": 2},
        "chair": {"forum/check": 0, "forum/hear": 1},
    }
    for person, numbers in expected.items():
        found = day(reader_of(person), TODAY)
        counts = {
            f"{part.section.key}/{one.number.key}": one.count
            for part in found.parts
            for group in part.groups
            for one in group.numbers
        }
        assert {key: counts.get(key, 0) for key in numbers} == numbers, person
        db.session.rollback()


def test_days_out_of_school_are_added_up_for_the_head_alone(client_of: ClientOf) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client_of("head").get("/day").text))
    assert "1 suspension, 6 days; 6 of them this term. 1 permanent exclusion." in page
    assert "Zadie Thornbury 6 6 5 days or more this term" in page
    assert "Days out of school" not in client_of("senco").get("/day").text


def test_an_officer_sees_statutory_dates_of_every_school_of_the_authority_and_of_no_other(client_of: ClientOf) -> None:
    page = client_of("exo").get("/day").text
    assert "Zadie Thornbury" in page
    assert re.search(r"Late by \d+ school days|\d+ school days? left", page)
    assert "Out of school since 3 Nov 2026" in page
    # another officer of the authority watches the same dates; one of another authority has none of them
    assert lines_behind(client_of("fao"), "/day/places/out") == lines_behind(client_of("exo"), "/day/places/out")
    assert "Zadie" not in client_of("far-exo").get("/day").text
    assert lines_behind(client_of("far-exo"), "/day/places/out") == []
    # and they see those cases, not those of SEN support
    [reference, _] = lines_behind(client_of("exo"), "/day/places/out")
    assert client_of("exo").get(f"/cases/{reference}").status_code == 200
    [support, _] = lines_behind(client_of("senco"), "/day/support/late")
    assert client_of("exo").get(f"/cases/{support}").status_code == 404


def test_a_section_of_a_role_one_does_not_hold_is_not_there(client_of: ClientOf) -> None:
    assert client_of("senco").get("/day/safeguarding/alerts").status_code == 404
    assert client_of("senco").get("/day/safeguarding/alerts.csv").status_code == 404
    assert client_of("dsl").get("/day/support/late").status_code == 404
    assert client_of("head").get("/day/school/nothing").status_code == 404


#: whose names each of them may meet anywhere (domain 4.2), written by hand
NAMES = ("Zadie", "Yusuf", "Xanthe")
MEETS = {
    "senco": {"Zadie", "Yusuf"},  # every SEND case of their school
    "head": {"Zadie", "Yusuf"},
    "teacher": {"Zadie", "Yusuf"},  # the cases name them
    "dsl": {"Yusuf"},  # the case with a concern
    "other-senco": {"Xanthe"},
    "exo": {"Zadie", "Yusuf"},  # exclusions of the whole authority, and nothing of SEN support
    "far-exo": set(),
    "forum-admin": {"Yusuf"},  # requests of their forum
    "chair": {"Yusuf"},
    "gwpri": set(),
    "locality": set(),  # counts, and cases they are invited to
    "owner1": set(),
    "auditor": set(),  # masks
}


def test_lists_searches_spreadsheets_and_programs_name_to_each_role_whom_it_may_know(
    at_work: Flask, client_of: ClientOf
) -> None:
    pages = ["/day", "/notices", "/cases?status=", "/figures.csv", f"/meetings/{SERIES}-2026-11-11.csv"]
    pages += ["/cases.csv?status=", *(f"/inbox.csv?view={view}" for view in ("todo", "overdue", "waiting"))]
    pages += [*(f"/cases.csv?search={name[:3].lower()}" for name in NAMES), "/inbox.csv?q=zad"]
    for person, may in MEETS.items():
        client, program = client_of(person), installation.program_of(at_work, person)
        mine = [part.section for part in day(reader_of(person), TODAY).parts]
        lists = [(one.key, number.key) for one in mine for group in one.groups for number in group.numbers]
        asked = [*pages, *(f"/day/{section}/{number}.csv" for section, number in lists)]
        said = "".join(client.get(page).text for page in asked)
        said += "".join(program.get(f"/api/v1/{what}").text for what in ("tasks", "cases"))
        db.session.rollback()
        assert {name for name in NAMES if name in said} == may, person


def test_an_export_is_recorded_and_says_what_the_page_says(client_of: ClientOf) -> None:
    answer = client_of("senco").get("/day/support/late.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert 'filename="support-late-2026-11-26.csv"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbfReference,Pupil,School,")
    assert "Zadie Thornbury" in answer.text
    db.session.rollback()
    [row] = reads.of_subject(reading(), "list/support/late")
    assert (row.person_id, row.action, row.outcome) == ("senco", "export_list", "allowed")


def test_the_lists_of_inbox_cases_and_meetings_can_be_taken_as_they_are_narrowed(client_of: ClientOf) -> None:
    senco = client_of("senco")
    everything = senco.get("/cases.csv?status=").text
    narrowed = senco.get("/cases.csv?status=&search=zadie").text
    assert everything.count("\n") > narrowed.count("\n") > 1
    assert "Yusuf" not in narrowed
    assert "Xanthe" not in everything
    inbox = senco.get("/inbox.csv?view=overdue").text
    assert inbox.count("Check the universal offer") == 2
    assert "Waiting: " in senco.get("/inbox.csv?view=waiting").text
    listed = client_of("forum-admin").get(f"/meetings/{SERIES}-2026-11-11.csv").text
    assert "Yusuf Applegarth,Beacon School,Record the outcome,no,To decide,2026-11-02" in listed
    masked = client_of("auditor").get("/cases.csv?status=").text
    assert "Pupil P" in masked
    assert "Zadie" not in masked


def test_figures_hide_small_numbers_from_those_who_see_no_case(client_of: ClientOf) -> None:
    page, file = client_of("owner1").get("/figures").text, client_of("owner1").get("/figures.csv").text
    assert "stands for a number that is hidden" in page
    assert "<svg" in page
    rows = [line.split(",") for line in file.strip().splitlines()]
    assert rows[0][0].lstrip("\ufeff") == "Part"
    assert {cell for row in rows[1:] for cell in row[1:]} <= {"c", "0", *(str(n) for n in range(6, 99))}


def test_a_day_costs_few_statements_however_many_tasks_there_are(app: Flask) -> None:
    many_tasks.open_tasks(2_000)
    for person in ("senco", "head"):
        who = reader_of(person, NOW.date())
        day(who, NOW.date())
        db.session.rollback()
        with counted() as sent:
            found = day(who, NOW.date())
        assert sent.number <= 12, person
        assert sum(one.count for part in found.parts for group in part.groups for one in group.numbers) > 0
