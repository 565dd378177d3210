"""The dates of a series for other calendars (RFC 5545), at an address that is hard to guess and names nobody.

Deadlines of papers stand beside the meetings; cases, pupils, chairs and members never do. ADR 0055.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from secrets import compare_digest

from app.calendars import instant
from app.errors import NotFound
from app.store.db import reading
from app.store.queries import meetings
from app.store.queries.meetings import MeetingRow, SeriesRow

#: dates of so many days back stay in the feed
BACK = timedelta(days=120)
#: a line has at most so many octets (RFC 5545, 3.1)
LONGEST_LINE = 75


def calendar_at(token: str, today: date, now: datetime) -> str:
    """The feed of the series with this token. Raises NotFound."""
    found = next((one for one in meetings.every_series(reading()) if _is_at(one, token)), None)
    if found is None:
        raise NotFound
    held = meetings.of_series(reading(), found.id, today - BACK)
    return "".join(f"{_folded(line)}\r\n" for line in _lines(found, held, now))


def _is_at(series: SeriesRow, token: str) -> bool:
    return compare_digest(str(series.record["feed"]).encode(), token.encode())


def _lines(series: SeriesRow, held: list[MeetingRow], now: datetime) -> Iterator[str]:
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Waymark//Meetings//EN",
        f"X-WR-CALNAME:{_text(series.name)}",
    )
    for one in held:
        yield from _meeting(one, now)
        if one.status == "planned":
            yield from _papers(one, now)
    yield "END:VCALENDAR"


def _meeting(one: MeetingRow, now: datetime) -> Iterator[str]:
    begins = instant(one.held_on, time.fromisoformat(one.record["begins"]))
    yield from ("BEGIN:VEVENT", f"UID:{one.id}@waymark", f"DTSTAMP:{_moment(now)}", f"SEQUENCE:{one.seq}")
    yield f"DTSTART:{_moment(begins)}"
    yield f"DTEND:{_moment(begins + timedelta(minutes=one.record['minutes']))}"
    yield f"SUMMARY:{_text(one.name)}"
    yield f"LOCATION:{_text(one.record['place'])}"
    yield f"STATUS:{_status(one)}"
    yield "END:VEVENT"


def _papers(one: MeetingRow, now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{one.id}-papers@waymark", f"DTSTAMP:{_moment(now)}", f"SEQUENCE:{one.seq}")
    yield f"DTSTART;VALUE=DATE:{one.papers_on:%Y%m%d}"
    yield f"SUMMARY:{_text(f'Papers due: {one.name}')}"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")


def _status(one: MeetingRow) -> str:
    if one.status == "cancelled":
        return "CANCELLED"
    return "TENTATIVE" if one.record["is_provisional"] else "CONFIRMED"


def _moment(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Escaped as RFC 5545, 3.3.11 asks."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        words = words.replace(plain, escaped)
    return words


def _folded(line: str) -> str:
    """At most 75 octets a line, never cut inside a letter; what follows begins with a space."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts)
