"""One plain sentence for every kind of entry of a case. Who may read which, and when it was, is in `cases.history`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from app.calendars import full
from app.cases.routes import route_of
from app.cases.sight import Sight
from app.model.entry import Entry
from app.model.placing import MARKS, PARTS
from app.store.due_tries import TIMER

#: what everybody else reads of the restricted compartment
RESTRICTED = "A restricted note was added."
ERASED = "The content of this entry was erased."
#: who does what people do not do
SYSTEM = {"worker": "Waymark", "operator": "The operator", "system": "Waymark"}


@dataclass(frozen=True)
class Said:
    """One entry about to be put into words."""

    #: the entry
    entry: Entry
    #: name by person id
    names: Mapping[str, str]
    #: how the reader sees the case
    sight: Sight

    @property
    def content(self) -> dict[str, Any]:
        """What happened."""
        return self.entry.content or {}

    @property
    def who(self) -> str:
        """Who did it."""
        return self.name(self.entry.actor)

    def name(self, person_id: str | None) -> str:
        """The name of a person, or what stands for it."""
        return self.names.get(person_id or "") or SYSTEM.get(person_id or "", "Somebody")

    def text(self, key: str) -> str:
        """Words of the content, as the reader may read them."""
        return self.sight.text(str(self.content.get(key) or ""))


def sentence(said: Said) -> str:
    """What happened, in one sentence. Raises KeyError for a kind of entry that has none."""
    if said.entry.content is None and said.entry.kind != "case-erased":
        return ERASED
    return SENTENCES[said.entry.kind](said)


def _started(said: Said) -> str:
    case = said.content["case"]
    pupil = said.sight.text(case["pupil_name"])
    return f"{said.who} started “{case['process_name']}” for {pupil} at {case['school_name']}{_because(said)}."


def _because(said: Said) -> str:
    """Which other case a case follows from, or ""."""
    meta = said.entry.meta
    if "from" not in meta:
        return ""
    other = said.sight.case(meta["from"])
    return f", to answer {other}" if "asking_task" in meta else f", because of {_says(meta['message'])} from {other}"


def _completed(said: Said) -> str:
    task = said.content["task"]
    late = task.get("late_days", 0)
    after = f", {late} {'day' if late == 1 else 'days'} after it was due" if late else ""
    return f"{said.who} completed “{task['name']}”{after}."


def _given_up(said: Said) -> str:
    name = said.content["task"]["name"]
    return f"{said.who} completed “{name}”, but the case could not go on from there. The task is still open."


def _claimed(said: Said) -> str:
    return f"{said.who} took the task “{said.content['name']}”."


def _released(said: Said) -> str:
    return f"{said.who} gave the task “{said.content['name']}” back."


def _reassigned(said: Said) -> str:
    reason = said.text("reason").rstrip(".")
    because = f": {reason}" if reason else ""
    return f"{said.who} gave the task “{said.content['name']}” to {said.name(said.content['assignee'])}{because}."


def _fired(said: Said) -> str:
    return f"The date came: {said.content['name']}, set for {full(date.fromisoformat(said.content['due']))}."


def _received(said: Said) -> str:
    who = _first_up(said.sight.case(said.entry.meta["from"])) if "from" in said.entry.meta else said.who
    return f"{who} told the case: {said.content['name']}."


def _passed_on(said: Said) -> str:
    return " ".join(_passed(said, one) for one in said.content["passed"])


def _passed(said: Said, one: dict[str, Any]) -> str:
    """What became of one thing that was sent."""
    what = _says(one["message"]) if one["message"] else "that this case ended"
    if not one["to"]:
        return f"Nobody received {what}. {one.get('nobody', '')}".strip()
    to: dict[str, list[str]] = {}
    for each in one["to"]:
        to.setdefault(each["role"], []).append(said.sight.case(each["case"]))
    told = [f"{_PASSED[role]} {_listed(cases)}" for role, cases in to.items()]
    return f"Waymark passed on {what}: {'; '.join(told)}."


_PASSED = {"answered": "it answers", "told": "it went to", "started": "it started"}


def _asked(said: Said) -> str:
    return f"{said.who} started {said.sight.case(said.entry.meta['to'])} to answer “{said.content['name']}”."


def _case_answered(said: Said) -> str:
    return f"{_other(said)} answered “{said.content['task']['name']}”."


def _answered_late(said: Said) -> str:
    what = said.content["name"]
    if said.content.get("troubles"):
        return f"{_other(said)} answered “{what}”, but the case could not go on from there. The task is still open."
    return f"{_other(said)} answered “{what}” when nothing waited for it any more."


def _asking_ended(said: Said) -> str:
    return f"{_other(said)} ended without an answer. “{said.content['name']}” is for people again."


def _other(said: Said) -> str:
    return _first_up(said.sight.case(said.entry.meta["from"]))


def _says(message: object) -> str:
    route = route_of(str(message))
    return route.says if route is not None else f"“{message}”"


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _moved(said: Said) -> str:
    moved, reason = said.content["moved"], said.text("reason").rstrip(".")
    because = f" because {reason[:1].lower()}{reason[1:]}" if reason else ""
    return f"{len(moved)} due {'date' if len(moved) == 1 else 'dates'} moved{because}."


def _noticed(said: Said) -> str:
    parts = [f"{_listed(map(said.name, one['people']))}: {one['sentence']}" for one in said.content["given"]]
    if not parts:
        return f"Nobody had to be told about “{said.content['name']}”."
    return f"Waymark told {' It told '.join(parts)}"


def _meeting_changed(said: Said) -> str:
    return f"{said.who} changed the meeting: {said.text('sentence')}"


def _marked(said: Said) -> str:
    day = full(date.fromisoformat(said.content["day"]))
    marks = ", ".join(f"{PARTS[part]} {MARKS[code].lower()}" for part, code in sorted(said.content["marks"].items()))
    return f"{said.who} marked attendance for {day}: {marks}."


def _chased(said: Said) -> str:
    told = said.content["told"]
    return f"Waymark told {_listed(map(said.name, told['people'])) or 'nobody'}: {told['sentence']}"


def _resolved(said: Said) -> str:
    return f"{said.who} resolved a problem. {said.text('resolution').rstrip('.')}."


def _moved_by_hand(said: Said) -> str:
    before, after = said.content["before"]["step"], said.content["after"]["step"]
    reason = said.text("reason").rstrip(".")
    return f"{said.who} moved the case by hand from “{before}” to “{after}”. {reason}."


def _changed_version(said: Said) -> str:
    before, after = said.content["before"]["version"], said.content["after"]["version"]
    planned, approved = (said.name(one) for one in said.content["by"])
    reason = said.text("reason").rstrip(".")
    return (
        f"The case goes on in version {after} of its process, after version {before}. "
        f"{planned} planned it and {approved} approved it: {reason}. Open tasks and dates stay as they are."
    )


def _handed_over(said: Said) -> str:
    return f"{said.who} gave a problem to the people of the case. {said.text('resolution').rstrip('.')}."


def _damaged(said: Said) -> str:
    return "Waymark found that the stored state of the case cannot be read; its history is whole."


def _failed(said: Said) -> str:
    what = "go on after" if said.content["kind"] == TIMER else "give a notice about"
    return f"Waymark could not {what} “{said.content['name']}”: it failed {said.content['tries']} times."


def _rebuilt(said: Said) -> str:
    return f"{said.who} made the state of the case again from its history."


def _noted(said: Said) -> str:
    return f"{said.who} added a {'restricted ' if said.content['restricted'] else ''}note."


def _documented(said: Said) -> str:
    document = said.content["document"]
    return f"{said.who} added the document “{said.sight.text(document['name'])}”."


def _letter_made(said: Said) -> str:
    letter = said.content["letter"]
    title, version = said.sight.text(letter["title"]), letter["version"]
    if version == 1:
        return f"{said.who} wrote the letter “{title}”."
    return (
        f"{said.who} wrote version {version} of the letter “{title}”: {said.sight.text(letter['reason']).rstrip('.')}."
    )


def _letter_dispatched(said: Said) -> str:
    how = said.content["how"]
    if how == "email":
        to = "" if said.sight.is_masked else f" to {said.content['address']}"
        return f"{said.who} sent the letter {_letter(said)} by e-mail{to}."
    on = full(date.fromisoformat(said.content["on"]))
    if how == "post":
        served = full(date.fromisoformat(said.content["served_on"]))
        return f"{said.who} posted the letter {_letter(said)} on {on}; it counts as received on {served}."
    return f"{said.who} handed the letter {_letter(said)} over on {on}."


def _letter_delivered(said: Said) -> str:
    return f"The mail server took the letter {_letter(said)}."


def _letter_failed(said: Said) -> str:
    why = said.text("why").rstrip(".")
    return f"The letter {_letter(said)} could not be delivered by e-mail: {why}."


def _letter(said: Said) -> str:
    version = said.content["version"]
    return f"“{said.text('title')}”{f', version {version},' if version > 1 else ''}"


def _erased(said: Said) -> str:
    asked, confirmed = said.entry.meta.get("requested_by"), said.entry.meta.get("confirmed_by")
    why = str(said.entry.meta.get("reason") or "").rstrip(".")
    because = f" The reason was: {why}." if why else ""
    people = f"{said.name(str(asked))} asked for it and {said.name(str(confirmed))} confirmed it"
    return f"The content was erased: {people}.{because}"


def _listed(names: Iterable[str]) -> str:
    *most, last = list(names) or ["nobody"]
    return f"{', '.join(most)} and {last}" if most else last


SENTENCES: Mapping[str, Callable[[Said], str]] = MappingProxyType(
    {
        "case-started": _started,
        "task-completed": _completed,
        "task-given-up": _given_up,
        "task-claimed": _claimed,
        "task-released": _released,
        "task-reassigned": _reassigned,
        "timer-fired": _fired,
        "message-received": _received,
        "message-passed-on": _passed_on,
        "case-asked": _asked,
        "task-answered": _case_answered,
        "answer-late": _answered_late,
        "asking-ended": _asking_ended,
        "deadlines-moved": _moved,
        "notice-given": _noticed,
        "meeting-changed": _meeting_changed,
        "attendance-marked": _marked,
        "attendance-chased": _chased,
        "incident-resolved": _resolved,
        "token-moved": _moved_by_hand,
        "version-changed": _changed_version,
        "incident-handed-over": _handed_over,
        "damage-found": _damaged,
        "failure-found": _failed,
        "case-rebuilt": _rebuilt,
        "note-added": _noted,
        "document-added": _documented,
        "letter-made": _letter_made,
        "letter-dispatched": _letter_dispatched,
        "letter-delivered": _letter_delivered,
        "letter-failed": _letter_failed,
        "case-erased": _erased,
    }
)
