"""`bench`: the word of the command line. What is measured is in `measures`."""

from pathlib import Path

import click

from app.bench import page
from app.bench.figures import Row
from app.bench.machine import machine
from app.bench.measures import MEASURES, measured, usual
from app.bench.servers import stopped_in_order
from app.bench.sizes import SIZES
from app.cli.output import as_json, problems_found, progress, table
from app.clock import real_now

_KNOWN = "; ".join(f"{name}: {one.what}" for name, one in MEASURES.items())


@click.command()
@click.option(
    "--rows",
    multiple=True,
    type=click.Choice(list(MEASURES)),
    help=f"Measure only this; may be given more than once. {_KNOWN}.",
)
@click.option(
    "--size",
    type=click.Choice(list(SIZES)),
    default="small",
    show_default=True,
    help="How much of everything: small takes about two minutes, medium ten, full an hour.",
)
@click.option(
    "--database",
    "database_url",
    default="",
    help="A PostgreSQL, postgresql+psycopg://…, to make databases on and drop them again. Without it: SQLite.",
)
@click.option(
    "--charts",
    type=click.Path(file_okay=False, path_type=Path),
    help="Draw growth into this folder, and write the page about it beside the folder.",
)
@click.option("--json", "is_json", is_flag=True, help="Print a list of rows as JSON.")
def bench(rows: tuple[str, ...], size: str, database_url: str, charts: Path | None, is_json: bool) -> None:
    """Measure what Waymark costs over real HTTP, each figure beside its budget; exit 1 where one is missed.

    It makes an installation of its own, starts the program as `run` does, and removes both again. Seconds belong to the
    machine and to what else it does; ratios count.
    """
    names = _chosen(rows, database_url)
    where, began = machine(), real_now()
    progress(f"On {where.sentence}. {size.capitalize()}: {', '.join(names)}.")
    with stopped_in_order():
        found = list(measured(database_url, SIZES[size], names, progress))
    if charts is not None:
        page.write(charts, page.Run(tuple(found), where, began, size, "postgresql" if database_url else "sqlite"))
    if is_json:
        as_json([one.to_json() for one in found])
    else:
        heads = ("What", "Value", "Unit", "Budget", "")
        table(
            heads,
            [
                (
                    one.row,
                    f"{one.value:,g}" if one.value < 1e4 else f"{one.value:,.0f}",
                    one.unit,
                    one.promise,
                    _verdict(one),
                )
                for one in found
            ],
        )
    if not all(one.ok for one in found):
        problems_found()


def _chosen(rows: tuple[str, ...], database_url: str) -> list[str]:
    """In the order of the list. Raises UsageError for what cannot be measured there."""
    possible = usual(database_url)
    if impossible := [one for one in rows if one not in possible]:
        raise click.UsageError(f"Expected --database with {impossible[0]}: it needs a PostgreSQL.")
    return [one for one in possible if one in rows or not rows]


def _verdict(one: Row) -> str:
    if one.budget is None:
        return ""
    return "ok" if one.ok else "MISSED"
