"""Form schemas, their questions and the answers to them. Pure: renders no page, stores nothing, reads no clock."""

from app.forms.archives import check_archive
from app.forms.context import FormContext, SchoolDays, Submitted, UploadedFile, setting_function
from app.forms.files import HEAD_BYTES, MAX_FILE_BYTES, check_file, media_type
from app.forms.filling import FilledForm, fill
from app.forms.form import Form, FormProblem, Question
from app.forms.own_names import with_names, with_own_names
from app.forms.reading import UnusableForm, examine, read
from app.forms.rows import rows_changed
from app.forms.submission import MAX_FILES, Accepted, Refused, draft, submit
from app.forms.summary import Line, summary
from app.forms.typed import Fields, as_submitted
from app.forms.warned import Warned, accepted_warnings

__all__ = [
    "HEAD_BYTES",
    "MAX_FILES",
    "MAX_FILE_BYTES",
    "Accepted",
    "Fields",
    "FilledForm",
    "Form",
    "FormContext",
    "FormProblem",
    "Line",
    "Question",
    "Refused",
    "SchoolDays",
    "Submitted",
    "UnusableForm",
    "UploadedFile",
    "Warned",
    "accepted_warnings",
    "as_submitted",
    "check_archive",
    "check_file",
    "draft",
    "examine",
    "fill",
    "media_type",
    "read",
    "rows_changed",
    "setting_function",
    "submit",
    "summary",
    "with_names",
    "with_own_names",
]
