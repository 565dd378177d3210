"""A fresh installation per test: real records, real cases, nothing faked. On both databases where it matters."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.fixtures import close, template
from support.pages import application_over

__all__ = ["template"]

#: Pages whose statements, locks or files are their own run on both databases. The others run on PostgreSQL with --long
#: only: every route of theirs is asked there by the walks of `tests/access`, every statement by `tests/store`.
ON_BOTH = frozenset(
    {
        "test_cases",
        "test_documents",
        "test_drafts",
        "test_erasures",
        "test_inbox",
        "test_meetings",
        "test_operations",
        "test_people",
        "test_rounds",
        "test_sitting",
        "test_tasks",
        "test_uploads",
    }
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the rest of PostgreSQL for the long run."""
    here = Path(__file__).parent
    for one in items:
        kind = getattr(getattr(one, "callspec", None), "params", {}).get("database_kind")
        if here in one.path.parents and kind == "postgres" and one.path.stem not in ON_BOTH:
            one.add_marker(pytest.mark.long)


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
