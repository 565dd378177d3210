"""A scenario fails with the step and a sentence wherever the case does not go as it says."""

import pytest
from unit.studio.tiny import BPMN, FORM

from app.model.definition import Bundle
from app.studio.bundles import ProcessFiles, bundle_of
from app.studio.scenarios import UnreadableScenarios, read_scenarios, run

GOOD = """
- name: Looked at and agreed
  start: {on: "2026-11-02", calendar: REF-A}
  steps:
    - expect: {open: [look], waiting_until: {too_late: "2026-11-09"}}
    - {do: look, as: SENCO, answers: {agreed: "yes"}}
  end: Agreed
- name: Nobody looks in time
  start: {on: "2026-11-02", calendar: REF-A}
  steps:
    - advance_to: next due
  end: Too late
"""


@pytest.fixture
def bundle() -> Bundle:
    return bundle_of(ProcessFiles("tiny", {"tiny.bpmn": BPMN}, {}, {"look": FORM}))


def failed(bundle: Bundle, old: str, new: str) -> tuple[str, str]:
    report = run(bundle, read_scenarios(GOOD.replace(old, new, 1).encode()))
    assert len(report.failures) == 1
    return report.failures[0].step, report.failures[0].sentence


def test_scenarios_that_hold_pass_and_say_which_flows_they_take(bundle: Bundle) -> None:
    report = run(bundle, read_scenarios(GOOD.encode()))

    assert report.passed
    assert report.missing == ("to_declined",)
    assert [(one.process, one.covered, one.all) for one in report.by_process] == [("tiny", 4, 5)]
    assert report.share == 0.8


def test_a_task_that_is_not_open_fails(bundle: Bundle) -> None:
    assert failed(bundle, "do: look", "do: nothing") == (
        "step 2, do nothing",
        "Expected the task nothing to be open, but look is open.",
    )


def test_the_wrong_role_fails(bundle: Bundle) -> None:
    assert failed(bundle, "as: SENCO", "as: HT")[1] == "Expected look to be for HT, but it is for SENCO."


def test_a_refused_answer_fails_with_the_sentence_of_the_form(bundle: Bundle) -> None:
    step, sentence = failed(bundle, 'agreed: "yes"', 'agreed: "perhaps"')

    assert step == "step 2, do look"
    assert sentence.startswith("Expected the form look to take the answers, but at agreed it says: ")


def test_an_answer_that_must_be_refused_is(bundle: Bundle) -> None:
    refused = "    - {do: look, as: SENCO, answers: {agreed: perhaps}, refused: [agreed]}\n    - {do: look"
    assert run(bundle, read_scenarios(GOOD.replace("    - {do: look", refused).encode())).passed


def test_an_answer_that_must_be_refused_and_is_taken_fails(bundle: Bundle) -> None:
    assert failed(bundle, 'agreed: "yes"}', 'agreed: "yes"}, refused: [agreed]') == (
        "step 2, do look",
        "Expected look to refuse agreed, but it refuses nothing.",
    )


def test_an_answer_that_no_question_asks_for_fails(bundle: Bundle) -> None:
    _, sentence = failed(bundle, 'agreed: "yes"', 'agreed: "yes", other: "x"')

    assert sentence == "Expected the form look to ask for other, but it does not ask that here."


def test_a_task_that_is_not_due_on_the_day_fails(bundle: Bundle) -> None:
    assert failed(bundle, "{open: [look],", '{due: {look: "2026-11-10"},') == (
        "step 1, expect",
        "Expected 2026-11-10 (look) to be due, but due is 2026-11-05 (look).",
    )


def test_the_wrong_day_fails(bundle: Bundle) -> None:
    assert failed(bundle, "2026-11-09", "2026-11-10") == (
        "step 1, expect",
        "Expected to wait until 2026-11-10 (too_late), but it waits until 2026-11-09 (too_late).",
    )


def test_the_wrong_end_fails(bundle: Bundle) -> None:
    assert failed(bundle, "end: Agreed", "end: Declined") == (
        "end",
        "Expected the case to end as “Declined”, but it ended as “Agreed”.",
    )


def test_a_case_that_has_not_ended_fails(bundle: Bundle) -> None:
    _, sentence = failed(bundle, "advance_to: next due", "expect: {open: [look]}")

    assert sentence == "Expected the case to end as “Too late”, but look is open."


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("a: [", "Expected YAML"),
        ("a: 1", "Expected a list of scenarios"),
        ("- {name: A, start: {on: 2026-11-02}}", "Expected “end”"),
        ("- {name: A, start: {on: soon}, end: B}", "Expected a day like 2026-11-02, but it is “soon”"),
        ("- {name: A, start: {on: 2026-11-02}, steps: [{go: x}], end: B}", "step 1: Expected one of do, message"),
        ("- {name: A, start: {on: 2026-11-02}, steps: [{do: x, with: y}], end: B}", "“with” is none of them"),
    ],
)
def test_a_file_that_is_not_one_of_scenarios_is_refused(written: str, sentence: str) -> None:
    with pytest.raises(UnreadableScenarios) as refused:
        read_scenarios(written.encode())

    assert sentence in refused.value.sentence
