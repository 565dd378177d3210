"""The list of cases and one case: what is next, by when and why, what was said, what can happen to it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.installation import NOW, command

from app.cases import additions, events, starting, tasks
from app.cases.command import Receipt
from app.cases.sentences import SENTENCES
from app.model.actor import Actor
from app.store import reads
from app.store.db import db, reading
from app.store.queries import incidents, work

SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
DSL = Actor("dsl", "Farid Lowe", "DSL", "beacon")
ClientOf = Callable[[str], FlaskClient]

CONCERN = {
    "concern_areas": ["cognition_learning"],
    "description": "Reads slowly. Zadie loses the line.",
    "raised_by": "staff",
    "safeguarding_concern": "no",
}


def a_case(pupil: str = "pupil1", school: str = "beacon", actor: Actor = SENCO, **more: str) -> Receipt:
    answers = {**CONCERN, **more}
    variables = {key: answers[key] for key in ("concern_areas", "safeguarding_concern")}
    new = starting.NewCase("graduated-approach", pupil, school, answers, variables, named=("teacher",))
    return starting.start(new, command(actor))


def first_task(case: Receipt) -> work.TaskLine:
    db.session.rollback()
    return work.of_case(reading(), case.case_id)[0]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_list_shows_what_is_next_and_by_when(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    page = text_of(client_of("senco").get("/cases").text)
    assert "Zadie Thornbury" in page
    assert case.reference in page
    assert "Check the universal offer: Due Mon 9 November 2026" in page


def test_the_list_holds_only_cases_in_the_readers_scope(app: Flask, client_of: ClientOf) -> None:
    ours, theirs = a_case(), a_case("pupil3", "harbour", Actor("other-senco", "Gwen Pike", "SENCO", "harbour"))
    page = client_of("senco").get("/cases").text
    assert ours.reference in page
    assert theirs.reference not in page
    assert client_of("senco").get(f"/cases/{theirs.reference}").status_code == 404


def test_a_search_finds_by_the_beginning_of_a_word(app: Flask, client_of: ClientOf) -> None:
    a_case()
    a_case("pupil2")
    page = client_of("senco").get("/cases?search=apple").text
    assert "Yusuf Applegarth" in page
    assert "Zadie" not in page


def test_the_next_page_of_the_list_goes_on_where_the_last_one_stopped(app: Flask, client_of: ClientOf) -> None:
    from app.access.people import Reader
    from app.access.scopes import case_scope
    from app.store.queries import cases, organisations, people

    made = [a_case("pupil1" if n % 2 else "pupil2").reference for n in range(5)]
    person = people.one(reading(), "senco")
    assert person is not None
    scope = case_scope(Reader(person, organisations.tree(reading()), NOW.date()))
    first = cases.visible(reading(), scope, NOW.date(), limit=3)
    rest = cases.visible(reading(), scope, NOW.date(), limit=3, after=(first[-1].changed_at, first[-1].id))
    assert sorted(one.reference for one in [*first, *rest]) == sorted(made)


def test_a_case_says_who_has_it_what_is_next_by_when_and_why(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    page = text_of(client_of("senco").get(f"/cases/{case.reference}").text)
    assert "Check the universal offer For the SENCO; nobody has taken it yet" in page
    assert "Due Mon 9 November 2026" in page
    assert "5 school days after" in page
    assert "Started Mon 2 November 2026 by Asha Quill" in page
    assert "Named in it Cleo Marsh" in page
    assert (
        "Asha Quill started “Graduated approach (assess, plan, do, review)” for Zadie Thornbury at Beacon School."
        in page
    )


def test_opening_a_case_is_recorded(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client_of("head").get(f"/cases/{case.reference}")
    client_of("other-senco").get(f"/cases/{case.reference}")
    found = [(row.person_id, row.outcome) for row in reads.of_subject(reading(), f"case/{case.case_id}")]
    assert sorted(found) == [("head", "allowed"), ("other-senco", "refused")]


def test_a_note_is_added_and_shown(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client = client_of("teacher")
    added = client.post(f"/cases/{case.reference}/notes", data={"text": "Talked with the mother.", "_key": "k1"})
    client.post(f"/cases/{case.reference}/notes", data={"text": "Talked with the mother.", "_key": "k1"})
    assert added.status_code == 303
    page = client.get(added.location).text
    assert "The note was added." in page
    assert page.count("Talked with the mother.") == 2  # once as a note, once on the timeline


def test_an_empty_note_is_refused_and_a_long_one_is_kept_on_the_page(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client = client_of("senco")
    empty = client.post(f"/cases/{case.reference}/notes", data={"text": "  "})
    long = client.post(f"/cases/{case.reference}/notes", data={"text": "x" * 8001})
    assert (empty.status_code, long.status_code) == (422, 422)
    assert "Error: " in empty.text
    assert "Enter the note" in empty.text
    assert "x" * 8001 in long.text


def test_others_read_only_that_a_restricted_note_was_added(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    additions.add_note(case.case_id, "A bruise was seen.", True, command(DSL))
    theirs = client_of("senco").get(f"/cases/{case.reference}").text
    assert "bruise" not in theirs
    assert "A restricted note was added." in theirs
    assert "A bruise was seen." in client_of("dsl").get(f"/cases/{case.reference}").text


def test_only_the_safeguarding_lead_can_restrict_a_note(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client_of("senco").post(f"/cases/{case.reference}/notes", data={"text": "Plain words", "restricted": "yes"})
    assert "Plain words" in client_of("head").get(f"/cases/{case.reference}").text


def test_a_concern_reaches_the_safeguarding_lead_and_nobody_else(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    raised = client_of("teacher").post(f"/cases/{case.reference}/concern", data={"concern": "A bruise.", "_key": "k"})
    assert raised.status_code == 200
    assert "Farid Lowe has a task to act on it" in text_of(raised.text)
    for who in ("teacher", "senco", "head"):
        page = re.sub(r"(?s)<details.*?</details>", "", client_of(who).get(f"/cases/{case.reference}").text)
        assert "bruise" not in page
        assert "Act on the safeguarding alert" not in page
        assert page.count("A restricted note was added.") == 2
    theirs = client_of("dsl").get(f"/cases/{case.reference}").text
    assert "A bruise." in theirs
    assert "Act on the safeguarding alert" in theirs


def test_a_concern_without_words_is_refused(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    refused = client_of("teacher").post(f"/cases/{case.reference}/concern", data={"concern": " "})
    assert refused.status_code == 422
    assert "Enter what you are worried about" in refused.text


def test_a_concern_about_a_closed_case_says_whom_to_speak_with(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client = client_of("senco")
    client.post(f"/cases/{case.reference}/tell/pupil.moved", data={"on-day": "2", "on-month": "11", "on-year": "2026",
                                                                   "reason": "The family moved away"})  # fmt: skip
    task = first_task(case)
    tasks.complete(case.case_id, task.task_id, tasks.Answers(), command(SENCO))
    raised = client.post(f"/cases/{case.reference}/concern", data={"concern": "Seen alone at night."})
    assert "Speak with Farid Lowe today" in text_of(raised.text)
    assert "Seen alone at night." in client_of("dsl").get(f"/cases/{case.reference}").text


def test_the_case_offers_what_it_waits_for_in_plain_words(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    page = client_of("senco").get(f"/cases/{case.reference}").text
    for words in ("The pupil has moved", "Consent was withdrawn", "Advice was received", "The EHC plan is final"):
        assert words in page
    assert "The pupil has moved" not in client_of("teacher").get(f"/cases/{case.reference}").text
    assert client_of("teacher").get(f"/cases/{case.reference}/tell/pupil.moved").status_code == 403
    assert client_of("senco").get(f"/cases/{case.reference}/tell/safeguarding.alert").status_code == 404
    assert client_of("senco").get(f"/cases/{case.reference}/tell/nothing.known").status_code == 404


def test_telling_the_case_that_the_pupil_moved_ends_what_was_open(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client = client_of("senco")
    address = f"/cases/{case.reference}/tell/pupil.moved"
    assert client.get(address).status_code == 200
    assert client.post(address, data={"reason": ""}).status_code == 422
    sent = {"on-day": "2", "on-month": "11", "on-year": "2026", "reason": "The family moved away", "_key": "k"}
    told = client.post(address, data=sent)
    assert told.status_code == 303
    page = text_of(client.get(told.location).text)
    assert "Hand over the plan to the new school" in page
    assert "Asha Quill told the case: Pupil moved." in page
    assert "The family moved away" in page


def test_a_moved_due_date_keeps_the_old_one_with_the_reason(app: Flask, client_of: ClientOf) -> None:
    from web.test_replay import close_school

    case = a_case()
    close_school("2026-11-04")
    events.recalculate(case.case_id, command(), "Beacon School was closed on 4 November")
    page = text_of(client_of("senco").get(f"/cases/{case.reference}").text)
    assert "Due Tue 10 November 2026 was Mon 9 November 2026 , moved because Beacon School was closed" in page


def test_an_overdue_case_says_by_how_much(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    installation.move_clock(14)
    page = text_of(client_of("senco").get(f"/cases/{case.reference}").text)
    assert "Overdue by 7 days" in page


def test_words_with_markup_are_shown_as_words(app: Flask, client_of: ClientOf) -> None:
    case = a_case(description="<script>alert(1)</script>")
    additions.add_note(case.case_id, "<img src=x>", False, command(SENCO))
    page = client_of("senco").get(f"/cases/{case.reference}").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x&gt;" in page


def test_an_erased_case_leaves_its_reference_and_its_chain(app: Flask, client_of: ClientOf) -> None:
    from app.cases.erasing import erase

    case = a_case()
    erase(case.case_id, "head", "kept for long enough", command())
    client = client_of("auditor")
    page = client.get(f"/cases/{case.reference}")
    assert page.status_code == 200
    assert "The content of this case was erased." in page.text
    assert client.get(f"/cases/{case.reference}/replay").status_code == 410
    assert client.get(f"/cases/{case.reference}/evidence.json").status_code == 200
    assert "hold together" in client.get(f"/cases/{case.reference}/verify").text


def test_every_kind_of_entry_has_a_sentence() -> None:
    kinds: set[str] = set()
    for file in (installation.ROOT / "app" / "cases").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Decision", "_assignment"}:
                said = ast.walk(node.args[0]) if node.args else ()
                kinds |= {one.value for one in said if isinstance(one, ast.Constant)}
    assert kinds == set(SENTENCES)


def test_the_case_writes_are_refused_to_those_who_only_look(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    for who, status in (("auditor", 403), ("far-senco", 404)):
        client = client_of(who)
        assert client.post(f"/cases/{case.reference}/notes", data={"text": "x"}).status_code == status
        assert client.post(f"/cases/{case.reference}/concern", data={"concern": "x"}).status_code == status
        assert client.post(f"/cases/{case.reference}/documents", data={}).status_code == status


def a_stuck_case() -> Receipt:
    """A case that cannot go on: the plan says no review date."""
    from web.test_replay import a_case as started
    from web.test_replay import do

    case = started()
    for element, actor in (("check_universal_offer", SENCO), ("talk_with_family", SENCO), ("assess", SENCO)):
        do(case, element, actor)
    do(case, "describe_class", Actor("teacher", "Cleo Marsh", "TEACH", "beacon"))
    do(case, "plan", review_date=None)
    return case


def incident_of(case: Receipt) -> str:
    db.session.rollback()
    return next(one.id for one in incidents.of_case(reading(), case.case_id) if one.state == "open")


def test_a_case_that_cannot_go_on_says_so_and_is_put_right(app: Flask, client_of: ClientOf) -> None:
    case, client = a_stuck_case(), client_of("senco")
    address = f"/cases/{case.reference}/problems/{incident_of(case)}"
    assert "This case cannot go on" in client.get(f"/cases/{case.reference}").text
    assert client.get(address).status_code == 200
    refused = client.post(address, data={"how": "correct", "variable": "review_date", "value": "soon", "reason": "x"})
    assert refused.status_code == 422
    assert "Enter a date as year-month-day" in refused.text
    assert "Enter why" in refused.text
    right = {"how": "correct", "variable": "review_date", "value": "2026-12-15", "reason": "The plan was on paper"}
    page = text_of(client.get(client.post(address, data=right).location).text)
    assert "This case cannot go on" not in page
    assert "Waiting until Tue 15 December 2026" in page
    assert "Asha Quill resolved a problem. Data corrected: The plan was on paper." in page
    assert client.get(address).status_code == 404


def test_a_case_that_cannot_go_on_is_ended_with_a_reason(app: Flask, client_of: ClientOf) -> None:
    case, client = a_stuck_case(), client_of("senco")
    ended = {"how": "end", "reason": "Started twice by mistake"}
    client.post(f"/cases/{case.reference}/problems/{incident_of(case)}", data=ended)
    assert "This case closed on Mon 2 November 2026" in text_of(client.get(f"/cases/{case.reference}").text)


def test_a_case_that_cannot_go_on_is_moved_by_hand_once_it_was_seen_what_that_means(
    app: Flask, client_of: ClientOf
) -> None:
    case, client = a_stuck_case(), client_of("senco")
    address = f"/cases/{case.reference}/problems/{incident_of(case)}/move"
    page = client.get(address).text
    assert "Task: Hold the review meeting" in page
    assert "began only" not in page
    assert "review_date_reached" not in page

    stuck_again = text_of(client.get(f"{address}?to=review").text)
    assert "“Write in the intervention log” ends undone" in stuck_again
    assert "The case still cannot go on: Expected a date to count from" in stuck_again
    page = client.get(f"{address}?to=plan").text
    told = text_of(page)
    assert "What it means to go on at “Agree the plan”" in told
    assert "“Agree the plan” opens for" in told
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    sent = {"to": "plan", "seen": seen[1], "reason": "", "_key": "one"}
    assert "Enter why" in client.post(address, data=sent).text
    sent |= {"reason": "The plan was reviewed on paper"}
    first = client.post(address, data=sent)
    again = client.post(address, data=sent)
    assert (first.status_code, first.location) == (again.status_code, again.location) == (303, first.location)

    page = text_of(client.get(first.location).text)
    assert "The case was moved" in page
    assert "This case cannot go on" not in page
    assert "Asha Quill moved the case by hand from" in page
    assert "The plan was reviewed on paper." in page
    assert "plan" in {one.element for one in tasks_of(case)}


def tasks_of(case: Receipt) -> list[work.TaskLine]:
    db.session.rollback()
    return work.of_case(reading(), case.case_id)


def test_what_a_move_means_is_shown_again_where_the_case_went_on_since(app: Flask, client_of: ClientOf) -> None:
    case, client = a_stuck_case(), client_of("senco")
    address = f"/cases/{case.reference}/problems/{incident_of(case)}/move"
    assert client.get(f"{address}?to=nowhere").status_code == 422
    sent = {"to": "review", "seen": "something else", "reason": "The plan was reviewed on paper"}
    shown = client.post(address, data=sent)
    assert shown.status_code == 422
    assert "the case went on since" in shown.text
    assert "What it means to go on at" in shown.text
    wrong = client.post(address, data=sent | {"to": "pupil_moved"})
    assert (wrong.status_code, "begins only when something happens" in wrong.text) == (422, True)
    assert client.get(f"/cases/{case.reference}/problems/other/move").status_code == 404


def test_the_alert_to_the_safeguarding_lead_is_not_a_message_to_tell(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    sent = {"on-day": "2", "on-month": "11", "on-year": "2026", "reason": "words", "_key": "k"}
    assert client_of("senco").post(f"/cases/{case.reference}/tell/safeguarding.alert", data=sent).status_code == 404
