"""The small additions of every page: drafts that save themselves, rows, conditional fields, polling, one submit."""

from playwright.sync_api import Page, expect
from support.static_site import Site

FORM = """<main><form data-autosave data-autosave-url="/draft" data-submit-once method="post" action="/submit">
<input type="hidden" name="revision" value="1"><input type="hidden" name="csrf_token" value="t0ken">
<label for="note">Note</label><input id="note" name="note">
<fieldset><legend>Tier</legend>
<input type="radio" id="t2" name="tier" value="2"><label for="t2">Tier 2</label>
<input type="radio" id="t3" name="tier" value="3"><label for="t3">Tier 3</label></fieldset>
<div data-shown-when='{"tier": ["3", "4"]}'><label for="head">Head agrees</label>
<select id="head" name="head"><option value="">Choose</option><option value="no">No</option></select></div>
<div data-shown-when='{"head": "no"}' id="why-part"><label for="why">Why not</label><input id="why" name="why"></div>
<div data-rows="outcomes" data-rows-max="2">
<div data-row><label for="o0">Outcome 1</label><input id="o0" name="outcomes-0-text">
<button name="_remove" value="outcomes:0">Remove outcome 1</button></div>
<template data-row-template><div data-row><label for="o__n__">Outcome __number__</label>
<input id="o__n__" name="outcomes-__n__-text">
<button name="_remove" value="outcomes:__n__">Remove outcome __number__</button></div></template>
<button name="_add" value="outcomes">Add another</button></div>
<p data-autosave-status></p><button>Send</button></form></main>"""


COUNT_SUBMITS = """document.querySelector('form').addEventListener('submit', event => {
  window.sent = (window.sent ?? 0) + (event.defaultPrevented ? 0 : 1);
  event.preventDefault();
})"""


def opened(page: Page, site: Site, body: str = FORM) -> Page:
    page.goto(site.page("/form", body))
    page.wait_for_selector("body[data-ready]")
    return page


def test_a_draft_is_saved_when_a_field_is_left(page: Page, site: Site) -> None:
    site.answers["/draft"] = (200, {"revision": 2})
    opened(page, site).get_by_label("Note").fill("Reads for ten minutes")

    page.keyboard.press("Tab")

    expect(page.get_by_role("status")).to_contain_text("Saved ")
    assert "note=Reads+for+ten+minutes" in site.bodies("/draft")[-1]
    assert site.received[-1].headers["X-CSRFToken"] == "t0ken"
    assert page.locator("[name=revision]").input_value() == "2"


def test_a_draft_that_did_not_change_is_not_saved(page: Page, site: Site) -> None:
    opened(page, site).get_by_label("Note").focus()

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    assert site.bodies("/draft") == []


def test_a_draft_that_was_refused_says_so(page: Page, site: Site) -> None:
    site.answers["/draft"] = (500, {})
    opened(page, site).get_by_label("Note").fill("Reads")

    page.keyboard.press("Tab")

    expect(page.get_by_role("status")).to_have_text("Not saved – press Save draft")


def test_a_stale_draft_gives_the_servers_own_sentence(page: Page, site: Site) -> None:
    site.answers["/draft"] = (409, {"sentence": "This task was finished at 10:42. Your words are kept below."})
    opened(page, site).get_by_label("Note").fill("Reads")

    page.keyboard.press("Tab")

    expect(page.get_by_role("status")).to_have_text("This task was finished at 10:42. Your words are kept below.")


def test_a_field_is_shown_only_when_its_answer_is_asked_for(page: Page, site: Site) -> None:
    opened(page, site)
    expect(page.get_by_label("Head agrees")).to_be_hidden()

    page.get_by_label("Tier 3").check()
    page.get_by_label("Head agrees").select_option("no")
    expect(page.get_by_label("Why not")).to_be_visible()
    page.get_by_label("Tier 2").check()

    expect(page.get_by_label("Head agrees")).to_be_hidden()
    expect(page.get_by_label("Why not")).to_be_hidden()


def test_rows_are_added_to_the_limit_and_removed(page: Page, site: Site) -> None:
    opened(page, site).get_by_role("button", name="Add another").click()
    expect(page.get_by_label("Outcome 2")).to_be_focused()
    expect(page.get_by_role("button", name="Add another")).to_be_hidden()

    page.get_by_label("Outcome 2").fill("Writes a sentence")
    page.get_by_role("button", name="Remove outcome 1").click()

    expect(page.get_by_role("button", name="Add another")).to_be_focused()
    assert page.locator("[name^=outcomes-]").evaluate_all("fields => fields.map(field => field.name)") == [
        "outcomes-1-text"
    ]


def test_a_double_press_sends_one_form(page: Page, site: Site) -> None:
    opened(page, site)
    page.evaluate(COUNT_SUBMITS)

    page.get_by_role("button", name="Send").dblclick()

    assert page.evaluate("window.sent") == 1


def test_a_region_fills_itself_again_but_not_under_the_focus(page: Page, site: Site) -> None:
    site.pages["/fragment"] = ("text/html", "<p>Seven tasks</p>")
    opened(
        page, site, '<main><div data-poll="/fragment" data-poll-seconds="2"><a href="#top">Six tasks</a></div></main>'
    )
    page.get_by_role("link").focus()
    page.wait_for_timeout(3000)
    expect(page.get_by_text("Six tasks")).to_be_visible()

    page.get_by_role("link").blur()

    expect(page.get_by_text("Seven tasks")).to_be_visible()
