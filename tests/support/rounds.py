"""A case brought to a step of its first round, with clean answers, by the write path. Starting it is in `staff`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.cases import tasks
from app.cases.command import Command
from app.cases.definitions import form_of
from app.model.actor import Actor
from app.store.db import db, reading
from app.store.queries import work
from app.store.rows import case_of
from support import installation
from support.staff import SENCO, open_task

TEACHER = Actor("teacher", "Cleo Marsh", "TEACH", "beacon")
HEAD = Actor("head", "Esme Tarn", "HT", "beacon")
ROUND = {
    "check_universal_offer": {"strategies_tried": [{"what": "Visual timetable", "weeks": 6, "effect": "same"}]},
    "talk_with_family": {
        "talked_on": "2026-11-02",
        "parents_told": True,
        "parent_view": "Evenings are hard.",
        "pupil_view": "I like maths.",
        "consent_to_share": "no",
    },
    "describe_class": {"goes_well": "Tells good stories.", "is_hard": "Loud rooms."},
    "assess": {
        "assessments": [{"tool": "Observation", "taken_on": "2026-11-02", "score": "Twice a day"}],
        "needs": ["semh"],
        "strengths": "Spoken language.",
        "barriers": "Noise.",
    },
    "plan": {
        "agreed_on": "2026-11-02",
        "profile": "A good storyteller who wants a quiet place.",
        "outcomes": [
            {"outcome": "Stays in the room", "measure": "Tally", "baseline": "3", "target": "0", "by": "2027-03-25"}
        ],
        "provision": [{"what": "Quiet corner", "who": "TA", "frequency": "daily", "minutes": 50, "cost": 12.5}],
        "pupil_view": "I want quiet.",
        "parent_view": "We want to help.",
        "proposed_tier": "2",
        "review_date": "2026-12-14",
    },
    "agree_tier": {"tier_agreed": "no", "send_back_reason": "Please say what the service will do."},
    "write_log": {"week_of": "2026-11-02", "given": "all", "happened": "Four sessions.", "review_now": "yes"},
    "review": {
        "held_on": "2026-11-02",
        "present": ["senco", "parent"],
        "outcome_progress": [{"outcome": "Stays in the room", "progress": "partly", "evidence": "Two days."}],
        "parent_view": "Better evenings.",
        "pupil_view": "It is easier.",
        "need_now": "same",
    },
}
WHO = {"describe_class": TEACHER, "write_log": TEACHER, "agree_tier": HEAD}
TO_PLAN = ("check_universal_offer", "talk_with_family", "describe_class", "assess")


def do(case_id: str, element: str, at: datetime = installation.NOW, **changed: Any) -> str:
    """Complete the open task of an element; its id."""
    db.session.rollback()
    answers = {**ROUND[element], **changed}
    task_id = open_task(case_id, element)
    line = work.one(reading(), task_id)
    assert line is not None
    assert line.form_key is not None
    form = form_of(case_of(reading(), case_id).bundle, line.form_key)
    variables = {question.variable: answers.get(question.key) for question in form.questions if question.variable}
    given = tasks.Answers(answers, variables, form_digest=form.digest)
    tasks.complete(case_id, task_id, given, Command(WHO.get(element, SENCO), at))
    return task_id


def to_plan(case_id: str) -> None:
    """Everything before “Agree the plan”."""
    for number, element in enumerate(TO_PLAN):
        do(case_id, element, installation.NOW + timedelta(minutes=number))


def to_decision(case_id: str) -> str:
    """Everything before “Decide the next step”; the id of that task."""
    to_plan(case_id)
    for element in ("plan", "write_log", "review"):
        do(case_id, element)
    return open_task(case_id, "decide")


def refused_tier(case_id: str) -> None:
    """A plan for tier 3 that the head sent back."""
    to_plan(case_id)
    do(case_id, "plan", proposed_tier="3", tier_jump_reason="The service is involved already.")
    do(case_id, "agree_tier")
