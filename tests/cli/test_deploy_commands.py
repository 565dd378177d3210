"""`process deploy` and `user add`: what the operator does that a second person does on the pages."""

import shutil
from pathlib import Path

from cli.conftest import Said
from support import installation

from app.store.db import db, reading
from app.store.queries import definitions, people

BROKEN = installation.ROOT / "tests/unit/checks/attribute-supported/invalid.bpmn"


def test_what_is_in_use_already_is_not_deployed_again(said: Said) -> None:
    answer = said("process", "deploy", installation.ROOT / "processes/graduated-approach")
    assert (answer.exit_code, answer.stdout) == (0, "")
    assert "graduated-approach" in answer.stderr


def test_a_changed_diagram_becomes_the_next_version(said: Said, tmp_path: Path) -> None:
    folder = _renamed(tmp_path)
    answer = said("process", "deploy", folder, "--note", "Clearer words")
    assert (answer.exit_code, answer.stdout) == (0, "graduated-approach: version 2 is in use for new cases.\n")
    db.session.rollback()
    assert [one.number for one in definitions.versions(reading(), "graduated-approach")] == [2, 1]


def test_a_diagram_with_an_error_is_not_deployed_and_says_where(said: Said) -> None:
    answer = said("process", "deploy", BROKEN)
    assert answer.exit_code == 1
    assert "attribute-supported" in answer.output


def test_a_person_added_at_the_command_line_is_there_to_sign_in(said: Said) -> None:
    words = ("user", "add", "Pat.Rowan", "--role", "senco", "--at", "beacon", "--password-stdin")
    answer = said(*words, input="a long enough password\n")
    assert answer.exit_code == 0, answer.output
    db.session.rollback()
    assert people.by_user_name(reading(), "pat.rowan") is not None


def test_a_short_password_or_an_unknown_place_adds_nobody(said: Said) -> None:
    words = ("user", "add", "pat.rowan", "--role", "senco", "--password-stdin", "--at")
    short = said(*words, "beacon", input="short\n")
    nowhere = said(*words, "atlantis", input="a long enough password\n")
    assert (short.exit_code, nowhere.exit_code) == (1, 1)
    assert "15 to" in short.stderr
    assert "SENCO at atlantis" in nowhere.stderr
    db.session.rollback()
    assert people.by_user_name(reading(), "pat.rowan") is None


def _renamed(tmp_path: Path) -> Path:
    folder = tmp_path / "graduated-approach"
    shutil.copytree(installation.ROOT / "forms", tmp_path / "forms")
    shutil.copytree(installation.ROOT / "processes/graduated-approach", folder)
    for file in (one for one in folder.rglob("*") if one.is_file()):
        text = file.read_text("utf-8")
        file.write_text(text.replace("Check the universal offer", "Look at the universal offer"), "utf-8")
    return folder
