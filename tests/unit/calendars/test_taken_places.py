"""Places that are taken at one time, and charges by rates that change, worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from app.calendars import reference_calendar
from app.calendars.placement_days import (
    FULL_TIME,
    Rate,
    additional_place_charges,
    quota_place_charges,
    rate_on,
    total,
)
from app.calendars.taken_places import FULL, PART, Stay, halves_of, in_places, taken_at_once

REF_A = reference_calendar("REF-A")
HUNDRED = Rate(date(2026, 9, 1), Decimal(100), Decimal(6210))
DEARER = Rate(date(2026, 11, 16), Decimal("112.50"), Decimal(6400))


def on(day: int, month: int = 11) -> date:
    return date(2026, month, day)


@pytest.mark.parametrize(
    ("stays", "taken"),
    [
        ([], 0),
        ([Stay(on(2), on(27), FULL)], 2),
        ([Stay(on(2), on(6), FULL), Stay(on(9), on(13), FULL)], 2),  # one after the other
        ([Stay(on(2), on(9), FULL), Stay(on(9), on(13), FULL)], 4),  # both on the 9th
        ([Stay(on(2), on(27), PART), Stay(on(2), on(27), PART), Stay(on(20), on(27), PART)], 3),
        ([Stay(on(1, 10), on(1), FULL), Stay(on(28), on(30), FULL)], 0),  # before and after
    ],
)
def test_places_are_counted_on_the_fullest_day(stays: list[Stay], taken: int) -> None:
    assert taken_at_once(stays, on(2), on(27)) == taken


def test_ten_sessions_are_a_place_and_fewer_are_half_of_one() -> None:
    assert [halves_of(number) for number in (10, 9, 1)] == [FULL, PART, PART]
    assert [in_places(number) for number in (0, 1, 2, 5, 50)] == ["0", "½", "1", "2½", "25"]


def test_a_new_rate_holds_from_its_first_day_on_and_for_no_day_before() -> None:
    # Mon 2 to Fri 13 November: 10 days at 100.00; Mon 16 to Fri 27 November: 10 days at 112.50
    charges = additional_place_charges(on(2), on(27), REF_A, FULL_TIME, (DEARER, HUNDRED))

    assert [(one.days, one.rate, one.cost) for one in charges] == [
        (Decimal(10), Decimal(100), Decimal("1000.00")),
        (Decimal(10), Decimal("112.50"), Decimal("1125.00")),
    ]
    assert total(charges) == Decimal("2125.00")


def test_the_first_rate_holds_before_its_first_day_and_there_must_be_one() -> None:
    assert rate_on(date(2026, 8, 31), (HUNDRED, DEARER)) == HUNDRED
    assert rate_on(on(15), (HUNDRED, DEARER)) == HUNDRED
    assert rate_on(on(16), (HUNDRED, DEARER)) == DEARER
    with pytest.raises(ValueError, match="at least one rate"):
        rate_on(on(2), ())


def test_a_day_on_which_the_centre_is_closed_is_not_charged() -> None:
    # Fri 4 December 2026 is a training day: four days of that week are left
    [charge] = additional_place_charges(on(30), on(4, 12), REF_A, FULL_TIME, (HUNDRED,))

    assert (charge.days, charge.cost) == (Decimal(4), Decimal("400.00"))


def test_a_quota_place_is_charged_its_share_of_each_yearly_sum() -> None:
    # Mon 2 to Fri 27 November, mornings only: 20 half days are 10 days of 190, each line rounded half up:
    # 6,210 * 10 / 190 = 326.842…; 1,075 * 10 / 190 = 56.578…
    mornings = {weekday: Decimal("0.5") for weekday in range(5)}
    charges = quota_place_charges(on(2), on(27), REF_A, mornings, (Decimal(6210), Decimal(1075), Decimal(0)))

    assert [one.cost for one in charges] == [Decimal("326.84"), Decimal("56.58"), Decimal("0.00")]
    assert {one.days for one in charges} == {Decimal(10)}
    assert total(charges) == Decimal("383.42")
