"""The BPMN editor against a server that answers what the test says: no application is needed."""

import json
import re

import pytest
from playwright.sync_api import Page, expect
from support import axe
from support.static_site import Site

LISTS = {
    "forms": [{"value": "plan", "label": "Plan"}, {"value": "review", "label": "Review"}],
    "rules": [{"value": "apdr.review", "label": "Six-weekly review"}],
    "roles": [{"value": "SENCO", "label": "SENCO"}, {"value": "HEAD", "label": "Head teacher"}],
    "organisations": [{"value": "authority", "label": "The authority"}],
    "decisions": [{"value": "tier", "label": "Tier"}],
}
BODY = f"""
<main class="wm-editor"><div class="wm-editor__bar"><h1>Plan and review</h1>
<button id="save" class="govuk-button" data-editing>Save draft</button>
<button class="govuk-button govuk-button--secondary" data-action="undo" data-editing>Undo</button>
<span id="status" class="wm-saved"></span></div>
<div class="wm-editor__work"><div class="wm-editor__side"><h2>Problems</h2><p id="problem-count"></p>
<ul id="problems" class="wm-problems"></ul>
<h2>Outline</h2><ul id="outline" class="wm-outline wm-outline--buttons"></ul></div>
<div id="canvas" class="wm-editor__canvas" data-src="/plan_review.bpmn" data-save-url="/draft" data-check-url="/check"
 data-revision="4"></div><div id="panel" class="wm-editor__panel"></div></div></main>
<script type="application/json" id="lists">{json.dumps(LISTS)}</script>"""
PROBLEM = {
    "element": "Approve",
    "rule": "form-missing",
    "sentence": "Approve the tier has no form",
    "fix": "Pick a form.",
    "severity": "error",
}
OUTLINE = [
    {"element": "plan_review", "text": "Plan and review", "level": 0},
    {"element": "Lane_SENCO", "text": "SENCO", "level": 1},
    {"element": "Plan", "text": "1. Task: Agree the plan", "level": 1},
    {"element": "SixWeeks", "text": "2. Wait: Six weeks", "level": 1},
    {"element": "Count", "text": "3. Automatic step: Count the rounds", "level": 1},
    {"element": "Tier", "text": "4. Decision table: Work out the tier", "level": 1},
    {"element": "f6", "text": "Yes: go to Closed", "level": 2},
]


@pytest.fixture
def modeler(page: Page, site: Site) -> Page:
    site.answers["/check"] = (200, {"problems": [PROBLEM], "outline": OUTLINE})
    site.answers["/draft"] = (200, {"revision": 5})
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site.page("/editor", BODY, ("modeler",)))
    page.wait_for_selector("body[data-ready=modeler]")
    return page


def choose(page: Page, line: str) -> None:
    page.locator("#outline").get_by_role("button", name=line).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel :focus")).to_be_visible()


def saved(page: Page, site: Site) -> str:
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#status")).to_contain_text("Saved")
    return site.bodies("/draft")[-1]


def test_a_problem_leads_to_its_element_and_stands_on_the_diagram(modeler: Page) -> None:
    expect(modeler.locator("#problem-count")).to_have_text("1 error")
    expect(modeler.locator(".wm-problem-mark")).to_have_count(1)

    modeler.get_by_role("button", name="Approve the tier has no form").press("Enter")

    expect(modeler.locator("#panel :focus")).to_be_visible()
    assert modeler.evaluate("modeler.get('selection').get()[0].id") == "Approve"


def test_every_kind_of_property_is_reached_by_keyboard_and_saved(modeler: Page, site: Site) -> None:
    choose(modeler, "1. Task: Agree the plan")
    modeler.get_by_label("Due by rule").select_option("apdr.review")
    modeler.get_by_label("Counted from (FEEL)").fill("today()")
    modeler.keyboard.press("Tab")
    choose(modeler, "2. Wait: Six weeks")
    modeler.get_by_label("Happens").select_option("timeDuration")
    modeler.get_by_label("Duration").fill("P42D")
    modeler.keyboard.press("Tab")
    choose(modeler, "3. Automatic step: Count the rounds")
    modeler.get_by_label("What it sets (FEEL context)").fill("{ rounds: 1 }")
    modeler.keyboard.press("Tab")
    choose(modeler, "Yes: go to Closed")
    modeler.get_by_label("Taken when (FEEL)").fill('outcome = "all met"')
    modeler.keyboard.press("Tab")
    choose(modeler, "SENCO")
    modeler.get_by_label("Whose").select_option("authority")

    xml = saved(modeler, site)

    plan = re.search(r'<bpmn:userTask id="Plan".*?</bpmn:userTask>', xml, re.S)
    assert plan
    assert '<spiffworkflow:property name="dueRule" value="apdr.review" />' in plan[0]
    assert '<spiffworkflow:property name="dueBasis" value="today()" />' in plan[0]
    timer = re.search(r'<bpmn:intermediateCatchEvent id="SixWeeks".*?</bpmn:intermediateCatchEvent>', xml, re.S)
    assert timer
    assert "P42D</bpmn:timeDuration>" in timer[0]
    assert "dueRule" not in timer[0]
    assert "<bpmn:script>{ rounds: 1 }</bpmn:script>" in xml
    assert 'scriptFormat="feel"' in xml
    assert 'outcome = "all met"</bpmn:conditionExpression>' in xml
    assert '<spiffworkflow:property name="organisation" value="authority" />' in xml
    assert "<spiffworkflow:calledDecisionId>tier</spiffworkflow:calledDecisionId>" in xml


def test_opening_and_saving_changes_no_property(modeler: Page, site: Site) -> None:
    for line in ("Lane_SENCO", "Plan", "SixWeeks", "Count", "Tier", "f6"):
        modeler.locator(f"#outline [data-element={line}]").click()

    xml = saved(modeler, site)

    assert xml.count("<spiffworkflow:property ") == 7
    assert "apdr.review" in xml
    put = site.received[-1]
    assert (put.method, put.headers["If-Match"], put.headers["X-CSRFToken"]) == ("PUT", "4", "t0ken")


def test_each_save_carries_the_revision_of_the_one_before(modeler: Page, site: Site) -> None:
    saved(modeler, site)
    modeler.get_by_role("button", name="Save draft").click()
    modeler.wait_for_timeout(200)

    assert [each.headers["If-Match"] for each in site.received if each.path == "/draft"] == ["4", "5"]


def test_a_conflict_is_said_and_the_work_stays(modeler: Page, site: Site) -> None:
    site.answers["/draft"] = (409, {"sentence": "Somebody else saved this draft at 09:12. Reload to see it."})
    choose(modeler, "1. Task: Agree the plan")
    modeler.get_by_label("Counted from (FEEL)").fill("today()")

    modeler.keyboard.press("Control+s")

    expect(modeler.locator("#status")).to_have_text("Somebody else saved this draft at 09:12. Reload to see it.")
    assert modeler.evaluate("modeler.saveXML().then(saved => saved.xml.includes('today()'))")


def test_a_change_is_checked_again(modeler: Page, site: Site) -> None:
    site.answers["/check"] = (200, {"problems": [], "outline": OUTLINE})
    choose(modeler, "1. Task: Agree the plan")
    modeler.get_by_label("Form", exact=True).select_option("review")

    expect(modeler.locator("#problem-count")).to_have_text("No problems")
    expect(modeler.locator(".wm-problem-mark")).to_have_count(0)
    assert 'value="review"' in site.bodies("/check")[-1]


def test_a_small_screen_shows_the_diagram_and_says_why(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 375, "height": 700})

    page.goto(site.page("/editor", BODY, ("modeler",)))
    page.wait_for_selector("body[data-ready=modeler]")

    expect(page.get_by_text("This screen is too small to edit on")).to_be_visible()
    expect(page.get_by_role("button", name="Save draft")).to_be_hidden()
    expect(page.locator("#canvas [data-element-id=Plan]")).to_be_visible()


def test_axe_finds_nothing_in_the_editor(modeler: Page) -> None:
    choose(modeler, "1. Task: Agree the plan")

    assert axe.violations(modeler) == []
