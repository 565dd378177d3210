"""Charts of growth as SVG that can be read without colour, by a screen reader and in print. Bars: `web.bars`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

from app.web.bars import words

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 232, 48, 56
#: colours that keep 4.5 : 1 on white, each with dashes and a mark of its own
_STYLES = (
    ("#1d70b8", "", "circle"),
    ("#b31e1e", "6 3", "square"),
    ("#00703c", "2 3", "diamond"),
    ("#4c2c92", "10 4", "circle"),
    ("#7a4a00", "4 2 1 2", "square"),
    ("#0b0c0c", "1 4", "diamond"),
    ("#5a5a5a", "12 3 3 3", "circle"),
)
Line = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Chart:
    """What to draw."""

    #: what it shows, for everybody
    title: str
    #: what grows
    x_name: str
    #: what is measured, with its unit
    y_name: str
    #: name of a line → its points from left to right
    lines: Mapping[str, Line]
    #: what may not be exceeded, or None
    budget: float | None = None

    @property
    def description(self) -> str:
        """The chart in words: where each line begins and ends."""
        ends = "; ".join(
            f"{name}: {line[0][1]:g} at {line[0][0]:,g}, {line[-1][1]:g} at {line[-1][0]:,g}"
            for name, line in self.lines.items()
        )
        budget = f" The budget is {self.budget:g}." if self.budget is not None else ""
        return f"{self.y_name} by {self.x_name}. {ends}.{budget} The table below it has every figure."


def svg(chart: Chart) -> str:
    """The whole file."""
    xs = sorted({x for line in chart.lines.values() for x, _ in line})
    top = _round_up(max(y for line in chart.lines.values() for _, y in line))
    if chart.budget is not None and chart.budget <= 4 * top:
        top = max(top, _round_up(chart.budget))
    across = _across(xs)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' aria-labelledby="title desc">',
        f'<title id="title">{escape(chart.title)}</title>',
        f'<desc id="desc">{escape(chart.description)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        words(LEFT, 24, chart.title, size=16, weight="bold"),
        *_grid(top, xs, across),
        words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, chart.x_name, anchor="middle"),
        words(LEFT, TOP - 8, chart.y_name),
    ]
    if chart.budget is not None and chart.budget <= top:
        parts += _budget(chart.budget, top)
    parts += _lines(chart.lines, across, top)
    return "\n".join([*parts, "</svg>", ""])


def _across(xs: list[float]) -> Mapping[float, float]:
    """Where each x stands: by its logarithm where it grows by more than a hundred times."""
    is_wide = xs[0] > 0 and xs[-1] / xs[0] > 100
    scaled = [math.log(x) if is_wide else x for x in xs]
    span = (scaled[-1] - scaled[0]) or 1
    return {
        x: LEFT + 12 + (one - scaled[0]) / span * (WIDTH - LEFT - RIGHT - 24) for x, one in zip(xs, scaled, strict=True)
    }


def _down(y: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM), 1)


def _round_up(y: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 …"""
    power = 10.0 ** math.floor(math.log10(max(y, 0.001)))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= y)


def _grid(top: float, xs: list[float], across: Mapping[float, float]) -> list[str]:
    parts = []
    for step in range(5):
        y = top * step / 4
        parts.append(f'<path d="M{LEFT} {_down(y, top)}H{WIDTH - RIGHT}" stroke="#b1b4b6" stroke-width="1"/>')
        parts.append(words(LEFT - 8, _down(y, top) + 4, f"{y:g}", anchor="end"))
    written = -math.inf
    for x in xs:
        if across[x] - written >= 36:  # labels that touch cannot be read
            parts.append(words(across[x], HEIGHT - BOTTOM + 18, f"{x:,g}" if x < 1e6 else f"{x:,.0f}", anchor="middle"))
            written = across[x]
    return parts


def _budget(budget: float, top: float) -> list[str]:
    y = _down(budget, top)
    return [
        f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#0b0c0c" stroke-width="2"/>',
        words(WIDTH - RIGHT + 8, y + 4, f"budget {budget:g}", weight="bold"),
    ]


def _lines(lines: Mapping[str, Line], across: Mapping[float, float], top: float) -> list[str]:
    parts = []
    for number, (name, line) in enumerate(lines.items()):
        colour, dashes, mark = _STYLES[number % len(_STYLES)]
        points = [(round(across[x], 1), _down(y, top)) for x, y in line]
        for (x1, y1), (x2, y2) in pairwise(points):
            parts.append(
                f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{colour}" stroke-width="2"'
                f' stroke-dasharray="{dashes or "none"}"/>'
            )
        parts += [_mark(mark, x, y, colour) for x, y in points]
        key = HEIGHT - BOTTOM - 20 * (len(lines) - number)
        parts.append(_mark(mark, WIDTH - RIGHT + 16, key - 4, colour))
        parts.append(words(WIDTH - RIGHT + 28, key, name))
    return parts


def _mark(kind: str, x: float, y: float, colour: str) -> str:
    if kind == "circle":
        return f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>'
    turned = f' transform="rotate(45 {x} {y})"' if kind == "diamond" else ""
    return f'<rect x="{x - 4:g}" y="{y - 4:g}" width="8" height="8" fill="{colour}"{turned}/>'
