"""`run` as a process of its own: what it says when it starts, and why it sometimes must not."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from flask import Flask
from support import installation

from app.config import Settings
from app.store.open import SETTINGS

PATIENCE_SECONDS = 60


def started(*words: str | Path, database_url: str = "") -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")}
    environment["WAYMARK_DATABASE_URL"] = database_url
    return subprocess.Popen(
        [sys.executable, "-m", "app", "run", *map(str, words)],
        cwd=installation.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(*words: str | Path, database_url: str = "") -> tuple[int, str]:
    """The exit code of a start that must not succeed, and what it said."""
    process = started(*words, database_url=database_url)
    _, said = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, said


def test_an_installation_of_ones_own_begins_empty_and_says_what_to_do_first(tmp_path: Path) -> None:
    # when it is started without the demonstration on any free port
    process = started("--no-demo", "--port", "0", "--data", tmp_path / "own")
    try:
        # then it names its address, where it answers already, and how to add the first person
        greeting = _greeting(process)
        address = re.findall(r"http://127\.0\.0\.1:\d+", greeting)[0]
        with urllib.request.urlopen(f"{address}/sign-in", timeout=PATIENCE_SECONDS) as page:
            assert page.status == 200
        assert "python3 manage.py user add" in greeting
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0


def test_a_port_in_use_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = ended("--port", str(port), "--data", tmp_path / "new")
    assert code == 1
    assert f"Port {port} is in use. Choose another one" in said
    assert not (tmp_path / "new").exists()


def test_a_missing_key_file_is_named_and_nothing_starts(installed: Flask) -> None:
    settings: Settings = installed.extensions[SETTINGS]
    (settings.data_dir / "kek").unlink()
    code, said = ended("--port", "0", "--data", settings.data_dir, database_url=settings.database_url)
    assert code == 1
    assert f"the key file {settings.data_dir / 'kek'}" in said


def test_a_folder_with_somebody_elses_keys_is_not_made_into_a_demonstration(tmp_path: Path) -> None:
    (tmp_path / "kek").write_bytes(bytes(32))
    code, said = ended("--port", "0", "--data", tmp_path)
    assert code == 1
    assert "Expected an empty folder for a demonstration" in said


def _greeting(process: "subprocess.Popen[str]") -> str:
    """What it prints up to its last line, which says how to stop it."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)
