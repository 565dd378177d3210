"""Changing a deadline rule of an authority: what would move, then the change; law waits for a second process owner.

Rules belong to the authority of whoever changes them: nobody changes or sees another one's. A version is for deadlines
counted from its first day on; running ones counted from an earlier day are kept (ADR 0061).
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import RuleFacts
from app.access.grants import ADMINISTRATOR
from app.access.people import Reader
from app.access.verdicts import Verdict
from app.calendars import CalendarError, Rule, RuleBook, rule_to_json
from app.cases.command import Command
from app.cases.dates import book_of, dates_for, rule_book
from app.casework.calendars import Recalculated, work_out_cases
from app.casework.recording import is_repeat, record_once
from app.casework.rule_changes import SHORTEST_REASON, Typed, changed, is_law, sentence
from app.clock import local_date
from app.errors import InvalidAnswers, NotAllowed, NotFound, Rejected
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import rules
from app.store.queries.rules import RuleChange


class ProposalOpen(Rejected):
    """A change of this rule waits for a second process owner already. Decide about it first."""


class ProposalDecided(Rejected):
    """Somebody decided about this change already."""


@dataclass(frozen=True)
class Touched:
    """Running deadlines of one school that a change would move from one day to another."""

    #: name of the school
    school: str
    #: when they are due now
    before: date
    #: when they would be due
    after: date
    #: how many
    count: int
    #: references of their cases, where the reader may know them
    references: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """What a change would do, before it is made."""

    #: the version it would add
    rule: Rule
    #: what changes, in words
    sentence: str
    #: why
    reason: str
    #: by school and date
    touched: tuple[Touched, ...]
    #: how many running deadlines stay as they are: counted from an earlier day, or on the same date all the same
    kept: int
    #: how many could not be worked out and would stay
    unclear: int
    #: it waits for a second process owner once it is sent
    needs_second: bool
    #: entries in the stream of the rule: what the change must name
    seq: int

    @property
    def moved(self) -> int:
        """How many running deadlines would move."""
        return sum(one.count for one in self.touched)


def authority_of(reader: Reader) -> str:
    """The authority whose rules the reader sees. Raises NotAllowed where they hold no role at one that counts."""
    found = (reader.tree.authority_of(one.organisation) for one in reader.memberships)
    for authority in dict.fromkeys(one for one in found if one is not None):
        if decide(reader, Action.SEE_RULES, RuleFacts(authority)).allowed:
            return authority
    raise NotAllowed("Expected a process owner or an administrator of the authority, but you hold neither role there.")


def rules_for(reader: Reader) -> RuleBook:
    """The rules of the reader's authority."""
    return book_of(reading(), authority_of(reader))


def newest(book: RuleBook, key: str) -> Rule:
    """The version that begins last. Raises NotFound for an unknown key."""
    versions = book.versions(key)
    if not versions:
        raise NotFound
    return versions[-1]


def may_change(reader: Reader, rule: Rule) -> Verdict:
    """Whether the reader may change it, or propose a change."""
    return decide(reader, Action.CHANGE_RULE, RuleFacts(authority_of(reader), is_law(rule)))


def may_approve(reader: Reader, rule: Rule, proposal: RuleChange) -> Verdict:
    """Whether the reader may be the second owner."""
    return decide(reader, Action.APPROVE_RULE, RuleFacts(authority_of(reader), is_law(rule), proposal.by))


def proposal_of(key: str, reader: Reader) -> RuleChange | None:
    """The change of a rule that waits for a second owner, or None."""
    found = rules.changes_of(reading(), authority_of(reader), key)
    return next((one for one in found if one.status == "proposed"), None)


def preview(key: str, typed: Typed, today: date, reader: Reader) -> Preview:
    """What the change would do. Raises InvalidAnswers, NotAllowed, NotFound, ProposalOpen."""
    old, new, reason = _read(key, typed, today, reader)
    return _forecast(new, sentence(old, new), reason, today, reader)


def preview_of(proposal: RuleChange, today: date, reader: Reader) -> Preview:
    """What a proposal would do now."""
    return _forecast(proposal.rule, proposal.sentence, proposal.reason, today, reader)


def apply(key: str, typed: Typed, seq: int, command: Command, reader: Reader) -> Recalculated | None:
    """Change a local rule and work out what it moves, or propose a change of law: None.

    Raises InvalidAnswers, NotAllowed, NotFound, ProposalOpen, Stale.
    """
    authority = authority_of(reader)
    stream = stream_of(authority, key)
    if is_repeat(stream, command, seq):
        rule = newest(rules_for(reader), key)
        return None if is_law(rule) else _work_out(rule, "Worked out again", command, reader)
    old, new, reason = _read(key, typed, local_date(command.now), reader)
    content: JsonObject = {
        "authority": authority,
        "rule": rule_to_json(new),
        "sentence": sentence(old, new),
        "reason": reason,
    }
    record_once(stream, "rule-proposed" if is_law(new) else "rule-changed", content, command, seq)
    return None if is_law(new) else _work_out(new, sentence(old, new), command, reader)


def approve(key: str, seq: int, command: Command, reader: Reader) -> Recalculated:
    """A second owner lets a proposal count, and what it moves is worked out. `seq`: the proposal the page showed.

    Raises NotAllowed, NotFound, ProposalDecided, Stale.
    """
    proposal = _second_owner(key, seq, reader)
    content: JsonObject = {
        "authority": authority_of(reader),
        "proposal": proposal.seq,
        "rule": rule_to_json(proposal.rule),
        "sentence": proposal.sentence,
    }
    record_once(stream_of(authority_of(reader), key), "rule-approved", content, command, proposal.seq)
    return _work_out(proposal.rule, proposal.sentence, command, reader)


def refuse(key: str, seq: int, reason: str, command: Command, reader: Reader) -> None:
    """The rule stays: a second owner says so and why, or whoever proposed the change takes it back.

    Raises InvalidAnswers, NotAllowed, NotFound, ProposalDecided, Stale.
    """
    proposal = _waiting(key, seq, reader)
    if proposal.by != reader.id:
        _second_owner(key, seq, reader)
    why = " ".join(reason.split())[:300]
    if len(why) < SHORTEST_REASON:
        raise InvalidAnswers({"refusal": f"Enter why, in {SHORTEST_REASON} characters or more"})
    content: JsonObject = {
        "authority": authority_of(reader),
        "proposal": proposal.seq,
        "rule": rule_to_json(proposal.rule),
        "reason": why,
    }
    record_once(stream_of(authority_of(reader), key), "rule-refused", content, command, proposal.seq)


def stream_of(authority: str, key: str) -> StreamId:
    """Where the changes of one rule of one authority are kept."""
    return StreamId("rule", f"{authority}:{key}")


def _read(key: str, typed: Typed, today: date, reader: Reader) -> tuple[Rule, Rule, str]:
    book = rules_for(reader)
    old = newest(book, key)
    verdict = may_change(reader, old)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)
    if proposal_of(key, reader) is not None:
        raise ProposalOpen
    version = 1 + max(one.version for one in book.versions(key))
    new, reason = changed(old, version, typed, today)
    return old, new, reason


def _forecast(rule: Rule, said: str, reason: str, today: date, reader: Reader) -> Preview:
    authority = authority_of(reader)
    may_know = any(one.role == ADMINISTRATOR and one.organisation == authority for one in reader.memberships)
    book = rules_for(reader).including(rule)
    groups: dict[tuple[str, date, date], list[str]] = {}
    kept, unclear = 0, 0
    for one in rules.running_by(reading(), rule.key, reader.tree.schools(authority)):
        try:
            due = replace(dates_for(reading(), one.school, today), rules=book).again(one.due)
        except (Rejected, CalendarError):
            unclear += 1
            continue
        if due is None or due.on == one.due.on:
            kept += 1
        else:
            groups.setdefault((reader.tree.get(one.school).name, one.due.on, due.on), []).append(one.reference)
    return Preview(
        rule=rule,
        sentence=said,
        reason=reason,
        touched=tuple(
            Touched(school, before, after, len(found), tuple(Counter(found)) if may_know else ())
            for (school, before, after), found in sorted(groups.items())
        ),
        kept=kept,
        unclear=unclear,
        needs_second=is_law(rule),
        seq=rules.entries_written(reading(), stream_of(authority, rule.key)),
    )


def _waiting(key: str, seq: int, reader: Reader) -> RuleChange:
    if key not in rule_book().keys:
        raise NotFound
    found = next((one for one in rules.changes_of(reading(), authority_of(reader), key) if one.seq == seq), None)
    if found is None:
        raise NotFound
    if found.status != "proposed":
        raise ProposalDecided(f"This change was {'refused' if found.status == 'refused' else 'approved'} already.")
    return found


def _second_owner(key: str, seq: int, reader: Reader) -> RuleChange:
    proposal = _waiting(key, seq, reader)
    verdict = may_approve(reader, proposal.rule, proposal)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)
    return proposal


def _work_out(rule: Rule, reason: str, command: Command, reader: Reader) -> Recalculated:
    """Work out the running dates of every case that has one by this rule; old dates are kept in the cases."""
    running = rules.running_by(reading(), rule.key, reader.tree.schools(authority_of(reader)))
    return work_out_cases({one.case_id: one.reference for one in running}, reason, command)
