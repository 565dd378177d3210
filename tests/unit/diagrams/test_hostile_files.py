"""The fifty hostile and malformed files, read in the bounded child as on upload: each becomes what the table says."""

from pathlib import Path
from typing import Any

import pytest
from hostile_files import FILES, plain, undecided
from ruamel.yaml import YAML

from app import engine
from app.diagrams import UnreadableDiagram
from app.model.definition import Bundle
from app.studio import checking, untrusted
from app.studio.bundles import ProcessFiles

TABLE = YAML(typ="safe").load(Path(__file__).with_name("hostile_files.yaml"))
REFUSED = [row for row in TABLE if row["outcome"] == "refused"]
LARGEST_SENTENCE = 200


def ids(row: dict[str, Any]) -> str:
    return f"{row['id']} {row['what']}"


def problems(content: bytes) -> list[checking.Problem]:
    return checking.problems(ProcessFiles("plan", {"plan.bpmn": content}), checking.known())


def test_every_file_of_the_plan_is_in_the_table() -> None:
    numbers = {row["id"][:3] for row in TABLE} | {"h33"}
    assert numbers == {f"h{number:02}" for number in range(1, 51)}
    assert {row["id"] for row in TABLE} == {name for name in FILES if not name.startswith("h33 ")}


def test_a_file_with_nothing_wrong_has_no_problem() -> None:
    assert problems(plain()) == []


@pytest.mark.parametrize("row", REFUSED, ids=ids)
def test_it_is_refused_at_its_element_in_a_plain_sentence(row: dict[str, Any]) -> None:
    found = [one for one in problems(FILES[row["id"]]()) if one.severity == "error"]

    assert (row["rule"], row["element"]) in {(one.rule, one.element) for one in found}
    for one in found:
        assert "\n" not in one.sentence
        assert len(one.sentence) < LARGEST_SENTENCE
        assert one.fix


@pytest.mark.parametrize("row", [row for row in REFUSED if row["rule"] == "readable"], ids=ids)
def test_what_cannot_be_read_is_no_draft_either(row: dict[str, Any]) -> None:
    with pytest.raises(UnreadableDiagram) as refused:
        untrusted.diagram(FILES[row["id"]]())

    assert refused.value.sentence.startswith("Expected ")
    assert len(refused.value.sentence) < LARGEST_SENTENCE


def test_a_diagram_of_thousands_of_tasks_is_no_draft() -> None:
    with pytest.raises(UnreadableDiagram, match="at most 1,000 tasks, events and gateways, but there are 5,002"):
        untrusted.diagram(FILES["h30"]())


@pytest.mark.parametrize("row", [row for row in TABLE if row["outcome"] == "warned"], ids=ids)
def test_it_is_warned_of(row: dict[str, Any]) -> None:
    found = problems(FILES[row["id"]]())
    assert [(one.severity, one.rule, one.element) for one in found] == [("warning", row["rule"], row["element"])]


@pytest.mark.parametrize("row", [row for row in TABLE if row["outcome"] == "accepted"], ids=ids)
def test_it_is_accepted(row: dict[str, Any]) -> None:
    assert problems(FILES[row["id"]]()) == []


def test_a_gateway_that_cannot_decide_is_an_incident_even_if_no_check_had_looked() -> None:
    from datetime import UTC, datetime

    # given a gateway whose conditions all say no, and that has no default
    definition = engine.parse(Bundle("plan", "plan", "Plan", {"plan.bpmn": undecided()}, {}, {}))
    # when a case starts
    step = engine.start(definition, {}, None, datetime(2026, 11, 2, 9, tzinfo=UTC))  # type: ignore[arg-type]
    # then it waits at the gateway with a problem
    assert [(one.element, one.kind) for one in step.troubles] == [("x", "no-branch")]
    assert not step.is_completed
