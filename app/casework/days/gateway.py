"""The gateway's section: referrals by how long they wait, the cohort in support, pupils on their way back."""

from app.casework.days.section import Group, Number, Section
from app.store.queries.matters import Wanted

_GATEWAY = ("gateway",)
_TRIAGE = ("screen", "triage_primary", "triage_secondary")


def _waiting(key: str, text: str, least: int | None, most: int | None, *, is_urgent: bool = False) -> Number:
    return Number(
        key,
        text,
        Wanted("mine", processes=_GATEWAY, elements=_TRIAGE, open_for=(least, most)),
        "Referrals to screen or to talk through with the school, the one due first at the top.",
        is_urgent,
    )


def _cohort(key: str, text: str, *elements: str) -> Number:
    wanted = Wanted("cases", processes=_GATEWAY, elements=elements)
    return Number(key, text, wanted, "Pupils in the gateway, the longest there first.")


SECTION = Section(
    key="gateway",
    title="Inclusion gateway",
    roles=frozenset({"GWPRI", "GWSEC", "GWADM"}),
    groups=(
        Group(
            "Referrals to screen and triage",
            (
                _waiting("new", "Waiting for less than 5 days", None, 5),
                _waiting("week", "Waiting for 5 to 9 days", 5, 10),
                _waiting("old", "Waiting for 10 days or more", 10, None, is_urgent=True),
            ),
            is_charted=True,
        ),
        Group(
            "The cohort",
            (
                _cohort("panel", "At the panel", "decide_at_panel", "hand_to_route"),
                _cohort("support", "In support", "plan_support", "keep_contact", "review"),
                _cohort("return", "Planning the return", "plan_return"),
                _cohort("back", "Back, and followed up", "follow_30", "follow_60", "follow_90"),
            ),
            is_charted=True,
        ),
        Group(
            "Dates",
            (
                Number(
                    "late",
                    "Overdue in the gateway",
                    Wanted("mine", processes=_GATEWAY, due=(None, -1)),
                    "What should be done already, the oldest first.",
                    is_urgent=True,
                ),
                Number(
                    "follow-ups",
                    "Follow-ups in the next six weeks",
                    Wanted("mine", processes=_GATEWAY, elements=("follow_30", "follow_60", "follow_90"), due=(0, 42)),
                    "Pupils who went back: 30, 60 and 90 school days after the return.",
                ),
            ),
        ),
    ),
)
