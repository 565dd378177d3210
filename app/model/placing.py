"""What a task can do with a commissioned place, by the word a diagram uses, and what its form must ask for that."""

from collections.abc import Mapping

TAKE, END = "take", "end"
#: word → what completing the task does, in the middle of a sentence
STEPS: Mapping[str, str] = {
    TAKE: "takes a place at a centre, or puts the case on the waiting list",
    END: "gives the place at the centre back",
}
#: word → keys of the questions its form must ask
ASKED: Mapping[str, tuple[str, ...]] = {
    TAKE: (
        "place_decision", "key_stage", "centre", "place_type", "first_day", "last_day", "pattern", "premium", "top_up",
    ),
    END: ("place_ends_on",),
}  # fmt: skip
#: the four answers to `place_decision`
OFFER, OVERBOOK, WAIT, NONE = "offer", "overbook", "wait", "none"
#: the two answers to `place_type`
QUOTA, ADDITIONAL = "quota", "additional"
#: key stages that have places of their own
KEY_STAGES: Mapping[str, str] = {"ks3": "key stage 3", "ks4": "key stage 4"}
#: answer to `pattern` → (weekday, 0 for Monday; what it is called)
SESSIONS: Mapping[str, tuple[int, str]] = {
    f"{day.lower()}_{part}": (weekday, f"{day} {words}")
    for weekday, day in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri"))
    for part, words in (("am", "morning"), ("pm", "afternoon"))
}
#: part of a day → what people call it
PARTS: Mapping[str, str] = {"am": "morning", "pm": "afternoon"}
#: mark of a session → what it says
MARKS: Mapping[str, str] = {
    "present": "Present",
    "late": "Late",
    "ill": "Ill",
    "allowed": "Absent with leave",
    "no_reason": "Absent, no reason yet",
    "not_allowed": "Absent without leave",
}
#: marks of somebody who was there
THERE = frozenset({"present", "late"})
#: marks that nobody explained
ABSENT_UNEXPLAINED = frozenset({"no_reason", "not_allowed"})
