"""Unfinished answers as a person meets them: kept, offered again, shown beside a newer version, never lost."""

from collections.abc import Mapping
from typing import Any

from app import forms
from app.access.people import Reader
from app.cases.case_clock import clock
from app.casework.uploads import Taken
from app.clock import LONDON
from app.errors import Stale
from app.forms import Form, Submitted, UploadedFile
from app.forms.typed import is_empty
from app.model.json import Json
from app.store import drafts
from app.store.drafts import Draft

#: what a draft keeps beside typed answers: files by id, and what the page asks outside the form
FILES, BESIDE = "_files", "_beside"


class NewerDraft(Stale):
    """Somebody saved this form after you opened it."""


def values(
    form: Form, submitted: Submitted, taken: Taken, known: Mapping[str, UploadedFile], beside: Mapping[str, str]
) -> dict[str, Any]:
    """Everything typed, with its files, as a draft keeps it."""
    typed: dict[str, Any] = dict(forms.draft(form, submitted, dict(taken.by_field)))
    files = {**known, **taken.files}
    if files:
        typed[FILES] = {one.id: one.to_json() for one in files.values()}
    if any(beside.values()):
        typed[BESIDE] = dict(beside)
    return typed


def files_in(draft: Draft | None) -> dict[str, UploadedFile]:
    """The files a draft holds, by id."""
    kept = draft.values.get(FILES, {}) if draft else {}
    return {file_id: UploadedFile(**one) for file_id, one in kept.items()}


def beside_in(draft: Draft | None) -> dict[str, str]:
    """What a draft keeps of the page outside the form."""
    return dict(draft.values.get(BESIDE, {})) if draft else {}


def save(draft_id: str, case_id: str | None, typed: dict[str, Any], reader: Reader, seen_revision: int) -> int:
    """Keep what was typed; the new revision. Raises NewerDraft where somebody saved after `seen_revision`."""
    try:
        return drafts.save(draft_id, case_id, typed, reader.id, seen_revision, clock().now())
    except Stale:
        current = drafts.one(draft_id)
        if current is not None and current.values == typed:
            return current.revision
        raise NewerDraft(_newer(current, reader), draft_id=draft_id) from None


def keep(draft_id: str, case_id: str | None, typed: dict[str, Any], reader: Reader, seen_revision: int) -> int | None:
    """Keep what was typed over one's own older draft; None where somebody else's newer one stands in the way."""
    try:
        return drafts.save(draft_id, case_id, typed, reader.id, seen_revision, clock().now())
    except Stale as stale:
        current = drafts.one(draft_id)
        if current is not None and current.by != reader.id:
            return None
        return drafts.save(draft_id, case_id, typed, reader.id, int(str(stale.facts["revision"])), clock().now())


def newer_than(draft: Draft | None, seen_revision: int, reader: Reader) -> bool:
    """Whether somebody else saved after the page was opened."""
    return draft is not None and draft.revision > seen_revision and draft.by != reader.id


def typed_lines(
    form: Form, typed: Mapping[str, Any], files: Mapping[str, UploadedFile], *, with_empty: bool = False
) -> list[tuple[str, str]]:
    """What was typed as (question, answer), word for word where it cannot be read as an answer."""
    lines = []
    for question in form.questions:
        value = typed.get(question.key)
        if is_empty(value) and not with_empty:
            continue
        lines.append((question.label, _words(question, value, files)))
    return lines


def _words(question: forms.Question, value: Json, files: Mapping[str, UploadedFile]) -> str:
    if question.kind == "dynamiclist" and isinstance(value, list):
        rows = [row for row in value if isinstance(row, Mapping) and not is_empty(row)]
        return "; ".join(f"{n}. {_row(question, row, files)}" for n, row in enumerate(rows, 1))
    if question.kind == "datetime" and isinstance(value, Mapping):
        return " ".join(str(part) for part in value.values() if part)
    if question.kind == "filepicker" and isinstance(value, list):
        return ", ".join(files[str(one)].name for one in value if str(one) in files)
    labels = {option.value: option.label for option in question.options}
    if isinstance(value, list):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return labels.get(str(value), str(value)) if value is not None else ""


def _row(question: forms.Question, row: Mapping[str, Json], files: Mapping[str, UploadedFile]) -> str:
    cells = question.row_questions
    return ", ".join(
        f"{one.label}: {_words(one, row.get(one.key), files)}" for one in cells if not is_empty(row.get(one.key))
    )


def _newer(current: Draft | None, reader: Reader) -> str:
    if current is None:
        return "This draft was handed in or removed after you opened the page."
    at = f"{current.at.astimezone(LONDON):%H:%M}"
    if current.by == reader.id:
        return f"You saved this form at {at} from another page. Press Save draft to see both."
    return (
        f"{current.by_name or 'Somebody'} saved this form at {at}, after you opened it. Press Save draft to see both."
    )
