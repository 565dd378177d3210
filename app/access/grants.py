"""The table of who may do what: for each role, the links to a case that count and what each link lets it do.

Read from the access table of the domain, row by row; what is not written here is refused. How a link is recognised is
in `links`; what a lane lets its holders do with a task is in `tasks`.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from app.access.actions import Action
from app.access.meetings import MEETING_ROLES, WITH_CASES


class Link(StrEnum):
    """How a membership and a case belong together."""

    #: the case's home is exactly the organisation of the membership
    HOME = "home"
    #: as HOME, the case names the person, and the pupil is still there
    NAMED_HERE = "named_here"
    #: the case names the person and its home lies within the organisation
    NAMED = "named"
    #: the case invites the person today
    INVITED = "invited"
    #: it is on the list of a meeting that the membership joins or runs, on a day on which that opens it
    MEETING = "meeting"
    #: a sharing entry names the organisation of the membership
    SHARED = "shared"
    #: the case has an open task for exactly this role at this organisation
    TASK = "task"
    #: its process is one that this office of the authority carries, and its home lies within the authority
    OFFICE = "office"
    #: overdue or escalated, and its home lies within the organisation
    OVERDUE = "overdue"
    #: escalated, and its home lies within the organisation
    ESCALATED = "escalated"
    #: the case holds restricted notes and its home is exactly the organisation
    RESTRICTED = "restricted"
    #: its home lies within the organisation; people are shown under masks
    MASKED = "masked"
    #: its home lies within the organisation; only acts that show nothing of the case hang on it
    BLIND = "blind"


Links: TypeAlias = Mapping[Link, frozenset[Action]]

_LOOK = frozenset({Action.SEE_CASE, Action.SEE_DOCUMENT, Action.RAISE_SAFEGUARDING})
_CONTRIBUTE = _LOOK | {Action.ADD_NOTE, Action.ADD_DOCUMENT}
#: what somebody may do with what is known of the family, which is the same in every case of a pupil
FAMILY_ACTIONS = frozenset({Action.SEE_PARTIES, Action.RECORD_PARTIES, Action.SEE_SHARING, Action.EXPORT_SHARING})
_FAMILY = FAMILY_ACTIONS - {Action.EXPORT_SHARING}
_CARRY = _CONTRIBUTE | _FAMILY | {Action.SEND_MESSAGE, Action.RESOLVE_INCIDENT}
_LEAD = _CARRY | {Action.REASSIGN_TASK, Action.RELEASE_TASK, Action.REQUEST_ERASURE, Action.EXPORT_SHARING}
_PACK = frozenset({Action.SEE_PACK, Action.RAISE_SAFEGUARDING})
_RESTRICTED = _CONTRIBUTE | _FAMILY | {Action.SEE_RESTRICTED}
_HISTORY = frozenset(
    {
        Action.SEE_CASE,
        Action.SEE_PARTIES,
        Action.SEE_SHARING,
        Action.REPLAY_CASE,
        Action.REVEAL_NAMES,
        Action.VERIFY_CASE,
    }
)
#: what an auditor may do in addition once the names of a case were revealed, for a recorded reason
AFTER_REVEAL = frozenset({Action.SEE_DOCUMENT})

_SENCO: Links = {Link.HOME: _CARRY, Link.SHARED: _PACK, Link.TASK: _LOOK}
_PACK_ONLY: Links = {Link.INVITED: _PACK, Link.TASK: _PACK}
_ADVISER: Links = {Link.INVITED: _CONTRIBUTE, Link.TASK: _LOOK}
_OFFICER: Links = {
    Link.NAMED: _CONTRIBUTE | {Action.SEE_PARTIES, Action.SEE_SHARING},
    Link.INVITED: _PACK,
    Link.TASK: _LOOK,
}
_PLACES: Links = {**_OFFICER, Link.OFFICE: _LOOK}
_CASE_OFFICER: Links = {**_OFFICER, Link.NAMED: _RESTRICTED}
_CHAIR: Links = {Link.SHARED: _PACK, Link.TASK: _PACK}
_LOCALITY: Links = {Link.ESCALATED: _CONTRIBUTE, Link.TASK: _LOOK}
_GUEST: Links = {Link.SHARED: _CONTRIBUTE, Link.TASK: _LOOK}


def _with_packs(grants: dict[str, Links]) -> Mapping[str, Links]:
    """Whoever joins or runs meetings that look at cases sees the pack of a case on their list."""
    roles = frozenset(role for kind in WITH_CASES for role in MEETING_ROLES[kind].members | MEETING_ROLES[kind].arrange)
    return MappingProxyType(
        {role: {**links, Link.MEETING: _PACK} if role in roles else links for role, links in grants.items()}
    )


#: links and actions per role code; a role that is not here has no access to cases at all
GRANTS: Mapping[str, Links] = _with_packs(
    {
        "TEACH": {Link.NAMED_HERE: _CONTRIBUTE},
        **dict.fromkeys(("SENCO", "INCL", "EYSET", "P16", "SPEC"), _SENCO),
        "DSL": {Link.RESTRICTED: _RESTRICTED, Link.TASK: _LOOK},
        "HT": {Link.HOME: _LEAD, Link.SHARED: _PACK, Link.TASK: _LOOK},
        **dict.fromkeys(("GOVCLK", "GOV", "TRNOM", "FMEM", "PPANEL", "IRPCLK", "IRPM", "SENEXP"), _PACK_ONLY),
        **dict.fromkeys(("FADM", "FCHAIR"), _CHAIR),
        **dict.fromkeys(("PCOORD", "PISM", "PTSM", "POUT", "PSTAFF", "GWPRI", "GWSEC", "GWADM"), _GUEST),
        "LSENCO": {**_ADVISER, Link.ESCALATED: _LOOK},
        **dict.fromkeys(("CSENCO", "LLEAD", "SLEAD", "TSLD"), _ADVISER),
        **dict.fromkeys(("LMGC", "LMGM"), _LOCALITY),
        **dict.fromkeys(("EXO", "FAO", "ADM"), _PLACES),
        **dict.fromkeys(("SCASE", "EP", "HLTH", "VSH", "EHELP", "EYTEAM"), _OFFICER),
        **dict.fromkeys(("SW", "SMGR"), _CASE_OFFICER),
        "HOS": {
            Link.OVERDUE: _LOOK | {Action.ADD_NOTE, Action.REASSIGN_TASK, Action.RELEASE_TASK, Action.RESOLVE_INCIDENT},
            Link.TASK: _LOOK,
        },
        "AUD": {Link.MASKED: _HISTORY},
        "DPO": {
            Link.INVITED: _LOOK,
            Link.BLIND: frozenset(
                {Action.VERIFY_CASE, Action.REQUEST_ERASURE, Action.ERASE_CASE, Action.EXPORT_SHARING}
            ),
        },
    }
)

#: processes whose cases an office sees at every school of its authority: what it must watch is not its task every day
OFFICES: Mapping[str, frozenset[str]] = MappingProxyType(
    dict.fromkeys(("EXO", "FAO", "ADM"), frozenset({"exclusion", "fair-access"}))
)

#: roles that a lane may name; the others never get a task of a case
DOERS: frozenset[str] = frozenset(
    code for code, links in GRANTS.items() if Link.TASK in links or Link.NAMED_HERE in links
) | {"ATT", "SADM"}

#: roles whose tasks are theirs only in cases that name them
NAMED_DOERS: frozenset[str] = frozenset({"TEACH"})

#: roles that may do tasks of the restricted compartment
RESTRICTED_DOERS: frozenset[str] = frozenset({"DSL"})

_SCHOOL_LEADS = frozenset({"SENCO", "INCL", "EYSET", "P16", "SPEC"})

#: roles that see counts of their organisation and everything below it
FIGURES: frozenset[str] = (
    _SCHOOL_LEADS
    | {"HT", "LSENCO", "CSENCO", "LLEAD", "SLEAD", "TSLD", "LMGC", "LMGM", "ISPBM", "PBOARD"}
    | {"GWPRI", "GWSEC", "GWADM", "SIP", "EXO", "FAO", "ADM", "SMGR", "VSH", "COMM", "FIN", "STRAT", "TRAIN"}
    | {"HOS", "POWN", "AUD"}
)

#: roles that may look up pupils of their own school
PUPIL_FINDERS: frozenset[str] = _SCHOOL_LEADS | {"TEACH", "DSL", "HT", "ATT", "SADM"}

#: who of a partnership keeps its centres, who sees their places and costs, and who marks attendance
PLACE_KEEPERS: frozenset[str] = frozenset({"PCOORD"})
PLACE_READERS: frozenset[str] = PLACE_KEEPERS | {"PISM", "PTSM"}
MARKERS: frozenset[str] = PLACE_READERS | {"POUT", "PSTAFF"}

#: who owns processes, and who administers people, schools and calendars
OWNER, ADMINISTRATOR = "POWN", "SYS"

#: roles that a diagram may name as those who start a case: who starts one looks up the pupil first
STARTERS: frozenset[str] = PUPIL_FINDERS
