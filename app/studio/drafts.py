"""A process owner's draft: begun, saved piece by piece, submitted. Only its author writes it. Not approving it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

from app import diagrams, forms
from app.access.people import Reader
from app.clock import real_now
from app.errors import NotAllowed, NotDeployable, NotFound, Stale
from app.feel.dmn import DecisionError
from app.model.definition import Bundle
from app.store import definition_drafts as store
from app.store.db import reading
from app.store.definition_drafts import DefinitionDraft
from app.store.queries import definitions
from app.studio import blank, checking, deploying, shipped, untrusted
from app.studio.bundles import ProcessFiles, bundle_of
from app.studio.ownership import may_edit
from app.studio.scenario_file import read_scenarios

LONGEST_NAME, LONGEST_NOTE = 100, 2_000


class NotUsable(NotDeployable):
    """This file cannot be used."""


def begin_from(key: str, number: int, author: Reader) -> DefinitionDraft:
    """A draft with the files of a version, the author's earlier one of it where there is one. Raises UnknownKey."""
    version = deploying.one_version(key, number)
    mine = (one for one in store.everything(key) if one.by == author.id and one.based_on == number)
    if (earlier := next(mine, None)) is not None:
        return earlier
    bundle = definitions.bundle(version.digest)
    return _add(_draft(key, version.name, author, number, bundle))


def begin_blank(name: str, author: Reader) -> DefinitionDraft:
    """A draft of a new process. Raises NotUsable for a name that is empty or taken."""
    name = " ".join(name.split())[:LONGEST_NAME]
    key = _slug(name)
    if not key:
        raise NotUsable("Enter a name for the process, with letters.")
    if definitions.versions(reading(), key):
        raise NotUsable(f"There is a process “{key}” already. Open it and start a draft from one of its versions.")
    identity = f"process_{key.replace('-', '_')}"
    content = blank.diagram(identity, name).encode()
    return _add(_draft(key, name, author, None, Bundle(key, identity, name, {f"{key}.bpmn": content}, {}, {})))


def begin_upload(content: bytes, author: Reader, key: str | None = None) -> DefinitionDraft:
    """A draft of an uploaded diagram: of a new process, or with the tables and forms of one that is deployed.

    Raises UnreadableDiagram, NotUsable, UnknownKey.
    """
    read = untrusted.diagram(content)
    main = read.process(read.main or "")
    if main is None:
        raise NotUsable("Expected a process that may be run (isExecutable), but there is none in the file.")
    name = main.name or main.id
    if key is None:
        key = _slug(name) or _slug(main.id)
        if definitions.versions(reading(), key):
            raise NotUsable(f"There is a process “{key}” already. Open it and upload the file there.")
        return _add(_draft(key, name, author, None, Bundle(key, main.id, name, {f"{key}.bpmn": content}, {}, {})))
    version = definitions.current(reading(), key)
    bundle = definitions.bundle(version.digest)
    old = next((one for one, xml in bundle.bpmn.items() if diagrams.read(xml).process(bundle.process_id)), "")
    bpmn = {**bundle.bpmn, old or f"{key}.bpmn": content}
    return _add(_draft(key, name, author, version.number, replace(bundle, bpmn=bpmn)))


def main_file(draft: DefinitionDraft) -> str:
    """The diagram that the editor opens: the one with the process that a case runs."""
    names = list(draft.bpmn)
    for name in names if len(names) > 1 else []:
        try:
            if untrusted.diagram(draft.bpmn[name].encode()).main is not None:
                return name
        except diagrams.UnreadableDiagram:
            continue
    return names[0]


def files_of(draft: DefinitionDraft) -> ProcessFiles:
    """Its files, with every form that its author may choose."""
    return ProcessFiles(
        draft.key,
        _bytes(draft.bpmn),
        _bytes(draft.dmn),
        {**shipped.library(reading()), **_bytes(draft.forms)},
        draft.scenarios.encode(),
        _bytes(draft.letters),
    )


def save_diagram(draft: DefinitionDraft, content: bytes, seen: int, author: Reader) -> DefinitionDraft:
    """Keep the diagram as it is, problems and all. Raises UnreadableDiagram, Stale."""
    _only_author(draft, author)
    read = untrusted.diagram(content)
    main = read.process(read.main or "")
    name = main.name if main and main.name else draft.name
    bpmn = {**draft.bpmn, main_file(draft): content.decode("utf-8-sig")}
    return store.save(replace(draft, bpmn=bpmn, name=name[:LONGEST_NAME]), seen)


def save_form(draft: DefinitionDraft, key: str, content: bytes, seen: int, author: Reader) -> DefinitionDraft:
    """Keep a form. Raises NotUsable with the first thing to put right, Stale."""
    _only_author(draft, author)
    found, problems = forms.examine(content)
    if problems:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        raise NotUsable(f"Not saved. {problems[0].component}: {problems[0].sentence}. {problems[0].fix}{more}")
    if found.key != key:
        raise NotUsable(f"Not saved. Expected the form to keep its id {key}, but it is {found.key} now.")
    return store.save(replace(draft, forms={**draft.forms, key: content.decode()}), seen)


def add_form(draft: DefinitionDraft, title: str, content: bytes, author: Reader) -> str:
    """The key of a form uploaded, or of a new one with that title. Raises NotUsable."""
    if not content:
        key = _slug(title).replace("-", "_")
        if not key:
            raise NotUsable("Enter a name for the form, or choose a file.")
        if key in files_of(draft).library:
            raise NotUsable(f"There is a form {key} already. Choose another name, or pick that form.")
        content = json.dumps(blank.form(key, title), indent=2).encode()
    key = forms.examine(content)[0].key
    save_form(draft, key, content, draft.revision, author)
    return key


def save_decision(draft: DefinitionDraft, name: str, content: bytes, seen: int, author: Reader) -> DefinitionDraft:
    """Keep a decision table. Raises NotUsable with the cell that cannot be evaluated, Stale."""
    _only_author(draft, author)
    try:
        found = untrusted.decision(content).problems()
    except DecisionError as error:
        raise NotUsable(f"Not saved. {error.sentence}") from None
    if problem := next(iter(found), None):
        raise NotUsable(f"Not saved. {problem.sentence}. {problem.fix}".replace("..", "."))
    return store.save(replace(draft, dmn={**draft.dmn, name: content.decode("utf-8-sig")}), seen)


def add_decision(draft: DefinitionDraft, title: str, content: bytes, author: Reader) -> str:
    """The file name of a decision table uploaded, or of a new one with that title. Raises NotUsable."""
    key = _slug(title).replace("-", "_")
    if not content:
        if not key:
            raise NotUsable("Enter a name for the decision table, or choose a file.")
        content = blank.decision_table(key, title).encode()
    try:
        name = f"{untrusted.decision(content).key}.dmn"
    except DecisionError as error:
        raise NotUsable(error.sentence) from None
    if name in draft.dmn:
        raise NotUsable(f"There is a decision table {name} already. Open it to change it.")
    save_decision(draft, name, content, draft.revision, author)
    return name


def decisions(draft: DefinitionDraft) -> dict[str, str]:
    """File name → key of the decision in it."""
    found = {}
    for name, content in draft.dmn.items():
        try:
            found[name] = untrusted.decision(content.encode()).key
        except DecisionError:
            found[name] = name
    return found


def save_scenarios(draft: DefinitionDraft, content: bytes, seen: int, author: Reader) -> DefinitionDraft:
    """Keep the scenarios, or none where there is no text. Raises UnreadableScenarios with the line, Stale."""
    _only_author(draft, author)
    written = content.replace(b"\r\n", b"\n").strip()
    if written:
        read_scenarios(written)
    return store.save(replace(draft, scenarios=f"{written.decode()}\n" if written else ""), seen)


def submit(draft: DefinitionDraft, note: str, seen: int, author: Reader) -> DefinitionDraft:
    """Ask a second owner, with the forms it uses fixed as they are now. Raises NotDeployable, NotUsable, Stale."""
    _only_author(draft, author)
    if draft.revision != seen:
        raise Stale("This draft was saved again after this page was made. Look at the review again, then submit it.")
    if not note.strip():
        raise NotUsable("Say what you changed and why: the second process owner decides by it.")
    files = files_of(draft)
    bundle = bundle_of(files)
    deploying.refuse_errors(bundle, checking.known_here(reading(), draft.key))
    kept = {key: content.decode() for key, content in bundle.forms.items()}
    asked = replace(draft, forms=kept, status="submitted", note=note.strip()[:LONGEST_NOTE], decided_by=None)
    return store.save(asked, seen)


def take_back(draft: DefinitionDraft, author: Reader) -> DefinitionDraft:
    """Go on writing a draft that was submitted."""
    if draft.by != author.id:
        raise NotAllowed("Only its author can take a draft back.")
    return store.save(replace(draft, status="editing"), draft.revision)


def discard(draft: DefinitionDraft, author: Reader) -> None:
    """Throw a draft away."""
    if draft.by != author.id:
        raise NotAllowed("Only its author can discard a draft. You can send it back.")
    store.discard(draft.id)


def one_draft(key: str, draft_id: str, reader: Reader) -> DefinitionDraft:
    """A draft that the reader may see. Raises NotFound."""
    found = store.one(draft_id)
    if found is None or found.key != key or not may_edit(reader, found):
        raise NotFound
    return found


def _only_author(draft: DefinitionDraft, author: Reader) -> None:
    if draft.by != author.id:
        raise NotAllowed("Only its author can change this draft. Start one of your own from the same version.")
    if draft.status == "submitted":
        raise NotAllowed("This draft waits for approval. Take it back before you change it.")


def _draft(
    key: str,
    name: str,
    author: Reader,
    based_on: int | None,
    files: Bundle,
) -> DefinitionDraft:
    return DefinitionDraft(
        id=str(uuid4()),
        key=key,
        name=name[:LONGEST_NAME],
        based_on=based_on,
        bpmn=_text(files.bpmn),
        dmn=_text(files.dmn),
        forms=_text(files.forms),
        scenarios=files.scenarios.decode("utf-8-sig"),
        letters=_text(files.letters),
        revision=1,
        status="editing",
        note="",
        by=author.id,
        decided_by=None,
        changed_at=real_now(),
    )


def _add(draft: DefinitionDraft) -> DefinitionDraft:
    store.add(draft)
    return draft


def _text(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: content.decode("utf-8-sig") for name, content in files.items()}


def _bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: content.encode() for name, content in files.items()}


def _slug(name: str) -> str:
    """Small letters, digits and hyphens, beginning with a letter."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")[:60].strip("-")
