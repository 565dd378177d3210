"""JSON answers of a request as the fields a form submits, so that programs and people are judged by the same rules."""

import base64
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, NoReturn

from app import forms
from app.casework.uploads import Sent, takes_files
from app.errors import InvalidAnswers
from app.forms import Form, Refused
from app.forms.typed import Fields


def fields_for(form: Form, answers: Mapping[str, Any], accepted: Mapping[str, str]) -> Fields:
    """The fields of the form. Raises InvalidAnswers for an answer to a question that it does not ask."""
    asked = {question.key for question in form.questions}
    if unknown := sorted(set(answers) - asked):
        raise InvalidAnswers(dict.fromkeys(unknown, "The form has no question with this key. Leave it out."))
    fields = forms.as_submitted(form, answers)
    for key, reason in accepted.items():
        fields[f"_tick.{key}"], fields[f"_reason.{key}"] = ["yes"], [reason]
    return fields


def files_of(form: Form, files: Sequence[Mapping[str, str]]) -> list[Sent]:
    """Files in base64 as a browser sends them. Raises InvalidAnswers where one is none, or no question asks for it."""
    sent = []
    for one in files:
        if not takes_files(form, one["question"].replace("-", ":")):
            raise InvalidAnswers({one["question"]: "The form asks for no file here. Leave it out."})
        try:
            content = base64.b64decode(one["content"], validate=True)
        except ValueError:
            raise InvalidAnswers({one["question"]: "Send the bytes of the file in base64."}) from None
        sent.append(Sent(one["question"], one["name"], BytesIO(content)))
    return sent


def refuse(refused: Refused) -> NoReturn:
    """Raises InvalidAnswers: with the questions to change, and the warnings that hold."""
    raise InvalidAnswers(dict(refused.problems), {one.key: one.sentence for one in refused.warnings if one.problem})
