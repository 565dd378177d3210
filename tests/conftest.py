"""Fixtures for every kind of test: a Chromium, a PostgreSQL, which databases to run on. Owns no page and no schema."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from support import chromium, postgres

DATABASES = ("sqlite", "postgres")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        action="append",
        choices=DATABASES,
        help="run what asks for `database_kind` on this database only (may be given twice; default: both)",
    )
    parser.addoption(
        "--soak-minutes",
        type=float,
        default=20,
        help="how long tests/fault/test_soak.py lets people work (default: 20)",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever uses `database_kind`, itself or through another fixture, runs once per database."""
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database") or DATABASES
        metafunc.parametrize("database_kind", [kind for kind in DATABASES if kind in chosen], scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        wanted = getattr(item, "fixturenames", ())
        if "browser" in wanted:
            item.add_marker(pytest.mark.browser)
        callspec = getattr(item, "callspec", None)
        if "postgres_url" in wanted or (callspec and callspec.params.get("database_kind") == "postgres"):
            item.add_marker(pytest.mark.postgres)


def pytest_collection_finish() -> None:
    """What is imported by now stays until the end: looking through it for garbage again and again costs a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def soak_minutes(request: pytest.FixtureRequest) -> float:
    """How long people work in the soak test."""
    return float(request.config.getoption("--soak-minutes"))


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgres`. Ask for `postgres_url` lazily, by `request.getfixturevalue`."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL of this test process alone: processes side by side share nothing."""
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def chromium_found() -> chromium.Chromium:
    return chromium.find()


@pytest.fixture(scope="session")
def chromium_path(chromium_found: chromium.Chromium) -> Path:
    return chromium_found.path


@pytest.fixture(scope="session")
def browser(chromium_found: chromium.Chromium) -> Iterator[Browser]:
    """One browser per test process; a test opens its own context in it."""
    with sync_playwright() as playwright:
        started = chromium_found.launch(playwright)
        yield started
        started.close()
