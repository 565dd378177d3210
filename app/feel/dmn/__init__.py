"""Decisions as DMN files give them: decision tables and literal expressions in FEEL."""

from app.feel.dmn.decision import Decision, parse_decision
from app.feel.dmn.model import DecisionError, Input, Output, Problem
from app.feel.dmn.table import DecisionResult

__all__ = ["Decision", "DecisionError", "DecisionResult", "Input", "Output", "Problem", "parse_decision"]
