"""A letter as plain text: the body of a mail, and the file for whoever reads no PDF."""

import textwrap

from app.letters.filling import Filled, Said

WIDTH = 76


def plain(letter: Filled) -> str:
    """The whole letter, wrapped, with its title first."""
    lines = [*_wrapped(letter.title, ""), ""]
    number, before = 0, ""
    for one in letter.said:
        number = number + 1 if one.kind == "number" else 0
        if before and not (one.kind == before and one.kind in ("bullet", "number")):
            lines.append("")
        lines += _lines(one, number)
        before = one.kind
    return "\n".join(lines).rstrip() + "\n"


def _lines(one: Said, number: int) -> list[str]:
    mark = {"bullet": "- ", "number": f"{number}. "}.get(one.kind, "")
    if one.kind == "heading":
        return [*_wrapped(one.text, ""), "-" * min(len(one.text), WIDTH)]
    return _wrapped(one.text, mark)


def _wrapped(text: str, mark: str) -> list[str]:
    found: list[str] = []
    for line in text.split("\n"):
        before = " " * len(mark) if found else mark
        found += textwrap.wrap(
            line,
            WIDTH,
            initial_indent=before,
            subsequent_indent=" " * len(mark),
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return found
