"""`operations show` and `incident`: what needs the operator, and acting on many cases without a word of any."""

import json

from cli.conftest import Said
from flask import Flask
from support import journeys
from support.installation import PUPILS

from app.model.entry import StreamId
from app.store import journal, nodes
from app.store.db import db, reading


def stuck_case() -> str:
    """A case whose plan has no date of review."""
    found = journeys.case_at("review", "pupil1", plan={"review_date": None})
    db.session.rollback()
    return found


def test_what_needs_the_operator_ends_with_1_and_names_nobody(said: Said, installed: Flask) -> None:
    # given a stuck case and nobody who does the background work
    stuck_case()

    # when
    shown, as_json = said("operations", "show"), said("operations", "show", "--json")

    # then
    assert (shown.exit_code, as_json.exit_code) == (1, 1)
    found = json.loads(as_json.stdout)
    assert "1 case cannot go on and nobody has looked at why." in found["needs"]
    assert any("No process does the background work" in one for one in found["needs"])
    assert [one["cases"] for one in found["problems"]] == [1]
    for name, *_ in PUPILS.values():
        assert name not in shown.stdout + as_json.stdout


def test_a_process_that_works_is_shown_as_alive(said: Said, installed: Flask) -> None:
    nodes.seen("here:1", "run")
    found = json.loads(said("operations", "show", "--json").stdout)

    assert [(one["name"], one["does"], one["alive"]) for one in found["nodes"]] == [("here:1", "run", True)]


def test_a_problem_is_listed_tried_again_and_handed_over(said: Said, installed: Flask) -> None:
    # given a stuck case
    case = stuck_case()
    listed = json.loads(said("incident", "list", "--json").stdout)
    assert [(one["process"], one["cases"]) for one in listed] == [("graduated-approach", 1)]

    # when it is tried again in vain, then handed over
    tried = said("incident", "retry", *listed[0]["ids"], "--reason", "The calendar was missing")
    again = json.loads(said("incident", "list", "--json").stdout)
    given = said("incident", "give-up", *again[0]["ids"], "--reason", "The plan has no date of review")

    # then both say how it ended, and the case says who and why
    assert (tried.exit_code, tried.stdout) == (1, "Done for 1 case. 1 case cannot go on, as before.\n")
    assert (given.exit_code, given.stdout) == (0, "Done for 1 case.\n")
    db.session.rollback()
    last = journal.entries(reading(), StreamId("case", case))[-1]
    assert (last.kind, last.actor) == ("incident-handed-over", "operator")
    assert json.loads(said("incident", "list", "--json").stdout)[0]["handed_over"] == 1


def test_an_unknown_id_is_refused_before_anything_is_done(said: Said, installed: Flask) -> None:
    refused = said("incident", "retry", "no-such-problem", "--reason", "The calendar was missing")

    assert refused.exit_code == 1
    assert "Expected the id of an open problem, but there is none for no-such-problem." in refused.stderr
