"""Lists as CSV files on their way out: streamed, safe to open in a spreadsheet, recorded. What they hold: `pages`."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask import Response, stream_with_context

from app.store import reads
from app.web.reader import case_clock, reader

#: a spreadsheet takes a text that begins so for a formula, and runs it
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: spreadsheets read a file as UTF-8 only where it begins so
_BOM = "\ufeff"
#: lines sent together
_BATCH = 100
#: what the log of reads calls it
EXPORT = "export_list"

Cell = str | int | date | None


def spreadsheet(
    name: str, subject: str, purpose: str, head: Sequence[str], lines: Iterable[Sequence[Cell]]
) -> Response:
    """A download of a list; that it was taken is recorded before its first line leaves."""
    reads.record(reader().id, EXPORT, subject, "allowed", purpose)
    file_name = f"{name}-{case_clock().today().isoformat()}.csv"
    return Response(
        stream_with_context(written(head, lines)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def written(head: Sequence[str], lines: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file, a few lines at a time."""
    buffer = io.StringIO(_BOM)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(head)
    for number, line in enumerate(lines, 1):
        writer.writerow([safe(cell) for cell in line])
        if number % _BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def safe(cell: Cell) -> str:
    """What a cell says, so that no spreadsheet runs it; days as 2026-11-30, which every spreadsheet sorts."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return str(cell)
    text = cell.replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
