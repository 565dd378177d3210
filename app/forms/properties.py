"""The properties a component may carry, as one table, also in `docs/forms.md`. Not what they do."""

from typing import NamedTuple

INPUTS = ("textfield", "textarea", "number", "radio", "select", "checkbox", "checklist", "datetime", "filepicker")
QUESTIONS = (*INPUTS, "dynamiclist")
RULES = ("upn", "postcode", "name", "past", "future", "plan", "dob", "schoolDay")
TEXT_RULES = frozenset(RULES[:3])
DATE_RULES = frozenset(RULES[3:])
AUTOCOMPLETE = frozenset(
    {
        "off",
        "name",
        "given-name",
        "family-name",
        "email",
        "tel",
        "postal-code",
        "street-address",
        "organization",
        "bday",
    }
)
WIDTHS = frozenset({"2", "3", "4", "5", "10", "20"})


class Property(NamedTuple):
    """One property."""

    #: name, or beginning of the name where it ends with a dot
    name: str
    #: component types that take it
    on: tuple[str, ...]


PROPERTIES = (
    Property("variable", QUESTIONS),
    Property("errorRequired", QUESTIONS),
    Property("hint", QUESTIONS),
    Property("autocomplete", ("textfield",)),
    Property("width", ("textfield", "number")),
    Property("lines", ("textarea",)),
    Property("rule", ("textfield", "datetime")),
    Property("minDate", ("datetime",)),
    Property("maxDate", ("datetime",)),
    Property("notEqualTo", ("textfield", "number", "radio", "select", "datetime")),
    Property("offer", QUESTIONS),
    Property("names", ("radio", "select", "checklist")),
    Property("minRows", ("dynamiclist",)),
    Property("maxRows", ("dynamiclist",)),
    Property("rowName", ("dynamiclist",)),
    Property("minChecked", ("checklist",)),
    Property("maxChecked", ("checklist",)),
    Property("maxFiles", ("filepicker",)),
    Property("check.", QUESTIONS),
    Property("warn.", QUESTIONS),
    Property("message.", QUESTIONS),
)

_BY_NAME = {each.name: each for each in PROPERTIES}


def property_named(name: str) -> Property | None:
    """The property of this name, or None: `check.jump` is the property `check.`."""
    stem, dot, rest = name.partition(".")
    return _BY_NAME.get(f"{stem}." if dot and rest else name)
