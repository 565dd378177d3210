"""How results are printed: tables on a terminal, plain lines elsewhere, JSON where asked for; progress on stderr."""

import json
from collections.abc import Iterable, Sequence
from datetime import date

import click
from rich.console import Console
from rich.table import Table

#: exit code where problems were found
PROBLEMS = 1


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows under their heads: drawn on a terminal, else one line each with tabs between."""
    shown = [["" if cell is None else str(cell) for cell in row] for row in rows]
    console = Console(highlight=False)
    if not console.is_terminal:
        for row in [list(heads), *shown] if shown else []:
            click.echo("\t".join(" ".join(cell.split()) for cell in row))
        return
    drawn = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for row in shown:
        drawn.add_row(*row)
    console.print(drawn)


def as_json(value: object) -> None:
    """One JSON document; dates and moments as ISO text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_iso))


def progress(sentence: str) -> None:
    """Something to know while waiting."""
    click.echo(sentence, err=True)


def problems_found() -> None:
    """End with the exit code that says so."""
    raise click.exceptions.Exit(PROBLEMS)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"Expected a date or a moment, but got {value!r}")
