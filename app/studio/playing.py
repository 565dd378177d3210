"""Plays one case of a scenario over engine, forms and calendar with a clock of its own. Stores nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import singledispatchmethod
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from app import diagrams, engine, forms
from app.calendars import Calendar, reference_calendar
from app.cases.content import timer_due
from app.cases.dates import SchoolDates
from app.clock import LONDON, local_date
from app.engine import Definition, Waiting
from app.errors import InvalidAnswers
from app.forms import Accepted, FormContext, Refused, UploadedFile
from app.forms.formula import Functions
from app.model.definition import Bundle
from app.model.json import Json, JsonObject, canonical
from app.model.step import ArmedTimer, OpenTask
from app.model.step import Step as EngineStep
from app.studio.scenario_file import Advance, Do, Expect, Scenario, Start, Tell

MORNING = time(9)
#: where a scenario finds places: nothing is counted in it
EXAMPLE_CENTRE = "example-centre"
_PLACES: Functions = {
    "centres": lambda *_: [{"value": EXAMPLE_CENTRE, "label": "An example centre"}],
    "place_types": lambda *_: ["quota", "additional"],
}
#: timers that fire one after the other without anybody doing anything: more is a loop
MOST_TIMERS_AT_ONCE = 500


class Failed(Exception):
    """The case did not go as the scenario says."""


@dataclass(frozen=True)
class Playable:
    """A bundle made ready to be played."""

    #: as the engine runs it
    definition: Definition
    #: its forms by key
    forms: Mapping[str, forms.Form]
    #: start event of the process a case runs by message, None for the plain start: (form key, message variable)
    starts: Mapping[str | None, tuple[str | None, str | None]]

    @classmethod
    def of(cls, bundle: Bundle, definition: Definition) -> "Playable":
        """The definition with what only the files say."""
        nodes = [node for xml in bundle.bpmn.values() for node in diagrams.read(xml).nodes.values()]
        return cls(
            definition,
            {key: forms.read(schema) for key, schema in bundle.forms.items()},
            {
                node.message: (node.form_key, node.message_variable)
                for node in nodes
                if node.kind == "startEvent" and node.process == bundle.process_id
            },
        )


@dataclass
class Case:
    """One case, at a moment of its own."""

    #: what it runs
    playable: Playable
    #: school days
    calendar: Calendar
    #: its clock, aware
    now: datetime
    #: engine state
    state: JsonObject = field(default_factory=dict)
    #: what is open
    waiting: Waiting = field(default_factory=Waiting)
    #: top-level process variables
    variables: JsonObject = field(default_factory=dict)
    #: sequence flows taken
    taken: set[str] = field(default_factory=set)
    #: it has ended, by the end event of this name
    outcome: str | None = None
    #: it has ended
    is_completed: bool = False

    @classmethod
    def begin(cls, playable: Playable, scenario: Scenario) -> "Case":
        """The case after its start. Raises Failed."""
        start = scenario.start
        case = cls(playable, reference_calendar(start.calendar), _morning(start.on))
        if start.message not in playable.starts:
            raise Failed(f"Expected a start by {start.message or 'a person'}, but the process has none.")
        form_key, variable = playable.starts[start.message]
        variables = case._start_variables(start, form_key)
        if variable and start.payload is not None:
            variables[variable] = start.payload
        seed = str(uuid5(NAMESPACE_URL, scenario.name))
        case._keep(engine.start(playable.definition, variables, case._dates, case.now, start.message, seed))
        return case

    @singledispatchmethod
    def play(self, step: object) -> None:
        """One step of the scenario. Raises Failed."""
        raise TypeError(step)

    @play.register
    def _do(self, step: Do) -> None:
        task = next((one for one in self.waiting.tasks if one.element == step.task), None)
        if task is None:
            raise Failed(f"Expected the task {step.task} to be open, but {self._open_words()}.")
        if step.role not in (task.role or "").split():
            raise Failed(
                f"Expected {step.task} to be for {step.role or 'a role'}, but it is for {task.role or 'nobody'}."
            )
        if step.refused:
            self._expect_refused(task, step)
            return
        variables = self._variables_of(task, step)
        self._keep(
            engine.complete(self.playable.definition, self.state, task.task_id, variables, self._dates, self.now)
        )

    @play.register
    def _tell(self, step: Tell) -> None:
        here = next((one for one in self.waiting.subscriptions if one.message == step.message), None)
        if here is None:
            waits = ", ".join(sorted({one.message for one in self.waiting.subscriptions})) or "no message"
            raise Failed(f"Expected it to wait for “{step.message}”, but it waits for {waits}.")
        definition, place = self.playable.definition, here.subscription_id
        self._keep(engine.deliver(definition, self.state, place, step.payload, self._dates, self.now))

    @play.register
    def _advance(self, step: Advance) -> None:
        if step.to is None:
            if not self.waiting.timers:
                raise Failed("Expected a timer to wait for, but there is none.")
            moment = min(timer_due(one.due).at for one in self.waiting.timers)
            end = max(moment, _morning(local_date(moment)), self.now)
        else:
            end = _morning(step.to)
        if end < self.now:
            raise Failed(f"Expected time to go forward, but {step.to} is before {local_date(self.now)}.")
        for _ in range(MOST_TIMERS_AT_ONCE):
            if (timer := self._next_timer(end)) is None:
                break
            self.now = max(self.now, timer_due(timer.due).at)
            self._keep(engine.fire(self.playable.definition, self.state, timer.timer_id, self._dates, self.now))
        else:
            raise Failed(f"Expected at most {MOST_TIMERS_AT_ONCE} timers to fire, but there are more: it loops.")
        self.now = end

    @play.register
    def _expect(self, step: Expect) -> None:
        opened = sorted(one.element for one in self.waiting.tasks)
        if step.open is not None and opened != sorted(step.open):
            raise Failed(f"Expected {_listed(sorted(step.open))} to be open, but {self._open_words()}.")
        due = {one.element: one.due.on.isoformat() for one in self.waiting.tasks if one.due and one.due.on}
        if wrong := {task: day for task, day in step.due.items() if due.get(task) != day}:
            raise Failed(f"Expected {_dated(wrong)} to be due, but due is {_dated(due)}.")
        until = {one.element: one.due.on.isoformat() for one in self.waiting.timers}
        if step.waiting_until is not None and until != dict(step.waiting_until):
            raise Failed(f"Expected to wait until {_dated(step.waiting_until)}, but it waits until {_dated(until)}.")
        messages = {one.message for one in self.waiting.subscriptions}
        if missing := sorted(set(step.waiting_for) - messages):
            raise Failed(f"Expected it to wait for “{missing[0]}”, but it waits for {_listed(sorted(messages))}.")
        for name, value in step.variables.items():
            self._expect_variable(name, value)

    def _expect_refused(self, task: OpenTask, step: Do) -> None:
        result = self._submitted(task.form_key or "", step.answers, task.variables, step.accept)
        refused = sorted(result.summary) if isinstance(result, Refused) else []
        if refused != sorted(step.refused):
            raise Failed(
                f"Expected {step.task} to refuse {_listed(sorted(step.refused))}, but it refuses {_listed(refused)}."
            )

    def _expect_variable(self, name: str, value: Json) -> None:
        scopes = [self.variables, *(one.variables for one in self.waiting.tasks)]
        held = [scope[name] for scope in scopes if name in scope]
        if not any(canonical(one) == canonical(value) for one in held):
            is_now = f"it is {held[-1]!r}" if held else "there is no such variable"
            raise Failed(f"Expected {name} to be {value!r}, but {is_now}.")

    # ---- the pieces

    @property
    def _dates(self) -> SchoolDates:
        return SchoolDates(self.calendar, local_date(self.now))

    def _next_timer(self, end: datetime) -> ArmedTimer | None:
        ripe = [one for one in self.waiting.timers if timer_due(one.due).at <= end]
        return min(ripe, key=lambda one: timer_due(one.due).at, default=None)

    def _start_variables(self, start: Start, form_key: str | None) -> JsonObject:
        variables: JsonObject = {"started_on": start.on.isoformat()}
        if form_key and start.message is None:
            variables |= self._answered(form_key, start.answers, {}, start.accept)
        elif start.answers:
            raise Failed("Expected answers to a start form, but this start has none.")
        return variables

    def _variables_of(self, task: OpenTask, step: Do) -> JsonObject:
        if task.form_key is None:
            if step.answers:
                raise Failed(f"Expected answers to a form, but {step.task} has none.")
            return {}
        return self._answered(task.form_key, step.answers, task.variables, step.accept)

    def _answered(
        self, form_key: str, answers: JsonObject, variables: JsonObject, accept: Mapping[str, str]
    ) -> JsonObject:
        """The variables that submitting these answers gives. Raises Failed where the form refuses them."""
        result = self._submitted(form_key, answers, variables, accept)
        if isinstance(result, Refused):
            path, sentence = next(iter(result.summary.items()))
            raise Failed(f"Expected the form {form_key} to take the answers, but at {path} it says: {sentence}.")
        if lost := sorted(set(answers) - set(result.answers)):
            raise Failed(f"Expected the form {form_key} to ask for {lost[0]}, but it does not ask that here.")
        return dict(result.variables)

    def _submitted(
        self, form_key: str, answers: JsonObject, variables: JsonObject, accept: Mapping[str, str]
    ) -> Accepted | Refused:
        form = self.playable.forms.get(form_key)
        if form is None:
            raise Failed(f"Expected the form {form_key}, but it is not there.")
        fields = forms.as_submitted(form, answers)
        for name, reason in accept.items():
            fields[f"_tick.{name}"], fields[f"_reason.{name}"] = ["yes"], [reason]
        dates = self._dates
        context = FormContext(
            now=self.now,
            variables=variables,
            types=self.playable.definition.types,
            calendar=self.calendar,
            functions={"due": lambda rule, basis=None, *_: dates.due(rule, basis).on, **_PLACES},
            files=_files_in(answers),
        )
        return forms.submit(form, fields, context)

    def _keep(self, step: EngineStep) -> None:
        self.state, self.variables = step.state, step.variables
        self.taken |= {move.element for move in step.moves if move.kind == "taken"}
        self.outcome, self.is_completed = step.outcome, step.is_completed
        self.waiting = Waiting() if step.is_completed else engine.waiting(self.playable.definition, step.state)
        if step.troubles:
            trouble = step.troubles[0]
            raise Failed(f"Expected the case to go on, but it stops at {trouble.element}: {trouble.sentence}.")
        if nobody := next((one for one in step.opened if not one.role), None):
            raise Failed(f"Expected somebody to do {nobody.element}, but its lane names no role.")

    def _open_words(self) -> str:
        if self.is_completed:
            return f"the case has ended: {self.outcome}"
        opened = sorted(one.element for one in self.waiting.tasks)
        return f"{_listed(opened)} {'is' if len(opened) == 1 else 'are'} open" if opened else "no task is open"


def run_steps(playable: Playable, scenario: Scenario, taken: set[str]) -> tuple[str, str] | None:
    """(step, sentence) where it failed, or None. The flows it took are added to `taken` either way."""
    place, case = "start", None
    try:
        case = Case.begin(playable, scenario)
        for number, step in enumerate(scenario.steps, 1):
            place = f"step {number}, {_words(step)}"
            case.play(step)
        place = "end"
        if not case.is_completed:
            raise Failed(f"Expected the case to end as “{scenario.end}”, but {case._open_words()}.")
        if case.outcome != scenario.end:
            raise Failed(f"Expected the case to end as “{scenario.end}”, but it ended as “{case.outcome}”.")
    except InvalidAnswers as refused:
        return place, "; ".join(refused.problems.values()) or refused.sentence
    except Failed as failed:
        return place, str(failed).replace("..", ".")
    finally:
        taken |= case.taken if case else set()
    return None


def _words(step: Any) -> str:
    match step:
        case Do(task=task):
            return f"do {task}"
        case Tell(message=message):
            return f"message {message}"
        case Advance(to=to):
            return f"advance to {to or 'the next due thing'}"
    return "expect"


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, LONDON).astimezone(UTC)


def _files_in(value: Json) -> dict[str, UploadedFile]:
    """Every file that answers name, as if it had been stored."""
    if isinstance(value, Mapping):
        if {"id", "name", "size_bytes", "media_type", "digest"} <= set(value):
            file = UploadedFile(**value)  # type: ignore[arg-type]
            return {file.id: file}
        return {key: one for each in value.values() for key, one in _files_in(each).items()}
    if isinstance(value, list | tuple):
        return {key: one for each in value for key, one in _files_in(each).items()}
    return {}


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "nothing"


def _dated(until: Mapping[str, str]) -> str:
    return ", ".join(f"{day} ({name})" for name, day in sorted(until.items())) or "nothing"
