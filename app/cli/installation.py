"""Opening the installation that a command is about, and the options that name it. Making one is in `making`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import Flask

from app.config import Settings, from_environment
from app.store.db import db
from app.store.open import open_store

F = TypeVar("F", bound=Callable[..., Any])

data_option: Callable[[F], F] = click.option(
    "--data",
    "data_dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the installation: databases and keys. Without it: WAYMARK_DATA_DIR, else var.",
)
json_option: Callable[[F], F] = click.option("--json", "is_json", is_flag=True, help="Print JSON instead of a table.")


class NoInstallation(click.UsageError):
    """There is no installation in that folder."""


def settings_for(data_dir: Path | None) -> Settings:
    """Settings from the environment, in the folder named on the command line. Raises UnusableSettings."""
    settings = from_environment()
    return replace(settings, data_dir=data_dir) if data_dir else settings


def is_installed(settings: Settings) -> bool:
    """There is a database; one named by WAYMARK_DATABASE_URL is taken to be there."""
    return bool(settings.database_url) or (settings.data_dir / "waymark.db").exists()


@contextmanager
def installation(data_dir: Path | None) -> Iterator[Settings]:
    """The installation, open. Raises NoInstallation, KeysMissing, NewerSchema."""
    settings = settings_for(data_dir)
    if not is_installed(settings):
        raise NoInstallation(
            f"Expected an installation in {settings.data_dir}, but there is none. Make one with: python3 manage.py run"
        )
    app = open_store(Flask("waymark"), settings)
    with app.app_context():
        yield settings
        db.session.rollback()


@contextmanager
def installation_if_any(data_dir: Path | None) -> Iterator[Settings | None]:
    """The installation, open, or None where there is none."""
    if not is_installed(settings_for(data_dir)):
        yield None
        return
    with installation(data_dir) as settings:
        yield settings
