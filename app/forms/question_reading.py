"""From one form-js component to one `Question`: labels, limits, rules. Where it stands is not its business."""

from decimal import Decimal
from typing import cast

from app.forms.component import KEY, Component
from app.forms.form import Check, Item, Kind, Limits, Look, Option, Question, Subtype
from app.forms.formula import Formula
from app.forms.pattern import MAX_CHARACTERS, why_unsafe
from app.forms.properties import AUTOCOMPLETE, DATE_RULES, TEXT_RULES, WIDTHS, property_named
from app.model.json import Json
from app.model.setting import SETTINGS

MAX_LENGTH = 20_000
MAX_ROWS = 50
MAX_FILES = 25
ENDINGS = ("pdf", "docx", "xlsx", "png", "jpg", "eml")
_SUBTYPES = ("date", "time", "datetime")

#: settings of form-js that change nothing about the answers
_HARMLESS = frozenset(
    {
        *("type", "id", "key", "label", "description", "layout", "properties", "conditional", "validate", "appearance"),
        *("components", "disableCollapse", "nonCollapsedItems", "isRepeating", "showOutline", "verticalAlignment"),
        *("timeInterval", "use24h", "timeSerializingFormat", "searchable", "height"),
    }
)
_SETTINGS: dict[str, frozenset[str]] = {
    "text": frozenset({"text"}),
    "number": frozenset({"decimalDigits", "increment", "readonly", "defaultValue"}),
    "radio": frozenset({"values", "valuesExpression", "readonly", "defaultValue"}),
    "select": frozenset({"values", "valuesExpression", "readonly", "defaultValue"}),
    "checklist": frozenset({"values", "valuesExpression", "readonly", "defaultValue"}),
    "datetime": frozenset({"subtype", "dateLabel", "timeLabel", "readonly", "defaultValue"}),
    "dynamiclist": frozenset({"path", "defaultRepetitions", "allowAddRemove", "readonly"}),
    "filepicker": frozenset({"accept", "multiple"}),
    **dict.fromkeys(("textfield", "textarea", "checkbox"), frozenset({"readonly", "defaultValue"})),
}
_VALIDATE: dict[str, frozenset[str]] = {
    "textfield": frozenset(["minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"]),
    "textarea": frozenset({"minLength", "maxLength"}),
    "number": frozenset({"min", "max"}),
}


def unknown_settings(component: Component, kind: str) -> None:
    """Report settings and properties that would not be honoured."""
    component.allow(_HARMLESS | _SETTINGS.get(kind, frozenset()), f"a {kind}")
    component.part("validate").allow(_VALIDATE.get(kind, frozenset()) | {"required"}, f"validate of a {kind}")
    component.part("conditional").allow(frozenset({"hide"}), "conditional")
    for name in component.part("properties").content:
        known = property_named(name)
        if known is None or kind not in known.on:
            component.report(
                f"Expected a property of a {kind} that works here, but there is {name}", "See docs/forms.md."
            )


def hides(component: Component) -> tuple[Formula, ...]:
    """The component's own condition, if it has one."""
    condition = component.part("conditional").formula("hide")
    return (condition,) if condition else ()


def read_question(
    component: Component, kind: str, conditions: tuple[Formula, ...], cells: tuple[Item, ...], in_row: bool
) -> Question:
    """A question. What is wrong with it goes into the component's problems."""
    unknown_settings(component, kind)
    properties = component.part("properties")
    subtype = component.text("subtype") or "date"
    if subtype not in _SUBTYPES:
        component.report(f"Expected subtype date, time or datetime, but it is {subtype}", "Change the subtype.")
    key = component.key("path", "key") if kind == "dynamiclist" else component.key("key")
    label = (
        component.text("dateLabel") or component.text("timeLabel") if kind == "datetime" else ""
    ) or component.text("label")
    if not label:
        component.report("Expected a label, but there is none", "Say what the question asks.")
    return Question(
        id=component.id,
        key=key,
        kind=cast(Kind, kind),
        label=label,
        hint=properties.text("hint") or component.text("description"),
        subtype=cast(Subtype, subtype),
        options=_options(component, kind),
        options_from=component.formula("valuesExpression"),
        names_from=_names_from(properties),
        limits=_limits(component, kind),
        rules=_rules(component, kind),
        checks=tuple(_checks(properties)),
        sentences=_sentences(component),
        look=_look(component),
        offer=properties.formula("offer"),
        default=_default(component),
        is_readonly=component.flag("readonly"),
        hides=conditions,
        variable=_variable(properties, in_row),
        rows=cells,
        row_name=properties.text("rowName") or "row",
        may_add=component.flag("allowAddRemove", True),
        first_rows=component.whole("defaultRepetitions", 1, 0, MAX_ROWS),
    )


def _names_from(properties: Component) -> str:
    key = properties.text("names")
    if key and (key not in SETTINGS or SETTINGS[key].kind != "names"):
        known = ", ".join(one.key for one in SETTINGS.values() if one.kind == "names")
        properties.report(f"Expected names to be one of {known}, but it is not", "Correct names.")
        return ""
    return key


def _default(component: Component) -> Json:
    value = component.content.get("defaultValue")
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return cast(Json, value)
    component.report("Expected defaultValue to be one plain value, but it is not", "Correct defaultValue.")
    return None


def _variable(properties: Component, in_row: bool) -> str | None:
    name = properties.text("variable")
    if not name:
        return None
    if in_row or not KEY.fullmatch(name):
        properties.report(
            "Expected variable to be a plain name on a question outside rows, but it is not",
            "Rename it, or put the variable on the list.",
        )
        return None
    return name


def _options(component: Component, kind: str) -> tuple[Option, ...]:
    if kind not in ("radio", "select", "checklist") or component.text("valuesExpression"):
        return ()
    options = tuple(Option(each.text("value"), each.text("label")) for each in component.parts("values"))
    values = [option.value for option in options]
    if not options or "" in values or len(set(values)) < len(values) or any(not option.label for option in options):
        component.report("Expected options with a value and a label each, every value once", "Correct the options.")
    return options


def _limits(component: Component, kind: str) -> Limits:
    validate, properties = component.part("validate"), component.part("properties")
    fewest, most = _counts(component, properties, kind, validate.flag("required"))
    minimum, maximum = (validate.number("min"), validate.number("max")) if kind == "number" else (None, None)
    digits = component.number("decimalDigits")
    pattern = _pattern(validate)
    longest = 200 if kind == "textfield" else 4_000
    return Limits(
        is_required=validate.flag("required") or (kind == "dynamiclist" and fewest > 0),
        min_length=validate.whole("minLength", 0, 0, MAX_LENGTH),
        max_length=validate.whole("maxLength", longest, 1, MAX_CHARACTERS if pattern else MAX_LENGTH),
        pattern=pattern,
        minimum=minimum,
        maximum=maximum,
        decimal_digits=None if digits is None else component.whole("decimalDigits", 0, 0, 6),
        step=_step(component),
        fewest=fewest,
        most=most,
        format=_format(validate),
        accept=_accept(component),
        min_date=properties.formula("minDate"),
        max_date=properties.formula("maxDate"),
        not_equal_to=properties.text("notEqualTo"),
    )


def _counts(component: Component, properties: Component, kind: str, is_required: bool) -> tuple[int, int]:
    if kind == "dynamiclist":
        fewest = properties.whole("minRows", int(is_required), 0, MAX_ROWS)
        return fewest, properties.whole("maxRows", max(20, fewest), max(1, fewest), MAX_ROWS)
    if kind == "checklist":
        return properties.whole("minChecked", int(is_required), 0, 100), properties.whole("maxChecked", 100, 1, 100)
    if kind == "filepicker":
        return int(is_required), properties.whole("maxFiles", MAX_FILES if component.flag("multiple") else 1, 1, 25)
    return 0, MAX_FILES


def _step(component: Component) -> Decimal | None:
    step = component.number("increment")
    if step is not None and step <= 0:
        component.report(f"Expected increment above 0, but it is {step}", "Change the increment.")
        return None
    return step


def _pattern(validate: Component) -> str:
    pattern = validate.text("pattern")
    unsafe = why_unsafe(pattern) if pattern else None
    if unsafe is None:
        return pattern
    validate.report(f"The pattern {pattern} cannot be used: {unsafe}", "Make the pattern simpler, or use a rule.")
    return ""


def _format(validate: Component) -> str:
    written = validate.text("validationType")
    if written in ("", "custom", "email", "phone"):
        return "" if written == "custom" else written
    validate.report(f"Expected validationType email or phone, but it is {written}", "Change validationType.")
    return ""


def _accept(component: Component) -> tuple[str, ...]:
    endings = tuple(each.strip(" .").lower() for each in component.text("accept").split(",") if each.strip())
    if unknown := [each for each in endings if each not in ENDINGS]:
        component.report(
            f"Expected accept to name files we take, but it has {unknown[0]}", f"Use {', '.join(ENDINGS)}."
        )
    return endings or ENDINGS


def _rules(component: Component, kind: str) -> tuple[str, ...]:
    allowed = DATE_RULES if kind == "datetime" else TEXT_RULES
    rules = tuple(component.part("properties").text("rule").split())
    for rule in rules:
        if rule not in allowed:
            component.report(f"Expected a rule for a {kind}, but it is {rule}", "See the rules in docs/forms.md.")
    return rules


def _checks(properties: Component) -> list[Check]:
    checks = []
    for name in properties.content:
        stem, dot, rest = name.partition(".")
        if not dot or stem not in ("check", "warn"):
            continue
        if not KEY.fullmatch(rest):
            properties.report(f"Expected a plain name after {stem}., but it is {rest}", "Rename it.")
        sentence = properties.text(f"message.{rest}")
        if not sentence:
            properties.report(f"Expected a sentence for {name}, but there is none", f"Add message.{rest}.")
        if formula := properties.formula(name):
            checks.append(Check(rest, formula, sentence, stem == "warn"))
    if len({check.id for check in checks}) < len(checks):
        properties.report("Expected check and warn to have different names, but one is used twice", "Rename one.")
    return checks


def _sentences(component: Component) -> dict[str, str]:
    own = {
        "required": component.part("properties").text("errorRequired"),
        "pattern": component.part("validate").text("patternErrorMessage"),
    }
    return {name: sentence for name, sentence in own.items() if sentence}


def _look(component: Component) -> Look:
    properties, appearance = component.part("properties"), component.part("appearance")
    autocomplete, width = properties.text("autocomplete") or "off", properties.text("width")
    if autocomplete not in AUTOCOMPLETE or (width and width not in WIDTHS):
        component.report("Expected an autocomplete token and width of docs/forms.md, but it is another", "Correct it.")
    return Look(
        autocomplete=autocomplete,
        prefix=appearance.text("prefixAdorner"),
        suffix=appearance.text("suffixAdorner"),
        width=width,
        lines=properties.whole("lines", 5, 2, 20),
        time_label=component.text("timeLabel") or "Time",
    )
