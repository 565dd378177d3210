"""No page breaks WCAG 2.2 A or AA by axe, or scrolls sideways on a phone. A new page without a line here fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from browser.conftest import DESKTOP, PHONE, served
from playwright.sync_api import Page, expect
from support import axe, between, forum, installation, journeys, letters, partnership
from support.staff import move_pupil, open_task, started

from app.access.people import Reader
from app.audit import erasures
from app.cases import consents, parties
from app.cases.records import write_record
from app.clock import local_date, real_now
from app.model.actor import Actor
from app.model.consent import Consent
from app.model.entry import StreamId
from app.model.party import Party
from app.store import drafts, outbox
from app.store.db import db, reading, transaction
from app.store.queries import cases, incidents, organisations, people
from app.studio import drafts as definition_drafts

if TYPE_CHECKING:
    from browser.conftest import Live

PageAs = Callable[..., Page]
World = dict[str, str]
PROCESS = "/processes/graduated-approach"
#: who looks, where; {words} are names in the world below
PAGES: tuple[tuple[str, str], ...] = (
    ("nobody", "/sign-in"),
    ("nobody", "/signed-out"),
    ("senco", "/account"),
    ("senco", "/account/password"),
    ("senco", "/account/mail"),
    ("senco", "/account/second-step"),
    ("senco", "/day"),
    ("head", "/day"),
    ("forum-admin", "/day"),
    ("senco", "/day/support/late"),
    ("owner1", "/figures"),
    ("senco", "/inbox"),
    ("senco", "/inbox?view=overdue"),
    ("senco", "/inbox?view=soon"),
    ("senco", "/inbox?view=mine"),
    ("senco", "/inbox?view=team"),
    ("senco", "/inbox?view=waiting"),
    ("senco", "/inbox?view=done"),
    ("teacher", "/inbox?view=waiting"),
    ("senco", "/inbox?q=nobody+here"),
    ("senco", "/tasks/{offer_task}"),
    ("senco", "/tasks/{plan_task}"),
    ("senco", "/tasks/{plan_task}?saved=1"),
    ("senco", "/tasks/{done_task}"),
    ("senco", "/tasks/{done_task}/done"),
    ("teacher", "/tasks/{log_task}"),
    ("senco", "/start/graduated-approach?q=za"),
    ("senco", "/start/graduated-approach/pupil1"),
    ("senco", "/start/graduated-approach/new-pupil"),
    ("senco", "/started/{plan_case}"),
    ("service-head", "/start"),
    ("senco", "/notices"),
    ("senco", "/tokens"),
    ("senco", "/cases"),
    ("auditor", "/cases"),
    ("senco", "/cases/{plan_case}"),
    ("dsl", "/cases/{concern_case}"),
    ("senco", "/cases/{stuck_case}"),
    ("auditor", "/cases/{plan_case}"),
    ("senco", "/cases/{plan_case}/tell/pupil.moved"),
    ("senco", "/cases/{plan_case}/concern"),
    ("senco", "/cases/{stuck_case}/problems/{incident}"),
    ("senco", "/cases/{stuck_case}/problems/{incident}/move"),
    ("auditor", "/cases/{plan_case}/replay"),
    ("auditor", "/cases/{plan_case}/replay?entry=2"),
    ("auditor", "/cases/{plan_case}/reveal"),
    ("auditor", "/cases/{plan_case}/verify"),
    ("auditor", "/cases/{plan_case}/reads"),
    ("head", "/cases/{plan_case}/erase"),
    ("dpo", "/erasures"),
    ("dpo", "/erasures/{erase_case}"),
    ("owner1", "/processes"),
    ("senco", PROCESS),
    ("owner1", PROCESS),
    ("owner1", "/processes/messages"),
    ("owner1", f"{PROCESS}/open-cases"),
    ("owner1", f"{PROCESS}/versions/1"),
    ("owner1", f"{PROCESS}/versions/1/scenarios"),
    ("owner1", f"{PROCESS}/versions/1/deploy"),
    ("owner1", f"{PROCESS}/draft/{{draft}}"),
    ("owner1", f"{PROCESS}/draft/{{draft}}/parts"),
    ("owner1", f"{PROCESS}/draft/{{draft}}/forms/plan"),
    ("owner1", f"{PROCESS}/draft/{{draft}}/decisions/next-step.dmn"),
    ("owner1", f"{PROCESS}/draft/{{draft}}/scenarios"),
    ("owner1", f"{PROCESS}/draft/{{draft}}/review"),
    ("owner2", f"{PROCESS}/draft/{{draft}}/review"),
    ("forum-admin", "/meetings"),
    ("forum-admin", "/meetings/series/add"),
    ("forum-admin", "/meetings/series/{series}"),
    ("forum-admin", "/meetings/series/{series}/change"),
    ("forum-admin", "/meetings/series/{series}/dates"),
    ("forum-admin", "/meetings/{meeting}"),
    ("forum-admin", "/meetings/{meeting}/cancel"),
    ("forum-admin", "/meetings/{meeting}/move/{listed_task}"),
    ("chair", "/meetings/{meeting}/sitting"),
    ("member", "/meetings/packs"),
    ("member", "/meetings/{meeting}/pack"),
    ("member", "/meetings/{meeting}/pack/{listed_case}"),
    ("sys", "/operations"),
    ("sys", "/operations/late-timers"),
    ("sys", "/operations/queue"),
    ("sys", "/operations/problems?{stuck}"),
    ("sys", "/operations/webhooks"),
    ("sys", "/operations/webhooks/add"),
    ("sys", "/operations/webhooks/{webhook}"),
    ("sys", "/operations/webhooks/{webhook}/change"),
    ("sys", "/people"),
    ("sys", "/people/add"),
    ("sys", "/people/senco"),
    ("sys", "/people/senco/change"),
    ("sys", "/people/senco/add-role"),
    ("sys", "/people/senco/roles/SENCO/beacon"),
    ("sys", "/people/senco/close"),
    ("sys", "/people/senco/password"),
    ("sys", "/people/senco/sign-in"),
    ("sys", "/schools"),
    ("sys", "/schools/add"),
    ("sys", "/schools/add-another"),
    ("sys", "/centres"),
    ("sys", "/centres/add"),
    ("sys", "/centres/partners-mill-lane"),
    ("sys", "/centres/quotas/partners"),
    ("sys", "/settings"),
    ("sys", "/settings/tier.names"),
    ("coordinator", "/places"),
    ("coordinator", "/places/partners"),
    ("coordinator", "/places/partners/cases?of=waiting"),
    ("coordinator", "/places/partners/register"),
    ("owner1", "/rules"),
    ("owner1", "/rules/chase"),
    ("owner1", "/rules/chase/change"),
    ("senco", "/cases/{plan_case}/people"),
    ("senco", "/cases/{plan_case}/people/new"),
    ("senco", "/cases/{plan_case}/people/mother"),
    ("senco", "/cases/{plan_case}/consents"),
    ("senco", "/cases/{plan_case}/consents/new"),
    ("senco", "/cases/{plan_case}/consents/services/withdraw"),
    ("senco", "/cases/{plan_case}/sharing"),
    ("senco", "/cases/{plan_case}/sharing/new"),
    ("senco", "/tasks/{letter_task}/letter"),
    ("sys", "/schools/beacon"),
    ("sys", "/calendars"),
    ("sys", "/calendars/beacon"),
    ("sys", "/calendars/beacon/close-day"),
    ("sys", "/calendars/beacon/training-day"),
    ("sys", "/calendars/beacon/terms"),
    ("sys", "/calendars/testshire/bank-holiday"),
    ("teacher", "/people"),
    ("senco", "/nothing-is-here"),
    ("senco", "/tasks/{ended_task}"),
)
#: pages of what is not there; all the others are
MISSING = {"/nothing-is-here"}
#: what a GET brings that is no page of its own, and why
NO_PAGE = {
    "static": "files",
    "health.show": "for monitors",
    "health.ready": "for monitors",
    "health.metrics": "for monitors",
    "second_step.ask": "between two steps of signing in: test_signing_in looks at it, and at the next five",
    "second_step.ask_set_up": "",
    "sign_in.again": "",
    "account.ask_codes": "",
    "single_sign_on.ask_link": "",
    "single_sign_on.answer": "",
    "single_sign_on.go": "to somebody else's page",
    "inbox.fragment": "the list of the inbox, seen there",
    "inbox.export": "a spreadsheet",
    "cases.export": "a spreadsheet",
    "meetings.export": "a spreadsheet",
    "days.export": "a spreadsheet",
    "counts.export": "a spreadsheet",
    "tasks.diagram": "BPMN",
    "cases.diagram": "BPMN",
    "cases.document": "a file",
    "consents.shared_table": "a spreadsheet",
    "letters.download": "a file",
    "cases.evidence": "a file",
    "cases.replay_diagram": "BPMN",
    "cases.replay_entry": "the panel of the replay, seen there",
    "cases.replay_events": "JSON",
    "meetings.feed": "a calendar for other programs",
    "processes.download": "BPMN",
    "modeler.diagram": "BPMN",
    "modeler.review_scenarios": "how they went, seen on the review",
    "modeler.scenarios_source": "YAML",
    "processes.scenario_results": "how they went, seen on the page of the version",
    "processes.download_scenarios": "YAML",
    "erasures.find": "leads to the page that asks",
    "modeler.form_source": "JSON",
    "modeler.decision_source": "DMN",
}
#: who, where, the button that is pressed with nothing filled in
MISTAKES: tuple[tuple[str, str, str], ...] = (
    ("nobody", "/sign-in", "Sign in"),
    ("senco", "/tasks/{offer_task}", "Finish this task"),
    ("senco", "/tasks/{plan_task}", "Finish this task"),
    ("senco", "/start/graduated-approach/pupil2", "Start the case"),
    ("senco", "/start/graduated-approach/new-pupil", "Add the pupil and go on"),
    ("senco", "/cases/{plan_case}", "Add note"),
    ("senco", "/cases/{plan_case}", "Add document"),
    ("senco", "/cases/{plan_case}/concern", "Raise the concern"),
    ("senco", "/cases/{stuck_case}/problems/{incident}", "Decide"),
    ("auditor", "/cases/{plan_case}/reveal", "Reveal names"),
    ("senco", "/account/second-step", "Confirm"),
    ("sys", "/operations/problems?{stuck}", "Do this"),
    ("sys", "/operations/webhooks/add", "Add this webhook"),
    ("sys", "/people/add", "Add this person"),
    ("sys", "/people/senco/add-role", "Add this role"),
    ("sys", "/schools/add", "Add this school"),
    ("sys", "/calendars/beacon/close-day", "Continue"),
)
#: who works at a desk: on a phone their pages must fit, and are not measured once more
OFFICE = {"sys", "owner1", "owner2"}
EDITORS = "[data-modeler], [data-form-editor], [data-decisions]"


@pytest.fixture(scope="module")
def live(template: installation.Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One installation for all of these tests: they only look."""
    with served(template, tmp_path_factory.mktemp("looked-at") / "data") as live:
        yield live


@pytest.fixture(scope="module")
def world(live: Live) -> World:
    """Cases at many stages, by the names the addresses use."""
    with live.app.app_context():
        letter_task = _a_letter()  # first: later the worker would also tell of the move to the cases of that pupil
        plan, waiting = journeys.case_at("plan"), journeys.case_at("review", "pupil2")
        stuck = journeys.case_at("review", "pupil2", plan={"review_date": None})
        late, moved = started(), started("pupil2")
        ended_task = open_task(moved)
        drafts.save(ended_task, moved, {"offer_note": "Quiet corner helps."}, "senco", 0, installation.NOW)
        move_pupil(moved)
        forum.prepare()
        series = forum.a_series()
        listed = forum.request(at=installation.NOW)
        found = {
            "series": series,
            "letter_task": letter_task,
            "meeting": f"{series}-2026-11-11",
            "listed_case": listed.reference,
            "listed_task": listed.opened[0],
            "plan_case": _reference(plan),
            "erase_case": _to_be_erased(late),
            "stuck_case": _reference(stuck),
            "incident": incidents.of_case(reading(), stuck)[0].id,
            "stuck": _cause(incidents.of_case(reading(), stuck)[0]),
            "plan_task": open_task(plan, "plan"),
            "offer_task": open_task(late),
            "log_task": open_task(waiting, "write_log"),
            "done_task": cases.answers_of(reading(), plan)[0].task_id,
            "ended_task": ended_task,
            "draft": _a_draft(),
            "webhook": _a_webhook(),
        }
        found["concern_case"] = _reference(started(safeguarding="yes"))
        _a_family()
        partnership.prepare(schools=("harbour",))
        partnership.a_centre()
        partnership.wanted("pupil3", "harbour")
        db.session.remove()
    live.move_clock(8)
    return found


def _reference(case_id: str) -> str:
    case = cases.by_reference(reading(), case_id)
    assert case is not None
    return case.reference


def _cause(found: incidents.Incident) -> str:
    return f"kind={found.kind}&process=graduated-approach&element={found.element}"


def _to_be_erased(case_id: str) -> str:
    """The reference of a case that its head asked to be erased; an officer is there to decide."""
    held = [{"role": "DPO", "organisation": "testshire"}]
    record = {"user_name": "dpo", "name": "Pia Lorne", "is_active": True, "memberships": held}
    write_record(StreamId("person", "dpo"), "person-recorded", {"person": record}, installation.command())
    case = cases.by_reference(reading(), case_id)
    assert case is not None
    head = Actor("head", "Esme Tarn", "HT", "beacon")
    erasures.ask(case, "mistake", "Started for the wrong school year.", installation.command(head))
    return case.reference


def _a_draft() -> str:
    person = people.one(reading(), "owner1")
    assert person is not None
    reader = Reader(person, organisations.tree(reading()), local_date(installation.NOW))
    return definition_drafts.begin_from("graduated-approach", 1, reader).id


def _a_letter() -> str:
    """The task of a letter that the worker wrote."""
    letters.deploy()
    case_id = between.start(letters.KEY)
    between.do(case_id, "say", what="Ink on the wall", serious="no", more="")
    between.work_off()
    return between.task_of(case_id, "tell")


def _a_family() -> None:
    """A mother, an uncle whom nobody contacts, and a consent of hers."""
    mother = Party("mother", "parent", "Orla Thornbury", "mother", "yes", email="orla@example.org", safe="yes")
    uncle = Party("uncle", "parent", "Kit Thornbury", "uncle", "no", safe="no")
    for one in (mother, uncle):
        parties.record("pupil1", one, 0, installation.command(between.SENCO))
    given = Consent(id="services", purposes=("services",), agencies="Speech therapy", given_by="mother",
                    given_by_name="Orla Thornbury", form="verbal", given_on="2026-10-01", evidence="by telephone",
                    until="")  # fmt: skip
    consents.record("pupil1", "beacon", given, True, installation.command(between.SENCO))


def _a_webhook() -> str:
    """A webhook with one event that was given up."""
    types = ["case.started", "task.opened"]
    record = {"name": "Data warehouse", "address": "https://hooks.example.org/waymark?of=testshire", "types": types,
              "organisation": "testshire", "is_on": True}  # fmt: skip
    write_record(StreamId("webhook", "one"), "webhook-recorded", {"webhook": record}, installation.command())
    effect = outbox.Effect("webhook-1", "webhook", "one", None, {"type": "case.started"})
    with transaction() as connection:
        outbox.add(connection, [effect])
    outbox.give_up([effect], real_now(), "The receiver answered 400")
    return "one"


def faults(page: Page, widths: tuple[dict[str, int], ...] = (DESKTOP, PHONE)) -> list[str]:
    """What axe finds at these widths, and sideways scrolling on a phone, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{size['width']} px: {one}" for one in (axe.violations(page) if size in widths else [])]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{size['width']} px: scrolls sideways to {page.evaluate(WIDEST)}")
    return found


#: the elements that reach furthest to the right
WIDEST = """() => [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > innerWidth)
  .map(one => one.tagName + '.' + one.className).slice(0, 5).join(', ')"""


def opened(page_as: PageAs, who: str, address: str) -> Page:
    """The page, with its scripts run."""
    page = page_as(None if who == "nobody" else who)
    page.goto(address)
    if page.locator(EDITORS).count() or page.locator("[data-replay]").count():
        expect(page.locator("body[data-ready]")).to_be_attached()
    return page


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_has_no_fault(live: Live, world: World, page_as: PageAs, who: str, address: str) -> None:
    widths = (DESKTOP,) if who in OFFICE else (DESKTOP, PHONE)
    page = opened(page_as, who, address.format(**world))
    assert (page.get_by_role("heading", name="Page not found").count() > 0) == (address in MISSING)
    assert faults(page, widths) == []


@pytest.mark.parametrize(("who", "address", "button"), MISTAKES)
def test_a_page_with_a_mistake_has_no_fault(
    live: Live, world: World, page_as: PageAs, who: str, address: str, button: str
) -> None:
    page = opened(page_as, who, address.format(**world))
    page.get_by_role("button", name=button, exact=True).last.click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page).to_have_title("Error: " + page.title().removeprefix("Error: "))
    assert faults(page) == []


def test_what_two_people_at_one_task_see_has_no_fault(live: Live, world: World, page_as: PageAs) -> None:
    with live.app.app_context():
        task_id = open_task(started("pupil1"))
        db.session.remove()
    first, second = page_as("senco"), page_as("senco2")
    for page in (first, second):
        page.goto(f"/tasks/{task_id}")
    journeys.check_offer(second, "Quiet corner")
    second.get_by_role("button", name="Save draft").click()
    first.get_by_role("button", name="Save draft").click()
    expect(first.get_by_role("region", name="Somebody saved a newer version")).to_be_visible()
    assert faults(first) == []
    journeys.finish(second, "Check the universal offer")
    assert faults(second) == []
    first.get_by_role("button", name="Finish this task").click()
    expect(first.get_by_role("heading", name="This task is already done")).to_be_visible()
    assert faults(first) == []


def test_every_page_is_looked_at(live: Live) -> None:
    routes = [one for one in live.app.url_map.iter_rules() if "GET" in (one.methods or ())]
    matcher = live.app.url_map.bind("localhost")
    ids = {f"{{{name}}}": "1" for name in ("draft", "incident")}
    looked_at = set()
    for _, address in PAGES:
        path = address.partition("?")[0]
        for name, value in ids.items():
            path = path.replace(name, value)
        if path != "/nothing-is-here":
            looked_at.add(matcher.match(path, "GET")[0])
    pages = {one.endpoint for one in routes if not one.endpoint.startswith(("api_", "api-docs"))}
    assert pages == looked_at | set(NO_PAGE)
    assert not looked_at & set(NO_PAGE)
