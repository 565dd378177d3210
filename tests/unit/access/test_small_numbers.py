"""Small numbers: what is hidden cannot be found by adding and subtracting what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.small_numbers import LARGEST_SMALL, safe_table

Shown = tuple[tuple[int | None, ...], ...]
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=3)
)


def whole(inner: Sequence[Sequence[int]]) -> Shown:
    """A table with its sums."""
    rows = [(*row, sum(row)) for row in inner]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def others(shown: Shown, most: int) -> Iterator[Shown]:
    """Every table of counts up to `most` that looks like this one. Found by trying, not by the way it was hidden."""
    height, width = len(shown) - 1, len(shown[0]) - 1
    choices = [range(most + 1) if shown[i][j] is None else [shown[i][j]] for i in range(height) for j in range(width)]
    for flat in product(*choices):
        found = whole([flat[i * width : (i + 1) * width] for i in range(height)])
        if all(
            one is None or one == two for rows in zip(shown, found, strict=True) for one, two in zip(*rows, strict=True)
        ):
            yield found


def test_counts_of_one_to_five_are_hidden_and_nothing_and_larger_ones_are_shown() -> None:
    assert safe_table([[0, 12], [9, 7]]).rows == whole([[0, 12], [9, 7]])
    assert safe_table([[0, 12], [9, 7]]).is_whole
    shown = safe_table([[3, 12, 4], [20, 30, 40], [2, 15, 1]])
    assert [shown.rows[i][j] for i, j in ((0, 0), (0, 2), (2, 0), (2, 2))] == [None] * 4


def test_one_small_number_takes_three_others_with_it_that_its_sums_would_give_away() -> None:
    rows = safe_table([[3, 12, 40], [20, 14, 50], [60, 70, 80]]).rows
    assert [[one is None for one in row[:3]] for row in rows[:3]] == [
        [True, True, False],
        [True, True, False],
        [False, False, False],
    ]
    assert rows[-1][-1] == 349


def test_a_table_of_one_count_hides_its_sum_too() -> None:
    assert safe_table([[4]]).rows == ((None, None), (None, None))
    assert safe_table([]).rows == ((0,),)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TABLES)
def test_no_hidden_cell_can_be_worked_out_from_what_is_shown(inner: list[list[int]]) -> None:
    # given
    shown, true = safe_table(inner).rows, whole(inner)
    hidden = {(i, j) for i, row in enumerate(shown) for j, one in enumerate(row) if one is None}
    # when: every table that looks the same is tried, until each hidden cell was seen to be something else
    undecided = set(hidden)
    if len([place for place in hidden if place[0] < len(inner) and place[1] < len(inner[0])]) <= 5:
        for other in others(shown, 14):
            undecided -= {(i, j) for i, j in undecided if other[i][j] != true[i][j]}
            if not undecided:
                break
        # then
        assert undecided == set(), (inner, shown)
    # and nothing small is shown, nothing shown is untrue
    for row, truth in zip(shown, true, strict=True):
        for one, count in zip(row, truth, strict=True):
            assert one == count if one is not None else True
            assert one is None or not 0 < one <= LARGEST_SMALL


@pytest.mark.parametrize("seed", range(20))
def test_large_tables_give_nothing_away_by_rows_and_columns(seed: int) -> None:
    # given a table as large as an authority, most of it small
    random = Random(seed)
    inner = [[random.choice((0, 0, 1, 2, 3, 6, 9, 30)) for _ in range(9)] for _ in range(40)]
    shown, true = safe_table(inner).rows, whole(inner)
    # then no row or column has a single gap that subtraction would fill
    for line in (*shown, *zip(*shown, strict=True)):
        assert sum(one is None for one in line) != 1
    assert all(one in (None, count) for rows in zip(shown, true, strict=True) for one, count in zip(*rows, strict=True))
