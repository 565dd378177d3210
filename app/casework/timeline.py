"""The timeline of a case: its newest entries, one sentence each. The sentences themselves: `cases.sentences`."""

from dataclasses import dataclass

from app.access.roles import ROLES
from app.cases.history import Happening, history
from app.cases.sight import Sight
from app.model.entry import Entry

#: entries shown before somebody asks for all
NEWEST = 25


@dataclass(frozen=True)
class Timeline:
    """What happened, newest first."""

    #: the entries shown
    happenings: tuple[Happening, ...]
    #: how many there are
    count: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return len(self.happenings) == self.count


def timeline(entries: list[Entry], sight: Sight, *, is_whole: bool = False) -> Timeline:
    """The newest entries, or all of them."""
    told = history(entries, sight)[::-1]
    return Timeline(tuple(told if is_whole else told[:NEWEST]), len(told))


def in_words(authority: str) -> str:
    """“SENCO” for the authority “SENCO at beacon” that an entry quotes."""
    role = authority.partition(" at ")[0]
    return ROLES[role].name if role in ROLES else role
