"""The editors of forms and of decision tables: opened, changed, saved; and shown only."""

import json

from playwright.sync_api import Page, expect
from support.static_site import Site

SCHEMA = {
    "type": "default",
    "id": "plan",
    "schemaVersion": 19,
    "components": [{"type": "textfield", "id": "Field_1", "key": "outcome", "label": "Outcome"}],
}
BODY = """<main class="wm-editor"><div class="wm-editor__bar"><h1>Editor</h1>
<button id="save" data-editing>Save draft</button><span id="status" class="wm-saved"></span></div>
<div id="canvas" class="wm-editor__canvas" data-src="{src}" data-save-url="/draft" data-revision="1" {mode}></div>
</main>"""


def opened(page: Page, site: Site, script: str, src: str, mode: str = "") -> Page:
    site.pages["/plan.json"] = ("application/json", json.dumps(SCHEMA))
    site.answers["/draft"] = (200, {"revision": 2})
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site.page("/editor", BODY.format(src=src, mode=mode), (script,)))
    page.wait_for_selector(f"body[data-ready={script}]")
    return page


def test_a_form_is_changed_and_saved(page: Page, site: Site) -> None:
    opened(page, site, "formeditor", "/plan.json").locator(".fjs-element[data-id=Field_1]").click()
    page.locator(".bio-properties-panel-group-header", has_text="General").click()
    page.get_by_label("Field label").fill("What will change")
    page.keyboard.press("Tab")
    expect(page.get_by_role("status")).to_have_text("Not saved yet")

    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_role("status")).to_contain_text("Saved ")
    assert json.loads(site.bodies("/draft")[-1])["components"][0]["label"] == "What will change"


def test_a_form_is_shown_without_being_changed(page: Page, site: Site) -> None:
    opened(page, site, "formeditor", "/plan.json", 'data-mode="view"')

    expect(page.get_by_label("Outcome")).to_be_visible()


def test_a_decision_table_is_changed_and_saved(page: Page, site: Site) -> None:
    opened(page, site, "decisions", "/tier.dmn").get_by_text(">= 3").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(">= 4")
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_role("status")).to_contain_text("Saved ")
    assert "&gt;= 4" in site.bodies("/draft")[-1]


def test_a_decision_table_is_shown_without_being_changed(page: Page, site: Site) -> None:
    opened(page, site, "decisions", "/tier.dmn", 'data-mode="view"')

    expect(page.get_by_text(">= 3")).to_be_visible()
    expect(page.get_by_text("Add rule")).to_have_count(0)
