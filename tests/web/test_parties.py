"""The people around a pupil: recording them once for all cases, and saying plainly who must not be contacted."""

from collections.abc import Callable

import sqlalchemy as sa
from flask.testing import FlaskClient
from support import installation
from support.staff import field, open_task, started

from app.cases import rebuilding
from app.cases.parties import writings
from app.store.db import db, reading
from app.store.queries import cases
from app.store.tables import entry

ClientOf = Callable[[str], FlaskClient]
MOTHER = {"kind": "parent", "name": "Orla Thornbury", "relationship": "mother", "responsibility": "yes", "safe": "yes",
          "phone": "0114 496 0555", "email": "orla@example.org"}  # fmt: skip


def reference_of(case_id: str) -> str:
    found = cases.by_reference(reading(), case_id)
    assert found is not None
    return found.reference


def entries() -> int:
    db.session.rollback()
    return reading().scalar(sa.select(sa.func.count()).select_from(entry)) or 0


def test_a_parent_is_recorded_once_and_shown_in_every_case_of_the_pupil(client_of: ClientOf) -> None:
    client = client_of("senco")
    first, second = reference_of(started()), reference_of(started())
    # when the same form is sent twice
    for _ in range(2):
        sent = client.post(f"/cases/{first}/people/new", data={**MOTHER, "_key": "one"})
        assert sent.status_code == 303, sent.text
        after = entries()
    assert entries() == after
    # then both cases show her, once
    for reference in (first, second):
        page = client.get(f"/cases/{reference}/people").text
        assert page.count('<h2 class="wm-panel__title"') == 1
        assert "0114 496 0555" in page
        assert "Write to Orla Thornbury (mother) by e-mail" in page
        assert "Has parental responsibility" in client.get(f"/cases/{reference}").text
    # and what was recorded can be made again from the journal
    db.session.rollback()
    assert rebuilding.check() == []


def test_whoever_must_not_be_contacted_is_named_on_the_case_and_on_its_tasks(client_of: ClientOf) -> None:
    client, case_id = client_of("senco"), started()
    reference, task = reference_of(case_id), open_task(case_id)
    father = {**MOTHER, "name": "Kit Thornbury", "relationship": "father", "safe": "no", "contact_note": "ask the DSL"}
    assert client.post(f"/cases/{reference}/people/new", data=father).status_code == 303
    said = "Do not contact Kit Thornbury (father): ask the DSL."
    assert said in client.get(f"/cases/{reference}").text
    assert said in client.get(f"/tasks/{task}").text
    assert said in client_of("head").get(f"/cases/{reference}").text
    assert [(one.name, writing.may) for one, writing in writings(reading(), "pupil1")] == [("Kit Thornbury", False)]


def test_a_change_keeps_what_was_before_and_says_which_fields(client_of: ClientOf) -> None:
    client, reference = client_of("senco"), reference_of(started())
    client.post(f"/cases/{reference}/people/new", data={**MOTHER, "_key": "one"})
    address = client.get(f"/cases/{reference}/people").text.partition(f"/cases/{reference}/people/new")[2]
    party = address.partition(f"/cases/{reference}/people/")[2].partition('"')[0]
    page = client.get(f"/cases/{reference}/people/{party}").text
    assert 'value="0114 496 0555"' in page
    seen = field(page, "seen")
    # when two people change what they both have open
    changed = {**MOTHER, "phone": "0114 496 0666", "seen": seen}
    assert client.post(f"/cases/{reference}/people/{party}", data=changed).status_code == 303
    late = client_of("senco2").post(f"/cases/{reference}/people/{party}", data={**MOTHER, "safe": "no", "seen": seen})
    # then the second is told, and nothing is lost
    assert late.status_code == 409
    assert "Somebody else recorded something" in late.text
    page = client.get(f"/cases/{reference}/people").text
    assert "0114 496 0666" in page
    assert "Of Orla Thornbury this was changed: telephone." in page


def test_a_withheld_address_stays_when_somebody_who_does_not_see_it_changes_something_else(client_of: ClientOf) -> None:
    dsl, senco, reference = client_of("dsl"), client_of("senco"), reference_of(started(safeguarding="yes"))
    hidden = {**MOTHER, "address": "9 Hidden Close", "is_address_withheld": "true", "_key": "one"}
    assert dsl.post(f"/cases/{reference}/people/new", data=hidden).status_code == 303
    page = senco.get(f"/cases/{reference}/people").text
    party = page.partition(f"/cases/{reference}/people/new")[2].partition(f"/cases/{reference}/people/")[2]
    party = party.partition('"')[0]
    form = senco.get(f"/cases/{reference}/people/{party}").text
    assert "9 Hidden Close" not in page + form
    changed = {**MOTHER, "phone": "0114 496 0666", "seen": field(form, "seen")}
    assert senco.post(f"/cases/{reference}/people/{party}", data=changed).status_code == 303
    assert "9 Hidden Close" not in senco.get(f"/cases/{reference}/people").text
    page = dsl.get(f"/cases/{reference}/people").text
    assert "9 Hidden Close" in page
    assert "0114 496 0666" in page


def test_what_is_missing_is_said_beside_the_question_and_nothing_is_written(client_of: ClientOf) -> None:
    client, reference = client_of("senco"), reference_of(started())
    before = entries()
    wrong = client.post(f"/cases/{reference}/people/new", data={**MOTHER, "safe": "only", "name": ""})
    assert wrong.status_code == 422
    assert "Enter the full name" in wrong.text
    assert "Select the way that is safe" in wrong.text
    assert 'value="orla@example.org"' in wrong.text
    assert entries() == before


def test_parents_of_the_pupils_own_record_are_there_until_more_is_recorded(client_of: ClientOf) -> None:
    from app.cases.records import write_record
    from app.model.entry import StreamId

    parent = {"name": "Orla Lindqvist", "relationship": "mother", "parental_responsibility": "yes",
              "email": "o@example.org", "safe_to_contact": "only by e-mail"}  # fmt: skip
    record = {"upn": None, "name": "Vesper Lindqvist", "school": "beacon", "year_group": "3", "born_on": "2019-03-14",
              "parents": [parent]}  # fmt: skip
    write_record(StreamId("pupil", "pupil5"), "pupil-recorded", {"pupil": record}, installation.command())
    client, reference = client_of("senco"), reference_of(started(pupil="pupil5"))
    page = client.get(f"/cases/{reference}/people").text
    assert "Write to Orla Lindqvist (mother) only by e-mail" in page
    form = client.get(f"/cases/{reference}/people/pupil5:1").text
    changed = {**MOTHER, "name": "Orla Lindqvist-Bay", "seen": field(form, "seen")}
    assert client.post(f"/cases/{reference}/people/pupil5:1", data=changed).status_code == 303
    page = client.get(f"/cases/{reference}/people").text
    assert "Orla Lindqvist-Bay" in page
    assert "only by e-mail" not in page
