"""Entries that an earlier version wrote fold, load and go on as they did. How to record: support.random_processes."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.random_processes import recording
from support.random_processes.course import obey
from support.random_processes.dates import NOW

from app import engine
from app.model.json import JsonObject
from app.model.step import Step


@pytest.fixture(scope="module")
def histories() -> list[Any]:
    return list(recording.histories())


def folded(history: Any) -> Iterator[JsonObject]:
    """The state after each entry, from what the entries keep alone."""
    state: JsonObject | None = None
    for entry in history["entries"]:
        state = engine.apply(state, entry["delta"])
        yield state


def test_two_hundred_histories_are_kept_and_the_index_tells_of_each(histories: list[Any]) -> None:
    index = (recording.FOLDER / "index.txt").read_text().splitlines()

    assert len(histories) == 200
    assert [recording.line(each) for each in histories] == index
    assert sum(path.stat().st_size for path in recording.FOLDER.iterdir()) < 2_000_000


def test_entries_fold_to_the_states_they_were_written_with(histories: list[Any]) -> None:
    for history in histories:
        written = [entry["state"] for entry in history["entries"]]
        assert [recording.digest(state) for state in folded(history)] == written, f"history {history['seed']}"


def test_every_state_goes_on_as_it_did(histories: list[Any]) -> None:
    for history in histories:
        definition = recording.definition_of(history)
        first, *later = history["entries"]
        assert same(recording.begun(definition, history), first), f"history {history['seed']} starts otherwise"
        for number, (state, entry) in enumerate(zip(folded(history), later, strict=False), 1):
            step = obey(definition, state, recording.command_of(entry), NOW)
            assert same(step, entry), f"history {history['seed']} goes another way at entry {number}"


def same(step: Step, entry: Any) -> bool:
    now = recording.kept(step)
    return bool(now == {name: entry[name] for name in now})
