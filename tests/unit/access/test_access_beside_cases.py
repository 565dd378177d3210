"""Starting, looking up, figures, processes, people, the clock, erasure and reveals."""

from dataclasses import replace

import pytest
from access_world import case_at, reader_with

from app.access import (
    Action,
    DefinitionFacts,
    ErasureFacts,
    InstallationFacts,
    OrganisationFacts,
    PersonFacts,
    StartableFacts,
    StartFacts,
    case_scope,
    decide,
)

P01 = StartFacts("graduated-approach", school="beacon", starters=frozenset({"SENCO", "TEACH"}))
DRAFT = DefinitionFacts("graduated-approach", owner="north", drafted_by="reader")
DEPLOYED = replace(DRAFT, drafted_by="ines", approved_by="tomasz", is_deployed=True)


def said(roles: list[tuple[str, str]], action: Action, subject: object) -> str:
    """ "yes", "no" (403) or "hidden" (404)."""
    verdict = decide(reader_with(*roles), action, subject)  # type: ignore[arg-type]
    return "yes" if verdict.allowed else "hidden" if verdict.hides else "no"


@pytest.mark.parametrize(
    ("roles", "start", "answer"),
    [
        ([("TEACH", "beacon")], P01, "yes"),
        ([("SENCO", "beacon")], P01, "yes"),
        ([("HT", "beacon")], P01, "no"),
        ([("DSL", "beacon")], P01, "no"),
        ([("SENCO", "harbour")], P01, "hidden"),
        ([("SYS", "north")], P01, "hidden"),
        ([("SENCO", "beacon")], replace(P01, pupil_school="beacon"), "yes"),
        ([("SENCO", "beacon")], replace(P01, pupil_school="harbour"), "hidden"),
        ([("HT", "beacon")], replace(P01, starters=frozenset({"HT"})), "yes"),
        ([("TEACH", "beacon")], replace(P01, starters=frozenset({"HT"})), "no"),
        ([("SENCO", "beacon")], replace(P01, starters=frozenset()), "no"),
        ([("GOV", "beacon")], replace(P01, starters=frozenset({"GOV"})), "no"),
    ],
)
def test_a_case_is_started_by_a_role_that_may_at_the_pupils_school(
    roles: list[tuple[str, str]], start: StartFacts, answer: str
) -> None:
    assert said(roles, Action.START_CASE, start) == answer


@pytest.mark.parametrize(
    ("roles", "action", "organisation", "answer"),
    [
        ([("ATT", "beacon")], Action.FIND_PUPIL, "beacon", "yes"),
        ([("TEACH", "beacon")], Action.FIND_PUPIL, "harbour", "hidden"),
        ([("GOV", "beacon")], Action.FIND_PUPIL, "beacon", "no"),
        ([("SYS", "north")], Action.FIND_PUPIL, "beacon", "hidden"),
        ([("HOS", "north")], Action.FIND_PUPIL, "beacon", "hidden"),
        ([("LSENCO", "hills")], Action.SEE_FIGURES, "beacon", "yes"),
        ([("LSENCO", "hills")], Action.SEE_FIGURES, "harbour", "hidden"),
        ([("POWN", "north")], Action.SEE_FIGURES, "harbour", "yes"),
        ([("TEACH", "beacon")], Action.SEE_FIGURES, "beacon", "no"),
        ([("SYS", "north")], Action.SEE_FIGURES, "north", "no"),
        ([("SENCO", "beacon")], Action.SEE_FIGURES, "north", "no"),
        ([("SENCO", "beacon")], Action.SEE_FIGURES, "south", "hidden"),
        ([("TEACH", "beacon")], Action.RAISE_SAFEGUARDING, "beacon", "yes"),
        ([("ATT", "beacon")], Action.RAISE_SAFEGUARDING, "beacon", "yes"),
        ([("TEACH", "harbour")], Action.RAISE_SAFEGUARDING, "beacon", "hidden"),
        ([("SYS", "north")], Action.ADMINISTER_SCHOOLS, "beacon", "yes"),
        ([("SYS", "north")], Action.ADMINISTER_CALENDARS, "meadow", "hidden"),
        ([("SYS", "north")], Action.ADMINISTER_PEOPLE, "beacon", "yes"),
        ([("SYS", "beacon")], Action.ADMINISTER_PEOPLE, "north", "no"),
        ([("HT", "beacon")], Action.ADMINISTER_PEOPLE, "beacon", "no"),
        ([("HT", "beacon")], Action.ADMINISTER_PEOPLE, "nowhere", "hidden"),
    ],
)
def test_an_organisation_answers_to_each_role_as_the_domain_says(
    roles: list[tuple[str, str]], action: Action, organisation: str, answer: str
) -> None:
    assert said(roles, action, OrganisationFacts(organisation)) == answer


@pytest.mark.parametrize(("person", "answer"), [("ines", "yes"), ("reader", "no")])
def test_nobody_gives_themselves_a_role(person: str, answer: str) -> None:
    assert said([("SYS", "north")], Action.ADMINISTER_PEOPLE, PersonFacts(person, "beacon")) == answer


def test_a_school_administrator_gives_no_role_at_the_authority() -> None:
    assert said([("SYS", "beacon")], Action.ADMINISTER_PEOPLE, PersonFacts("ines", "north")) == "no"


@pytest.mark.parametrize(
    ("roles", "action", "definition", "answer"),
    [
        ([("POWN", "north")], Action.EDIT_DEFINITION, DRAFT, "yes"),
        ([("POWN", "north")], Action.APPROVE_DEFINITION, DRAFT, "no"),
        ([("POWN", "north")], Action.APPROVE_DEFINITION, replace(DRAFT, drafted_by="ines"), "yes"),
        ([("POWN", "north")], Action.DEPLOY_DEFINITION, DRAFT, "no"),
        ([("POWN", "north")], Action.DEPLOY_DEFINITION, replace(DRAFT, approved_by="reader"), "no"),
        ([("POWN", "north")], Action.DEPLOY_DEFINITION, replace(DRAFT, approved_by="ines"), "yes"),
        ([("POWN", "north")], Action.DEPLOY_DEFINITION, DEPLOYED, "yes"),
        ([("POWN", "south")], Action.SEE_DEFINITION, DEPLOYED, "hidden"),
        ([("POWN", "south")], Action.EDIT_DEFINITION, DRAFT, "hidden"),
        ([("SENCO", "beacon")], Action.SEE_DEFINITION, DEPLOYED, "yes"),
        ([("SENCO", "beacon")], Action.SEE_DEFINITION, DRAFT, "hidden"),
        ([("SENCO", "beacon")], Action.EDIT_DEFINITION, DEPLOYED, "no"),
        ([("SYS", "north")], Action.DEPLOY_DEFINITION, DEPLOYED, "no"),
    ],
)
def test_processes_belong_to_their_owners_and_need_two_of_them(
    roles: list[tuple[str, str]], action: Action, definition: DefinitionFacts, answer: str
) -> None:
    assert said(roles, action, definition) == answer


@pytest.mark.parametrize(
    ("requested_by", "role", "answer"), [("ines", "DPO", "yes"), ("reader", "DPO", "no"), ("ines", "HT", "hidden")]
)
def test_erasing_needs_a_second_person_who_protects_personal_content(requested_by: str, role: str, answer: str) -> None:
    # given
    organisation = "north" if role == "DPO" else "harbour"
    erasure = ErasureFacts(case_at("beacon"), requested_by)

    # then
    assert said([(role, organisation)], Action.ERASE_CASE, erasure) == answer


def test_a_reveal_takes_the_masks_off_one_case_and_opens_its_documents() -> None:
    # given
    auditor = reader_with(("AUD", "north"))
    masked = case_at("beacon")
    revealed = replace(masked, revealed_to=frozenset({"reader"}))

    # then
    assert decide(auditor, Action.SEE_CASE, masked).is_masked
    assert not decide(auditor, Action.SEE_DOCUMENT, masked).allowed
    assert not decide(auditor, Action.SEE_CASE, revealed).is_masked
    assert decide(auditor, Action.SEE_DOCUMENT, revealed).allowed
    assert not decide(auditor, Action.SEE_RESTRICTED, revealed).allowed


def test_an_auditor_who_is_also_the_senco_of_a_school_sees_its_cases_by_name() -> None:
    # given
    reader = reader_with(("AUD", "north"), ("SENCO", "beacon"))

    # then
    assert not decide(reader, Action.SEE_CASE, case_at("beacon")).is_masked
    assert decide(reader, Action.SEE_CASE, case_at("harbour")).is_masked


def test_a_teacher_no_longer_sees_the_case_of_a_pupil_who_moved() -> None:
    # given
    case = case_at("beacon", named_people=frozenset({"reader"}))
    teacher = reader_with(("TEACH", "beacon"))

    # then
    assert decide(teacher, Action.SEE_CASE, case).allowed
    assert decide(teacher, Action.SEE_CASE, replace(case, pupil_school="harbour")).hides


@pytest.mark.parametrize(("is_demo", "answer"), [(True, "yes"), (False, "hidden")])
def test_the_clock_moves_on_a_demonstration_only(is_demo: bool, answer: str) -> None:
    assert said([("TEACH", "beacon")], Action.MOVE_CLOCK, InstallationFacts(is_demo)) == answer


@pytest.mark.parametrize("action", list(Action))
def test_somebody_without_a_role_may_nothing(action: Action) -> None:
    assert not decide(reader_with(), action).allowed
    assert case_scope(reader_with()).is_empty


@pytest.mark.parametrize(
    ("role", "at", "action", "allowed"),
    [
        ("POWN", "north", Action.EDIT_DEFINITION, True),
        ("SENCO", "beacon", Action.EDIT_DEFINITION, False),
        ("AUD", "north", Action.REPLAY_CASE, True),
        ("SYS", "north", Action.SEE_CASE, False),
        ("SYS", "north", Action.ADMINISTER_PEOPLE, True),
    ],
)
def test_without_a_subject_the_answer_is_whether_there_could_be_one(
    role: str, at: str, action: Action, allowed: bool
) -> None:
    assert decide(reader_with((role, at)), action).allowed == allowed


@pytest.mark.parametrize(
    ("role", "starters", "answer"),
    [
        ("SENCO", {"SENCO"}, "yes"),
        ("HT", {"SENCO"}, "no"),
        ("HT", {"HT"}, "yes"),
        ("GOV", {"GOV"}, "no"),
        ("SENCO", set(), "no"),
    ],
)
def test_somebody_starts_cases_where_any_diagram_names_their_role(role: str, starters: set[str], answer: str) -> None:
    assert said([(role, "beacon")], Action.START_CASE, StartableFacts(frozenset(starters))) == answer


def test_a_subject_of_the_wrong_kind_is_a_fault() -> None:
    with pytest.raises(TypeError, match="deploy_definition"):
        decide(reader_with(("POWN", "north")), Action.DEPLOY_DEFINITION, case_at("beacon"))
