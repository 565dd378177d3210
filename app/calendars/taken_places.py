"""Owns how many places are taken at one time, counted in halves. It knows no centre, no pupil and no cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: a full-time place in halves, and a part-time one
FULL, PART = 2, 1
#: sessions of a full week
ALL_WEEK = 10


@dataclass(frozen=True)
class Stay:
    """One place from its first to its last day."""

    #: first day
    first: date
    #: last day, included
    last: date
    #: halves of a place
    halves: int


def halves_of(sessions: int) -> int:
    """A place for every session of the week is a whole one; one for fewer counts as half."""
    return FULL if sessions >= ALL_WEEK else PART


def taken_at_once(stays: Iterable[Stay], first: date, last: date) -> int:
    """The most halves that are taken on any one day from `first` to `last`."""
    near = [one for one in stays if one.first <= last and first <= one.last]
    days = {first, *(one.first for one in near if first <= one.first)}
    return max((sum(one.halves for one in near if one.first <= day <= one.last) for day in days), default=0)


def in_places(halves: int) -> str:
    """ "3", "2½", "½": halves as people say them."""
    whole, half = divmod(halves, FULL)
    return f"{whole or ''}½" if half else str(whole)
