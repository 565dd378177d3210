"""Activities that are done several times: for each item, so many times, or while a condition holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from app.engine.elements import Element, cancel, fail, instances
from app.engine.expressions import Formula
from app.engine.trouble import Stuck
from app.model.json import Json, JsonObject

if TYPE_CHECKING:
    from app.engine.instance import CaseTask

MOST_INSTANCES = 200


@dataclass(frozen=True)
class Rounds:
    """How an activity is repeated."""

    #: one after the other
    is_sequential: bool
    #: FEEL giving the list that is gone through
    collection: Formula | None = None
    #: FEEL giving how many
    cardinality: Formula | None = None
    #: variable that holds the present item
    item: str | None = None
    #: variable that collects, and the variable of each instance it collects
    output: str | None = None
    output_item: str | None = None
    #: FEEL that ends a multi-instance activity early
    until: Formula | None = None
    #: standard loop: FEEL that keeps it going, greatest number of rounds, asked before the first
    again: Formula | None = None
    maximum: int | None = None
    tests_before: bool = False
    #: a standard loop
    is_loop: bool = False


class Repeated(Element):
    """The whole of the instances; `each` is the spec of one."""

    def __init__(self, *args: Any, rounds: Rounds, **kwargs: Any) -> None:
        """`each` is set when the instance's spec is made."""
        super().__init__(*args, **kwargs)
        self.rounds = rounds
        self.each: Element

    def arrive(self, token: CaseTask) -> bool:
        """Start the first instance, or all."""
        if self.rounds.is_loop:
            token.notes.update(done=0, at=0)
            if self.rounds.tests_before and not self._goes_on(token):
                return True
            token._set_state(TaskState.STARTED)
            self._start(token, {})
            return False
        items = self._items(token)
        token.notes.update(done=0, at=0, total=len(items))
        if self.rounds.output is not None:
            token.notes["outputs"] = [None] * len(items)
        if not items:
            self._collect(token)
            return True
        token._set_state(TaskState.STARTED)
        if self.rounds.is_sequential:
            token.notes["items"] = items
            self._next(token)
        else:
            for item in items:
                self._start(token, self._local(item))
        return False

    def done(self, token: CaseTask, instance: CaseTask) -> None:
        """One instance is done: what it assigned goes out, and the next begins."""
        token.notes["done"] += 1
        self._hand_out(token, instance)
        try:
            self.between(token)
        except Stuck as stuck:
            fail(token, stuck, "between")

    def between(self, token: CaseTask) -> None:
        """Decide whether to go on. Raises: Stuck."""
        notes, rounds = token.notes, self.rounds
        notes.pop("trouble", None)
        token._set_state(TaskState.STARTED)
        if rounds.is_loop:
            is_over = not self._goes_on(token)
        else:
            is_over = notes["done"] >= notes["total"] or self._ends_early(token)
        if is_over:
            self._finish(token)
        elif rounds.is_loop:
            self._start(token, {})
        elif rounds.is_sequential:
            self._next(token)

    def _items(self, token: CaseTask) -> list[Json]:
        rounds = self.rounds
        if rounds.collection is not None:
            value = rounds.collection.json(token)
            if not isinstance(value, list):
                raise Stuck(
                    "expression", f"Expected a list for {self.label}, but “{rounds.collection.source}” gives none"
                )
            items = list(value)
        else:
            assert rounds.cardinality is not None
            count = rounds.cardinality.json(token)
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                raise Stuck(
                    "expression", f"Expected a number for {self.label}, but “{rounds.cardinality.source}” gives none"
                )
            items = list(range(1, min(count, MOST_INSTANCES + 1) + 1))
        if len(items) > MOST_INSTANCES:
            raise Stuck("bounds", f"Expected at most {MOST_INSTANCES} instances of {self.label}, but there are more")
        return items

    def _local(self, item: Json) -> JsonObject:
        return {self.rounds.item: item} if self.rounds.item else {}

    def _next(self, token: CaseTask) -> None:
        self._start(token, self._local(token.notes["items"][token.notes["at"]]))

    def _start(self, token: CaseTask, local: JsonObject) -> None:
        instance = token._add_child(self.each)
        instance.triggered = True
        token.notes["at"] += 1
        instance.notes.update(instance_of=token.id, index=token.notes["at"], written=[])
        instance.notes["local"] = {**local, "loop_counter": token.notes["at"]}
        self.each._update(instance)

    def _hand_out(self, token: CaseTask, instance: CaseTask) -> None:
        local, rounds = instance.notes["local"], self.rounds
        if rounds.output is None:
            token.write({name: local[name] for name in instance.notes["written"] if name != rounds.item})
        else:
            token.notes["outputs"][instance.notes["index"] - 1] = local.get(rounds.output_item)

    def _ends_early(self, token: CaseTask) -> bool:
        counts: dict[str, Json] = {
            "number_of_instances": token.notes["total"],
            "number_of_completed_instances": token.notes["done"],
        }
        return self.rounds.until is not None and self.rounds.until.is_true(token, counts)

    def _goes_on(self, token: CaseTask) -> bool:
        done, rounds = token.notes["done"], self.rounds
        if rounds.maximum is not None and done >= rounds.maximum:
            return False
        return rounds.again is None or rounds.again.is_true(token, {"loop_counter": done})

    def _finish(self, token: CaseTask) -> None:
        for each in instances(token):
            cancel(each, self.element_id)
        self._collect(token)
        token._ready()

    def _collect(self, token: CaseTask) -> None:
        if self.rounds.output is not None:
            token.write({self.rounds.output: token.notes["outputs"][: token.notes["at"]]})
        for name in ("items", "outputs"):
            token.notes.pop(name, None)


class InstanceMixin:
    """Makes an element one instance of a repeated one: it leads nowhere, and says when it is done."""

    is_silent = True

    def left(self, token: CaseTask) -> None:
        """Tell the whole."""
        whole = token.workflow.tasks[token.notes["instance_of"]]
        whole.task_spec.done(whole, token)
