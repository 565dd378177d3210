"""Counts of open cases for boards and leads, as a table, as bars and as a spreadsheet. Small numbers are hidden."""

from flask import Blueprint, Response, render_template

from app.access.small_numbers import MARK
from app.casework import counts
from app.web.bars import Bar, svg
from app.web.reader import reader
from app.web.spreadsheet import spreadsheet

pages = Blueprint("counts", __name__)


@pages.get("/figures")
def show() -> str:
    """The figures of the reader's area."""
    found = counts.counts(reader())
    drawn = svg(
        "Open cases by process",
        [Bar(name, count) for name, count in zip(found.processes, found.whole.counts, strict=False)],
        "processes",
    )
    return render_template("counts/show.html", found=found, drawn=drawn, mark=MARK)


@pages.get("/figures.csv")
def export() -> Response:
    """The same table."""
    found = counts.counts(reader())
    lines = [
        (line.name, *(MARK if one is None else one for one in line.counts)) for line in (*found.lines, found.whole)
    ]
    head = ("Part", *found.processes, "All processes")
    return spreadsheet("figures", "list/figures", "", head, lines)
