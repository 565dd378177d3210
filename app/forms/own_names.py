"""The authority's own names in a form: options of a question whose property `names` is a setting. Never values."""

from collections.abc import Mapping
from dataclasses import replace

from app.forms.form import Form, Item, Option, Question
from app.model.json import Json


def with_own_names(form: Form, settings: Mapping[str, Json]) -> Form:
    """The form with the options that the authority set; those written in the form stay where it set none."""
    if not any(each.names_from for question in form.questions for each in (question, *question.row_questions)):
        return form
    return replace(form, items=tuple(_named(item, settings) for item in form.items))


def with_names(question: Question, settings: Mapping[str, Json]) -> Question:
    """The question with the options that the authority set, where it takes any."""
    options = _options(settings.get(question.names_from)) or question.options
    return replace(question, options=options, rows=tuple(_named(cell, settings) for cell in question.rows))


def _named(item: Item, settings: Mapping[str, Json]) -> Item:
    return with_names(item, settings) if isinstance(item, Question) else item


def _options(value: Json) -> tuple[Option, ...]:
    listed = value if isinstance(value, list) else []
    return tuple(Option(str(one["value"]), str(one["label"])) for one in listed if isinstance(one, dict))
