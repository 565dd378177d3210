"""A fresh installation per test, on both databases: real records, real cases, nothing faked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from support import installation

from app.store.db import db
from app.web.application import create_app


@pytest.fixture(scope="session")
def template(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> installation.Template:
    """The installation that every test of this process copies, once per kind of database."""
    data_dir = tmp_path_factory.mktemp(f"template-{database_kind}")
    if database_kind == "sqlite":
        return installation.prepare(data_dir)
    server = sa.make_url(request.getfixturevalue("postgres_url"))
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE waymark_template")
    engine.dispose()
    return installation.prepare(data_dir, server.set(database="waymark_template").render_as_string(hide_password=False))


@pytest.fixture
def app(template: installation.Template, tmp_path: Path) -> Iterator[Flask]:
    """The web application over a copy of the template; CSRF tokens are not asked for, their test does that."""
    with installation.copy(template, tmp_path / "data") as settings:
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            yield app
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def client_of(app: Flask) -> Callable[[str], FlaskClient]:
    """A client signed in as a person of the small authority."""
    return lambda person_id: installation.sign_in(app, person_id)
