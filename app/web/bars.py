"""Bars as SVG, made on the server: readable without colour, by a screen reader and in print. Lines: `bench.charts`."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, ROW, NAMES, END = 640, 30, 240, 64
#: no bar is thinner than this, so that a one among thousands is still seen
LEAST = 3
#: letters of a name that have room beside its bar
MOST_LETTERS = 28
_COLOUR, _INK, _LINE = "#1b4559", "#0b0c0c", "#767676"


@dataclass(frozen=True)
class Bar:
    """One bar."""

    #: what it counts
    name: str
    #: how much; None: hidden, because it is small or would give a small one away
    count: int | None


def svg(title: str, bars: Sequence[Bar], key: str) -> str:
    """The drawing; `key` tells its ids apart from those of other drawings of the page."""
    most = max((one.count or 0 for one in bars), default=0) or 1
    height = ROW * len(bars) + 12
    parts = [
        f'<svg class="wm-bars" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-labelledby="{key}-title {key}-desc">',
        f'<title id="{key}-title">{escape(title)}</title>',
        f'<desc id="{key}-desc">{escape(described(bars))}</desc>',
        f'<path d="M{NAMES} 2V{height - 2}" stroke="{_LINE}" stroke-width="1"/>',
    ]
    for place, one in enumerate(bars):
        parts += _bar(one, ROW * place + 6, most)
    return "".join([*parts, "</svg>"])


def described(bars: Sequence[Bar]) -> str:
    """The bars in words."""
    return "; ".join(f"{one.name}: {'hidden' if one.count is None else f'{one.count:,}'}" for one in bars) + "."


def words(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12, weight: str = "normal") -> str:
    """Text at a place of a drawing; no style attribute, which the policy of the pages refuses."""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{_INK}"'
        f' font-family="Arial, Helvetica, sans-serif">{escape(text)}</text>'
    )


def _bar(one: Bar, y: int, most: int) -> list[str]:
    named = words(NAMES - 10, y + 16, _short(one.name), anchor="end", size=14)
    if one.count is None:
        return [
            named,
            f'<rect x="{NAMES}" y="{y}" width="24" height="20" fill="none" stroke="{_LINE}" stroke-dasharray="3 3"/>',
            words(NAMES + 32, y + 16, "hidden", size=14),
        ]
    width = max(LEAST, round(one.count / most * (WIDTH - NAMES - END), 1)) if one.count else 0
    drawn = [f'<rect x="{NAMES}" y="{y}" width="{width:g}" height="20" fill="{_COLOUR}"/>'] if width else []
    return [named, *drawn, words(NAMES + width + 8, y + 16, f"{one.count:,}", size=14)]


def _short(name: str) -> str:
    """As much of a name as there is room for; the table beside it has the whole."""
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 1].rstrip(' (,')}…"
