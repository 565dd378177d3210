"""Rules about expressions: that they can be read, and that what they name is set somewhere."""

import re
from collections.abc import Iterator

from app.checks.expressions_used import Purpose
from app.checks.near import near
from app.checks.registry import diagram_rule, rule
from app.checks.scene import Scene
from app.diagrams import Node

VARIABLE = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)


def _troubles(scene: Scene, purpose: Purpose) -> Iterator[tuple[str, str]]:
    for use in scene.uses:
        if use.purpose == purpose and use.trouble is not None:
            yield use.element, f"{use.place} cannot be read. {use.trouble}"


@diagram_rule("condition-readable", fix='Write FEEL, such as tier = "SEN support".')
def condition_readable(scene: Scene) -> Iterator[tuple[str, str]]:
    """A condition is FEEL that this platform understands."""
    yield from _troubles(scene, "condition")


@diagram_rule("due-readable", fix="Name a variable that holds a date, such as meeting_on.")
def due_readable(scene: Scene) -> Iterator[tuple[str, str]]:
    """What a due date is, or is counted from, is FEEL that gives a date."""
    yield from _troubles(scene, "due")


@diagram_rule("timer-expression-readable", fix="Write FEEL that gives a date, or ISO 8601 such as P6W.")
def timer_expression_readable(scene: Scene) -> Iterator[tuple[str, str]]:
    """A timer that is not ISO 8601 is FEEL."""
    yield from _troubles(scene, "timer")


@diagram_rule("message-readable", fix="Write FEEL, such as { reference: reference }.")
def message_readable(scene: Scene) -> Iterator[tuple[str, str]]:
    """What a message carries is FEEL."""
    yield from _troubles(scene, "message")


@diagram_rule("loop-readable", fix="Name the variable that holds the list.")
def loop_readable(scene: Scene) -> Iterator[tuple[str, str]]:
    """What a repetition goes through, and what ends it, is FEEL."""
    yield from _troubles(scene, "loop")


@rule("script-is-feel", fix="Set the script format to feel and write { name: expression }.")
def script_is_feel(node: Node, scene: Scene) -> Iterator[str]:
    """A script task gives values to variables, in FEEL; no programs run in a diagram."""
    if node.kind != "scriptTask":
        return
    if (node.script_format or "").strip().lower() != "feel":
        yield f"Expected FEEL, but {node.label} has a script in {(node.script_format or 'no language')[:40]}"
    elif not node.script:
        yield f"{node.label} has no script"


@diagram_rule("script-readable", fix="Write one context, such as { round: round + 1 }.")
def script_readable(scene: Scene) -> Iterator[tuple[str, str]]:
    """A script is one FEEL context; each entry gives a value to the variable of that name."""
    for element, sentence in _troubles(scene, "script"):
        if (scene.diagram.nodes[element].script_format or "").strip().lower() == "feel":
            yield element, sentence


@diagram_rule("variable-name", fix="Use small letters, digits and _, beginning with a letter: plan_agreed_on.")
def variable_name(scene: Scene) -> Iterator[tuple[str, str]]:
    """Variables set by scripts and messages have plain names that every expression can use."""
    for use in scene.uses:
        for name in use.sets:
            if not VARIABLE.fullmatch(name):
                yield use.element, f"{use.place} sets a variable named “{name[:64]}”"
    for node in scene.diagram.nodes.values():
        if node.message_variable and not VARIABLE.fullmatch(node.message_variable):
            yield node.id, f"{node.label} keeps its message under the name “{node.message_variable[:64]}”"


@diagram_rule(
    "variable-set", fix="Set it with a form, a script or a decision, or correct its name.", severity="warning"
)
def variable_set(scene: Scene) -> Iterator[tuple[str, str]]:
    """A variable that nothing sets is null, and a condition on null stops the case."""
    known = scene.files.variables
    for use in scene.uses:
        for name in sorted(use.names - known):
            yield use.element, f"{use.place} uses {name[:64]}, which nothing sets{near(name, known)}"
