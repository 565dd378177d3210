"""Which consent holds on a day, from when sharing stops, and on what basis something was shared."""

from dataclasses import replace
from datetime import date

import pytest

from app.model.consent import PURPOSES, Consent, basis, from_json, purpose_of, stops_on

GIVEN = Consent(
    "1", ("forum", "services"), "", "mother", "Orla Reed", "written", "2026-11-02", "on paper", "2027-11-02"
)
#: BPMN ids of processes whose steps the law requires, or that protect a child
NEVER_BLOCKED = ("p07_exclusion", "p07_board", "p07_irp", "p07_pre_exclusion", "p07_separation", "p06_fair_access",
                 "p05_osd", "p09_ehc_assessment", "p01_apdr", "p08_escalation")  # fmt: skip


@pytest.mark.parametrize("process", NEVER_BLOCKED)
def test_steps_that_the_law_requires_need_no_consent(process: str) -> None:
    assert purpose_of(process) is None
    assert all(process not in one.blocks for one in PURPOSES.values())
    assert basis(process, date(2026, 11, 3), []) == "Public task: no consent is needed"


@pytest.mark.parametrize(
    ("change", "on", "holds"),
    [
        ({}, "2026-11-01", False),
        ({}, "2026-11-02", True),
        ({}, "2027-11-02", True),
        ({}, "2027-11-03", False),
        ({"withdrawn_on": "2026-12-01"}, "2026-11-30", True),
        ({"withdrawn_on": "2026-12-01"}, "2026-12-01", False),
    ],
)
def test_a_consent_holds_from_its_day_to_its_last_but_not_on_the_day_it_is_withdrawn(
    change: dict[str, str], on: str, holds: bool
) -> None:
    assert replace(GIVEN, **change).holds(date.fromisoformat(on)) is holds  # type: ignore[arg-type]


def test_sharing_stops_after_the_last_day_of_the_longest_consent() -> None:
    longer = replace(GIVEN, id="2", given_on="2026-12-01", until="2027-12-01")
    assert stops_on("forum", []) is None
    assert stops_on("gateway", [GIVEN]) is None
    assert stops_on("forum", [longer, GIVEN]) == date(2027, 12, 2)


def test_one_parents_withdrawal_ends_what_the_other_consented_to_before() -> None:
    fathers = replace(GIVEN, id="2", given_by_name="Kit Reed")
    withdrawn = replace(GIVEN, withdrawn_on="2026-12-01")
    assert stops_on("forum", [fathers, withdrawn]) == date(2026, 12, 1)
    # and a consent given on that day or later allows it again
    assert stops_on("forum", [fathers, withdrawn, replace(fathers, id="3", given_on="2026-11-30")]) == date(2026, 12, 1)
    again = replace(fathers, id="3", given_on="2026-12-01", until="2027-12-01")
    assert stops_on("forum", [fathers, withdrawn, again]) == date(2027, 12, 2)


def test_the_basis_names_who_consented_and_when() -> None:
    on = date(2026, 11, 11)
    assert basis("p02_forum", on, [GIVEN]) == "Consent of Orla Reed, given on 2026-11-02"
    decided = replace(GIVEN, given_by="safeguarding", given_by_name="Farid Lowe", form="none")
    assert basis("p02_forum", on, [decided]) == "Safeguarding, decided by Farid Lowe"
    assert basis("p02_forum", on, []).startswith("Agreement as the request says")


def test_only_a_consent_by_word_of_mouth_that_holds_can_be_late_in_writing() -> None:
    verbal = replace(GIVEN, form="verbal", in_writing_by="2026-11-16")
    assert not verbal.is_late_in_writing(date(2026, 11, 16))
    assert verbal.is_late_in_writing(date(2026, 11, 17))
    assert not replace(verbal, withdrawn_on="2026-11-10").is_late_in_writing(date(2026, 11, 17))
    assert not GIVEN.is_late_in_writing(date(2026, 11, 17))


def test_a_consent_reads_back_as_it_was_kept() -> None:
    assert from_json(GIVEN.to_json()) == GIVEN
