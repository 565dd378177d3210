"""What people tell a case beside its tasks: that something happened, a concern, how a problem is solved."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Any

from app import forms
from app.cases import incidents as resolving
from app.cases.additions import add_note
from app.cases.answered import questions_by_variable
from app.cases.command import Command, Receipt
from app.cases.events import deliver
from app.clock import local_date
from app.errors import InvalidAnswers, NotFound
from app.forms import Form
from app.model.json import Json, JsonObject
from app.store.db import reading
from app.store.queries import dues, people
from app.store.queries.cases import CaseLine

ALERT = "safeguarding.alert"
#: problem → what is asked about a reason
REASON_NEEDED = "Enter why, so that somebody who reads this later understands"
SHORTEST_REASON = 5


@dataclass(frozen=True)
class Telling:
    """Something a case waits for and a person can tell it."""

    #: message name
    message: str
    #: as a plain sentence: "The pupil has moved"
    label: str
    #: what it leads to
    hint: str


#: message → (what people call it, what it leads to, when, what else is asked)
_KNOWN: Mapping[str, tuple[str, str, str, tuple[dict[str, Any], ...]]] = {
    "pupil.moved": (
        "The pupil has moved",
        "Every open task ends. You get a task to hand the plan over to the new school.",
        "When did the pupil leave?",
        ({"key": "new_school", "label": "Where is the pupil now?", "type": "textfield"},),
    ),
    "consent.withdrawn": (
        "Consent was withdrawn",
        "New sharing stops at once. You get a task to explain what stops and what continues.",
        "When was it withdrawn?",
        ({"key": "withdrawn_by", "label": "Who withdrew it?", "type": "textfield", "required": True},),
    ),
    "advice.received": (
        "Advice was received",
        "You get a task to read the advice.",
        "When did it arrive?",
        ({"key": "from", "label": "Who is it from?", "type": "textfield", "required": True},),
    ),
    "osd.review_request": (
        "A review of the direction was asked for",
        "You get a task to hold the review, or to decline it where one took place in the ten weeks before.",
        "When was it asked for?",
        ({"key": "from", "label": "Who asks for it?", "type": "textfield", "required": True},),
    ),
    "plan.final": (
        "The EHC plan is final",
        "Every open task ends. You get a task to move the support to the plan.",
        "When was the plan issued?",
        (),
    ),
}


def tellings(case_id: str) -> list[Telling]:
    """What the case waits for now and a person may tell it; safeguarding has a way of its own."""
    waiting = {one.message: one.name for one in dues.subscriptions(reading(), case_id) if one.message != ALERT}
    return [_telling(message, name) for message, name in waiting.items()]


def telling(case_id: str, message: str) -> Telling:
    """One of them. Raises NotFound where the case does not wait for it."""
    found = next((one for one in tellings(case_id) if one.message == message), None)
    if found is None:
        raise NotFound
    return found


@lru_cache(maxsize=64)
def form_for(message: str) -> Form:
    """The few questions asked about it."""
    _, _, when, more = _KNOWN.get(message, ("", "", "When did it happen?", ()))
    asked: list[dict[str, Any]] = [
        {
            "type": "datetime",
            "subtype": "date",
            "id": "on_question",
            "key": "on",
            "dateLabel": when,
            "validate": {"required": True},
            "properties": {"offer": "today()"},
        },
        *(
            {
                "type": one["type"],
                "id": f"{one['key']}_question",
                "key": one["key"],
                "label": one["label"],
                "validate": {"maxLength": 200, **({"required": True} if one.get("required") else {})},
            }
            for one in more
        ),
        {
            "type": "textarea",
            "id": "reason_question",
            "key": "reason",
            "label": "What should people know about it?",
            "description": "How you know, and what was agreed.",
            "validate": {"required": True, "maxLength": 2000},
            "properties": {"lines": "3"},
        },
    ]
    key = "tell_" + "".join(each if each.isalnum() else "_" for each in message)
    return forms.read(json.dumps({"type": "default", "id": key, "schemaVersion": 19, "components": asked}).encode())


def tell(case_id: str, message: str, answers: JsonObject, command: Command) -> Receipt:
    """Give the message to the case. Raises NotWaiting, CaseClosed; NotFound for what has a way of its own."""
    if message == ALERT:
        raise NotFound
    return deliver(case_id, message, answers, command)


def duty_contacts(case: CaseLine, command: Command) -> list[str]:
    """Names of the safeguarding leads of the school, to speak with at once."""
    found = people.holding(reading(), ["DSL"], [case.school], local_date(command.now))
    return [one.name for one in found]


def raise_concern(case: CaseLine, text: str, command: Command) -> bool:
    """Keep the concern in the restricted compartment and alert the safeguarding lead; whether a task was opened.

    The words go into a restricted note; the alert carries none, so that no process variable can hold them.
    """
    if not text.strip():
        raise InvalidAnswers({"concern": "Enter what you are worried about"})
    add_note(case.id, text.strip(), True, _keyed(command, "note"))
    if not dues.subscriptions(reading(), case.id, ALERT):
        return False
    deliver(case.id, ALERT, None, _keyed(command, "alert"))
    return True


def correctable(case: CaseLine) -> list[tuple[str, str]]:
    """(variable, what people call it) of what can be corrected in a case."""
    asked = questions_by_variable(case.bundle)
    names = dict.fromkeys([*case.variables, *asked])
    return [(name, asked[name].label if name in asked else name.replace("_", " ")) for name in names]


def resolve(case: CaseLine, incident_id: str, how: str, reason: str, change: tuple[str, str], command: Command) -> None:
    """Retry, correct one variable and retry, or end the case. Raises InvalidAnswers, NotFound."""
    variable, typed = change
    problems: dict[str, str] = {}
    if how not in {"retry", "correct", "end"}:
        problems["how"] = "Choose what to do about the problem"
    value: Json = None
    if how == "correct":
        if variable not in dict(correctable(case)):
            problems["variable"] = "Choose what to correct"
        else:
            value, wrong = read_value(case, variable, typed)
            if wrong:
                problems["value"] = wrong
    if len(reason.strip()) < SHORTEST_REASON:
        problems["reason"] = REASON_NEEDED
    if problems:
        raise InvalidAnswers(problems)
    if how == "retry":
        resolving.retry(case.id, incident_id, reason.strip(), command)
    elif how == "correct":
        resolving.correct(case.id, incident_id, {variable: value}, reason.strip(), command)
    else:
        resolving.end_case(case.id, incident_id, reason.strip(), command)


def read_value(case: CaseLine, variable: str, typed: str) -> tuple[Json, str | None]:
    """The typed words as a value of the kind the variable has, or what to do about them."""
    question = questions_by_variable(case.bundle).get(variable)
    kind = question.feel_type if question else _kind_of(case.variables.get(variable))
    text = typed.strip()
    if not text:
        return None, None
    try:
        return _READERS.get(kind, str)(text), None
    except (ValueError, KeyError):
        return None, _WANTED.get(kind, "Enter another value")


def _number(text: str) -> Json:
    if text.lstrip("-").isdigit():
        return int(text)
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


def _date(text: str) -> Json:
    return date.fromisoformat(text).isoformat()


def _listed(text: str) -> Json:
    found = json.loads(text) if text.startswith("[") else [part.strip() for part in text.split(",")]
    if not isinstance(found, list):
        raise ValueError(text)
    return found


_READERS: Mapping[str, Any] = {
    "number": _number,
    "boolean": lambda text: {"yes": True, "no": False, "true": True, "false": False}[text.lower()],
    "date": _date,
    "list": _listed,
}
_WANTED = {
    "number": "Enter a number, such as 2",
    "boolean": "Enter yes or no",
    "date": "Enter a date as year-month-day, such as 2026-11-02",
    "list": "Enter values separated by commas",
}


def _kind_of(value: Json) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "list" if isinstance(value, list) else "string"


def _telling(message: str, name: str) -> Telling:
    label, hint, _, _ = _KNOWN.get(message, (name, "", "", ()))
    return Telling(message, label, hint)


def _keyed(command: Command, part: str) -> Command:
    return replace(command, key=f"{command.key}:{part}" if command.key else None)
