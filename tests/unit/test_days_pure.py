"""What a day says about dates, days out of school, bars and cells: worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.calendars import reference_calendar
from app.casework.days.clock import left
from app.casework.days.suspensions import add_up
from app.store.queries.excluded import ExclusionLine
from app.web.bars import Bar, svg
from app.web.spreadsheet import safe, written

#: half-term 26 to 30 October, training day 4 December, last day of term 18 December 2026
CALENDAR = reference_calendar("REF-A")


@pytest.mark.parametrize(
    ("on", "today", "words", "state"),
    [
        (date(2026, 11, 2), date(2026, 11, 2), "Due today", "today"),
        (date(2026, 11, 3), date(2026, 11, 2), "1 school day left", "soon"),
        (date(2026, 11, 10), date(2026, 11, 2), "6 school days left", "later"),
        (date(2026, 11, 2), date(2026, 10, 22), "1 school day left", "soon"),
        (date(2026, 10, 28), date(2026, 10, 24), "Due before the next school day", "soon"),
        (date(2026, 11, 2), date(2026, 11, 4), "Late by 2 school days", "overdue"),
        (date(2026, 12, 18), date(2026, 12, 20), "Late, with no school day since", "overdue"),
    ],
)
def test_days_left_are_school_days_of_that_school(on: date, today: date, words: str, state: str) -> None:
    found = left(on, today, CALENDAR)
    assert (found.words, found.state) == (words, state)


def excluded(pupil: str, first: str, days: float | None, kind: str = "suspension", outcome: str = "") -> ExclusionLine:
    known = {"kind": kind, "first_day_on": first, "days": days, "board_outcome": outcome or None}
    return ExclusionLine(f"T-{pupil}-{first}", pupil, pupil.title(), "beacon", known)


def test_days_out_count_in_their_own_term_and_a_cancelled_exclusion_does_not_count() -> None:
    lines = [
        excluded("ada", "2026-09-14", 4.5),
        excluded("ada", "2026-11-09", 6),
        excluded("ben", "2026-11-09", 0.5, "lunchtime"),
        excluded("cem", "2026-11-09", 9, outcome="cancelled"),
        excluded("dov", "2026-11-09", None, "permanent"),
    ]
    autumn = add_up(lines, CALENDAR, date(2026, 11, 20))
    assert (autumn.number, autumn.permanent, autumn.year_days) == (3, 1, Decimal("11.0"))
    assert [(one.name, one.term_days, one.words) for one in autumn.pupils] == [
        ("Ada", Decimal("10.5"), "10 days or more this term"),
        ("Ben", Decimal("0.5"), ""),
    ]
    spring = add_up([*lines, excluded("ada", "2027-01-11", 20)], CALENDAR, date(2027, 2, 1))
    first = spring.pupils[0]
    assert (first.term_days, first.words) == (Decimal(20), "15 days or more this term; 30 days or more this year")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "＝", " =", "\n"])
def test_no_text_becomes_a_formula(begins: str) -> None:
    assert safe(f"{begins}HYPERLINK(1)").startswith("'")


def test_a_file_is_utf_8_with_a_mark_and_quotes_what_it_must() -> None:
    lines = ((f"Zoë {n}", "a, b", None, date(2026, 11, 2), -1) for n in range(250))
    parts = list(written(("Name", "What", "None", "On", "How many"), lines))
    text = "".join(parts)
    assert len(parts) == 3
    assert text.startswith("\ufeffName,What,None,On,How many\r\n")
    assert text.splitlines()[1] == 'Zoë 0,"a, b",,2026-11-02,-1'
    assert len(text.splitlines()) == 251


def test_bars_say_in_words_what_they_draw_and_hide_what_is_hidden() -> None:
    drawn = svg("Open <cases>", [Bar("Fair access & more", 1_200), Bar("Forum", None), Bar("None", 0)], "k")
    assert "Fair access &amp; more: 1,200; Forum: hidden; None: 0." in drawn
    assert "Open &lt;cases&gt;" in drawn
    assert "style=" not in drawn
    assert drawn.count('fill="#1b4559"') == 1
