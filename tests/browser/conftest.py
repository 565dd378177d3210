"""A real server over a fresh installation, and pages signed in as its people. What is clicked is in the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from support import installation
from support.fixtures import template
from support.pages import application_over, serving

from app.store import sessions
from app.store.db import db

__all__ = ["template"]

#: what pages must be usable at
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}

#: A busy machine may be slow, which is no fault of a page; a page that never comes still fails.
expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class Live:
    """A running installation."""

    #: address without a slash at the end
    url: str
    #: the application, for looking behind the page
    app: Flask

    def move_clock(self, days: float) -> datetime:
        """Move the case clock on and let what is due happen, as the worker does."""
        from app.cases.sweep import sweep

        with self.app.app_context():
            now = installation.move_clock(days)
            sweep(now, as_they_were_due=True)
            db.session.remove()
            return now


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: a journey in the browser that runs on PostgreSQL too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pages run on SQLite: what PostgreSQL does differently is seen below them, and in the journeys marked for both."""
    here = Path(__file__).parent
    left_out = [one for one in items if here in one.path.parents and _is_on_postgres(one)]
    left_out = [one for one in left_out if one.get_closest_marker("both_databases") is None]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [one for one in items if one not in left_out]


def _is_on_postgres(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("database_kind") == "postgres"


@pytest.fixture
def live(template: installation.Template, tmp_path: Path) -> Iterator[Live]:
    """A fresh installation for one test."""
    with served(template, tmp_path / "data") as live:
        yield live


@contextmanager
def served(template: installation.Template, data_dir: Path) -> Iterator[Live]:
    """The small authority with P01 deployed, served by waitress as in production."""
    with installation.copy(template, data_dir) as settings:
        app = application_over(settings)
        with serving(app) as url:
            yield Live(url, app)


@pytest.fixture
def page_as(live: Live, browser: Browser) -> Iterator[Callable[..., Page]]:
    """A new page, signed in as a person of the small authority or as nobody; script errors on any of them fail."""
    contexts, errors = [], []

    def open_page(person_id: str | None, *, phone: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live.url,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
            viewport=PHONE if phone else DESKTOP,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        if person_id:
            with live.app.app_context():
                token = sessions.begin(person_id)
                db.session.remove()
            context.add_cookies([{"name": installation.COOKIE, "value": token, "url": live.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
