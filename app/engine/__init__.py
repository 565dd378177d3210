"""Runs processes: parse, start, step, fold. The only layer that knows SpiffWorkflow; no store, no clock."""

from app.engine.commands import amend, cancel, complete, deliver, fire, redate, retry, start, waiting
from app.engine.definition import Definition, Element, Problem
from app.engine.delta import apply, diff, fold
from app.engine.marks import Mark, marks
from app.engine.parsing import parse
from app.engine.waiting import Waiting

__all__ = [
    "Definition",
    "Element",
    "Mark",
    "Problem",
    "Waiting",
    "amend",
    "apply",
    "cancel",
    "complete",
    "deliver",
    "diff",
    "fire",
    "fold",
    "marks",
    "parse",
    "redate",
    "retry",
    "start",
    "waiting",
]
