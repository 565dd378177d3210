"""Erasing a case by two people: one asks and says why, a second confirms or refuses. The erasing itself: `app.cases`.

What was asked stands in a stream of its own, `erasure/<case id>`: it must be readable after the case is not, so it
names nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import ErasureFacts
from app.access.masking import Mask
from app.access.people import Reader
from app.access.verdicts import Verdict
from app.cases import erasing
from app.cases.command import Command
from app.cases.records import write_record
from app.cases.sight import parties
from app.errors import CaseErased, InvalidAnswers, NotAllowed, NotFound
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store import journal
from app.store.db import reading
from app.store.queries import cases, people
from app.store.queries.cases import CaseLine

#: why the law allows or demands it: UK GDPR Article 17 and the retention schedule, in words
BASES: Mapping[str, str] = MappingProxyType(
    {
        "retention": "It was kept for as long as the retention schedule says",
        "mistake": "It should not have been recorded, for example it was started by mistake",
        "consent": "Consent was withdrawn, and nothing else allows us to keep it",
        "objection": "The family objected, and nothing overrides that",
        "duty": "A law or a court order demands it",
    }
)
GOES = (
    "the pupil’s and the parents’ names in this case, and everything that was answered, noted or sent",
    "documents, drafts, notices and dates of this case",
    "its history: replay shows nothing any more",
)
STAYS = (
    "the reference, the process, the school, and the day the case started",
    "who asked, who confirmed, when, the legal basis and the reason",
    "the encrypted entries without their key: nobody can read them, but the chain can still be checked",
    "who looked at the case, and the reasons for which names were shown",
    "the pupil’s own record and their other cases",
    "backups made before, until they are overwritten",
)
SHORTEST_REASON, LONGEST_REASON = 10, 300


@dataclass(frozen=True)
class Erasure:
    """One request to erase a case, as it stands."""

    #: the case, or what is left of it
    case: CaseLine
    #: asked, refused, done
    state: str
    #: id of who asked
    asked_by: str
    #: their name
    asked_by_name: str
    #: when they asked, by the case clock
    asked_at: datetime
    #: the legal basis, in words
    basis: str
    #: why, as they typed it
    reason: str
    #: name of who confirmed or refused, or ""
    decided_by_name: str
    #: when that was, or None
    decided_at: datetime | None
    #: why it was refused, or ""
    refusal: str
    #: entries in its stream, for changes that must not go over another's
    seq: int


def ask(case: CaseLine, basis: str, reason: str, command: Command) -> None:
    """Ask for a case to be erased. Raises InvalidAnswers, CaseErased."""
    if case.status == "erased":
        raise CaseErased(None, case_id=case.id)
    why, found = " ".join(reason.split()), of_case(case)
    problems = {} if basis in BASES else {"basis": "Choose why the law allows or demands it"}
    if wrong := _wrong(why, case):
        problems["reason"] = wrong
    if problems:
        raise InvalidAnswers(problems)
    if found is not None and found.state == "asked":
        raise InvalidAnswers({"reason": f"{found.asked_by_name} has asked for this already. A second person decides."})
    content: JsonObject = {"basis": basis, "reason": why}
    write_record(_stream(case), "erasure-asked", content, command, expected_seq=found.seq if found else 0)


def of_case(case: CaseLine) -> Erasure | None:
    """The newest request about a case, or None: nobody asked."""
    entries = journal.entries(reading(), _stream(case))
    asked = next((one for one in reversed(entries) if one.kind == "erasure-asked"), None)
    if asked is None:
        return None
    decided = entries[-1] if entries[-1] is not asked else None
    names = people.names(reading(), {one.actor for one in (asked, decided) if one is not None})
    said: dict[str, Any] = asked.content or {}
    return Erasure(
        case=case,
        state={"erasure-refused": "refused", "erasure-confirmed": "done"}[decided.kind] if decided else "asked",
        asked_by=asked.actor,
        asked_by_name=names.get(asked.actor, "Somebody"),
        asked_at=asked.at,
        basis=BASES.get(said["basis"], said["basis"]),
        reason=said["reason"],
        decided_by_name=names.get(decided.actor, "Somebody") if decided else "",
        decided_at=decided.at if decided else None,
        refusal=str((decided.content or {}).get("reason", "")) if decided else "",
        seq=entries[-1].seq,
    )


def listed(reader: Reader) -> list[tuple[Erasure, Verdict]]:
    """Every request in the reader's part of the tree with whether they may confirm it; open ones first, then newest."""
    found = []
    for stream in journal.streams(reading(), "erasure"):
        case = cases.by_reference(reading(), stream.id)
        erasure = of_case(case) if case else None
        if erasure is not None and not (verdict := may_confirm(erasure, reader)).hides:
            found.append((erasure, verdict))
    newest = sorted(found, key=lambda pair: pair[0].asked_at, reverse=True)
    return sorted(newest, key=lambda pair: pair[0].state != "asked")


def one(reference: str, reader: Reader) -> tuple[Erasure, Verdict]:
    """One request by the reference of its case. Raises NotFound outside the reader's part of the tree."""
    case = cases.by_reference(reading(), reference)
    erasure = of_case(case) if case else None
    if erasure is None or (verdict := may_confirm(erasure, reader)).hides:
        raise NotFound
    return erasure, verdict


def may_confirm(erasure: Erasure, reader: Reader) -> Verdict:
    """Whether the reader may be the second person."""
    facts = cases.facts(reading(), erasure.case, reader.tree, reader.on, reader.id)
    return decide(reader, Action.ERASE_CASE, ErasureFacts(facts, erasure.asked_by))


def confirm(erasure: Erasure, typed: str, command: Command, reader: Reader) -> None:
    """Erase the case for good, where the reference was typed. Raises InvalidAnswers, NotAllowed."""
    _must_decide(erasure, reader)
    if typed.strip().upper() != erasure.case.reference:
        raise InvalidAnswers({"typed": f"Enter {erasure.case.reference} to confirm that you mean this case"})
    erasing.erase(erasure.case.id, erasure.asked_by, erasure.reason, command, erasure.basis)
    write_record(_stream(erasure.case), "erasure-confirmed", {}, command, expected_seq=erasure.seq)


def refuse(erasure: Erasure, reason: str, command: Command, reader: Reader) -> None:
    """Keep the case, and say why. Raises InvalidAnswers, NotAllowed."""
    _must_decide(erasure, reader)
    why = " ".join(reason.split())
    if wrong := _wrong(why, erasure.case):
        raise InvalidAnswers({"refusal": wrong})
    write_record(_stream(erasure.case), "erasure-refused", {"reason": why}, command, expected_seq=erasure.seq)


def _must_decide(erasure: Erasure, reader: Reader) -> None:
    verdict = may_confirm(erasure, reader)
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)
    if erasure.state != "asked":
        raise NotAllowed("This request was decided already.")


def _wrong(why: str, case: CaseLine) -> str:
    """What is wrong with a reason that stays readable for good, or ""."""
    if len(why) < SHORTEST_REASON:
        return f"Enter why, in {SHORTEST_REASON} characters or more"
    if len(why) > LONGEST_REASON:
        return f"Shorten the reason to {LONGEST_REASON} characters: it has {len(why)}"
    if Mask.over(parties(case)).text(why).text != why:
        return "Leave out the names of the pupil and the parents: the reason stays when the case is erased"
    return ""


def _stream(case: CaseLine) -> StreamId:
    return StreamId("erasure", case.id)
