"""The test run counts what pytest reports, and the PostgreSQL it starts is a real one."""

from pathlib import Path

import psycopg
from support import suite

REPORT = '<testsuites><testsuite tests="9" failures="2" errors="1" skipped="1"></testsuite></testsuites>'


def test_errors_count_as_failed_and_skipped_tests_as_neither(tmp_path: Path) -> None:
    report = tmp_path / "unit.xml"
    report.write_text(REPORT, encoding="utf-8")

    assert suite.counts(report) == (5, 3)


def test_a_run_in_which_nothing_passed_is_not_a_success() -> None:
    assert suite.summary([suite.Part("tests/unit", 1.0, passed=0, failed=0)]) == 1
    assert suite.summary([suite.Part("tests/unit", 1.0, passed=3, failed=1)]) == 1
    assert suite.summary([suite.Part("mypy", 1.0, None, 0), suite.Part("tests/unit", 1.0, 3, 0)]) == 0


def test_every_folder_with_tests_is_run() -> None:
    assert "unit" in [folder.name for folder in suite.kinds()]


def test_what_asks_for_a_database_runs_on_both(database_kind: str) -> None:
    assert database_kind in ("sqlite", "postgres")


def test_a_postgres_of_our_own_answers(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        row = connection.execute("select current_setting('server_encoding')").fetchone()

    assert row == ("UTF8",)
