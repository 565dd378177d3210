"""How one reader sees a case: which names are masked and what is left out. Whether they see it at all: `app.access`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from app.access.masking import Mask, Party
from app.cases.case_clock import clock
from app.cases.settings import Settings, settings_of
from app.model.entry import StreamId
from app.model.json import Json, JsonObject
from app.model.setting import DEFAULTS
from app.store import journal
from app.store.db import reading
from app.store.queries.cases import CaseLine

#: what stands for a linked case that the reader may not see
UNSEEN = "a case you may not see"


@dataclass(frozen=True)
class Sight:
    """What becomes of names and of the restricted compartment on the way to one reader."""

    #: masks over the people of the case, or None: shown by name
    mask: Mask | None = None
    #: the restricted compartment is shown
    may_see_restricted: bool = False
    #: references by id of the linked cases that the reader may see
    cases: Mapping[str, str] = field(default_factory=dict)
    #: what the authority of the case calls things today
    settings: Settings = field(default_factory=lambda: DEFAULTS)

    @property
    def is_masked(self) -> bool:
        """Whether people are shown under masks."""
        return self.mask is not None

    def case(self, case_id: object) -> str:
        """What the reader may know of a linked case: its reference, or that there is one."""
        return self.cases.get(str(case_id), UNSEEN)

    def text(self, text: str) -> str:
        """Words as this reader may read them."""
        return self.mask.text(text).text if self.mask else text

    def value(self, key: str, value: Json) -> Json:
        """One field as this reader may read it, masked all the way down."""
        return self.mask.value(key, value) if self.mask else value

    def fields(self, fields: JsonObject) -> JsonObject:
        """Several fields at once."""
        return {key: self.value(key, value) for key, value in fields.items()}


def sight_of(
    case: CaseLine, *, is_masked: bool, may_see_restricted: bool, linked: Mapping[str, str] | None = None
) -> Sight:
    """The sight of one reader; masks are over everybody that the pupil's record ever named.

    `linked`: references by id of the linked cases that they may see.
    """
    mask = Mask.over(parties(case), case.reference) if is_masked else None
    return Sight(mask, may_see_restricted, linked or {}, settings_of(reading(), case.school, clock().today()))


def parties(case: CaseLine) -> list[Party]:
    """The pupil and the parents, with every name they were ever recorded under, in a lasting order."""
    records, around = _recorded(case.pupil_id)
    names = [case.pupil_name] if case.status != "erased" else []
    for record in records:
        names += _pupil_names(record)
    found = [Party(case.pupil_id or "pupil", "pupil", tuple(dict.fromkeys(names)))]
    adults = dict.fromkeys(name for record in records for name in _parent_names(record))
    masked = found + [Party(f"parent:{name}", "parent", (name,)) for name in adults]
    others = {(kind, name): None for kind, name in around if name not in adults and name not in names}
    return masked + [
        Party(f"{kind}:{name}", "parent" if kind == "parent" else "contact", (name,)) for kind, name in others
    ]


def _recorded(pupil_id: str) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Every record of the pupil, and (kind, name) of everybody around them, under every name they ever had."""
    records: list[dict[str, Any]] = []
    around: list[tuple[str, str]] = []
    for entry in journal.entries(reading(), StreamId("pupil", pupil_id)) if pupil_id else ():
        content = cast(dict[str, Any], entry.content or {})
        if isinstance(content.get("pupil"), dict):
            records.append(content["pupil"])
        elif isinstance(content.get("party"), dict):
            around.append((content["party"]["kind"], content["party"]["name"]))
    return records, around


def _pupil_names(record: dict[str, Any]) -> Iterator[str]:
    yield record["name"]
    surname = record.get("surname") or record["name"].rpartition(" ")[2]
    if preferred := record.get("preferred_name"):
        yield from (preferred, f"{preferred} {surname}")


def _parent_names(record: dict[str, Any]) -> Iterator[str]:
    for parent in record.get("parents") or ():
        if name := _whole_name(parent):
            yield name


def _whole_name(parent: Any) -> str:
    if not isinstance(parent, dict):
        return str(parent)
    return parent.get("name") or " ".join(str(parent[key]) for key in ("forename", "surname") if parent.get(key))
