"""Rules about letters: that tasks name one that exists, that it can be read, and that what it quotes is there."""

from collections.abc import Iterator

from app.checks.form_fields import TYPES
from app.checks.near import near
from app.checks.readings import Unread
from app.checks.registry import files_rule, rule
from app.checks.scene import Files, Scene
from app.diagrams import Node
from app.letters import FACTS, Place, Template


@rule("letter-known", fix="Choose a letter from the folder “letters” of the process, or add it.")
def letter_known(node: Node, scene: Scene) -> Iterator[str]:
    """A task writes a letter that exists."""
    if node.letter and node.letter not in scene.files.letters:
        yield f"There is no letter {node.letter[:64]} for {node.label}{near(node.letter, scene.files.letters)}"


@rule("letter-task", fix="Name the letter at a user task: whoever does the task reads the letter and sends it.")
def letter_task(node: Node, scene: Scene) -> Iterator[str]:
    """No letter leaves without a person: it belongs to a user task."""
    if node.letter and node.kind != "userTask":
        yield f"{node.label} names a letter, but is no user task"


@files_rule("letter-readable", fix="Put the line right: docs/letters.md says what a letter may hold.")
def letter_readable(files: Files) -> Iterator[tuple[str, str, str]]:
    """A letter has a head with title and recipient, and every place and condition in it can be read."""
    for name, letter in files.letters.items():
        if isinstance(letter, Unread):
            yield name, name, letter.sentence


@files_rule("letter-placeholder", fix="Name a variable or an answer of this process, or a fact every letter knows.")
def letter_placeholder(files: Files) -> Iterator[tuple[str, str, str]]:
    """What a letter quotes is set by a form or by the process, or every case has it."""
    for name, letter in _readable(files):
        for place in letter.places:
            for sentence in _unknown(place, files):
                yield name, name, f"Line {place.line}: {sentence}"


@files_rule("letter-restricted", fix="Leave the answer out, or make the task of the letter restricted, too.")
def letter_restricted(files: Files) -> Iterator[tuple[str, str, str]]:
    """A letter of an open task quotes no answer of the restricted compartment."""
    nodes = [node for scene in files.scenes for node in scene.diagram.nodes.values()]
    restricted = {node.form_key for node in nodes if node.form_key and node.is_restricted}
    restricted -= {node.form_key for node in nodes if node.form_key and not node.is_restricted}
    for name, letter in _readable(files):
        if any(node.letter == name and not node.is_restricted for node in nodes):
            for key in sorted(letter.forms & restricted):
                yield name, name, f"It quotes answers of the form {key}, which only restricted tasks show"


@files_rule("letter-used", fix="Name it at a user task, or remove it.", severity="warning")
def letter_used(files: Files) -> Iterator[tuple[str, str, str]]:
    """Every letter belongs to a task: one that none names is never written."""
    named = {node.letter for scene in files.scenes for node in scene.diagram.nodes.values()}
    for name in files.letters:
        if name not in named:
            yield name, name, f"No task names the letter {name[:64]}"


def _readable(files: Files) -> Iterator[tuple[str, Template]]:
    for name, letter in files.letters.items():
        if not isinstance(letter, Unread):
            yield name, letter


def _unknown(place: Place, files: Files) -> Iterator[str]:
    known = files.variables | FACTS.keys()
    for name in sorted(place.expression.names - known):
        yield f"Nothing sets {name[:64]}{near(name, known)}"
    for fact, asked in sorted(place.facts):
        if fact in place.expression.names and asked not in FACTS[fact]:
            yield f"A letter knows no {fact}.{asked[:64]}{near(asked, FACTS[fact])}"
    for key, field in sorted(place.answers):
        fields = files.forms.get(key)
        if fields is None:
            yield f"No task shows the form {key[:64]}{near(key, files.forms)}"
        elif not isinstance(fields, Unread) and field:
            answered = {one.key for one in fields if one.kind in TYPES}
            if field not in answered:
                yield f"The form {key[:64]} asks for no {field[:64]}{near(field, answered)}"
