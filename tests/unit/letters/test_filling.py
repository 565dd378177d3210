"""Filling letters: values in words, conditions, lists, gaps; and that no value is ever read as anything but text."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.feel import Value
from app.letters import Filled, fill, pdf, plain, read
from app.letters.filling import LONGEST_LETTER, MISSING
from app.letters.pdf import NO_GLYPH, unprintable

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOSTILE = '#read("/etc/passwd") *x* _y_ $z$ \\ `c` <img> {{ secret }} #include "a" @b = H'


def filled(body: str, **scope: Value) -> Filled:
    return fill(
        read(f"---\ntitle: About {{{{ who }}}}\nto: parents\n---\n{body}".encode()), {"who": "Ada", **scope}, NOW, {}
    )


def text(body: str, **scope: Value) -> str:
    return plain(filled(body, **scope)).removeprefix("About Ada\n\n").strip()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 2), "Monday 2 November 2026"),
        (Decimal("1250.50"), "1,250.5"),
        (True, "yes"),
        (["a", "b", "c"], "a, b and c"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_values_read_as_people_write_them(value: Value, words: str):
    assert text("{{ value }}", value=value) == words


def test_a_condition_that_is_not_true_leaves_its_words_out():
    body = "{{ if days > 5 }}\nLong\n{{ else }}\nShort\n{{ end }}"

    assert text(body, days=Decimal(6)) == "Long"
    assert text(body, days=Decimal(5)) == "Short"
    assert text(body, days=None) == "Short"


def test_a_list_of_values_becomes_items_of_their_own():
    assert text("- {{ several }}\n- last", several=["one", "two"]) == "- one\n- two\n- last"


def test_codes_read_as_people_call_them():
    template = read(b"---\ntitle: A\nto: parents\n---\n{{ answers.plan.why }}: {{ kind }}")
    scope = {"answers": {"plan": {"why": ["a", "b"]}}, "kind": "susp"}
    letter = fill(template, scope, NOW, {}, {"answers.plan.why": {"a": "Alpha", "b": "Beta"}, "kind": {"susp": "Off"}})

    assert plain(letter) == "A\n\nAlpha and Beta: Off\n"


def test_what_is_not_known_is_a_gap_that_can_be_seen():
    letter = filled("Dear {{ name }}, {{ answers.plan.why }}", answers={})

    assert letter.gaps == ("name", "answers.plan.why")
    assert plain(letter).count(MISSING) == 2


def test_a_letter_of_values_without_end_is_cut():
    letter = filled("\n\n".join(["{{ long }}"] * 50), long="x" * 8_000)
    assert len(plain(letter)) < LONGEST_LETTER + 1_000


def test_what_a_case_says_is_never_markup():
    letter = filled("- {{ value }}\n\n**{{ value }}**", value=HOSTILE)

    assert plain(letter).replace("\n  ", " ").count(HOSTILE) >= 1
    printed = pdf(letter, HOSTILE, HOSTILE)
    assert printed.startswith(b"%PDF-")
    assert b"pdfuaid" in printed
    assert b"root:" not in printed


def test_a_pdf_is_the_same_for_the_same_letter():
    letter = filled("## Head\n\nWords for {{ who }}\n\n1. one\n2. two")
    assert pdf(letter, "Beacon School", "TES-1") == pdf(letter, "Beacon School", "TES-1")


def test_signs_that_no_font_has_are_shown_as_a_square_and_named():
    letter = filled("Dear {{ name }}", name="王 Łucja Žižka")

    assert pdf(letter, "Beacon School", "TES-1").startswith(b"%PDF-")
    assert unprintable(letter) == "王"
    assert NO_GLYPH not in plain(letter)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_every_text_can_be_printed(value: str):
    assert pdf(filled("Dear {{ value }}", value=value), "Beacon School", "TES-1").startswith(b"%PDF-")
