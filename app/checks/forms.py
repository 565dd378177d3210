"""Rules about forms, as far as the process depends on them: the variables their fields set."""

from collections.abc import Iterator

from app.checks.expressions import VARIABLE
from app.checks.form_fields import TYPES
from app.checks.readings import Unread
from app.checks.registry import files_rule
from app.checks.scene import Files


@files_rule("form-readable", fix="Save the form again from the form editor.")
def form_readable(files: Files) -> Iterator[tuple[str, str, str]]:
    """A form is a form-js schema."""
    for key, fields in files.forms.items():
        if isinstance(fields, Unread):
            yield key, key, fields.sentence


@files_rule("form-variable-type", fix="Give both fields the same type, or let them set different variables.")
def form_variable_type(files: Files) -> Iterator[tuple[str, str, str]]:
    """Two forms that set the same variable give it the same type, so that a condition always means the same."""
    for variable, places in files.fields.items():
        first_key, first = places[0]
        for key, field in places[1:]:
            if field.type != first.type:
                sentence = f"{variable} is a {field.type} in the form {key}, but a {first.type} in the form {first_key}"
                yield key, field.key, sentence


@files_rule("form-variable-name", fix="Use small letters, digits and _, beginning with a letter: plan_agreed_on.")
def form_variable_name(files: Files) -> Iterator[tuple[str, str, str]]:
    """Variables set by fields have plain names that every expression can use."""
    for variable, places in files.fields.items():
        if not VARIABLE.fullmatch(variable):
            for key, field in places:
                yield key, field.key, f"The field “{field.label[:64]}” sets a variable named “{variable[:64]}”"


@files_rule("form-variable-answer", fix="Remove the variable, or choose a kind of field that has an answer.")
def form_variable_answer(files: Files) -> Iterator[tuple[str, str, str]]:
    """Only a field that people answer can set a variable."""
    for variable, places in files.fields.items():
        for key, field in places:
            if field.kind not in TYPES:
                yield key, field.key, f"“{field.label[:64]}” ({field.kind[:32]}) has no answer to set {variable[:64]}"
