"""What monitors read: whether a node answers, whether it can serve, its figures; and that no log line names anybody."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.installation import PEOPLE, PUPILS
from support.pages import web_application
from support.staff import open_task, started

from app import logs
from app.config import UnusableSettings, from_environment
from app.errors import NotFound
from app.store.open import SETTINGS

ClientOf = Callable[[str], FlaskClient]
TYPED = "Zebra-striped balloons calm her"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the program logs meanwhile, as JSON lines of every level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def metrics_for(app: Flask, **sent: object) -> tuple[int, str]:
    """Status and text of the metrics, asked for like that."""
    answer = app.test_client().get("/metrics", **sent)  # type: ignore[arg-type]
    return answer.status_code, answer.text


def test_a_node_that_answers_says_so_without_asking_the_database(app: Flask) -> None:
    answer = app.test_client().get("/health")

    assert (answer.status_code, answer.json) == (200, {"ok": True})


def test_a_node_is_ready_when_databases_schema_and_keys_are_there(app: Flask) -> None:
    answer = app.test_client().get("/ready")

    assert (answer.status_code, answer.json) == (200, {"ready": True, "missing": []})


def test_a_node_without_its_keys_says_which_are_missing_and_not_where(app: Flask) -> None:
    # given keys that somebody moved away
    settings = app.extensions[SETTINGS]
    settings.kek_path.rename(settings.kek_path.with_suffix(".away"))
    settings.signing_path.rename(settings.signing_path.with_suffix(".away"))

    # when a load balancer asks
    answer = app.test_client().get("/ready")

    # then it sends nobody here
    assert answer.status_code == 503
    assert answer.json == {
        "ready": False,
        "missing": [
            "The key file kek is missing: restore it from escrow.",
            "The key file signing is missing: restore it from escrow.",
        ],
    }
    assert str(settings.data_dir) not in answer.text


def test_metrics_tell_of_requests_by_route_and_never_by_address(app: Flask, client_of: ClientOf) -> None:
    # given requests with a name and a reference in them, and a case
    case = started()
    client_of("senco").get("/inbox?q=Thornbury")
    client_of("senco").get("/cases/TES-P01-2026-00077")
    client_of("senco").get("/Zadie/Thornbury")

    # when this machine asks
    status, text = metrics_for(app)

    # then
    assert status == 200
    assert 'waymark_requests_total{method="GET",route="/inbox",status="200"} 1.0' in text
    assert 'waymark_requests_total{method="GET",route="/cases/<reference>",status="404"} 1.0' in text
    assert 'waymark_requests_total{method="GET",route="(no such page)",status="404"} 1.0' in text
    assert 'waymark_request_seconds_count{method="GET",route="/inbox"} 1.0' in text
    assert 'waymark_entries_total{kind="case-started"} 1.0' in text
    assert "waymark_database_up 1.0" in text
    assert "waymark_timers_late 0.0" in text
    for word in ("Thornbury", "Zadie", "00077", case, "senco"):
        assert word not in text


def test_metrics_are_for_this_machine_only_and_never_for_what_a_proxy_passes_on(app: Flask) -> None:
    assert metrics_for(app, environ_base={"REMOTE_ADDR": "192.0.2.7"})[0] == 401
    assert metrics_for(app, headers={"X-Forwarded-For": "127.0.0.1"})[0] == 401
    assert metrics_for(app, environ_base={"REMOTE_ADDR": "::1"})[0] == 200


def test_with_a_token_only_the_token_opens_the_metrics(app: Flask, tmp_path: Path) -> None:
    guarded = web_application(replace(app.extensions[SETTINGS], metrics_token="s3same"))

    assert metrics_for(guarded)[0] == 401
    assert metrics_for(guarded, headers={"Authorization": "Bearer sesame"})[0] == 401
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert metrics_for(guarded, headers={"Authorization": "Bearer s3same"}, environ_base=elsewhere)[0] == 200


def test_every_answer_carries_the_id_of_its_request_and_its_own_only(app: Flask) -> None:
    first, second = app.test_client().get("/health"), app.test_client().get("/nothing-is-here")
    named = app.test_client().get("/health", headers={"X-Request-Id": "12345678-aaaa"})

    ids = [one.headers["X-Request-Id"] for one in (first, second, named)]
    assert len(set(ids)) == 3
    assert "12345678-aaaa" not in ids


def test_the_id_of_a_proxy_is_taken_where_one_is_in_front_unless_it_could_carry_words(app: Flask) -> None:
    behind = web_application(replace(app.extensions[SETTINGS], proxies=1))
    given = behind.test_client().get("/health", headers={"X-Request-Id": "12345678-aaaa"})
    words = behind.test_client().get("/health", headers={"X-Request-Id": "Zadie Thornbury"})

    assert given.headers["X-Request-Id"] == "12345678-aaaa"
    assert words.headers["X-Request-Id"] != "Zadie Thornbury"


def test_no_line_of_the_log_names_anybody_or_quotes_what_was_typed(
    app: Flask, client_of: ClientOf, lines: io.StringIO
) -> None:
    # given people at work, one searching by name, one being refused, and a fault of ours
    case = started()
    senco = client_of("senco")
    senco.get("/inbox?q=Zadie+Thornbury")
    senco.get("/cases?q=X998100126001")
    reference = next(one for one in senco.get("/cases").text.split('"') if one.startswith("/cases/"))
    senco.get(reference)
    senco.post(f"{reference}/notes", data={"text": TYPED})
    senco.post(f"/tasks/{open_task(case)}", data={"offer_note": TYPED})
    client_of("far-senco").get(reference)
    app.test_client().post("/sign-in", data={"user_name": "Asha Quill", "password": TYPED})
    log = logging.getLogger("app.tests")
    try:
        raise ValueError(f"Zadie Thornbury: {TYPED}") from NotFound(f"Expected {TYPED}")
    except ValueError:
        log.exception("fault %s", "a1b2c3d4")
    log.warning("a task was refused: %s", NotFound(f"Expected somebody else than Zadie Thornbury: {TYPED}"))

    # when every line is read
    written = lines.getvalue()
    found = [json.loads(line) for line in written.splitlines()]

    # then each belongs to its request, and to its case by id
    assert {one["request_id"] for one in found if one["message"] == "answered"} != {""}
    assert case in {one.get("case_id") for one in found}
    trouble = next(one["trouble"] for one in found if one["message"] == "fault a1b2c3d4")
    assert trouble[-1] == "ValueError"
    assert any("test_health.py" in place for place in trouble)
    assert "a task was refused: NotFound" in written
    names = [name for name, *_ in (*PEOPLE.values(), *PUPILS.values())]
    upns = [upn for *_, upn in PUPILS.values() if upn]
    said = [*names, *(part for name in names for part in name.split()), *upns, TYPED, "Zebra"]
    assert [word for word in said if word in written] == []


def test_an_unknown_kind_of_log_is_refused_at_the_start() -> None:
    with pytest.raises(UnusableSettings, match="Expected WAYMARK_LOG to be plain or json, but it is 'xml'"):
        from_environment({"WAYMARK_LOG": "xml"})
