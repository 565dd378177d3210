"""Rules about activities: who does them, with which form, by when, and what the engine does by itself."""

from collections.abc import Iterator

from app.calendars import CalendarError
from app.calendars.written import written_rule
from app.checks.near import near
from app.checks.registry import diagram_rule, rule
from app.checks.scene import Scene
from app.diagrams import Node

ORGANISATIONS = ("home", "authority", "district", "partnership", "forum")
MOST_ROUNDS = 200


@rule("task-has-role", fix="Put it into a lane and give the lane a role.")
def task_has_role(node: Node, scene: Scene) -> Iterator[str]:
    """A task belongs to the people who hold the role of its lane; without one nobody may do it."""
    if node.is_person_task and not node.roles:
        yield f"{node.label} lies in no lane with a role"


@diagram_rule("role-known", fix="Choose a role from the list of roles.")
def role_known(scene: Scene) -> Iterator[tuple[str, str]]:
    """A role is one that people can hold."""
    known = scene.files.context.role_codes
    if known is None:
        return
    for lane in scene.diagram.lanes.values():
        for role in lane.roles:
            if role not in known:
                yield lane.id, f"Nobody can hold the role {role} of the lane “{lane.name}”{near(role, known)}"


@diagram_rule("organisation-known", fix="Choose home, authority, district, partnership or forum.")
def organisation_known(scene: Scene) -> Iterator[tuple[str, str]]:
    """A lane's people come from the case's home, its authority, partnership, forum or district."""
    for lane in scene.diagram.lanes.values():
        if lane.organisation not in ORGANISATIONS:
            hint = near(lane.organisation, ORGANISATIONS)
            yield lane.id, f"The lane “{lane.name}” has the organisation {lane.organisation[:40]}{hint}"


@rule("task-has-form", fix="Choose a form, or make it a manual task.", severity="warning")
def task_has_form(node: Node, scene: Scene) -> Iterator[str]:
    """A user task without a form can only be marked as done."""
    if node.kind == "userTask" and not node.form_key:
        yield f"{node.label} has no form"


@rule("form-known", fix="Choose a form from the list, or add it.")
def form_known(node: Node, scene: Scene) -> Iterator[str]:
    """A task shows a form that exists."""
    if node.form_key and node.form_key not in scene.files.form_keys:
        yield f"There is no form {node.form_key[:64]} for {node.label}{near(node.form_key, scene.files.form_keys)}"


@rule("due-rule-known", fix="Choose a deadline rule from the list, or write one such as “15 school days”.")
def due_rule_known(node: Node, scene: Scene) -> Iterator[str]:
    """A due date follows a deadline rule that exists, or one written out."""
    known = scene.files.context.rule_keys
    if node.due_rule and known is not None and node.due_rule not in known and not _is_written_out(node.due_rule):
        yield f"There is no deadline rule {node.due_rule[:64]} for {node.label}{near(node.due_rule, known)}"


def _is_written_out(text: str) -> bool:
    try:
        written_rule(text)
    except CalendarError:
        return False
    return True


@rule("due-once", fix="Keep the rule or the date; write what the rule counts from as its basis.")
def due_once(node: Node, scene: Scene) -> Iterator[str]:
    """A due date comes from a rule or from an agreed date, not from both; a basis belongs to a rule."""
    if node.due_rule and node.due_date:
        yield f"{node.label} has a due rule and a due date"
    elif node.due_basis and not node.due_rule:
        yield f"{node.label} says what to count from, but has no rule that counts"


@rule("no-service-task", fix="Use a task, a script task with FEEL, a decision, or send a message.")
def no_service_task(node: Node, scene: Scene) -> Iterator[str]:
    """A service task calls a program; diagrams call none."""
    if node.kind == "serviceTask":
        yield f"{node.label} is a service task"


@rule("no-pre-post-script", fix="Put a script task before or after it.")
def no_pre_post_script(node: Node, scene: Scene) -> Iterator[str]:
    """Hidden scripts before or after a task are not shown in the diagram and are not run."""
    if node.has_pre_post_script:
        yield f"{node.label} has a script before or after it"


@rule("decision-known", fix="Choose a decision from the list, or add its DMN file.")
def decision_known(node: Node, scene: Scene) -> Iterator[str]:
    """A decision task asks a decision table that exists."""
    if node.kind != "businessRuleTask":
        return
    if not node.called_decision:
        yield f"{node.label} names no decision"
    elif node.called_decision not in scene.files.decision_keys:
        hint = near(node.called_decision, scene.files.decision_keys)
        yield f"There is no decision {node.called_decision[:64]} for {node.label}{hint}"


@rule("called-process-named", fix="Choose the process it runs.")
def called_process_named(node: Node, scene: Scene) -> Iterator[str]:
    """A call activity names the process it runs."""
    if node.kind == "callActivity" and not node.called_element:
        yield f"{node.label} names no process"


@rule("called-process-known", fix="Deploy that process too, or keep it as a task done by hand.", severity="warning")
def called_process_known(node: Node, scene: Scene) -> Iterator[str]:
    """A call to a process that is not here becomes a task: send it by hand and record the answer."""
    known = scene.files.processes.keys() | scene.files.context.process_keys
    if node.kind == "callActivity" and node.called_element and node.called_element not in known:
        hint = near(node.called_element, known)
        yield f"There is no process {node.called_element[:64]}, so {node.label} will be done by hand{hint}"


@rule("no-call-cycle", fix="Draw a loop around a timer or task instead.")
def no_call_cycle(node: Node, scene: Scene) -> Iterator[str]:
    """Processes that call each other in a circle never end."""
    outermost = scene.outermost(node.process)
    if node.kind == "callActivity" and node.called_element and outermost in _called(node.called_element, scene):
        yield f"{node.label} runs a process that leads back to {outermost}"


def _called(process_id: str, scene: Scene) -> set[str]:
    todo, seen = [process_id], {process_id}
    while todo:
        for called in scene.files.calls.get(todo.pop(), ()):
            if called not in seen:
                seen.add(called)
                todo.append(called)
    return seen


@rule("loop-bounded", fix="Repeat for each item of a list, or give a standard loop at most 200 rounds.")
def loop_bounded(node: Node, scene: Scene) -> Iterator[str]:
    """A repetition goes through a list, or says how many rounds it takes at most."""
    if node.loop is None:
        return
    if node.loop.kind == "standard":
        maximum = node.loop.maximum or ""
        if not maximum.isascii() or not maximum.isdigit() or not 1 <= int(maximum[:9]) <= MOST_ROUNDS:
            yield f"{node.label} repeats without a greatest number of rounds between 1 and {MOST_ROUNDS}"
    elif node.loop.cardinality:
        yield f"{node.label} repeats {node.loop.cardinality[:40]} times instead of for each item of a list"
    elif not node.loop.collection:
        yield f"{node.label} repeats, but names no list to go through"
