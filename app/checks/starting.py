"""Rules about who may start a case: the diagram says it, and people who can start one must hold the role."""

from collections.abc import Iterator

from app.checks.near import near
from app.checks.registry import files_rule, rule
from app.checks.scene import Files, Scene
from app.diagrams import Node


@files_rule("start-has-roles", fix="Select the start event and tick the roles that may start a case.")
def start_has_roles(files: Files) -> Iterator[tuple[str, str, str]]:
    """A process that people start says which roles may; without one nobody could ever start a case."""
    for scene, process in _run_by_cases(files):
        for start in scene.starts(process):
            if start.is_plain_start and not start.start_roles:
                yield scene.file, start.id, f"Nobody may start a case: {start.label} names no role"


@rule("start-role-known", fix="Choose roles from the list: those that look up pupils of their own school.")
def start_role_known(node: Node, scene: Scene) -> Iterator[str]:
    """A role that starts cases is one that people can hold at a school, and that looks up its pupils."""
    known = scene.files.context.starter_codes
    if known is None:
        return
    for role in node.start_roles:
        if role not in known:
            yield f"The role {role[:40]} cannot start a case at {node.label}{near(role, known)}"


def _run_by_cases(files: Files) -> Iterator[tuple[Scene, str]]:
    """The process that a case runs: the first that no other calls."""
    called = {node.called_element for scene in files.scenes for node in scene.diagram.nodes.values()}
    mains = [(scene, scene.diagram.main) for scene in files.scenes if scene.diagram.main]
    yield from [(scene, main) for scene, main in mains if main not in called][:1] or mains[:1]
