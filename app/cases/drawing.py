"""The diagram of a case: its file, it in words, and what is marked on it. What moved and when: `cases.history`."""

from datetime import date
from functools import lru_cache

from app import diagrams, engine
from app.calendars import RuleBook
from app.cases.dates import rules_of
from app.cases.history import moves_of
from app.cases.sight import Sight
from app.cases.wording import questions_of, titles_of
from app.diagrams import OutlineLine
from app.model.entry import Entry
from app.store.db import reading
from app.store.queries import definitions


def diagram_of(bundle: str) -> bytes:
    """The BPMN file that holds the process a case runs."""
    deployed = definitions.bundle(bundle)
    read = ((content, diagrams.read(content)) for content in deployed.bpmn.values())
    return next(content for content, diagram in read if diagram.process(deployed.process_id) is not None)


def outline_of(bundle: str, school: str, on: date) -> tuple[OutlineLine, ...]:
    """The diagram in words, as staff of the school read it on that day: deadlines by their authority's rules."""
    return _outline(bundle, rules_of(reading(), school), on)


@lru_cache(maxsize=64)
def _outline(bundle: str, book: RuleBook, on: date) -> tuple[OutlineLine, ...]:
    titles = titles_of(bundle, book, on)
    return tuple(diagrams.outline(diagrams.read(diagram_of(bundle)), titles, questions_of(bundle)))


def marks_of(entries: list[Entry], sight: Sight) -> dict[str, str]:
    """Element → how the diagram shows it: active, done, cancelled, incident."""
    found = engine.marks(move for _, moves in moves_of(entries, sight) for move in moves)
    return {element: "incident" if mark == "failed" else mark for element, mark in found.items()}
