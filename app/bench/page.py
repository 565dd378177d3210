"""The page about performance: what was measured last on each database, as charts and tables. Measuring is elsewhere.

Each run keeps its figures as `<database>.json` in the folder of charts; the page is made from all that lie there.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.bench.charts import Chart, svg
from app.bench.figures import Point, Row
from app.bench.machine import Machine
from app.model.json import JsonObject

#: database → what people call it, in the order of the page
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Growth:
    """A chart that a run may fill."""

    #: what it shows
    title: str
    #: what grows
    x_name: str
    #: what was measured
    y_name: str
    #: what may not be exceeded, or None
    budget: float | None


#: name of a chart → what it shows
GROWTHS = {
    "rounds": Growth("Completing a task as a case grows old", "review rounds of the case", "p50 in ms", None),
    "people": Growth("Completing a task that many may do", "people who may do it", "p50 in ms", None),
    "open-tasks": Growth("Inbox and tasks as cases grow many", "open tasks of the authority", "ms", 100),
}


@dataclass(frozen=True)
class Run:
    """What one bench found."""

    #: every figure
    rows: tuple[Row, ...]
    #: where
    machine: Machine
    #: when it began, real time
    began: datetime
    #: "full"
    size: str
    #: "sqlite" or "postgresql"
    database: str

    def to_json(self) -> JsonObject:
        """All of it."""
        rows: list[JsonObject] = [
            {**one.to_json(), "bound": one.bound, "point": _point(one.point)} for one in self.rows
        ]
        return {
            "began": self.began.isoformat(),
            "size": self.size,
            "machine": dict(self.machine.to_json()),
            "rows": rows,
        }

    @classmethod
    def from_json(cls, database: str, kept: dict[str, Any]) -> "Run":
        """What `to_json` wrote."""
        rows = tuple(
            Row(
                one["row"],
                one["value"],
                one["unit"],
                one["budget"],
                one["bound"],
                Point(**one["point"]) if one["point"] else None,
            )
            for one in kept["rows"]
        )
        return cls(rows, Machine(**kept["machine"]), datetime.fromisoformat(kept["began"]), kept["size"], database)


def write(folder: Path, run: Run) -> None:
    """Keep the run, draw its charts, and write the page `<folder>.md` from this and what was kept of others."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = json.dumps(run.to_json(), indent=1, ensure_ascii=False)
    (folder / f"{run.database}.json").write_text(f"{kept}\n", "utf-8")
    runs = [
        Run.from_json(name, json.loads(path.read_text("utf-8")))
        for name in DATABASES
        if (path := folder / f"{name}.json").exists()
    ]
    for one in runs:
        for name, chart in charts(one).items():
            (folder / f"{one.database}-{name}.svg").write_text(svg(chart), "utf-8")
    folder.with_suffix(".md").write_text(markdown(runs, folder.name), "utf-8")


def charts(run: Run) -> dict[str, Chart]:
    """The charts that the run has points for; one point is no growth."""
    found: dict[str, Chart] = {}
    for name, growth in GROWTHS.items():
        lines: dict[str, list[tuple[float, float]]] = {}
        for row in run.rows:
            if row.point and row.point.chart == name:
                lines.setdefault(row.point.line, []).append((row.point.x, row.value))
        if lines and all(len(line) > 1 for line in lines.values()):
            title = f"{growth.title} ({DATABASES[run.database]})"
            found[name] = Chart(title, growth.x_name, growth.y_name, lines, growth.budget)
    return found


def markdown(runs: list[Run], folder: str) -> str:
    """The whole page."""
    return "\n".join(
        [
            "# Performance",
            "",
            "Made by `python3 manage.py bench --size full --charts docs/performance`, never by hand. The program runs",
            "as `run` starts it, in a process of its own; people are clients over HTTP, each with their own session.",
            "",
            "Seconds belong to the machine and to what else it did: compare ratios, and figures of one run with each",
            "other. Budgets are those of the design, never loosened for a figure; what misses one says so.",
            *(line for run in runs for line in _section(run, folder)),
        ]
    )


def _section(run: Run, folder: str) -> Iterator[str]:
    missed = [one.row for one in run.rows if not one.ok]
    yield from ("", f"## {DATABASES[run.database]}", "")
    yield f"Measured on {run.began:%-d %B %Y} on {run.machine.sentence}; size {run.size}."
    if run.machine.is_busy:
        yield "**Other work wanted the processor: no budget in milliseconds or per second can be judged by this run.**"
    yield f"{len(run.rows)} figures, {len(missed)} of them outside their budget{':' if missed else '.'}"
    yield from ("", *(f"- {one}" for one in missed))
    for name, chart in charts(run).items():
        yield from ("", f"### {chart.title}", "", f"![{chart.description}]({folder}/{run.database}-{name}.svg)", "")
        yield from _points(chart)
    yield from ("", f"### Every figure ({DATABASES[run.database]})", "")
    yield from ("| what | value | unit | budget | |", "|---|---:|---|---|---|")
    for one in run.rows:
        verdict = "" if one.budget is None else "ok" if one.ok else "**missed**"
        yield f"| {one.row} | {one.value:,} | {one.unit} | {one.promise} | {verdict} |"
    yield ""


def _points(chart: Chart) -> Iterator[str]:
    xs = sorted({x for line in chart.lines.values() for x, _ in line})
    yield f"| {chart.x_name} | {' | '.join(f'{x:,g}' for x in xs)} |"
    yield f"|---|{'---:|' * len(xs)}"
    for name, line in chart.lines.items():
        known = dict(line)
        yield f"| {name} | {' | '.join(f'{known[x]:,g}' if x in known else '' for x in xs)} |"


def _point(point: Point | None) -> JsonObject | None:
    return {"chart": point.chart, "line": point.line, "x": point.x} if point else None
