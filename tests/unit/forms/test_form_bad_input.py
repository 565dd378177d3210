"""Every line of "what bad input must get" that a form can express, and the bad input of the graduated approach."""

import pytest
from form_building import accepted, boxes, choice, form, on, problem, refused, sent, text

DOB = form(on("dob", "Date of birth", validate={"required": True}, properties={"rule": "dob"}))
SEEN = form(on("seen_on", "Date you saw it"))
REVIEW = form(
    on(
        "review_date",
        "Review date",
        validate={"required": True},
        properties={
            "rule": "future schoolDay",
            "offer": 'due("apdr.review", today())',
            "minDate": 'plan_agreed + duration("P28D")',
            "maxDate": 'plan_agreed + duration("P56D")',
        },
    )
)
PLAN = {"variables": {"plan_agreed": "2026-11-02"}, "types": {"plan_agreed": "date"}}


def test_a_missing_date_of_birth_says_what_to_enter() -> None:
    assert problem(DOB, sent(), "dob") == "Enter the date of birth, for example 14 5 2012"


@pytest.mark.parametrize("typed", ["14/05/2012", "14 5 2012", "2012-05-14", "14 May 2012", "14-5-2012", "14.5.2012"])
def test_dates_are_taken_in_each_form_people_write(typed: str) -> None:
    assert accepted(DOB, sent(dob=typed)).answers == {"dob": "2012-05-14"}
    assert accepted(DOB, sent(**boxes("dob", typed, "", ""))).answers == {"dob": "2012-05-14"}


def test_dates_are_taken_from_three_boxes() -> None:
    assert accepted(DOB, sent(**boxes("dob", " 14", "05", "2012 "))).answers == {"dob": "2012-05-14"}
    assert accepted(DOB, sent(**boxes("dob", "14", "Sept", "2012"))).answers == {"dob": "2012-09-14"}


@pytest.mark.parametrize(
    ("day", "month", "year", "sentence"),
    [
        ("14", "5", "12", "Enter the year with four digits for the date of birth, for example 14 5 2012"),
        ("31", "02", "2012", "Enter a real date for the date of birth, for example 14 5 2012"),
        ("29", "2", "2013", "Enter a real date for the date of birth, for example 14 5 2012"),
        ("x", "5", "2012", "Enter a real date for the date of birth, for example 14 5 2012"),
        ("٣", "5", "2012", "Enter a real date for the date of birth, for example 14 5 2012"),
        ("14", "", "2012", "Enter the month too for the date of birth, for example 14 5 2012"),
        ("", "5", "", "Enter the day and year too for the date of birth, for example 14 5 2012"),
        ("3", "11", "2026", "Enter the date of birth of somebody aged 0 to 25, for example 14 5 2012"),
        ("2", "11", "2000", "Enter the date of birth of somebody aged 0 to 25, for example 14 5 2012"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_what_to_do(day: str, month: str, year: str, sentence: str) -> None:
    assert problem(DOB, sent(**boxes("dob", day, month, year)), "dob") == sentence


def test_ages_0_and_25_are_taken() -> None:
    assert accepted(DOB, sent(dob="2 11 2026")).answers == {"dob": "2026-11-02"}
    assert accepted(DOB, sent(dob="3 11 2000")).answers == {"dob": "2000-11-03"}


def test_a_date_in_the_future_is_refused_unless_it_is_a_plan() -> None:
    assert problem(SEEN, sent(seen_on="3 11 2026"), "seen_on") == (
        "Enter a date for the date you saw it that is today or earlier"
    )
    assert accepted(SEEN, sent(seen_on="2 11 2026")).answers == {"seen_on": "2026-11-02"}


@pytest.mark.parametrize(("typed", "is_taken"), [("2 11 2028", True), ("3 11 2028", False), ("1 11 2026", False)])
def test_a_plan_date_lies_up_to_24_months_ahead(typed: str, is_taken: bool) -> None:
    of = form(on("from_date", "Start date", properties={"rule": "future"}))
    assert (problem(of, sent(from_date=typed), "from_date") is None) is is_taken


def test_a_date_before_birth_is_refused_whether_the_case_or_the_form_knows_it() -> None:
    both = form(on("dob", "Date of birth", properties={"rule": "dob"}), on("seen_on", "Date seen"))
    sentence = "Enter a date for the date seen on or after the date of birth, 14 May 2012"
    assert problem(both, sent(dob="14 5 2012", seen_on="13 5 2012"), "seen_on") == sentence
    of = form(on("seen_on", "Date seen"))
    assert problem(of, sent(seen_on="13 5 2012"), "seen_on", variables={"dob": "2012-05-14"}) == sentence


def test_a_review_in_a_holiday_is_refused_with_the_nearest_school_days() -> None:
    # given REF-A: school ends on 18 December 2026 and begins again on 4 January 2027
    sentence = problem(REVIEW, sent(review_date="23 12 2026"), "review_date", **PLAN)
    assert sentence is not None
    assert sentence.startswith("Choose a school day for the review date: Wednesday 23 December 2026 is not one")
    assert sentence.endswith("The nearest are Friday 18 December 2026 and Monday 4 January 2027")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("27 11 2026", "Enter a date for the review date on or after 30 November 2026"),
        ("4 1 2027", "Enter a date for the review date on or before 28 December 2026"),
        ("1 11 2026", "Enter a date for the review date that is today or later"),
        ("30 11 2026", None),
        ("14 12 2026", None),
    ],
)
def test_a_review_lies_four_to_eight_weeks_after_the_plan(typed: str, sentence: str | None) -> None:
    assert problem(REVIEW, sent(review_date=typed), "review_date", **PLAN) == sentence


def test_the_date_the_rule_offers_is_never_refused_by_the_four_to_eight_weeks() -> None:
    # given a last plan so long ago that the offer lies beyond eight weeks
    late = {"variables": {"plan_agreed": "2026-09-01"}, "types": {"plan_agreed": "date"}}
    assert problem(REVIEW, sent(review_date="14 12 2026"), "review_date", **late) is None
    assert problem(REVIEW, sent(review_date="15 12 2026"), "review_date", **late) is not None


OUTCOMES = form(
    {
        "type": "dynamiclist",
        "path": "outcomes",
        "label": "Outcomes",
        "properties": {"minRows": "1", "maxRows": "6", "rowName": "outcome"},
        "components": [
            text("outcome", "Outcome", id="o", validate={"required": True}),
            {"type": "number", "id": "n", "key": "cost", "label": "Cost", "validate": {"min": 0}, "decimalDigits": 2},
        ],
    }
)


def test_no_outcome_row_is_refused() -> None:
    assert problem(OUTCOMES, sent(), "outcomes") == "Add at least 1 outcome"
    assert problem(OUTCOMES, sent(**{"_rows.outcomes": "3"}), "outcomes") == "Add at least 1 outcome"


def test_a_negative_cost_is_refused_in_its_own_row() -> None:
    row = {"outcomes-0-outcome": "Reads", "outcomes-1-outcome": "Writes", "outcomes-1-cost": "-1"}
    outcome = refused(OUTCOMES, sent(**{"_rows.outcomes": "2", **row}))
    assert outcome.problems == {"outcomes:1:cost": "Outcome 2: Enter 0 or more for the cost"}


def test_more_rows_than_allowed_are_refused() -> None:
    rows = {f"outcomes-{n}-outcome": "x" for n in range(7)}
    assert problem(OUTCOMES, sent(**rows), "outcomes") == (
        "Remove outcomes from the outcomes until there are at most 6"
    )


def test_a_row_left_empty_is_no_answer_and_the_others_keep_their_place() -> None:
    fields = sent(**{"_rows.outcomes": "3", "outcomes-1-outcome": "Reads", "outcomes-2-cost": "5"})
    assert refused(OUTCOMES, fields).problems == {"outcomes:2:outcome": "Outcome 3: Enter the outcome"}
    fields = sent(**{"_rows.outcomes": "3", "outcomes-1-outcome": "Reads", "outcomes-1-cost": "1,200.50"})
    assert accepted(OUTCOMES, fields).answers == {"outcomes": [{"outcome": "Reads", "cost": 1200.5}]}


TIER = form(
    choice(
        "new_tier",
        "Tier",
        "1",
        "2",
        "3",
        "4",
        validate={"required": True},
        properties={
            "variable": "tier",
            "check.jump": "number(new_tier) <= number(tier) + 1 or head_reason != null",
            "message.jump": "Choose a tier one step up, or give the headteacher's reason",
        },
    ),
    text("head_reason", "Reason"),
)


def test_a_tier_jump_of_two_needs_a_reason() -> None:
    of_tier_1 = {"variables": {"tier": "1"}}
    assert problem(TIER, sent(new_tier="3"), "new_tier", **of_tier_1) == (
        "Choose a tier one step up, or give the headteacher's reason"
    )
    assert accepted(TIER, sent(new_tier="3", head_reason="Moved here"), **of_tier_1).variables == {"tier": "3"}
    assert accepted(TIER, sent(new_tier="2"), **of_tier_1).variables == {"tier": "2"}


def test_a_check_on_what_is_not_known_refuses_nothing() -> None:
    assert accepted(TIER, sent(new_tier="4")).variables == {"tier": "4"}


HELD = form(
    on(
        "held_on",
        "Date of the review",
        properties={
            "minDate": "plan_agreed",
            "warn.late": 'held_on > plan_agreed + duration("P56D")',
            "message.late": "The review was more than eight weeks after the last one",
        },
    )
)
LONG_AGO = {"variables": {"plan_agreed": "2026-08-03"}, "types": {"plan_agreed": "date"}}


def test_a_review_before_the_plan_is_refused() -> None:
    assert problem(HELD, sent(held_on="2 8 2026"), "held_on", **LONG_AGO) == (
        "Enter a date for the date of the review on or after 3 August 2026"
    )


def test_a_late_review_needs_a_tick_and_a_reason_and_both_are_kept() -> None:
    # when it is sent without
    first = refused(HELD, sent(held_on="2 11 2026"), **LONG_AGO)
    # then nothing is wrong but the warning
    assert first.problems == {}
    assert [(each.key, each.is_accepted) for each in first.warnings] == [("held_on:late", False)]
    assert list(first.summary) == ["warning:held_on:late"]
    # a tick alone is not enough
    ticked = refused(HELD, sent(held_on="2 11 2026", **{"_tick.held_on:late": "yes"}), **LONG_AGO)
    assert ticked.warnings[0].problem == "Give your reason: The review was more than eight weeks after the last one"
    # with both it passes
    reason = {"_tick.held_on:late": "yes", "_reason.held_on:late": " Pupil was ill \r\n"}
    done = accepted(HELD, sent(held_on="2 11 2026", **reason), **LONG_AGO)
    assert [(each.key, each.reason) for each in done.warnings] == [("held_on:late", "Pupil was ill")]
    # eight weeks after 3 August is 28 September
    assert accepted(HELD, sent(held_on="28 9 2026"), **LONG_AGO).warnings == ()


def test_year_group_that_differs_from_dob_is_a_warning() -> None:
    of = form(
        on("dob", "Date of birth", properties={"rule": "dob"}),
        choice(
            "year_group",
            "Year group",
            "R",
            "1",
            "6",
            "7",
            properties={
                "warn.age": "year_group != year_group(dob)",
                "message.age": "The year group does not fit the date of birth",
            },
        ),
    )
    # Y6 in 2026/27: born 1 September 2015 to 31 August 2016; R: 1 September 2021 to 31 August 2022
    assert accepted(of, sent(dob="1 9 2015", year_group="6")).warnings == ()
    assert accepted(of, sent(dob="31 8 2016", year_group="6")).warnings == ()
    assert accepted(of, sent(dob="31 8 2022", year_group="R")).warnings == ()
    assert [each.key for each in refused(of, sent(dob="31 8 2015", year_group="6")).warnings] == ["year_group:age"]


def test_a_description_keeps_to_20_to_4000_characters() -> None:
    of = form(text("description", "Description", type="textarea", validate={"required": True, "minLength": 20}))
    assert problem(of, sent(description="  too short  "), "description") == (
        "Enter at least 20 characters for the description: it has 9"
    )
    assert problem(of, sent(description="x" * 4_001), "description") == (
        "Shorten the description to 4,000 characters or fewer: it has 4,001"
    )
    assert accepted(of, sent(description="x" * 4_000)).answers == {"description": "x" * 4_000}


def test_whole_numbers_keep_to_their_limits() -> None:
    number = {"type": "number", "key": "weeks", "label": "Weeks", "decimalDigits": 0, "validate": {"min": 1, "max": 52}}
    of = form(number)
    assert problem(of, sent(weeks="53"), "weeks") == "Enter 52 or less for the weeks"
    assert problem(of, sent(weeks="0"), "weeks") == "Enter 1 or more for the weeks"
    assert problem(of, sent(weeks="1.5"), "weeks") == "Enter the weeks as a whole number"
    for typed in ("abc", "1e9", "NaN", "Infinity", "٣", "--1", "1,2", ".", "0x10"):
        assert problem(of, sent(weeks=typed), "weeks") == "Enter the weeks as a whole number, for example 12"
    assert accepted(of, sent(weeks=" 12 ")).answers == {"weeks": 12}


def test_suspension_days_go_in_halves_and_attendance_in_tenths() -> None:
    of = form(
        {"type": "number", "key": "days", "label": "Days", "increment": 0.5, "validate": {"min": 0, "max": 45}},
        {"type": "number", "key": "pct", "label": "Attendance", "decimalDigits": 1, "validate": {"min": 0, "max": 100}},
    )
    assert accepted(of, sent(days="2.5", pct="97.3")).answers == {"days": 2.5, "pct": 97.3}
    assert refused(of, sent(days="2.3", pct="97.33")).problems == {
        "days": "Enter the days in steps of 0.5",
        "pct": "Enter the attendance with at most 1 digit after the point",
    }


def test_one_to_three_reasons_are_ticked() -> None:
    options = [{"value": value, "label": value} for value in ("PP", "PA", "VP", "BU")]
    reasons = {
        "type": "checklist",
        "key": "reasons",
        "label": "Reasons",
        "values": options,
        "validate": {"required": True},
        "properties": {"maxChecked": "3"},
    }
    of = form(reasons)
    assert problem(of, sent(), "reasons") == "Select the reasons"
    assert problem(of, sent(reasons=["PP", "PA", "VP", "BU"]), "reasons") == "Select at most 3 for the reasons"
    assert problem(of, sent(reasons=["OTHER"]), "reasons") == "Choose the reasons from the list"
    assert accepted(of, sent(reasons=["VP", "PP", "VP"])).answers == {"reasons": ["PP", "VP"]}


def test_secondary_need_differs_from_primary_need() -> None:
    of = form(
        choice("primary_need", "Primary need", "SLCN", "SEMH"),
        choice("secondary_need", "Secondary need", "SLCN", "SEMH", properties={"notEqualTo": "primary_need"}),
    )
    assert problem(of, sent(primary_need="SEMH", secondary_need="SEMH"), "secondary_need") == (
        "Choose another answer for the secondary need: it must differ from the primary need"
    )
    assert problem(of, sent(primary_need="SLCN", secondary_need="SEMH"), "secondary_need") is None


def test_a_refusal_keeps_every_value_exactly_as_typed() -> None:
    of = form(text("name", "Name", validate={"required": True}), on("dob", "Date of birth"), OUTCOMES_COMPONENT)
    fields = sent(name="  ", **boxes("dob", "31", "feb", "12"), **{"_rows.outcomes": "1", "outcomes-0-outcome": " x "})
    assert refused(of, fields).values == {
        "name": "  ",
        "dob": {"day": "31", "month": "feb", "year": "12"},
        "outcomes": [{"outcome": " x "}],
    }


OUTCOMES_COMPONENT = {
    "type": "dynamiclist",
    "path": "outcomes",
    "label": "Outcomes",
    "components": [text("outcome", "Outcome", id="o")],
}
