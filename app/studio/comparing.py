"""What is different between two bundles, in plain words: diagrams, forms, tables, letters. Not whether it is good."""

from collections.abc import Callable, Iterator, Mapping

from app import diagrams
from app.diagrams import Diagram, Difference
from app.model.definition import Bundle
from app.studio import untrusted
from app.studio.checking import form_title


def differences(old: Bundle | None, new: Bundle) -> list[Difference]:
    """Every difference a second owner should see; of a new process none: all of it is new."""
    if old is None:
        return []
    return [
        *(one for before, after in _diagrams(old, new) for one in diagrams.differences(before, after)),
        *_files(old.forms, new.forms, "form", lambda key: form_title(new.forms.get(key) or old.forms[key]) or key),
        *_files(old.dmn, new.dmn, "decision table", str),
        *_files(old.letters, new.letters, "letter", lambda key: key.replace("-", " ")),
        *_scenarios(old.scenarios, new.scenarios),
    ]


def _scenarios(old: bytes, new: bytes) -> Iterator[Difference]:
    if not old and new:
        yield Difference("scenarios", "added", "New: scenarios")
    elif old and not new:
        yield Difference("scenarios", "removed", "Removed: every scenario")
    elif old.split() != new.split():
        yield Difference("scenarios", "changed", "The scenarios were changed")


def _diagrams(old: Bundle, new: Bundle) -> Iterator[tuple[Diagram, Diagram]]:
    """Pairs of diagrams: by file name, and the remaining ones by place."""
    before = {name: untrusted.diagram(content) for name, content in old.bpmn.items()}
    after = {name: untrusted.diagram(content) for name, content in new.bpmn.items()}
    left = [name for name in before if name not in after]
    for name, diagram in after.items():
        partner = name if name in before else (left.pop(0) if left else None)
        yield before[partner] if partner else _NOTHING, diagram
    for name in left:
        yield before[name], _NOTHING


def _files(
    old: Mapping[str, bytes], new: Mapping[str, bytes], words: str, called: Callable[[str], str]
) -> Iterator[Difference]:
    for key in sorted({*old, *new}):
        if key not in old:
            yield Difference(key, "added", f"New: the {words} “{called(key)}”")
        elif key not in new:
            yield Difference(key, "removed", f"Removed: the {words} “{called(key)}”")
        elif old[key].split() != new[key].split():
            yield Difference(key, "changed", f"The {words} “{called(key)}” was changed")


_NOTHING = Diagram(
    processes=(), nodes={}, flows={}, lanes={}, messages={}, main=None, shapes={}, edges={}, black_boxes={}, used=()
)
