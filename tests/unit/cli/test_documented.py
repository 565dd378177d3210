"""The documents say what the program does: every command, every setting."""

from dataclasses import fields
from pathlib import Path

from app.__main__ import commands
from app.cli.reference import reference
from app.config import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[3]


def test_the_reference_of_the_command_line_is_up_to_date():
    # when the reference is made from the commands
    made = reference(commands)
    # then the document holds it
    assert (ROOT / "docs/cli.md").read_text("utf-8") == made, "run: .venv/bin/python -m app reference > docs/cli.md"


def test_every_setting_has_a_line_in_operations():
    # given the document
    text = (ROOT / "docs/operations.md").read_text("utf-8")
    # then each setting has a row of its own
    for field in fields(Settings):
        assert f"| `{PREFIX}{field.name.upper()}` |" in text, field.name
