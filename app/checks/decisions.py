"""Rules about decision tables: that they can be read and run."""

from collections.abc import Iterator

from app.checks.near import near
from app.checks.readings import Unread
from app.checks.registry import files_rule
from app.checks.scene import Files


@files_rule("decision-readable", fix="Save the table again from the decision editor.")
def decision_readable(files: Files) -> Iterator[tuple[str, str, str]]:
    """A decision is a DMN file that can be read with care."""
    for name, decisions in files.decisions.items():
        if isinstance(decisions, Unread):
            yield name, "", decisions.sentence


@files_rule("decision-supported", fix="Correct the cell; see the list of what FEEL in tables may say.")
def decision_supported(files: Files) -> Iterator[tuple[str, str, str]]:
    """Every cell of a table is FEEL that this platform understands; nothing in a table is passed over."""
    for name, decisions in files.decisions.items():
        for problem in () if isinstance(decisions, Unread) else decisions.problems:
            yield name, problem.element_id, f"{problem.sentence}. {problem.fix}"


@files_rule("decision-variable-set", fix="Set it with a form, a script or another decision.", severity="warning")
def decision_variable_set(files: Files) -> Iterator[tuple[str, str, str]]:
    """A table asks about variables that something sets."""
    for name, decisions in files.decisions.items():
        for variable in () if isinstance(decisions, Unread) else sorted(decisions.names - files.variables):
            hint = near(variable, files.variables)
            yield name, "", f"The decision asks about {variable[:64]}, which nothing sets{hint}"


@files_rule("one-decision-per-key", fix="Give each decision an id of its own.")
def one_decision_per_key(files: Files) -> Iterator[tuple[str, str, str]]:
    """A decision key means one decision, whichever file it is in."""
    seen: dict[str, str] = {}
    for name, decisions in files.decisions.items():
        for key in () if isinstance(decisions, Unread) else sorted(decisions.keys):
            if seen.setdefault(key, name) != name:
                yield name, key, f"The decision {key} is also in {seen[key]}"
