"""The words of a version as staff read them: names of forms, rules and roles, and the questions behind variables."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from app.access.roles import ROLES
from app.calendars import Rule, RuleBook
from app.calendars.phrases import counted
from app.cases.definitions import form_of
from app.diagrams import Asked, Questions
from app.forms import Form
from app.store.queries import definitions


def rule_words(rule: Rule) -> str:
    """ "20 school days after talk with parents and pupil"; the title of a rule that cannot be said so shortly."""
    if rule.form != "plain" or rule.inclusive or rule.direction == "of" or not rule.basis:
        return f"“{rule.title}”"
    if rule.unit == "none":
        return f"on {rule.basis}"
    return f"{counted(rule.count, rule.unit.replace('_', ' '))} {rule.direction} {rule.basis}"


@lru_cache(maxsize=64)
def titles_of(bundle: str, book: RuleBook, on: date) -> Mapping[str, str]:
    """What people call its forms, the roles and the deadline rules as they are on that day, by key."""
    newest = {key: rule_words(one) for key in book.keys for one in book.versions(key) if one.valid_from <= on}
    forms = {key: form_of(bundle, key).title or key for key in definitions.bundle(bundle).forms}
    return {**newest, **{code: role.name for code, role in ROLES.items()}, **forms}


@lru_cache(maxsize=64)
def questions_of(bundle: str) -> Questions:
    """The questions whose answers become process variables, by variable."""
    return questions_in(form_of(bundle, key) for key in definitions.bundle(bundle).forms)


def questions_in(forms: Iterable[Form]) -> Questions:
    """The questions of some forms whose answers become process variables, by variable."""
    found: dict[str, Asked] = {}
    for one in (question for form in forms for question in form.questions):
        if one.variable:
            found.setdefault(one.variable, Asked(one.label, {each.value: each.label for each in one.options}))
    return found
