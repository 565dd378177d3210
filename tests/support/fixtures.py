"""Fixtures shared by the kinds of tests that need an installation: a template per database, and a copy per test."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from app.store.db import db
from app.store.open import open_store
from support import installation
from support.pages import with_statements_kept


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
        name = f"template_{uuid4().hex}"  # pytest may ask again when it changes between the databases
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return installation.prepare(data_dir, server.set(database=name).render_as_string(hide_password=False))


@pytest.fixture
def installed(template: installation.Template, tmp_path: Path) -> Iterator[Flask]:
    """The store over a copy of the template, without pages."""
    with installation.copy(template, tmp_path / "data") as settings:
        app = with_statements_kept(open_store(Flask("installed"), settings))
        with app.app_context():
            yield app
            close()


def close() -> None:
    """Let go of every connection, so that the databases can be removed."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()
