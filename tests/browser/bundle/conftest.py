"""A site with nothing but the bundle, and a page that fails its test on any script error or policy violation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page
from support import static_site

HERE = Path(__file__).parent


@pytest.fixture
def site() -> Iterator[static_site.Site]:
    with static_site.serve() as served:
        for name, kind in (("plan_review.bpmn", "application/xml"), ("tier.dmn", "application/xml")):
            served.pages[f"/{name}"] = (kind, (HERE / name).read_text(encoding="utf-8"))
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce")
    opened = context.new_page()
    troubles: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            troubles.append(message.text)

    opened.on("console", note)
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    yield opened
    context.close()
    assert troubles == []
