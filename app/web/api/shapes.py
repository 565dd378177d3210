"""What goes over the API, as marshmallow schemas: the OpenAPI document is made of these. Unknown fields are refused."""

from typing import Any

from marshmallow import Schema, fields, validate

from app.casework.case_list import STATUSES
from app.casework.inbox import SORTS, VIEWS
from app.casework.links import WORDS as LINKS
from app.casework.tasks import LATE

LONGEST_CURSOR = 300
#: base64 of 20 MB and a little, so that a file that is too large is told so
LONGEST_FILE = 28_200_000


class Problem(Schema):
    """RFC 9457: why a request was not done."""

    type = fields.String(required=True, metadata={"description": "about:blank, or the kind of refusal"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "One sentence: what is wrong and what to do"})
    errors = fields.Dict(metadata={"description": "Field or question → sentence, where fields must be changed"})
    warnings = fields.Dict(
        metadata={"description": "Warning → sentence; send the key with a reason under `accepted` to go on"}
    )


class Due(Schema):
    """When something is due, and why then."""

    on = fields.Date(required=True, allow_none=True)
    sentence = fields.String(required=True)


class Task(Schema):
    """A work item."""

    id = fields.String(required=True)
    case = fields.String(required=True, metadata={"description": "Reference of the case"})
    name = fields.String(required=True)
    element = fields.String(required=True, metadata={"description": "Id of the user task in the diagram"})
    process = fields.String(required=True)
    school = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, validate=validate.OneOf(["open", "done", "ended"]))
    due = fields.Nested(Due, required=True)
    assignee = fields.String(required=True, allow_none=True, metadata={"description": "Person id"})
    opened_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class TaskWithForm(Task):
    """A work item with the form it asks."""

    form = fields.Dict(required=True, allow_none=True, metadata={"description": "form-js schema"})


class TaskPage(Schema):
    """Part of a list of work items."""

    items = fields.List(fields.Nested(Task), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "Send as `after` for what follows"})


class TaskQuery(Schema):
    """Which part of the inbox."""

    view = fields.String(load_default="todo", validate=validate.OneOf([one for one in VIEWS if one != "waiting"]))
    sort = fields.String(load_default="due", validate=validate.OneOf(list(SORTS)))
    process = fields.String(load_default=None, validate=validate.Length(max=100))
    school = fields.String(load_default=None, validate=validate.Length(max=100))
    due_by = fields.Date(load_default=None)
    search = fields.String(load_default="", validate=validate.Length(max=100))
    after = fields.String(load_default=None, validate=validate.Length(max=LONGEST_CURSOR))


def _answers() -> Any:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(max=200)),
        load_default=dict,
        metadata={
            "description": "Question key → answer: text, number, yes/no, list, date as 2026-11-02, rows as a list"
        },
    )


def _accepted() -> Any:
    return fields.Dict(
        keys=fields.String(validate=validate.Length(max=300)),
        values=fields.String(validate=validate.Length(min=1, max=2000)),
        load_default=dict,
        metadata={"description": "Warning → reason for going on all the same"},
    )


class File(Schema):
    """A file that belongs to a question."""

    question = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "Key of the question; within rows `key-0-question`, counted from 0"},
    )
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    content = fields.String(
        required=True,
        validate=validate.Length(min=1, max=LONGEST_FILE),
        metadata={"description": "Its bytes in base64, 20 MB at most", "format": "byte"},
    )


class Completion(Schema):
    """The answers that finish a task."""

    answers = _answers()
    accepted = _accepted()
    files = fields.List(fields.Nested(File), load_default=list, validate=validate.Length(max=20))
    late = fields.String(load_default="", validate=validate.OneOf(["", *LATE]))


class Receipt(Schema):
    """What a command led to. The same again for the same Idempotency-Key."""

    case = fields.String(required=True)
    entry = fields.Integer(required=True)
    opened = fields.List(fields.String(), required=True, metadata={"description": "Ids of tasks that opened"})
    outcome = fields.String(required=True, allow_none=True)
    is_closed = fields.Boolean(required=True)
    is_repeat = fields.Boolean(required=True)


class NewCase(Schema):
    """A case to start."""

    process = fields.String(required=True, validate=validate.Length(min=1, max=100))
    pupil = fields.String(required=True, validate=validate.Length(min=1, max=100))
    teacher = fields.String(load_default="", validate=validate.Length(max=100))
    task = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "Task of another case that this one is to answer"},
    )
    answers = _answers()
    accepted = _accepted()


class Case(Schema):
    """A case as a list shows it."""

    reference = fields.String(required=True)
    process = fields.String(required=True)
    version = fields.Integer(required=True)
    school = fields.String(required=True)
    pupil = fields.String(required=True, metadata={"description": "Name, or a mask where you see names masked"})
    status = fields.String(required=True, validate=validate.OneOf([one for one in STATUSES if one]))
    outcome = fields.String(required=True, allow_none=True)
    started_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    entries = fields.Integer(required=True)


class Line(Schema):
    """One thing that is known, in words."""

    key = fields.String(required=True)
    label = fields.String(required=True)
    value = fields.String(required=True)


class Wait(Schema):
    """A date a case waits for."""

    name = fields.String(required=True)
    until = fields.Date(required=True)
    sentence = fields.String(required=True)


class Link(Schema):
    """A case that this one has to do with."""

    role = fields.String(required=True, validate=validate.OneOf(list(LINKS)))
    case = fields.String(required=True, allow_none=True, metadata={"description": "null: you may not see that case"})
    message = fields.String(required=True, allow_none=True)
    since = fields.AwareDateTime(required=True)


class CaseWithState(Case):
    """A case with where it stands."""

    known = fields.List(fields.Nested(Line), required=True)
    tasks = fields.List(fields.Nested(Task), required=True)
    waits = fields.List(fields.Nested(Wait), required=True)
    messages = fields.List(fields.String(), required=True, metadata={"description": "What it can be told now"})
    links = fields.List(fields.Nested(Link), required=True)


class CasePage(Schema):
    """Part of a list of cases."""

    items = fields.List(fields.Nested(Case), required=True)
    next = fields.String(required=True, allow_none=True)


class CaseQuery(Schema):
    """Which cases."""

    status = fields.String(load_default="open", validate=validate.OneOf(["open", "closed", "erased", "all"]))
    process = fields.String(load_default="", validate=validate.Length(max=100))
    school = fields.String(load_default="", validate=validate.Length(max=100))
    search = fields.String(load_default="", validate=validate.Length(max=100))
    after = fields.String(load_default=None, validate=validate.Length(max=LONGEST_CURSOR))


class Message(Schema):
    """Something that happened."""

    message = fields.String(required=True, validate=validate.Length(min=1, max=100))
    answers = _answers()


class Happening(Schema):
    """One entry of a case."""

    entry = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    who = fields.String(required=True)
    sentence = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)
    hash = fields.String(required=True)


class History(Schema):
    """Part of what happened in a case, oldest first."""

    items = fields.List(fields.Nested(Happening), required=True)
    next = fields.Integer(required=True, allow_none=True)


class HistoryQuery(Schema):
    """Which part."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=1_000_000))
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=500))


class Document(Schema):
    """A document of a case."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size_bytes = fields.Integer(required=True)
    who = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    may_parents_see = fields.Boolean(required=True)
    is_restricted = fields.Boolean(required=True)


class Documents(Schema):
    """Documents of a case, newest first."""

    items = fields.List(fields.Nested(Document), required=True)


class OpenThen(Schema):
    """A task that was open."""

    name = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    due = fields.Nested(Due, required=True)


class Moment(Schema):
    """A case as it was after one of its entries."""

    entry = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    sentence = fields.String(required=True)
    version = fields.Integer(required=True)
    bundle = fields.String(required=True, metadata={"description": "Digest of diagram, decisions and forms of then"})
    known = fields.List(fields.Nested(Line), required=True)
    tasks = fields.List(fields.Nested(OpenThen), required=True)
    waits = fields.List(fields.Nested(Wait), required=True)
    marks = fields.Dict(required=True, metadata={"description": "Element → mark on the diagram"})


class Process(Schema):
    """A process as new cases start on it."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)
    bundle = fields.String(required=True)
    deployed_at = fields.AwareDateTime(required=True)
    may_start = fields.Boolean(required=True)


class Processes(Schema):
    """Every process."""

    items = fields.List(fields.Nested(Process), required=True)


class StartForm(Schema):
    """What starting a case asks."""

    form = fields.Dict(required=True, allow_none=True, metadata={"description": "form-js schema, or null"})


class NewDraft(Schema):
    """A version of a process to be approved by a second owner."""

    bpmn = fields.String(required=True, validate=validate.Length(min=1, max=1_048_576))
    note = fields.String(required=True, validate=validate.Length(min=1, max=2000))


class Draft(Schema):
    """A draft that waits for approval."""

    id = fields.String(required=True)
    process = fields.String(required=True)
    revision = fields.Integer(required=True)
    status = fields.String(required=True)
    digest = fields.String(required=True, metadata={"description": "What approving it is bound to"})


class Approval(Schema):
    """A second owner's yes to exactly what they saw."""

    revision = fields.Integer(required=True, validate=validate.Range(min=0, max=1_000_000))
    digest = fields.String(required=True, validate=validate.Length(equal=64))


class Version(Schema):
    """A deployed version."""

    process = fields.String(required=True)
    version = fields.Integer(required=True)
    bundle = fields.String(required=True)
