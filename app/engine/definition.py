"""A process as it can be run: what others may know of it, and its compiled elements. How it is made: `parsing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.engine.scopes import ProcessSpec


class Problem(NamedTuple):
    """Why a diagram cannot be run, at one element."""

    #: BPMN id
    element: str
    #: id of the rule
    rule: str
    #: one sentence
    sentence: str
    #: what to do
    fix: str


@dataclass(frozen=True)
class Element:
    """What others may know of one element."""

    #: BPMN id
    id: str
    #: local name of its BPMN element; "handover" for a call of a process that is not here
    kind: str
    #: its name on the diagram, or its id where it has none
    name: str
    #: BPMN id of the process or sub-process it lies in
    process: str
    #: role codes of its lane, separated by spaces, or None
    role: str | None = None
    #: whose role holders: "home", "authority", "partnership", "forum"
    organisation: str = "home"
    #: key of its form, or None
    form_key: str | None = None
    #: deadline rule key, or a rule written out
    due_rule: str | None = None
    #: FEEL giving the date the rule counts from
    due_basis: str | None = None
    #: FEEL giving an agreed date
    due_date: str | None = None
    #: only the roles of its own lane see it and its answers
    restricted: bool = False
    #: code of the kind of meeting it waits for, or None
    meeting: str | None = None
    #: keys of the forms whose answers the members of that meeting see
    pack: tuple[str, ...] = ()
    #: what completing it does with a commissioned place: "take", "end", or None
    place: str | None = None
    #: name of the letter that is written when it opens, or None
    letter: str | None = None
    #: what its author wrote about it
    documentation: str = ""
    #: name of the message it sends or waits for
    message: str | None = None
    #: process id or key a call activity calls
    called: str | None = None


@dataclass(frozen=True)
class Definition:
    """One deployed version, ready to run. Shared by threads: nothing in it changes."""

    #: address of its bundle
    digest: str
    #: process definition key
    key: str
    #: BPMN id of the process a case runs
    process_id: str
    #: what people call it
    name: str
    #: elements by BPMN id, of every process in the bundle
    elements: Mapping[str, Element]
    #: ids of the processes it calls that are in the bundle
    called: tuple[str, ...]
    #: names of the messages that start a case
    message_starts: tuple[str, ...]
    #: FEEL types of process variables
    types: Mapping[str, str]
    #: compiled processes and sub-processes by id
    specs: Mapping[str, ProcessSpec] = field(repr=False, compare=False)
