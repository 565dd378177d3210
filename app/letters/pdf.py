"""A letter as PDF/UA-1: tagged, with its language and title, in fonts that come with the printer.

The words travel as JSON beside a fixed source, so that nothing a case says is ever read as markup; no file, no font
of the system and no network is within reach (ADR 0063). The same letter gives the same bytes.
"""

import json
import re
import tempfile
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import typst

from app.letters.filling import Filled, Said

_SOURCE = r"""
#let letter = json(bytes(sys.inputs.letter))
#set document(title: letter.title, author: letter.author, date: none)
#set text(lang: "en", region: "GB", size: 12pt, font: ("Libertinus Serif", "DejaVu Sans Mono"), hyphenate: false)
#set page(
  paper: "a4", margin: (x: 2.5cm, y: 2.3cm),
  footer: context [#set text(size: 10pt); #letter.footer #h(1fr) Page #counter(page).display("1 of 1", both: true)],
)
#set par(justify: false, leading: 0.7em, spacing: 1.1em)
#set heading(numbering: none)
#show heading: set block(above: 1.5em, below: 0.8em)
#show heading: set text(size: 13pt)
#show title: set text(size: 17pt)
#show title: set block(below: 1.2em)
#let lines(text) = text.split("\n").join(linebreak())
#let words(runs) = runs.map(run => if run.at(1) { strong(lines(run.at(0))) } else { lines(run.at(0)) }).join()
#title()
#for block in letter.blocks {
  if block.kind == "heading" { heading(level: 1, words(block.items.at(0))) }
  else if block.kind == "bullet" { list(..block.items.map(words)) }
  else if block.kind == "number" { enum(..block.items.map(words)) }
  else { par(words(block.items.at(0))) }
}
"""
#: what stands for a sign that no font has
NO_GLYPH = "□"
_MOST_SIGNS = 60
#: a sign as the printer writes it in what it says
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')


class CannotPrint(Exception):
    """The letter cannot be made into a PDF: one sentence why."""


def pdf(letter: Filled, author: str, footer: str) -> bytes:
    """The letter as PDF/UA-1. Signs that no font has are shown as an empty square. Raises CannotPrint."""
    blocks = [
        {"kind": kind, "items": [[[text, bold] for text, bold in one.pieces] for one in several]}
        for kind, several in _blocks(letter.said)
    ]
    given = json.dumps({"title": letter.title, "author": author, "footer": footer, "blocks": blocks})
    for _ in range(_MOST_SIGNS):
        try:
            return _compiled(given)
        except typst.TypstError as refused:
            missing = _NO_FONT.search(str(refused))
            if missing is None:
                raise CannotPrint(f"The letter cannot be printed ({str(refused)[:120]}).") from None
            without = _without(given, missing[1])
            if without == given:
                break
            given = without
    raise CannotPrint("The letter has signs that no font has. Write them in Latin letters.")


def unprintable(letter: Filled) -> str:
    """The signs of a letter that no font has, each once."""
    text = letter.title + "".join(one.text for one in letter.said)
    return "".join(sign for sign in dict.fromkeys(text) if not sign.isspace() and not _has_glyph(sign))


def _blocks(said: tuple[Said, ...]) -> list[tuple[str, list[Said]]]:
    """Items of a list that follow each other are one list."""
    found: list[tuple[str, list[Said]]] = []
    for kind, several in groupby(said, key=lambda one: one.kind):
        if kind in ("bullet", "number"):
            found.append((kind, list(several)))
        else:
            found += [(kind, [one]) for one in several]
    return found


def _compiled(given: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="waymark-letter-") as place:
        source = Path(place, "letter.typ")
        source.write_text(_SOURCE, "utf-8")
        made = typst.compile(
            str(source),
            root=place,
            package_path=place,
            package_cache_path=place,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"letter": given},
            pdf_standards=["ua-1"],
        )
    assert isinstance(made, bytes)
    return made


def _without(given: str, missing: str) -> str:
    """The words with an empty square for each sign that cannot be shown."""
    signs = {one for one in _ESCAPED.sub(lambda found: chr(int(found[1], 16)), missing) if ord(one) > 126}
    read = json.loads(given)
    return json.dumps(_replaced(read, str.maketrans(dict.fromkeys(signs, NO_GLYPH))))


def _replaced(value: object, table: dict[int, str]) -> object:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [_replaced(one, table) for one in value]
    if isinstance(value, dict):
        return {key: _replaced(one, table) if key != "kind" else one for key, one in value.items()}
    return value


@lru_cache(maxsize=4_096)
def _has_glyph(sign: str) -> bool:
    if ord(sign) < 127:
        return True
    try:
        _compiled(json.dumps({"title": sign, "author": "", "footer": "", "blocks": []}))
    except typst.TypstError:
        return False
    return True
