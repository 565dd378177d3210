"""Commands that need no installation: what they print and how they end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.__main__ import commands

ROOT = Path(__file__).resolve().parents[3]
BROKEN = ROOT / "tests/unit/checks/attribute-supported/invalid.bpmn"


def said(*words: str, **more: object) -> Result:
    return CliRunner().invoke(commands, list(words), **more)


def test_a_due_date_says_how_it_was_reached():
    # when a rule written out is counted by a reference calendar
    result = said("calendar", "due", "15 school days", "--from", "2026-10-12", "--calendar", "REF-A")
    # then the date and its sentence are printed
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "2026-11-10",
        "15 school days after 12 Oct 2026, by Beacon School's calendar, "
        "skipping the training day 23 Oct and half-term 26–30 Oct: Tue 10 November 2026",
    ]


def test_a_rule_by_its_key_can_be_read_as_json():
    result = said("calendar", "due", "apdr.review", "--from", "2026-10-05", "--calendar", "ref-a", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["on"] == "2026-11-16"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("calendar", "due", "soon", "--from", "2026-10-05", "--calendar", "REF-A"), 1),
        (("calendar", "due", "15 school days", "--from", "yesterday", "--calendar", "REF-A"), 2),
        (("calendar", "due", "15 school days", "--calendar", "REF-A"), 2),
        (("process", "check", "no/such/folder"), 2),
        (("process", "scenarios", "no-such-process"), 2),
        (("nonsense",), 2),
    ],
)
def test_what_cannot_be_done_ends_with_its_code_and_prints_no_result(words: tuple[str, ...], code: int):
    result = said(*words)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.strip()


def test_checking_a_good_process_finds_no_error(tmp_path: Path):
    result = said("process", "check", str(ROOT / "processes/graduated-approach"), "--data", str(tmp_path), "--json")
    assert result.exit_code == 0
    assert {one["severity"] for one in json.loads(result.stdout)} <= {"warning"}


def test_checking_a_bad_diagram_names_the_element_and_ends_with_problems(tmp_path: Path):
    result = said("process", "check", str(BROKEN), "--data", str(tmp_path), "--json")
    assert result.exit_code == 1
    assert all(one["rule"] and one["sentence"] and one["fix"] for one in json.loads(result.stdout))


def test_a_folder_without_an_installation_is_wrong_use(tmp_path: Path):
    result = said("case", "list", "--data", str(tmp_path))
    assert result.exit_code == 2
    assert "manage.py run" in result.stderr
    assert list(tmp_path.iterdir()) == []
