"""The little markdown that texts in forms may use, as HTML whose every word is escaped."""

import html
import re
from collections.abc import Iterator

#: a form stands under the title of its page
_HEADINGS = {1: "m", 2: "s", 3: "s"}
_HEADING = re.compile(r"(#{1,3}) +(.+)")
_BULLET = re.compile(r"[-*] +(.+)")
_NUMBERED = re.compile(r"[0-9]{1,3}[.)] +(.+)")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")


def to_html(text: str) -> str:
    """Headings, paragraphs, lists and bold; anything else is shown as it is written."""
    return "\n".join(_blocks(text.replace("\r\n", "\n").split("\n")))


def _blocks(lines: list[str]) -> Iterator[str]:
    paragraph: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        items, after = _list_from(lines, at)
        if (heading := _HEADING.fullmatch(line)) or items or not line:
            yield from _paragraph(paragraph)
            paragraph = []
        if items:
            yield _list(line, items)
            at = after
            continue
        if heading:
            level = len(heading[1])
            yield f'<h{level + 1} class="govuk-heading-{_HEADINGS[level]}">{_inline(heading[2])}</h{level + 1}>'
        elif line:
            paragraph.append(line)
        at += 1
    yield from _paragraph(paragraph)


def _paragraph(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f'<p class="govuk-body">{"<br>".join(map(_inline, lines))}</p>'


def _list_from(lines: list[str], at: int) -> tuple[list[str], int]:
    pattern = next((each for each in (_BULLET, _NUMBERED) if each.fullmatch(lines[at].strip())), None)
    items: list[str] = []
    while pattern and at < len(lines) and (item := pattern.fullmatch(lines[at].strip())):
        items.append(item[1])
        at += 1
    return items, at


def _list(first: str, items: list[str]) -> str:
    tag, look = ("ol", "number") if first[0].isdigit() else ("ul", "bullet")
    inside = "".join(f"<li>{_inline(item)}</li>" for item in items)
    return f'<{tag} class="govuk-list govuk-list--{look}">{inside}</{tag}>'


def _inline(text: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", html.escape(text))
