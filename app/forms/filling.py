"""A form ready to be drawn: values, what is hidden, rows. The HTML is made by the macros in `web/templates/form`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from app.forms.context import FormContext, UploadedFile
from app.forms.form import Form, Item, Question, Words
from app.forms.judging import places, warnings_at
from app.forms.markdown import to_html
from app.forms.schemas import Loaded, load
from app.forms.scope import Scope, hidden_paths, offered, path_of, scope_of
from app.forms.summary import Readable, line_of
from app.forms.typed import WARNINGS, fields_of, read_typed, typed_answer, typed_answers
from app.forms.warned import Warned, warned
from app.model.json import Json, JsonObject


@dataclass(frozen=True)
class WordsBlock:
    """Text between questions."""

    #: "text", "heading", "separator", "spacer"
    kind: Literal["text", "heading", "separator", "spacer"]
    #: id in the page
    id: str
    #: escaped, or empty
    html: str
    #: hidden for now
    is_hidden: bool
    #: FEEL that shows it, or empty when nothing here can change that
    shown_when: str


@dataclass(frozen=True)
class Row:
    """One row of a list."""

    #: from 0
    index: int
    #: "Outcome 1"
    legend: str
    #: what it holds
    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class QuestionBlock:
    """One question with its value."""

    #: form-js type, or "readonly"
    kind: str
    #: the question
    question: Question
    #: "tier", "outcomes:0:text": names its problem
    path: str
    #: field name and id in the page: "outcomes-0-text"
    name: str
    #: label with "(optional)" where it is
    label: str
    #: as typed; the shape is in `typed`
    value: Json
    #: the value of a read-only question in words, or its rows
    readable: Readable
    #: hidden for now
    is_hidden: bool
    #: FEEL that shows it, or empty when nothing here can change that
    shown_when: str
    #: rows of a list
    rows: tuple[Row, ...] = ()
    #: another row may be added
    may_add: bool = False
    #: rows may be removed
    may_remove: bool = False
    #: files already there
    files: tuple[UploadedFile, ...] = ()

    @property
    def choices(self) -> list[dict[str, str]]:
        """The options as the macros take them."""
        return [{"value": option.value, "text": option.label} for option in self.question.options]


Block: TypeAlias = WordsBlock | QuestionBlock


@dataclass(frozen=True)
class FilledForm:
    """Everything the macros draw."""

    #: the form
    form: Form
    #: as typed, by question key
    values: JsonObject
    #: warnings of a draft that somebody already ticked or gave a reason for
    warnings: tuple[Warned, ...]
    #: words and questions in order
    blocks: tuple[Block, ...]
    #: some question takes files: the page's form must be multipart
    has_files: bool


def fill(form: Form, context: FormContext, values: Mapping[str, Json] | None = None) -> FilledForm:
    """The form with `values` as typed (after a refusal, a row button), else the draft, earlier answers, offers."""
    chosen = dict(values) if values is not None else first_values(form, context)
    loaded = load(form, chosen, context)
    hidden = hidden_paths(form, loaded.answers, context)
    drawing = _Drawing(context, hidden, loaded)
    keys = frozenset(question.key for question in form.questions)
    scope = scope_of(form, loaded.answers, hidden, context)
    blocks = drawing.blocks(form.items, chosen, loaded.answers, "", keys, scope)
    cells = [cell for question in form.questions for cell in (question, *question.row_questions)]
    return FilledForm(
        form,
        chosen,
        _kept_warnings(form, loaded.answers, hidden, context) if values is None else (),
        blocks,
        any(cell.kind == "filepicker" for cell in cells),
    )


def _kept_warnings(form: Form, answers: JsonObject, hidden: frozenset[str], context: FormContext) -> tuple[Warned, ...]:
    kept = context.draft.get(WARNINGS)
    keys = set(kept) if isinstance(kept, Mapping) else set()
    fields = fields_of(form, context.draft)
    found = [
        warned(f"{place.path}:{check.id}", place.path, check.sentence, fields)
        for place in places(form, answers, hidden, context)
        for check in warnings_at(place)
    ]
    return tuple(replace(each, problem="") for each in found if each.key in keys)


def first_values(form: Form, context: FormContext) -> JsonObject:
    """Values of the draft if there is one, else earlier answers, else what is offered; in today's shape of the form."""
    if context.draft:
        return read_typed(form, fields_of(form, context.draft))
    earlier = typed_answers(form, context.previous)
    offers = {
        question.key: typed_answer(question, offer)
        for question in form.questions
        if question.key not in earlier and (offer := offered(question, context)) is not None
    }
    values = read_typed(form, fields_of(form, {**offers, **earlier}))
    for question in form.questions:
        if question.kind == "dynamiclist" and not values[question.key]:
            values[question.key] = [{} for _ in range(max(question.first_rows, question.limits.fewest))]
    return values


@dataclass(frozen=True)
class _Drawing:
    """One drawing of a form."""

    #: the circumstances
    context: FormContext
    #: paths that are hidden
    hidden: frozenset[str]
    #: what could be read of the values
    loaded: Loaded

    def blocks(
        self,
        items: tuple[Item, ...],
        values: Mapping[str, Json],
        answers: Mapping[str, Json],
        at: str,
        keys: frozenset[str],
        scope: Scope,
    ) -> tuple[Block, ...]:
        """The items of a form or a row; what is hidden for good is left out."""
        drawn: list[Block] = []
        for item in items:
            is_hidden = at + path_of(item) in self.hidden
            depends = any(formula.names & keys for formula in item.hides)
            if is_hidden and (not depends or self._hidden_for_good(item, keys, scope)):
                continue
            shown_when = " and ".join(f"not({formula.source})" for formula in item.hides) if depends else ""
            if isinstance(item, Words):
                drawn.append(_words(item, at, is_hidden, shown_when))
            else:
                drawn.append(self._question(item, values, answers, at, keys, is_hidden, shown_when))
        return tuple(drawn)

    def _hidden_for_good(self, item: Item, keys: frozenset[str], scope: Scope) -> bool:
        return any(scope.is_true(formula) for formula in item.hides if not formula.names & keys)

    def _question(
        self,
        question: Question,
        values: Mapping[str, Json],
        answers: Mapping[str, Json],
        at: str,
        keys: frozenset[str],
        is_hidden: bool,
        shown_when: str,
    ) -> QuestionBlock:
        value, path = values.get(question.key), f"{at}{question.key}"
        is_optional = not (question.limits.is_required or question.is_readonly or question.kind == "checkbox")
        rows = self._rows(question, value, answers.get(question.key), keys) if question.kind == "dynamiclist" else ()
        listed = value if question.kind == "filepicker" and isinstance(value, list) else []
        return QuestionBlock(
            kind="readonly" if question.is_readonly else question.kind,
            question=question,
            path=path,
            name=path.replace(":", "-"),
            label=f"{question.label} (optional)" if is_optional else question.label,
            value=value,
            readable=line_of(question, answers.get(question.key)).value if question.is_readonly else "",
            is_hidden=is_hidden,
            shown_when=shown_when,
            rows=rows,
            may_add=question.may_add and len(rows) < question.limits.most,
            may_remove=question.may_add and len(rows) > question.limits.fewest,
            files=tuple(self.context.files[str(id_)] for id_ in listed if str(id_) in self.context.files),
        )

    def _rows(self, question: Question, value: Json, answer: Json, keys: frozenset[str]) -> tuple[Row, ...]:
        typed = value if isinstance(value, list) else []
        clean = answer if isinstance(answer, list) else []
        inner_keys = keys | {cell.key for cell in question.row_questions}
        name = question.row_name[:1].upper() + question.row_name[1:]
        empty = Scope(self.context.scope, self.context)
        rows = []
        for n in range(max(len(typed), len(clean))):
            typed_row, clean_row = (_row(each, n) for each in (typed, clean))
            blocks = self.blocks(question.rows, typed_row, clean_row, f"{question.key}:{n}:", inner_keys, empty)
            rows.append(Row(n, f"{name} {n + 1}", blocks))
        return tuple(rows)


def _row(rows: list[Json], n: int) -> Mapping[str, Json]:
    row = rows[n] if n < len(rows) else None
    return row if isinstance(row, Mapping) else {}


def _words(words: Words, at: str, is_hidden: bool, shown_when: str) -> WordsBlock:
    shown = f"## {words.text}" if words.kind == "heading" else words.text
    text = to_html(shown) if words.kind in ("text", "heading") else ""
    return WordsBlock(words.kind, f"{at.replace(':', '-')}{words.id}", text, is_hidden, shown_when)
