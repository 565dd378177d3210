"""What a check says, and what it has to know about the world beyond the files. No rules."""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """One thing to put right before, or to think about when, a process is deployed."""

    #: BPMN id, decision or form key it is about; "" for the file as a whole
    element: str
    #: id of the rule: its section in docs/checks.md
    rule: str
    #: what is wrong, one sentence
    sentence: str
    #: how to put it right
    fix: str
    #: an error must be put right before deploying, a warning need not
    severity: Severity
    #: name of the file
    file: str


@dataclass(frozen=True)
class CheckContext:
    """What is there besides the files. None: not known, so nothing is said about it."""

    #: keys of deadline rules
    rule_keys: frozenset[str] | None = None
    #: role codes
    role_codes: frozenset[str] | None = None
    #: codes of the roles that may start cases
    starter_codes: frozenset[str] | None = None
    #: messages that the table of routes knows
    messages: frozenset[str] | None = None
    #: keys of decisions deployed elsewhere
    decision_keys: frozenset[str] = field(default_factory=frozenset)
    #: keys and process ids of processes deployed elsewhere
    process_keys: frozenset[str] = field(default_factory=frozenset)
    #: keys of forms available besides those in the files
    form_keys: frozenset[str] = field(default_factory=frozenset)
    #: variables a case has from its start, besides those the files set
    variables: frozenset[str] = field(default_factory=lambda: frozenset({"started_on"}))
