"""How a question is named inside a sentence. The sentences themselves stand where they are raised."""

import re
from datetime import date

from app.forms.form import Question

_DETERMINERS = frozenset(
    {
        *("the", "a", "an", "your", "their", "his", "her", "our", "any", "other", "each"),
        *("how", "what", "why", "who", "when", "where", "which", "whose"),
    }
)
_CHOICES = ("radio", "select", "checklist", "dynamiclist", "checkbox")


def about(question: Question) -> str:
    """The question inside a sentence: “the review date”, or the question itself in quotation marks."""
    label = question.label.strip()
    if label.endswith("?"):
        return f"“{label}”"
    noun = re.sub(r"\s*\([^)]*\)\s*$", "", label).rstrip(".:") or label
    first = noun.split()[0]
    lowered = noun if first[1:] != first[1:].lower() or len(first) == 1 else noun[0].lower() + noun[1:]
    return lowered if first.lower() in _DETERMINERS else f"the {lowered}"


def answer_to(question: Question) -> str:
    """What to enter: “the review date”, or “an answer to “When …?””."""
    named = about(question)
    return f"an answer to {named}" if named.startswith("“") else named


def example(question: Question, today: date) -> str:
    """A date as one would type it here."""
    return "14 5 2012" if "dob" in question.rules else f"{today.day} {today.month} {today.year}"


def missing(question: Question, today: date) -> str:
    """What to do when there is no answer."""
    if own := question.sentences.get("required"):
        return own
    if question.kind == "checkbox":
        return f"Tick to confirm: {question.label}"
    if question.kind == "filepicker":
        return f"Choose a file for {about(question)}"
    if question.kind == "datetime" and question.subtype != "time":
        named = about(question)
        what = f"a date for {named}" if named.startswith("“") else named
        return f"Enter {what}, for example {example(question, today)}"
    return f"{'Select' if question.kind in _CHOICES else 'Enter'} {answer_to(question)}"


def day(value: date) -> str:
    """“7 March 2027”."""
    return f"{value.day} {value:%B %Y}"


def short_weekday(value: date) -> str:
    """“Fri 23 October 2026”: as pages write a date that somebody gave."""
    return f"{value:%a} {day(value)}"


def weekday(value: date) -> str:
    """“Friday 23 October 2026”."""
    return f"{value:%A} {day(value)}"


def row_title(row_name: str, number: int | str) -> str:
    """“Outcome 2”."""
    return f"{row_name[:1].upper()}{row_name[1:]} {number}"


def counted(number: int, noun: str) -> str:
    """“1 outcome”, “2 outcomes”."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural(noun)}"


def plural(noun: str) -> str:
    """“outcomes”, “strategies”."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
