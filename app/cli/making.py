"""Making the installation that `run` finds missing: an empty one, or a demonstration, seeded aside and moved in whole.

An interrupted demonstration leaves only a folder `seeding`, which the next run removes. What is seeded is decided in
`app.casework.demo`.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from flask import Flask
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.cases.command import Command
from app.casework.demo import seeding
from app.casework.demo.loading import LOADED_AT
from app.casework.demo.stories import Story, stories
from app.clock import real_now
from app.config import Settings
from app.model.actor import OPERATOR
from app.store import checkpoints
from app.store.open import close_store, open_store
from app.studio import bundles, deploying

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
#: folder inside the data directory in which a demonstration is made
ASIDE = "seeding"
#: file in it that says it is complete and may be moved in
COMPLETE = "complete"
#: the database is moved last: where it is, everything is
MOVED = ("kek", "signing", "erasures.jsonl", "keys.db", "waymark.db")

OnDay = Callable[[date], None]


def make_demonstration(settings: Settings, chosen: tuple[Story, ...] | None = None) -> float:
    """Make a demonstration in the data directory, saying how far it is on stderr; the seconds it took."""
    aside, began = settings.data_dir / ASIDE, time.monotonic()
    if not (aside / COMPLETE).exists():
        shutil.rmtree(aside, ignore_errors=True)
        _refuse_leftovers(settings)
        aside.mkdir(parents=True)
        with _progress(chosen or stories()) as on_day:
            _seed(replace(settings, data_dir=aside, demo=True, fast_commits=True), on_day, chosen)
        (aside / COMPLETE).touch()
    for name in MOVED:
        if (aside / name).exists():
            (aside / name).replace(settings.data_dir / name)
    shutil.rmtree(aside)
    return time.monotonic() - began


def deploy_shipped() -> None:
    """Deploy every process that came with the program."""
    for folder in sorted(one for one in PROCESSES.iterdir() if one.is_dir()):
        bundle = bundles.bundle_at(folder)
        deploying.deploy(bundle, OPERATOR.id, OPERATOR.id, "Came with Waymark", Command(OPERATOR, LOADED_AT))


def _seed(settings: Settings, on_day: OnDay, chosen: tuple[Story, ...] | None) -> None:
    app = open_store(Flask("waymark.seeding"), settings)
    with app.app_context():
        try:
            seeding.seed_authority()
            deploy_shipped()
            seeding.seed_cases(on_day, chosen)
            seeding.finish()
            checkpoints.make(real_now())
        finally:
            close_store()


def _refuse_leftovers(settings: Settings) -> None:
    """Keys without their database belong to something else: a demonstration must not replace them."""
    if settings.database_url:
        raise click.ClickException(
            "A demonstration is made in SQLite only. Unset WAYMARK_DATABASE_URL, or start with --no-demo."
        )
    left = [name for name in MOVED if (settings.data_dir / name).exists()]
    if left:
        raise click.ClickException(
            f"Expected an empty folder for a demonstration, but {settings.data_dir / left[0]} is there without its"
            " database. Name another folder with --data."
        )


@contextmanager
def _progress(played: tuple[Story, ...]) -> Iterator[OnDay]:
    first, last = min(one.start for one in played), seeding.DEMO_START.date()
    console = Console(stderr=True)
    console.print("Making a demonstration: two invented authorities, and a year of their casework.", highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Setting up", total=(last - first).days)

        def on_day(day: date) -> None:
            bar.update(task, description=f"{day:%B %Y}", completed=(day - first).days)

        yield on_day
