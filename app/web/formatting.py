"""How dates, states and people are written on pages: filters and globals of the templates."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Flask, url_for
from markupsafe import Markup, escape

from app.access.roles import ROLES
from app.calendars.taken_places import in_places
from app.clock import LONDON, local_date
from app.store.queries.work import SOON_DAYS


def day(value: date | datetime | None) -> str:
    """“Mon 7 March 2027”, or nothing."""
    if value is None:
        return ""
    on = local_date(value) if isinstance(value, datetime) else value
    return f"{on:%a} {on.day} {on:%B %Y}"


def short_day(value: date | datetime | None) -> str:
    """“7 Mar 2027”, for tables and lists."""
    if value is None:
        return ""
    on = local_date(value) if isinstance(value, datetime) else value
    return f"{on.day} {on:%b %Y}"


def moment(value: datetime | None) -> str:
    """“Mon 7 March 2027 at 14:05”, in England."""
    if value is None:
        return ""
    return f"{day(value)} at {value.astimezone(LONDON):%H:%M}"


def due_words(on: date | None, today: date) -> str:
    """“Overdue by 3 days”, “Due today”, “Due tomorrow”, “Due Mon 7 March 2027”."""
    if on is None:
        return "No due date"
    days = (on - today).days
    if days < 0:
        return f"Overdue by {-days} {'day' if days == -1 else 'days'}"
    return {0: "Due today", 1: "Due tomorrow"}.get(days, f"Due {day(on)}")


def due_state(on: date | None, today: date) -> str:
    """The modifier of `wm-due` and `wm-card`: overdue, today, soon, later."""
    if on is None:
        return "later"
    days = (on - today).days
    return "overdue" if days < 0 else "today" if days == 0 else "soon" if days <= SOON_DAYS else "later"


def role_name(code: str | None) -> str:
    """“SENCO” for a role code; several codes are joined by “or”."""
    if not code:
        return "Nobody"
    return " or ".join(ROLES[one].name if one in ROLES else one for one in code.split())


def counted(number: int, one: str, many: str | None = None) -> str:
    """“1 task”, “3 tasks”, “1,000+ tasks”."""
    shown = "1,000+" if number > 1_000 else f"{number:,}"
    return f"{shown} {one if number == 1 else many or one + 's'}"


def file_size(size_bytes: int) -> str:
    """“less than 1 kB”, “340 kB”, “2.4 MB”, “80.6 GB”."""
    if size_bytes < 1_000:
        return "less than 1 kB"
    if size_bytes >= 1_000_000_000:
        return f"{size_bytes / 1_000_000_000:.1f} GB"
    return f"{size_bytes // 1_000} kB" if size_bytes < 1_000_000 else f"{size_bytes / 1_000_000:.1f} MB"


def year_group(code: str) -> str:
    """“Year 4”, “Reception”, “Nursery 1” for the code that a pupil's record has."""
    if code == "R":
        return "Reception"
    return f"Nursery {code[1:]}" if code.startswith("N") else f"Year {code}"


def linked(sentence: str, references: Iterable[str]) -> Markup:
    """A sentence whose references of cases are links; everything else is escaped."""
    written = escape(sentence)
    for one in dict.fromkeys(references):
        address = url_for("cases.show", reference=one)
        link = Markup('<a class="govuk-link" href="{}">{}</a>').format(address, one)
        written = written.replace(escape(one), link)
    return written


def install(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        day=day, short_day=short_day, moment=moment, role_name=role_name, local_date=local_date, file_size=file_size
    )
    app.jinja_env.filters.update(year_group=year_group, linked=linked, places=in_places)
    words: dict[str, Any] = {"due_words": due_words, "due_state": due_state, "counted": counted}
    app.jinja_env.globals.update(words)
