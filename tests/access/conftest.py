"""One world per kind of database, seeded once; every test works on a copy of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from access.world import World, build
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import close, template
from support.pages import application_over

from app.store.open import open_store

__all__ = ["template"]


#: who also walks on PostgreSQL in the short run: one of each kind of scope. The others ask the same statements.
ALSO_ON_POSTGRES = frozenset({"senco", "dsl", "auditor", "forum-admin"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Walk as everybody on SQLite, and on PostgreSQL as one of each kind; with --long as everybody there, too."""
    here = Path(__file__).parent
    for one in items:
        if here in one.path.parents and _is_asked_already(one):
            one.add_marker(pytest.mark.long)


def _is_asked_already(item: pytest.Item) -> bool:
    given = getattr(getattr(item, "callspec", None), "params", {})
    is_walk = {"database_kind", "person"} <= set(given)
    return is_walk and given["database_kind"] == "postgres" and given["person"] not in ALSO_ON_POSTGRES


@pytest.fixture(scope="session")
def peopled(
    template: installation.Template, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[installation.Template, World]]:
    """The installation with the world in it, to be copied."""
    with installation.copy(template, tmp_path_factory.mktemp("peopled") / "data") as settings:
        app = open_store(Flask("peopled"), settings)
        with app.app_context():
            world = build()
            close()
        yield installation.Template(settings.data_dir, settings.database_url), world


@pytest.fixture
def world(peopled: tuple[installation.Template, World]) -> World:
    """What is there."""
    return peopled[1]


@pytest.fixture
def app(peopled: tuple[installation.Template, World], tmp_path: Path) -> Iterator[Flask]:
    """The web application over a copy of the world, no demonstration; `test_requests` asks for CSRF tokens."""
    with installation.copy(peopled[0], tmp_path / "data") as settings:
        app = application_over(replace(settings, demo=False))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            yield app
            close()


@pytest.fixture
def client_of(app: Flask) -> Callable[[str], FlaskClient]:
    """A client signed in as a person of the small authority."""
    return lambda person_id: installation.sign_in(app, person_id)
