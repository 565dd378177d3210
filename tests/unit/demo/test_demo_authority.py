"""The invented authority is whole, fits the year, and cannot be taken for a real one."""

import re
from datetime import date

import pytest
from stdnum.exceptions import InvalidComponent
from stdnum.gb import upn

from app.access import Reader
from app.calendars import reference_calendar
from app.casework.demo.authority import LA_CODE, DemoPupil, northmere

NORTHMERE = northmere()
SCHOOLS = [one for one in NORTHMERE.organisations if one.kind == "school"]
TODAY = date(2026, 11, 2)
NEEDS = ["SPLD", "MLD", "SLD", "PMLD", "SLCN", "SEMH", "ASD", "VI", "HI", "MSI", "PD", "DS", "OTH", "NSA"]


def holders(role: str, organisation: str) -> list[str]:
    readers = [Reader(one.person, NORTHMERE.tree, TODAY) for one in NORTHMERE.people]
    return [reader.id for reader in readers if role in reader.roles_at(organisation)]


def school_year(pupil: DemoPupil) -> str:
    """The year group of 2026/27 by the age on 31 August 2026: age less four, reception is 0."""
    age = 2026 - pupil.born_on.year - ((pupil.born_on.month, pupil.born_on.day) > (8, 31))
    return {-2: "N1", -1: "N2", 0: "R"}.get(age - 4, str(age - 4))


def test_there_are_two_districts_five_schools_and_forty_pupils() -> None:
    assert sum(one.kind == "district" for one in NORTHMERE.organisations) == 2
    assert len(SCHOOLS) == 5
    assert len({one.phase for one in SCHOOLS}) == 4
    assert len(NORTHMERE.pupils) == 40


@pytest.mark.parametrize("pupil", NORTHMERE.pupils, ids=lambda pupil: pupil.id)
def test_a_upn_has_its_check_letter_and_no_authority_that_exists(pupil: DemoPupil) -> None:
    assert re.fullmatch(r"[A-Z]\d{12}", pupil.upn)
    assert pupil.upn[1:4] == LA_CODE
    assert upn.calc_check_digit(pupil.upn[1:]) == pupil.upn[0]
    with pytest.raises(InvalidComponent):
        upn.validate(pupil.upn)


def test_a_check_letter_worked_out_by_hand() -> None:
    # given: 9·2 + 9·3 + 8·4 + 1·5 + 0 + 0 + 1·8 + 2·9 + 7·10 + 0 + 0 + 1·13 = 191 = 8 · 23 + 7, and letter 7 is H
    digits = "998100127001"

    # then
    assert upn.calc_check_digit(digits) == "H"


def test_numbers_and_names_are_nobody_elses() -> None:
    # given
    pupils = NORTHMERE.pupils
    names = [*(pupil.name for pupil in pupils), *(one.person.name for one in NORTHMERE.people)]

    # then
    assert len({pupil.upn for pupil in pupils}) == len(pupils)
    assert len({pupil.id for pupil in pupils}) == len(pupils)
    assert len(set(names)) == len(names)
    assert len({one.user_name for one in NORTHMERE.people}) == len(NORTHMERE.people)
    phones = [parent.phone for pupil in pupils for parent in pupil.parents]
    assert len(set(phones)) == len(phones)


@pytest.mark.parametrize("pupil", NORTHMERE.pupils, ids=lambda pupil: pupil.id)
def test_a_pupil_is_as_old_as_the_year_group_and_the_school_has_it(pupil: DemoPupil) -> None:
    assert school_year(pupil) == pupil.year_group
    assert pupil.year_group in NORTHMERE.years[pupil.school]


@pytest.mark.parametrize("pupil", NORTHMERE.pupils, ids=lambda pupil: pupil.id)
def test_needs_fit_the_sen_status(pupil: DemoPupil) -> None:
    assert pupil.sen_status in {"N", "K", "E"}
    assert (pupil.primary_need in NEEDS) == (pupil.sen_status != "N")
    assert not (pupil.sen_status == "E" and pupil.primary_need == "NSA")
    assert pupil.secondary_need is None or pupil.secondary_need in set(NEEDS) - {pupil.primary_need}
    assert pupil.sen_status != "N" or pupil.secondary_need is None


@pytest.mark.parametrize("pupil", NORTHMERE.pupils, ids=lambda pupil: pupil.id)
def test_a_pupil_has_a_teacher_of_the_school_and_somebody_to_ask(pupil: DemoPupil) -> None:
    assert pupil.teacher in holders("TEACH", pupil.school)
    assert 1 <= len(pupil.parents) <= 4
    assert all(parent.phone.startswith("01632 960") for parent in pupil.parents)
    assert all(parent.email.endswith("@example.org") for parent in pupil.parents)
    assert {parent.parental_responsibility for parent in pupil.parents} <= {"yes", "no", "unknown"}


def test_nearly_every_pupil_has_a_parent_with_parental_responsibility() -> None:
    without = [
        pupil.id for pupil in NORTHMERE.pupils if "yes" not in {p.parental_responsibility for p in pupil.parents}
    ]
    assert without == ["pupil-05"]


@pytest.mark.parametrize("role", ["TEACH", "SENCO", "HT", "DSL"])
@pytest.mark.parametrize("school", [one.id for one in SCHOOLS])
def test_every_school_has_somebody_for_every_lane(school: str, role: str) -> None:
    assert holders(role, school)


def test_the_authority_has_everybody_that_the_processes_turn_to() -> None:
    assert len(holders("POWN", "northmere")) == 2
    assert all(holders(role, "northmere") for role in ("HOS", "AUD", "SYS", "DPO", "EXO", "VSH", "SCASE"))
    assert all(holders("GOVCLK", school.id) for school in SCHOOLS)
    assert all(holders("LSENCO", district) for district in ("fellside", "shoreline"))


def test_every_membership_counts() -> None:
    for one in NORTHMERE.people:
        reader = Reader(one.person, NORTHMERE.tree, TODAY)
        assert reader.memberships == one.person.memberships


def test_every_school_has_numbers_of_its_own_and_term_dates() -> None:
    assert {one.calendar for one in SCHOOLS} == {"REF-A", "REF-B", "REF-K"}
    for school in SCHOOLS:
        assert re.fullmatch(r"9998\d\d", school.urn or "")
        assert re.fullmatch(rf"{LA_CODE}\d{{4}}", school.laestab or "")
        assert reference_calendar(school.calendar or "")
    assert len({school.urn for school in SCHOOLS}) == len({school.laestab for school in SCHOOLS}) == 5


def test_a_record_says_everything_about_a_pupil_as_json() -> None:
    # given
    pupil = NORTHMERE.pupils[9]

    # when
    record = pupil.record()

    # then
    assert record["name"] == "Zofia Brightwater"
    assert record["preferred_name"] == "Zosia"
    assert record["born_on"] == pupil.born_on.isoformat()
    assert record["upn"] == pupil.upn
    assert "id" not in record
    assert isinstance(record["parents"], list)
    assert record["parents"][1] == {
        "name": "Wendell Brightwater",
        "relationship": "stepfather",
        "parental_responsibility": "no",
        "phone": "01632 960071",
        "email": "wendell.brightwater@example.org",
        "safe_to_contact": "yes",
        "needs": None,
    }
