"""Whether somebody around a pupil may be written to, and how."""

from dataclasses import replace

import pytest

from app.model.party import Party, contact_words, from_json, from_record, writing_to

MOTHER = Party("1", "parent", "Orla Reed", "mother", "yes", address="1 Elm Way", email="orla@example.org", safe="yes")


@pytest.mark.parametrize(
    ("change", "means", "sentence"),
    [
        ({}, ("post", "email"), "Write to Orla Reed (mother) by post or by e-mail"),
        ({"language": "Polish", "formats": ("large_print",)}, ("post", "email"),
         "Write to Orla Reed (mother) by post or by e-mail, in Polish, large print"),
        ({"safe": "only", "only_by": "email"}, ("email",), "Write to Orla Reed (mother) only by e-mail"),
        ({"safe": "only", "only_by": "email", "email": ""}, (),
         "Nothing can be sent to Orla Reed (mother): no e-mail address is on record"),
        ({"safe": "only", "only_by": "phone"}, (), "Do not write to Orla Reed (mother): contact only by telephone"),
        ({"safe": "only", "only_by": "other", "contact_note": "through the school"}, (),
         "Do not write to Orla Reed (mother): contact only as agreed: through the school"),
        ({"safe": "no", "contact_note": "ask the DSL"}, (), "Do not contact Orla Reed (mother): ask the DSL"),
        ({"safe": "unknown"}, (),
         "Ask first whether it is safe to contact Orla Reed (mother): nobody has recorded that"),
        ({"ended": "moved abroad"}, (), "Do not write to Orla Reed (mother): moved abroad"),
        ({"address": "", "email": ""}, (),
         "Nothing can be sent to Orla Reed (mother): no address or e-mail address is on record"),
    ],
)  # fmt: skip
def test_a_letter_goes_only_where_it_is_known_to_be_safe(
    change: dict[str, object], means: tuple[str, ...], sentence: str
) -> None:
    found = writing_to(replace(MOTHER, **change))  # type: ignore[arg-type]
    assert (found.may, found.means, found.sentence) == (bool(means), means, sentence)


def test_only_what_is_special_about_contact_is_said() -> None:
    assert contact_words(MOTHER) == ""
    assert contact_words(replace(MOTHER, safe="no")) == "Do not contact Orla Reed (mother)."
    assert contact_words(replace(MOTHER, safe="no", ended="moved abroad")) == ""
    assert (
        contact_words(replace(MOTHER, safe="only", only_by="phone")) == "Contact Orla Reed (mother) only by telephone."
    )


def test_a_party_reads_back_as_it_was_kept() -> None:
    kept = replace(MOTHER, formats=("braille",), is_address_withheld=True)
    assert from_json(kept.to_json()) == kept


@pytest.mark.parametrize(
    ("said", "safe", "only_by"),
    [("yes", "yes", ""), ("no", "no", ""), ("only by text message", "only", "phone"),
     ("only by e-mail", "only", "email"),
     ("only through the school", "only", "other"), (None, "unknown", "")],
)  # fmt: skip
def test_a_parent_of_a_pupils_record_is_read_carefully(said: str | None, safe: str, only_by: str) -> None:
    found = from_record({"forename": "Orla", "surname": "Reed", "safe_to_contact": said}, "p:1")
    assert (found.name, found.safe, found.only_by) == ("Orla Reed", safe, only_by)
