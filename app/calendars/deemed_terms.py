"""Owns the terms that exclusion totals and termly meetings count by (domain 3.2). It owns no totals and no meetings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from app.calendars.bank_holidays import easter_monday
from app.calendars.phrases import dated, school_year


@dataclass(frozen=True)
class Term:
    """One stretch of school as the school publishes it: a half-term, or one of six short terms."""

    #: "Autumn 1" where two make a term, "Term 1" where six make a year.
    name: str
    #: First day, training days included.
    first: date
    #: Last day, training days included.
    last: date


@dataclass(frozen=True)
class DeemedTerm:
    """One of the three terms of a year for counting."""

    #: "Autumn 2026/27", or the dates where the regulations deem the term.
    name: str
    #: First day.
    first: date
    #: Last day.
    last: date

    def __contains__(self, on: date) -> bool:
        """Whether the day lies in this term."""
        return self.first <= on <= self.last


def reference_windows(first_year: int, last_year: int) -> tuple[DeemedTerm, ...]:
    """The windows ending on 31 December, Easter Monday and 31 July of each calendar year, in order."""
    windows = []
    for year in range(first_year, last_year + 1):
        easter = easter_monday(year)
        windows.append(_window(date(year, 1, 1), easter))
        windows.append(_window(easter + timedelta(days=1), date(year, 7, 31)))
        windows.append(_window(date(year, 8, 1), date(year, 12, 31)))
    return tuple(windows)


def own_terms(terms: Sequence[Term]) -> tuple[DeemedTerm, ...]:
    """A three-term school's own terms: "Autumn 1" and "Autumn 2" of a year make one."""
    joined = []
    for (name, year), parts in groupby(terms, key=lambda term: (_season(term.name), school_year(term.first))):
        members = list(parts)
        joined.append(DeemedTerm(f"{name} {year}", members[0].first, members[-1].last))
    return tuple(joined)


def _season(name: str) -> str:
    return re.sub(r"\s*\d+$", "", name)


def _window(first: date, last: date) -> DeemedTerm:
    return DeemedTerm(f"{dated(first)}–{dated(last)}", first, last)
