"""DMN files: what is read, what several decisions do together, and what is refused at which element."""

from decimal import Decimal

import pytest
from decision_table_xml import decision, file, table

from app.feel import FeelClock
from app.feel.dmn import DecisionError, parse_decision

ONE_RULE = table([(['"SEMH"'], ['"mentor"'], "")])


def literal(text: str) -> str:
    return f'<literalExpression id="le"><text>{text}</text></literalExpression>'


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_of_dmn_is_read(namespace: str, clock: FeelClock) -> None:
    made = parse_decision(file(decision(ONE_RULE), namespace=namespace))

    assert made.evaluate({"need": "SEMH"}, clock).outputs == {"support": "mentor"}


def test_a_decision_says_what_it_is() -> None:
    made = parse_decision(file(decision(ONE_RULE)))

    assert (made.key, made.name) == ("support", "Support")
    assert [column.expression for column in made.inputs] == ["need"]
    assert [column.name for column in made.outputs] == ["support"]
    assert made.names == {"need"}
    assert made.problems() == []


def test_a_single_output_without_a_name_goes_by_the_decision(clock: FeelClock) -> None:
    made = parse_decision(file(decision(table([(["-"], ["1"], "")], outputs=[("", "", "")]))))

    assert made.evaluate({}, clock).outputs == {"support": Decimal(1)}


def test_a_literal_expression_is_a_decision(clock: FeelClock) -> None:
    made = parse_decision(file(decision(literal("age * 2"))))

    result = made.evaluate({"age": Decimal(4)}, clock)

    assert result.outputs == {"support": Decimal(8)}
    assert made.names == {"age"}


def test_required_decisions_are_made_first(clock: FeelClock) -> None:
    level = decision(literal('if age &gt; 10 then "SEMH" else "MLD"'), key="level", name="Level of need")
    years = decision(literal("level"), key="need", name="Need", requires=["level"])
    made = parse_decision(file(decision(ONE_RULE, requires=["need"]), level, years))

    assert made.problems() == []
    assert made.names == {"age"}
    assert made.evaluate({"age": Decimal(11)}, clock).outputs == {"support": "mentor"}
    assert made.evaluate({"age": Decimal(10)}, clock).outputs == {"support": None}


def test_one_decision_of_a_file_can_be_asked_for(clock: FeelClock) -> None:
    xml = file(decision(literal("1"), key="one"), decision(literal("2"), key="two"))

    assert parse_decision(xml, "two").evaluate({}, clock).value == Decimal(2)
    with pytest.raises(DecisionError, match='Expected a decision with the id "three", but the file has one, two'):
        parse_decision(xml, "three")


def test_functions_of_the_engine_can_be_called(clock: FeelClock) -> None:
    xml = file(decision(literal("due(1)")))

    assert parse_decision(xml).problems()[0].element_id == "le"
    made = parse_decision(xml, extra_functions=frozenset({"due"}))
    assert made.evaluate({}, clock, {"due": lambda days: days}).value == Decimal(1)


@pytest.mark.parametrize(
    ("decisions", "element_id", "sentence"),
    [
        ([decision(table([(["<"], ["1"], "")]))], "r1i0", 'Expected a value after "<" at line 1, column 2'),
        ([decision(table([(["-"], ["1 +"], "")]))], "r1o0", 'Expected a value after "+" at line 1, column 4'),
        (
            [decision(table([(['matches(?, "a")'], ["1"], "")]))],
            "r1i0",
            'The function "matches" is not supported: patterns can take for ever; '
            "use contains, starts with or ends with at line 1, column 1",
        ),
        (
            [decision(table([(["-"], ["1"], "")], inputs=[("", "")]))],
            "i1",
            'The input "" does not say which value it tests',
        ),
        ([decision(table([(["-", "-"], ["1"], "")]))], "rule1", "Rule 1 does not have one cell per column"),
        ([decision(table([], policy='hitPolicy="BEST"'))], "table", "There is no hit policy BEST"),
        (
            [decision(table([], policy='hitPolicy="FIRST" aggregation="SUM"'))],
            "table",
            "Only COLLECT with one output can be aggregated",
        ),
        (
            [decision(table([], policy='hitPolicy="PRIORITY"'))],
            "table",
            "PRIORITY needs to know which outputs come first",
        ),
        (
            [decision(table([], outputs=[("a", "", ""), ("a", "", "")]))],
            "table",
            "Two outputs have the same name, or one has none",
        ),
        ([decision("")], "support", 'The decision "Support" does not say how it is made'),
        ([decision("<context/>")], "support", 'A decision cannot be made by "context" here'),
        ([decision("<invocation/>")], "support", 'A decision cannot be made by "invocation" here'),
        (
            [decision('<literalExpression id="le" expressionLanguage="javascript"><text>1</text></literalExpression>')],
            "le",
            "The expression is written in javascript, but only FEEL is supported",
        ),
        (
            [decision('<knowledgeRequirement id="k"/>' + literal("1"))],
            "support",
            "The decision uses a business knowledge model, which is not supported",
        ),
        (
            [decision(ONE_RULE, requires=["gone"])],
            "support",
            'The decision requires "gone", which is not in the file',
        ),
        ([decision(ONE_RULE, requires=["support"])], "support", "The decision requires itself"),
        (
            [decision(literal("1"), key="one", name="One"), decision(literal("2"), key="two", name="Two")],
            "two",
            'The file has several decisions that no other requires: "One" and "Two"',
        ),
    ],
)
def test_what_is_unsupported_is_named(decisions: list[str], element_id: str, sentence: str, clock: FeelClock) -> None:
    made = parse_decision(file(*decisions))

    assert (element_id, sentence) in [(problem.element_id, problem.sentence) for problem in made.problems()]
    assert all(problem.fix for problem in made.problems())
    with pytest.raises(DecisionError, match="cannot be used"):
        made.evaluate({}, clock)


def test_all_problems_are_told_at_once() -> None:
    made = parse_decision(file(decision(table([(["<"], ["1 +"], ""), (["]"], ["launch()"], "")]))))

    assert [problem.element_id for problem in made.problems()] == ["r1i0", "r1o0", "r2i0", "r2o0"]


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"no xml",
        b"<definitions/>",
        b"<html/>",
        file(),
        file(decision(ONE_RULE))[:-20],
        b'<!DOCTYPE definitions [<!ENTITY a "b">]>' + file(decision(ONE_RULE)).split(b"?>\n")[1],
        b'<!DOCTYPE definitions SYSTEM "file:///etc/hostname">' + file(decision(ONE_RULE)).split(b"?>\n")[1],
        file(decision(ONE_RULE), decision(ONE_RULE)),
        file(decision(ONE_RULE)) + b" " * 1_000_000,
        file(decision(ONE_RULE), namespace="http://example.org/other"),
        b"<a>" * 100_000,
    ],
    ids=range(12),
)
def test_a_file_that_is_no_dmn_is_refused_with_a_sentence(xml: bytes) -> None:
    with pytest.raises(DecisionError, match=r"^Expected "):
        parse_decision(xml)
