"""Takes the pictures of the guides from a demonstration made for it, with its own clock. Not part of any test.

    .venv/bin/python docs/screenshots.py [--data DIR] [NAME ...]

The virtual environment is the one that `manage.py test` makes. With --data the demonstration is kept and used again.
What is changed while pictures are taken (a draft, a condition) is changed in that demonstration only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from waitress.server import create_server

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support import chromium  # noqa: E402

from app.cli.installation import is_installed  # noqa: E402
from app.cli.making import make_demonstration  # noqa: E402
from app.config import Settings  # noqa: E402
from app.serving import as_it_is  # noqa: E402
from app.web.application import create_app  # noqa: E402

IMAGES = ROOT / "docs" / "images"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
MOST_BYTES = 200_000
#: room left around what is pictured
MARGIN_PX = 16
#: the server checks a diagram and plays its scenarios; a busy machine takes a while
CHECKED_MS = 30_000
SENCO, AUDITOR = "maeve.sundaresan", "ludmila.fernhough"
OWNER, SECOND_OWNER, ADMINISTRATOR = "chidi.rosenqvist", "hanneke.balogunde", "magnus.adeyemore"
COORDINATOR = "ffion.harrowgate"
PROCESS = "/processes/graduated-approach"


@dataclass(frozen=True)
class Camera:
    """A browser at the demonstration."""

    #: the browser
    browser: Browser
    #: address of the demonstration
    url: str

    @contextmanager
    def page(self, person: str, *, phone: bool = False) -> Iterator[Page]:
        """A page signed in as a person of the demonstration."""
        context = self.browser.new_context(
            base_url=self.url,
            locale="en-GB",
            timezone_id="Europe/London",
            reduced_motion="reduce",
            viewport=PHONE if phone else DESKTOP,
        )
        page = context.new_page()
        page.set_default_timeout(CHECKED_MS)
        page.goto("/sign-in")
        page.locator(f"button[name=person][value='{person}']").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        yield page
        context.close()


def take(name: str, page: Page, part: Locator | None = None, *, height: int = 900) -> None:
    """Write a picture of a part of a page, at most so many pixels high, from its top."""
    page.wait_for_timeout(300)
    (part or page.locator("body")).first.scroll_into_view_if_needed()
    box = (part or page.locator("body")).first.bounding_box()
    assert box is not None
    scrolled = page.evaluate("[scrollX, scrollY]")
    margin = MARGIN_PX if part else 0
    x, y = max(0, box["x"] + scrolled[0] - margin), box["y"] + scrolled[1]
    width = min(page.evaluate("document.documentElement.clientWidth") - x, box["width"] + 2 * margin)
    clip = {"x": x, "y": y, "width": width, "height": min(height, box["height"] + margin)}
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path, clip=clip, full_page=True, animations="disabled")
    size_bytes = path.stat().st_size
    print(f"{name}: {size_bytes / 1000:.0f} kB")
    assert size_bytes < MOST_BYTES, f"Expected {path.name} below {MOST_BYTES} bytes, but it has {size_bytes}"


def inbox(camera: Camera) -> None:
    with camera.page(SENCO) as page:
        take("inbox", page, height=820)
        page.locator("summary", has_text="Why this, why then").first.click()
        take("why-this-date", page, page.locator(".wm-card").first, height=400)
    with camera.page(SENCO, phone=True) as page:
        take("inbox-phone", page, page.locator("[data-poll]"), height=760)


def task(camera: Camera) -> None:
    with camera.page(SENCO) as page:
        page.goto("/inbox?view=todo&sort=due")
        page.locator(".wm-card", has_text="Hold the review meeting").get_by_role("button", name="Open").first.click()
        take("task", page, page.locator("main"), height=1000)
    with camera.page(SENCO, phone=True) as page:
        page.locator(".wm-card", has_text="Hold the review meeting").get_by_role("button", name="Open").first.click()
        take("task-phone", page, page.locator("main"), height=760)


def case(camera: Camera) -> None:
    with camera.page(SENCO) as page:
        page.goto("/cases?status=open")
        page.locator("tr", has_text="Review date reached").get_by_role("link").first.click()
        take("case", page, page.locator("main"), height=760)
        page.get_by_role("button", name="Raise a safeguarding concern").click()
        take("concern", page, page.locator("main"), height=620)
    with camera.page(SENCO) as page:
        page.goto("/start/graduated-approach")
        page.get_by_label("Pupil’s name or UPN").fill("ma")
        page.get_by_role("button", name="Look up").click()
        take("start", page, page.locator("main"), height=560)


def replay(camera: Camera) -> None:
    with camera.page(AUDITOR) as page:
        page.goto("/cases?status=closed")
        page.locator("tr", has_text="Outcomes met").get_by_role("link").first.click()
        page.get_by_role("link", name="Replay this case").click()
        page.wait_for_selector("body[data-ready=replay]")
        page.locator("[data-entry]", has_text="completed “Agree the plan”").first.click()
        page.wait_for_load_state("networkidle")
        take("replay", page, page.locator("main"), height=1040)
        page.get_by_role("link", name="Reveal names").first.click()
        take("reveal", page, page.locator("main"), height=460)
        page.go_back()
        page.get_by_role("link", name="Check that nothing was altered").first.click()
        take("verify", page, page.locator("main"), height=620)


def processes(camera: Camera) -> None:
    with camera.page(OWNER) as page:
        page.goto(PROCESS)
        page.wait_for_selector("[data-diagram] svg .djs-shape")
        take("process", page, page.locator("main"), height=860)
        page.get_by_role("button", name="Edit", exact=True).click()
        page.wait_for_selector("body[data-ready=modeler]")
        _chosen(page, "Task: Check the universal offer")
        take("editor", page, height=760)
        _changed(page)
        page.get_by_role("link", name="Forms, tables and scenarios").click()
        take("forms-and-tables", page, page.locator("main"), height=420)
        page.get_by_role("link", name="next-step.dmn").click()
        page.wait_for_selector("body[data-ready=decisions]")
        take("decision", page, height=640)
        page.goto(PROCESS)
        page.get_by_role("button", name="Edit", exact=True).click()
        page.wait_for_selector("body[data-ready=modeler]")
        page.get_by_role("link", name="Review and submit").click()
        note = page.get_by_label("What did you change, and why?")
        note.fill("Schools say “look at”; nobody knew what “check” asked of them.")
        page.get_by_role("button", name="Submit for approval").click()
        address = page.url
    with camera.page(SECOND_OWNER) as page:
        page.goto(address)
        take("review", page, page.locator("main"), height=700)


def _chosen(page: Page, line: str) -> None:
    page.wait_for_selector("#outline button")
    page.locator("#outline").get_by_role("button", name=line).first.click()
    page.wait_for_selector("#panel [data-entry-id]")
    page.wait_for_function("!document.querySelector('#problem-count').textContent.startsWith('Checking')")


def _changed(page: Page) -> None:
    """Break a condition for a picture, put it right, rename a task and save."""
    _chosen(page, "“Yes” when safeguarding_concern")
    condition = page.get_by_label("Taken when (FEEL)")
    right = condition.input_value()
    condition.fill("safeguarding_concern = ")
    page.keyboard.press("Tab")
    page.wait_for_selector("#problems .is-error")
    page.locator(".wm-editor__side").evaluate("one => { one.scrollTop = 0; }")
    take("problem", page, height=560)
    condition.fill(right)
    page.keyboard.press("Tab")
    page.wait_for_selector("#problems .is-error", state="detached")
    _chosen(page, "Task: Check the universal offer")
    page.locator("#panel").get_by_label("Name").first.fill("Look at the universal offer")
    page.keyboard.press("Tab")
    page.wait_for_selector("#outline button:has-text('Look at the universal offer')")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_selector("#status:has-text('Saved')")


def administration(camera: Camera) -> None:
    with camera.page(ADMINISTRATOR) as page:
        page.goto("/people")
        take("people", page, page.locator("main"), height=560)
        page.goto("/calendars")
        take("calendars", page, page.locator("main"), height=760)
        page.get_by_role("table").get_by_role("link", name="Beacon Fell Primary School").first.click()
        take("calendar", page, page.locator("main"), height=900)
        page.get_by_role("button", name="Close the school for a day").click()
        page.locator("#on").fill("2026-11-13")
        page.get_by_label("Why the school is closed").fill("boiler")
        page.get_by_role("button", name="Continue").click()
        take("close-a-day", page, page.locator("main"), height=700)


def days(camera: Camera) -> None:
    with camera.page(SENCO) as page:
        page.goto("/day")
        take("today", page, page.locator("main"), height=820)
    with camera.page(COORDINATOR) as page:
        page.goto("/places")
        take("places", page, page.locator("main"), height=900)
    with camera.page(OWNER) as page:
        page.goto("/rules")
        take("rules", page, page.locator("main"), height=760)


PICTURES: dict[str, Callable[[Camera], None]] = {
    one.__name__: one for one in (inbox, days, task, case, replay, processes, administration)
}


@contextmanager
def demonstration(kept: Path | None) -> Iterator[str]:
    """The address of a demonstration, served as in production."""
    with tempfile.TemporaryDirectory() as fresh:
        settings = Settings(data_dir=kept or Path(fresh))
        if not is_installed(settings):
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            make_demonstration(settings)
        server = create_server(create_app(as_it_is(settings)), host="127.0.0.1", port=0, threads=8)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        thread.join(5)


def main() -> None:
    reader = argparse.ArgumentParser(description="Take the pictures of the guides.")
    reader.add_argument("names", nargs="*", choices=[[], *PICTURES], metavar="NAME", help=", ".join(PICTURES))
    reader.add_argument("--data", type=Path, help="folder of a demonstration to make once and keep")
    given = reader.parse_args()
    IMAGES.mkdir(exist_ok=True)
    with demonstration(given.data) as url, sync_playwright() as playwright:
        browser = chromium.find().launch(playwright)
        for name in given.names or PICTURES:
            PICTURES[name](Camera(browser, url))
        browser.close()


if __name__ == "__main__":
    main()
