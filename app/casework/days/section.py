"""What a section of a day is: whose it is, its numbers, the list each opens. Plain values; `matters` counts them."""

from dataclasses import dataclass, field

from app.store.queries.matters import Wanted


@dataclass(frozen=True)
class Number:
    """One number of a section, with the list it opens."""

    #: stands in the address of its list
    key: str
    #: what it counts, as people say it
    text: str
    #: which lines the list holds
    wanted: Wanted
    #: what the list says of itself, and what to do about it
    about: str
    #: more than none is something to look at first
    is_urgent: bool = False


@dataclass(frozen=True)
class Group:
    """Numbers that belong together."""

    #: its heading
    title: str
    #: the numbers, in the order they are shown
    numbers: tuple[Number, ...] = ()
    #: drawn as bars beside the table with the same figures
    is_charted: bool = False
    #: what is counted once for each process, in place of `numbers`
    by_process: Number | None = None


@dataclass(frozen=True)
class Section:
    """What one kind of role looks at every day."""

    #: stands in addresses
    key: str
    #: its heading
    title: str
    #: role codes it is for; its lists hold what these roles see and no other
    roles: frozenset[str]
    #: its numbers
    groups: tuple[Group, ...]
    #: dates of its lists are shown with the school days left, by the calendar of the school
    is_in_school_days: bool = False
    #: lists that are shown on the day itself, by key of their number: how many lines
    shown: dict[str, int] = field(default_factory=dict)
    #: beside the numbers: "meetings", "suspensions"
    beside: str = ""
