"""Marshmallow fields: from what was typed to a clean JSON value, or a sentence that says what to do."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate
from stdnum.exceptions import InvalidChecksum, InvalidComponent
from stdnum.exceptions import ValidationError as InvalidNumber
from stdnum.gb import upn

from app.forms import dates
from app.forms.context import FormContext
from app.forms.form import Question
from app.forms.text import clean, has_unreadable, on_one_line
from app.forms.words import about, answer_to, example, missing
from app.model.json import Json

_POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})")
_NAME_MARKS = frozenset("'’- ")
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{6,18}[0-9]")
_NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})?(?:\.[0-9]{1,6})?")


class AnswerField(fields.Field[Json]):
    """Any answer; knows its question."""

    def __init__(self, question: Question, context: FormContext, **options: Any) -> None:
        """Required as the question says, with its own sentence."""
        self.question = question
        self.context = context
        sentence = missing(question, context.today)
        super().__init__(
            required=question.limits.is_required, error_messages={"required": sentence, "null": sentence}, **options
        )


class TextField(AnswerField):
    """Text: normalised, without unreadable characters, within its length and rules."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        question, limits = self.question, self.question.limits
        text = clean(value) if question.kind == "textarea" else on_one_line(value)
        if len(text) > limits.max_length:
            raise ValidationError(
                f"Shorten {answer_to(question)} to {limits.max_length:,} characters or fewer: it has {len(text):,}"
            )
        if has_unreadable(text) or (question.kind == "textfield" and has_unreadable(clean(value))):
            raise ValidationError(f"Remove the characters that cannot be read from {about(question)}")
        if len(text) < limits.min_length:
            raise ValidationError(
                f"Enter at least {limits.min_length:,} characters for {about(question)}: it has {len(text):,}"
            )
        for rule in question.rules:
            text = _RULES[rule](text, question)
        self._check_format(text)
        return text

    def _check_format(self, text: str) -> None:
        question = self.question
        if question.limits.format == "email":
            validate.Email(error=f"Enter {answer_to(question)} like name@example.com")(text)
        if question.limits.format == "phone" and not _PHONE.fullmatch(text):
            raise ValidationError(f"Enter {answer_to(question)} as a telephone number, like 0114 496 0000")
        if question.limits.pattern:
            sentence = question.sentences.get("pattern") or f"Enter {answer_to(question)} in the format asked for"
            if not re.search(question.limits.pattern, text, re.ASCII):
                raise ValidationError(sentence)


def upn_rule(text: str, question: Question) -> str:
    """A unique pupil number in capitals; the authority's number may be one that is not on anybody's list yet."""
    number = text.replace(" ", "").upper()
    how = f"Enter {answer_to(question)} as 13 characters: a letter, 11 numbers, and a number or letter"
    try:
        return upn.validate(number)
    except InvalidComponent:
        if upn.calc_check_digit(number[1:]) == number[0]:
            return number
        raise ValidationError(_WRONG_LETTER.format(about(question))) from None
    except InvalidChecksum:
        raise ValidationError(_WRONG_LETTER.format(about(question))) from None
    except InvalidNumber:
        raise ValidationError(how) from None


_WRONG_LETTER = "Check {}: its first letter does not fit the rest"


def postcode_rule(text: str, question: Question) -> str:
    """A UK postcode in capitals with one space."""
    if found := _POSTCODE.fullmatch(text.upper()):
        return f"{found[1]} {found[2]}"
    raise ValidationError(f"Enter {answer_to(question)} as a full UK postcode, like S1 2HH")


def name_rule(text: str, question: Question) -> str:
    """A name: letters of any script, apostrophe, hyphen, space."""
    if len(text) > 60:
        raise ValidationError(f"Shorten {answer_to(question)} to 60 characters or fewer: it has {len(text)}")
    if any(not (each.isalpha() or each in _NAME_MARKS) for each in text) or not any(each.isalpha() for each in text):
        raise ValidationError(f"Enter {answer_to(question)} with letters, apostrophes, hyphens and spaces only")
    return text


_RULES = {"upn": upn_rule, "postcode": postcode_rule, "name": name_rule}


class NumberField(AnswerField):
    """A number within its limits, whole or with digits after the point."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | float:
        question, limits = self.question, self.question.limits
        written = value.strip()
        for affix in (question.look.prefix, question.look.suffix):
            written = written.removeprefix(affix).removesuffix(affix).strip() if affix else written
        if not any(each.isdigit() for each in written) or not _NUMBER.fullmatch(written) or not written.isascii():
            whole = "whole number, for example 12" if limits.decimal_digits == 0 else "number, for example 12"
            raise ValidationError(f"Enter {answer_to(question)} as a {whole}")
        number = Decimal(written.replace(",", ""))
        self._check(number)
        return int(number) if number == number.to_integral_value() else float(number)

    def _check(self, number: Decimal) -> None:
        question, limits = self.question, self.question.limits
        digits = limits.decimal_digits
        if digits is not None and number != round(number, digits):
            how = f"with at most {digits} digit{'s' * (digits != 1)} after the point" if digits else "as a whole number"
            raise ValidationError(f"Enter {answer_to(question)} {how}")
        if limits.minimum is not None and number < limits.minimum:
            raise ValidationError(f"Enter {limits.minimum:,} or more for {about(question)}")
        if limits.maximum is not None and number > limits.maximum:
            raise ValidationError(f"Enter {limits.maximum:,} or less for {about(question)}")
        if limits.step is not None and number % limits.step:
            raise ValidationError(f"Enter {answer_to(question)} in steps of {limits.step.normalize():f}")


def _not_listed(question: Question) -> str:
    return f"Choose {answer_to(question)} from the list"


class ChoiceField(AnswerField):
    """One of the options."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in {option.value for option in self.question.options}:
            raise ValidationError(_not_listed(self.question))
        return str(value)


class ChoicesField(AnswerField):
    """Several of the options, in their order."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        question, limits = self.question, self.question.limits
        ordered = [option.value for option in question.options if option.value in value]
        if len(ordered) < len(value):
            raise ValidationError(_not_listed(question))
        if len(ordered) < limits.fewest:
            raise ValidationError(f"Select at least {limits.fewest} for {about(question)}")
        if len(ordered) > limits.most:
            raise ValidationError(f"Select at most {limits.most} for {about(question)}")
        return ordered


class TickField(AnswerField):
    """Ticked or not; required means ticked."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if self.question.limits.is_required and value is not True:
            raise ValidationError(missing(self.question, self.context.today))
        return value is True


class MomentField(AnswerField):
    """A date, a time, or both, as ISO text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        question = self.question
        try:
            if question.subtype == "time":
                return dates.read_time(value.get("time", "")).isoformat()
            on = dates.read_date(value)
        except dates.UnreadableDate as trouble:
            raise ValidationError(
                _date_sentence(question, str(trouble), example(question, self.context.today))
            ) from None
        if question.subtype == "date":
            return on.isoformat()
        try:
            return dates.moment(on, dates.read_time(value.get("time", ""))).isoformat()
        except dates.UnreadableDate:
            raise ValidationError(f"Enter the time for {about(question)}, for example 14:30") from None


def _date_sentence(question: Question, why: str, like: str) -> str:
    if why == "time":
        return f"Enter {answer_to(question)} as a time, for example 14:30"
    if why == "four digits":
        return f"Enter the year with four digits for {about(question)}, for example {like}"
    if why == "real":
        return f"Enter a real date for {about(question)}, for example {like}"
    return f"Enter the {why} too for {about(question)}, for example {like}"


class FilesField(AnswerField):
    """Files already stored for this task, by id."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Json]:
        question, limits = self.question, self.question.limits
        stored = [self.context.files[id_] for id_ in value if id_ in self.context.files]
        if len(stored) < limits.fewest:
            raise ValidationError(missing(question, self.context.today))
        if len(stored) > limits.most:
            raise ValidationError(f"Remove files from {about(question)} until there are at most {limits.most}")
        for file in stored:
            ending = file.name.rpartition(".")[2].lower().replace("jpeg", "jpg")
            if ending not in limits.accept:
                raise ValidationError(f"Choose a file of another type than {file.name}: {', '.join(limits.accept)}")
        return [file.to_json() for file in stored]


FIELDS: Mapping[str, type[AnswerField]] = {
    "textfield": TextField,
    "textarea": TextField,
    "number": NumberField,
    "radio": ChoiceField,
    "select": ChoiceField,
    "checklist": ChoicesField,
    "checkbox": TickField,
    "datetime": MomentField,
    "filepicker": FilesField,
}
