"""Cases and the people who work on them: started and moved by the real use cases, answered with clean answers."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from app import forms
from app.access import Membership, Person, Reader
from app.bench.place import PROCESS
from app.cases.command import Command
from app.cases.dates import dates_for
from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.casework import tasks
from app.casework.demo.answers import REASON_FOR_WARNING, Scene, answers_to, concern
from app.casework.demo.authority import DemoPupil, northmere
from app.casework.demo.stories import Round, Story
from app.casework.tasks import Given
from app.clock import local_date, real_now
from app.forms import Refused
from app.model.actor import OPERATOR, Actor
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import db, reading
from app.store.queries import cases, organisations, work
from app.store.queries.work import TaskLine

#: what is done before the first round, and then in every round: the teacher's log asks for the review at once
BEFORE = ("check_universal_offer", "talk_with_family")
ROUND = ("describe_class", "assess", "plan", "write_log", "review", "decide")
ROLES = ("SENCO", "TEACH")


@dataclass(frozen=True)
class School:
    """A school and who works there."""

    #: organisation id
    id: str
    #: role → ids of the people who hold it
    people: dict[str, tuple[str, ...]]
    #: a pupil there, whose words the answers use
    pupil: DemoPupil


@dataclass
class Case:
    """One case that is reviewed again and again, with the outcome “partly met”."""

    #: where
    school: School
    #: its id
    id: str
    #: rounds that were completed
    rounds: int = 0
    #: what people decide in it
    story: Story = field(init=False)

    def __post_init__(self) -> None:
        self.story = _story(self.school.pupil)

    def task(self, element: str) -> TaskLine:
        """The open task of an element."""
        db.session.rollback()
        return next(one for one in work.of_case(reading(), self.id) if one.element == element)

    def who(self, element: str) -> str:
        """Whoever does it."""
        return self.school.people["TEACH" if element in ("describe_class", "write_log") else "SENCO"][0]

    def fields(self, task: TaskLine, now: datetime | None = None) -> forms.Fields:
        """What a browser would send: clean answers, every warning ticked and explained."""
        desk = self._desk(task, now or real_now())
        answers = answers_to(task.element, self.scene(dict(desk.context.variables), desk.context.now))
        found = forms.as_submitted(desk.form, answers)
        judged = forms.submit(desk.form, found, desk.context)
        for warning in judged.warnings if isinstance(judged, Refused) else ():
            found[f"_tick.{warning.key}"] = ["yes"]
            found[f"_reason.{warning.key}"] = [REASON_FOR_WARNING]
        db.session.rollback()
        return found

    def do(self, *elements: str, at: datetime | None = None) -> None:
        """Complete the open tasks of these elements without HTTP: to get somewhere, not to measure."""
        for element in elements:
            self._hand_in(self.task(element), at or real_now())

    def round(self) -> None:
        """One more round, not measured."""
        self.do(*ROUND)
        self.rounds += 1

    def _hand_in(self, task: TaskLine, now: datetime) -> None:
        who, role = self.who(task.element), (task.role or "").split()[0]
        reader = Reader(
            Person(who, who, (Membership(role, self.school.id),)), organisations.tree(reading()), local_date(now)
        )
        command = Command(Actor(who, who, role, self.school.id), now, f"bench:{task.task_id}")
        answered = tasks.hand_in(self._desk(task, now), Given(self.fields(task, now)), reader, command)
        if isinstance(answered, Refused):
            raise ValueError(f"Expected {task.element} to be accepted, but: {answered.summary}")
        db.session.rollback()

    def _desk(self, task: TaskLine, now: datetime) -> tasks.Desk:
        case = cases.by_reference(reading(), self.id)
        if case is None:
            raise LookupError(self.id)
        return tasks.desk(task, case, now)

    def scene(self, variables: JsonObject, now: datetime) -> Scene:
        """What somebody knows when they answer."""
        today = local_date(now)
        review = dates_for(reading(), self.school.id, today).due("apdr.review", today).on
        return Scene(self.story, self.school.pupil, self.rounds + 1, self.rounds + 1, today, variables, review)


def school(school_id: str) -> School:
    """A school of the invented authority with its own people."""
    known = northmere()
    held = {
        role: tuple(one.person.id for one in known.people if Membership(role, school_id) in _plain(one.person))
        for role in ROLES
    }
    return School(school_id, held, next(one for one in known.pupils if one.school == school_id))


def holding(role: str) -> str:
    """Somebody of the invented authority who holds a role, wherever."""
    return next(one.person.id for one in northmere().people if role in {held.role for held in one.person.memberships})


def school_of(many: int, name: str) -> School:
    """A new school with so many SENCOs and one teacher, all of them on record."""
    like = next(one for one in northmere().organisations if one.id == "beacon")
    school_id = f"{name}-{many}"
    content: JsonObject = {
        "name": f"School of {many}",
        "kind": "school",
        "parent": like.parent,
        "phase": like.phase,
        "calendar": "beacon",
    }
    command = Command(OPERATOR, real_now())
    write_record(StreamId("organisation", school_id), "organisation-recorded", {"organisation": content}, command)
    people = {"SENCO": tuple(f"{school_id}.senco{n}" for n in range(many)), "TEACH": (f"{school_id}.teacher",)}
    for role, ids in people.items():
        for person_id in ids:
            write_record(
                StreamId("person", person_id),
                "person-recorded",
                {"person": _person(person_id, role, school_id)},
                command,
            )
    pupil = replace(
        school("beacon").pupil, id=f"{school_id}-pupil-01", upn="", school=school_id, teacher=people["TEACH"][0]
    )
    record = {**pupil.record(), "upn": None}
    write_record(StreamId("pupil", pupil.id), "pupil-recorded", {"pupil": record}, command)
    return School(school_id, people, pupil)


def started(at_school: School, now: datetime | None = None, pupil: DemoPupil | None = None) -> Case:
    """A new case there, with nothing done."""
    now, pupil, senco = now or real_now(), pupil or at_school.pupil, at_school.people["SENCO"][0]
    case = Case(replace(at_school, pupil=pupil), "")
    answers = concern(case.scene({}, now))
    new = NewCase(PROCESS, pupil.id, at_school.id, answers, answers, named=(at_school.people["TEACH"][0],))
    case.id = start(new, Command(Actor(senco, senco, "SENCO", at_school.id), now)).case_id
    db.session.rollback()
    return case


def _story(pupil: DemoPupil) -> Story:
    again = Round(tier="2", early=date(2000, 1, 1), progress="partly", next="same_tier")
    return Story(pupil.id, date(2000, 1, 1), "cognition_learning", by="SENCO", consent="no", rounds=(again,))


def _person(person_id: str, role: str, school_id: str) -> JsonObject:
    held: JsonObject = {"role": role, "organisation": school_id}
    return {"user_name": person_id, "name": person_id, "is_active": True, "memberships": [held]}


def _plain(person: Person) -> list[Membership]:
    return [Membership(one.role, one.organisation) for one in person.memberships]
