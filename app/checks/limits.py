"""Rules about size, ids and references: what keeps a diagram readable for people and bounded for the engine."""

import re
from collections.abc import Iterator

from app.checks.registry import diagram_rule, files_rule
from app.checks.scene import Files, Scene

_ID = re.compile(r"[A-Za-z_][\w.-]{0,63}", re.ASCII)
_RESERVED = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
_UNSAFE = frozenset({"__proto__", "constructor", "prototype"})


@files_rule("size", fix="Move steps that belong together into a process of their own and call it.")
def size(files: Files) -> Iterator[tuple[str, str, str]]:
    """A diagram has at most 300 elements and 900 flows: more can neither be read by people nor run with certainty."""
    for scene in files.all_scenes:
        if scene.too_much is not None:
            yield scene.file, "", scene.too_much


def _ids(scene: Scene) -> Iterator[str]:
    for process in scene.diagram.processes:
        if process.id not in scene.diagram.nodes:
            yield process.id
    yield from scene.diagram.nodes
    yield from scene.diagram.flows
    yield from scene.diagram.lanes


@diagram_rule("id-form", fix="Use letters, digits, _, - and ., beginning with a letter or _, at most 64 characters.")
def id_form(scene: Scene) -> Iterator[tuple[str, str]]:
    """Ids go into addresses, histories and reports, so they have a plain form."""
    missing = {fact.element for fact in scene.diagram.problems if fact.kind == "missing-id"}
    for each in _ids(scene):
        if each not in missing and (not _ID.fullmatch(each) or each in _UNSAFE):
            yield each, f"The id “{each[:64]}” has not the form of an id"


@diagram_rule("id-reserved", fix="Choose another id, such as start_of_plan.")
def id_reserved(scene: Scene) -> Iterator[tuple[str, str]]:
    """Some ids have a meaning of their own in the engine: an element called Start would be skipped."""
    for each in _ids(scene):
        if each in _RESERVED:
            yield each, f"The id {each} is used by the engine itself"


@diagram_rule("id-unique", fix="Give each element an id of its own.")
def id_unique(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every element has an id, and no two have the same."""
    for fact in scene.diagram.problems:
        if fact.kind in {"duplicate-id", "missing-id"}:
            yield fact.element, f"{fact.sentence} (line {fact.line})"


@diagram_rule("reference-exists", fix="Draw the flow or choose the message again, so that it leads to what is there.")
def reference_exists(scene: Scene) -> Iterator[tuple[str, str]]:
    """What an element refers to is in the file."""
    for fact in scene.diagram.problems:
        if fact.kind == "unknown-reference":
            yield fact.element, f"{fact.sentence} (line {fact.line})"
