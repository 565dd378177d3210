"""The register of one day at a partnership's centres: who is expected, what is marked, marking it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.access.organisations import Organisation
from app.access.people import Reader
from app.cases import attendance
from app.cases.command import Command
from app.errors import InvalidAnswers, Rejected
from app.model.placing import MARKS
from app.store.db import reading
from app.store.queries import placements
from app.store.queries.placements import PlacementRow


@dataclass(frozen=True)
class RegisterLine:
    """One pupil of the register."""

    #: the place
    place: PlacementRow
    #: name of the school
    school: str
    #: sessions at which the pupil is expected: am, pm
    parts: tuple[str, ...]
    #: part → code of what is marked
    marks: Mapping[str, str]


def register(partnership: Organisation, day: date, reader: Reader) -> tuple[RegisterLine, ...]:
    """Who is expected on a day, by centre and name."""
    rows = [one for one in placements.of_partnership(reading(), partnership.id) if one.status != "waiting"]
    here = [(one, parts) for one in rows if (parts := attendance.expected(one, day, reading()))]
    known = placements.marks(reading(), [one.case_id for one, _ in here], day, day)
    lines = [
        RegisterLine(
            place=one,
            school=reader.tree.get(one.school).name,
            parts=parts,
            marks={part: known[one.case_id, day, part] for part in parts if (one.case_id, day, part) in known},
        )
        for one, parts in here
    ]
    return tuple(sorted(lines, key=lambda one: (one.place.record["centre_name"], one.place.pupil_name)))


def mark(
    partnership: Organisation, day: date, typed: Mapping[tuple[str, str], str], command: Command, reader: Reader
) -> int:
    """Mark what was chosen, (case, part) → code; of how many pupils something changed.

    What is refused for one pupil stops no other. Raises InvalidAnswers by field where something was refused.
    """
    marked, problems = 0, {}
    for line in register(partnership, day, reader):
        case_id = line.place.case_id
        chosen = {part: typed[case_id, part] for part in line.parts if typed.get((case_id, part)) in MARKS}
        if not chosen:
            continue
        keyed = replace(command, key=f"{command.key}:{case_id}" if command.key else None)
        try:
            marked += attendance.mark(case_id, day, chosen, keyed) is not None
        except Rejected as refused:
            problems[f"mark-{case_id}"] = f"{line.place.pupil_name}: {refused.sentence}"
    if problems:
        raise InvalidAnswers(problems)
    return marked
