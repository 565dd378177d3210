"""The page of one's day, the lists that its numbers open, and those lists as spreadsheets."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, url_for

from app.casework.days import lists
from app.casework.days.day import Shown, bounds, day, number_of
from app.casework.days.lists import Row
from app.casework.days.section import Number
from app.clock import local_date
from app.store.queries.matters import is_key
from app.web.bars import Bar, svg
from app.web.formatting import due_words
from app.web.reader import case_clock, reader
from app.web.spreadsheet import Cell, spreadsheet

pages = Blueprint("days", __name__, url_prefix="/day")

_HEAD = ("Reference", "Pupil", "School", "Process", "What", "Due", "Time left", "Open since")


@pages.app_template_global()
def bars(group: Shown, key: str) -> str:
    """The bars of a group of numbers."""
    return svg(group.title, [Bar(one.number.text, one.count) for one in group.numbers], key)


@pages.get("")
def show() -> str:
    """The day of whoever is signed in."""
    return render_template("days/show.html", day=day(reader(), case_clock().today()))


@pages.get("/<section>/<number>")
def lines(section: str, number: str) -> str:
    """The list behind one number."""
    of, asked, who = number_of(reader(), section, number)
    found, after = lists.rows(bounds(who), asked, of, who, case_clock().today(), _after(asked))
    following = url_for("days.lines", section=section, number=number, after="~".join(after)) if after else None
    return render_template(
        "days/lines.html",
        section=of,
        number=asked,
        rows=found,
        following=following,
        is_first=not request.args.get("after"),
    )


@pages.get("/<section>/<number>.csv")
def export(section: str, number: str) -> Response:
    """The whole list behind one number, with the columns of its page."""
    of, asked, who = number_of(reader(), section, number)
    found = lists.every_row(bounds(who), asked, of, who, case_clock().today())
    return spreadsheet(f"{section}-{number}", f"list/{section}/{number}", "", _HEAD, _cells(found))


def _cells(found: Iterator[Row]) -> Iterator[tuple[Cell, ...]]:
    today = case_clock().today()
    for row in found:
        line = row.line
        words = f"Done {line.late_days} days late" if line.late_days else row.left.words if row.left else ""
        words = words or (due_words(line.on, today) if line.on else "")
        since = local_date(line.since)
        yield line.reference, line.pupil_name, row.school, line.process, line.name, line.on, words, since


def _after(asked: Number) -> tuple[str, str] | None:
    """Where the page begins; a text that cannot be read begins at the start."""
    value, tilde, line_id = request.args.get("after", "")[:200].replace("\0", "").rpartition("~")
    return (value, line_id) if tilde and is_key(asked.wanted, value) else None
