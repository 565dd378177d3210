"""Signing in as a head teacher does for the first time, with a lost phone, too late, and with an account elsewhere.

By keyboard, with and without scripts, at a desk and on a phone; axe looks at each page on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyotp
import pytest
from browser.conftest import DESKTOP, PHONE
from playwright.sync_api import Page, expect
from support import axe, identity_provider, installation
from support.identity_provider import CLIENT, SECRET, IdentityProvider
from support.pages import serving, web_application
from support.staff import open_task, started

from app.clock import real_now
from app.store import sessions
from app.store.db import db
from app.web.visits import CLOCK

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
PASSWORD = "a long enough password"
HERE = "http://localhost:1"


@pytest.fixture(scope="module")
def there() -> Iterator[IdentityProvider]:
    with identity_provider.running() as found:
        yield found


@pytest.fixture
def live(template: installation.Template, tmp_path: Path, there: IdentityProvider) -> Iterator[Live]:
    """An installation of somebody's own, with passwords and a provider."""
    from browser.conftest import Live

    (tmp_path / "secret").write_text(SECRET)
    own = {
        "demo": False,
        "oidc_issuer": there.issuer,
        "oidc_client_id": CLIENT,
        "oidc_secret_file": str(tmp_path / "secret"),
        "public_url": HERE,
    }
    with installation.copy(template, tmp_path / "data") as settings:
        app = web_application(replace(settings, **own))
        with app.app_context():
            for person in ("head", "senco"):
                sessions.set_password(person, PASSWORD)
            db.session.remove()
        with serving(app) as url:
            yield Live(url, app)


def _faults(page: Page) -> list[str]:
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += axe.violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url} scrolls sideways at {size['width']} px")
    return found


def _type_in(page: Page, person: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("User name").fill(person)
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")


def _code(key: str, steps: int = 0) -> str:
    return pyotp.TOTP(key).at(real_now() + timedelta(seconds=30 * steps))


@pytest.mark.parametrize("scripts", [True, False])
def test_a_head_teacher_sets_up_the_second_step_and_uses_it(live: Live, page_as: PageAs, scripts: bool) -> None:
    page = page_as(None, phone=True, scripts=scripts)
    faults: list[str] = []

    def look() -> None:
        faults.extend(_faults(page) if scripts else [])

    _type_in(page, "head")
    expect(page.get_by_role("heading", name="Set up your second step")).to_be_visible()
    expect(page.locator("svg")).to_be_visible()
    look()
    key = page.locator(".wm-key__text code").inner_text().replace(" ", "")
    page.get_by_label("Code", exact=True).fill("111111")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    look()
    page.get_by_label("Code", exact=True).fill(_code(key, steps=-1))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keep your recovery codes")).to_be_visible()
    look()
    recovery = page.locator(".wm-codes code").first.inner_text()
    page.get_by_role("button", name="I have kept them").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Keep your recovery codes")).to_be_hidden()
    page.goto("/account/recovery-codes")
    look()
    page.goto("/account")
    expect(page.get_by_text("10 of 10 left")).to_be_visible()
    look()
    page.get_by_role("button", name="Sign out", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Sign in", level=1)).to_be_visible()

    _type_in(page, "head")
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    look()
    page.get_by_label("Code", exact=True).fill("222222")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    look()
    page.get_by_label("Code", exact=True).fill(recovery)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    assert faults == []


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_typed_after_lunch_is_there_after_signing_in_again(live: Live, page_as: PageAs, scripts: bool) -> None:
    with live.app.app_context():
        task = open_task(started())
        db.session.remove()
    page = page_as(None, scripts=scripts)
    _type_in(page, "senco")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    page.goto(f"/tasks/{task}")
    live.app.extensions[CLOCK] = lambda: real_now() + timedelta(minutes=45)
    page.locator("textarea").first.fill("Typed after lunch")
    if scripts:
        page.keyboard.press("Tab")
        expect(page.get_by_text("You have been signed out.")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.get_by_label("User name").fill("senco")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What you typed is kept")).to_be_visible()
    assert not scripts or _faults(page) == []
    page.get_by_role("button", name="Go back to what you typed").press("Enter")
    expect(page.locator("textarea").first).to_have_value("Typed after lunch")


def test_an_account_nobody_knows_gets_a_page_that_says_whom_to_ask(
    live: Live, page_as: PageAs, there: IdentityProvider
) -> None:
    page = page_as(None)
    page.goto("/sign-in")
    way = page.get_by_role("button", name="Sign in with your work account").get_attribute("href")
    away = page.context.request.get(live.url + str(way), max_redirects=0)
    page.goto(there.authorize(away.headers["location"]).replace(HERE, live.url))
    expect(page.get_by_role("heading", name="We do not know this account yet")).to_be_visible()
    faults = _faults(page)
    page.get_by_label("Link code").fill("nothing")
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert faults + _faults(page) == []
