"""Figures against their budgets, and how they are drawn and written down."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from app.bench import page
from app.bench.charts import svg
from app.bench.figures import Bound, Point, Row, median_ms, p95_ms, percentile, ratio
from app.bench.machine import Machine

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (
    Row("complete a task, round 1, p50", 9.5, "ms", point=Point("rounds", "a case of that age", 1)),
    Row("complete a task, round 200, p50", 10.25, "ms", point=Point("rounds", "a case of that age", 200)),
    Row("round 200 & <beside>", 1.3, "×", 1.2),
    Row("inbox, p95", 20, "ms", 100, point=Point("open-tasks", "first page", 1_000)),
)


def run(database: str = "sqlite", load: float = 0.2) -> page.Run:
    machine = Machine(2, "x86_64", "Linux", "3.11.7", load, 30.0)
    return page.Run(ROWS, machine, datetime(2026, 11, 2, 9, tzinfo=UTC), "full", database)


@pytest.mark.parametrize(
    ("bound", "value", "ok"),
    [("≤", 20, True), ("≤", 20.1, False), ("≥", 20, True), ("≥", 19.9, False), ("=", 20, True), ("=", 19, False)],
)
def test_a_figure_is_judged_by_its_budget(bound: Bound, value: float, ok: bool) -> None:
    assert Row("a", value, "ms", 20, bound).ok is ok


def test_what_nobody_promised_cannot_be_missed() -> None:
    assert Row("a", 1e9, "ms").ok


def test_percentiles_are_figures_that_were_measured() -> None:
    hundred = [n / 1000 for n in range(100, 0, -1)]
    assert (percentile(hundred, 0.95), p95_ms(hundred), median_ms(hundred)) == (0.095, 95, 50.5)
    assert percentile([3.0], 0.99) == 3


def test_a_ratio_compares_what_was_measured_side_by_side() -> None:
    assert ratio([10, 99, 12], [10, 33, 10]) == 1.2


def test_a_chart_says_what_it_shows_and_draws_every_point() -> None:
    chart = page.charts(run())["rounds"]
    drawn = etree.fromstring(svg(chart).encode())
    assert drawn.get("role") == "img"
    assert drawn.findtext(f"{SVG}title") == "Completing a task as a case grows old (SQLite)"
    assert "9.5 at 1, 10.25 at 200" in str(drawn.findtext(f"{SVG}desc"))
    assert len(drawn.findall(f"{SVG}circle")) == 3, "two points and one in the key"


def test_one_point_is_no_growth() -> None:
    assert list(page.charts(run())) == ["rounds"]


def test_the_page_holds_what_was_measured_last_on_each_database(tmp_path: Path) -> None:
    page.write(tmp_path / "performance", run("postgresql"))
    page.write(tmp_path / "performance", run("sqlite"))

    written = (tmp_path / "performance.md").read_text()
    assert written.index("## SQLite") < written.index("## PostgreSQL")
    assert "| round 200 & <beside> | 1.3 | × | ≤ 1.2 | **missed** |" in written
    assert "Measured on 2 November 2026 on 2 cores (x86_64, Linux), Python 3.11.7, load 0.2" in written
    assert written.count("4 figures, 1 of them outside their budget:") == 2
    for drawn in ("sqlite-rounds", "postgresql-rounds"):
        assert f"(performance/{drawn}.svg)" in written
        assert (tmp_path / "performance" / f"{drawn}.svg").exists()


def test_the_page_says_where_other_work_disturbed_a_run() -> None:
    assert "Other work wanted the processor" in page.markdown([run(load=9)], "performance")
    assert "Other work wanted the processor" not in page.markdown([run()], "performance")
