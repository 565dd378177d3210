"""The safeguarding lead's section: restricted tasks. Nobody else has it, and no other list holds what it counts."""

from app.casework.days.section import Group, Number, Section
from app.store.queries.matters import Wanted

SECTION = Section(
    key="safeguarding",
    title="Safeguarding",
    roles=frozenset({"DSL"}),
    groups=(
        Group(
            "Restricted",
            (
                Number(
                    "late",
                    "Alerts that are late",
                    Wanted("mine", is_restricted=True, due=(None, -1)),
                    "Concerns and alerts that nobody has considered in time. Open these first.",
                    is_urgent=True,
                ),
                Number(
                    "alerts",
                    "Alerts and concerns to consider",
                    Wanted("mine", is_restricted=True),
                    "Only safeguarding leads see these. Others see that a restricted note was added.",
                ),
                Number(
                    "cases",
                    "Open cases with restricted notes",
                    Wanted("cases"),
                    "Cases of your school whose compartment holds something.",
                ),
            ),
        ),
    ),
)
