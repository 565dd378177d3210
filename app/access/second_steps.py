"""Which roles must take a second step when they sign in. How the step is taken is decided in `casework`."""

from app.access.people import Reader

#: ADR 0035: who decides about a child, money, accounts or processes, or reads what is restricted, sealed or of a whole
#: area by name
DECIDING_ROLES = frozenset(
    {
        "HT", "DSL", "GOV", "TRNOM",                        # schools: exclusion, restricted notes, panels of governors
        "FCHAIR", "LMGC", "PBOARD",                         # chairs and boards
        "GWPRI", "GWSEC",                                   # gateway directors
        "LLEAD", "SLEAD", "TSLD",                           # leads of a locality
        "HOS", "SMGR", "VSH", "EXO", "FAO", "SW", "COMM", "FIN",
        "IRPCLK", "IRPM",                                   # independent review
        "SYS", "POWN", "AUD", "DPO",                        # the platform itself
    }
)  # fmt: skip


def must_take_second_step(reader: Reader) -> bool:
    """Whether one of the roles held today decides."""
    return any(one.role in DECIDING_ROLES for one in reader.memberships)
