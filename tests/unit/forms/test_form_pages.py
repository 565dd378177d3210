"""The macros that draw a form: labels, ids, errors, rows, warnings and summaries, as a browser would read them."""

from pathlib import Path
from typing import Any

from form_building import choice, context, form, on, refused, sent, text
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from lxml import html

from app.forms import FilledForm, Form, UploadedFile, fill, summary
from app.web.formatting import file_size

TEMPLATES = Path(__file__).parents[3] / "app" / "web" / "templates"
PAGES = Environment(
    loader=ChoiceLoader(
        [
            FileSystemLoader(TEMPLATES),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    ),
    autoescape=True,
)
PAGES.filters["file_size"] = file_size
MACROS: Any = PAGES.get_template("form/questions.html").module
REPORT = UploadedFile("f1", "<b>report.pdf", 12_400, "application/pdf", "0" * 64)

EVERYTHING = form(
    {"type": "text", "text": "# Plan support\n\nWrite **what you see** <script>alert(1)</script>\n\n- one\n- two"},
    text("name", "Name", validate={"required": True}, properties={"hint": "As registered", "autocomplete": "name"}),
    text("about", "About", type="textarea", validate={"maxLength": 300}),
    text("email", "Email", validate={"validationType": "email"}),
    {"type": "number", "key": "minutes", "label": "Minutes", "decimalDigits": 0,
     "appearance": {"suffixAdorner": "a week"}},
    choice("who", "Who asked?", "school", "parent", validate={"required": True}),
    {**choice("area", "Area", "north", "south"), "type": "select"},
    {**choice("needs", "Needs", "slcn", "semh"), "type": "checklist"},
    {"type": "checkbox", "key": "told", "label": "The parents were told", "validate": {"required": True}},
    on("dob", "Date of birth", validate={"required": True}, properties={"rule": "dob"}),
    on("at", "When", subtype="datetime", timeLabel="Time"),
    on("start", "Start time", subtype="time"),
    text("school", "School", conditional={"hide": '=who != "school"'}, properties={"variable": "school"}),
    {"type": "separator"},
    {"type": "spacer"},
    {"type": "group", "label": "Evidence", "components": [
        {"type": "filepicker", "id": "f", "key": "papers", "label": "Papers", "multiple": True,
         "accept": ".pdf,.docx"}]},
    {"type": "dynamiclist", "path": "outcomes", "label": "Outcomes",
     "properties": {"maxRows": "3", "rowName": "outcome"},
     "components": [text("text", "Outcome", id="o", validate={"required": True}), on("by", "By", id="b")]},
    text("fixed", "Reference", readonly=True, properties={"offer": '"A-1"'}),
    {"type": "button", "action": "submit", "label": "Save"},
)  # fmt: skip


def page(filled: FilledForm, problems: dict[str, str] | None = None, warnings: Any = ()) -> html.HtmlElement:
    drawn = str(MACROS.questions(filled, problems or {}, warnings))
    assert ">None<" not in drawn.replace(" ", "").replace("\n", "")
    assert '"None"' not in drawn
    return html.document_fromstring(f"<form>{drawn}</form>")


def everything(**values: Any) -> html.HtmlElement:
    return page(fill(EVERYTHING, context(files={"f1": REPORT}), values or None))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_every_control_has_a_name_people_hear() -> None:
    drawn = everything(outcomes=[{}])
    labelled = {label.get("for") for label in drawn.iter("label")}
    for control in drawn.cssselect("input:not([type=hidden]), textarea, select"):
        assert control.get("id") in labelled, control.get("name")
    ids = [element.get("id") for element in drawn.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_optional_questions_say_so() -> None:
    drawn = everything()
    assert words(drawn.cssselect("label[for=name]")[0]) == "Name"
    assert words(drawn.cssselect("label[for=about]")[0]) == "About (optional)"
    legends = [words(legend) for legend in drawn.iter("legend")]
    assert "Who asked?" in legends
    assert "Needs (optional)" in legends


def test_words_are_escaped_and_drawn() -> None:
    drawn = everything()
    assert drawn.cssselect("script") == []
    assert words(drawn.cssselect("h2")[0]) == "Plan support"
    assert [words(item) for item in drawn.cssselect("ul.govuk-list--bullet li")] == ["one", "two"]
    assert words(drawn.cssselect("strong")[0]) == "what you see"


def test_what_was_typed_is_drawn_as_it_was() -> None:
    typed = {"name": '"><img src=x>', "about": "</textarea><b>\nx", "who": "parent", "area": "south", "needs": ["semh"],
             "told": True, "dob": {"day": "31", "month": "feb", "year": "12"}, "start": {"time": "2pm"},
             "outcomes": [{"text": "a"}, {"text": "b"}]}  # fmt: skip
    drawn = everything(**typed)
    assert drawn.get_element_by_id("name").value == '"><img src=x>'
    assert drawn.get_element_by_id("about").value == "</textarea><b>\nx"
    assert [each.get("value") for each in drawn.cssselect("input:checked")] == ["parent", "semh", "true"]
    assert drawn.get_element_by_id("area").value == "south"
    boxes = [drawn.cssselect(f"input[name=dob-{part}]")[0].value for part in ("day", "month", "year")]
    assert boxes == ["31", "feb", "12"]
    assert drawn.cssselect("input[name=start-time]")[0].value == "2pm"
    assert drawn.get_element_by_id("outcomes-1-text").value == "b"


def test_every_problem_is_beside_its_question_and_linked_from_the_summary() -> None:
    # given a form sent with nothing but an empty row
    outcome = refused(EVERYTHING, sent(**{"_rows.outcomes": "2", "outcomes-1-by-day": "31"}))
    drawn = page(fill(EVERYTHING, context(), outcome.values), outcome.problems)
    links = html.document_fromstring(str(MACROS.error_summary(outcome.summary))).cssselect("a")
    # then each link leads to an element that can have the focus
    assert len(links) == len(outcome.problems) == 6
    for link, (path, sentence) in zip(links, outcome.problems.items(), strict=True):
        target = drawn.get_element_by_id(link.get("href")[1:])
        assert target.tag in ("input", "textarea", "select") or target.get("tabindex") == "-1", path
        assert words(link) == sentence
    messages = [words(each).removeprefix("Error: ") for each in drawn.cssselect(".govuk-error-message")]
    assert messages == list(outcome.problems.values())
    # and says so to those who listen
    assert "name-error" in drawn.get_element_by_id("name").get("aria-describedby")


def test_an_empty_summary_draws_nothing() -> None:
    assert str(MACROS.error_summary({})).strip() == ""


def test_a_conditional_question_carries_its_condition() -> None:
    conditional = everything(who="parent").cssselect("[data-shown-when]")[0]
    assert conditional.get("data-shown-when") == '{"who": "school"}'
    assert conditional.cssselect("#school")


def test_rows_have_buttons_that_work_without_scripts() -> None:
    drawn = everything(outcomes=[{"text": "a"}, {"text": "b"}])
    assert [
        (each.get("value"), words(each)) for each in drawn.cssselect("[data-row]:not([data-row=__n__]) > button")
    ] == [
        ("outcomes:0", "Remove Outcome 1"),
        ("outcomes:1", "Remove Outcome 2"),
    ]
    add = drawn.cssselect("button[name=_add]")[0]
    assert (add.get("value"), words(add)) == ("outcomes", "Add another outcome")
    assert drawn.cssselect("input[name='_rows.outcomes']")[0].value == "2"
    assert len(drawn.cssselect("[data-rows=outcomes] fieldset > legend")) >= 2
    template = drawn.cssselect("template[data-row-template]")[0]
    assert template.cssselect("[name=outcomes-__n__-text]")
    assert words(template.cssselect("legend")[0]) == "Outcome __number__"
    full = everything(outcomes=[{}, {}, {}])
    assert full.cssselect("button[name=_add]") == []


def test_enter_in_a_text_box_never_presses_a_row_button() -> None:
    first = everything(outcomes=[{}]).cssselect("button, input[type=submit]")[0]
    assert first.get("name") is None
    assert first.get("type") == "submit"


def test_files_already_there_are_listed_with_a_way_to_remove_them() -> None:
    drawn = everything(papers=["f1"])
    listed = drawn.cssselect("[data-files=papers] li")[0]
    assert words(listed) == "<b>report.pdf (12 kB) Remove <b>report.pdf"
    assert listed.cssselect("input[type=hidden][name=papers]")[0].get("value") == "f1"
    assert listed.cssselect("button[name=_drop]")[0].get("value") == "papers:f1"
    upload = drawn.get_element_by_id("papers")
    assert upload.get("accept") == ".pdf,.docx"
    assert upload.get("multiple") is not None


def test_autocomplete_inputmode_and_count_are_set() -> None:
    drawn = everything()
    assert drawn.get_element_by_id("name").get("autocomplete") == "name"
    assert drawn.get_element_by_id("school").get("autocomplete") == "off"
    assert drawn.get_element_by_id("minutes").get("inputmode") == "numeric"
    assert drawn.get_element_by_id("email").get("type") == "email"
    assert drawn.cssselect("[data-maxlength='300'] textarea[name=about]")
    assert drawn.get_element_by_id("about-info") is not None


def test_a_read_only_question_is_words_and_no_control() -> None:
    drawn = everything()
    assert words(drawn.get_element_by_id("fixed")) == "Reference A-1"
    assert drawn.cssselect("[name=fixed]") == []


ODD: Form = form(text("a", "A", properties={"warn.odd": 'a = "x"', "message.odd": "That is <odd>"}))


def test_a_warning_has_a_tick_and_a_reason() -> None:
    outcome = refused(ODD, sent(a="x", **{"_reason.a:odd": "be<cause"}))
    drawn = page(fill(ODD, context(), outcome.values), outcome.problems, outcome.warnings)
    tick = drawn.get_element_by_id("warning-a-odd")
    assert (tick.get("name"), tick.get("value"), tick.get("checked")) == ("_tick.a:odd", "yes", None)
    assert drawn.cssselect("textarea[name='_reason.a:odd']")[0].value == "be<cause"
    link = html.document_fromstring(str(MACROS.error_summary(outcome.summary))).cssselect("a")[0]
    assert link.get("href") == "#warning-a-odd"
    assert "That is <odd>" in words(drawn)


def test_answers_are_a_summary_list_with_rows_and_change_links() -> None:
    answers = {
        "name": "Ada <b>",
        "about": "one\ntwo",
        "dob": "2012-05-14",
        "outcomes": [{"text": "a", "by": "2026-03-07"}],
    }
    drawn = html.document_fromstring(str(MACROS.answers(summary(EVERYTHING, answers), "/tasks/1")))
    keys = [words(key) for key in drawn.cssselect("dt.govuk-summary-list__key")]
    assert keys == ["Name", "About", "Date of birth", "Outcomes"]
    values = [words(value) for value in drawn.cssselect("dd.govuk-summary-list__value")]
    assert values[0] == "Ada <b>"
    assert values[2] == "14 May 2012"
    assert [words(each) for each in drawn.cssselect("ol dd")] == ["a", "Sat 7 March 2026"]
    assert len(drawn.cssselect("dd br")) == 1
    assert drawn.cssselect("a")[0].get("href") == "/tasks/1#name"
    assert words(drawn.cssselect("a")[0]) == "Change Name"
    plain = html.document_fromstring(str(MACROS.answers(summary(EVERYTHING, answers))))
    assert plain.cssselect("a") == []
