"""Dates and times as people type them. Which dates a question takes is in `date_rules`."""

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime, time

from app.clock import LONDON

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
PARTS = ("day", "month", "year")
_MONTHS = {
    name: number
    for number, full in enumerate(calendar.month_name)
    if full
    for name in {full.lower(), full[:3].lower(), full[:4].lower()}
}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::([0-9]{2}))? ?(am|pm)?", re.IGNORECASE)


class UnreadableDate(ValueError):
    """What was typed is no date; the argument says why: missing parts, "year" (two digits), "real"."""


def read_date(parts: Mapping[str, str]) -> date:
    """The date in three boxes, or in one of them as a whole. Raises: UnreadableDate."""
    typed = [parts.get(name, "").strip() for name in PARTS]
    if len([each for each in typed if each]) == 1 and len(whole := _split("".join(typed))) == 3:
        typed = whole
    absent = [name for name, value in zip(PARTS, typed, strict=True) if not value]
    if absent:
        raise UnreadableDate(" and ".join(absent))
    on, month, year = typed
    if re.fullmatch(r"[0-9]{1,3}", year):
        raise UnreadableDate("four digits")
    number = _MONTHS.get(month.lower().rstrip("."), month)
    try:
        if not all(re.fullmatch(r"[0-9]{1,4}", str(each)) for each in (on, number, year)):
            raise UnreadableDate("real")
        if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
            raise UnreadableDate("real")
        return date(int(year), int(number), int(on))
    except ValueError as trouble:
        raise UnreadableDate("real") from trouble


def _split(text: str) -> list[str]:
    if iso := _ISO.fullmatch(text):
        return [iso[3], iso[2], iso[1]]
    return re.split(r"[ /.\-]+", text)


def read_time(written: str) -> time:
    """“14:30”, “2.30pm”, “9am”. Raises: UnreadableDate."""
    found = _TIME.fullmatch(written.strip())
    if not found or not (found[2] or found[4]):
        raise UnreadableDate("time")
    hour, half = int(found[1]), (found[4] or "").lower()
    if half and not 1 <= hour <= 12:
        raise UnreadableDate("time")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0))
    except ValueError as trouble:
        raise UnreadableDate("time") from trouble


def moment(on: date, at: time) -> datetime:
    """A local date and time, with its zone."""
    return datetime.combine(on, at, LONDON)


def years_before(on: date, years: int) -> date:
    """The same day of the year, or 28 February."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def year_group(born: date, today: date) -> str:
    """The year group of this school year by age on 31 August before it: "N1", "N2", "R", "1" to "14"."""
    starts = today.year if today.month >= 9 else today.year - 1
    age = starts - born.year - ((born.month, born.day) > (8, 31))
    group = age - 4
    return {-2: "N1", -1: "N2", 0: "R"}.get(group, str(group))
