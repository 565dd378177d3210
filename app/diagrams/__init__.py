"""BPMN files read with care into plain values, and put into words. Not run (`app.engine`), nor judged."""

from app.diagrams.differences import Difference, differences
from app.diagrams.outline import OutlineLine, outline
from app.diagrams.plain import Asked, Questions
from app.diagrams.reading import read
from app.diagrams.values import Bounds, Diagram, Fact, Flow, Lane, Loop, Node, Process, Timer, Used
from app.diagrams.xml import UnreadableDiagram

__all__ = [
    "Asked",
    "Bounds",
    "Diagram",
    "Difference",
    "Fact",
    "Flow",
    "Lane",
    "Loop",
    "Node",
    "OutlineLine",
    "Process",
    "Questions",
    "Timer",
    "UnreadableDiagram",
    "Used",
    "differences",
    "outline",
    "read",
]
