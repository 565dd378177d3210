"""The bench itself runs and says what it measured; what it measured is no test's business."""

import json

from click.testing import CliRunner

from app.cli.bench import bench


def test_the_bench_prints_rows_with_budgets_and_holds_the_bytes_and_statements() -> None:
    outcome = CliRunner().invoke(bench, ["--json", "--rounds", "2"])
    rows = json.loads(outcome.stdout)
    assert {tuple(row) for row in rows} == {("row", "value", "unit", "budget", "ok")}
    assert [row["ok"] for row in rows if row["unit"] == "bytes"] == [True]
    assert [row["value"] <= 21 for row in rows if row["unit"] == "statements"] == [True]
