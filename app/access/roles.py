"""Which roles exist, what people call them, at what kind of organisation they act. Not what they may do: `grants`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.access.organisations import OrganisationKind


@dataclass(frozen=True)
class Role:
    """One role that a person can hold at an organisation."""

    #: the code a lane and a membership use: "SENCO"
    code: str
    #: what people call it, in lower case where it is not a name
    name: str
    #: group of the role list: "school", "forum", "platform"
    group: str
    #: kinds of organisation at which it can be held; elsewhere a membership has no effect
    acts_at: frozenset[OrganisationKind]


_ANYWHERE: tuple[OrganisationKind, ...] = ("school", "partnership", "forum", "district", "authority", "board", "panel")

_ROWS: tuple[tuple[str, tuple[OrganisationKind, ...], dict[str, str]], ...] = (
    (
        "school",
        ("school",),
        {
            "TEACH": "teacher",
            "SENCO": "SENCO",
            "INCL": "inclusion lead",
            "DSL": "designated safeguarding lead",
            "ATT": "attendance officer",
            "HT": "headteacher",
            "SADM": "school administrator",
            "GOVCLK": "clerk to the governors",
            "GOV": "governor",
            "TRNOM": "trust nominee",
            "EYSET": "early-years provider",
            "P16": "post-16 provider",
            "SPEC": "special school lead",
        },
    ),
    ("forum", ("forum",), {"FADM": "forum administrator", "FCHAIR": "forum chair", "FMEM": "forum member"}),
    (
        "partnership",
        ("partnership",),
        {
            "PCOORD": "partnership coordinator",
            "PISM": "inclusion support manager",
            "PTSM": "transition support manager",
            "POUT": "outreach worker",
            "PSTAFF": "partnership teaching and support staff",
            "PPANEL": "area panel member",
            "PBOARD": "partnership governance board member",
        },
    ),
    (
        "locality",
        ("district",),
        {
            "LSENCO": "locality SENCO",
            "LLEAD": "locality SEND lead",
            "SLEAD": "secondary locality lead",
            "LMGC": "chair of the locality management group",
            "LMGM": "member of the locality management group",
        },
    ),
    (
        "locality",
        ("authority",),
        {"CSENCO": "citywide SENCO", "TSLD": "targeted support and locality director"},
    ),
    ("locality", ("board",), {"ISPBM": "inclusion and SEND partnership board member"}),
    (
        "gateway",
        ("authority",),
        {
            "GWPRI": "gateway director, early years and primary",
            "GWSEC": "gateway director, secondary and post-16",
            "GWADM": "gateway administrator",
            "SIP": "school improvement partner",
        },
    ),
    (
        "authority",
        ("authority",),
        {
            "EXO": "exclusions officer",
            "FAO": "fair access officer",
            "ADM": "admissions officer",
            "SCASE": "EHC caseworker",
            "SMGR": "SEN manager",
            "EP": "educational psychologist",
            "VSH": "virtual school head",
            "SW": "social worker",
            "EHELP": "early-help worker",
            "EYTEAM": "early-years SEN support team member",
            "HLTH": "health lead",
            "COMM": "commissioner",
            "FIN": "high-needs finance officer",
            "STRAT": "strategy lead",
            "TRAIN": "training lead",
            "HOS": "head of service",
        },
    ),
    (
        "independent",
        ("panel",),
        {"IRPCLK": "review panel clerk", "IRPM": "review panel member", "SENEXP": "SEN expert"},
    ),
    ("platform", ("authority", "district", "partnership", "school"), {"AUD": "auditor"}),
    ("platform", ("authority",), {"POWN": "process owner", "DPO": "data protection officer"}),
    ("platform", _ANYWHERE, {"SYS": "administrator"}),
)

#: every role by its code
ROLES: Mapping[str, Role] = MappingProxyType(
    {
        code: Role(code=code, name=name, group=group, acts_at=frozenset(kinds))
        for group, kinds, names in _ROWS
        for code, name in names.items()
    }
)
