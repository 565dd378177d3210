"""What process owners see of a process at a glance: versions, counts of live cases, drafts. Never a case itself."""

import re
from dataclasses import dataclass

from app import diagrams
from app.access.people import Reader
from app.cases.dates import rule_book
from app.diagrams import Diagram, Node
from app.model.definition import Bundle
from app.store import definition_drafts
from app.store.db import Connection, reading
from app.store.definition_drafts import DefinitionDraft
from app.store.queries import definitions, people
from app.store.queries.definitions import Version
from app.studio.checking import form_title
from app.studio.ownership import counted_by, may_edit

_LEGAL = {
    "S": "set by law",
    "G": "statutory guidance",
    "seed": "agreed in the partnership",
    "local": "a local default",
}
MOST_DRAFTS = 100
#: a call of `due` in FEEL, plain or inside JSON
_DUE = re.compile(r'due\(\s*\\?"([^"\\]+)')


@dataclass(frozen=True)
class VersionLine:
    """One version in a list."""

    #: the version
    version: Version
    #: open cases on it
    live: int
    #: name of who proposed it
    proposed_by: str
    #: name of who approved it
    approved_by: str


@dataclass(frozen=True)
class DraftLine:
    """One draft in a list."""

    #: the draft
    draft: DefinitionDraft
    #: name of its author
    author: str
    #: the reader wrote it
    is_mine: bool


@dataclass(frozen=True)
class ProcessLine:
    """One process in the list of all."""

    #: process definition key
    key: str
    #: what people call it
    name: str
    #: version that new cases start on, or None: there are only drafts
    current: Version | None
    #: versions with open cases, newest first
    live: tuple[VersionLine, ...]
    #: unfinished versions that the reader may see
    drafts: tuple[DraftLine, ...]


@dataclass(frozen=True)
class RuleLine:
    """A deadline rule that a diagram uses."""

    #: its key, or "" for a rule written out
    key: str
    #: what must happen by then
    title: str
    #: "set by law: …"
    source: str
    #: names of the elements that use it
    used_by: tuple[str, ...]


def processes(reader: Reader) -> list[ProcessLine]:
    """Every process, deployed or drafted, by name."""
    connection = reading()
    drafted: dict[str, list[DraftLine]] = {}
    for line in draft_lines(connection, reader):
        drafted.setdefault(line.draft.key, []).append(line)
    lines = [
        ProcessLine(
            one.key,
            one.name,
            one,
            tuple(line for line in version_lines(connection, one.key, reader) if line.live),
            tuple(drafted.pop(one.key, ())),
        )
        for one in definitions.current_versions(connection)
    ]
    new = [ProcessLine(key, found[0].draft.name, None, (), tuple(found)) for key, found in drafted.items()]
    return sorted([*lines, *new], key=lambda one: one.name.lower())


def version_lines(connection: Connection, key: str, reader: Reader) -> list[VersionLine]:
    """The versions of a process, newest first."""
    found = definitions.versions(connection, key)
    live = definitions.live_cases(connection, key, counted_by(reader))
    names = people.names(connection, {by for one in found for by in (one.proposed_by, one.approved_by)})
    return [
        VersionLine(one, live.get(one.digest, 0), _name(names, one.proposed_by), _name(names, one.approved_by))
        for one in found
    ]


def draft_lines(connection: Connection, reader: Reader, key: str | None = None) -> list[DraftLine]:
    """The drafts the reader may see, the latest changed first."""
    found = [one for one in definition_drafts.everything(key)[:MOST_DRAFTS] if may_edit(reader, one)]
    names = people.names(connection, {one.by for one in found})
    return [DraftLine(one, _name(names, one.by), one.by == reader.id) for one in found]


def rules_used(bundle: Bundle) -> list[RuleLine]:
    """The deadline rules that the diagrams and forms of a bundle name, with where they are written."""
    used: dict[str, list[str]] = {}
    for xml in bundle.bpmn.values():
        for node in diagrams.read(xml).nodes.values():
            for key in _rules_of(node):
                used.setdefault(key, []).append(node.name or node.id)
    for form_key, schema in bundle.forms.items():
        for key in _DUE.findall(schema.decode()):
            used.setdefault(key, []).append(f"form {form_title(schema) or form_key}")
    return [_rule(key, tuple(dict.fromkeys(names))) for key, names in sorted(used.items())]


def _rules_of(node: Node) -> list[str]:
    written = [node.due_basis, node.due_date, node.script, node.timer.text if node.timer else None]
    return [*([node.due_rule] if node.due_rule else []), *_DUE.findall(" ".join(one for one in written if one))]


def messages_used(diagram: Diagram) -> list[tuple[str, str]]:
    """(message, what the process does with it), by name."""
    sending = {"sendTask", "intermediateThrowEvent", "endEvent"}
    found = {
        (node.message, "sends it" if node.kind in sending else _waits(node.kind, node.name or node.id))
        for node in diagram.nodes.values()
        if node.message
    }
    return sorted(found)


def main_diagram(files: dict[str, bytes], process_id: str) -> tuple[str, Diagram]:
    """The file name and the diagram of the process that a case runs."""
    read = {name: diagrams.read(content) for name, content in files.items()}
    return next(
        ((name, one) for name, one in read.items() if one.process(process_id) is not None), next(iter(read.items()))
    )


def _waits(kind: str, name: str) -> str:
    return f"starts with it: {name}" if kind == "startEvent" else f"waits for it: {name}"


def _rule(key: str, used_by: tuple[str, ...]) -> RuleLine:
    found = [one for one in rule_book().rules if one.key == key]
    if not found:
        return RuleLine("", key[:1].upper() + key[1:], "written out in the process: a local default", used_by)
    newest = max(found, key=lambda one: (one.valid_from, one.version))
    source = f"{_LEGAL[newest.legal]}: {newest.source}" if newest.source else _LEGAL[newest.legal]
    return RuleLine(key, newest.title, source, used_by)


def _name(names: dict[str, str], person_id: str) -> str:
    return names.get(person_id) or ("the operator" if person_id == "operator" else person_id)
