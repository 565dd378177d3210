"""`case`: listing, showing, replaying and erasing, with names masked unless there is a reason."""

import json
import random

import pytest
from cli.conftest import Said
from support.walking import Walk

from app.store.db import db, reading
from app.store.queries import cases

PUPIL = "Zadie Thornbury"


@pytest.fixture
def walk(installed: object) -> Walk:
    """A case with its first task done."""
    walk = Walk("graduated-approach", random.Random(1))
    walk.start()
    walk.complete(walk.open_tasks()[0], walk.answers[walk.open_tasks()[0].element][0])
    return walk


def test_a_case_is_listed_shown_and_replayed_without_its_pupils_name(said: Said, walk: Walk) -> None:
    reference = _reference(walk)
    # when the operator looks at it in every way there is
    listed, shown, replayed = (
        said("case", "list", "--json"),
        said("case", "show", reference),
        said("case", "replay", reference),
    )
    moment = said("case", "replay", reference, "--entry", "1", "--json")
    # then each knows the case, and none the child
    assert [one["reference"] for one in json.loads(listed.stdout)] == [reference]
    assert [line.split("\t")[0] for line in replayed.stdout.splitlines()] == ["Entry", "1", "2"]
    assert json.loads(moment.stdout)
    for answer in (listed, shown, replayed, moment):
        assert (answer.exit_code, PUPIL in answer.stdout) == (0, False), answer.output


def test_names_need_a_reason(said: Said, walk: Walk) -> None:
    reference = _reference(walk)
    refused, told = (
        said("case", "show", reference, "--names"),
        said("case", "show", reference, "--names", "--reason", "Subject access request of 3 November"),
    )
    assert (refused.exit_code, PUPIL in refused.output) == (2, False)
    assert "Say why you need the names" in refused.stderr
    assert (told.exit_code, PUPIL in told.stdout) == (0, True)


def test_an_erased_case_cannot_be_read_and_its_chain_still_verifies(said: Said, walk: Walk) -> None:
    reference = _reference(walk)
    # when somebody's request is carried out by the operator
    erased = said("case", "erase", reference, "--requested-by", "head", "--reason", "Retention is over", "--yes")
    # then it is gone, and the chain holds
    assert (erased.exit_code, erased.stdout) == (0, f"{reference} is erased.\n"), erased.output
    assert said("case", "verify", "--all").exit_code == 0
    assert PUPIL not in said("case", "show", reference, "--names", "--reason", "to see").output


def test_erasing_needs_somebody_who_asked_and_a_yes(said: Said, walk: Walk) -> None:
    reference = _reference(walk)
    words = ("case", "erase", reference, "--reason", "Retention is over", "--requested-by")
    nobody, unsure = said(*words, "nobody.here", "--yes"), said(*words, "head", input="n\n")
    assert (nobody.exit_code, unsure.exit_code) == (2, 1)
    assert "nobody is called nobody.here" in nobody.stderr
    assert PUPIL in said("case", "show", reference, "--names", "--reason", "to see that it is there").stdout


def test_a_reference_that_is_not_there_is_a_sentence(said: Said) -> None:
    answer = said("case", "show", "GA-2026-9999")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "there is none for GA-2026-9999" in answer.stderr


def _reference(walk: Walk) -> str:
    found = cases.by_reference(reading(), walk.case_id)
    assert found is not None
    db.session.rollback()
    return found.reference
