"""What formulas of a form see, which questions are hidden, and what is offered. It judges no answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.feel import FeelError, Value, from_json, to_json
from app.forms.context import FormContext
from app.forms.form import Form, Item, Question
from app.forms.formula import Formula, UnanswerableFormula
from app.model.json import Json


@dataclass(frozen=True)
class Scope:
    """Names and their values at one place of a form."""

    #: FEEL values by name
    values: Mapping[str, Value]
    #: the circumstances
    context: FormContext

    def ask(self, formula: Formula) -> Value:
        """What a formula gives here. Raises: UnanswerableFormula."""
        return formula.ask(self.values, self.context.now, self.context.all_functions)

    def is_true(self, formula: Formula) -> bool:
        """Whether it gives true; a formula that cannot be worked out does not."""
        try:
            return self.ask(formula) is True
        except UnanswerableFormula:
            return False

    def within(self, cells: tuple[Question, ...], row: Mapping[str, Json], hidden: frozenset[str], at: str) -> "Scope":
        """The scope inside a row: its own questions before all others."""
        shown = {cell.key: None if f"{at}{cell.key}" in hidden else feel(cell, row.get(cell.key)) for cell in cells}
        return Scope({**self.values, **shown}, self.context)


def scope_of(form: Form, answers: Mapping[str, Json], hidden: frozenset[str], context: FormContext) -> Scope:
    """The scope outside rows. Every question is a name, null where hidden or unanswered; then the process variables."""
    shown = {
        question.key: None if question.key in hidden else feel(question, _without(question, answers, hidden))
        for question in form.questions
    }
    return Scope({**context.scope, **shown}, context)


def _without(question: Question, answers: Mapping[str, Json], hidden: frozenset[str]) -> Json:
    """The answer, rows without their hidden cells and without rows left empty."""
    answer = answers.get(question.key)
    if question.kind != "dynamiclist" or not isinstance(answer, list):
        return answer
    return [
        {key: value for key, value in row.items() if f"{question.key}:{n}:{key}" not in hidden}
        for n, row in enumerate(answer)
        if isinstance(row, Mapping)
    ]


def feel(question: Question, answer: Json) -> Value:
    """A clean answer as a FEEL value; rows with their dates as dates. An unanswered list is empty, as in form-js."""
    if answer is None and question.feel_type == "list":
        return []
    try:
        if question.kind == "dynamiclist" and isinstance(answer, list):
            return [
                {cell.key: feel(cell, row.get(cell.key)) for cell in question.row_questions}
                for row in answer
                if isinstance(row, Mapping)
            ]
        return from_json(answer, question.feel_type)
    except FeelError:
        return None


def path_of(item: Item) -> str:
    """The key of a question, `#id` of words."""
    return item.key if isinstance(item, Question) else f"#{item.id}"


def hidden_paths(form: Form, answers: Mapping[str, Json], context: FormContext) -> frozenset[str]:
    """Paths of everything hidden: a hidden answer is not seen by other conditions, until nothing changes."""
    hidden: frozenset[str] = frozenset()
    for _ in range(len(form.items) + 2):
        again = _hidden_once(form, answers, hidden, context)
        if again == hidden:
            break
        hidden = again
    return hidden


def _hidden_once(
    form: Form, answers: Mapping[str, Json], hidden: frozenset[str], context: FormContext
) -> frozenset[str]:
    scope = scope_of(form, answers, hidden, context)
    found = {path_of(item) for item in form.items if any(map(scope.is_true, item.hides))}
    for question in form.questions:
        if not any(cell.hides for cell in question.rows):
            continue
        rows = answers.get(question.key)
        for n, row in enumerate(rows if isinstance(rows, list) else []):
            at = f"{question.key}:{n}:"
            inner = scope.within(question.row_questions, row if isinstance(row, Mapping) else {}, hidden, at)
            found |= {at + path_of(cell) for cell in question.rows if any(map(inner.is_true, cell.hides))}
    return frozenset(found)


def is_hidden(path: str, hidden: frozenset[str]) -> bool:
    """Whether a path, or the list it lies in, is hidden."""
    return path in hidden or path.split(":")[0] in hidden


def offered(question: Question, context: FormContext) -> Json:
    """The first value as a clean answer: by formula, else as written, else None."""
    if question.offer is None:
        return question.default
    try:
        value = Scope(context.scope, context).ask(question.offer)
    except UnanswerableFormula:
        return question.default
    return _plain(to_json(value)) if value is not None else question.default


def _plain(value: object) -> Json:
    return value  # type: ignore[return-value]
