"""The table of routes: what a line may say, that every message of the domain has one, that shipped diagrams fit it."""

import re
from pathlib import Path

import pytest

from app import diagrams
from app.cases import routes
from app.cases.routes import UnreadableRoute, read_routes

ROOT = Path(__file__).resolve().parents[3]
#: the messages that processes exchange, by the domain
DOMAIN = [
    "request.forum",
    "forum.outcome",
    "escalate.case",
    "refer.gateway",
    "refer.partnership",
    "osd.start",
    "mm.done",
    "fap.refer",
    "fap.placed",
    "risk.exclusion",
    "exclusion.upheld",
    "ar.early",
    "request.ehcna",
    "plan.final",
    "funding.decided",
    "phase.due",
    "train.need",
    "needs.theme",
    "ey.notify",
    "pupil.moved",
]


def test_every_message_of_the_domain_has_a_route() -> None:
    assert [one for one in DOMAIN if one not in routes.routes()] == []


def test_every_message_that_a_shipped_diagram_sends_has_a_route() -> None:
    sent = {
        node.message
        for file in (ROOT / "processes").glob("*/*.bpmn")
        for node in diagrams.read(file.read_bytes()).nodes.values()
        if node.message and (node.kind == "sendTask" or node.kind in ("endEvent", "intermediateThrowEvent"))
    }
    assert sent
    assert sent - set(routes.routes()) == set()


def test_what_a_route_expects_is_a_message_with_a_route() -> None:
    assert [one.message for one in routes.routes().values() if one.expects and one.expects not in routes.routes()] == []


def test_a_move_of_a_pupil_reaches_every_open_case_with_nothing_that_only_the_school_may_know() -> None:
    moved = routes.routes()["pupil.moved"]
    assert (moved.wakens, moved.spreads) == (("any",), True)
    told = {"on": "2026-11-02", "new_school": "Harbour School", "reason": "The family asked to keep it quiet"}
    assert moved.carried(told) == {"on": "2026-11-02", "new_school": "Harbour School"}
    assert moved.carried(None) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{start: p02_forum}", "say what it is"),
        ("{says: something}", "leads nowhere"),
        ("{says: something, start: p02_forum, to: nobody}", "'to'"),
        ("nothing", "say what it is"),
        ("{says: something, start: p02_forum, lead: PCOORD}", "an organisation and a role"),
        ("{says: something, waken: any, lead: partnership PCOORD}", "an organisation and a role"),
    ],
)
def test_a_line_that_says_too_little_or_something_unknown_is_refused(line: str, words: str) -> None:
    with pytest.raises(UnreadableRoute, match=words):
        read_routes(f"some.message: {line}")


def test_every_word_of_a_line_is_explained() -> None:
    page = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    table = page[page.index("## What a line") : page.index("## How an answer")]
    explained = set(re.findall(r"^\| `(\w+)", table, re.MULTILINE))
    assert explained == routes._MAY_SAY
