"""A warning about an answer, ticked and explained or not. When one holds is decided in `judging`."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.forms.context import Submitted
from app.forms.text import clean, has_unreadable, storable
from app.model.json import JsonObject

MAX_REASON = 1_000


@dataclass(frozen=True)
class Warned:
    """A warning: the person changes the answer, or ticks it and says why."""

    #: question path and id: "tier:jump", "outcomes:0:text:short"
    key: str
    #: path of the question
    path: str
    #: what is unusual
    sentence: str
    #: the person ticked it
    is_ticked: bool
    #: why they go on all the same
    reason: str
    #: what is still to do, or empty
    problem: str

    @property
    def is_accepted(self) -> bool:
        """Ticked, with a reason."""
        return not self.problem


def warned(key: str, path: str, sentence: str, submitted: Submitted) -> Warned:
    """The warning with what the person did about it."""
    is_ticked = bool(storable(submitted.get(f"_tick.{key}")))
    written = storable(submitted.get(f"_reason.{key}"))
    reason = clean(written)
    problem = ""
    if not is_ticked:
        problem = f"Change the answer, or tick to go on with it: {sentence}"
    elif not reason:
        problem = f"Give your reason: {sentence}"
    elif len(reason) > MAX_REASON or has_unreadable(reason):
        problem = f"Shorten your reason to {MAX_REASON:,} characters that can be read"
    return Warned(key, path, sentence, is_ticked, written if problem else reason, problem)


def accepted_warnings(warnings: Iterable[Warned]) -> JsonObject:
    """Warnings that somebody accepted, as an entry keeps them: by key, what was unusual and why they went on."""
    return {one.key: {"sentence": one.sentence, "reason": one.reason} for one in warnings}
