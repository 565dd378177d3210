"""The headteacher's section: cases of the school by process, what is late, decisions, days out of school."""

from app.casework.days.section import Group, Number, Section
from app.store.queries.matters import Wanted

SECTION = Section(
    key="school",
    title="Your school",
    roles=frozenset({"HT"}),
    groups=(
        Group(
            "Needs you",
            (
                Number(
                    "decisions",
                    "Waiting for you as headteacher",
                    Wanted("mine"),
                    "Decisions and tasks that you can do as headteacher; some of them a colleague can do too.",
                ),
                Number(
                    "overdue",
                    "Overdue at your school, whoever has it",
                    Wanted("tasks", due=(None, -1)),
                    "What should be done already, the oldest first. Speak with whoever has it, or give it to another.",
                    is_urgent=True,
                ),
                Number(
                    "this-week",
                    "Due in the next seven days",
                    Wanted("tasks", due=(0, 7)),
                    "What somebody at your school has to do this week.",
                ),
            ),
        ),
        Group(
            "Open cases",
            is_charted=True,
            by_process=Number("open", "", Wanted("cases"), "Open cases of your school, the longest open first."),
        ),
        Group(
            "Exclusions",
            (
                Number(
                    "exclusions",
                    "Exclusion procedures that run",
                    Wanted("cases", processes=("exclusion",)),
                    "Suspensions and permanent exclusions whose procedure is not at its end.",
                ),
                Number(
                    "exclusion-dates",
                    "Their dates in the next 15 days",
                    Wanted("dates", processes=("exclusion",), due=(0, 15)),
                    "What the procedure asks for next, and by when.",
                ),
            ),
        ),
    ),
    beside="suspensions",
)
