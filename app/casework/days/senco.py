"""The section of whoever leads SEN support in a school: reviews, late rounds, consent, requests at forums."""

from app.casework.days.section import Group, Number, Section
from app.store.queries.matters import Wanted

_SUPPORT = ("graduated-approach",)

SECTION = Section(
    key="support",
    title="SEN support",
    roles=frozenset({"SENCO", "INCL", "EYSET", "P16", "SPEC"}),
    groups=(
        Group(
            "Graduated approach",
            (
                Number(
                    "late",
                    "Late steps",
                    Wanted("tasks", processes=_SUPPORT, due=(None, -1)),
                    "Steps of the graduated approach that should be done already, the oldest first.",
                    is_urgent=True,
                ),
                Number(
                    "reviews",
                    "Reviews in the next six weeks",
                    Wanted("dates", processes=_SUPPORT, elements=("review_date_reached", "review"), due=(0, 42)),
                    "Reviews that come, and those to hold now. Invite parents and teachers in good time.",
                ),
                Number(
                    "plans",
                    "Plans to agree",
                    Wanted("tasks", processes=_SUPPORT, elements=("assess", "plan", "agree_tier")),
                    "Rounds whose assessment, plan or tier is not settled yet.",
                ),
            ),
        ),
        Group(
            "Consent and requests",
            (
                Number(
                    "consent",
                    "Consent to get in writing",
                    Wanted("tasks", elements=("get_consent_in_writing",)),
                    "Parents agreed by word of mouth. Sharing may stop where the signed form does not come.",
                ),
                Number(
                    "forum",
                    "Requests that wait for a meeting",
                    Wanted("tasks", is_listed=True),
                    "Cases on the list of a forum or panel, by the day of the meeting.",
                ),
                Number(
                    "sent-back",
                    "Requests sent back to you",
                    Wanted("mine", elements=("complete_request", "complete")),
                    "Something is missing. A request is heard only once it is complete.",
                    is_urgent=True,
                ),
            ),
        ),
    ),
)
