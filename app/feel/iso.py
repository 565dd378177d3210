"""Dates, times and durations as ISO 8601 text, both ways. No calculation."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.clock import LONDON
from app.feel.values import Months, Value

_DATE = re.compile(r"(-?[0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2}|@[A-Za-z_/+-]+)?")
_DAYS = re.compile(
    r"(-)?P(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,12})(?:\.([0-9]{1,9}))?S)?)?"
)
_MONTHS = re.compile(r"(-)?P(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?")

#: the named zones an expression may use; loaded once, so that evaluating opens no file
ZONES: dict[str, tzinfo] = {
    "Europe/London": LONDON,
    "UTC": UTC,
    "Etc/UTC": UTC,
    **{name: ZoneInfo(name) for name in ("Europe/Dublin", "Europe/Paris", "Europe/Berlin", "America/New_York")},
}
_SECONDS_A_DAY = 86_400


def parse_date(text: str) -> date | None:
    """The date in `2026-11-02`, or null."""
    found = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """The time in `09:00:00`, with optional fraction and offset or zone, or null."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction, zone = found.groups()
    try:
        zone_of_time = parse_zone(zone) if zone else None
        return time(int(hour), int(minute), int(second), int(((fraction or "") + "000000")[:6]), zone_of_time)
    except ValueError:
        return None


def parse_zone(text: str) -> tzinfo:
    """A zone from `Z`, `+01:00` or `@Europe/London`. Raises: ValueError."""
    if text == "Z":
        return UTC
    if text.startswith("@"):
        if text[1:] not in ZONES:
            raise ValueError(text)
        return ZONES[text[1:]]
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def parse_date_and_time(text: str) -> datetime | None:
    """The moment in `2026-11-02T09:00:00Z`; a date alone is its midnight; else null."""
    day_text, letter, time_text = text.partition("T")
    day = parse_date(day_text)
    at = parse_time(time_text) if letter else time()
    return datetime.combine(day, at) if day is not None and at is not None else None


def parse_duration(text: str) -> timedelta | Months | None:
    """The duration in `P3D`, `PT2H` or `P1Y6M`, or null; the two kinds do not mix (DMN 10.3.2.3)."""
    if text.endswith(("P", "T")):
        return None
    found = _MONTHS.fullmatch(text)
    if found:
        sign = -1 if found[1] else 1
        return Months(sign * (int(found[2] or 0) * 12 + int(found[3] or 0)))
    found = _DAYS.fullmatch(text)
    if not found:
        return None
    minus, days, hours, minutes, seconds, fraction = found.groups()
    try:
        length = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=int(((fraction or "") + "000000")[:6]),
        )
    except OverflowError:
        return None
    return -length if minus else length


def parse_any(text: str) -> Value:
    """What `@"..."` means: a date, a moment, a time or a duration, or null."""
    return parse_date(text) or _not_none(parse_time(text), text)


def _not_none(found: time | None, text: str) -> Value:
    if found is not None:
        return found
    if "T" in text and text[:1] != "P" and text[:2] != "-P":
        return parse_date_and_time(text)
    return parse_duration(text)


def number_text(number: Decimal) -> str:
    """A number without exponent and without needless zeros."""
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def text_of(value: date | time | datetime | timedelta | Months) -> str:
    """The FEEL text of a date, time, moment or duration."""
    if isinstance(value, Months):
        return _months_text(value.count)
    if isinstance(value, timedelta):
        return _days_text(value)
    if isinstance(value, datetime):
        return f"{value.date().isoformat()}T{_time_text(value.timetz(), value.utcoffset())}"
    if isinstance(value, time):
        return _time_text(value, value.utcoffset())
    return value.isoformat()


def _time_text(value: time, offset: timedelta | None) -> str:
    text = value.replace(tzinfo=None, microsecond=0).isoformat()
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    zone = value.tzinfo
    if zone is None:
        return text
    if isinstance(zone, ZoneInfo):
        return f"{text}@{zone.key}"
    seconds = round((offset or timedelta()).total_seconds())
    if seconds == 0:
        return f"{text}Z"
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{text}{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"


def _months_text(count: int) -> str:
    years, months = divmod(abs(count), 12)
    parts = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-" if count < 0 else "") + "P" + parts


def _days_text(length: timedelta) -> str:
    size = abs(length)
    hours, rest = divmod(size.seconds, 3_600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{size.microseconds:06}".rstrip("0") if size.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    days = f"{size.days}D" if size.days else ""
    sign = "-" if length < timedelta() else ""
    return f"{sign}P{days}T{clock}" if clock else f"{sign}P{days or '0D'}" if days else "PT0S"
