"""A date something is due, with the reason: the result of a deadline rule, as an entry keeps it.

The rules themselves live in `app.calendars`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, cast

from app.model.json import JsonObject

Rung = Literal["reminder", "due today", "overdue", "escalation"]


@dataclass(frozen=True)
class LadderStep:
    """One moment at which somebody is told about a deadline."""

    #: when, aware, UTC
    at: datetime
    #: what kind of notice
    kind: Rung
    #: role codes told, besides whoever has the task
    tell: tuple[str, ...] = ()
    #: they learn that something is late, not whose case it is
    count_only: bool = False


@dataclass(frozen=True)
class Due:
    """When, and why then."""

    #: the date in England
    on: date
    #: the instant it stops being in time, aware, UTC
    at: datetime
    #: one sentence a person reads: how the date was reached
    sentence: str
    #: deadline rule, or None where a date was simply given
    rule_key: str | None = None
    #: which dated version of the rule
    rule_version: str | None = None
    #: the date it was counted from
    basis: date | None = None
    #: last working day on or before, where the legal date may fall on a weekend
    target_on: date | None = None
    #: "long_gap", "provisional"
    flags: tuple[str, ...] = ()
    #: who is told when
    ladder: tuple[LadderStep, ...] = ()

    def to_json(self) -> JsonObject:
        """ISO text throughout; `from_json` reads it back."""
        return {
            "on": self.on.isoformat(),
            "at": self.at.isoformat(),
            "sentence": self.sentence,
            "rule": self.rule_key,
            "version": self.rule_version,
            "basis": self.basis.isoformat() if self.basis else None,
            "target": self.target_on.isoformat() if self.target_on else None,
            "flags": list(self.flags),
            "ladder": [[s.at.isoformat(), s.kind, list(s.tell), s.count_only] for s in self.ladder],
        }

    @classmethod
    def from_json(cls, value: JsonObject) -> "Due":
        """The due date that `to_json` wrote."""
        text = cast(dict[str, str | None], value)
        rungs = cast(list[tuple[str, Rung, list[str], bool]], value["ladder"])
        return cls(
            on=date.fromisoformat(cast(str, value["on"])),
            at=datetime.fromisoformat(cast(str, value["at"])),
            sentence=cast(str, value["sentence"]),
            rule_key=text["rule"],
            rule_version=text["version"],
            basis=date.fromisoformat(text["basis"]) if text["basis"] else None,
            target_on=date.fromisoformat(text["target"]) if text["target"] else None,
            flags=tuple(cast(list[str], value["flags"])),
            ladder=tuple(
                LadderStep(datetime.fromisoformat(at), kind, tuple(tell), few) for at, kind, tell, few in rungs
            ),
        )


class Dates(Protocol):
    """What the engine asks when a diagram names a deadline rule. `app.cases` answers, with the case's own calendar."""

    def due(self, rule_key: str, basis: date | None) -> Due:
        """The due date by a rule key or a rule written out; `basis` None means today. Raises UnknownKey."""
        ...

    def on_day(self, day: date) -> Due:
        """A date simply given, as a due date with its sentence."""
        ...

    def at_moment(self, moment: datetime) -> Due:
        """An aware moment simply given (a duration that ran out), as a due date with its sentence."""
        ...
