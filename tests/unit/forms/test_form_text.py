"""Text that people type: UPN, postcode, names, addresses, normal form, hostile content."""

import json
from pathlib import Path

import pytest
from form_building import accepted, context, form, problem, sent, text

from app.forms import Accepted, Fields, Refused, as_submitted, submit

UPN = form(text("upn", "UPN", properties={"rule": "upn"}))
BAD_LETTER = "Check the UPN: its first letter does not fit the rest"
SHAPE = "Enter the UPN as 13 characters: a letter, 11 numbers, and a number or letter"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("B801200005001", None),
        ("A801200005001", BAD_LETTER),
        ("Q382000026001", None),
        ("P38200002601A", None),
        ("b801200005001", None),
        ("B80120000500", SHAPE),
        ("B8012000050011", SHAPE),
        ("P38200002601I", SHAPE),
        ("P38200002601O", SHAPE),
        ("P38200002601S", SHAPE),
        ("B8012OOOO5001", SHAPE),
    ],
)
def test_unique_pupil_numbers_are_checked_by_their_letter(typed: str, sentence: str | None) -> None:
    assert problem(UPN, sent(upn=typed), "upn") == sentence


def test_a_unique_pupil_number_is_stored_in_capitals() -> None:
    assert accepted(UPN, sent(upn=" b8012 00005001")).answers == {"upn": "B801200005001"}


def test_the_number_of_an_authority_not_yet_listed_is_taken_when_its_letter_fits() -> None:
    # 9×2 + 9×3 + 9×4 + 2×7 + 1×13 = 108; 108 mod 23 = 16, which is T
    assert problem(UPN, sent(upn="T999002000001"), "upn") is None
    assert problem(UPN, sent(upn="A999002000001"), "upn") == BAD_LETTER


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("s12hh", "S1 2HH"), ("SW1A 1AA", "SW1A 1AA"), ("m11ae", "M1 1AE"), ("S1", None), ("12345", None)],
)
def test_postcodes_are_stored_with_one_space(typed: str, stored: str | None) -> None:
    of = form(text("postcode", "Postcode", properties={"rule": "postcode"}))
    if stored is None:
        assert problem(of, sent(postcode=typed), "postcode") == (
            "Enter the postcode as a full UK postcode, like S1 2HH"
        )
    else:
        assert accepted(of, sent(postcode=typed)).answers == {"postcode": stored}


@pytest.mark.parametrize(
    ("typed", "is_taken"),
    [("O'Neill-Smith", True), ("Zoë", True), ("Núñez de la", True), ("R2D2", False), ("-", False), ("a" * 61, False)],
)
def test_names_have_letters_apostrophes_hyphens_and_spaces(typed: str, is_taken: bool) -> None:
    of = form(text("surname", "Surname", properties={"rule": "name"}))
    assert (problem(of, sent(surname=typed), "surname") is None) is is_taken


def test_email_and_telephone_have_their_form() -> None:
    of = form(
        text("email", "Email address", validate={"validationType": "email"}),
        text("phone", "Telephone number", validate={"validationType": "phone"}),
    )
    assert problem(of, sent(email="nobody"), "email") == "Enter the email address like name@example.com"
    assert problem(of, sent(phone="12"), "phone") == (
        "Enter the telephone number as a telephone number, like 0114 496 0000"
    )
    fields = sent(email="a@example.com", phone="+44 114 496 0000")
    assert accepted(of, fields).answers == {"email": "a@example.com", "phone": "+44 114 496 0000"}


def test_a_pattern_has_its_own_sentence() -> None:
    validate = {"pattern": "^[0-9]{3}$", "patternErrorMessage": "Enter three figures"}
    of = form(text("home_la", "Authority", validate=validate))
    assert problem(of, sent(home_la="37"), "home_la") == "Enter three figures"
    assert problem(of, sent(home_la="٣٧٣"), "home_la") == "Enter three figures"
    assert accepted(of, sent(home_la="373")).answers == {"home_la": "373"}


def test_text_is_put_into_one_form() -> None:
    of = form(text("note", "Note", type="textarea"))
    # e and a combining accent become one letter; line ends become line feeds
    assert accepted(of, sent(note="  cafe\u0301\r\nnext\rlast \n")).answers == {"note": "caf\u00e9\nnext\nlast"}


@pytest.mark.parametrize("nothing", ["", "  ", "\n", "\u200b", "\u00ad \ufeff", "\u3000"])
def test_text_that_shows_nothing_is_no_answer(nothing: str) -> None:
    of = form(text("note", "Note", validate={"required": True}))
    assert problem(of, sent(note=nothing), "note") == "Enter the note"


def test_what_word_processors_paste_along_is_put_right() -> None:
    of = form(text("note", "Note", type="textarea"))
    pasted = "\ufeff\uf0b7 rea\u00adding\x0bslowly\u200b"
    assert accepted(of, sent(note=pasted)).answers == {"note": "• reading\nslowly"}


@pytest.mark.parametrize("hidden", ["\0", "\x07", "\x1b[31m", "\u202e", "\u2066", "\x85", "\ue000"])
def test_controls_and_direction_marks_are_refused(hidden: str) -> None:
    of = form(text("note", "Note", type="textarea"), text("name", "Name"))
    fields = sent(note=f"a{hidden}b", name=f"a{hidden}b")
    assert problem(of, fields, "note") == "Remove the characters that cannot be read from the note"
    assert problem(of, fields, "name") == "Remove the characters that cannot be read from the name"


def test_half_a_character_can_still_be_stored() -> None:
    of = form(text("note", "Note"))
    outcome = accepted(of, Fields({"note": ["a\ud800b"]}))
    assert json.dumps(outcome.answers, ensure_ascii=False).encode("utf-8")


def test_unknown_names_are_ignored() -> None:
    of = form(text("note", "Note", properties={"variable": "note"}))
    outcome = accepted(of, sent(note="x", tier="4", typename="x", __class__="x", **{"note-0-x": "y"}))
    assert outcome.answers == {"note": "x"}
    assert outcome.variables == {"note": "x"}


HOSTILE = Path(__file__).parents[1] / "feel" / "hostile_expressions.txt"


def _bodies() -> list[tuple[str, object]]:
    bodies: list[tuple[str, object]] = []
    for part in HOSTILE.read_text(encoding="utf-8").split("\n=== ")[1:]:
        head, _, body = part.partition("\n")
        if " | D | " not in head:
            continue
        directive, _, size = body.strip().partition(" ")
        if directive == "@DEEPJSON":
            nested: object = []
            for _ in range(int(size)):
                nested = [nested]
            bodies.append((head, {"name": nested, "n": nested, "rows": nested}))
        elif directive == "@BIGINT":
            bodies.append((head, {"n": 10 ** (int(size) - 1), "name": 10 ** (int(size) - 1)}))
        else:
            bodies.append((head, json.loads(body)))
    return bodies


HOSTILE_FORM = form(
    text("name", "Name", properties={"variable": "name"}),
    {"type": "number", "key": "n", "label": "Number", "properties": {"variable": "n"}},
    {"type": "number", "key": "age", "label": "Age", "properties": {"variable": "age"}},
    {"type": "dynamiclist", "path": "rows", "label": "Rows", "components": [text("a", "A", id="a")]},
)


@pytest.mark.parametrize(("head", "body"), _bodies(), ids=lambda value: value[:3] if isinstance(value, str) else "")
def test_hostile_bodies_never_crash_and_never_leave_the_questions(head: str, body: object) -> None:
    assert isinstance(body, dict)
    direct = Fields({key: [value] for key, value in body.items()})  # type: ignore[list-item]
    for fields in (direct, as_submitted(HOSTILE_FORM, body)):
        outcome = submit(HOSTILE_FORM, fields, context())
        if isinstance(outcome, Accepted):
            assert set(outcome.answers) <= {"name", "n", "age", "rows"}
            assert set(outcome.variables) == {"name", "n", "age"}
            assert json.loads(json.dumps(outcome.answers)) == outcome.answers
        else:
            assert isinstance(outcome, Refused)
            assert set(outcome.problems) <= {"name", "n", "age"}


def test_there_are_ten_hostile_bodies() -> None:
    assert len(_bodies()) == 10
