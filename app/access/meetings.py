"""Who arranges, chairs and joins which kind of meeting, as a table. What joining is worth for a case: `grants`.

A board sees figures, never a named pupil (domain 4.2): nobody is a member who could be sent a pack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.access.organisations import OrganisationKind


@dataclass(frozen=True)
class MeetingRoles:
    """Role codes that count for one kind of meeting, held at the very organisation that meets."""

    #: kinds of organisation that hold such meetings
    held_at: frozenset[OrganisationKind]
    #: plan dates, keep the agenda, send the pack
    arrange: frozenset[str]
    #: besides, record outcomes and accept what comes late
    chair: frozenset[str]
    #: may be sent the pack
    members: frozenset[str]


def _roles(held_at: tuple[OrganisationKind, ...], arrange: str, chair: str, members: str) -> MeetingRoles:
    chairs = frozenset(chair.split())
    return MeetingRoles(frozenset(held_at), frozenset(arrange.split()) | chairs, chairs, frozenset(members.split()))


#: roles by kind of meeting (`app.model.meetings.KINDS`)
MEETING_ROLES: Mapping[str, MeetingRoles] = MappingProxyType(
    {
        "forum": _roles(("forum",), "FADM", "FCHAIR", "FMEM"),
        "gateway-panel": _roles(("authority",), "GWADM", "GWPRI GWSEC", "VSH EP SW"),
        "area-panel": _roles(("partnership",), "PCOORD", "PCOORD", "PPANEL"),
        "fair-access-panel": _roles(("authority",), "FAO", "FAO", "EXO ADM"),
        "lmg": _roles(("district",), "LMGC", "LMGC", "LMGM"),
        "board": _roles(("board", "partnership"), "", "ISPBM PBOARD", ""),
    }
)
#: every role that arranges some kind of meeting
ARRANGERS: frozenset[str] = frozenset(role for one in MEETING_ROLES.values() for role in one.arrange)
#: every role that chairs some kind of meeting
CHAIRS: frozenset[str] = frozenset(role for one in MEETING_ROLES.values() for role in one.chair)
#: every role that may be sent the pack of some kind of meeting
MEMBERS: frozenset[str] = frozenset(role for one in MEETING_ROLES.values() for role in one.members)
#: kinds whose meetings look at cases
WITH_CASES: frozenset[str] = frozenset(kind for kind, one in MEETING_ROLES.items() if one.members)
