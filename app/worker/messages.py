"""Passing on the messages between cases that effects ask for. Who receives them, and how: `app.cases.passing`."""

from collections.abc import Sequence

from app.cases.case_clock import clock
from app.cases.command import Command
from app.cases.consents import tell_cases
from app.cases.passing import pass_on
from app.config import Settings
from app.model.actor import WORKER
from app.store.db import db
from app.store.outbox import Effect


def deliver(_settings: Settings, effects: Sequence[Effect]) -> None:
    """Pass on what the entries of one case send, in their order. Raises whatever may pass, to be tried again."""
    for effect in sorted(effects, key=lambda one: int(str(one.args["seq"]))):
        now = clock().now()
        db.session.rollback()
        pass_on(effect.args, Command(WORKER, now, effect.reference))


def withdraw(_settings: Settings, effects: Sequence[Effect]) -> None:
    """Tell the cases concerned that consent was withdrawn. Raises whatever may pass, to be tried again."""
    for effect in effects:
        now = clock().now()
        db.session.rollback()
        tell_cases(effect.args, Command(WORKER, now, effect.reference))
