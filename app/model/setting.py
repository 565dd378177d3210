"""What an authority may set without touching a diagram: which settings there are, and what each is where nobody set it.

Where deadlines stand is not here (`app.calendars.rules`), nor how the installation runs (`app.config`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from app.model.json import Json
from app.model.meetings import KINDS

Kind = Literal["text", "number", "choice", "yes or no", "names"]


@dataclass(frozen=True)
class Setting:
    """One thing an authority may set."""

    #: "tier.names": what forms call it by, `setting("tier.names")`
    key: str
    #: what it is called, as a label
    title: str
    #: what it changes, for whoever sets it
    meaning: str
    #: how it is typed and kept
    kind: Kind
    #: where nobody set it; `names` are [{"value": "1", "label": …}, …] as a form's options
    default: Json
    #: group on the page
    group: str
    #: where it comes from
    source: str = "local default"
    #: `choice`: (value, words)
    choices: tuple[tuple[str, str], ...] = ()
    #: `number`: the smallest and the largest; `names`: the fewest and the most
    bounds: tuple[int, int] = (1, 100)
    #: what is counted: "months"
    unit: str = ""


def named(*labels: str) -> list[Json]:
    """Names as options, numbered from 1."""
    return [{"value": str(number), "label": label} for number, label in enumerate(labels, 1)]


def _meeting(code: str, name: str) -> Setting:
    return Setting(
        f"name.{code}",
        f"What the {name} is called",
        "In the middle of a sentence, for example on the pages about meetings and where a case waits for one.",
        "text",
        name,
        "Names",
    )


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        one.key: one
        for one in (
            Setting(
                "tier.names",
                "Tiers of support",
                "One name on each line, the lowest tier first. From the third tier on the head agrees to a plan.",
                "names",
                named(
                    "Tier 1: what every class offers",
                    "Tier 2: targeted, in school",
                    "Tier 3: targeted, with an outside service",
                    "Tier 4: specialist or statutory",
                ),
                "Names",
                "windscreen tiers; a support grid has five levels",
                bounds=(4, 6),
            ),
            *(_meeting(code, name) for code, name in KINDS.items()),
            Setting(
                "consent.months",
                "How old an agreement to share may be",
                "An agreement given longer ago is asked for again before anything is shared.",
                "number",
                12,
                "Sharing and consent",
                bounds=(1, 24),
                unit="months",
            ),
            Setting(
                "forum.reports",
                "Reports to the forum before a case goes further",
                "Whoever takes a case further after fewer reports is asked why, unless things got worse.",
                "number",
                2,
                "Processes",
                bounds=(1, 6),
                unit="reports",
            ),
            Setting(
                "fap.academy_direction_route",
                "How a school outside the authority's control is directed to admit",
                "What the form of the direction offers first.",
                "choice",
                "secretary_of_state",
                "Processes",
                "School Standards and Framework Act 1998 s.96, which s.62 of the Children's Wellbeing and Schools Act "
                "2026 widens once it is in force",
                choices=(("secretary_of_state", "Through the Secretary of State"), ("la", "Notice by the authority")),
            ),
            Setting(
                "osd.clear_days",
                "Clear days before an off-site direction",
                "Leaves two whole school days between the notice and the first day: one more than the regulation asks.",
                "yes or no",
                default=False,
                group="Processes",
                source="SI 2010/1156 reg 3: not less than 2 school days before",
            ),
        )
    }
)

#: every setting where nobody set anything
DEFAULTS: Mapping[str, Json] = MappingProxyType({key: one.default for key, one in SETTINGS.items()})
