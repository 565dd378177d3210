"""The API of a fresh installation: in this process, and behind a real server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import close, template
from support.pages import application_over, serving

__all__ = ["template"]

#: a client with a token of that person
ProgramOf = Callable[..., FlaskClient]


@pytest.fixture
def app(template: installation.Template, tmp_path: Path) -> Iterator[Flask]:
    """The web application over a copy of the template."""
    with installation.copy(template, tmp_path / "data") as settings:
        app = application_over(settings)
        with app.app_context():
            yield app
            close()


@pytest.fixture
def program_of(app: Flask) -> ProgramOf:
    """A client with a token of that person, for every scope or for those given."""
    return lambda person_id, *scopes: installation.program_of(app, person_id, *map(frozenset, scopes))


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where a real server answers."""
    with serving(app) as url:
        yield url
