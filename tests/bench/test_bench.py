"""The bench runs, says what it measured and counts truly; how long anything took is no test's business."""

import json

import pytest
from click.testing import CliRunner

from app.bench.command import bench

ROWS = ("complete", "statements", "bytes")


def test_the_bench_measures_over_http_and_holds_bytes_statements_and_commits() -> None:
    outcome = CliRunner().invoke(
        bench, ["--json", "--size", "tiny", *(word for one in ROWS for word in ("--rows", one))]
    )

    rows = json.loads(outcome.stdout)
    assert outcome.exit_code == (0 if all(one["ok"] for one in rows) else 1)
    assert {tuple(one) for one in rows} == {("row", "value", "unit", "budget", "ok")}
    assert {one["unit"] for one in rows} == {"ms", "statements", "commits", "bytes"}
    assert [one for one in rows if one["value"] <= 0] == []
    assert [one for one in rows if one["unit"] != "ms" and not one["ok"]] == []
    assert len({one["row"] for one in rows}) == len(rows)


def test_what_needs_a_postgresql_is_refused_without_one() -> None:
    outcome = CliRunner().invoke(bench, ["--rows", "workers"])
    assert outcome.exit_code == 2
    assert "it needs a PostgreSQL" in outcome.stderr


@pytest.mark.long
def test_everything_can_be_measured() -> None:
    outcome = CliRunner().invoke(bench, ["--json", "--size", "tiny"])
    counted = [one for one in json.loads(outcome.stdout) if one["unit"] in ("answers", "entries", "statements")]
    assert len(counted) == 5
    assert [one for one in counted if not one["ok"]] == []
