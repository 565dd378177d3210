"""Conditions as staff read them: with the questions people answer; what is more than that is left out."""

import re
from pathlib import Path

import pytest

from app.diagrams import Asked, outline, read
from app.diagrams.plain import condition_words, value_words

QUESTIONS = {
    "consent": Asked("Do they agree?", {"yes": "Yes", "no": "No"}),
    "tier": Asked("Which tier?", {"1": "Tier 1", "3": "Tier 3"}),
    "talked_on": Asked("When did you talk?"),
    "minutes": Asked("How many minutes?"),
}
DIAGRAM = (Path(__file__).parent / "first_plan.bpmn").read_bytes()


@pytest.mark.parametrize(
    ("feel", "words"),
    [
        ('consent = "yes"', "“Do they agree?” is “Yes”"),
        ('consent != "yes"', "“Do they agree?” is not “Yes”"),
        ("number(tier) >= 3", "“Which tier?” is “Tier 3” or more"),
        ("minutes < 20", "“How many minutes?” is less than 20"),
        ("talked_on = null", "“When did you talk?” has no answer"),
        ("talked_on != null", "“When did you talk?” has an answer"),
        ('list contains(["1", "3"], tier)', "“Which tier?” is “Tier 1” or “Tier 3”"),
        ('consent = "yes" and tier = "1"', "“Do they agree?” is “Yes” and “Which tier?” is “Tier 1”"),
        ('consent = "yes and no"', "“Do they agree?” is “yes and no”"),
        ('consent = "yes" and tier = "1" or minutes > 3', ""),
        ('consent = "yes" and started_on > today()', ""),
        ('unknown = "yes"', ""),
        ("talked_on < null", ""),
        ("", ""),
    ],
)
def test_a_condition_is_said_with_its_questions(feel: str, words: str) -> None:
    assert condition_words(feel, QUESTIONS) == words


def test_a_date_is_the_answer_to_its_question() -> None:
    assert value_words(" talked_on ", QUESTIONS) == "the answer to “When did you talk?”"
    assert value_words("talked_on + duration(“P1D”)", QUESTIONS) == ""


def test_staff_read_no_ids_and_no_feel() -> None:
    titles = {"plan": "Plan of support", "review": "Review of the plan", "hand_over": "Hand over", "TEACH": "teacher"}

    lines = [line.sentence for line in outline(read(DIAGRAM), titles, QUESTIONS)]

    said = "\n".join(lines)
    assert "due 20 school days, counted from the answer to “When did you talk?”" in said
    assert "due on a date that was agreed; several times, one after the other" in said
    assert "“No” when “Which tier?” is 2 → go to 4" in said
    assert re.findall(r"\b\w+_\w+\b| = |\w\.\w", said.replace("form concern", "")) == []


def test_long_conditions_are_read_quickly() -> None:
    assert condition_words(" and ".join(['consent = "yes"'] * 2_000) + ' and "', QUESTIONS) == ""
