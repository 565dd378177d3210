"""Making a version the one that new cases start on: a bundle for the first time, or an earlier version again.

Cases that run stay on the version they started on.
"""

import base64

from app.cases.command import Command
from app.cases.records import write_record
from app.checks import CheckContext
from app.errors import NotDeployable, Rejected, UnknownKey
from app.model.definition import Bundle
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import definitions
from app.store.queries.definitions import Version
from app.studio import checking
from app.studio.bundles import SCENARIOS_FILE, files_of


class SameAsBefore(Rejected):
    """Nothing has changed since this was deployed."""


def deploy(
    bundle: Bundle,
    proposed_by: str,
    approved_by: str,
    note: str,
    command: Command,
    context: CheckContext | None = None,
) -> Version:
    """The new version. Raises NotDeployable with its problems, SameAsBefore, Stale where somebody else deployed."""
    connection = reading()
    seq = definitions.entries_written(connection, bundle.key)
    earlier = definitions.versions(connection, bundle.key)
    _refuse_same(bundle, earlier)
    refuse_errors(bundle, context or checking.known_here(connection, bundle.key))
    content: JsonObject = {
        "version": max((one.number for one in earlier), default=0) + 1,
        "digest": bundle.digest,
        "process_id": bundle.process_id,
        "name": bundle.name,
        "proposed_by": proposed_by,
        "approved_by": approved_by,
        "note": note,
        "files": _files(bundle),
    }
    stream = StreamId("definition", bundle.key)
    write_record(stream, "definition-deployed", content, command, expected_seq=seq)
    return definitions.current(reading(), bundle.key)


def restore(key: str, number: int, command: Command) -> Version:
    """An earlier version, current again for new cases. Raises UnknownKey, SameAsBefore, Stale."""
    connection = reading()
    seq = definitions.entries_written(connection, key)
    version = one_version(key, number)
    if version.is_current:
        raise SameAsBefore(f"New cases start on version {number} already.")
    content: JsonObject = {"version": number, "by": command.actor.id}
    write_record(StreamId("definition", key), "definition-restored", content, command, expected_seq=seq)
    return definitions.current(reading(), key)


def one_version(key: str, number: int) -> Version:
    """One version of a process. Raises UnknownKey."""
    found = next((one for one in definitions.versions(reading(), key) if one.number == number), None)
    if found is None:
        raise UnknownKey(f"Expected version {number} of {key}, but there is none")
    return found


def refuse_errors(bundle: Bundle, context: CheckContext) -> None:
    """Raises NotDeployable, with every problem in its facts, where there is an error."""
    wrong = checking.errors(checking.problems(files_of(bundle), context))
    if wrong:
        more = f" There {'is 1 more' if len(wrong) == 2 else f'are {len(wrong) - 1} more'}." if len(wrong) > 1 else ""
        raise NotDeployable(f"{wrong[0].sentence}. {wrong[0].fix}{more}".replace("..", "."), problems=wrong)


def _refuse_same(bundle: Bundle, earlier: list[Version]) -> None:
    same = next((one for one in earlier if one.digest == bundle.digest), None)
    if same is None:
        return
    if same.is_current:
        raise SameAsBefore(f"Expected a change, but version {same.number} says exactly the same.", version=same.number)
    sentence = (
        f"Expected a change, but these are the files of version {same.number}. Deploy version {same.number} again."
    )
    raise SameAsBefore(sentence, version=same.number)


def _files(bundle: Bundle) -> list[JsonObject]:
    scenarios = {SCENARIOS_FILE: bundle.scenarios} if bundle.scenarios else {}
    kinds = (*bundle.kinds, ("scenarios", scenarios))
    return [
        {"kind": kind, "name": name, "content": base64.b64encode(content).decode()}
        for kind, files in kinds
        for name, content in files.items()
    ]
