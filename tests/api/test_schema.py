"""The OpenAPI document holds: whatever a program sends, no fault answers, and nothing that is not documented."""

import random
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from support import installation
from support.walking import Walk

from app.store.db import db, reading
from app.store.queries import cases

HELD = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
WHO = ("senco", "owner1", "auditor", None)
#: an example takes about 30 ms; `--long` asks ten times as many
EXAMPLES = 12


@pytest.fixture
def world(app: Flask) -> dict[str, list[Any]]:
    """What is there to be named in an address."""
    walk = Walk("graduated-approach", random.Random(1))
    walk.start()
    case = cases.by_reference(reading(), walk.case_id)
    assert case is not None
    task = walk.open_tasks()[0].task_id
    db.session.remove()
    return {
        "task_id": [task],
        "reference": [case.reference],
        "entry": [1, 99],
        "process": ["graduated-approach"],
        "key": ["graduated-approach"],
    }


@pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(EXAMPLES * 10, marks=pytest.mark.long)])
def test_whatever_is_sent_is_answered_as_documented(app: Flask, world: dict[str, list[Any]], examples: int) -> None:
    programs = {who: installation.program_of(app, who) for who in WHO}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) == 18
    for operation in operations:
        _ask(operation, programs, world, examples)


def _ask(operation: Any, programs: dict[Any, FlaskClient], world: dict[str, list[Any]], examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), who=st.sampled_from(WHO), choice=st.randoms(use_true_random=False))
    def ask(case: Any, who: str | None, choice: random.Random) -> None:
        for name in case.path_parameters:
            if name in world and choice.random() < 0.8:
                case.path_parameters[name] = choice.choice(world[name])
        token = programs[who].environ_base.get("HTTP_AUTHORIZATION")
        headers = {"Authorization": token} if token else {}
        response = case.call(headers=headers)
        db.session.remove()
        case.validate_response(response, checks=HELD, headers=headers)

    ask()
