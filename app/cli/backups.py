"""`backup`, `restore` and `verify`: keeping an installation safe and checking that it is. The work: `store.backups`."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask

from app.cases import restoring
from app.cases.case_clock import clock
from app.cases.command import Command
from app.cases.records import write_record
from app.cli.installation import data_option, installation, json_option, settings_for
from app.cli.output import as_json, problems_found, progress, table
from app.clock import real_now
from app.config import Settings
from app.model.actor import OPERATOR
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store import damage, erasures, proof
from app.store.backups import checking, filling, parts, taking
from app.store.backups.filling import NotRestorable
from app.store.backups.taking import Taken
from app.store.db import reading, snapshot
from app.store.open import close_store, open_store
from app.store.proof import Finding
from app.store.signing import signer

HEADS = ("Place", "What does not hold")
DAYS = filling.KEYS_KEPT.days


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@data_option
@json_option
def backup(folder: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Take a backup into FOLDER (else `backups` in the data folder) while people work, and read it back.

    Two files: `.backup` holds the journal, and nothing of a case that can be read without keys; `.keys` the keys and
    unfinished answers. Keep the second apart and no longer than 35 days. Neither holds the files `kek` and `signing`.
    """
    with installation(data_dir) as settings:
        into = folder or settings.data_dir / "backups"
        progress(f"Writing a backup to {into} …")
        taken = taking.take(settings, into, real_now())
        progress("Reading it back …")
        findings = [*checking.check(taken.backup).findings, *checking.check_keys(taken.keys, taken.backup).findings]
        said = _said(taken, findings)
        content: JsonObject = {"value": {**said, "made_at": taken.manifest.made_at}}
        command = Command(OPERATOR, clock().now())
        write_record(StreamId("installation", "last-backup"), "backup-taken", content, command)
    if is_json:
        as_json(said | {"findings": _json(findings)})
    else:
        table(HEADS, [(one.place, one.sentence) for one in findings])
        outcome = "It does not hold: do not rely on it." if findings else "Read back, and all of it holds."
        click.echo(f"{taken.backup}\n{taken.keys}: keep it apart, at most {DAYS} days.")
        click.echo(f"{taken.manifest.entries} entries in {taken.manifest.streams} streams. {outcome}")
    if findings:
        problems_found()


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keys", type=click.Path(dir_okay=False, path_type=Path), help="Copy of the keys; the newest you have.")
@click.option("--erasures", "listed", type=click.Path(dir_okay=False, path_type=Path), help="List of what was erased.")
@click.option("--nothing-erased", is_flag=True, help="There is no list, as nothing was ever erased.")
@data_option
@json_option
def restore(
    file: Path, keys: Path | None, listed: Path | None, nothing_erased: bool, data_dir: Path | None, is_json: bool
) -> None:
    """Restore a backup into an empty installation, and erase again what was erased since it was taken.

    Put `kek` and `signing` from your escrow into the data folder first. Without --keys: the file beside FILE with the
    ending `.keys`. Without --erasures: WAYMARK_ERASURE_FILE, else `erasures.jsonl` in the data folder.
    """
    settings = settings_for(data_dir)
    chosen = keys or file.with_suffix(parts.KEYS)
    try:
        found = _erasures(listed or settings.erasure_path, nothing_erased)
        if not chosen.exists():
            raise NotRestorable(f"Expected a copy of the keys in {chosen}, but it is missing. Name one with --keys.")
        progress(f"Reading {file} …")
        _refuse_damaged(file, chosen)
        manifest = filling.prepare(file, chosen, settings, real_now())
        progress(f"Restoring {manifest.entries} entries and making the tables from them …")
        restored, proved = _restore(file, chosen, found, settings, manifest)
    except NotRestorable as refused:
        raise click.ClickException(str(refused)) from None
    if is_json:
        said = {"entries": manifest.entries, "streams": manifest.streams, "taken": manifest.made_at}
        as_json(said | {"erased_again": list(restored.erased), "findings": _json(proved.findings)})
    else:
        table(HEADS, [(one.place, one.sentence) for one in proved.findings])
        click.echo(f"Restored {manifest.entries} entries in {manifest.streams} streams, as of {manifest.made_at}.")
        click.echo(f"{len(restored.erased)} cases that were erased since were erased again. {proved.sentence}")
    if proved.findings:
        problems_found()


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_option
@json_option
def verify(file: Path | None, data_dir: Path | None, is_json: bool) -> None:
    """Check the whole installation, or the backup FILE: every chain, checkpoint and log of reads, and the list outside.

    Needs no keys. Exit 1 where something does not hold; each line names the place.
    """
    if file is not None:
        progress(f"Reading {file} …")
        read = checking.check(file)
        entries = read.manifest.entries if read.manifest else 0
        findings, sentence = list(read.findings), f"{entries} entries: {'all hold' if read.holds else 'not all hold'}."
    else:
        with installation(data_dir) as settings:
            progress("Reading the journal …")
            proved = _prove(settings)
            damaged = damage.unreadable(reading())
        findings, sentence = [*proved.findings, *map(_damaged, damaged)], proved.sentence
    if is_json:
        as_json({"holds": not findings, "findings": _json(findings)})
    else:
        table(HEADS, [(one.place, one.sentence) for one in findings])
        click.echo(sentence)
    if findings:
        problems_found()


def _restore(
    file: Path, keys: Path, found: list[erasures.Erasure], settings: Settings, manifest: parts.Manifest
) -> tuple[restoring.Restored, proof.Proof]:
    app = open_store(Flask("waymark.restoring"), settings)
    with app.app_context():
        try:
            restored = restoring.restore(file, keys, found, settings, manifest)
            restoring.seal(real_now(), settings)
            _keep_listed(found, settings.erasure_path)
            return restored, proof.check(reading(), signer().log, signer().public_key)
        finally:
            close_store()


def _keep_listed(found: list[erasures.Erasure], path: Path) -> None:
    """The list of this installation goes on where the other one ended."""
    known = {one.stream for one in erasures.read(path)} if path.exists() else set()
    for one in found:
        if one.stream not in known:
            erasures.note(path, one.stream, datetime.fromisoformat(one.at))


def _prove(settings: Settings) -> proof.Proof:
    published = Path(settings.checkpoint_file) if settings.checkpoint_file else None
    with snapshot() as moment:
        return proof.check(moment, signer().log, signer().public_key, published)


def _refuse_damaged(file: Path, keys: Path) -> None:
    for read in (checking.check(file), checking.check_keys(keys, file)):
        if read.findings:
            one = read.findings[0]
            raise NotRestorable(f"Expected a backup that holds, but {one.place}: {one.sentence}")


def _erasures(path: Path, nothing_erased: bool) -> list[erasures.Erasure]:
    if path.exists():
        return erasures.read(path)
    if nothing_erased:
        return []
    raise NotRestorable(
        f"Expected the list of what was erased in {path}, but it is missing: a case erased since the backup would come"
        " back. Name it with --erasures, or say --nothing-erased."
    )


def _said(taken: Taken, findings: list[Finding]) -> JsonObject:
    return {
        "file": taken.backup.name,
        "keys": taken.keys.name,
        "entries": taken.manifest.entries,
        "streams": taken.manifest.streams,
        "checkpoint": taken.manifest.checkpoint,
        "size_bytes": taken.backup.stat().st_size,
        "holds": not findings,
    }


def _damaged(case_id: str) -> Finding:
    return Finding(f"case/{case_id} state", f"it cannot be read. Make it again: projection rebuild --case {case_id}")


def _json(findings: list[Finding] | tuple[Finding, ...]) -> list[dict[str, str]]:
    return [{"place": one.place, "sentence": one.sentence} for one in findings]
