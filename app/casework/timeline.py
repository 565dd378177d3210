"""The timeline of a case: its newest entries, one sentence each. The sentences themselves: `cases.sentences`."""

from dataclasses import dataclass
from itertools import groupby

from app.access.roles import ROLES
from app.cases.history import Happening, history
from app.cases.sight import Sight
from app.model.entry import Entry

#: entries, or folds of notices, shown before somebody asks for all
NEWEST = 25
#: kind of the entries that are folded
NOTICE = "notice-given"


@dataclass(frozen=True)
class Part:
    """One thing that happened, or several notices in a row: those are folded, so that the rest stands out."""

    #: newest first; more than one only of notices
    happenings: tuple[Happening, ...]
    #: they are notices
    is_notices: bool

    @property
    def first(self) -> Happening:
        """The newest of them."""
        return self.happenings[0]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.happenings)


@dataclass(frozen=True)
class Timeline:
    """What happened, newest first."""

    #: the entries shown
    parts: tuple[Part, ...]
    #: how many entries there are
    count: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return sum(one.count for one in self.parts) == self.count


def timeline(entries: list[Entry], sight: Sight, *, is_whole: bool = False) -> Timeline:
    """The newest entries, or all of them."""
    told = history(entries, sight)[::-1]
    parts = _parts(told)
    return Timeline(tuple(parts if is_whole else parts[:NEWEST]), len(told))


def _parts(told: list[Happening]) -> list[Part]:
    found: list[Part] = []
    for is_notices, several in groupby(told, _is_notice):
        together = tuple(several)
        found += [Part(together, True)] if is_notices else [Part((one,), False) for one in together]
    return found


def _is_notice(one: Happening) -> bool:
    return one.entry.kind == NOTICE and not one.is_withheld


def in_words(authority: str) -> str:
    """“SENCO” for the authority “SENCO at beacon” that an entry quotes."""
    role = authority.partition(" at ")[0]
    return ROLES[role].name if role in ROLES else role
