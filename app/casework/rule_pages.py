"""What the pages about deadline rules show: one table of all of them, and one rule with its versions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.access.people import Reader
from app.access.verdicts import Verdict
from app.calendars import Rule, RuleBook, UnknownRule, full_words, remind_words
from app.cases.dates import rule_book
from app.casework import rules
from app.casework.rule_changes import is_law, mark_words
from app.model.actor import OPERATOR
from app.store.db import reading
from app.store.queries import people
from app.store.queries import rules as kept_rules
from app.store.queries.rules import RuleChange

#: what the first part of a key says it is about, in the order of the processes
AREAS: Mapping[str, str] = {
    "apdr": "Graduated approach",
    "forum": "Forum requests",
    "gw": "Inclusion gateway",
    "pl": "Partnership placements",
    "osd": "Off-site direction",
    "mm": "Managed moves",
    "inyear": "Fair access",
    "fap": "Fair access",
    "pex": "Risk of exclusion",
    "ex": "Exclusion",
    "lmg": "Escalation to the locality group",
    "ehc": "EHC needs assessment",
    "ar": "Annual reviews",
    "phase": "Annual reviews",
}
ELSEWHERE = "Every process"


@dataclass(frozen=True)
class Filters:
    """What the table is narrowed to; "" each: not at all."""

    #: words of the title, the key, the basis or the source
    words: str = ""
    #: name of an area
    area: str = ""
    #: "S", "G", "seed", "local"
    mark: str = ""
    #: "own": changed here; "waiting": a change waits; "used": a process names it
    only: str = ""


@dataclass(frozen=True)
class RuleLine:
    """One rule of the table."""

    #: the version that counts today
    rule: Rule
    #: what it belongs to
    area: str
    #: value, unit and basis in words
    words: str
    #: where it stands, with its source
    mark: str
    #: names of the processes whose current version names it
    used_by: tuple[str, ...]
    #: the authority changed it
    is_own: bool
    #: a change waits for a second owner
    is_waiting: bool
    #: first day of a version that is to come, or None
    changes_on: date | None


@dataclass(frozen=True)
class Version:
    """One version of a rule."""

    #: what it says
    rule: Rule
    #: value, unit and basis in words
    words: str
    #: last day of what it is for, or None: until further notice
    until: date | None
    #: it was put right by another one from the same day on, and counts for nothing
    is_replaced: bool
    #: it applies to what happens today
    counts_today: bool
    #: name of who changed it, "" where it was shipped
    by: str
    #: name of the second owner, or ""
    approved_by: str
    #: why, or ""
    reason: str
    #: when it was recorded by the case clock, or None
    at: datetime | None


@dataclass(frozen=True)
class Refusal:
    """A proposal that came to nothing."""

    #: what it would have changed
    change: RuleChange
    #: name of who proposed it
    by: str
    #: name of who refused it or took it back
    decided_by: str


@dataclass(frozen=True)
class RulePage:
    """One rule."""

    #: its line in the table
    line: RuleLine
    #: reminders in words
    reminders: str
    #: newest first
    versions: tuple[Version, ...]
    #: newest first
    refusals: tuple[Refusal, ...]
    #: whether the reader may change it or propose a change
    may_change: Verdict
    #: two owners change it
    is_law: bool
    #: the change that waits, or None
    proposal: RuleChange | None
    #: name of who proposed it, or ""
    proposed_by: str
    #: whether the reader may be the second owner, or None: nothing waits
    may_approve: Verdict | None
    #: the reader proposed it
    is_mine: bool
    #: what it would move now, or None
    preview: rules.Preview | None


def area_of(key: str) -> str:
    """What a rule belongs to."""
    return AREAS.get(key.partition(".")[0], ELSEWHERE)


def areas() -> tuple[str, ...]:
    """Every area, once."""
    return (*dict.fromkeys(AREAS.values()), ELSEWHERE)


def listed(reader: Reader, used: Mapping[str, tuple[str, ...]], filters: Filters) -> tuple[RuleLine, ...]:
    """The rules of the reader's authority, by area and key. `used`: key → names of processes."""
    book = rules.rules_for(reader)
    waiting = {one.rule.key for one in _changes(reader) if one.status == "proposed"}
    order = areas()
    lines = [_line(book, key, reader.on, used, waiting) for key in book.keys]
    found = [one for one in lines if _fits(one, filters)]
    return tuple(sorted(found, key=lambda one: (order.index(one.area), one.rule.key)))


def page_of(key: str, reader: Reader, used: Mapping[str, tuple[str, ...]]) -> RulePage:
    """One rule of the reader's authority. Raises NotFound."""
    book = rules.rules_for(reader)
    newest = rules.newest(book, key)
    changes = kept_rules.changes_of(reading(), rules.authority_of(reader), key)
    names = people.names(reading(), {by for one in changes for by in (one.by, one.decided_by or "")})
    proposal = next((one for one in changes if one.status == "proposed"), None)
    return RulePage(
        line=_line(book, key, reader.on, used, {key} if proposal else set()),
        reminders=remind_words(newest),
        versions=tuple(reversed(_versions(book, key, reader.on, changes, _named(names)))),
        refusals=tuple(
            Refusal(one, _named(names)(one.by), _named(names)(one.decided_by))
            for one in reversed(changes)
            if one.status == "refused"
        ),
        may_change=rules.may_change(reader, newest),
        is_law=is_law(newest),
        proposal=proposal,
        proposed_by=_named(names)(proposal.by) if proposal else "",
        may_approve=rules.may_approve(reader, newest, proposal) if proposal else None,
        is_mine=proposal is not None and proposal.by == reader.id,
        preview=rules.preview_of(proposal, reader.on, reader) if proposal else None,
    )


def _line(book: RuleBook, key: str, today: date, used: Mapping[str, tuple[str, ...]], waiting: set[str]) -> RuleLine:
    versions = book.versions(key)
    try:
        rule = book.at(key, today)
    except UnknownRule:
        rule = versions[0]
    coming = next((one.valid_from for one in versions if one.valid_from > today), None)
    return RuleLine(
        rule=rule,
        area=area_of(key),
        words=full_words(rule),
        mark=mark_words(rule),
        used_by=used.get(key, ()),
        is_own=len(versions) > len(rule_book().versions(key)),
        is_waiting=key in waiting,
        changes_on=coming,
    )


def _fits(line: RuleLine, filters: Filters) -> bool:
    text = " ".join((line.rule.title, line.rule.key, line.words, line.mark, *line.used_by)).casefold()
    only = {"": True, "own": line.is_own, "waiting": line.is_waiting, "used": bool(line.used_by)}
    return (
        all(word in text for word in filters.words.casefold().split())
        and filters.area in ("", line.area)
        and filters.mark in ("", line.rule.legal)
        and only.get(filters.only, True)
    )


def _versions(
    book: RuleBook, key: str, today: date, changes: list[RuleChange], named: Callable[[str | None], str]
) -> list[Version]:
    own = {one.rule.version: one for one in changes if one.status == "in force"}
    rules_in_order, found = book.versions(key), list[Version]()
    for number, rule in enumerate(rules_in_order):
        after = rules_in_order[number + 1].valid_from - timedelta(days=1) if number + 1 < len(rules_in_order) else None
        until = min((one for one in (after, rule.valid_to) if one is not None), default=None)
        change = own.get(rule.version)
        found.append(
            Version(
                rule=rule,
                words=full_words(rule),
                until=until,
                is_replaced=until is not None and until < rule.valid_from,
                counts_today=rule.valid_from <= today and (until is None or today <= until),
                by=named(change.by) if change else "",
                approved_by=named(change.decided_by) if change else "",
                reason=change.reason if change else "",
                at=change.at if change else None,
            )
        )
    return found


def _changes(reader: Reader) -> list[RuleChange]:
    return kept_rules.changes(reading(), rules.authority_of(reader))


def _named(names: Mapping[str, str]) -> Callable[[str | None], str]:
    known = {**names, OPERATOR.id: "Operator"}
    return lambda person: "" if person is None else known.get(person, "Somebody")
