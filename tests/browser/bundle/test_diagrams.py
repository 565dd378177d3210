"""The diagram of a case and its replay."""

import json

from playwright.sync_api import Page, expect
from support import axe
from support.static_site import Site

EVENTS = [
    {"n": 1, "at": "2026-09-07T08:00:00Z", "title": "Concern raised", "marks": {"entered": ["Plan"], "taken": ["f1"]}},
    {
        "n": 2,
        "at": "2026-09-14T08:00:00Z",
        "title": "Plan agreed",
        "marks": {"left": ["Plan"], "entered": ["SixWeeks"]},
    },
    {"n": 4, "at": "2026-11-02T09:00:00Z", "title": "Six weeks are over", "marks": {"left": ["SixWeeks", "gone"]}},
    {"n": 5, "at": "2026-11-03T09:00:00Z", "title": "Next round", "marks": {"entered": ["Plan"], "taken": ["f9"]}},
]
REPLAY = """<main><h1>Replay</h1><div data-replay data-src="/plan_review.bpmn" data-events="/events" data-entry="2"
 data-panel-src="/entries/{n}"><div data-replay-controls class="wm-replay__controls"></div>
<div data-replay-canvas class="wm-diagram wm-diagram--tall"></div></div>
<a href="?entry=1" data-entry="1">Entry 1</a><a href="?entry=5" data-entry="5">Entry 5</a>
<div data-replay-panel><p>Entry 2 from the server</p></div></main>"""


def replay(page: Page, site: Site) -> Page:
    site.pages["/events"] = ("application/json", json.dumps(EVENTS))
    for number in (1, 2, 4, 5):
        site.pages[f"/entries/{number}"] = ("text/html", f"<p>Entry {number} fetched</p>")
    page.goto(site.page("/replay", REPLAY, ("site", "replay")))
    page.wait_for_selector("body[data-ready=replay]")
    return page


def marked(page: Page, state: str) -> list[str]:
    found = page.locator(f"[data-element-id].is-{state}")
    return sorted(found.evaluate_all("shapes => shapes.map(shape => shape.dataset.elementId)"))


def test_a_diagram_shows_how_far_the_case_is(page: Page, site: Site) -> None:
    marks = json.dumps({"Plan": "done", "Review": "active", "Tier": "incident", "not-there": "done"})
    frame = f"<div class='wm-diagram' data-diagram data-src='/plan_review.bpmn' data-marks='{marks}'></div>"
    page.goto(site.page("/case", f"<main><h1>Case</h1>{frame}</main>", ("site", "diagram")))
    page.wait_for_selector("body[data-ready=diagram]")

    assert (marked(page, "done"), marked(page, "active"), marked(page, "incident")) == (["Plan"], ["Review"], ["Tier"])
    before = page.evaluate("document.querySelector('.viewport').getAttribute('transform')")
    page.get_by_role("button", name="Zoom in on the diagram").press("Enter")
    assert page.evaluate("document.querySelector('.viewport').getAttribute('transform')") != before
    assert axe.violations(page) == []


def test_a_diagram_that_is_not_there_is_said_in_words(page: Page, site: Site) -> None:
    page.goto(
        site.page("/case", '<main><div class="wm-diagram" data-diagram data-src="/none"></div></main>', ("diagram",))
    )

    expect(page.get_by_text("The diagram could not be drawn.")).to_be_visible()


def test_replay_starts_at_the_entry_of_the_address_with_the_servers_panel(page: Page, site: Site) -> None:
    replay(page, site)

    assert (marked(page, "done"), marked(page, "active")) == (["Plan", "f1"], ["SixWeeks"])
    expect(page.get_by_role("status")).to_have_text("2 of 4 · 14 Sept 2026, 09:00: Plan agreed")
    expect(page.get_by_text("Entry 2 from the server")).to_be_visible()


def test_replay_steps_forward_and_back_by_keyboard(page: Page, site: Site) -> None:
    replay(page, site).get_by_role("button", name="Forward").press("Enter")
    assert (marked(page, "done"), marked(page, "active")) == (["Plan", "SixWeeks", "f1"], [])
    expect(page.get_by_text("Entry 4 fetched")).to_be_visible()

    page.get_by_role("slider").press("End")
    expect(page.get_by_text("Entry 5 fetched")).to_be_visible()
    assert marked(page, "active") == ["Plan"]
    expect(page.locator(".wm-visits")).to_have_text("2×")

    page.get_by_role("slider").press("Home")
    expect(page.get_by_text("Entry 1 fetched")).to_be_visible()
    assert (marked(page, "done"), marked(page, "active")) == (["f1"], ["Plan"])
    assert page.url.endswith("?entry=1")


def test_a_link_to_an_entry_moves_the_replay_without_leaving(page: Page, site: Site) -> None:
    replay(page, site).get_by_role("link", name="Entry 5").click()

    expect(page.get_by_role("link", name="Entry 5")).to_have_attribute("aria-current", "step")
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "3 Nov 2026, 09:00: Next round")
    assert axe.violations(page) == []


def test_replay_plays_to_the_end_and_stops(page: Page, site: Site) -> None:
    replay(page, site).get_by_role("button", name="Play").click()

    expect(page.get_by_role("status")).to_contain_text("4 of 4")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
