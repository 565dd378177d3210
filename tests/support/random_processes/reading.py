"""What an engine state says, in the words of the oracle: keys, tokens, who can go on. Reads JSON, runs nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from app.engine import Waiting
from app.model.json import JsonObject

from .places import Key, Path, WaitKind

_EACH = " [each]"


@dataclass(frozen=True)
class Found:
    """One thing the engine waits for."""

    #: as the oracle calls it
    key: Key
    #: number of its token, or of the token its scope runs in: older ones are smaller
    number: int
    #: by which the engine knows it
    outside_id: str
    #: of a message
    message: str | None = None


class Reading:
    """One state."""

    def __init__(self, state: JsonObject) -> None:
        self._seed = UUID(str(state["seed"]))
        self._scopes: dict[str, Any] = state["scopes"]  # type: ignore[assignment]

    @cached_property
    def tokens(self) -> dict[str, dict[str, Any]]:
        """Every token by its number."""
        return {number: task for scope in self._scopes.values() for number, task in scope["tasks"].items()}

    @cached_property
    def _scope_of(self) -> dict[str, str]:
        return {number: name for name, scope in self._scopes.items() for number in scope["tasks"]}

    @cached_property
    def _numbers(self) -> dict[str, str]:
        return {str(uuid5(self._seed, number)): number for number in ("0", *self.tokens)}

    def _path(self, number: str) -> Path:
        token, scope = self.tokens[number], self._scope_of[number]
        step = (token["element"].removesuffix(_EACH), token.get("notes", {}).get("index", 0))
        return (*(() if scope == "0" else self._path(scope)), step)

    def found(self, waiting: Waiting) -> list[Found]:
        """What the engine says it waits for, oldest first."""
        found = [self._token("task", each.task_id) for each in waiting.tasks]
        found += [self._token("timer", each.timer_id) for each in waiting.timers]
        found += [self._subscription(each.subscription_id, each.message) for each in waiting.subscriptions]
        return sorted(found, key=lambda each: each.number)

    def _token(self, kind: WaitKind, outside_id: str, message: str | None = None) -> Found:
        number = self._numbers[outside_id]
        return Found((kind, self._path(number)), int(number), outside_id, message)

    def _subscription(self, outside_id: str, message: str) -> Found:
        scope, _, start = outside_id.partition(":")
        if not start:
            return self._token("message", outside_id, message)
        number = self._numbers[scope]
        around = () if number == "0" else self._path(number)
        return Found(("message", (*around, (start, 0))), int(number), outside_id, message)

    def stuck(self) -> list[str]:
        """Elements whose token could run but does not, or that failed."""
        held = {"WAITING", "STARTED"}
        return [each["element"] for each in self.tokens.values() if each["state"] not in held and not _is_open(each)]

    def active(self) -> set[str]:
        """Elements a reader sees a token in: not what only watches beside an activity."""
        return {
            each["element"].removesuffix(_EACH) for each in self.tokens.values() if "host" not in each.get("notes", {})
        }


def _is_open(token: dict[str, Any]) -> bool:
    """Ready, and a person's task: it may stay so between two steps. Ids begin with a (tasks) or b (activities)."""
    return token["state"] == "READY" and token["element"][0] in "ab"
