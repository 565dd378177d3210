"""Answers in words, also when the schema has changed since; the little markdown of texts."""

import pytest
from form_building import choice, form, on, text

from app.forms import Line, summary
from app.forms.markdown import to_html

OF = form(
    on("review_date", "When will you review?"),
    on("at", "Meeting", subtype="datetime"),
    on("start", "Start", subtype="time"),
    choice("tier", "Tier", "one", "two"),
    {**choice("needs", "Needs", "slcn", "semh"), "type": "checklist"},
    {"type": "checkbox", "key": "told", "label": "Parents told"},
    {"type": "number", "key": "cost", "label": "Cost", "appearance": {"prefixAdorner": "£"}},
    {"type": "number", "key": "minutes", "label": "Minutes", "appearance": {"suffixAdorner": "minutes"}},
    {"type": "filepicker", "key": "papers", "label": "Papers", "multiple": True},
    {"type": "dynamiclist", "path": "rows", "label": "Rows", "components": [text("what", "What", id="w")]},
)


@pytest.mark.parametrize(
    ("key", "answer", "readable"),
    [
        ("review_date", "2027-03-07", "Sun 7 March 2027"),
        ("at", "2027-03-07T14:30:00+00:00", "Sun 7 March 2027 at 14:30"),
        ("start", "14:30:00", "14:30"),
        ("tier", "two", "Two"),
        ("tier", "five", "five"),
        ("needs", ["slcn", "gone"], "Slcn, gone"),
        ("needs", [], "Not answered"),
        ("told", True, "Yes"),
        ("told", False, "No"),
        ("cost", 1200.5, "£1,200.50"),
        ("cost", 0, "£0"),
        ("minutes", 90, "90 minutes"),
        ("papers", [{"id": "x", "name": "a.pdf"}, {"id": "y", "name": "b.png"}], "a.pdf, b.png"),
        ("rows", [], "Not answered"),
        ("review_date", "soon", "soon"),
        ("review_date", ["odd"], "odd"),
        ("tier", {"odd": 1}, "odd: 1"),
    ],
)
def test_each_answer_is_put_in_words(key: str, answer: object, readable: str) -> None:
    [line] = summary(OF, {key: answer})  # type: ignore[dict-item]
    assert line.value == readable


def test_rows_are_lists_of_lines() -> None:
    [line] = summary(OF, {"rows": [{"what": "a"}, {}]})
    assert line.value == [[Line("What", "a", "what")], []]


def test_answers_come_in_the_order_of_the_form_and_strangers_last() -> None:
    lines = summary(OF, {"gone": {"a": [1, True]}, "tier": "one", "review_date": "2027-03-07"})
    assert [(line.label, line.key) for line in lines] == [
        ("When will you review?", "review_date"),
        ("Tier", "tier"),
        ("gone", "gone"),
    ]
    assert lines[-1].value == "a: 1; Yes"


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("# A & B", '<h2 class="govuk-heading-m">A &amp; B</h2>'),
        ("### Small", '<h4 class="govuk-heading-s">Small</h4>'),
        ("one\ntwo\n\nthree", '<p class="govuk-body">one<br>two</p>\n<p class="govuk-body">three</p>'),
        ("a **b** c", '<p class="govuk-body">a <strong>b</strong> c</p>'),
        ("- x\n- y", '<ul class="govuk-list govuk-list--bullet"><li>x</li><li>y</li></ul>'),
        ("1. x\n2. y", '<ol class="govuk-list govuk-list--number"><li>x</li><li>y</li></ol>'),
        ("<b>x</b>", '<p class="govuk-body">&lt;b&gt;x&lt;/b&gt;</p>'),
        ("**<i>**", '<p class="govuk-body"><strong>&lt;i&gt;</strong></p>'),
        ("[x](javascript:1)", '<p class="govuk-body">[x](javascript:1)</p>'),
        ('" onclick="x', '<p class="govuk-body">&quot; onclick=&quot;x</p>'),
        ("", ""),
    ],
)
def test_texts_know_a_little_markdown_and_escape_the_rest(written: str, drawn: str) -> None:
    assert to_html(written) == drawn
