"""Consents about a pupil: who may give one, what ends with it, and the record of what was shared on what basis."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from support import forum, installation
from support.between import work_off
from support.installation import NOW, command
from support.staff import SENCO, started

from app.cases import parties, rebuilding
from app.cases.consents import SharingStopped
from app.cases.records import write_record
from app.model.entry import StreamId
from app.model.party import Party
from app.store.db import db, reading
from app.store.queries import cases, work
from app.store.tables import entry

ClientOf = Callable[[str], FlaskClient]
MOTHER = Party("mother", "parent", "Orla Thornbury", "mother", "yes", safe="yes")
UNCLE = Party("uncle", "parent", "Kit Thornbury", "uncle", "no", safe="yes")
GIVEN = {"purposes": "forum", "given_by": "mother", "form": "written", "given_on": "2026-11-02", "evidence": "on paper"}
FIRST = "north-forum-northgate-lift-2026-11-11"


def family(pupil: str = "pupil1") -> None:
    """A mother with parental responsibility, and an uncle without."""
    for one in (MOTHER, UNCLE):
        parties.record(pupil, one, 0, command(SENCO))
        db.session.rollback()


def reference_of(case_id: str) -> str:
    found = cases.by_reference(reading(), case_id)
    assert found is not None
    return found.reference


def consent_of(page: str) -> str:
    """The id of the consent that a page offers to withdraw."""
    return page.partition("/withdraw")[0].rpartition("/")[2]


def withdraw(client: FlaskClient, reference: str) -> None:
    consent = consent_of(client.get(f"/cases/{reference}/consents").text)
    sent = client.post(f"/cases/{reference}/consents/{consent}/withdraw", data={"withdrawn_by": "the mother, by phone"})
    assert sent.status_code == 303, sent.text


def entries() -> int:
    db.session.rollback()
    return reading().scalar(sa.select(sa.func.count()).select_from(entry)) or 0


def test_only_whoever_has_parental_responsibility_can_be_selected_and_the_same_sent_twice_is_one_consent(
    client_of: ClientOf,
) -> None:
    family()
    client, reference = client_of("senco"), reference_of(started())
    form = client.get(f"/cases/{reference}/consents/new").text
    assert "Orla Thornbury (mother)" in form
    assert "Kit Thornbury" not in form
    assert "the safeguarding lead decides" not in form
    refused = client.post(f"/cases/{reference}/consents/new", data={**GIVEN, "given_by": "uncle"})
    assert refused.status_code == 422
    for _ in range(2):
        assert client.post(f"/cases/{reference}/consents/new", data={**GIVEN, "_key": "one"}).status_code == 303
        after = entries()
    assert entries() == after
    page = client.get(f"/cases/{reference}/consents").text
    assert page.count("It was withdrawn") == 1
    assert "Orla Thornbury, in writing, Mon 2 Nov" in page.replace("Monday 2 November", "Mon 2 Nov")
    db.session.rollback()
    assert rebuilding.check() == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"given_on": "2026-11-03"}, "given_on"),  # tomorrow
        ({"given_on": "2025-11-01"}, "given_on"),  # more than twelve months ago
        ({"form": "verbal"}, "witness"),
        ({"evidence": ""}, "evidence"),
        ({"purposes": "services"}, "purposes"),  # and no service is named
    ],
)
def test_what_does_not_make_a_consent_is_refused(client_of: ClientOf, change: dict[str, str], problem: str) -> None:
    family()
    client, reference = client_of("senco"), reference_of(started())
    before = entries()
    refused = client.post(f"/cases/{reference}/consents/new", data={**GIVEN, **change})
    assert refused.status_code == 422
    assert f'href="#{problem}' in refused.text
    assert entries() == before


def test_a_young_person_of_sixteen_decides_where_they_understand_it(client_of: ClientOf) -> None:
    young = Party("own", "young_person", "Zadie Thornbury", "the young person", safe="yes")
    parties.record("pupil1", young, 0, command(SENCO))
    client, reference = client_of("senco"), reference_of(started())
    assert 'value="own"' not in client.get(f"/cases/{reference}/consents/new").text
    record = {"upn": None, "name": "Zadie Thornbury", "school": "beacon", "year_group": "11", "born_on": "2010-11-02"}
    write_record(StreamId("pupil", "pupil1"), "pupil-recorded", {"pupil": record}, command())
    own = {**GIVEN, "given_by": "own"}
    assert client.post(f"/cases/{reference}/consents/new", data=own).status_code == 422
    sent = client.post(f"/cases/{reference}/consents/new", data={**own, "has_capacity": "true"})
    assert sent.status_code == 303


def test_a_consent_by_word_of_mouth_is_chased_until_it_is_in_writing(client_of: ClientOf) -> None:
    family()
    client, reference = client_of("senco"), reference_of(started())
    spoken = {**GIVEN, "form": "verbal", "witness": "Cleo Marsh"}
    assert client.post(f"/cases/{reference}/consents/new", data=spoken).status_code == 303
    page = client.get(f"/cases/{reference}/consents").text
    assert "16 November 2026" in page  # ten school days: 3–6, 9–13 and 16 November
    said = "Get the consent of Orla Thornbury in writing"
    assert said not in client.get(f"/cases/{reference}").text
    installation.set_clock(datetime(2026, 11, 17, 9, tzinfo=UTC))
    assert said in client.get(f"/cases/{reference}").text
    consent = consent_of(page)
    sent = client.post(f"/cases/{reference}/consents/{consent}/written", data={"evidence": "paper in the office"})
    assert sent.status_code == 303
    assert said not in client.get(f"/cases/{reference}").text


def test_a_withdrawal_wakes_the_cases_that_rest_on_it_once(client_of: ClientOf) -> None:
    family()
    client, case_id = client_of("senco"), started()
    reference = reference_of(case_id)
    services = {**GIVEN, "purposes": "services", "agencies": "Speech therapy"}
    assert client.post(f"/cases/{reference}/consents/new", data=services).status_code == 303
    withdraw(client, reference)
    work_off()
    found = [one.element for one in work.of_case(reading(), case_id)]
    assert found.count("explain_withdrawal") == 1, found
    assert work_off() == 0
    assert "Withdrawn" in client.get(f"/cases/{reference}/consents").text


def test_people_outside_see_nothing_more_from_the_moment_it_is_withdrawn_until_it_is_given_again(
    client_of: ClientOf,
) -> None:
    # given a case on the list of a forum, with the mother's consent
    family()
    forum.prepare()
    forum.a_series()
    asked = forum.request()
    senco, member = client_of("senco"), client_of("member")
    assert senco.post(f"/cases/{asked.reference}/consents/new", data=GIVEN).status_code == 303
    installation.set_clock(datetime(2026, 11, 9, 9, tzinfo=UTC))
    pack = f"/meetings/{FIRST}/pack/{asked.reference}"
    assert member.get(pack).status_code == 200
    # when it is withdrawn
    withdraw(senco, asked.reference)
    # then the member sees nothing, nothing new starts, and the school and what the law requires go on
    assert member.get(pack).status_code == 404
    assert asked.reference not in member.get(f"/meetings/{FIRST}/pack").text
    assert "share nothing more of this case" in senco.get(f"/cases/{asked.reference}").text
    db.session.rollback()
    with pytest.raises(SharingStopped):
        forum.request(at=NOW + timedelta(days=7))
    db.session.rollback()
    assert senco.get("/start/tiny-forum/pupil1").status_code == 409
    assert senco.get("/start/graduated-approach/pupil1").status_code == 200
    # and given again on that day, it is open again
    again = {**GIVEN, "given_on": "2026-11-09"}
    assert senco.post(f"/cases/{asked.reference}/consents/new", data=again).status_code == 303
    assert member.get(pack).status_code == 200
    # and what was shared stays on record, with the consent that held then
    page = senco.get(f"/cases/{asked.reference}/sharing").text
    assert "Rosa Teague" in page
    assert "Consent of Orla Thornbury, given on 2026-11-09" in page


def test_what_was_shared_by_hand_is_kept_and_taken_away_by_those_who_may(client_of: ClientOf) -> None:
    family()
    client, reference = client_of("senco"), reference_of(started())
    call = {"on": "2026-11-02", "with": "=Ines Crag", "what": "the plan of October", "how": "telephone",
            "basis": "consent", "why": "to plan the term"}  # fmt: skip
    refused = client.post(f"/cases/{reference}/sharing/new", data=call)
    assert refused.status_code == 422
    assert "No consent that holds is on record" in refused.text
    for _ in range(2):
        sent = client.post(f"/cases/{reference}/sharing/new", data={**call, "basis": "duty", "_key": "one"})
        assert sent.status_code == 303
    assert client.get(f"/cases/{reference}/sharing").text.count("the plan of October") == 1
    assert client.get(f"/cases/{reference}/sharing.csv").status_code == 403
    held = [{"role": "DPO", "organisation": "testshire"}]
    record = {"user_name": "dpo", "name": "Della Pine", "is_active": True, "memberships": held}
    write_record(StreamId("person", "dpo"), "person-recorded", {"person": record}, command())
    for person in ("head", "dpo"):
        table = client_of(person).get(f"/cases/{reference}/sharing.csv")
        assert table.mimetype == "text/csv"
        assert "'=Ines Crag" in table.text  # no cell begins a formula
        assert table.text.count("the plan of October") == 1


def test_the_safeguarding_lead_alone_reads_what_they_shared_under_restriction(client_of: ClientOf) -> None:
    reference = reference_of(started(safeguarding="yes"))
    call = {"on": "2026-11-02", "with": "Social care", "what": "Bruisewort", "how": "telephone", "why": "duty to refer",
            "basis": "safeguarding", "restricted": "true"}  # fmt: skip
    assert client_of("dsl").post(f"/cases/{reference}/sharing/new", data=call).status_code == 303
    assert "Bruisewort" in client_of("dsl").get(f"/cases/{reference}/sharing").text
    for person in ("senco", "head", "auditor"):
        page = client_of(person).get(f"/cases/{reference}/sharing").text
        assert "Bruisewort" not in page
        assert "1 more can be read by the safeguarding lead alone" in page
    table = client_of("head").get(f"/cases/{reference}/sharing.csv").text
    assert "Bruisewort" not in table
    assert "ask the safeguarding lead" in table


def test_the_safeguarding_lead_can_decide_that_it_is_shared_without_consent(client_of: ClientOf) -> None:
    reference = reference_of(started(safeguarding="yes"))
    why = "The mother is not safe to ask this week."
    decided = {"purposes": "forum", "given_by": "safeguarding", "given_on": "2026-11-02", "reason": why}
    assert client_of("senco").post(f"/cases/{reference}/consents/new", data=decided).status_code == 422
    assert client_of("dsl").post(f"/cases/{reference}/consents/new", data=decided).status_code == 303
    assert "no consent" in client_of("dsl").get(f"/cases/{reference}/consents").text
