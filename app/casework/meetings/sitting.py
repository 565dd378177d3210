"""The chair's sitting: every case of a meeting with its form on one page, saved one by one or all at once.

Each outcome is a task handed in by itself, as on its own page: what is refused, done by somebody else or over meanwhile
stops no other, and what was typed stays.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app import forms
from app.access.actions import Action
from app.access.decisions import decide
from app.access.people import Reader
from app.cases.command import Command
from app.cases.listing import defer
from app.casework import tasks
from app.casework.tasks import Desk, Given
from app.errors import AlreadyDone, CaseClosed, CaseErased, Rejected, TaskEnded
from app.forms import Fields, FilledForm, Refused, Submitted
from app.forms.filling import Block, QuestionBlock, Row
from app.model.json import JsonObject
from app.store.db import reading
from app.store.drafts import one as draft_of
from app.store.queries import cases, meetings, work
from app.store.queries.meetings import Listed, MeetingRow

#: which cases are to be saved: all that were filled in
ALL = "all"
_ROW_BUTTONS = ("_add", "_remove")
NOT_DECIDED = "it was not decided at the meeting"


@dataclass(frozen=True)
class Sent:
    """What the browser sent with the page."""

    #: every field of every form, each name with the prefix of its case
    fields: Submitted
    #: names of the fields
    names: tuple[str, ...]
    #: task to save, ALL, or "" for none
    save: str = ""
    #: tasks whose forms were on the page
    seats: tuple[str, ...] = ()
    #: button that adds or removes a row: its name and value, or ""
    row: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Seat:
    """One case of the sitting."""

    #: the case on the list
    listed: Listed
    #: name of its school
    school: str
    #: its form, names and ids with the prefix of the case; None where there is nothing to answer
    filled: FilledForm | None = None
    #: revision of the draft it was drawn from
    revision: int = 0
    #: field → sentence, and warnings, after a refusal
    refused: Refused | None = None
    #: why it was not saved, or ""
    trouble: str = ""
    #: what was typed, where the form is not shown any more
    typed: tuple[tuple[str, str], ...] = ()
    #: it was saved with this request
    is_saved: bool = False

    @property
    def prefix(self) -> str:
        """What the names of its fields begin with."""
        return prefix_of(self.listed.task_id)

    @property
    def problems(self) -> dict[str, str]:
        """Problems by path, with the prefix."""
        return {f"{self.prefix}{path}": each for path, each in (self.refused.summary if self.refused else {}).items()}


@dataclass(frozen=True)
class Sitting:
    """The page."""

    #: the meeting
    held: MeetingRow
    #: its cases, oldest first
    seats: tuple[Seat, ...] = field(default=())

    @property
    def saved(self) -> int:
        """How many were saved with this request."""
        return sum(one.is_saved for one in self.seats)

    @property
    def problems(self) -> dict[str, str]:
        """Every problem of every case, in order; a case that is over is named itself."""
        found: dict[str, str] = {}
        for one in self.seats:
            found |= {path: f"{one.listed.reference}: {said}" for path, said in one.problems.items()}
            if one.trouble:
                found[f"seat-{one.prefix}"] = f"{one.listed.reference}: {one.trouble}"
        return found


def prefix_of(task_id: str) -> str:
    """What the names of the fields of one case begin with."""
    return f"{task_id.replace(':', '-')}."


def sitting(held: MeetingRow, reader: Reader, now: datetime) -> Sitting:
    """The page as it stands."""
    return Sitting(held, tuple(_seat(one, reader, now) for one in meetings.listed(reading(), held.id)))


def hand_in(held: MeetingRow, sent: Sent, reader: Reader, command: Command) -> Sitting:
    """Save the outcomes that were asked for; what else was typed is kept as drafts.

    A case that left the list after the page was opened, because it ended or was moved, says so with what was typed.
    """
    listed = meetings.listed(reading(), held.id)
    here = {one.task_id for one in listed}
    asked = (meetings.listing_of(reading(), task_id) for task_id in sent.seats if task_id not in here)
    gone = [one for one in asked if one is not None and (one.organisation, one.kind) == (held.organisation, held.kind)]
    seats = [_handed_in(one, sent, reader, command) for one in listed]
    return Sitting(held, (*seats, *(_left(one, sent, reader, command) for one in gone)))


def put_off(held: MeetingRow, task_id: str, command: Command) -> bool:
    """Put a case that was not decided on the next list; whether it was on this one."""
    one = next((each for each in meetings.listed(reading(), held.id) if each.task_id == task_id), None)
    return one is not None and defer(one, NOT_DECIDED, command) is not None


def _seat(one: Listed, reader: Reader, now: datetime) -> Seat:
    found = _desk(one, reader, now)
    school = reader.tree.get(one.school).name
    if found is None:
        return Seat(one, school)
    filled = forms.fill(found.form, found.context)
    return Seat(one, school, _prefixed(filled, one.task_id), found.draft.revision if found.draft else 0)


def _handed_in(one: Listed, sent: Sent, reader: Reader, command: Command) -> Seat:
    seat, given = _seat(one, reader, command.now), _given(one, sent)
    is_asked = sent.save in (ALL, one.task_id)
    if seat.filled is None:
        is_repeat = work.answer_to(reading(), _key(command, one)) is not None
        return _late(seat, given, reader, command) if is_asked and not is_repeat else replace(seat, is_saved=is_repeat)
    found = _desk(one, reader, command.now)
    assert found is not None
    changed = forms.rows_changed(found.form, given.fields)
    if changed is not None:
        tasks.keep(found, given, reader)
        return _redrawn(seat, found, changed)
    if is_asked and (_is_touched(found, given) or sent.save == one.task_id):
        return _tried(seat, found, given, reader, command)
    if _is_touched(found, given):
        tasks.keep(found, given, reader)
    return _seat(one, reader, command.now)


def _left(one: Listed, sent: Sent, reader: Reader, command: Command) -> Seat:
    """A case that was on the page, but is on this list no longer."""
    seat, given = Seat(one, reader.tree.get(one.school).name), _given(one, sent)
    if one.status != "open":
        return _late(seat, given, reader, command)
    found = _desk(one, reader, command.now)
    if found is None:
        return replace(seat, trouble="You can no longer do this task.")
    tasks.keep(found, given, reader)
    typed = tuple(tasks.typed(found, given))
    return replace(seat, trouble="It was moved to another meeting. What you typed is kept with it.", typed=typed)


def _late(seat: Seat, given: Given, reader: Reader, command: Command) -> Seat:
    """Somebody else did it, or it ended, after the page was opened: it says so, where something was typed."""
    known = work.with_case(reading(), seat.listed.task_id)
    if known is None:
        return seat
    found = tasks.desk(*known, command.now)
    return _tried(seat, found, given, reader, command) if _is_touched(found, given) else seat


def _tried(seat: Seat, found: Desk, given: Given, reader: Reader, command: Command) -> Seat:
    try:
        answered = tasks.hand_in(found, given, reader, replace(command, key=_key(command, seat.listed)))
    except (AlreadyDone, TaskEnded, CaseClosed, CaseErased) as over:
        return replace(seat, trouble=over.sentence, typed=tuple(tasks.typed(found, given)), filled=None)
    except Rejected as rejection:
        return replace(_redrawn(seat, found, forms.draft(found.form, given.fields)), trouble=rejection.sentence)
    if isinstance(answered, Refused):
        return replace(_redrawn(seat, found, answered.values), refused=_named(seat, answered))
    return replace(seat, filled=None, is_saved=True, listed=replace(seat.listed, status="done"))


def _redrawn(seat: Seat, found: Desk, values: JsonObject) -> Seat:
    """The form with what was typed, and the draft as it was just kept."""
    draft = draft_of(found.task.task_id)
    filled = _prefixed(forms.fill(found.form, found.context, values), found.task.task_id)
    return replace(seat, filled=filled, revision=draft.revision if draft else 0)


def _named(seat: Seat, refused: Refused) -> Refused:
    warnings = tuple(replace(one, key=f"{seat.prefix}{one.key}") for one in refused.warnings)
    return replace(refused, warnings=warnings)


def _desk(one: Listed, reader: Reader, now: datetime) -> Desk | None:
    """The case's task with its form, where it is open and the reader may do it."""
    known = work.with_case(reading(), one.task_id)
    if known is None or one.status != "open":
        return None
    task, case = known
    facts = cases.facts(reading(), case, reader.tree, reader.on, reader.id)
    may = decide(reader, Action.DO_TASK, work.facts(task, facts)).allowed
    return tasks.desk(task, case, now) if may else None


def _given(one: Listed, sent: Sent) -> Given:
    prefix, fields = prefix_of(one.task_id), Fields()
    for name in sent.names:
        bare = _bare(name, prefix)
        if bare is not None:
            fields[bare] = [str(each) for each in sent.fields.getlist(name)]
    button, value = sent.row
    if button in _ROW_BUTTONS and value.startswith(prefix):
        fields[button] = [value.removeprefix(prefix)]
    seen = str(sent.fields.get(f"{prefix}_revision") or "0")
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else 0
    return Given(fields=fields, seen_revision=revision)


def _bare(name: str, prefix: str) -> str | None:
    """The name that the form itself knows; helper fields carry the prefix after their own mark."""
    for mark in ("", "_rows.", "_tick.", "_reason."):
        if name.startswith(f"{mark}{prefix}"):
            return mark + name.removeprefix(f"{mark}{prefix}")
    return None


def _is_touched(found: Desk, given: Given) -> bool:
    """Whether something was typed beyond what an empty form offers."""
    offered = forms.fill(found.form, replace(found.context, draft={})).values
    typed: JsonObject = forms.draft(found.form, given.fields)
    return bool(given.fields) and {key: typed.get(key) for key in offered} != dict(offered)


def _key(command: Command, one: Listed) -> str | None:
    return f"{command.key}:{one.task_id}" if command.key else None


def _prefixed(filled: FilledForm, task_id: str) -> FilledForm:
    prefix = prefix_of(task_id)
    warnings = tuple(replace(one, key=f"{prefix}{one.key}") for one in filled.warnings)
    return replace(filled, blocks=tuple(_block(one, prefix) for one in filled.blocks), warnings=warnings)


def _block(one: Block, prefix: str) -> Block:
    when = _when(one.shown_when, prefix)
    if not isinstance(one, QuestionBlock):
        return replace(one, id=f"{prefix}{one.id}", shown_when=when)
    rows = tuple(_row(row, prefix) for row in one.rows)
    template = _row(one.template, prefix) if one.template else None
    return replace(
        one, name=f"{prefix}{one.name}", path=f"{prefix}{one.path}", shown_when=when, rows=rows, template=template
    )


def _row(row: Row, prefix: str) -> Row:
    return replace(row, blocks=tuple(_block(one, prefix) for one in row.blocks))


def _when(shown_when: str, prefix: str) -> str:
    """The page's script looks for fields by name: JSON of field name → values."""
    if not shown_when:
        return ""
    asked: Mapping[str, object] = json.loads(shown_when)
    return json.dumps({f"{prefix}{name}": value for name, value in asked.items()})
