"""The section of those who watch exclusions and fair access for the authority: statutory dates, unplaced children."""

from app.casework.days.section import Group, Number, Section
from app.store.queries.matters import Wanted

#: dates of law and of the statutory code in these two procedures
STATUTORY = (
    "ex.notify_parent",
    "ex.notify_la",
    "ex.day6",
    "ex.board15",
    "ex.board50",
    "ex.irp_meet",
    "ex.reconsider",
    "fap.place",
)
_BOTH = ("exclusion", "fair-access")
_UNPLACED = ("check_eligible", "clock_starts", "arrange_provision", "call_panel", "decide_place", "mediate", "direct")

SECTION = Section(
    key="places",
    title="Exclusions and fair access",
    roles=frozenset({"EXO", "FAO", "ADM"}),
    groups=(
        Group(
            "The statutory clock",
            (
                Number(
                    "breaches",
                    "Statutory dates missed since September",
                    Wanted("missed", processes=_BOTH, rules=STATUTORY, is_this_year=True),
                    "Dates that passed, done late or not done yet. A late one is still to be done.",
                    is_urgent=True,
                ),
                Number(
                    "clock",
                    "Statutory dates to come",
                    Wanted("dates", processes=_BOTH, rules=STATUTORY, due=(0, None)),
                    "Every date of law that runs at a school of the authority, the next one first.",
                ),
            ),
        ),
        Group(
            "Children without a place",
            (
                Number(
                    "out",
                    "Education from the sixth day not arranged",
                    Wanted("tasks", processes=("exclusion",), elements=("educate_authority", "educate_school")),
                    "Excluded pupils for whom nothing is arranged yet, by the sixth day.",
                ),
                Number(
                    "unplaced",
                    "Waiting for a place by fair access",
                    Wanted("cases", processes=("fair-access",), elements=_UNPLACED),
                    "Children whose case waits for a decision or an answer, the longest waiting first.",
                ),
                Number(
                    "decided",
                    "Placed, and still to start or settle",
                    Wanted(
                        "cases",
                        processes=("fair-access",),
                        elements=("tell_parents", "check_on_roll", "review_settling"),
                    ),
                    "A place was given. Check that the child is on roll, and how they settle.",
                ),
            ),
        ),
    ),
    is_in_school_days=True,
    shown={"clock": 10, "breaches": 5},
)
