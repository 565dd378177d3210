"""Starting a case: the pupil, the first form, the warning about an open case, and a pupil not yet on record."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from support import installation
from support.staff import SENCO, started

from app.cases import starting as write
from app.cases.command import Command
from app.store.db import reading
from app.store.queries import cases, pupils
from app.store.rows import case_of

ClientOf = Callable[[str], FlaskClient]
CONCERN = {
    "concern_areas": "semh",
    "description": "Leaves the room when the class is loud, twice a day since September",
    "raised_by": "staff",
    "safeguarding_concern": "no",
}
PUPIL = {
    "legal_forename": "Ursula",
    "legal_surname": "Vane",
    "dob-day": "14",
    "dob-month": "3",
    "dob-year": "2019",
    "year_group": "3",
    "upn": "b801200005001",
    "sex": "F",
    "postcode": "s1 2hh",
    "home_la": "998",
    "sen_status": "N",
    "lac": "no",
    "social_worker": "no",
}
START = "/start/graduated-approach"


def test_a_case_is_started_for_a_pupil_found_by_name(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    assert senco.get("/start").location == START

    found = senco.get(f"{START}?q=zad").text
    assert "Zadie Thornbury" in found
    assert "Yusuf Applegarth" not in found

    page = senco.get(f"{START}/pupil1").text
    assert '<option value="teacher" selected>' in page
    sent = senco.post(f"{START}/pupil1", data={**CONCERN, "teacher": "teacher2", "_key": "k1"})
    assert sent.status_code == 303, sent.text
    done = senco.get(sent.location).text
    assert "The case has started" in done
    assert "Check the universal offer" in done
    case = cases.by_reference(reading(), sent.location.rpartition("/")[2])
    assert case is not None
    assert case.named == ("teacher2",)


def test_pupils_of_another_school_are_neither_found_nor_started_for(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    assert "Xanthe" not in senco.get(f"{START}?q=xanthe").text.replace("“xanthe”", "").replace('value="xanthe"', "")
    assert senco.get(f"{START}/pupil3").status_code == 404
    assert senco.post(f"{START}/pupil3", data=CONCERN).status_code == 404


def test_whoever_may_start_nothing_is_told_so(app: Flask, client_of: ClientOf) -> None:
    assert client_of("auditor").get("/start").status_code == 403
    assert client_of("head").get(f"{START}?q=zad").status_code == 403


def test_wrong_answers_start_nothing_and_stay_in_the_form(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    sent = senco.post(f"{START}/pupil1", data={**CONCERN, "description": "too short", "teacher": ""})
    assert sent.status_code == 422
    assert "Error: Start a case" in sent.text
    assert "too short" in sent.text
    assert "Select the class teacher" in sent.text
    assert pupils.open_cases(reading(), "pupil1") == []
    assert "too short" in senco.get(f"{START}/pupil1").text


def test_a_second_case_of_the_same_process_needs_a_tick_and_a_reason(app: Flask, client_of: ClientOf) -> None:
    case_id = started()
    senco = client_of("senco")
    answers = {**CONCERN, "teacher": "teacher"}
    asked = senco.get(f"{START}/pupil1").text
    assert "already has an open case of this process" in asked
    assert '<a class="govuk-link" href="/cases/TES-P01-2026-00001">Open case TES-P01-2026-00001</a>' in asked

    refused = senco.post(f"{START}/pupil1", data=answers)
    assert refused.status_code == 422
    assert refused.text.index('data-warning="duplicate"') < refused.text.index('id="teacher"')
    assert refused.text.count('data-warning="duplicate"') == 1
    without_reason = senco.post(f"{START}/pupil1", data={**answers, "_tick.duplicate": "yes"})
    assert without_reason.status_code == 422
    accepted = {**answers, "_tick.duplicate": "yes", "_reason.duplicate": "A different concern", "_key": "k2"}
    sent = senco.post(f"{START}/pupil1", data=accepted)
    assert sent.status_code == 303

    second = cases.by_reference(reading(), sent.location.rpartition("/")[2])
    assert second is not None
    assert second.id != case_id
    assert cases.notes_of(reading(), second.id) == []
    page = senco.get(f"/cases/{second.reference}").text
    assert "already has an open case of this process: TES-P01-2026-00001. Reason given: A different concern." in page


def test_a_double_click_starts_one_case(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    answers = {**CONCERN, "teacher": "teacher", "_key": "same"}
    first = senco.post(f"{START}/pupil2", data=answers)
    second = senco.post(f"{START}/pupil2", data=answers)
    assert first.location == second.location
    assert len(pupils.open_cases(reading(), "pupil2")) == 1


def test_a_pupil_not_on_the_list_is_put_on_record(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    assert "The pupil is not on the list" in senco.get(START).text
    assert senco.get(f"{START}/new-pupil").status_code == 200
    sent = senco.post(f"{START}/new-pupil", data=PUPIL)
    assert sent.status_code == 303, sent.text
    known = pupils.one(reading(), sent.location.rpartition("/")[2])
    assert known is not None
    assert (known.upn, known.name, known.school) == ("B801200005001", "Ursula Vane", "beacon")
    assert known.record["postcode"] == "S1 2HH"
    assert "Ursula Vane" in senco.get(f"{START}?q=B8012").text


def test_a_upn_is_held_to_its_check_letter_and_to_one_pupil(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    wrong = senco.post(f"{START}/new-pupil", data={**PUPIL, "upn": "A801200005001"})
    assert wrong.status_code == 422
    assert "Ursula" in wrong.text
    taken = senco.post(f"{START}/new-pupil", data={**PUPIL, "upn": "X998100126001"})
    assert taken.status_code == 422
    assert "Look up Zadie Thornbury instead" in taken.text
    unknown = senco.post(f"{START}/new-pupil", data={**PUPIL, "upn": "", "upn_not_issued": "true"})
    assert "why there is no UPN yet" in unknown.text


def test_a_year_group_that_differs_from_the_birth_date_needs_a_reason(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    differs = {**PUPIL, "year_group": "4"}
    refused = senco.post(f"{START}/new-pupil", data=differs)
    assert refused.status_code == 422
    assert "differs from the date of birth" in refused.text
    ticked = {"_tick.year_group:cohort": "yes", "_reason.year_group:cohort": "Moved up by agreement"}
    assert senco.post(f"{START}/new-pupil", data={**differs, **ticked}).status_code == 303


def test_adding_a_pupil_twice_is_one_pupil(app: Flask, client_of: ClientOf) -> None:
    senco = client_of("senco")
    first, second = (senco.post(f"{START}/new-pupil", data=PUPIL) for _ in range(2))
    assert first.location == second.location


def test_a_message_that_starts_a_case_brings_what_it_carries(app: Flask, client_of: ClientOf) -> None:
    new = write.NewCase("graduated-approach", "pupil1", "beacon", {}, {}, message="handover.in", payload={"tier": 3})

    receipt = write.start(new, Command(SENCO, installation.NOW))

    assert case_of(reading(), receipt.case_id).variables == {"handover": {"tier": 3}}
    assert "Tier: 3" in client_of("senco").get(f"/cases/{receipt.reference}").text
