"""Letter templates: what they may hold, and the line that is wrong where they hold something else."""

import pytest

from app.letters import LONGEST_TEMPLATE, UnreadableTemplate, read

HEAD = "---\ntitle: About {{ pupil.name }}\nto: parents\n---\n"


def refusal(text: str) -> str:
    with pytest.raises(UnreadableTemplate) as refused:
        read(text.encode())
    return refused.value.sentence


def test_a_template_says_which_names_and_answers_it_quotes():
    template = read(
        f"{HEAD}{{{{ answers.plan.who }}}}, {{{{ tier }}}}\n\n{{{{ if days > 5 }}}}\nMore\n{{{{ end }}}}\n".encode()
    )

    assert template.to == "parents"
    assert {name for place in template.places for name in place.expression.names} == {
        "pupil",
        "answers",
        "tier",
        "days",
    }
    assert template.forms == {"plan"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear parents", "Line 1: Expected a head between two lines of ---, but the first line is something else"),
        ("---\ntitle: A\n", "Line 2: Expected the head to end with a line of ---, but it does not end"),
        ("---\nto: parents\n---\nHello", "Line 1: Expected “title:” in the head, but the letter has no title"),
        (
            "---\ntitle: A\nfrom: me\n---\n",
            "Line 3: Expected “title: …” or “to: …” in the head, but there is something else",
        ),
        (HEAD, "Line 5: Expected words after the head, but there are none"),
        (f"{HEAD}{{{{ end }}}}", "Line 5: Expected “if” before “end”, but there is none"),
        (f"{HEAD}Hello\n{{{{ if a }}}}\nB", "Line 6: Expected {{ end }} after this condition, but there is none"),
        (f"{HEAD}Hello {{{{ name", "Line 5: Expected every {{ to be closed by }} on the same line, but one is not"),
        (f"{HEAD}Hello {{{{ }}}}", "Line 5: Expected a name or an expression between the braces, but there is nothing"),
        (f"{HEAD}A {{{{ else }}}} B", "Line 5: Expected {{ else }} on a line of its own, but there is more beside it"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, sentence: str):
    assert refusal(text) == sentence


def test_an_expression_that_is_no_feel_is_refused_with_its_line():
    assert refusal(f"{HEAD}Hello\n\nDear {{{{ 1 + }}}}").startswith("Line 7: “1 +” cannot be read.")


def test_conditions_may_not_be_nested_for_ever_and_a_template_is_no_book():
    deep = "{{ if a }}\n" * 6 + "x\n" + "{{ end }}\n" * 6
    assert "at most 5 deep" in refusal(HEAD + deep)
    assert "at most 50,000 bytes" in refusal(HEAD + "x" * LONGEST_TEMPLATE)
