"""Who looked at a case: the log of reads in words, a page at a time, its chain checked; reveals on their own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from app.access.actions import Action
from app.access.people import Reader
from app.model.actor import OPERATOR
from app.store import reads
from app.store.db import reading
from app.store.queries import people, reveals
from app.store.queries.cases import CaseLine
from app.store.queries.reveals import MASKED_AGAIN, PAGE, REVEALED, Read

#: how the log names looking at this page
SEE_READS = "see_reads"
_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        Action.SEE_CASE: "opened the case",
        Action.SEE_PACK: "opened what was shared of the case",
        Action.SEE_PARTIES: "read who is around the pupil",
        Action.RECORD_PARTIES: "opened what is known of somebody around the pupil",
        Action.SEE_SHARING: "read consents or what was shared",
        Action.EXPORT_SHARING: "took away what was shared",
        Action.SEE_TASK: "opened a task of the case",
        Action.SEE_DOCUMENT: "opened a document of the case",
        Action.REPLAY_CASE: "replayed the case",
        Action.RESOLVE_INCIDENT: "opened a problem of the case",
        Action.VERIFY_CASE: "checked that nothing was altered",
        REVEALED: "had names shown",
        MASKED_AGAIN: "had names masked again",
        "export_evidence": "took evidence of the case away",
        "invalid_answers": "sent answers that were not accepted",
        SEE_READS: "looked at this list",
    }
)
#: actions whose purpose is a reason in somebody's own words
_WITH_REASON = frozenset({REVEALED})


@dataclass(frozen=True)
class Looked:
    """One read in words."""

    #: real time
    at: datetime
    #: name of who looked
    who: str
    #: what they did: "opened the case"
    what: str
    #: it was refused
    is_refused: bool
    #: why, as they typed it, or ""
    reason: str


@dataclass(frozen=True)
class ReadsPage:
    """A page of the reads of one case."""

    #: newest first
    lines: tuple[Looked, ...]
    #: who had names shown or masked again, newest first
    revealed: tuple[Looked, ...]
    #: days whose chain was checked
    days: int
    #: every break found in them
    breaks: tuple[str, ...]
    #: (day, number) where the next page begins, or None
    next_before: tuple[date, int] | None


def reads_of(case: CaseLine, before: tuple[date, int] | None, reader: Reader) -> ReadsPage:
    """A page of who looked at the case; that somebody looked at this is recorded first."""
    reads.record(reader.id, SEE_READS, f"case/{case.id}", "allowed")
    found = reveals.of_case(reading(), case.id, before=before)
    shown, revealed = found[:PAGE], reveals.reveals_of(reading(), case.id)
    names = _names([*shown, *revealed])
    days = sorted({one.day for one in shown})
    breaks = tuple(sentence for day in days for sentence in reads.verify(reading(), day))
    last = shown[-1] if len(found) > PAGE else None
    return ReadsPage(
        lines=tuple(_looked(one, names) for one in shown),
        revealed=tuple(_looked(one, names) for one in revealed),
        days=len(days),
        breaks=breaks,
        next_before=(last.day, last.n) if last else None,
    )


def _names(several: Iterable[Read]) -> Mapping[str, str]:
    ids = {one.person_id for one in several}
    return {**people.names(reading(), ids), OPERATOR.id: "The operator, by command"}


def _looked(one: Read, names: Mapping[str, str]) -> Looked:
    return Looked(
        at=one.at,
        who=names.get(one.person_id, "Somebody whose account is gone"),
        what=_ACTIONS.get(one.action) or _tried(one),
        is_refused=one.outcome == "refused" and one.action != "invalid_answers",
        reason=one.purpose if one.action in _WITH_REASON else "",
    )


def _tried(one: Read) -> str:
    """What an action that is only ever refused was about."""
    known = {action.value: action.phrase for action in Action}
    return f"wanted to {known.get(one.action, one.action.replace('_', ' '))}"
