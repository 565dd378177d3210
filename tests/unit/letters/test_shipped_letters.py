"""The letters that came with the program: whole with an answer to every question, and the law where it must be."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app import forms
from app.calendars import load_rules
from app.feel import Value
from app.forms import Form, Question
from app.letters import Filled, fill, pdf, plain, read
from app.studio.bundles import files_at

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
LETTERS = sorted((ROOT / "processes").glob("*/letters/*.md"))
FACTS: Mapping[str, Value] = {
    "pupil": {"name": "Ada Quill", "first_name": "Ada", "parents": "Ms Quill", "born_on": None, "year_group": "Year 5"},
    "school": {"name": "Beacon School"},
    "case": {"reference": "TES-P07-2026-00001", "process": "Exclusion"},
    "today": NOW.date(),
}
#: rules are counted elsewhere; here it matters that a letter asks for one that there is
FUNCTIONS = {"due": lambda rule, on: on if "." not in rule or rule in load_rules().keys else None}


def example(question: Question) -> Value:
    """An answer of the kind the question asks for."""
    if question.kind == "dynamiclist":
        return [{one.key: example(one) for one in question.row_questions}]
    by_type: dict[str, Any] = {"number": Decimal(3), "boolean": True, "date": date(2026, 11, 9), "time": time(9, 30)}
    if question.feel_type in by_type:
        return by_type[question.feel_type]  # type: ignore[no-any-return]
    code = question.options[0].value if question.options else f"What {question.key} says"
    return [code] if question.feel_type == "list" else code


def scope_of(path: Path, **given: Value) -> dict[str, Value]:
    asked: dict[str, Form] = {key: forms.read(one) for key, one in files_at(path.parents[1]).forms.items()}
    answers: Value = {key: {one.key: example(one) for one in form.questions} for key, form in asked.items()}
    variables = {one.variable: example(one) for form in asked.values() for one in form.questions if one.variable}
    return {**FACTS, **variables, "answers": answers, "term_total": Decimal(3), **given}


def letter(path: Path, **given: Value) -> Filled:
    return fill(read(path.read_bytes()), scope_of(path, **given), NOW, FUNCTIONS)


def text(name: str, **given: Value) -> str:
    path = ROOT / "processes" / name.replace("/", "/letters/")
    return " ".join(plain(letter(path.with_suffix(".md"), **given)).split())


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_a_letter_with_every_question_answered_is_whole_and_printed(path: Path) -> None:
    written = letter(path)

    assert written.gaps == ()
    assert "{{" not in plain(written)
    assert "null" not in plain(written)
    assert pdf(written, "Beacon School", "TES-P07-2026-00001").startswith(b"%PDF-")


def test_six_processes_write_letters() -> None:
    assert {path.parents[1].name for path in LETTERS} >= {
        "exclusion", "forum", "fair-access", "off-site-direction", "managed-move", "graduated-approach",
    }  # fmt: skip


EXCLUSION = "exclusion/notice-to-parents"
FIRST = date(2026, 11, 3)


def suspended(days: int, total: int, **given: Value) -> str:
    facts = {"kind": "suspension", "exam_missed": "no", "back_to_back": "no", **given}
    return text(EXCLUSION, days=Decimal(days), term_total=Decimal(total), first_day_on=FIRST, **facts)


def test_a_short_suspension_says_that_the_board_cannot_bring_the_pupil_back_sooner() -> None:
    words = suspended(2, 2)

    assert "suspend Ada Quill from Beacon School from Tuesday 3 November 2026" in words
    assert "It need not meet, and it cannot decide that Ada comes back sooner" in words
    assert "Education from the sixth school day" not in words
    assert "make representations to the governing board" in words
    assert "not in a public place during school hours" in words
    assert "First-tier Tribunal" in words


def test_more_than_five_days_in_a_term_bring_a_meeting_where_parents_ask_for_it() -> None:
    words = suspended(2, 7)

    assert "If you make representations, the governing board must meet within 50 school days" in words
    assert "bring a friend" in words
    assert "Education from the sixth school day" not in words


def test_more_than_fifteen_days_or_an_exam_bring_a_meeting_in_any_case() -> None:
    for words in (suspended(6, 16), suspended(1, 1, exam_missed="yes")):
        assert "The governing board must meet to consider this decision within 15 school days" in words
        assert "to ask to take part from elsewhere, by video or telephone" in words
    assert "From the sixth school day the school must arrange suitable full-time education" in suspended(6, 16)
    assert "From the sixth school day the school must arrange" in suspended(3, 6, back_to_back="yes")


def test_a_permanent_exclusion_says_who_arranges_education_and_that_the_board_must_meet() -> None:
    words = text(EXCLUSION, kind="permanent", days=None, last_day_on=None, first_day_on=FIRST, exam_missed="no")

    assert "exclude Ada Quill permanently" in words
    assert "the local authority must arrange suitable full-time education" in words
    assert "must meet to consider this decision within 15 school days" in words
    assert "Coming back to school" not in words
    assert "[not recorded]" not in words


def test_lunchtimes_say_nothing_about_days_out_of_school() -> None:
    words = suspended(1, 1, kind="lunchtime")

    assert "suspend Ada Quill at lunchtime" in words
    assert "public place" not in words


def test_only_a_permanent_exclusion_that_stands_can_be_reviewed() -> None:
    stands = text("exclusion/board-decision", kind="permanent", board_outcome="declined")
    assert "within 15 school days after this letter was given to you" in stands
    assert "special educational needs expert" in stands
    assert "independent review" not in text("exclusion/board-decision", kind="permanent", board_outcome="reinstated")
    assert "independent review" not in text("exclusion/board-decision", kind="suspension", board_outcome="declined")
