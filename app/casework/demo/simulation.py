"""Acting out the stories by the real use cases: people start cases, answer tasks, write notes, take work.

What they answer is in `answers`, what they decide in `stories`, who and when in `staff`, the order in `timeline`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from app import forms
from app.access import Reader
from app.cases import additions, events
from app.cases import tasks as case_tasks
from app.cases.additions import Upload
from app.cases.command import Command
from app.cases.dates import SchoolDates, dates_for
from app.cases.definitions import definition_of, form_of
from app.cases.starting import NewCase, start
from app.casework import tasks
from app.casework.demo.answers import LATE, REASON_FOR_WARNING, Scene, answers_to, concern
from app.casework.demo.authority import DemoAuthority, DemoPerson, DemoPupil
from app.casework.demo.paper import letter
from app.casework.demo.staff import Staff
from app.casework.demo.stories import Message, Note, Story
from app.casework.demo.timeline import StoryStuck, Timeline
from app.casework.tasks import Desk, Given
from app.clock import local_date
from app.forms import Accepted, Fields, Form, FormContext, Refused, UploadedFile
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import cases, definitions, work
from app.store.queries.work import TaskLine

PROCESS = "graduated-approach"


@dataclass
class Played:
    """One story as far as it has been played."""

    #: what people decide
    story: Story
    #: whose case it is
    pupil: DemoPupil
    #: case id, once it has started
    case_id: str = ""
    #: how often each task opened
    opened: Counter[str] = field(default_factory=Counter)
    #: ids of the tasks that were seen
    seen: set[str] = field(default_factory=set)

    def is_left(self, element: str, nth: int) -> bool:
        """Nobody does this task."""
        return bool({element, f"{element}@{nth}"} & (self.story.leave | self.story.take))

    def is_taken(self, element: str, nth: int) -> bool:
        """Somebody takes it."""
        return bool({element, f"{element}@{nth}"} & self.story.take)


class Simulation:
    """The past of a demonstration, from its first day to the moment it begins."""

    def __init__(self, authority: DemoAuthority, until: datetime, on_day: Callable[[date], None]) -> None:
        """Have people and a timeline; nothing happens yet."""
        self.staff = Staff(authority)
        self.tree = authority.tree
        self.pupils = {one.id: one for one in authority.pupils}
        self.timeline = Timeline(until, self._timer_fired, on_day)
        self.played: dict[str, Played] = {}

    def play(self, stories: tuple[Story, ...]) -> None:
        """Play every story up to the moment the demonstration begins. Raises StoryStuck."""
        for story in stories:
            one = Played(story, self.pupils[story.pupil])
            self.timeline.add(self.staff.on(story.start), partial(self._start, one))
        self.timeline.run()

    def _start(self, one: Played, at: datetime) -> None:
        story, pupil = one.story, one.pupil
        who = self.staff.holding(story.by, pupil.school, pupil)
        accepted = _accepted(_start_form(), concern(self._scene(one, 1, at, {})), FormContext(now=at), pupil.id)
        new = NewCase(PROCESS, pupil.id, pupil.school, accepted.answers, accepted.variables, named=(pupil.teacher,))
        one.case_id = start(new, self._command(who, story.by, pupil.school, at)).case_id
        self.played[one.case_id] = one
        for message in story.messages:
            self.timeline.add(self.staff.on(message.on), partial(self._deliver, one, message))
        for note in story.notes:
            self.timeline.add(self.staff.on(note.on), partial(self._write, one, note))
        self._look(one, at)

    def _timer_fired(self, case_id: str, at: datetime) -> None:
        self._look(self.played[case_id], at)

    def _look(self, one: Played, at: datetime) -> None:
        """See which tasks opened, and plan who does them when."""
        for task in sorted(work.of_case(reading(), one.case_id), key=lambda task: task.element):  # ids are random
            if task.task_id in one.seen:
                continue
            one.seen.add(task.task_id)
            one.opened[task.element] += 1
            nth = one.opened[task.element]
            if one.is_taken(task.element, nth):
                self.timeline.add(self.staff.on(local_date(at), at), partial(self._take, one, task))
            elif not one.is_left(task.element, nth):
                self.timeline.add(self._when(one, task, at), partial(self._answer, one, task, nth))

    def _when(self, one: Played, task: TaskLine, at: datetime) -> datetime:
        usual = self.staff.gets_round_to(task.element, at, self._dates(one, at).calendar)
        agreed = one.story.round(one.opened["plan"]).on if task.element == "plan" else None
        return self.staff.on(agreed, at) if agreed and agreed >= local_date(at) else usual

    def _answer(self, one: Played, task: TaskLine, nth: int, at: datetime) -> None:
        line, case = work.one(reading(), task.task_id), cases.by_reference(reading(), one.case_id)
        if line is None or case is None or line.status != "open":
            return  # the pupil moved away, or the review came first
        roles = line.role or ""
        who = self.staff.holding(roles, line.holder, one.pupil)
        command = self._command(who, roles, line.holder, at)
        desk = self._with_evidence(one, tasks.desk(line, case, at), command)
        given = Given(self._fields(one, desk, nth, at), late=LATE if desk.is_late else "")
        answered = tasks.hand_in(desk, given, Reader(who.person, self.tree, local_date(at)), command)
        if isinstance(answered, Refused):
            raise StoryStuck(f"{one.pupil.id}, {task.element}: {answered.summary}")
        self._look(one, at)

    def _fields(self, one: Played, desk: Desk, nth: int, at: datetime) -> Fields:
        """The answers as a browser would send them, every warning ticked and explained."""
        variables = dict(desk.context.variables)
        answers = answers_to(
            desk.task.element, self._scene(one, nth, at, variables, next(iter(desk.context.files), None))
        )
        fields = forms.as_submitted(desk.form, answers)
        judged = forms.submit(desk.form, fields, desk.context)
        if isinstance(judged, Refused):
            for warning in judged.warnings:
                fields[f"_tick.{warning.key}"] = ["yes"]
                fields[f"_reason.{warning.key}"] = [REASON_FOR_WARNING]
        return fields

    def _with_evidence(self, one: Played, desk: Desk, command: Command) -> Desk:
        """The desk with the paper that shows the consent, where it was given in writing."""
        if desk.task.element != "talk_with_family" or one.story.consent != "written":
            return desk
        content = letter("Consent to share information", f"Given by {one.pupil.parents[0].name} for {one.pupil.name}.")
        kept = additions.store_file(one.case_id, Upload("Consent.pdf", "application/pdf", content), command)
        file = UploadedFile(str(kept["id"]), "Consent.pdf", len(content), "application/pdf", str(kept["digest"]))
        return replace(desk, context=replace(desk.context, files={file.id: file}))

    def _take(self, one: Played, task: TaskLine, at: datetime) -> None:
        who = self.staff.holding(task.role or "", task.holder, one.pupil)
        case_tasks.claim(one.case_id, task.task_id, self._command(who, task.role or "", task.holder, at))

    def _deliver(self, one: Played, message: Message, at: datetime) -> None:
        who = self.staff.holding("SENCO", one.pupil.school, one.pupil)
        events.deliver(one.case_id, message.name, {}, self._command(who, "SENCO", one.pupil.school, at))
        self._look(one, at)

    def _write(self, one: Played, note: Note, at: datetime) -> None:
        who = self.staff.holding(note.by, one.pupil.school, one.pupil)
        text = note.text.replace("{pupil}", one.pupil.preferred_name or one.pupil.forename)
        additions.add_note(one.case_id, text, note.restricted, self._command(who, note.by, one.pupil.school, at))

    def _scene(self, one: Played, nth: int, at: datetime, variables: JsonObject, evidence: str | None = None) -> Scene:
        today, dates = local_date(at), self._dates(one, at)
        review = dates.due("apdr.review", today).on
        return Scene(one.story, one.pupil, max(one.opened["plan"], 1), nth, today, variables, review, evidence)

    def _dates(self, one: Played, at: datetime) -> SchoolDates:
        return dates_for(reading(), one.pupil.school, local_date(at))

    def _command(self, who: DemoPerson, roles: str, place: str, at: datetime) -> Command:
        return Command(self.staff.actor(who, roles, place), at)


def _start_form() -> Form:
    version = definitions.current(reading(), PROCESS)
    elements = definition_of(version.digest).elements.values()
    key = next(one.form_key for one in elements if one.kind == "startEvent" and one.form_key)
    return form_of(version.digest, key)


def _accepted(form: Form, answers: JsonObject, context: FormContext, what: str) -> Accepted:
    judged = forms.submit(form, forms.as_submitted(form, answers), context)
    if isinstance(judged, Refused):
        raise StoryStuck(f"{what}: {judged.summary}")
    return judged
