"""What is written about a process (`about.md`), as HTML whose every word is escaped. Texts in forms: `app.forms`."""

import html
import re
from collections.abc import Iterator

from markupsafe import Markup

_HEADING = re.compile(r"(#{1,3}) +(.+)")
_ITEM = re.compile(r"(?:[-*]|[0-9]{1,3}[.)]) +(.+)")
_BOLD, _CODE = re.compile(r"\*\*([^*]+)\*\*"), re.compile(r"`([^`]+)`")
_EMPHASIS = re.compile(r"(?<!\*)\*([^*\s][^*]*)\*(?!\*)")


def to_html(text: str) -> Markup:
    """Headings (one level down), paragraphs, lists, tables, bold, emphasis and code; the rest as it is written."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return Markup("\n".join(part for block in blocks for part in _block(block.split("\n"))))  # noqa: S704 - escaped


def _block(lines: list[str]) -> Iterator[str]:
    if heading := _HEADING.fullmatch(lines[0].strip()):
        level = len(heading[1]) + 1
        size = {2: "m", 3: "s", 4: "s"}[level]
        yield f'<h{level} class="govuk-heading-{size}">{_inline(heading[2])}</h{level}>'
        if lines[1:]:
            yield from _block(lines[1:])
    elif lines[0].lstrip().startswith("|"):
        yield _table([line.strip() for line in lines])
    elif _ITEM.fullmatch(lines[0].strip()):
        yield _list(lines)
    else:
        yield f'<p class="govuk-body">{_inline(" ".join(line.strip() for line in lines))}</p>'


def _list(lines: list[str]) -> str:
    items: list[str] = []
    for line in lines:
        if item := _ITEM.fullmatch(line.strip()):
            items.append(item[1])
        else:
            items[-1] += f" {line.strip()}"
    tag, look = ("ol", "number") if lines[0].strip()[0].isdigit() else ("ul", "bullet")
    inside = "".join(f"<li>{_inline(item)}</li>" for item in items)
    return f'<{tag} class="govuk-list govuk-list--{look}">{inside}</{tag}>'


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads, *body = [row for row in rows if not all(set(cell) <= set("-: ") for cell in row)]
    head = "".join(f'<th scope="col">{_inline(cell)}</th>' for cell in heads)
    inside = "".join(
        "<tr>"
        + "".join(f'<td data-label="{html.escape(h)}">{_inline(c)}</td>' for h, c in zip(heads, r, strict=False))
        + "</tr>"
        for r in body
    )
    return f'<table class="wm-table"><thead><tr>{head}</tr></thead><tbody>{inside}</tbody></table>'


def _inline(text: str) -> str:
    text = _BOLD.sub(r"<strong>\1</strong>", html.escape(text))
    return _EMPHASIS.sub(r"<em>\1</em>", _CODE.sub(r"<code>\1</code>", text))
