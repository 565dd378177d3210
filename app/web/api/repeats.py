"""Requests sent twice: the same `Idempotency-Key` with the same body is one command with one answer.

The key of the command carries a digest of the request, so that another request under the same key can be told apart.
"""

import hashlib
from dataclasses import replace
from typing import Any

from flask import request

from app.cases.command import Command, Receipt
from app.errors import DifferentRequest
from app.store.db import reading
from app.store.queries import work


def keyed(command: Command) -> Command:
    """The command under a key of this very request. Raises DifferentRequest where the key was sent with another."""
    if command.key is None:
        return command
    sent = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()[:32]
    key = f"{command.key}#{sent}"
    if set(work.keys_under(reading(), f"{command.key}#")) - {key}:
        raise DifferentRequest("This Idempotency-Key was sent with another request. Use a new one.")
    return replace(command, key=key)


def answered(command: Command) -> Receipt | None:
    """What this very request was answered before, or None."""
    answer: dict[str, Any] | None = work.answer_to(reading(), command.key)
    return Receipt(**{**answer, "opened": tuple(answer["opened"]), "is_repeat": True}) if answer else None
