"""The list of rules: one function, one id. What a rule looks at is a node, a whole diagram, or all files together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.checks.problems import Problem, Severity
from app.checks.scene import Files, Scene
from app.diagrams import Node

NodeRule = Callable[[Node, Scene], Iterator[str]]
DiagramRule = Callable[[Scene], Iterator[tuple[str, str]]]
FilesRule = Callable[[Files], Iterator[tuple[str, str, str]]]


@dataclass(frozen=True)
class Rule:
    """One thing every deployed diagram keeps to."""

    #: the same in message, fixtures and docs: "no-implicit-split"
    id: str
    #: what it says and why: the docstring of its function
    says: str
    #: how to put it right
    fix: str
    #: the module it is in: "gateways"
    topic: str
    #: whether a breach stops a deployment
    severity: Severity
    #: every breach: (file, element, sentence)
    breaches: FilesRule

    def problems(self, files: Files) -> Iterator[Problem]:
        """Every breach, as people read it."""
        for file, element, sentence in self.breaches(files):
            yield Problem(element, self.id, sentence, self.fix, self.severity, file)


RULES: dict[str, Rule] = {}


def rule(rule_id: str, *, fix: str, severity: Severity = "error") -> Callable[[NodeRule], NodeRule]:
    """Register a rule about one node: it yields a sentence for each breach."""

    def register(function: NodeRule) -> NodeRule:
        def breaches(files: Files) -> Iterator[tuple[str, str, str]]:
            for scene in files.scenes:
                for node in scene.diagram.nodes.values():
                    for sentence in function(node, scene):
                        yield scene.file, node.id, sentence

        _add(rule_id, function, fix, severity, breaches)
        return function

    return register


def diagram_rule(rule_id: str, *, fix: str, severity: Severity = "error") -> Callable[[DiagramRule], DiagramRule]:
    """Register a rule about one diagram: it yields (element, sentence) for each breach."""

    def register(function: DiagramRule) -> DiagramRule:
        def breaches(files: Files) -> Iterator[tuple[str, str, str]]:
            for scene in files.scenes:
                for element, sentence in function(scene):
                    yield scene.file, element, sentence

        _add(rule_id, function, fix, severity, breaches)
        return function

    return register


def files_rule(rule_id: str, *, fix: str, severity: Severity = "error") -> Callable[[FilesRule], FilesRule]:
    """Register a rule about all files together: it yields (file, element, sentence) for each breach."""

    def register(function: FilesRule) -> FilesRule:
        _add(rule_id, function, fix, severity, function)
        return function

    return register


def _add(rule_id: str, function: Callable[..., object], fix: str, severity: Severity, breaches: FilesRule) -> None:
    if rule_id in RULES:
        raise ValueError(f"Expected one rule with the id {rule_id}, but there are two")
    says = " ".join((function.__doc__ or "").split())
    RULES[rule_id] = Rule(rule_id, says, fix, function.__module__.rpartition(".")[2], severity, breaches)
