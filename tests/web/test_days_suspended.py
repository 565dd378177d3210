"""The record of an exclusion offers the days that earlier ones add up to, and warns of less."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.installation import command

from app.cases import tasks
from app.cases.erasing import erase
from app.cases.starting import NewCase, start
from app.model.actor import Actor
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import work

ClientOf = Callable[[str], FlaskClient]
WARNING = "Waymark has more suspended days on record for this "


@dataclass(frozen=True)
class Recorded:
    """A suspension that a head recorded."""

    first: str
    last: str
    days: float
    kind: str = "suspension"
    school: str = "beacon"


#: Term dates REF-A: Mon 19 to Wed 21 Oct, the lunchtime of Thu 22 Oct, then half-term.
BEFORE = (
    Recorded("2026-10-19", "2026-10-21", 3),
    Recorded("2026-10-22", "2026-10-22", 0.5, "lunchtime"),
    Recorded("2026-10-05", "2026-10-06", 2, school="harbour"),
)


@pytest.fixture(autouse=True)
def deployed(app: Flask) -> None:
    installation.deploy("exclusion")


def begun(school: str = "beacon") -> tuple[str, str]:
    """The procedure for the first pupil at its very beginning: the case, and the task that records the decision."""
    case = start(NewCase("exclusion", "pupil1", school, {}, {}), command(_head(school))).case_id
    return case, next(one for one in work.of_case(reading(), case) if one.element == "record_decision").task_id


def suspend(what: Recorded) -> str:
    """A procedure in which the head recorded this; the case."""
    case, task = begun(what.school)
    said: JsonObject = {
        "kind": what.kind,
        "decided_on": what.first,
        "first_day_on": what.first,
        "last_day_on": what.last,
    }
    rest: JsonObject = {
        "days": what.days,
        "term_before": 0,
        "back_to_back": "no",
        "exam_missed": "no",
        "looked_after": "no",
    }
    known: JsonObject = {**said, **rest, "social_worker": "no", "has_ehc_plan": "no", "exam_on": None}
    tasks.complete(case, task, tasks.Answers(known, known), command(_head(what.school)))
    return case


def _head(school: str) -> Actor:
    return Actor("head", "Esme Tarn", "HT", school)


def offered(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def test_days_of_the_term_at_this_school_and_of_the_year_at_all_are_offered(client_of: ClientOf) -> None:
    for one in BEFORE:
        suspend(one)

    page = client_of("head").get(f"/tasks/{begun()[1]}").text

    assert offered(page, "term_before") == "3.5"
    assert offered(page, "year_before") == "5.5"


def test_a_pupil_without_a_suspension_has_none(client_of: ClientOf) -> None:
    page = client_of("head").get(f"/tasks/{begun()[1]}").text
    assert (offered(page, "term_before"), offered(page, "year_before")) == ("0", "0")


@pytest.mark.parametrize(
    ("first", "term", "year", "warned"),
    [
        ("2026-11-03", "3", "5", ["term", "school year"]),
        ("2026-11-03", "3.5", "5.5", []),
        # the spring term begins anew, the year does not
        ("2027-01-12", "0", "5", ["school year"]),
        # and in September so does the year
        ("2027-09-14", "0", "0", []),
    ],
)
def test_fewer_days_than_are_on_record_need_a_reason(
    client_of: ClientOf, first: str, term: str, year: str, warned: list[str]
) -> None:
    for one in BEFORE:
        suspend(one)
    task = begun()[1]
    client = client_of("head")

    said = {"kind": "suspension", "term_before": term, "year_before": year, **_typed("first_day_on", first)}
    page = client.post(f"/tasks/{task}", data=said)

    assert page.status_code == 422
    assert [one for one in ("term", "school year") if f"{WARNING}{one}." in page.text] == warned


@pytest.mark.parametrize(
    ("kind", "last", "days", "is_refused"),
    [
        # Mon 2 to Thu 5 Nov 2026 are four school days; who is sent home at noon is out for three and a half
        ("suspension", "2026-11-05", "4", False),
        ("suspension", "2026-11-05", "3.5", False),
        ("suspension", "2026-11-05", "3", False),
        ("suspension", "2026-11-05", "4.5", True),
        ("suspension", "2026-11-05", "2.5", True),
        ("lunchtime", "2026-11-03", "1", False),
        ("lunchtime", "2026-11-03", "1.5", True),
    ],
)
def test_days_are_those_between_the_dates(
    client_of: ClientOf, kind: str, last: str, days: str, is_refused: bool
) -> None:
    fields = {"kind": kind, "days": days, **_typed("first_day_on", "2026-11-02"), **_typed("last_day_on", last)}
    page = client_of("head").post(f"/tasks/{begun()[1]}", data=fields)
    assert ("Enter the school days from the first to the last day out." in page.text) is is_refused


def _typed(name: str, day: str) -> dict[str, str]:
    return dict(zip((f"{name}-year", f"{name}-month", f"{name}-day"), day.split("-"), strict=True))


def test_what_was_erased_counts_no_more(client_of: ClientOf) -> None:
    erase(suspend(BEFORE[0]), "head", "started for the wrong pupil", command())
    page = client_of("head").get(f"/tasks/{begun()[1]}").text
    assert offered(page, "term_before") == "0"
