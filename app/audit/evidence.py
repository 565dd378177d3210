"""Everything an auditor may take away of one case, as plain JSON: entries, hashes, content as they may read it."""

from typing import Any, cast

from app.access.people import Reader
from app.audit.replay import withheld
from app.audit.verify import verify
from app.cases.history import entries_of, history, restricted_tasks
from app.cases.sight import Sight
from app.model.entry import Entry
from app.model.json import Json, JsonObject
from app.store import reads
from app.store.queries.cases import CaseLine

#: parts of an entry's content that only the engine can read
_INTERNAL = {"delta"}
ABOUT = (
    "hash = SHA-256(0x02, previous hash, length of head, head, SHA-256(payload)). The payload is the encrypted "
    "content, so the chain can be checked without reading it; the content below is as the person named may read it."
)


def evidence(case: CaseLine, sight: Sight, reader: Reader) -> dict[str, Any]:
    """The evidence of one case; that it was taken is recorded first."""
    reads.record(reader.id, "export_evidence", f"case/{case.id}", "allowed")
    entries, checked = entries_of(case.id), verify(case.id)
    hidden = withheld(entries, sight)
    secret = frozenset() if sight.may_see_restricted else restricted_tasks(entries)
    return {
        "about": ABOUT,
        "case": case.reference,
        "process": case.process_key,
        "taken_by": reader.person.name,
        "names_masked": sight.is_masked,
        "chain": {
            "entries": checked.count,
            "holds": checked.holds,
            "last_hash": checked.last_hash,
            "breaks": [{"entry": one.entry, "sentence": one.sentence} for one in checked.breaks],
        },
        "entries": [
            {
                "n": entry.seq,
                "at": entry.at.isoformat(),
                "recorded_at": entry.recorded_at.isoformat(),
                "sentence": told.sentence,
                "hash": entry.hash.hex(),
                **({"withheld": "restricted"} if entry.seq in hidden else _open(entry, sight, secret)),
            }
            for entry, told in zip(entries, history(entries, sight), strict=True)
        ],
    }


def _open(entry: Entry, sight: Sight, secret: frozenset[str]) -> dict[str, Any]:
    return {"actor": entry.actor, "kind": entry.kind, "meta": entry.meta, "content": _content(entry, sight, secret)}


def _content(entry: Entry, sight: Sight, secret: frozenset[str]) -> JsonObject | None:
    if entry.content is None:
        return None
    kept = {key: _without(value, secret) for key, value in entry.content.items() if key not in _INTERNAL}
    seen = sight.fields(kept)
    if sight.is_masked and isinstance(case := seen.get("case"), dict):
        seen["case"] = {key: value for key, value in case.items() if key != "pupil_id"}
    return seen


def _without(value: Any, secret: frozenset[str]) -> Json:
    """A list without what it says of tasks in the restricted compartment."""
    if not isinstance(value, list):
        return cast(Json, value)
    return [one for one in value if not (isinstance(one, dict) and {one.get("task_id"), one.get("id")} & secret)]
