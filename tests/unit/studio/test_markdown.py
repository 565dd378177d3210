"""What is written about a process is shown as its author meant it, and nothing in it is taken for HTML."""

from app.web.markdown import to_html


def test_every_word_is_escaped() -> None:
    assert "<script>" not in to_html("# <script>\n\n- <script>\n\n| <script> |\n|---|\n| `<script>` |\n\n**<script>**")


def test_lines_of_a_paragraph_and_of_an_item_belong_together() -> None:
    assert to_html("One\ntwo.") == '<p class="govuk-body">One two.</p>'
    assert "<li>One two</li>" in to_html("1. One\n   two")


def test_a_table_keeps_its_heads_for_narrow_screens() -> None:
    shown = to_html("| start | how |\n|---|---|\n| Concern | a *form* |")

    assert '<th scope="col">start</th>' in shown
    assert '<td data-label="how">a <em>form</em></td>' in shown
