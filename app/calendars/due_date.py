"""Owns what a worked-out deadline says about itself, and its JSON in an entry. `deadlines` works it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from app.calendars.local_time import start_of_day

StepKind = Literal["reminder", "due today", "overdue", "escalation"]


@dataclass(frozen=True)
class LadderStep:
    """One notice about a deadline."""

    #: When, in UTC.
    at: datetime
    #: Role codes, or `assignee` and `line_lead`.
    tell: tuple[str, ...]
    #: What it says.
    kind: StepKind
    #: They see that something is late, not whose case it is.
    count_only: bool = False


@dataclass(frozen=True)
class Skipped:
    """Days the count passed over."""

    #: First weekday.
    first: date
    #: Last weekday.
    last: date
    #: "half-term", "training day", the reason of a closure.
    why: str


@dataclass(frozen=True)
class DueDate:
    """A deadline with how it was reached."""

    #: London date it is due on.
    on: date
    #: Last instant in time, in UTC: the rule's time of day, else the last second of the day.
    at: datetime
    #: How it was reached, in one sentence.
    sentence: str
    #: Key of the rule.
    rule_key: str
    #: Version of the rule.
    rule_version: int
    #: London date it counts from.
    basis: date
    #: The instant it counts from, if one was given.
    basis_at: datetime | None = None
    #: Whether a notice before an event kept the days clear at both ends.
    clear_days: bool = False
    #: Last working day on or before, for dates that weekends do not move.
    target_on: date | None = None
    #: Day a check is put in front of people, where that is a later school day.
    shown_on: date | None = None
    #: "long_gap", "provisional".
    flags: tuple[str, ...] = ()
    #: What the count passed over, in order.
    skipped: tuple[Skipped, ...] = ()
    #: Reminders, in UTC.
    remind_at: tuple[datetime, ...] = ()
    #: Every notice, reminders included, in order of time.
    ladder: tuple[LadderStep, ...] = ()

    @property
    def starts_at(self) -> datetime:
        """00:00 in London of the due day, in UTC: when work that opens on that day may open."""
        return start_of_day(self.on)

    @property
    def is_provisional(self) -> bool:
        """Whether it rests on school days nobody has published yet."""
        return "provisional" in self.flags

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `from_json` gives an equal deadline back."""
        return {
            "on": self.on.isoformat(),
            "at": self.at.isoformat(),
            "sentence": self.sentence,
            "rule_key": self.rule_key,
            "rule_version": self.rule_version,
            "basis": self.basis.isoformat(),
            "basis_at": self.basis_at and self.basis_at.isoformat(),
            "clear_days": self.clear_days,
            "target_on": self.target_on and self.target_on.isoformat(),
            "shown_on": self.shown_on and self.shown_on.isoformat(),
            "flags": list(self.flags),
            "skipped": [[part.first.isoformat(), part.last.isoformat(), part.why] for part in self.skipped],
            "ladder": [[step.at.isoformat(), list(step.tell), step.kind, step.count_only] for step in self.ladder],
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> DueDate:
        """The deadline `to_json` wrote."""
        ladder = tuple(LadderStep(datetime.fromisoformat(a), tuple(t), k, c) for a, t, k, c in written["ladder"])
        return cls(
            on=date.fromisoformat(written["on"]),
            at=datetime.fromisoformat(written["at"]),
            sentence=written["sentence"],
            rule_key=written["rule_key"],
            rule_version=written["rule_version"],
            basis=date.fromisoformat(written["basis"]),
            basis_at=datetime.fromisoformat(written["basis_at"]) if written["basis_at"] else None,
            clear_days=written["clear_days"],
            target_on=date.fromisoformat(written["target_on"]) if written["target_on"] else None,
            shown_on=date.fromisoformat(written["shown_on"]) if written["shown_on"] else None,
            flags=tuple(written["flags"]),
            skipped=tuple(Skipped(date.fromisoformat(a), date.fromisoformat(b), w) for a, b, w in written["skipped"]),
            remind_at=tuple(step.at for step in ladder if step.kind == "reminder"),
            ladder=ladder,
        )
