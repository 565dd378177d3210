"""A bundle → a definition that runs. Refuses, with the element and the reason, what the engine cannot run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from app.diagrams import Node
from app.engine.compiling import Compiler, name_of
from app.engine.definition import Definition, Element, Problem
from app.engine.events import AttachedEvent, StartEvent
from app.engine.gateways import InclusiveGateway
from app.engine.refusals import problems_of
from app.engine.scopes import EventGroup, ProcessSpec
from app.engine.source import Source, source_of
from app.errors import NotDeployable
from app.model.definition import Bundle


def parse(bundle: Bundle, types: Mapping[str, str] = MappingProxyType({})) -> Definition:
    """The definition of a bundle. `types` are the FEEL types of process variables.

    Raises: NotDeployable; its facts have `problems`, a list of (element, rule, sentence, fix).
    """
    source = source_of(bundle)
    _refuse(list(problems_of(source, bundle.process_id)))
    compiler = Compiler(source, bundle.dmn)
    specs = {process: _spec(compiler, process) for process in _runnable(source)}
    for spec in specs.values():
        _groups(spec, specs)
    _refuse(compiler.problems)
    main = specs[bundle.process_id]
    return Definition(
        digest=bundle.digest,
        key=bundle.key,
        process_id=bundle.process_id,
        name=bundle.name,
        elements=MappingProxyType({node.id: _element(source, node) for node in source.nodes.values()}),
        called=tuple(
            sorted({n.called_element or "" for n in source.nodes.values() if source.is_called_here(n)} - {""})
        ),
        message_starts=tuple(main.by_message),
        types=MappingProxyType(dict(types)),
        specs=MappingProxyType(specs),
    )


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise NotDeployable(problems[0].sentence, problems=problems)


def _runnable(source: Source) -> list[str]:
    """Executable processes and all inside them."""
    found: list[str] = []
    for process in source.processes.values():
        outer = process
        while outer.parent_process is not None:
            outer = source.processes[outer.parent_process]
        if outer.is_executable:
            found.append(process.id)
    return found


def _spec(compiler: Compiler, process_id: str) -> ProcessSpec:
    spec = ProcessSpec(process_id)
    extra = compiler.source.more(process_id)
    if compiler.source.processes[process_id].parent_process is None:
        spec.inputs, spec.outputs = extra.inputs, extra.outputs
    nodes = list(compiler.source.nodes_of(process_id))
    made = {node.id: compiler.add(spec, node) for node in nodes}
    for node in nodes:
        event = made[node.id]
        if isinstance(event, AttachedEvent):
            host = made[node.attached_to or ""]
            host.attached = (*host.attached, event)
        if isinstance(event, StartEvent):
            _starts(spec, event)
        if isinstance(event, InclusiveGateway):
            event.upstream = _upstream(compiler.source, node)
    return spec


def _starts(spec: ProcessSpec, event: StartEvent) -> None:
    if event.catch.kind is None:
        spec.first = event
    elif event.catch.kind == "message":
        spec.by_message[event.catch.message or ""] = event


def _groups(spec: ProcessSpec, specs: Mapping[str, ProcessSpec]) -> None:
    groups = [each for each in spec.task_specs.values() if isinstance(each, EventGroup)]
    for group in groups:
        group.start = next(each for each in specs[group.spec].task_specs.values() if isinstance(each, StartEvent))
    spec.groups = tuple(groups)


def _upstream(source: Source, join: Node) -> dict[str, frozenset[str]]:
    """For each flow that enters a join, the elements from which a token could come by it without passing the join."""
    return {flow: frozenset(_back(source, source.flows[flow].source, join.id)) for flow in join.incoming}


def _back(source: Source, first: str, join: str) -> Iterable[str]:
    seen: set[str] = set()
    todo = [first]
    while todo:
        each = todo.pop()
        if each in seen or each == join:
            continue
        seen.add(each)
        node = source.nodes[each]
        todo += [source.flows[flow].source for flow in node.incoming]
        if node.attached_to:
            todo.append(node.attached_to)
        if link := source.more(each).link:
            ends = source.nodes_of(node.process)
            todo += [n.id for n in ends if n.kind == "intermediateThrowEvent" and source.more(n.id).link == link]
    return seen


def _element(source: Source, node: Node) -> Element:
    is_handover = node.kind == "callActivity" and not source.is_called_here(node)
    return Element(
        id=node.id,
        kind="handover" if is_handover else node.kind,
        name=name_of(node),
        process=node.process,
        role=" ".join(node.roles) or None,
        organisation=node.organisation,
        form_key=node.form_key,
        due_rule=node.due_rule,
        due_basis=node.due_basis,
        due_date=node.due_date,
        restricted=node.is_restricted,
        meeting=node.meeting,
        pack=node.pack,
        place=node.place,
        letter=node.letter,
        documentation=node.documentation,
        message=node.message,
        called=node.called_element,
    )
