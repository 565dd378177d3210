"""A form ready to be drawn: values, what is hidden, rows. The HTML is made by the macros in `web/templates/form`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from app.forms.context import FormContext, UploadedFile
from app.forms.form import Form, Item, Question, Words
from app.forms.judging import places, warnings_at
from app.forms.markdown import to_html
from app.forms.options import with_options
from app.forms.reveal import shown_when
from app.forms.schemas import load
from app.forms.scope import Scope, hidden_paths, offered, scope_of
from app.forms.summary import Readable, line_of
from app.forms.typed import WARNINGS, fields_of, read_typed, typed_answer, typed_answers
from app.forms.warned import Warned, warned
from app.forms.words import row_title
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
    #: for the page's script: JSON of field name → value or values that show it, or empty
    shown_when: str


@dataclass(frozen=True)
class Row:
    """One row of a list."""

    #: from "0", or "__n__"
    index: str
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
    #: for the page's script: JSON of field name → value or values that show it, or empty
    shown_when: str
    #: rows of a list
    rows: tuple[Row, ...] = ()
    #: an empty row for the page's script, or None
    template: Row | None = None
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
    form = with_options(form, context)
    chosen = dict(values) if values is not None else first_values(form, context)
    loaded = load(form, chosen, context)
    hidden = hidden_paths(form, loaded.answers, context)
    drawing = _Drawing(context, scope_of(form, loaded.answers, hidden, context))
    blocks = drawing.blocks(form.items, chosen, loaded.answers, "", {each.key: each for each in form.questions})
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
    #: what formulas see outside rows
    scope: Scope

    def blocks(
        self,
        items: tuple[Item, ...],
        values: Mapping[str, Json],
        answers: Mapping[str, Json],
        at: str,
        near: Mapping[str, Question],
    ) -> tuple[Block, ...]:
        """The items of a form, or of a row when `at` is its path; what can never be shown is left out."""
        inside = {item.key for item in items if isinstance(item, Question)}
        names = {key: f"{at.replace(':', '-') if key in inside else ''}{key}" for key in near}
        drawn: list[Block] = []
        for item in items:
            when = shown_when(item, near, names, self.scope)
            if when is None:
                continue
            if isinstance(item, Words):
                drawn.append(_words(item, at, when))
            else:
                drawn.append(self._question(item, values, answers, at, near, when))
        return tuple(drawn)

    def _question(
        self,
        question: Question,
        values: Mapping[str, Json],
        answers: Mapping[str, Json],
        at: str,
        near: Mapping[str, Question],
        when: str,
    ) -> QuestionBlock:
        value, path = values.get(question.key), f"{at}{question.key}"
        is_optional = not (question.limits.is_required or question.is_readonly or question.kind == "checkbox")
        rows = self._rows(question, value, answers.get(question.key), near) if question.kind == "dynamiclist" else ()
        listed = value if question.kind == "filepicker" and isinstance(value, list) else []
        return QuestionBlock(
            kind="readonly" if question.is_readonly else question.kind,
            question=question,
            path=path,
            name=path.replace(":", "-"),
            label=f"{question.label} (optional)" if is_optional else question.label,
            value=value,
            readable=line_of(question, answers.get(question.key)).value if question.is_readonly else "",
            shown_when=when,
            rows=rows,
            template=self._template(question, near) if question.kind == "dynamiclist" and question.may_add else None,
            may_add=question.may_add and len(rows) < question.limits.most,
            may_remove=question.may_add and len(rows) > question.limits.fewest,
            files=tuple(self.context.files[str(id_)] for id_ in listed if str(id_) in self.context.files),
        )

    def _rows(self, question: Question, value: Json, answer: Json, near: Mapping[str, Question]) -> tuple[Row, ...]:
        typed = value if isinstance(value, list) else []
        clean = answer if isinstance(answer, list) else []
        inner = {**near, **{cell.key: cell for cell in question.row_questions}}
        rows = []
        for n in range(max(len(typed), len(clean))):
            typed_row, clean_row = (_row(each, n) for each in (typed, clean))
            blocks = self.blocks(question.rows, typed_row, clean_row, f"{question.key}:{n}:", inner)
            rows.append(Row(str(n), row_title(question.row_name, n + 1), blocks))
        return tuple(rows)

    def _template(self, question: Question, near: Mapping[str, Question]) -> Row:
        """An empty row for the page's script, which puts numbers for `__n__` and `__number__`."""
        inner = {**near, **{cell.key: cell for cell in question.row_questions}}
        blocks = self.blocks(question.rows, {}, {}, f"{question.key}:__n__:", inner)
        return Row("__n__", row_title(question.row_name, "__number__"), blocks)


def _row(rows: list[Json], n: int) -> Mapping[str, Json]:
    row = rows[n] if n < len(rows) else None
    return row if isinstance(row, Mapping) else {}


def _words(words: Words, at: str, when: str) -> WordsBlock:
    shown = f"## {words.text}" if words.kind == "heading" else words.text
    text = to_html(shown) if words.kind in ("text", "heading") else ""
    return WordsBlock(words.kind, f"{at.replace(':', '-')}{words.id}", text, when)
