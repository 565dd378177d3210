"""The command line on an installation of its own: what is typed, what is printed, how it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from support.fixtures import installed, template

from app.__main__ import commands
from app.config import Settings
from app.store.open import SETTINGS

__all__ = ["installed", "template"]

#: types words at the command line of the installation, with more for the runner such as `input`
Said = Callable[..., Result]


@pytest.fixture
def settings(installed: Flask) -> Settings:
    """Where the installation is."""
    found: Settings = installed.extensions[SETTINGS]
    return found


@pytest.fixture
def said(settings: Settings) -> Said:
    """Type words; the environment names the installation as an operator's would."""
    environment = {"WAYMARK_DATA_DIR": str(settings.data_dir), "WAYMARK_DATABASE_URL": settings.database_url}

    def say(*words: str | Path, **more: object) -> Result:
        return CliRunner(env=environment).invoke(commands, [str(word) for word in words], **more)

    return say
