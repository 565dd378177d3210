"""Decision tables: every hit policy, what no match gives, and why a rule applied."""

from decimal import Decimal
from typing import Any

import pytest
from decision_table_xml import Row, decision, file, table

from app.feel import FeelClock, scope_from_json, to_json
from app.feel.dmn import DecisionError, parse_decision

RANKED = '"high", "medium", "low"'
OVERLAPPING: list[Row] = [
    (['"SEMH"'], ['"low"'], ""),
    (["-"], ['"high"'], "Everyone gets this"),
    (['"SEMH", "MLD"'], ['"medium"'], ""),
]
AMOUNTS: list[Row] = [(["-"], ["3"], ""), (['"SEMH"'], ["5"], ""), (['"SEMH"'], ["3"], ""), (['"MLD"'], ["9"], "")]


def outputs_of(xml: bytes, clock: FeelClock, **variables: Any) -> Any:
    """The outputs as JSON, of a file without problems."""
    made = parse_decision(xml)
    assert made.problems() == []
    return to_json(made.evaluate(scope_from_json(variables, {}), clock).outputs)  # type: ignore[arg-type]


def test_unique_gives_the_one_rule_that_applies(clock: FeelClock) -> None:
    rows: list[Row] = [(['"SEMH"'], ['"mentor"'], "A mentor for SEMH"), (['not("SEMH")'], ['"tutor"'], "")]
    made = parse_decision(file(decision(table(rows))))

    result = made.evaluate({"need": "SEMH"}, clock)

    assert result.outputs == {"support": "mentor"}
    assert result.value == "mentor"
    assert result.rule_ids == ("rule1",)
    assert result.sentences == ("A mentor for SEMH",)
    assert made.evaluate({"need": "MLD"}, clock).sentences == ('Rule 2 of "Support" applied',)


def test_unique_refuses_two_rules_and_names_them(clock: FeelClock) -> None:
    made = parse_decision(file(decision(table(OVERLAPPING))))

    with pytest.raises(DecisionError, match='Expected one rule of "Support" to apply, but rules 1, 2 and 3 do'):
        made.evaluate({"need": "SEMH"}, clock)


def test_a_table_without_hit_policy_is_unique(clock: FeelClock) -> None:
    with pytest.raises(DecisionError, match="Expected one rule"):
        parse_decision(file(decision(table(OVERLAPPING, policy="")))).evaluate({"need": "MLD"}, clock)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ('hitPolicy="FIRST"', {"support": "low"}),
        ('hitPolicy="PRIORITY"', {"support": "high"}),
        ('hitPolicy="RULE ORDER"', [{"support": "low"}, {"support": "high"}, {"support": "medium"}]),
        ('hitPolicy="OUTPUT ORDER"', [{"support": "high"}, {"support": "medium"}, {"support": "low"}]),
        ('hitPolicy="COLLECT"', [{"support": "low"}, {"support": "high"}, {"support": "medium"}]),
    ],
)
def test_a_hit_policy_chooses_among_rules(policy: str, expected: object, clock: FeelClock) -> None:
    xml = file(decision(table(OVERLAPPING, policy=policy, outputs=[("support", RANKED, "")])))

    assert outputs_of(xml, clock, need="SEMH") == expected


def test_first_stops_at_the_first_rule(clock: FeelClock) -> None:
    rows: list[Row] = [(["-"], ['"a"'], ""), (["-"], ["for i in 1..9999 return i"], "")]

    assert outputs_of(file(decision(table(rows, policy='hitPolicy="FIRST"'))), clock) == {"support": "a"}


def test_any_accepts_rules_that_agree(clock: FeelClock) -> None:
    rows: list[Row] = [(['"SEMH"'], ['"mentor"'], ""), (["-"], ['"mentor"'], ""), (['"MLD"'], ['"tutor"'], "")]
    xml = file(decision(table(rows, policy='hitPolicy="ANY"')))

    assert outputs_of(xml, clock, need="SEMH") == {"support": "mentor"}
    with pytest.raises(DecisionError, match='rules of "Support" to agree, but rules 2 and 3 give different results'):
        outputs_of(xml, clock, need="MLD")


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("SUM", 11), ("MIN", 3), ("MAX", 5), ("COUNT", 3)],
)
def test_collect_can_be_aggregated(aggregation: str, expected: int, clock: FeelClock) -> None:
    xml = file(decision(table(AMOUNTS, policy=f'hitPolicy="COLLECT" aggregation="{aggregation}"')))

    assert outputs_of(xml, clock, need="SEMH") == {"support": expected}


def test_collect_gives_bare_values_too(clock: FeelClock) -> None:
    made = parse_decision(file(decision(table(AMOUNTS, policy='hitPolicy="COLLECT"'))))

    assert made.evaluate({"need": "MLD"}, clock).value == [Decimal(3), Decimal(9)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ('hitPolicy="UNIQUE"', {"support": None}),
        ('hitPolicy="FIRST"', {"support": None}),
        ('hitPolicy="COLLECT"', []),
        ('hitPolicy="RULE ORDER"', []),
        ('hitPolicy="COLLECT" aggregation="SUM"', {"support": None}),
        ('hitPolicy="COLLECT" aggregation="COUNT"', {"support": 0}),
    ],
)
def test_no_rule_gives_null_or_nothing(policy: str, expected: object, clock: FeelClock) -> None:
    xml = file(decision(table([(['"SEMH"'], ["1"], "")], policy=policy)))

    assert outputs_of(xml, clock, need="MLD") == expected


def test_no_rule_gives_the_default_where_there_is_one(clock: FeelClock) -> None:
    columns = [("support", "", '"universal"'), ("weeks", "", "")]
    made = parse_decision(file(decision(table([(['"SEMH"'], ['"mentor"', "6"], "")], outputs=columns))))

    result = made.evaluate({"need": "MLD"}, clock)

    assert result.outputs == {"support": "universal", "weeks": None}
    assert result.rule_ids == ()


def test_several_outputs_are_one_context(clock: FeelClock) -> None:
    columns = [("support", "", ""), ("weeks", "", "")]
    rows: list[Row] = [(['"SEMH"'], ['"mentor"', "extra + 6"], "")]

    assert outputs_of(file(decision(table(rows, outputs=columns))), clock, need="SEMH", extra=1) == {
        "support": "mentor",
        "weeks": 7,
    }


def test_priority_looks_at_the_columns_in_order(clock: FeelClock) -> None:
    columns = [("support", '"high", "low"', ""), ("weeks", "6, 12", "")]
    rows: list[Row] = [(["-"], ['"low"', "6"], ""), (["-"], ['"high"', "12"], ""), (["-"], ['"high"', "6"], "")]
    xml = file(decision(table(rows, policy='hitPolicy="PRIORITY"', outputs=columns)))

    assert outputs_of(xml, clock) == {"support": "high", "weeks": 6}


def test_dates_of_the_case_are_compared_as_dates(clock: FeelClock) -> None:
    rows: list[Row] = [
        (['< date("2026-09-01")'], ['"last year"'], ""),
        (['[date("2026-09-01")..date("2026-12-18")]'], ['"this term"'], ""),
        (["> today()"], ['"to come"'], ""),
        (["null"], ['"no date"'], ""),
    ]
    xml = file(decision(table(rows, policy='hitPolicy="FIRST"', inputs=[("started_on", "date")])))

    assert outputs_of(xml, clock, started_on="2026-08-31") == {"support": "last year"}
    assert outputs_of(xml, clock, started_on="2026-09-01") == {"support": "this term"}
    assert outputs_of(xml, clock, started_on="2027-01-04") == {"support": "to come"}
    assert outputs_of(xml, clock) == {"support": "no date"}


def test_all_inputs_must_match(clock: FeelClock) -> None:
    rows: list[Row] = [(['"SEMH"', "[5..11]"], ['"primary"'], ""), (['"SEMH"', "> 11"], ['"secondary"'], "")]
    xml = file(decision(table(rows, inputs=[("need", "string"), ("child.age", "number")])))

    assert outputs_of(xml, clock, need="SEMH", child={"age": 11}) == {"support": "primary"}
    assert outputs_of(xml, clock, need="SEMH", child={"age": 12}) == {"support": "secondary"}
    assert outputs_of(xml, clock, need="MLD", child={"age": 12}) == {"support": None}


def test_a_value_that_is_not_allowed_is_refused(clock: FeelClock) -> None:
    xml = file(decision(table([(["-"], ["1"], "")], allowed='"SEMH", "MLD"')))

    assert outputs_of(xml, clock, need="MLD") == {"support": 1}
    with pytest.raises(DecisionError, match='Expected "need" of "Support" to be one of "SEMH", "MLD", but it is not'):
        outputs_of(xml, clock, need="other")


def test_an_expression_that_takes_too_long_names_the_rule(clock: FeelClock) -> None:
    rows: list[Row] = [(["-"], ["for i in 1..9999 return i"], "")]

    with pytest.raises(DecisionError, match='Rule 1 of "Support": The expression took too long'):
        outputs_of(file(decision(table(rows))), clock)


def test_annotations_of_dmn_1_3_are_the_sentence(clock: FeelClock) -> None:
    xml = file(decision(table([(["-"], ["1"], "")]))).replace(
        b"</rule>", b"<annotationEntry><text>Because of the guidance</text></annotationEntry></rule>"
    )

    assert parse_decision(xml).evaluate({}, clock).sentences == ("Because of the guidance",)
