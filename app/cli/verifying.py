"""`case verify`: checking the hash chains of cases, or of everything. `app.store.journal` makes them."""

from pathlib import Path

import click

from app.cli.installation import data_option, installation, json_option
from app.cli.output import as_json, problems_found, progress, table
from app.model.entry import StreamId
from app.store import journal, reads
from app.store.db import reading, snapshot
from app.store.queries import cases


@click.command()
@click.argument("refs", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every stream of the journal, and the log of reads.")
@data_option
@json_option
def verify(refs: tuple[str, ...], everything: bool, data_dir: Path | None, is_json: bool) -> None:
    """Check that no entry was changed, moved or taken out. Needs no keys: erased cases verify too.

    Exit 1 where a chain is broken, with the entry.
    """
    if bool(refs) == everything:
        raise click.UsageError("Name cases, or say --all.")
    with installation(data_dir):
        with snapshot() as moment:
            streams = journal.streams(moment) if everything else [_stream(ref) for ref in refs]
            progress(f"Checking {len(streams)} streams …")
            checked = [(stream, *journal.verify(moment, stream)) for stream in streams]
        broken = [(str(stream), one.seq, one.sentence) for stream, _, breaks in checked for one in breaks]
        for day in reads.days(reading()) if everything else []:
            broken += [(f"reads/{day}", 0, sentence) for sentence in reads.verify(reading(), day)]
    count = sum(entries for _, entries, _ in checked)
    if is_json:
        found = [{"stream": stream, "entry": entry, "sentence": sentence} for stream, entry, sentence in broken]
        as_json({"streams": len(streams), "entries": count, "broken": found})
    else:
        table(("Stream", "Entry", "What is wrong"), broken)
        click.echo(f"{count} entries in {len(streams)} streams: {'the chain is broken' if broken else 'all hold'}.")
    if broken:
        problems_found()


def _stream(ref: str) -> StreamId:
    found = cases.by_reference(reading(), ref)
    if found is None:
        raise click.ClickException(f"Expected the reference or id of a case, but there is none for {ref}.")
    return StreamId("case", found.id)
