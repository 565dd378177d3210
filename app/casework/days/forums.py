"""The sections of whoever arranges or chairs meetings: what comes to them. The dates beside it are in `dates`."""

from app.access.meetings import MEETING_ROLES, WITH_CASES
from app.casework.days.section import Group, Number, Section
from app.store.queries.matters import Wanted

FORUM = frozenset({"FADM", "FCHAIR"})

SECTION = Section(
    key="forum",
    title="Your forum",
    roles=FORUM,
    groups=(
        Group(
            "Requests",
            (
                Number(
                    "urgent",
                    "Urgent requests to accept or not",
                    Wanted("mine", elements=("accept_urgent",)),
                    "A school says that it cannot wait for the next date. The chair decides.",
                    is_urgent=True,
                ),
                Number(
                    "check",
                    "Requests to check",
                    Wanted("mine", elements=("check_request",)),
                    "New requests, and those a school completed. An incomplete one goes back with what is missing.",
                ),
                Number(
                    "hear",
                    "Cases to hear at a meeting",
                    Wanted("mine", is_listed=True),
                    "On a list, or waiting for a date with room, by the day of the meeting.",
                ),
                Number(
                    "letters",
                    "Outcomes to send",
                    Wanted("mine", elements=("write_outcome",)),
                    "Decided at a meeting; school and family do not know yet.",
                ),
            ),
        ),
    ),
    beside="meetings",
)

#: panels and groups: their cases come as tasks, so that the dates are what their day adds
PANELS = Section(
    key="meetings",
    title="Your meetings",
    roles=frozenset(role for kind in WITH_CASES for role in MEETING_ROLES[kind].arrange) - FORUM,
    groups=(),
    beside="meetings",
)
