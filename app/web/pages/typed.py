"""What administrators type into short forms: text without control characters, and days."""

from collections.abc import Mapping
from datetime import date

from flask import request

from app.forms.dates import PARTS, UnreadableDate, read_date

UNREADABLE = "Enter a real date, for example 7 3 2027."


def folded(form: Mapping[str, str]) -> dict[str, str]:
    """A form with every date that was typed into three boxes as one text: "7/3/2027", or "" where all are empty."""
    found = dict(form)
    for first in [name for name in form if name.endswith("-day")]:
        name = first.removesuffix("-day")
        parts = [found.pop(f"{name}-{part}", "").strip() for part in PARTS]
        found[name] = "/".join(parts) if any(parts) else ""
    return found


def text(name: str, limit: int = 300) -> str:
    """What was typed into a field, cut to a length nobody needs to exceed."""
    return request.form.get(name, "").replace("\0", "").strip()[:limit]


def day(name: str, problems: dict[str, str], *, missing: str | None = None) -> date | None:
    """The day typed into a field; what is wrong with it, or `missing` where it is empty, goes to `problems`."""
    typed = folded(request.form).get(name, "").replace("\0", "").strip()[:40]
    if not typed:
        if missing:
            problems[name] = missing
        return None
    return read_day(typed, name, problems)


def read_day(typed: str, name: str, problems: dict[str, str]) -> date | None:
    """The day in a text: ISO, "7/3/2027" or "7 March 2027"; else None and a problem."""
    try:
        return read_date({"day": typed})
    except UnreadableDate as wrong:
        two_digits = str(wrong) == "four digits"
        problems[name] = "Enter the year with four digits, for example 7 3 2027." if two_digits else UNREADABLE
        return None


def seq() -> int:
    """The entry a form was drawn from, for changes that must not go over another's; -1 fits nothing."""
    typed = request.form.get("seq", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def after() -> tuple[str, str] | None:
    """Where a page of a list begins: (sort value, id) of the last line before."""
    value, tilde, last = request.args.get("after", "").replace("\0", "")[:300].rpartition("~")
    return (value, last) if tilde else None


def summary(problems: Mapping[str, str]) -> list[dict[str, str]]:
    """The entries of an error summary, each leading to its field."""
    return [{"text": sentence, "href": f"#{name}"} for name, sentence in problems.items()]
