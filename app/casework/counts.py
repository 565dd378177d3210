"""Open cases of an area by part and process, for those who see no case: small numbers hidden. Monitors: `figures`."""

from dataclasses import dataclass

from app.access.grants import FIGURES
from app.access.organisations import OrganisationTree
from app.access.people import Reader
from app.access.small_numbers import safe_table
from app.casework.inbox import process_names
from app.store.db import reading
from app.store.queries import counted


@dataclass(frozen=True)
class Line:
    """One row of the table: a part of the area, or the whole."""

    #: district, partnership or school
    name: str
    #: open cases by process, then of all processes; None: hidden
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Counts:
    """Everything the page shows. There is one table per reader: two that overlap could be taken from each other."""

    #: what the reader sees counts of: "Northmere Council"
    areas: tuple[str, ...]
    #: names of the processes, in the order of the columns
    processes: tuple[str, ...]
    #: a line for each part
    lines: tuple[Line, ...]
    #: the sums
    whole: Line
    #: something had to be hidden
    has_hidden: bool


def counts(reader: Reader) -> Counts:
    """The table of the reader: the parts of every area in which they hold a role that sees counts."""
    areas = _areas(reader)
    parts = [part for area in areas for part in _parts(reader.tree, area)]
    names = process_names()
    authorities = {found for area in areas for found in _authorities(reader.tree, area)}
    found = counted.open_cases(reading(), authorities, names)
    keys = [key for key in sorted(names, key=lambda one: names[one]) if any(of == key for _, of in found)]
    table = [
        [sum(found.get((school, key), 0) for school in reader.tree.schools(part)) for key in keys] for part in parts
    ]
    safe = safe_table(table)
    return Counts(
        areas=tuple(reader.tree.get(one).name for one in areas),
        processes=tuple(names[key] for key in keys),
        lines=tuple(Line(reader.tree.get(part).name, row) for part, row in zip(parts, safe.rows, strict=False)),
        whole=Line("All of it", safe.rows[-1]),
        has_hidden=not safe.is_whole,
    )


def _areas(reader: Reader) -> list[str]:
    """The organisations the reader sees counts of, without those that lie in another one."""
    held = dict.fromkeys(one.organisation for one in reader.memberships if one.role in FIGURES)
    return [one for one in held if not any(other != one and reader.tree.covers(other, one) for other in held)]


def _parts(tree: OrganisationTree, area: str) -> list[str]:
    """What lies directly in an area and has schools; a school is its own part."""
    if tree.get(area).kind == "school":
        return [area]
    below = [one for one in tree.organisations if one.parent == area and tree.schools(one.id)]
    return [one.id for one in sorted(below, key=lambda one: one.name)]


def _authorities(tree: OrganisationTree, area: str) -> set[str]:
    above = tree.authority_of(area)
    return {above} if above else {one for one in tree.within(area) if tree.get(one).kind == "authority"}
