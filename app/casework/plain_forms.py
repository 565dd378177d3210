"""Forms of tasks that have none of their own: “mark as done”, and “send it by hand and record the answer”."""

import json
from functools import lru_cache

from app import forms
from app.cases.definitions import form_of, form_then
from app.engine import Element
from app.forms import Form

_DONE = {
    "type": "default",
    "id": "mark_done",
    "schemaVersion": 19,
    "components": [
        {
            "type": "textarea",
            "id": "done_note_question",
            "key": "note",
            "label": "Is there anything to add?",
            "validate": {"maxLength": 2000},
            "properties": {"lines": "3"},
        }
    ],
}
_BY_HAND = {
    "type": "default",
    "id": "sent_by_hand",
    "schemaVersion": 19,
    "components": [
        {
            "type": "textarea",
            "id": "by_hand_answer_question",
            "key": "answer",
            "label": "What was the answer?",
            "description": "Who you sent it to, when, and what they said.",
            "validate": {"required": True, "maxLength": 4000},
            "properties": {"lines": "5", "errorRequired": "Enter what you sent and what the answer was"},
        }
    ],
}
_NOTHING = {
    "type": "default",
    "id": "nothing_asked",
    "schemaVersion": 19,
    "components": [{"type": "text", "id": "nothing_text", "text": "There is nothing to fill in."}],
}


def form_for(bundle: str, form_key: str | None, element: Element | None) -> Form:
    """The form of a task: its own as it was deployed, else the plain one that fits."""
    if form_key:
        return form_of(bundle, form_key)
    return by_hand() if element is not None and element.kind == "handover" else mark_done()


def form_answered(bundle: str, form_key: str | None, digest: str | None) -> Form:
    """The form that answers were given to, for showing them: perhaps of a version the case was on before."""
    if form_key:
        return form_then(bundle, form_key, digest) if digest else form_of(bundle, form_key)
    return by_hand() if digest == by_hand().digest else mark_done()


@lru_cache(maxsize=1)
def mark_done() -> Form:
    """“Mark as done”, with room for a remark."""
    return forms.read(json.dumps(_DONE).encode())


@lru_cache(maxsize=1)
def nothing_asked() -> Form:
    """A beginning that asks nothing."""
    return forms.read(json.dumps(_NOTHING).encode())


@lru_cache(maxsize=1)
def by_hand() -> Form:
    """“Send it by hand and record the answer”."""
    return forms.read(json.dumps(_BY_HAND).encode())
