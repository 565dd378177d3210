"""Files that come with a form: checked, then kept encrypted with their case. Answers are judged in `app.forms`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO

from app import forms
from app.cases.additions import Upload, store_file
from app.cases.command import Command
from app.errors import Rejected
from app.forms import HEAD_BYTES, MAX_FILE_BYTES, Form, UploadedFile


class FileTooLarge(Rejected):
    """The file is too large: choose one of 20 MB or less."""


class WrongFile(Rejected):
    """This kind of file is not accepted."""


@dataclass(frozen=True)
class Sent:
    """One file as the browser sent it."""

    #: name of the form field: "evidence", "assessments-0-file"
    field: str
    #: name it has
    name: str
    #: its bytes, from the start
    stream: IO[bytes]


@dataclass(frozen=True)
class Taken:
    """What became of the files of one request."""

    #: kept now, by id
    files: Mapping[str, UploadedFile] = field(default_factory=dict)
    #: ids of those, by form field
    by_field: Mapping[str, list[str]] = field(default_factory=dict)
    #: question path → what to do instead
    problems: Mapping[str, str] = field(default_factory=dict)
    #: one of the problems is a file that is too large
    is_too_large: bool = False


def take(form: Form, sent: Iterable[Sent], case_id: str, command: Command) -> Taken:
    """Keep the files that pass every check; say what to do about the others."""
    files: dict[str, UploadedFile] = {}
    by_field: dict[str, list[str]] = {}
    problems: dict[str, str] = {}
    is_too_large = False
    for one in sent:
        path = one.field.replace("-", ":")
        if not one.name or not takes_files(form, path):
            continue
        content = one.stream.read(MAX_FILE_BYTES + 1)
        if problem := _problem(one, content):
            problems.setdefault(path, problem)
            is_too_large = is_too_large or len(content) > MAX_FILE_BYTES
            continue
        kept = store_file(case_id, Upload(one.name, forms.media_type(one.name), content), command)
        found = UploadedFile(str(kept["id"]), one.name, len(content), str(kept["media_type"]), str(kept["digest"]))
        files[found.id] = found
        by_field.setdefault(one.field, []).append(found.id)
    return Taken(files, by_field, problems, is_too_large)


def _problem(one: Sent, content: bytes) -> str | None:
    if problem := forms.check_file(one.name, content[:HEAD_BYTES], len(content)):
        return problem
    one.stream.seek(0)
    return forms.check_archive(one.name, one.stream)


def takes_files(form: Form, path: str) -> bool:
    """Whether the form asks for files there: "evidence", "assessments:0:file"."""
    key, _, rest = path.partition(":")
    question = form.question(key)
    if question is None:
        return False
    cell = rest.partition(":")[2]
    asked = next((one for one in question.row_questions if one.key == cell), None) if rest else question
    return asked is not None and asked.kind == "filepicker"
