"""Whatever is sent, a form neither crashes nor lets an answer through that its schema forbids."""

import json
from collections.abc import Mapping
from datetime import date

from form_building import NOW, choice, context, form, on, text
from hypothesis import given, settings
from hypothesis import strategies as st

from app.forms import Accepted, Fields, Refused, UploadedFile, as_submitted, draft, fill, rows_changed, submit, summary

OF = form(
    text("name", "Name", validate={"required": True, "maxLength": 12}, properties={"variable": "name"}),
    text("code", "Code", validate={"pattern": "^[A-Z]{2}[0-9]+$"}),
    text("upn", "UPN", properties={"rule": "upn"}),
    {"type": "number", "key": "weeks", "label": "Weeks", "decimalDigits": 0, "validate": {"min": 1, "max": 52},
     "properties": {"variable": "weeks", "warn.long": "weeks > 40", "message.long": "That is long"}},
    choice("who", "Who", "school", "parent", properties={"variable": "who"}),
    {**choice("needs", "Needs", "slcn", "semh", "vi"), "type": "checklist", "properties": {"maxChecked": "2"}},
    {"type": "checkbox", "key": "told", "label": "Told"},
    on("seen", "Seen", conditional={"hide": '=who != "school"'}, validate={"required": True}),
    on("start", "Start", properties={"rule": "future schoolDay", "check.x": "weeks != 7", "message.x": "Not seven"}),
    {"type": "filepicker", "key": "papers", "label": "Papers"},
    {"type": "dynamiclist", "path": "rows", "label": "Rows", "properties": {"maxRows": "2"}, "components": [
        text("what", "What", id="w", validate={"required": True}),
        on("by", "By", id="b", conditional={"hide": '=what = "none"'})]},
)  # fmt: skip
FILES = {"f1": UploadedFile("f1", "a.pdf", 1, "application/pdf", "0" * 64)}

NAMES = """
    name code upn weeks who needs told seen-day seen-month seen-year seen start start-day
    start-month start-year papers _rows.rows rows-0-what rows-1-what rows-2-what rows-0-by
    rows-1-by-day rows-1-by-month rows-1-by-year _add _remove _drop _tick.weeks:long
    _reason.weeks:long rows other
"""
LIKELY = """
    school parent slcn semh vi 1 2 7 41 52 53 11 2026 2027 12 3 AB12 ab B801200005001 f1 f2 yes
    none 2/11/2026 30/11/2026 2026-12-25 31/02/2026 rows rows:0 papers:f1 true false
"""
VALUES = st.one_of(st.sampled_from(LIKELY.split()), st.text(max_size=20))
ANYTHING = st.dictionaries(st.sampled_from(NAMES.split()), st.lists(VALUES, max_size=3), max_size=24)
#: mostly right, so that many are accepted
ALMOST = st.fixed_dictionaries(
    {"name": st.just(["Ada"])},
    optional={
        "weeks": st.sampled_from([["3"], ["41"], ["7"], ["x"]]),
        "who": st.sampled_from([["school"], ["parent"], ["x"]]),
        "seen": st.sampled_from([["2/11/2026"], ["3/11/2026"], [""]]),
        "start": st.sampled_from([["30/11/2026"], ["25/12/2026"], ["2 12 2028"]]),
        "needs": st.lists(st.sampled_from(["slcn", "semh", "vi"])),
        "rows-0-what": st.sampled_from([["x"], ["none"]]),
        "rows-0-by": st.sampled_from([["1/11/2026"], ["1/12/2026"]]),
        "rows-1-by": st.sampled_from([["1/11/2026"]]),
        "_tick.weeks:long": st.just(["yes"]),
        "_reason.weeks:long": st.just(["because"]),
    },
)
SENT = st.one_of(ANYTHING, ALMOST, st.builds(lambda one, other: {**one, **other}, ALMOST, ANYTHING)).map(Fields)


def _keeps_to_the_schema(answers: Mapping[str, object]) -> None:
    assert set(answers) <= {question.key for question in OF.questions}
    name, weeks, who, needs = (answers.get(key) for key in ("name", "weeks", "who", "needs"))
    assert isinstance(name, str)
    assert 1 <= len(name) <= 12
    assert weeks is None or (isinstance(weeks, int) and 1 <= weeks <= 52)
    assert who in (None, "school", "parent")
    assert needs is None or (isinstance(needs, list) and set(needs) <= {"slcn", "semh", "vi"} and len(needs) <= 2)
    assert isinstance(answers["told"], bool)
    assert ("seen" in answers) is (who == "school")
    if "seen" in answers:
        assert date.fromisoformat(str(answers["seen"])) <= NOW.date()
    if "start" in answers:
        start = date.fromisoformat(str(answers["start"]))
        assert NOW.date() <= start
        assert context().is_school_day(start) is not False
        assert weeks != 7
    rows = answers["rows"]
    assert isinstance(rows, list)
    assert len(rows) <= 2
    assert all(set(row) <= {"what", "by"} and row["what"] for row in rows)
    assert all("by" not in row for row in rows if row["what"] == "none")


@settings(max_examples=150, deadline=None)
@given(SENT)
def test_nothing_sent_crashes_or_passes_what_the_schema_forbids(fields: Fields) -> None:
    circumstances = context(files=FILES)
    outcome = submit(OF, fields, circumstances)
    if isinstance(outcome, Accepted):
        _keeps_to_the_schema(outcome.answers)
        assert set(outcome.variables) == {"name", "weeks", "who"}
        assert json.loads(json.dumps(outcome.answers)) == outcome.answers
        assert all(each.reason for each in outcome.warnings)
        assert summary(OF, outcome.answers)
    else:
        assert isinstance(outcome, Refused)
        assert outcome.summary
        assert fill(OF, circumstances, outcome.values).values == outcome.values


@settings(max_examples=100, deadline=None)
@given(SENT)
def test_a_draft_always_comes_back_as_it_was_typed(fields: Fields) -> None:
    kept = draft(OF, fields)
    again = json.loads(json.dumps(kept))
    assert fill(OF, context(draft=again)).values == {key: value for key, value in kept.items() if key != "_warnings"}
    changed = rows_changed(OF, fields)
    assert changed is None or fill(OF, context(), changed)


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries(
        {"name": st.text("abc", min_size=1, max_size=12), "told": st.booleans()},
        optional={
            "weeks": st.integers(1, 6),
            "needs": st.lists(st.sampled_from(["slcn", "semh"]), unique=True, min_size=1).map(sorted).map(
                lambda needs: [each for each in ("slcn", "semh") if each in needs]
            ),
            "start": st.sampled_from(["2026-11-02", "2026-11-30", "2027-01-11"]),
            "rows": st.lists(st.fixed_dictionaries({"what": st.just("x"), "by": st.just("2026-11-01")}), max_size=2),
        },
    )
)  # fmt: skip
def test_clean_answers_submitted_again_are_the_same_answers(answers: dict[str, object]) -> None:
    complete = {"who": "parent", "rows": [], **answers}
    outcome = submit(OF, as_submitted(OF, complete), context())  # type: ignore[arg-type]
    assert isinstance(outcome, Accepted), outcome
    assert outcome.answers == complete
