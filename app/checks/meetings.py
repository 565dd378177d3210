"""Rules about tasks that wait for a meeting: which kind, whose task, by when, and what its members are sent."""

from collections.abc import Iterator

from app.access.meetings import MEETING_ROLES, WITH_CASES
from app.checks.near import near
from app.checks.registry import rule
from app.checks.scene import Scene
from app.diagrams import Node


@rule("meeting-known", fix="Choose a kind of meeting from the list.")
def meeting_known(node: Node, scene: Scene) -> Iterator[str]:
    """A task waits for a kind of meeting that looks at cases; a board never does."""
    if node.meeting and node.meeting not in WITH_CASES:
        yield f"{node.label} waits for a {node.meeting[:40]}, which decides no case{near(node.meeting, WITH_CASES)}"


@rule("meeting-lane", fix="Put it into a lane of the people who run that meeting, at the organisation that holds it.")
def meeting_lane(node: Node, scene: Scene) -> Iterator[str]:
    """What a meeting decides is recorded by the people who run it: else it would wait for no meeting at all."""
    roles = MEETING_ROLES.get(node.meeting or "")
    if roles is None or node.meeting not in WITH_CASES:
        return
    if node.kind != "userTask":
        yield f"{node.label} waits for a meeting, but is no user task"
    elif node.organisation not in roles.held_at:
        held = " or ".join(sorted(roles.held_at))
        yield f"{node.label} waits for a {node.meeting}, which meets at the {held}, not at the {node.organisation}"
    elif roles.arrange.isdisjoint(node.roles):
        yield f"{node.label} waits for a {node.meeting}, but its lane has none of {', '.join(sorted(roles.arrange))}"


@rule("meeting-due", fix="Take the due rule or the due date away.")
def meeting_due(node: Node, scene: Scene) -> Iterator[str]:
    """What a meeting decides is due on the day of the meeting, and on no other day."""
    if node.meeting and (node.due_rule or node.due_date):
        yield f"{node.label} waits for a meeting, but has a due date of its own"


@rule("meeting-restricted", fix="Let a task of the restricted compartment be done without a meeting.")
def meeting_restricted(node: Node, scene: Scene) -> Iterator[str]:
    """Nothing of the restricted compartment goes to a meeting."""
    if node.meeting and node.is_restricted:
        yield f"{node.label} is restricted, but goes to a meeting"


@rule("pack-known", fix="Name forms that tasks of this process show, and only where a meeting is waited for.")
def pack_known(node: Node, scene: Scene) -> Iterator[str]:
    """Members of a meeting see answers to forms of this process, none of them restricted."""
    if not node.pack:
        return
    if not node.meeting:
        yield f"{node.label} names forms for a pack, but waits for no meeting"
    asked = [one for each in scene.files.scenes for one in each.diagram.nodes.values() if one.form_key]
    restricted = {one.form_key for one in asked if one.is_restricted}
    for key in node.pack:
        if key not in {one.form_key for one in asked}:
            yield f"No task shows the form {key[:64]}, which {node.label} puts into the pack"
        elif key in restricted:
            yield f"{node.label} puts the form {key[:64]} into the pack, which is restricted"
