"""Everything an auditor may take away of one case, as plain JSON: entries, hashes, content as they may read it."""

from typing import Any, cast

from app.access.people import Reader
from app.audit.replay import withheld
from app.audit.restricted import restricted_ids
from app.audit.verify import verify
from app.cases.history import entries_of, history, restricted_tasks
from app.cases.sight import Sight
from app.model.entry import Entry
from app.model.json import Json, JsonObject
from app.store import reads
from app.store.queries.cases import CaseLine

#: parts of an entry's content that only the engine can read
_INTERNAL = {"delta"}
#: keys of a list's items that may name something restricted
_NAMES = ("task_id", "timer_id", "deadline_id", "id", "element")
ABOUT = (
    "hash = SHA-256(0x02, previous hash, length of head, head, SHA-256(payload)). The payload is the encrypted "
    "content, so the chain can be checked without reading it; the content below is as the person named may read it."
)


WITHHELD = (
    "Left out, because it belongs to the restricted compartment: entries that say “withheld” keep their number, "
    "time and hash; other entries do not name its tasks, elements, dates or documents."
)


def evidence(case: CaseLine, sight: Sight, reader: Reader) -> dict[str, Any]:
    """The evidence of one case; that it was taken is recorded first."""
    reads.record(reader.id, "export_evidence", f"case/{case.id}", "allowed")
    entries, checked = entries_of(case.id), verify(case.id)
    hidden = withheld(entries, sight)
    secret = frozenset() if sight.may_see_restricted else restricted_tasks(entries) | restricted_ids(entries)
    return {
        "about": ABOUT,
        "left_out": "nothing" if sight.may_see_restricted else WITHHELD,
        "entries_withheld": len(hidden),
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
    kept = {key: _without(key, value, secret) for key, value in entry.content.items() if key not in _INTERNAL}
    seen = sight.fields(kept)
    if sight.is_masked and isinstance(case := seen.get("case"), dict):
        seen["case"] = {key: value for key, value in case.items() if key != "pupil_id"}
    return seen


def _without(key: str, value: Any, secret: frozenset[str]) -> Json:
    """A list without what it says of the restricted compartment."""
    if not isinstance(value, list):
        return cast(Json, value)
    if key == "moves":
        return [move for move in value if move[1] not in secret]
    return [one for one in value if not (isinstance(one, dict) and secret & {one.get(name) for name in _NAMES})]
