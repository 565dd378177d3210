"""What cannot be run, of a whole bundle and of one process. Elements: `element_rules`; style: `app.checks`."""

from __future__ import annotations

from collections.abc import Iterator

from app.diagrams import Node
from app.engine.definition import Problem
from app.engine.element_rules import ELEMENT_RULES, ids
from app.engine.source import Source

MOST_NODES = 300
MOST_NODES_IN_ALL = 1_000

_HARMLESS = ("flowNodeRef", "bpmnElement")

_Found = Iterator[Problem]


def problems_of(source: Source, process_id: str) -> _Found:
    """Everything in the source that cannot be run."""
    if len(source.nodes) > MOST_NODES_IN_ALL:
        sentence = (
            f"Expected at most {MOST_NODES_IN_ALL:,} elements in all processes, but there are {len(source.nodes):,}"
        )
        yield Problem(process_id, "size", sentence, "Split the process, and call its parts by key.")
        return
    yield from _whole(source, process_id)
    for node in source.nodes.values():
        for rule in ELEMENT_RULES if _runs(source, node.process) else ():
            yield from rule(source, node)
    for process in source.processes:
        if _runs(source, process):
            yield from _process(source, process)


def _problem(node: Node, rule: str, sentence: str, fix: str) -> Problem:
    return Problem(node.id, rule, sentence, fix)


# the whole


def _whole(source: Source, process_id: str) -> _Found:
    main = source.processes.get(process_id)
    if main is None or main.parent_process is not None or not main.is_executable:
        yield Problem(
            process_id, "process", f"Expected an executable process “{process_id}”, but there is none", "Name it."
        )
    for each in source.twice:
        yield Problem(each, "ids", f"Expected ids to occur once, but {each} occurs in two files", "Rename one of them.")
    for diagram in source.diagrams:
        for fact in diagram.problems:
            if not (fact.kind == "unknown-reference" and any(each in fact.sentence for each in _HARMLESS)):
                yield Problem(fact.element, fact.kind, fact.sentence, "Correct it in the diagram.")
    yield from _calls_in_circles(source)


def _calls_in_circles(source: Source) -> _Found:
    calls: dict[str, set[str]] = {}
    for node in source.nodes.values():
        if node.kind == "callActivity" and source.is_called_here(node):
            calls.setdefault(_outermost(source, node.process), set()).add(node.called_element or "")
    for process in calls:
        seen: set[str] = set()
        todo = list(calls[process])
        while todo:
            each = todo.pop()
            if each not in seen:
                seen.add(each)
                todo += calls.get(each, ())
        if process in seen:
            yield Problem(process, "calls", f"Expected calls to end, but {process} calls itself", "Use a loop instead.")


def _outermost(source: Source, process: str) -> str:
    while (around := source.processes[process].parent_process) is not None:
        process = around
    return process


def _runs(source: Source, process: str) -> bool:
    """Whether it lies in a process that can be run; others are drawn for the reader only."""
    return source.processes[_outermost(source, process)].is_executable


# one process


def _process(source: Source, process_id: str) -> _Found:
    process = source.processes[process_id]
    nodes = list(source.nodes_of(process_id))
    if len(nodes) > MOST_NODES:
        yield Problem(
            process_id, "size", f"Expected at most {MOST_NODES} elements, but there are {len(nodes)}", "Split it."
        )
    yield from ids(process_id)
    starts = [node for node in nodes if node.kind == "startEvent"]
    if process.triggered_by_event:
        yield from _event_group(process_id, starts)
    elif process.parent_process is not None:
        yield from _group(process_id, starts)
    else:
        yield from _top(source, process_id, starts)
    yield from _unreachable(source, nodes)


def _event_group(process_id: str, starts: list[Node]) -> _Found:
    kinds = {"message", "error", "escalation", "signal"}
    if len(starts) != 1 or starts[0].event_kind not in kinds:
        sentence = (
            "Expected an event sub-process to start with one message, error, escalation or signal, but it does not"
        )
        yield Problem(process_id, "event-sub-process", sentence, "Give it one start event of these kinds.")
    elif starts[0].event_kind == "error" and not starts[0].is_interrupting:
        sentence = f"Expected the error start {starts[0].id} to interrupt, but it is drawn as not interrupting"
        yield Problem(starts[0].id, "event-sub-process", sentence, "Make it interrupting, or use an escalation.")


def _group(process_id: str, starts: list[Node]) -> _Found:
    if len(starts) != 1 or starts[0].event_kind is not None:
        sentence = f"Expected the sub-process {process_id} to have one plain start event, but it has not"
        yield Problem(process_id, "starts", sentence, "Give it exactly one start event without a symbol.")


def _top(source: Source, process_id: str, starts: list[Node]) -> _Found:
    if not starts:
        yield Problem(process_id, "starts", "Expected a start event, but there is none", "Add a start event.")
    plain = [node for node in starts if node.event_kind is None]
    for node in plain[1:]:
        yield _problem(node, "starts", "Expected one plain start event, but there are several", "Remove all but one.")
    is_called = any(n.called_element == process_id for n in source.nodes.values() if source.is_called_here(n))
    if is_called and not plain:
        yield Problem(
            process_id, "starts", "Expected a called process to have a plain start, but it has none", "Add one."
        )
    names: set[str] = set()
    for node in starts:
        if node.event_kind not in (None, "message"):
            sentence = (
                f"Expected the process to start by a person or a message, but {node.id} starts by {node.event_kind}"
            )
            yield _problem(node, "starts", sentence, "Use a plain start event, or a message.")
        if node.event_kind == "message" and node.message in names:
            yield _problem(node, "starts", f"Expected one start for “{node.message}”, but there are two", "Remove one.")
        names |= {node.message or ""} if node.event_kind == "message" else set()


def _unreachable(source: Source, nodes: list[Node]) -> _Found:
    reached: set[str] = set()
    todo = [node.id for node in nodes if node.kind == "startEvent" or node.triggered_by_event]
    here = {node.id: node for node in nodes}
    while todo:
        each = todo.pop()
        if each in reached or each not in here:
            continue
        reached.add(each)
        todo += [flow.target for flow in source.flows_out(here[each])]
        todo += [event.id for event in source.attached(here[each])]
        if (link := source.more(each).link) is not None:
            todo += [node.id for node in nodes if source.more(node.id).link == link]
    for node in nodes:
        if node.id not in reached:
            yield _problem(
                node, "unreachable", f"Expected a way to {node.label}, but nothing leads there", "Connect it."
            )
