"""The client that the documentation gives away works as written, over a real connection."""

import importlib.util
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from support.walking import answers_by_element

from app.access.tokens import SCOPES
from app.store import tokens
from app.store.db import db

CLIENT = Path(__file__).resolve().parents[2] / "docs/waymark_client.py"
KEY = "graduated-approach"


def test_the_documented_client_starts_finds_finishes_and_reads(app: Flask, address: str) -> None:
    spec = importlib.util.spec_from_file_location("waymark_client", CLIENT)
    assert spec is not None
    assert spec.loader is not None
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    token = tokens.make("senco", "docs", frozenset(SCOPES), timedelta(days=1))
    db.session.remove()
    waymark, answers = client.Waymark(address, token), answers_by_element(KEY)

    started = waymark.start(KEY, "pupil1", answers[""][0], teacher="teacher")
    (task,) = waymark.tasks(view="todo")
    waymark.claim(task["id"])
    receipt = waymark.complete(task["id"], answers[task["element"]][0])

    assert receipt["case"] == started["case"]
    assert [one["kind"] for one in waymark.history(started["case"])] == [
        "case-started",
        "task-claimed",
        "task-completed",
    ]
    assert waymark.case(started["case"])["entries"] == 3
    with pytest.raises(client.Refused, match="completed"):
        waymark.complete(task["id"], {})
