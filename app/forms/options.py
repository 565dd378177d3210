"""Options that a formula gives, from the case's own variables: an authority's tiers. Not those written in the form."""

from dataclasses import replace

from app.feel import Value
from app.forms.context import FormContext
from app.forms.form import Form, Item, Option, Question
from app.forms.formula import UnanswerableFormula
from app.forms.scope import Scope

MAX_OPTIONS = 200


def with_options(form: Form, context: FormContext) -> Form:
    """The form with every option known."""
    if not any(each.options_from for question in form.questions for each in (question, *question.row_questions)):
        return form
    scope = Scope(context.scope, context)
    return replace(form, items=tuple(_known(item, scope) for item in form.items))


def _known(item: Item, scope: Scope) -> Item:
    if not isinstance(item, Question):
        return item
    options = _options(item, scope) if item.options_from else item.options
    return replace(item, options=options, rows=tuple(_known(cell, scope) for cell in item.rows))


def _options(question: Question, scope: Scope) -> tuple[Option, ...]:
    """What the formula gives: texts, or contexts of value and label. What is neither is left out."""
    try:
        value = scope.ask(question.options_from) if question.options_from else None
    except UnanswerableFormula:
        return ()
    found = [_option(each) for each in value[:MAX_OPTIONS]] if isinstance(value, list) else []
    return tuple({option.value: option for option in found if option}.values())


def _option(value: Value) -> Option | None:
    if isinstance(value, str) and value:
        return Option(value, value)
    if isinstance(value, dict):
        written, label = value.get("value"), value.get("label")
        if isinstance(written, str) and written:
            return Option(written, label if isinstance(label, str) and label else written)
    return None
