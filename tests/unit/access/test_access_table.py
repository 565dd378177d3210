"""Every role, every situation, every action on a case, against a table written by hand."""

from pathlib import Path

import pytest
from access_world import AT, case_at, reader_with
from ruamel.yaml import YAML

from app.access import ROLES, Action, CaseFacts, DocumentFacts, TaskFacts, decide, sees

TABLE = YAML(typ="safe", pure=True).load((Path(__file__).parent / "case_table.yaml").read_text(encoding="utf-8"))
SITUATIONS = TABLE.pop("order")
LETTERS = {
    "P": Action.SEE_PACK,
    "D": Action.SEE_DOCUMENT,
    "R": Action.SEE_RESTRICTED,
    "N": Action.ADD_NOTE,
    "U": Action.ADD_DOCUMENT,
    "G": Action.RAISE_SAFEGUARDING,
    "X": Action.SEND_MESSAGE,
    "I": Action.RESOLVE_INCIDENT,
    "Y": Action.REPLAY_CASE,
    "V": Action.REVEAL_NAMES,
    "C": Action.VERIFY_CASE,
    "E": Action.REQUEST_ERASURE,
    "F": Action.SEE_PARTIES,
    "W": Action.RECORD_PARTIES,
    "H": Action.SEE_SHARING,
    "O": Action.EXPORT_SHARING,
}
#: roles that may do exactly what another row says
SAME_AS = {
    **dict.fromkeys(("PISM", "PTSM", "POUT"), "PCOORD"),
    "SLEAD": "LLEAD",
    **dict.fromkeys(("GWSEC", "GWADM"), "GWPRI"),
    **dict.fromkeys(("FAO", "ADM"), "EXO"),
    **dict.fromkeys(("HLTH", "VSH"), "SCASE"),
    **dict.fromkeys(("IRPCLK", "SENEXP"), "IRPM"),
}


def organisation_for(role: str) -> str:
    kinds = ROLES[role].acts_at
    return AT["authority" if "authority" in kinds else next(iter(kinds))]


def case_in(situation: str, role: str) -> CaseFacts:
    organisation = organisation_for(role)
    match situation:
        case "own":
            return case_at("beacon")
        case "named":
            return case_at("beacon", named_people=frozenset({"reader"}))
        case "restricted":
            return case_at("beacon", has_restricted=True)
        case "overdue":
            return case_at("beacon", is_overdue=True)
        case "escalated":
            return case_at("beacon", is_escalated=True)
        case "sibling":
            return case_at("harbour")
        case "foreign":
            return case_at("meadow")
        case "invited":
            return case_at("harbour", invited=frozenset({"reader"}))
        case "shared":
            return case_at("harbour", shared_with=frozenset({organisation}))
        case "office":
            return case_at("harbour", process="exclusion")
    return case_at("harbour", open_lanes=frozenset({(role, organisation)}))


def letters_allowed(role: str, case: CaseFacts) -> set[str]:
    reader = reader_with((role, organisation_for(role)))
    allowed = {letter for letter, action in LETTERS.items() if decide(reader, action, case).allowed}
    seen = decide(reader, Action.SEE_CASE, case)
    foreign_task = TaskFacts(case, frozenset({"NOBODY"}), case.school, assignee="somebody else")
    if seen.allowed:
        allowed.add("M" if seen.is_masked else "S")
    if decide(reader, Action.REASSIGN_TASK, foreign_task).allowed:
        allowed.add("A")
    if decide(reader, Action.RELEASE_TASK, foreign_task).allowed:
        allowed.add("B")
    return allowed


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_role_may_do_with_a_case_exactly_what_the_table_says(role: str, situation: str) -> None:
    # given
    cell = TABLE[SAME_AS.get(role, role)][SITUATIONS.index(situation)]
    case = case_in(situation, role)

    # when
    allowed = letters_allowed(role, case)

    # then
    assert allowed == set(cell.replace("-", ""))


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_is_refused_is_hidden_unless_the_case_may_be_seen(role: str, situation: str) -> None:
    # given
    reader = reader_with((role, organisation_for(role)))
    case = case_in(situation, role)

    # when
    verdicts = [decide(reader, action, case) for action in (Action.SEE_CASE, *LETTERS.values())]

    # then
    refusals = [verdict for verdict in verdicts if not verdict.allowed]
    assert {verdict.hides for verdict in refusals} <= {not sees(reader, case)}


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("situation", SITUATIONS)
def test_restricted_documents_open_only_to_those_who_see_restricted_notes(role: str, situation: str) -> None:
    # given
    reader = reader_with((role, organisation_for(role)))
    case = case_in(situation, role)

    # when
    verdict = decide(reader, Action.SEE_DOCUMENT, DocumentFacts(case, is_restricted=True))

    # then
    assert verdict.allowed == decide(reader, Action.SEE_RESTRICTED, case).allowed
    assert verdict.allowed or verdict.hides


def test_every_row_of_the_table_is_a_role_and_every_role_has_a_row() -> None:
    assert set(TABLE) | set(SAME_AS) == set(ROLES)
    assert not set(TABLE) & set(SAME_AS)
