"""A wrong expression is refused with one plain sentence and the place."""

import pytest

from app.feel import BUILTINS, FeelError, compile_context, compile_expression, compile_unary_tests


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("status =", 'Expected a value after "=" at line 1, column 9'),
        ("= status =", 'Expected a value after "=" at line 1, column 11'),
        ("", "Expected a value at line 1, column 1"),
        ("a b", 'Expected an operator or the end after "a", but found "b" at line 1, column 3'),
        ("a = = b", 'Expected a value after "=", but found "=" at line 1, column 5'),
        ('"open', 'Expected a closing " for this text at line 1, column 1'),
        ("[1, 2", 'Expected a closing "]" after "2" at line 1, column 6'),
        ("if a", 'Expected "then" after "a" at line 1, column 5'),
        ("if a then b", 'Expected "else" after "b" at line 1, column 12'),
        ("for i in a", 'Expected "return" after "a" at line 1, column 11'),
        ("1 +\n  * 2", 'Expected a value after "+", but found "*" at line 2, column 3'),
        ("_x", 'Expected a name that starts with a letter, but found "_x" at line 1, column 1'),
        ("a.__class__", 'Expected a name that starts with a letter, but found "__class__" at line 1, column 3'),
        ("{__a: 1}", 'Expected a name that starts with a letter, but found "__a" at line 1, column 2'),
        ("1 + and", 'Expected a name, but "and" is a word of FEEL at line 1, column 5'),
        ("launch(1)", 'Expected a function of FEEL, but there is none called "launch" at line 1, column 1'),
        (
            'matches("a", "b")',
            'The function "matches" is not supported: patterns can take for ever; '
            "use contains, starts with or ends with at line 1, column 1",
        ),
        (
            'split("a", "\\\\s")',
            "Expected the delimiter of split to be a text in quotes that is no pattern at line 1, column 1",
        ),
        (
            "function(x) x",
            "Functions of your own are not supported, only as the second value of sort at line 1, column 1",
        ),
        ("contains(1)", "Expected contains(string: string, match: string), but it gets 1 value at line 1, column 1"),
        ("contains(a: 1)", "Expected contains(string: string, match: string), but it gets a at line 1, column 1"),
        ("today(1)", 'Expected "today" to be called without values at line 1, column 1'),
        ("a + ?", 'Expected a name, but "?" has a meaning only in the cells of a decision table at line 1, column 5'),
        ('@"tomorrow"', 'Expected a date, a time or a duration, but found "tomorrow" at line 1, column 2'),
        ('"a\\q"', 'Expected \\n, \\t, \\" or \\\\, but found "\\q" at line 1, column 1'),
        ("{a: 1, a: 2}", 'Expected each name once, but "a" comes twice at line 1, column 8'),
        ("1e31", "The number is larger than 1e30 at line 1, column 1"),
        ("x" * 2_001, "Expected at most 2,000 characters, but there are 2,001 at line 1, column 1"),
        ("(" * 41, "Expected at most 40 brackets inside one another at line 1, column 41"),
    ],
)
def test_a_wrong_expression_is_refused_with_its_place(source: str, sentence: str) -> None:
    with pytest.raises(FeelError) as raised:
        compile_expression(source)

    assert raised.value.sentence == sentence
    assert str(raised.value) == sentence
    assert sentence.endswith(f"at line {raised.value.line}, column {raised.value.column}")


@pytest.mark.parametrize("source", ["a", "1 + 1", "[{a: 1}]", "{a: 1}.a"])
def test_the_body_of_a_script_task_must_be_one_context(source: str) -> None:
    with pytest.raises(FeelError, match=r"Expected \{ name: expression, … \}"):
        compile_context(source)


@pytest.mark.parametrize("source", ["<", "1,", "[1..", "not(", '"a" "b"', "> 5 <"])
def test_a_wrong_cell_is_refused(source: str) -> None:
    with pytest.raises(FeelError, match=" at line 1, column "):
        compile_unary_tests(source)


def test_functions_of_the_engine_are_known_only_where_they_are_given(clock) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FeelError, match='none called "due"'):
        compile_expression('due("ex.board15", today())')

    expression = compile_expression('due("ex.board15", today())', frozenset({"due"}))

    assert expression.calls == {"due", "today"}
    assert expression.evaluate({}, clock, {"due": lambda rule, basis: basis}) == clock.today
    with pytest.raises(FeelError, match='The function "due" cannot be used here'):
        expression.evaluate({}, clock)


def test_every_supported_function_has_a_signature() -> None:
    assert len(BUILTINS) >= 80
    assert all(signature.startswith(f"{name}(") for name, signature in BUILTINS.items())
    assert "matches" not in BUILTINS
