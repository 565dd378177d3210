"""One round as staff meet it: nothing is decided for them, and what is proposed is not shown as agreed."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from support import installation, rounds
from support.staff import move_pupil, open_task, started

from app.cases.sweep import sweep
from app.store.db import reading
from app.store.queries import cases

ClientOf = Callable[[str], FlaskClient]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("&#39;", "'")


def reference_of(case_id: str) -> str:
    case = cases.by_reference(reading(), case_id)
    assert case is not None
    return case.reference


def case_words(client: FlaskClient, case_id: str) -> str:
    return words(client.get(f"/cases/{reference_of(case_id)}").text)


def test_nothing_is_chosen_beforehand_and_the_table_says_what_it_recommends_and_why(
    app: Flask, client_of: ClientOf
) -> None:
    task = rounds.to_decision(started())

    page = client_of("senco").get(f"/tasks/{task}").text

    radios = re.findall(r'<input[^>]*name="(?:next_step|training_need)"[^>]*>', page)
    assert len(radios) == 13
    assert [one for one in radios if "checked" in one] == []
    assert (
        "The table recommends Another round, same tier Why the table recommends it Outcomes are partly met."
        in words(page)
    )
    refused = client_of("senco").post(f"/tasks/{task}", data={"reason": "The review showed that it helps."})
    assert refused.status_code == 422
    assert "Select an answer to “What happens next?”" in words(refused.text)


def test_a_tier_that_the_head_refused_is_proposed_and_never_agreed(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    rounds.refused_tier(case_id)
    senco = client_of("senco")

    page = case_words(senco, case_id)
    both = (
        "Agreed tier Tier 1: what every class offers "
        "Which tier does the plan propose? Tier 3: targeted, with an outside service"
    )
    assert both in page
    assert "Agreed tier Tier 3" not in page
    again = words(senco.get(f"/tasks/{open_task(case_id, 'plan')}").text)
    assert "Agreed tier Tier 1: what every class offers" in again

    rounds.do(case_id, "plan", proposed_tier="3", tier_jump_reason="The service is involved already.")
    rounds.do(case_id, "agree_tier", tier_agreed="yes", reason="The service starts next week.", send_back_reason=None)

    assert "Agreed tier Tier 3: targeted, with an outside service" in case_words(senco, case_id)


def test_what_the_process_knows_is_said_in_the_words_of_the_forms(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    rounds.to_decision(case_id)

    page = case_words(client_of("senco"), case_id)

    assert "The table recommends Another round, same tier" in page
    assert "Progress in this round Outcomes partly met" in page
    for code in ("same_tier", "tier_up", "overall_progress", "Overall progress partly"):
        assert code not in page


def test_a_task_that_ended_undone_is_on_the_timeline_with_what_ended_it(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    rounds.to_plan(case_id)
    rounds.do(case_id, "plan")
    installation.move_clock(50)
    sweep(installation.NOW + timedelta(days=50))
    senco = client_of("senco")
    assert (
        "“Write in the intervention log” ended before anybody did it, because of “Review date reached”."
        in case_words(senco, case_id)
    )

    move_pupil(case_id)

    page = case_words(senco, case_id)
    assert "“Hold the review meeting” ended before anybody did it, because of “Pupil moved”." in page


def test_notices_are_folded_and_still_say_who_was_told(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    installation.move_clock(12)
    sweep(installation.NOW + timedelta(days=12), as_they_were_due=True)

    page = client_of("senco").get(f"/cases/{reference_of(case_id)}").text

    fold = r'<details class="govuk-details wm-timeline__fold"><summary.*?>\d notices sent</span></summary>'
    assert re.search(fold, page)
    assert "Waymark told Asha Quill" in words(page)


def test_money_and_dates_are_written_one_way(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    rounds.to_plan(case_id)
    rounds.do(case_id, "plan")

    page = case_words(client_of("senco"), case_id)

    assert "£12.50" in page
    assert "When will you review the plan? Mon 14 December 2026" in page
    assert "Waiting until Mon 14 December 2026: Review date reached." in page
