"""When a part of a page is shown, in the few words the page's script knows. What is asked is decided in `scope`.

A condition is tried with every answer its choices allow; what the script cannot say stays visible.
"""

import json
from collections.abc import Mapping
from itertools import product
from math import prod

from app.forms.form import Item, Question
from app.forms.scope import Scope, feel
from app.model.json import Json

_MOST_TRIALS = 400
_Trial = tuple[Json, ...]


def shown_when(item: Item, near: Mapping[str, Question], names: Mapping[str, str], scope: Scope) -> str | None:
    """JSON of field name → value or values that show it; "" where it is always shown, None where it never is.

    `near` has the questions a formula here may name, `names` their field names.
    """
    keys = sorted({name for formula in item.hides for name in formula.names} & set(near))
    asked = [near[key] for key in keys]
    trials = [_trials(question) for question in asked]
    if not item.hides or not all(trials) or prod(map(len, trials)) > _MOST_TRIALS:
        return ""
    shown = [trial for trial in product(*trials) if not _is_hidden(item, asked, trial, scope)]
    if not shown:
        return None
    tests: dict[str, Json] = {}
    for at, question in enumerate(asked):
        values = [value for value in trials[at] if any(trial[at] == value for trial in shown)]
        if (test := _test(question, values, trials[at])) is not None:
            tests[names[question.key]] = test
    return json.dumps(tests, ensure_ascii=False) if tests else ""


def _trials(question: Question) -> _Trial:
    """Every answer the question can have, nothing first; none at all where they cannot be counted."""
    values = [option.value for option in question.options]
    if question.kind in ("radio", "select"):
        return (None, *values)
    if question.kind == "checklist":
        return ([], *([value] for value in values))
    return (False, True) if question.kind == "checkbox" else ()


def _is_hidden(item: Item, asked: list[Question], trial: _Trial, scope: Scope) -> bool:
    tried = {question.key: feel(question, answer) for question, answer in zip(asked, trial, strict=True)}
    inner = Scope({**scope.values, **tried}, scope.context)
    return any(inner.is_true(formula) for formula in item.hides)


def _test(question: Question, values: list[Json], trials: _Trial) -> Json:
    """The values as the script compares them, or None where it need not or cannot."""
    if len(values) == len(trials) or values[0] in (None, False, []):
        return None
    if question.kind == "checkbox":
        return "true"
    plain: list[Json] = [value[0] if isinstance(value, list) else value for value in values]
    return plain[0] if len(plain) == 1 else plain
