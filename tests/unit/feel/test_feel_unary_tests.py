"""Cells of decision tables: what they match, what they do not, and what null does."""

from decimal import Decimal
from typing import Any

import pytest

from app.feel import FeelClock, compile_unary_tests, from_json, scope_from_json


@pytest.mark.parametrize(
    ("source", "value", "matches"),
    [
        ("-", "a", True),
        ("-", None, True),
        ("", "a", True),
        ('"a"', "a", True),
        ('"a"', "b", False),
        ('"a"', None, False),
        ('"a"', 1, False),
        ('"a", "b"', "b", True),
        ('"a", "b"', "c", False),
        ('not("a")', "b", True),
        ('not("a")', "a", False),
        ('not("a")', None, True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("not(< 5)", 6, True),
        ("not(< 5)", 4, False),
        ("not(< 5)", None, False),
        ("not([1..5])", 6, True),
        ("not(null)", "a", True),
        ("not(null)", None, False),
        ("5", 5, True),
        ("5", 5.0, True),
        ("-5", -5, True),
        ("< 5", 4, True),
        ("< 5", 5, False),
        ("<= 5", 5, True),
        ("> 5", 6, True),
        (">= 5", 4, False),
        ("= 5", 5, True),
        ("!= 5", 4, True),
        ("< 5", None, False),
        ("< 5", "a", False),
        ("< 2, > 8", 9, True),
        ("< 2, > 8", 5, False),
        ("[1..5]", 1, True),
        ("[1..5]", 5, True),
        ("]1..5[", 1, False),
        ("]1..5[", 5, False),
        ("]1..5[", 3, True),
        ("(1..5)", 5, False),
        ("]1..5]", 5, True),
        ("[1..5[", 1, True),
        ("[1..3], [7..9]", 8, True),
        ("[1..5]", None, False),
        ("[1..limit]", 3, True),
        ('["a".."c"]', "b", True),
        ("true", True, True),
        ("true", False, False),
        ("false", False, True),
        ("true", None, False),
        ("null", None, True),
        ("null", "a", False),
        ("limit", 4, True),
        ("limit + 1", 5, True),
        ("< limit", 3, True),
        ("team", "inclusion", True),
        ("team", "school", False),
        ("? > 3 and ? < 9", 5, True),
        ("? > 3 and ? < 9", 9, False),
        ("? in (1, 3)", 3, True),
        ("3 < ?", 4, True),
        ('starts with(?, "SE")', "SEMH", True),
        ('starts with(?, "SE")', "MLD", False),
        ('not(starts with(?, "SE"))', "MLD", True),
        ("even(?)", 4, True),
        ('contains(?, "x"), "b"', "b", True),
        ("limit > 3", "anything", True),
        ("limit > 4", "anything", False),
        ("limit > 3", False, False),
        ("limit > 3", True, True),
        ("[1, 2, 3]", 2, True),
        ("[1, 2, 3]", 4, False),
    ],
)
def test_a_cell_matches_what_it_says(source: str, value: Any, matches: bool, clock: FeelClock) -> None:
    scope = scope_from_json({"limit": 4, "team": ["inclusion", "send"]}, {})

    assert compile_unary_tests(source).matches(from_json(value), scope, clock) is matches


@pytest.mark.parametrize(
    ("source", "day", "matches"),
    [
        ('date("2026-11-02")', "2026-11-02", True),
        ('@"2026-11-02"', "2026-11-02", True),
        ('< date("2026-11-02")', "2026-11-01", True),
        ('>= date("2026-11-02")', "2026-11-01", False),
        ('[date("2026-09-01")..date("2026-12-18")]', "2026-11-02", True),
        ('[date("2026-09-01")..date("2026-12-18")]', "2026-12-19", False),
        ("< today()", "2026-11-01", True),
        ("today()", "2026-11-02", True),
        ('? + duration("P1W")', "2026-11-02", False),
        ('? + duration("P7D") > today()', "2026-10-27", True),
        ("?.weekday = 1", "2026-11-02", True),
    ],
)
def test_a_cell_compares_dates(source: str, day: str, matches: bool, clock: FeelClock) -> None:
    assert compile_unary_tests(source).matches(from_json(day, "date"), {}, clock) is matches


def test_a_cell_says_what_it_reads() -> None:
    tests = compile_unary_tests("? > limit, lowest, today()")

    assert tests.names == {"limit", "lowest"}
    assert tests.calls == {"today"}


def test_a_number_matches_whatever_way_it_is_written(clock: FeelClock) -> None:
    assert compile_unary_tests("1.50").matches(Decimal("1.5"), {}, clock)
