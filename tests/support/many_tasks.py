"""Rows of many open tasks, put into the projections at once: for plans and times of lists, not for what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.store.db import transaction
from app.store.projections.words import words_of
from app.store.projections.work import candidates_of
from app.store.tables import candidate, case_record, case_word, deadline, work_item
from support.installation import NOW

#: one task in so many is at the school of the small authority
OURS = 20
FIRST = ("Ada", "Ben", "Cara", "Dov", "Ela", "Finn", "Gia", "Hal", "Ivo", "Jun", "Kit", "Lea", "Max", "Nia")
LAST = ("Abbott", "Barrow", "Crane", "Dunmore", "Ember", "Frost", "Garland", "Hollis", "Ince", "Jarrow", "Keel")
BATCH = 10_000


def open_tasks(number: int) -> None:
    """So many cases with one open task each; one in twenty is for the SENCO of Beacon School."""
    for begin in range(0, number, BATCH):
        numbers = range(begin, min(begin + BATCH, number))
        with transaction() as connection:
            connection.execute(case_record.insert(), [_case(n) for n in numbers])
            connection.execute(case_word.insert(), [row for n in numbers for row in _words(n)])
            connection.execute(work_item.insert(), [_task(n) for n in numbers])
            connection.execute(candidate.insert(), [row for n in numbers for row in candidates_of(_task(n))])
            connection.execute(deadline.insert(), [_deadline(n) for n in numbers])
    with transaction() as connection:
        connection.execute(sa.text("ANALYZE"))


def _school(n: int) -> str:
    return "beacon" if n % OURS == 0 else f"school-{n % 997}"


def _name(n: int) -> str:
    return f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}{n % 613}"


def _due(n: int) -> date:
    return (NOW + timedelta(days=n % 180 - 40)).date()


def _opened(n: int) -> datetime:
    return NOW - timedelta(minutes=n)


def _case(n: int) -> dict[str, Any]:
    return {
        "id": f"case-{n:06}",
        "reference": _reference(n),
        "process_key": "graduated-approach",
        "process_name": "Graduated approach",
        "bundle": "none",
        "version": 1,
        "school": _school(n),
        "authority": "testshire",
        "pupil_id": f"pupil-{n}",
        "pupil_name": _name(n),
        "named": [],
        "lead": f"person-{n % 5000}",
        "status": "open",
        "started_at": _opened(n),
        "changed_at": _opened(n),
        "seq": 1,
        "variables": {},
    }


def _reference(n: int) -> str:
    return f"TES-P01-2026-{n:06}"


def _words(n: int) -> Iterator[dict[str, Any]]:
    for word in words_of(_name(n), _reference(n), _school(n)):
        yield {"word": word, "case_id": f"case-{n:06}"}


def _deadline(n: int) -> dict[str, Any]:
    return {
        "id": f"task-{n:06}",
        "case_id": f"case-{n:06}",
        "rule_key": None,
        "subject": "Agree the plan",
        "school": _school(n),
        "due_on": _due(n),
        "due": {"sentence": "10 school days"},
        "state": "running",
        "earlier": [],
        "climbed": [],
    }


def _task(n: int) -> dict[str, Any]:
    return {
        "task_id": f"task-{n:06}",
        "case_id": f"case-{n:06}",
        "process_key": "graduated-approach",
        "process": "p01_apdr",
        "element": "plan",
        "name": "Agree the plan",
        "role": "SENCO",
        "holder": _school(n),
        "school": _school(n),
        "authority": "testshire",
        "form_key": "plan",
        "is_restricted": False,
        "reference": _reference(n),
        "pupil_name": _name(n),
        "status": "open",
        "due_on": _due(n),
        "due": {"sentence": "10 school days"},
        "opened_at": _opened(n),
        "seq": 1,
    }
