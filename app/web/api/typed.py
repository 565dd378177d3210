"""JSON answers of a request as the fields a form submits, so that programs and people are judged by the same rules."""

from collections.abc import Mapping
from typing import Any, NoReturn

from app import forms
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


def refuse(refused: Refused) -> NoReturn:
    """Raises InvalidAnswers: with the questions to change, and the warnings that hold."""
    raise InvalidAnswers(dict(refused.problems), {one.key: one.sentence for one in refused.warnings if one.problem})
