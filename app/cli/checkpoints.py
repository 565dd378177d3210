"""`checkpoint` and `journal`: signing what the journal holds, and giving it to whoever checks it elsewhere."""

from pathlib import Path

import click

from app.cli.installation import data_option, installation, json_option
from app.cli.output import as_json, progress, table
from app.clock import real_now
from app.store import checkpoints
from app.store.db import reading
from app.store.export import export
from app.store.signing import signer


@click.group()
def checkpoint() -> None:
    """Signed checkpoints of the journal: the worker makes one every hour."""


@checkpoint.command()
@data_option
@json_option
def make(data_dir: Path | None, is_json: bool) -> None:
    """Seal what the journal gained since the last checkpoint, now, and publish it."""
    with installation(data_dir) as settings:
        made = checkpoints.make_and_publish(real_now(), settings.checkpoint_file)
        newest = checkpoints.newest(reading())
    if is_json:
        as_json({"made": made.n if made else None, "newest": newest.n if newest else None})
        return
    if made is None:
        click.echo(f"Nothing changed since checkpoint {newest.n}." if newest else "The journal is empty.")
    else:
        click.echo(f"Made checkpoint {made.n} over {made.unsigned.size} streams.")
    if not settings.checkpoint_file:
        progress("It is published nowhere: name a list outside this machine with WAYMARK_CHECKPOINT_FILE.")


@checkpoint.command("list")
@click.option("--last", default=24, show_default=True, type=click.IntRange(min=1), help="At most so many, newest last.")
@data_option
@json_option
def list_checkpoints(last: int, data_dir: Path | None, is_json: bool) -> None:
    """List the last checkpoints, with the log's name and public key: what an auditor writes down on the first day."""
    with installation(data_dir):
        newest = checkpoints.newest(reading())
        found = list(checkpoints.listed(reading(), newest.n - last)) if newest else []
        log, key = signer().log, signer().public_key.hex()
    if is_json:
        rows = [
            {"n": one.n, "at": one.unsigned.at, "size": one.unsigned.size, "root": one.unsigned.root.hex()}
            for one in found
        ]
        as_json({"log": log, "key": key, "checkpoints": rows})
        return
    heads = ("Checkpoint", "Made", "Streams", "Root")
    table(heads, [(one.n, one.unsigned.at.isoformat(), one.unsigned.size, one.unsigned.root.hex()) for one in found])
    click.echo(f"Log {log}, public key {key}")


@click.group()
def journal() -> None:
    """The journal itself."""


@journal.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
@json_option
def export_journal(file: Path, data_dir: Path | None, is_json: bool) -> None:
    """Write the journal to FILE for somebody who checks it elsewhere: `docs/verify_journal.py` reads it.

    It holds entries with their content still encrypted, checkpoints and the public key; no key that opens anything.
    """
    if file.exists():
        raise click.UsageError(f"Expected a new file, but {file} is there.")
    with installation(data_dir), file.open("w", encoding="utf-8") as opened:
        progress("Reading the journal …")
        entries, made = export(reading(), signer(), real_now(), opened)
    if is_json:
        as_json({"file": str(file), "entries": entries, "checkpoints": made})
    else:
        click.echo(f"Wrote {entries} entries and {made} checkpoints to {file}.")
