"""A fresh installation per test, on both databases: real records, real cases, nothing faked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import close, template
from support.pages import application_over

__all__ = ["template"]


@pytest.fixture
def app(template: installation.Template, tmp_path: Path) -> Iterator[Flask]:
    """The web application over a copy of the template; CSRF tokens are not asked for, their test does that."""
    with installation.copy(template, tmp_path / "data") as settings:
        app = application_over(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            yield app
            close()


@pytest.fixture
def client_of(app: Flask) -> Callable[[str], FlaskClient]:
    """A client signed in as a person of the small authority."""
    return lambda person_id: installation.sign_in(app, person_id)
