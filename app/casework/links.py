"""Linked cases as one reader may know them: those they may see by reference, of the others only that they are there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.access.actions import Action
from app.access.decisions import decide
from app.access.people import Reader
from app.cases.routes import route_of
from app.cases.sight import UNSEEN
from app.store.db import reading
from app.store.queries import cases, links, work
from app.store.queries.cases import CaseLine
from app.store.queries.links import End

#: linked cases that a page looks at
MOST = 50
#: what an end says, as a sentence goes on: "Asked by …"
WORDS: Mapping[str, str] = {
    "asked": "Asked to answer a task of this case",
    "asked by": "Asked for this case",
    "started": "Started by this case",
    "started by": "Started this case",
    "told": "Was told something",
    "told by": "Told this case something",
    "answered": "Had an answer of this case",
    "answered by": "Answered this case",
}


@dataclass(frozen=True)
class OtherCase:
    """A linked case, or that there is one."""

    #: its reference, or None: the reader may not see it
    reference: str | None = None
    #: what its process is called, or ""
    process: str = ""
    #: open, closed, erased, or ""
    status: str = ""
    #: how it ended, or None
    outcome: str | None = None
    #: what is open in it, in words
    steps: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As a sentence names it."""
        return self.reference or UNSEEN

    @property
    def state(self) -> str:
        """Where it is, in words."""
        if self.status == "closed":
            return f"closed: {self.outcome}" if self.outcome else "closed"
        return f"at “{'”, “'.join(self.steps)}”" if self.steps else self.status


@dataclass(frozen=True)
class LinkedCase:
    """A case that this one has to do with."""

    #: the case
    other: OtherCase
    #: how it began: one of WORDS
    role: str
    #: message name, or None
    message: str | None
    #: since when, UTC
    since: datetime

    @property
    def words(self) -> str:
        """How it began, in words."""
        return WORDS[self.role]

    @property
    def says(self) -> str:
        """What the message is, or ""."""
        route = route_of(self.message) if self.message else None
        return route.says if route else self.message or ""


def seen(case_ids: Collection[str], reader: Reader) -> dict[str, CaseLine]:
    """Those of the cases that the reader may see."""
    found = {}
    for case_id in sorted(case_ids)[:MOST]:
        case = cases.by_reference(reading(), case_id)
        if case is not None:
            facts = cases.facts(reading(), case, reader.tree, reader.on, reader.id)
            if decide(reader, Action.SEE_CASE, facts).allowed:
                found[case_id] = case
    return found


def references(case: CaseLine, reader: Reader) -> dict[str, str]:
    """References by id of the linked cases that the reader may see."""
    found = seen(links.others(reading(), [case.id]), reader)
    return {case_id: one.reference for case_id, one in found.items()}


def linked_cases(case: CaseLine, reader: Reader, *, may_see_restricted: bool) -> tuple[LinkedCase, ...]:
    """The cases this one has to do with, each by how it began; the first links first."""
    first: dict[str, End] = {}
    for end in links.of_case(reading(), case.id):
        if may_see_restricted or not end.is_restricted:
            first.setdefault(end.other_id, end)
    known = seen(first, reader)
    return tuple(
        LinkedCase(_other(known.get(case_id)), end.role, end.message, end.at) for case_id, end in first.items()
    )


def other_case(case_id: str, reader: Reader) -> OtherCase:
    """One case, as far as the reader may know it."""
    return _other(seen([case_id], reader).get(case_id))


def _other(case: CaseLine | None) -> OtherCase:
    if case is None:
        return OtherCase()
    steps = [one.name for one in work.of_case(reading(), case.id) if not one.is_restricted]
    return OtherCase(case.reference, case.process_name, case.status, case.outcome, tuple(dict.fromkeys(steps)))
