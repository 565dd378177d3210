"""Files of one process: gathered from a folder or a draft, and made into a bundle. Not whether they may be deployed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from app.diagrams import Diagram, UnreadableDiagram
from app.errors import NotDeployable, NotFound
from app.model.definition import Bundle
from app.studio import untrusted

SCENARIOS_FILE = "scenarios.yaml"
#: the folder of letter templates beside the diagram
LETTERS_FOLDER = "letters"


@dataclass(frozen=True)
class ProcessFiles:
    """What may become a bundle."""

    #: process definition key
    key: str
    #: BPMN files by name
    bpmn: Mapping[str, bytes]
    #: DMN files by name
    dmn: Mapping[str, bytes] = field(default_factory=dict)
    #: every form there is to choose from, by form key
    library: Mapping[str, bytes] = field(default_factory=dict)
    #: its scenarios in YAML, or empty
    scenarios: bytes = b""
    #: letter templates by name
    letters: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def forms(self) -> dict[str, bytes]:
        """The forms that the diagrams name, as far as they are there."""
        return {key: self.library[key] for key in sorted(self.form_keys) if key in self.library}

    @cached_property
    def form_keys(self) -> set[str]:
        """Every form key that a diagram names."""
        return {node.form_key for diagram in self.readable() for node in diagram.nodes.values() if node.form_key}

    def readable(self) -> Iterator[Diagram]:
        """The diagrams that can be read."""
        for content in self.bpmn.values():
            try:
                yield untrusted.diagram(content)
            except UnreadableDiagram:
                continue


def files_at(path: Path, library: Mapping[str, bytes] | None = None) -> ProcessFiles:
    """The files of a process folder, or of one diagram and the decision tables beside it.

    Without a `library` the forms lie in a folder `forms` there or up to two levels above. Raises NotFound.
    """
    is_file = path.suffix == ".bpmn" and path.is_file()
    folder = path.parent if is_file else path
    bpmn = [path] if is_file else sorted(folder.glob("*.bpmn"))
    if not bpmn:
        raise NotFound(f"Expected a .bpmn file or a folder with one, but there is none at {path}")
    folder = folder.resolve()
    return ProcessFiles(
        key=path.stem if is_file and not (folder / SCENARIOS_FILE).exists() else folder.name,
        bpmn={one.name: one.read_bytes() for one in bpmn},
        dmn={one.name: one.read_bytes() for one in sorted(folder.glob("*.dmn"))},
        library=forms_beside(folder) if library is None else library,
        scenarios=written.read_bytes() if (written := folder / SCENARIOS_FILE).is_file() else b"",
        letters={one.stem: one.read_bytes() for one in sorted((folder / LETTERS_FOLDER).glob("*.md"))},
    )


def forms_beside(folder: Path) -> dict[str, bytes]:
    """Every form in the nearest folder called `forms`: here, or up to two levels above."""
    for around in [folder, *folder.parents][:3]:
        if (found := around / "forms").is_dir():
            return {one.stem: one.read_bytes() for one in sorted(found.glob("*.json"))}
    return {}


def bundle_of(files: ProcessFiles) -> Bundle:
    """The bundle: with the process that a case runs, and only the forms it uses. Raises NotDeployable."""
    read = [untrusted.diagram(content) for content in files.bpmn.values()]
    called = {node.called_element for diagram in read for node in diagram.nodes.values() if node.called_element}
    mains = [diagram for diagram in read if diagram.main is not None]
    diagram = next((one for one in mains if one.main not in called), mains[0] if mains else None)
    process = diagram.process(diagram.main or "") if diagram else None
    if process is None:
        raise NotDeployable("Expected a process that may be run (isExecutable), but there is none in the diagram.")
    return Bundle(
        key=files.key,
        process_id=process.id,
        name=process.name or files.key,
        bpmn=files.bpmn,
        dmn=files.dmn,
        forms=files.forms,
        scenarios=files.scenarios,
        letters=files.letters,
    )


def bundle_at(path: Path) -> Bundle:
    """The bundle of a process folder, with the forms it names. Raises NotFound, NotDeployable."""
    return bundle_of(files_at(path))


def files_of(bundle: Bundle) -> ProcessFiles:
    """The files of a bundle, to be changed or checked again."""
    return ProcessFiles(bundle.key, bundle.bpmn, bundle.dmn, bundle.forms, bundle.scenarios, bundle.letters)
