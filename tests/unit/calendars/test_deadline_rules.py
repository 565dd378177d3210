"""Finding rules by key and day, reading them from text, and keeping them as JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.calendars import (
    Rule,
    UnknownRule,
    UnreadableRule,
    load_rules,
    read_rules,
    rule_from_json,
    rule_to_json,
)

RULES = load_rules()
TODAY = date(2026, 11, 2)


def test_the_rules_of_the_graduated_approach_are_shipped() -> None:
    counted = {key: (RULES.at(key, TODAY).count, RULES.at(key, TODAY).unit) for key in RULES.keys if "apdr" in key}

    assert counted == {
        "apdr.review": (6, "week"),
        "apdr.review_meeting": (0, "none"),
        "apdr.review_school_weeks": (6, "school_week"),
        "apdr.parent_meeting": (1, "term"),
        "apdr.first_plan": (20, "school_day"),
        "apdr.do_log": (10, "school_day"),
    }


@pytest.mark.parametrize("rule", [rule for rule in RULES.rules if rule.legal == "S"], ids=lambda rule: rule.key)
def test_a_rule_of_statute_names_its_source_and_the_head_of_service(rule: Rule) -> None:
    assert rule.source
    assert not rule.overdue or "HOS" in rule.overdue[0].tell
    assert not rule.rolls_to_working_day or rule.key == "dsar", "legal dates never roll forward"


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.key)
def test_every_rule_survives_json_and_says_what_it_counts_from(rule: Rule) -> None:
    assert rule_from_json(rule_to_json(rule)) == rule
    assert rule.basis


def test_an_unknown_key_names_the_one_most_like_it() -> None:
    with pytest.raises(UnknownRule, match=r'"apdr.reviw" is not one; did you mean "apdr.review"\?'):
        RULES.at("apdr.reviw", TODAY)


def test_a_key_like_no_other_gets_no_guess() -> None:
    with pytest.raises(UnknownRule, match=r'"zzz" is not one$'):
        RULES.at("zzz", TODAY)


def test_a_rule_that_changes_applies_from_its_first_day_on() -> None:
    old = RULES.at("gw.triage", TODAY)
    new = replace(old, count=3, version=2, valid_from=date(2027, 1, 1))
    book = RULES.including(new)

    assert book.at("gw.triage", date(2026, 12, 31)) == old
    assert book.at("gw.triage", date(2027, 1, 1)) == new


def test_a_rule_does_not_apply_before_its_first_day() -> None:
    with pytest.raises(
        UnknownRule, match=r'Expected "gw.triage" to apply on 1 Jan 2014, but it applies from 1 Sep 2014'
    ):
        RULES.at("gw.triage", date(2014, 1, 1))


def test_a_rule_ends_on_its_last_day() -> None:
    book = read_rules("x: {title: X, unit: week, count: 1, basis: a day, valid_to: 2026-11-01}")

    with pytest.raises(UnknownRule):
        book.at("x", TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15 school days", ("school_day", 15, "after")),
        ("  15  School Days ", ("school_day", 15, "after")),
        ("6 weeks", ("week", 6, "after")),
        ("six weeks", ("week", 6, "after")),
        ("10 working days", ("working_day", 10, "after")),
        ("2 months", ("month", 2, "after")),
        ("3 school days before", ("school_day", 3, "before")),
        ("next school day", ("school_day", 1, "after")),
        ("12 school weeks", ("school_week", 12, "after")),
        ("48 hours before", ("hour", 48, "before")),
        ("5 days", ("calendar_day", 5, "after")),
        ("last school day of the term", ("term", 0, "after")),
    ],
)
def test_a_rule_can_be_written_out(text: str, expected: tuple[str, int, str]) -> None:
    rule = RULES.written(text)

    assert (rule.unit, rule.count, rule.direction) == expected


@pytest.mark.parametrize("text", ["", "soon", "fortnight", "0 weeks", "-3 days", "1000 weeks", "some days", "P2W", "5"])
def test_what_is_no_deadline_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UnreadableRule, match='Expected a deadline such as "15 school days"'):
        RULES.written(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x: {title: X, unit: fortnight}", 'Expected unit of "x" to be one of school_day'),
        ("x: {title: X, unit: week, coun: 3}", 'but "coun" is not one'),
        ("x: {unit: week}", "title"),
        ("x: {title: X, unit: week, valid_from: soon}", 'Expected the rule "x" to be readable'),
        ("x: {title: X, unit: week, overdue: [{tell: [HOS]}]}", "after_school_days"),
        ("- 15 school days", "Expected a mapping from keys"),
    ],
)
def test_a_rule_that_cannot_be_read_says_where(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableRule, match=sentence):
        read_rules(text)
