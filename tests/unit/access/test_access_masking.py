"""What an auditor reads in place of names."""

import pytest

from app.access import Mask, Party

MASK = Mask.over(
    [
        Party("pupil", "pupil", ("Zofia Brightwater", "Zosia")),
        Party("mother", "parent", ("Halina Brightwater",)),
        Party("uncle", "parent", ("Kofi Tallis",)),
        Party("neighbour", "contact", ("Jo Ash",)),
        Party("brother", "pupil", ("Leon Brightwater",)),
    ]
)


def test_each_kind_of_party_is_counted_on_its_own() -> None:
    assert [MASK.name(one) for one in ("pupil", "mother", "uncle", "neighbour", "brother")] == [
        "Pupil A",
        "Parent 1",
        "Parent 2",
        "Contact 1",
        "Pupil B",
    ]
    assert MASK.name("nobody we know") == "Somebody"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Zofia Brightwater reads well", "Pupil A reads well"),
        ("ZOFIA reads; zosia's book", "Pupil A reads; Pupil A's book"),
        ("Halina  Brightwater rang", "Parent 1 rang"),
        ("Mrs Brightwater rang", "Mrs Pupil A rang"),
        ("Kofi and Leon", "Parent 2 and Pupil B"),
        ("Jo Ash met Jo", "Contact 1 met Jo"),
        ("Zofiana is another word", "Zofiana is another word"),
        ("", ""),
    ],
)
def test_known_names_are_replaced_as_whole_words(text: str, masked: str) -> None:
    assert MASK.text(text).text == masked


def test_free_text_is_always_marked() -> None:
    assert MASK.text("Nothing of note").warning == "may name people"


def test_identifying_fields_are_withheld_and_the_rest_is_kept() -> None:
    # given
    answers = {
        "upn": "X998123456789",
        "dob": "2016-05-14",
        "tier": 2,
        "is_first": True,
        "parents": [{"name": "Kofi Tallis", "phone": "01632 960001"}],
        "email": None,
    }

    # when
    masked = {key: MASK.value(key, value) for key, value in answers.items()}

    # then
    assert masked == {
        "upn": "withheld",
        "dob": "withheld",
        "tier": 2,
        "is_first": True,
        "parents": [{"name": "Parent 2", "phone": "withheld"}],
        "email": None,
    }


def test_a_case_without_parties_leaves_text_alone() -> None:
    assert Mask.over([]).text("Zofia").text == "Zofia"


def test_after_the_twenty_sixth_pupil_letters_go_on() -> None:
    mask = Mask.over([Party(str(number), "pupil", (f"Name{number}",)) for number in range(1, 29)])
    assert [mask.name(one) for one in ("26", "27", "28")] == ["Pupil Z", "Pupil AA", "Pupil AB"]
