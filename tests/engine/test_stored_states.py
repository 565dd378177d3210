"""States and deltas that earlier versions stored still load and go on. One folder entry per format; never edited."""

import json
from pathlib import Path

from engine.drawing import bundle
from engine.playing import NOW, PlainDates
from engine.test_growth import REVIEWS, ROUND

from app import engine
from app.model.json import canonical

STATES = Path(__file__).parent / "states"


def test_a_state_of_format_1_goes_on() -> None:
    """Round 3 of a review loop: an open task, two timers, three messages, a parent meeting beside it."""
    stored = json.loads((STATES / "format-1.json").read_text())
    definition = engine.parse(bundle(REVIEWS, review_round=ROUND))

    open_now = engine.waiting(definition, stored["state"])

    assert [each.element for each in open_now.tasks] == ["meet", "assess"]
    assert [each.element for each in open_now.timers] == ["six-weeks", "late"]
    assert sorted(each.message for each in open_now.subscriptions) == ["closed", "moved", "parent"]
    assert open_now.tasks[1].task_id == stored["assess"]
    done = engine.complete(definition, stored["state"], stored["assess"], {"met": True}, PlainDates(), NOW)
    last = engine.fire(definition, done.state, open_now.timers[0].timer_id, PlainDates(), NOW)
    assert (last.variables["round"], [each.element for each in engine.waiting(definition, last.state).tasks]) == (
        3,
        ["meet"],
    )


def test_deltas_of_format_1_fold_to_their_state() -> None:
    stored = json.loads((STATES / "format-1.json").read_text())
    assert canonical(engine.fold(stored["deltas"])) == canonical(stored["state"])
