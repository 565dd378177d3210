"""Rows without JavaScript, drafts, offers, conditions, read-only questions and files in a form."""

import pytest
from form_building import accepted, boxes, choice, context, form, on, problem, refused, sent, text

from app.forms import Fields, Form, UploadedFile, as_submitted, draft, fill, rows_changed, submit, summary
from app.forms.filling import QuestionBlock

OUTCOMES = form(
    {
        "type": "dynamiclist",
        "path": "outcomes",
        "label": "Outcomes",
        "properties": {"minRows": "1", "maxRows": "3", "rowName": "outcome", "variable": "outcomes"},
        "components": [
            text("text", "Outcome", id="t", validate={"required": True}),
            on("by", "By", id="b", properties={"rule": "future"}),
            choice("effect", "Effect", "better", "worse", id="e"),
            text("why", "Why", id="w", validate={"required": True}, conditional={"hide": '=effect != "worse"'}),
        ],
    }
)


def _block(filled_of: Form, key: str, **circumstances: object) -> QuestionBlock:
    filled = fill(filled_of, context(**circumstances))
    return next(each for each in filled.blocks if isinstance(each, QuestionBlock) and each.path == key)


def test_a_row_is_added_and_what_was_typed_stays() -> None:
    values = rows_changed(OUTCOMES, sent(_add="outcomes", **{"outcomes-0-text": " Reads ", "_rows.outcomes": "1"}))
    assert values is not None
    rows = values["outcomes"]
    assert isinstance(rows, list)
    assert len(rows) == 2
    assert rows[0]["text"] == " Reads "
    drawn = fill(OUTCOMES, context(), values)
    block = drawn.blocks[0]
    assert isinstance(block, QuestionBlock)
    assert [row.legend for row in block.rows] == ["Outcome 1", "Outcome 2"]


def test_no_row_is_added_beyond_the_most() -> None:
    values = rows_changed(OUTCOMES, sent(_add="outcomes", **{"_rows.outcomes": "3"}))
    assert values is not None
    assert len(values["outcomes"]) == 3  # type: ignore[arg-type]


def test_the_named_row_is_removed_and_the_next_moves_up() -> None:
    typed = {"_rows.outcomes": "2", "outcomes-0-text": "one", "outcomes-1-text": "two"}
    values = rows_changed(OUTCOMES, sent(_remove="outcomes:0", **typed))
    assert values is not None
    assert [row["text"] for row in values["outcomes"]] == ["two"]  # type: ignore[union-attr,call-overload,index]


def test_other_buttons_and_strange_rows_change_nothing() -> None:
    assert rows_changed(OUTCOMES, sent(**{"outcomes-0-text": "one"})) is None
    for strange in ("outcomes:9", "outcomes:-1", "outcomes:x", "nothing:0", "outcomes", ":::", "outcomes:" + "9" * 50):
        values = rows_changed(OUTCOMES, sent(_remove=strange, **{"outcomes-0-text": "one"}))
        assert values is not None
        assert len(values["outcomes"]) == 1, strange  # type: ignore[arg-type]


def test_a_thousand_rows_are_not_kept() -> None:
    outcome = refused(OUTCOMES, sent(**{"_rows.outcomes": "99999", "outcomes-0-text": "x"}))
    assert len(outcome.values["outcomes"]) == 60  # type: ignore[arg-type]
    assert outcome.problems["outcomes"].startswith("Remove outcomes")


def test_a_condition_in_a_row_looks_at_its_own_row() -> None:
    rows = {"outcomes-0-text": "a", "outcomes-0-effect": "worse", "outcomes-1-text": "b", "outcomes-1-effect": "better"}
    assert refused(OUTCOMES, sent(**rows)).problems == {"outcomes:0:why": "Outcome 1: Enter why"}
    answers = accepted(OUTCOMES, sent(**rows, **{"outcomes-0-why": "ill", "outcomes-1-why": "dropped"})).answers
    assert answers == {"outcomes": [{"text": "a", "effect": "worse", "why": "ill"}, {"text": "b", "effect": "better"}]}


def test_a_problem_in_a_date_of_a_row_is_named_by_its_row() -> None:
    rows = {"outcomes-0-text": "a", "outcomes-1-text": "b", **boxes("outcomes-1-by", "31", "2", "2027")}
    assert refused(OUTCOMES, sent(**rows)).problems == {
        "outcomes:1:by": "Outcome 2: Enter a real date for the by, for example 2 11 2026"
    }


CONDITIONAL = form(
    choice("who", "Who asked?", "school", "parent"),
    text("school", "School", validate={"required": True}, conditional={"hide": '=who != "school"'}),
    text("town", "Town", conditional={"hide": "=school = null"}),
    text("secret", "Secret", conditional={"hide": "=not(is_restricted)"}, properties={"variable": "secret"}),
)


def test_answers_to_hidden_questions_are_dropped_until_nothing_changes() -> None:
    # given a school that is hidden, the town that hangs on it is hidden too
    outcome = accepted(CONDITIONAL, sent(who="parent", school="Hill", town="Leeds", secret="x"),
                       variables={"is_restricted": False})  # fmt: skip
    assert outcome.answers == {"who": "parent"}
    assert outcome.variables == {"secret": None}
    assert problem(CONDITIONAL, sent(who="school", school="Hill", town="x" * 201), "town") is not None


def test_a_hidden_required_question_is_not_asked() -> None:
    assert problem(CONDITIONAL, sent(who="parent"), "school") is None
    assert problem(CONDITIONAL, sent(who="school"), "school") == "Enter the school"


def test_an_unanswered_list_is_empty_to_formulas_and_to_the_process() -> None:
    areas = {**choice("areas", "Areas", "semh"), "type": "checklist", "properties": {"variable": "areas"}}
    of = form(areas, text("why", "Why", conditional={"hide": '=not(list contains(areas, "semh"))'}))
    assert accepted(of, sent(why="x")).answers == {}
    assert accepted(of, sent(why="x")).variables == {"areas": []}
    assert accepted(of, sent(why="x", areas="semh")).answers == {"areas": ["semh"], "why": "x"}


def test_a_condition_that_is_null_shows_its_question() -> None:
    assert accepted(CONDITIONAL, sent(who="parent", secret="x")).answers == {"who": "parent", "secret": "x"}


def test_what_only_the_case_can_hide_is_not_drawn_at_all() -> None:
    filled = fill(CONDITIONAL, context(variables={"is_restricted": False}))
    drawn = {block.path: block for block in filled.blocks if isinstance(block, QuestionBlock)}
    assert set(drawn) == {"who", "school", "town"}
    assert drawn["school"].shown_when == '{"who": "school"}'
    assert not drawn["town"].shown_when  # it hangs on a text: a script cannot tell, so it stays visible
    assert not drawn["who"].shown_when


@pytest.mark.parametrize(
    ("hide", "shown"),
    [
        ('=a != "x"', '{"a": "x"}'),
        ('=not(list contains(["x", "y"], a))', '{"a": ["x", "y"]}'),
        ('=a = null or a = "z"', '{"a": ["x", "y"]}'),
        ('=a = "x"', ""),
        ('=a != "x" or b != "p"', '{"a": "x", "b": "p"}'),
        ("=not(told)", '{"told": "true"}'),
        ('=not(list contains(many, "x"))', '{"many": "x"}'),
        ('=a != "x" or tier = "1"', '{"a": "x"}'),
        ("=number(tier) < 2", ""),
        ("=words = null", ""),
    ],
)
def test_conditions_are_told_to_the_page_as_far_as_its_script_knows(hide: str, shown: str) -> None:
    of = form(
        choice("a", "A", "x", "y", "z"),
        choice("b", "B", "p", "q"),
        {**choice("many", "Many", "x", "y"), "type": "checklist"},
        {"type": "checkbox", "key": "told", "label": "Told"},
        text("words", "Words"),
        text("last", "Last", conditional={"hide": hide}),
    )
    assert _block(of, "last", variables={"tier": "3"}).shown_when == shown


def test_a_condition_in_a_row_names_the_field_of_that_row() -> None:
    rows = _block(OUTCOMES, "outcomes", previous={"outcomes": [{"text": "a"}]}).rows
    why = next(each for each in rows[0].blocks if isinstance(each, QuestionBlock) and each.question.key == "why")
    assert why.shown_when == '{"outcomes-0-effect": "worse"}'


def test_a_gap_left_by_a_script_is_no_row() -> None:
    marks = {"_rows.outcomes": "1", "outcomes-1-_row": "1", "outcomes-3-_row": "1"}
    fields = sent(**marks, **{"outcomes-1-text": "a", "outcomes-3-text": ""})
    assert [row["text"] for row in draft(OUTCOMES, fields)["outcomes"]] == ["a", ""]  # type: ignore[union-attr,call-overload,index]


OFFER = form(
    on("review_date", "Review date", properties={"rule": "future", "offer": 'due("apdr.review", today())'}),
    text("place", "Place", defaultValue="Hall"),
    {
        "type": "dynamiclist",
        "path": "progress",
        "label": "Progress",
        "allowAddRemove": False,
        "properties": {"offer": "for each in outcomes return {outcome: each.text}", "variable": "progress"},
        "components": [
            text("outcome", "Outcome", id="o", readonly=True),
            choice("result", "Result", "met", "not", id="r", validate={"required": True}),
        ],
    },
)
PLANNED = {"outcomes": [{"text": "Reads"}, {"text": "Writes"}]}


def test_offers_are_the_first_values() -> None:
    values = fill(OFFER, context(variables=PLANNED)).values
    assert values["review_date"] == {"day": "14", "month": "12", "year": "2026"}
    assert values["place"] == "Hall"
    assert values["progress"] == [{"outcome": "Reads", "result": ""}, {"outcome": "Writes", "result": ""}]


def test_earlier_answers_come_before_offers_and_a_draft_before_both() -> None:
    earlier = {"review_date": "2026-12-07", "progress": [{"outcome": "Reads", "result": "met"}]}
    values = fill(OFFER, context(variables=PLANNED, previous=earlier)).values
    assert values["review_date"] == {"day": "7", "month": "12", "year": "2026"}
    kept = draft(OFFER, sent(**boxes("review_date", "x", "", "26"), place=""))
    values = fill(OFFER, context(variables=PLANNED, previous=earlier, draft=kept)).values
    assert values["review_date"] == {"day": "x", "month": "", "year": "26"}
    assert values["place"] == ""


def test_read_only_cells_come_from_the_offer_and_never_from_the_browser() -> None:
    forged = {"progress-0-outcome": "Forged", "progress-0-result": "met", "progress-1-result": "not"}
    outcome = accepted(OFFER, sent(**forged), variables=PLANNED)
    expected = [{"outcome": "Reads", "result": "met"}, {"outcome": "Writes", "result": "not"}]
    assert outcome.answers["progress"] == expected
    assert outcome.variables == {"progress": expected}
    fewer = refused(OFFER, sent(**{"progress-0-result": "met"}), variables=PLANNED)
    assert fewer.problems == {"progress:1:result": "Row 2: Select the result"}


def test_options_can_come_from_the_case() -> None:
    tier = choice("tier", "Tier", valuesExpression="=for t in tiers return {value: t.code, label: t.name}")
    row = {"type": "dynamiclist", "path": "rows", "label": "Rows", "components": [
        choice("need", "Need", id="n", valuesExpression="=needs")]}  # fmt: skip
    of = form({key: each for key, each in tier.items() if key != "values"}, row)
    case = {"variables": {"tiers": [{"code": "5", "name": "Level 5"}, {"odd": 1}], "needs": ["SLCN", 7]}}
    assert _block(of, "tier", **case).choices == [{"value": "5", "text": "Level 5"}]
    answers = accepted(of, sent(tier="5", **{"rows-0-need": "SLCN"}), **case).answers
    assert answers == {"tier": "5", "rows": [{"need": "SLCN"}]}
    assert problem(of, sent(tier="4"), "tier", **case) == "Choose the tier from the list"
    assert problem(of, sent(tier="5"), "tier") == "Choose the tier from the list"
    assert [line.value for line in summary(of, {"tier": "5"}, context(**case))] == ["Level 5"]
    assert [line.value for line in summary(of, {"tier": "5"})] == ["5"]


def test_a_draft_is_never_judged_and_comes_back_as_it_was() -> None:
    typed = {"_rows.outcomes": "2", "outcomes-1-text": " \0half", **boxes("outcomes-1-by", "31", "2", "")}
    kept = draft(OUTCOMES, Fields({name: [value] for name, value in typed.items()}))
    again = fill(OUTCOMES, context(draft=kept)).values
    assert again == kept
    assert again["outcomes"][1]["by"] == {"day": "31", "month": "2", "year": ""}  # type: ignore[index,call-overload]


def test_a_draft_of_an_older_schema_does_no_harm() -> None:
    strange = {"outcomes": "text", "gone": 1, "_warnings": [1]}
    assert fill(OUTCOMES, context(draft=strange)).values == {"outcomes": []}
    assert (
        fill(OFFER, context(draft={"review_date": [1], "place": {"x": 1}, "progress": [1, {}]})).values["place"] == ""
    )


def test_a_draft_keeps_the_reason_of_a_warning() -> None:
    of = form(text("a", "A", properties={"warn.odd": 'a = "x"', "message.odd": "That is odd"}))
    kept = draft(of, sent(a="x", **{"_tick.a:odd": "yes", "_reason.a:odd": "because"}))
    filled = fill(of, context(draft=kept))
    assert [(each.key, each.is_ticked, each.reason) for each in filled.warnings] == [("a:odd", True, "because")]


def test_clean_answers_can_be_submitted_as_they_are() -> None:
    answers = {"outcomes": [{"text": "Reads", "by": "2027-01-11", "effect": "better"}]}
    outcome = submit(OUTCOMES, as_submitted(OUTCOMES, answers), context())
    assert getattr(outcome, "answers", outcome) == answers


REPORT = UploadedFile("f1", "report.pdf", 12_000, "application/pdf", "0" * 64)
PHOTO = UploadedFile("f2", "photo.jpeg", 12_000, "image/jpeg", "1" * 64)
FILES = form(
    {"type": "filepicker", "key": "evidence", "label": "Evidence", "multiple": True, "accept": ".pdf",
     "validate": {"required": True}},
    {"type": "dynamiclist", "path": "tests", "label": "Tests", "components": [
        {"type": "filepicker", "id": "p", "key": "paper", "label": "Paper"}]},
)  # fmt: skip
STORED = {"f1": REPORT, "f2": PHOTO}


def test_files_of_this_task_are_kept_and_others_ignored() -> None:
    outcome = accepted(FILES, sent(evidence=["f1", "stolen"]), files=STORED)
    assert outcome.files == [REPORT]
    assert outcome.answers["evidence"] == [REPORT.to_json()]
    assert problem(FILES, sent(evidence="stolen"), "evidence", files=STORED) == "Choose a file for the evidence"


def test_a_file_just_sent_joins_those_already_there() -> None:
    outcome = accepted(FILES, sent(), files=STORED, uploads={"evidence": ["f1"], "tests-0-paper": ["f2"]})
    assert outcome.files == [REPORT, PHOTO]
    assert outcome.answers["tests"] == [{"paper": [PHOTO.to_json()]}]


def test_a_file_of_a_kind_the_question_does_not_take_is_refused() -> None:
    assert problem(FILES, sent(evidence="f2"), "evidence", files=STORED) == (
        "Choose a file of another type than photo.jpeg: pdf"
    )


def test_a_file_is_dropped_by_its_button() -> None:
    values = rows_changed(FILES, sent(evidence=["f1", "f2"], _drop="evidence:f1", **{"tests-0-paper": "f2"}))
    assert values == {"evidence": ["f2"], "tests": [{"paper": ["f2"]}]}
    values = rows_changed(FILES, sent(_drop="tests-0-paper:f2", **{"tests-0-paper": "f2"}))
    assert values == {"evidence": [], "tests": [{"paper": []}]}


def test_a_form_takes_25_files() -> None:
    many = {f"x{n}": UploadedFile(f"x{n}", f"{n}.pdf", 1, "application/pdf", "0" * 64) for n in range(26)}
    rows = {f"tests-{n}-paper": f"x{n}" for n in range(1, 20)}
    fields = sent(evidence=[f"x{n}" for n in (0, 20, 21, 22, 23, 24, 25)], **rows)
    assert problem(FILES, fields, "tests", files=many) == (
        "Remove files from the tests: a form takes 25, and there are 26"
    )
