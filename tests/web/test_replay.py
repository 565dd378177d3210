"""Replay: a case as it was after any entry, folded and never run again; masked for auditors; the chain checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.installation import NOW, command

from app import engine
from app.calendars import reference_calendar, to_json
from app.calendars.calendar import Closure
from app.cases import additions, events, starting, tasks
from app.cases.command import Receipt
from app.cases.definitions import form_of
from app.cases.history import entries_of
from app.cases.records import write_record
from app.model.actor import Actor
from app.model.entry import StreamId
from app.store import checkpoints
from app.store.db import db, reading
from app.store.queries import work
from app.store.rows import case_of

SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
TEACHER = Actor("teacher", "Cleo Marsh", "TEACH", "beacon")
DSL = Actor("dsl", "Farid Lowe", "DSL", "beacon")
ClientOf = Callable[[str], FlaskClient]

CONCERN: dict[str, Any] = {
    "concern_areas": ["cognition_learning"],
    "description": "Zadie loses the line.",
    "raised_by": "staff",
    "safeguarding_concern": "no",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "check_universal_offer": {"strategies_tried": [{"what": "Seat near the teacher", "weeks": 6, "effect": "same"}]},
    "talk_with_family": {
        "talked_on": "2026-11-02",
        "parents_told": True,
        "parent_view": "Orla Thornbury reads with Zadie.",
        "pupil_view": "I like stories.",
        "consent_to_share": "yes",
        "consent_to": ["forum"],
        "given_by": "Orla Thornbury",
        "consent_form": "written",
        "given_on": "2026-11-02",
    },
    "describe_class": {"goes_well": "Tells good stories.", "is_hard": "Reading alone."},
    "assess": {
        "assessments": [{"tool": "Reading test", "taken_on": "2026-11-02", "score": "84"}],
        "needs": ["cognition_learning"],
        "strengths": "Spoken language.",
        "barriers": "Decoding.",
    },
    "plan": {
        "agreed_on": "2026-11-03",
        "profile": "A good storyteller.",
        "outcomes": [
            {
                "outcome": "Reads 60 words a minute",
                "measure": "One minute reading",
                "baseline": "38 words",
                "target": "60 words",
                "by": "2027-03-25",
            }
        ],
        "provision": [{"what": "Precision teaching", "who": "TA", "frequency": "daily", "minutes": 50}],
        "pupil_view": "I want to read.",
        "parent_view": "We want to help.",
        "proposed_tier": "2",
        "review_date": "2026-12-15",
    },
}


def a_case() -> Receipt:
    record = {"upn": "X998100126001", "name": "Zadie Thornbury", "school": "beacon", "year_group": "3",
              "born_on": "2019-03-14", "parents": [{"name": "Orla Thornbury", "relation": "mother"}]}  # fmt: skip
    write_record(StreamId("pupil", "pupil1"), "pupil-recorded", {"pupil": record}, command())
    variables = {key: CONCERN[key] for key in ("concern_areas", "safeguarding_concern")}
    new = starting.NewCase("graduated-approach", "pupil1", "beacon", CONCERN, variables, named=("teacher",))
    return starting.start(new, command(SENCO))


def do(case: Receipt, element: str, actor: Actor = SENCO, day: int = 0, **changed: Any) -> Receipt:
    """Complete the open task at an element with its answers; the form says which become variables."""
    db.session.rollback()
    task = next(one for one in work.of_case(reading(), case.case_id) if one.element == element)
    answers = {**ANSWERS[element], **changed}
    assert task.form_key is not None
    form = form_of(case_of(reading(), case.case_id).bundle, task.form_key)
    variables = {question.variable: answers.get(question.key) for question in form.questions if question.variable}
    given = tasks.Answers(answers, variables, form_digest=form.digest)
    return tasks.complete(case.case_id, task.task_id, given, command(actor, NOW + timedelta(days=day)))


def planned() -> Receipt:
    """A case whose plan was agreed in its last entry."""
    case = a_case()
    for element in ("check_universal_offer", "talk_with_family"):
        do(case, element)
    do(case, "describe_class", TEACHER)
    do(case, "assess")
    do(case, "plan", day=1)
    return case


def close_school(day: str) -> None:
    """Close Beacon School on one more day."""
    calendar = reference_calendar("REF-A")
    closed = Closure(date.fromisoformat(day), "boiler failure")
    days = to_json(replace(calendar, closures=(*calendar.closures, closed)))
    content = {"calendar": {"name": "Beacon School (REF-A)", "days": days | {"owner": "Beacon School"}}}
    write_record(StreamId("calendar", "beacon"), "calendar-recorded", content, command())


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_step_before_the_plan_shows_the_case_as_it_was_then(app: Flask, client_of: ClientOf) -> None:
    case = planned()
    last = len(entries_of(case.case_id))
    page = text_of(client_of("auditor").get(f"/cases/{case.reference}/replay?entry={last - 1}").text)
    assert f"Entry {last - 1}: Asha Quill completed “Assess the pupil's needs”." in page.replace("&#39;", "'")
    assert "Agree the plan , for SENCO" in page
    assert "The form of “Agree the plan” as it was in version 1 (" in page
    assert "The form of “Assess the pupil&#39;s needs” as it was in version 1 (" in page
    assert "Spoken language. may name people" in page
    assert "A good storyteller." not in page
    assert "As SENCO at Beacon School".lower() in page.lower()


def test_the_entry_of_the_plan_shows_what_it_changed(app: Flask, client_of: ClientOf) -> None:
    case = planned()
    page = client_of("auditor").get(f"/cases/{case.reference}/replay/entries/{len(entries_of(case.case_id))}").text
    plain = text_of(page)
    assert "The form of “Agree the plan” as it was in version 1 (" in plain
    assert "A good storyteller." in plain
    assert "Agreed tier before: Tier 1: what every class offers now: Tier 2: targeted" in plain
    assert "waiting until Tue 15 December 2026" in plain


def test_every_moment_replays_to_the_tasks_that_were_open_then(app: Flask, client_of: ClientOf) -> None:
    from app.access.organisations import OrganisationTree
    from app.audit import replay
    from app.cases.sight import Sight
    from app.store.queries import cases

    case = a_case()
    live: dict[int, list[str]] = {}

    def remember() -> None:
        db.session.rollback()
        seq = len(entries_of(case.case_id))
        live[seq] = sorted(one.name for one in work.of_case(reading(), case.case_id))

    remember()
    for element, actor in (
        ("check_universal_offer", SENCO),
        ("talk_with_family", SENCO),
        ("describe_class", TEACHER),
        ("assess", SENCO),
        ("plan", SENCO),
    ):
        do(case, element, actor)
        remember()
    line = cases.by_reference(reading(), case.reference)
    assert line is not None
    for seq, names in live.items():
        then = replay.moment(line, seq, Sight(may_see_restricted=True), OrganisationTree(()))
        assert sorted(one.name for one in then.tasks) == names


def test_a_moved_due_date_is_shown_as_it_stood_at_each_entry(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    close_school("2026-11-04")
    events.recalculate(case.case_id, command(), "the school was closed on 4 November")
    client = client_of("auditor")
    before = text_of(client.get(f"/cases/{case.reference}/replay?entry=1").text)
    after = text_of(client.get(f"/cases/{case.reference}/replay/entries/2").text)
    assert "Check the universal offer , for SENCO Due Mon 9 November 2026" in before
    assert "Check the universal offer , for SENCO Due Tue 10 November 2026" in after
    assert "“Check the universal offer” was due Mon 9 November 2026 and is now due Tue 10 November 2026." in after


def test_events_give_the_script_moves_in_the_order_it_counts_them(app: Flask, client_of: ClientOf) -> None:
    case = planned()
    found = json.loads(client_of("auditor").get(f"/cases/{case.reference}/replay/events.json").text)
    assert [one["n"] for one in found] == list(range(1, len(found) + 1))
    assert list(found[0]["marks"]) == ["entered", "left", "taken"]
    assert "check_universal_offer" in found[0]["marks"]["entered"]
    assert "check_universal_offer" in found[1]["marks"]["left"]


def test_the_diagram_is_that_of_the_version_the_case_was_on(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    old = client_of("auditor").get(f"/cases/{case.reference}/replay/diagram.bpmn?entry=1").data
    bundle = installation.bundle_of(installation.ROOT / "processes" / "graduated-approach")
    renamed = {name: file.replace(b"Agree the plan", b"Settle the plan") for name, file in bundle.bpmn.items()}
    installation.deploy("graduated-approach", replace(bundle, bpmn=renamed))
    assert client_of("auditor").get(f"/cases/{case.reference}/replay/diagram.bpmn?entry=1").data == old
    assert b"Agree the plan" in old
    assert b"Settle" not in old


def test_an_entry_that_does_not_exist_is_not_found(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    client = client_of("auditor")
    for entry in ("0", "99", "x", "-1", "9" * 30):
        assert client.get(f"/cases/{case.reference}/replay?entry={entry}").status_code == 404
    assert client.get(f"/cases/{case.reference}/replay/entries/99").status_code == 404


def test_only_auditors_replay(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    statuses = {
        who: client_of(who).get(f"/cases/{case.reference}/replay").status_code
        for who in ("auditor", "senco", "head", "far-senco", "owner1", "sys")
    }
    assert statuses == {"auditor": 200, "senco": 403, "head": 403, "far-senco": 404, "owner1": 404, "sys": 404}


def test_what_is_restricted_stays_out_of_replay_and_evidence(app: Flask, client_of: ClientOf) -> None:
    case = a_case()
    additions.add_note(case.case_id, "A bruise was seen.", True, command(DSL))
    events.deliver(case.case_id, "safeguarding.alert", None, command(SENCO))
    client = client_of("auditor")
    pages = [client.get(f"/cases/{case.reference}/replay?entry={n}").text for n in (1, 2, 3)]
    pages += [client.get(f"/cases/{case.reference}/evidence.json").text]
    pages += [
        client.get(f"/cases/{case.reference}/replay/events.json").text,
        client.get(f"/cases/{case.reference}").text,
    ]
    assert all("bruise" not in page and "Farid Lowe added" not in page for page in pages)
    panels = [re.sub(r"(?s)<details.*?</details>", "", page) for page in pages]
    assert all("Act on the safeguarding alert" not in panel for panel in panels)
    assert "A restricted note was added." in pages[1]
    assert "A restricted note was added." in pages[2]


def test_evidence_holds_every_entry_with_its_hash_and_masked_content(app: Flask, client_of: ClientOf) -> None:
    case = planned()
    response = client_of("auditor").get(f"/cases/{case.reference}/evidence.json")
    taken = json.loads(response.text)
    assert "attachment" in response.headers["Content-Disposition"]
    assert taken["names_masked"] is True
    assert taken["chain"]["holds"] is True
    assert [one["hash"] for one in taken["entries"]] == [one.hash.hex() for one in entries_of(case.case_id)]
    assert (
        taken["entries"][0]["content"]["task"]["answers"]["description"]
        == f"Pupil {case.reference[4:]} loses the line."
    )
    assert not re.search("Zadie|Thornbury|Orla|pupil1", response.text)


def test_evidence_names_nothing_of_the_restricted_compartment_and_says_that_it_was_left_out(
    app: Flask, client_of: ClientOf
) -> None:
    # given a case whose first entry opens a restricted task beside an open one, and another of the compartment alone
    worried = {**CONCERN, "safeguarding_concern": "yes"}
    variables = {key: worried[key] for key in ("concern_areas", "safeguarding_concern")}
    new = starting.NewCase("graduated-approach", "pupil1", "beacon", worried, variables, named=("teacher",))
    case = starting.start(new, command(SENCO))
    additions.add_note(case.case_id, "A bruise was seen.", True, command(DSL))
    db.session.rollback()
    restricted = next(one for one in work.of_case(reading(), case.case_id) if one.is_restricted)

    # when an auditor takes the evidence away
    text = client_of("auditor").get(f"/cases/{case.reference}/evidence.json").text

    # then nothing in it names that task, its element or the flow to it, and the export says so
    assert restricted.element == "consider_safeguarding"
    assert not [word for word in (restricted.element, restricted.task_id, restricted.name, "bruise") if word in text]
    played = client_of("auditor").get(f"/cases/{case.reference}/replay/events.json").text
    assert restricted.element not in played
    taken = json.loads(text)
    assert taken["left_out"].startswith("Left out, because it belongs to the restricted compartment")
    assert taken["entries_withheld"] == sum("withheld" in one for one in taken["entries"]) == 1
    assert ["entered", "check_universal_offer"] in [move[:2] for move in taken["entries"][0]["content"]["moves"]]


def test_a_check_says_how_many_entries_hold(app: Flask, client_of: ClientOf) -> None:
    case = planned()
    count = len(entries_of(case.case_id))
    page = text_of(client_of("auditor").get(f"/cases/{case.reference}/verify").text)
    assert f"All {count} entries hold together" in page
    assert f"Entries {count} entries of this case" in page
    assert "First entry 1, written down on " in page
    assert f"Last entry {count}, written down on " in page
    assert f"Not sealed yet {count} entries; the next checkpoint is made within the hour" in page
    assert "Only a list of checkpoints that you keep yourself shows that" in page
    assert "“Entry 3 was altered after it was written”" in page
    assert "a signed checkpoint seals the last fingerprint" in page


def test_a_check_says_which_checkpoint_seals_a_case(app: Flask, client_of: ClientOf) -> None:
    # given a case that is sealed, and grew by an entry afterwards
    case = planned()
    count = len(entries_of(case.case_id))
    made = checkpoints.make(NOW)
    assert made is not None
    additions.add_note(case.case_id, "A note after the checkpoint", False, command())
    page = text_of(client_of("auditor").get(f"/cases/{case.reference}/verify").text)
    # then the page says so, with the root to compare
    assert f"Sealed Entries 1 to {count} in checkpoint {made.n}, signed on " in page
    assert made.unsigned.root.hex() in page
    assert "Not sealed yet 1 entry; the next checkpoint is made within the hour" in page


def test_a_check_names_the_entry_that_was_altered(app: Flask, client_of: ClientOf) -> None:
    case = planned()
    kind = db.engine.dialect.name
    with db.engine.begin() as connection:
        if kind == "sqlite":
            for name in connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("ALTER TABLE entry DISABLE TRIGGER USER")
        connection.execute(
            sa.text("UPDATE entry SET actor = 'teacher' WHERE stream_id = :id AND seq = 3"), {"id": case.case_id}
        )
    page = text_of(client_of("auditor").get(f"/cases/{case.reference}/verify").text)
    assert "Entry 3 was altered after it was written" in page


def test_the_fold_at_the_last_entry_is_the_live_state(app: Flask) -> None:
    case = planned()
    deltas = [entry.content["delta"] for entry in entries_of(case.case_id) if entry.content]
    assert engine.fold(deltas) == case_of(reading(), case.case_id).state  # type: ignore[arg-type]
