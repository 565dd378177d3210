"""The list of cases and one case: what is next, by when and why, what was said, what can happen to it."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from support.installation import NOW, command

from app.cases import starting
from app.cases.command import Receipt
from app.model.actor import Actor
from app.store import reads
from app.store.db import db, reading
from app.store.queries import work

SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
DSL = Actor("dsl", "Farid Lowe", "DSL", "beacon")
ClientOf = Callable[[str], FlaskClient]

CONCERN = {
    "concern_areas": ["cognition_learning"],
    "description": "Reads slowly. Zadie loses the line.",
    "raised_by": "staff",
    "safeguarding_concern": "no",
}


def a_case(pupil: str = "pupil1", school: str = "beacon", actor: Actor = SENCO, **more: str) -> Receipt:
    answers = {**CONCERN, **more}
    variables = {key: answers[key] for key in ("concern_areas", "safeguarding_concern")}
    new = starting.NewCase("graduated-approach", pupil, school, answers, variables, named=("teacher",))
    return starting.start(new, command(actor))


def first_task(case: Receipt) -> work.TaskLine:
    db.session.rollback()
    return work.of_case(reading(), case.case_id)[0]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_list_shows_what_is_next_and_by_when(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    page = text_of(client_of("senco").get("/cases").text)
    assert "Zadie Thornbury" in page
    assert case.reference in page
    assert "Check the universal offer: Due Mon 9 November 2026" in page


def test_the_list_holds_only_cases_in_the_readers_scope(app: Flask, client_of: ClientOf) -> None:
    ours, theirs = a_case(), a_case("pupil3", "harbour", Actor("other-senco", "Gwen Pike", "SENCO", "harbour"))
    page = client_of("senco").get("/cases").text
    assert ours.reference in page
    assert theirs.reference not in page
    assert client_of("senco").get(f"/cases/{theirs.reference}").status_code == 404


def test_a_search_finds_by_the_beginning_of_a_word(app: Flask, client_of: ClientOf) -> None:
    a_case()
    a_case("pupil2")
    page = client_of("senco").get("/cases?search=apple").text
    assert "Yusuf Applegarth" in page
    assert "Zadie" not in page


def test_the_next_page_of_the_list_goes_on_where_the_last_one_stopped(app: Flask, client_of: ClientOf) -> None:
    from app.access.people import Reader
    from app.access.scopes import case_scope
    from app.store.queries import cases, organisations, people

    made = [a_case("pupil1" if n % 2 else "pupil2").reference for n in range(5)]
    person = people.one(reading(), "senco")
    assert person is not None
    scope = case_scope(Reader(person, organisations.tree(reading()), NOW.date()))
    first = cases.visible(reading(), scope, NOW.date(), limit=3)
    rest = cases.visible(reading(), scope, NOW.date(), limit=3, after=(first[-1].changed_at, first[-1].id))
    assert sorted(one.reference for one in [*first, *rest]) == sorted(made)


def test_a_case_says_who_has_it_what_is_next_by_when_and_why(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    page = text_of(client_of("senco").get(f"/cases/{case.reference}").text)
    assert "Check the universal offer For the SENCO; nobody has taken it yet" in page
    assert "Due Mon 9 November 2026" in page
    assert "5 school days after" in page
    assert "Started Mon 2 November 2026 by Asha Quill" in page
    assert "Named in it Cleo Marsh" in page
    assert (
        "Asha Quill started “Graduated approach (assess, plan, do, review)” for Zadie Thornbury at Beacon School."
        in page
    )


def test_opening_a_case_is_recorded(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client_of("head").get(f"/cases/{case.reference}")
    client_of("other-senco").get(f"/cases/{case.reference}")
    found = [(row.person_id, row.outcome) for row in reads.of_subject(reading(), f"case/{case.case_id}")]
    assert sorted(found) == [("head", "allowed"), ("other-senco", "refused")]
