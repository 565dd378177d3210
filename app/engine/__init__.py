"""Runs processes: parse, start, step, fold. The only layer that knows SpiffWorkflow; no store, no clock.

    source → refusals, element_rules → compiling → parsing          a bundle becomes a definition, or is refused
    commands → stepping → running → elements and its neighbours     a state and a command become a step
    instance, state, delta                                          the case in memory, as JSON, as changes

The library keeps the tree of tokens and their states; what an element does is ours, because what the library does is
in places silently wrong (data of parallel branches, joins in loops, event sub-processes, clocks, Python in diagrams).
"""

from app.engine.commands import amend, cancel, complete, deliver, fire, redate, retry, start, waiting
from app.engine.definition import Definition, Element, Problem
from app.engine.delta import apply, diff, fold
from app.engine.marks import Mark, marks
from app.engine.moving import CannotMove, Place, move, places
from app.engine.parsing import parse
from app.engine.versions import Obstacle, in_version, obstacles
from app.engine.waiting import Waiting

__all__ = [
    "CannotMove",
    "Definition",
    "Element",
    "Mark",
    "Obstacle",
    "Place",
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
    "in_version",
    "marks",
    "move",
    "obstacles",
    "parse",
    "places",
    "redate",
    "retry",
    "start",
    "waiting",
]
