"""Small numbers in tables of counts: which cells are hidden so that nobody can be found, or worked out. Pure.

Counts of one to five are hidden, and further cells with them, until no hidden one follows from what is shown: rows,
columns and the whole add up, and no count is below nothing. Who is shown such tables is decided elsewhere (ADR 0057).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

#: counts from one up to this are hidden
LARGEST_SMALL = 5
#: what stands in place of a hidden count
MARK = "c"

#: row and column of a cell; -1: the sum
Place = tuple[int, int]
SUM = -1


@dataclass(frozen=True)
class SafeTable:
    """A table of counts with its sums, as far as it may be shown."""

    #: rows of counts, each ended by its sum; the last row holds the sums of the columns. None: hidden
    rows: tuple[tuple[int | None, ...], ...]

    @property
    def is_whole(self) -> bool:
        """Nothing had to be hidden."""
        return all(one is not None for row in self.rows for one in row)


def safe_table(counts: Sequence[Sequence[int]]) -> SafeTable:
    """The table with its sums, small numbers and whatever would give them away hidden."""
    width = len(counts[0]) if counts else 0
    cells = {(i, j): count for i, row in enumerate(counts) for j, count in enumerate(row)}
    cells |= {(i, SUM): sum(row) for i, row in enumerate(counts)}
    cells |= {(SUM, j): sum(row[j] for row in counts) for j in range(width)}
    cells[SUM, SUM] = sum(sum(row) for row in counts)
    hidden = {place for place, count in cells.items() if 0 < count <= LARGEST_SMALL}
    while given_away := next(_given_away(cells, hidden), None):
        hidden.add(_companion(cells, hidden, given_away))
    order = [*range(len(counts)), SUM]
    columns = [*range(width), SUM]
    return SafeTable(tuple(tuple(None if (i, j) in hidden else cells[i, j] for j in columns) for i in order))


def _given_away(cells: Mapping[Place, int], hidden: set[Place]) -> Iterator[Place]:
    """Hidden cells that can be only what they are.

    Counts flow: from rows to columns through the cells, from columns through their sums to the whole, and through the
    sums of the rows back. What is shown is fixed; a hidden count can be another exactly if it lies on a circle along
    which hidden counts grow (forwards), or shrink (backwards, if they are more than nothing).
    """
    grown: dict[str, list[tuple[str, Place]]] = {}
    for place in sorted(hidden):
        start, end = _ends(place)
        grown.setdefault(start, []).append((end, place))
        if cells[place] > 0:
            grown.setdefault(end, []).append((start, place))
    for place in sorted(hidden):
        start, end = _ends(place)
        can_grow = _leads(grown, end, start, place)
        if not can_grow and not (cells[place] > 0 and _leads(grown, start, end, place)):
            yield place


def _ends(place: Place) -> tuple[str, str]:
    row, column = place
    if row == SUM:
        return ("every row", "every column") if column == SUM else (f"column {column}", "every row")
    return ("every column", f"row {row}") if column == SUM else (f"row {row}", f"column {column}")


def _leads(ways: Mapping[str, Sequence[tuple[str, Place]]], start: str, end: str, without: Place) -> bool:
    """Whether there is a way that does not go through the cell itself."""
    seen, frontier = {start}, [start]
    while frontier:
        for there, place in ways.get(frontier.pop(), ()):
            if place != without and there not in seen:
                if there == end:
                    return True
                seen.add(there)
                frontier.append(there)
    return False


def _companion(cells: Mapping[Place, int], hidden: set[Place], given_away: Place) -> Place:
    """The cell to hide beside one that is given away: the smallest count, a sum last of all.

    Where its row and its column each have another hidden cell already, the one across from it; else one of them.
    """
    row, column = given_away
    beside = [one[1] for one in hidden if one[0] == row and one[1] != column]
    below = [one[0] for one in hidden if one[1] == column and one[0] != row]
    across = [(i, j) for i in below for j in beside if (i, j) not in hidden]
    near = across or [one for one in cells if one not in hidden and (one[0] == row or one[1] == column)]
    return min(near or [one for one in cells if one not in hidden], key=lambda one: (*_dearness(cells[one], one), one))


def _dearness(count: int, place: Place) -> tuple[int, int, int]:
    return place.count(SUM), int(count == 0), count
