"""`projection`: making the tables that pages read from the journal again, or checking them against it."""

from pathlib import Path

import click

from app.cases import damage, rebuilding
from app.cases.case_clock import clock
from app.cases.command import Command
from app.cli.installation import data_option, installation, json_option
from app.cli.output import as_json, problems_found, progress, table
from app.model.actor import OPERATOR
from app.store.db import reading
from app.store.queries import cases


@click.group()
def projection() -> None:
    """The tables that pages read, made from the journal."""


@projection.command()
@click.option("--check", is_flag=True, help="Change nothing; say which rows differ. Exit 1 where any does.")
@click.option("--case", "ref", help="Only the rows of one case, by its reference or id.")
@data_option
@json_option
def rebuild(check: bool, ref: str | None, data_dir: Path | None, is_json: bool) -> None:
    """Make every projection again from the journal, in one transaction.

    With --case: what to do where the stored state of a case was damaged. Its incident is resolved by it.
    """
    if ref is not None:
        _rebuild_one(ref, check, data_dir, is_json)
        return
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


def _rebuild_one(ref: str, check: bool, data_dir: Path | None, is_json: bool) -> None:
    if check:
        raise click.UsageError("--check looks at every case. Leave out --case.")
    with installation(data_dir):
        found = cases.by_reference(reading(), ref)
        if found is None:
            raise click.ClickException(f"Expected the reference or id of a case, but there is none for {ref}.")
        entries = damage.rebuild_case(found.id, Command(OPERATOR, clock().now()))
    if is_json:
        as_json({"case": found.reference, "entries": entries})
    else:
        click.echo(f"Rebuilt {found.reference} from {entries} entries.")
