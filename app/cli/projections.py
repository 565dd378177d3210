"""`projection`: making the tables that pages read from the journal again, or checking them against it."""

from pathlib import Path

import click

from app.cases import rebuilding
from app.cli.installation import data_option, installation, json_option
from app.cli.output import as_json, problems_found, progress, table


@click.group()
def projection() -> None:
    """The tables that pages read, made from the journal."""


@projection.command()
@click.option("--check", is_flag=True, help="Change nothing; say which rows differ. Exit 1 where any does.")
@data_option
@json_option
def rebuild(check: bool, data_dir: Path | None, is_json: bool) -> None:
    """Make every projection again from the journal, in one transaction."""
    with installation(data_dir):
        progress("Reading the journal …")
        differences = rebuilding.check() if check else []
        entries = 0 if check else rebuilding.rebuild()
    if is_json:
        found = [{"table": one.table, "key": one.key, "sentence": one.sentence} for one in differences]
        as_json({"differences": found} if check else {"entries": entries})
    elif check:
        table(("Table", "Row", "What differs"), [(one.table, one.key, one.sentence) for one in differences])
        click.echo(f"{len(differences)} rows differ." if differences else "Every row is as the journal says.")
    else:
        click.echo(f"Rebuilt from {entries} entries.")
    if differences:
        problems_found()
