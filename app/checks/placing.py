"""Rules about tasks that take a commissioned place or give it back: which word, whose task, what their form asks."""

from collections.abc import Iterator

from app.checks.near import near
from app.checks.readings import Unread
from app.checks.registry import rule
from app.checks.scene import Scene
from app.diagrams import Node
from app.model.placing import ASKED, STEPS


@rule("place-known", fix="Choose from the list what happens to the place.")
def place_known(node: Node, scene: Scene) -> Iterator[str]:
    """A user task takes a place or gives it back; nothing else does."""
    if node.place and node.place not in STEPS:
        yield f"{node.label} does something unknown with a place: {node.place[:40]}{near(node.place, STEPS)}"
    elif node.place and node.kind != "userTask":
        yield f"{node.label} does something with a place, but is no user task"


@rule("place-lane", fix="Put it into a lane of the partnership.")
def place_lane(node: Node, scene: Scene) -> Iterator[str]:
    """Places belong to a partnership: its own people give them and take them back."""
    if node.place in STEPS and node.organisation != "partnership":
        yield f"{node.label} does something with a place, but its lane is not of the partnership"


@rule("place-asked", fix="Ask them in the form of the task, under these keys.")
def place_asked(node: Node, scene: Scene) -> Iterator[str]:
    """What is known of a place is what the form of the task asks, in the same moment."""
    if node.place is None or node.place not in STEPS or node.kind != "userTask":
        return
    fields = scene.files.forms.get(node.form_key or "", ())
    if isinstance(fields, Unread):
        return
    asked = {one.key for one in fields}
    if missing := [key for key in ASKED[node.place] if key not in asked]:
        yield f"{node.label} does something with a place, but its form does not ask {', '.join(missing)}"
