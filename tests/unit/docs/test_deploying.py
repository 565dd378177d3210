"""The files in `deploy/` say what the program understands: commands, options, settings."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from app.__main__ import commands
from app.config import PREFIX, Settings
from app.worker.queue import GRACE_SECONDS, PAUSE_SECONDS

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
SETTINGS = {f"{PREFIX}{field.name.upper()}" for field in fields(Settings)}
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def understands(words: list[str]) -> bool:
    command = commands.commands[words[0]]
    return all(one in {name for option in command.params for name in option.opts} for one in words if one[:2] == "--")


def test_the_compose_file_starts_nodes_with_settings_that_exist() -> None:
    services = YAML(typ="safe").load(DEPLOY / "compose.yaml")["services"]
    nodes = {name: one for name, one in services.items() if name != "postgres"}
    assert sorted(one["command"][0] for one in nodes.values()) == ["web", "web", "worker", "worker"]
    for one in nodes.values():
        assert understands(one["command"])
        assert set(one["environment"]) <= SETTINGS


def test_the_compose_file_says_which_variables_it_needs_and_mounts_what_is_there() -> None:
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    head, _, _ = text.partition("name: waymark")
    assert {name for name in re.findall(r"\$\{(\w+)", text) if not re.search(rf"\b{name}\b", head)} == set()
    found = YAML(typ="safe").load(text)
    for service in found["services"].values():
        for source in (one.partition(":")[0] for one in service["volumes"]):
            assert (DEPLOY / source).is_file() if source.startswith("./") else source in found["volumes"]
    assert [one["ports"][0].rpartition(":")[2] for one in found["services"].values() if "ports" in one] == [
        str(commands.commands["web"].params[0].default)
    ] * 2
    assert (DEPLOY.parent / found["services"]["web-1"]["build"]["dockerfile"]).is_file()


def test_nodes_are_given_longer_to_end_than_they_give_themselves() -> None:
    seconds = [YAML(typ="safe").load(DEPLOY / "compose.yaml")["services"]["worker-1"]["stop_grace_period"]]
    seconds += [re.findall(r"^TimeoutStopSec=(.+)$", unit.read_text("utf-8"), re.MULTILINE)[0] for unit in UNITS]
    assert all(int(one.removesuffix("s")) > GRACE_SECONDS + PAUSE_SECONDS for one in seconds)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_the_units_start_commands_that_exist(unit: Path) -> None:
    [words] = re.findall(r"^ExecStart=/usr/bin/python3 manage\.py (.+)$", unit.read_text("utf-8"), re.MULTILINE)
    assert understands(words.split())


def test_the_environment_file_names_settings_that_exist() -> None:
    lines = (DEPLOY / "systemd/environment").read_text("utf-8").splitlines()
    assert {line.partition("=")[0] for line in lines if line.startswith(PREFIX)} <= SETTINGS
