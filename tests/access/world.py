"""A small world to leak from: real cases at three schools, restricted words, documents, drafts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from support import forum, installation, partnership
from support.installation import NOW, command
from support.walking import answers_by_element

from app.access.people import Reader
from app.cases import consents, parties, tasks
from app.cases.additions import Upload, add_document, add_note
from app.cases.definitions import form_of
from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.casework import drafts
from app.model.actor import Actor
from app.model.consent import Consent
from app.model.entry import StreamId
from app.model.party import Party
from app.store import definition_drafts
from app.store.db import reading
from app.store.queries import cases, incidents, meetings, organisations, people, work
from app.studio import drafts as studio_drafts

KEY = "graduated-approach"
SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")
DSL = Actor("dsl", "Farid Lowe", "DSL", "beacon")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
#: every word of a pupil's name, by school: no page of the application uses any of them by itself
NAMES = {
    "beacon": ("Zadie", "Thornbury", "Yusuf", "Applegarth", "Vesper", "Lindqvist"),
    "harbour": ("Xanthe", "Coldwell"),
    "faraway": ("Wilf", "Underhay"),
}
#: words that stand only in the restricted compartment of the case at Beacon School
SECRET_NOTE, SECRET_FILE, SECRET_ANSWER, SECRET_DRAFT = "Bruisewort", "Nightshade.pdf", "Hemlock", "Foxglove"
SECRETS = (SECRET_NOTE, SECRET_FILE, SECRET_ANSWER, SECRET_DRAFT)
#: words that stand only in what is known of the family of the pupil at Beacon School; the last is withheld
FAMILY, HIDDEN_ADDRESS = ("Thistlewood", "0114 496 0777"), "Quillet Row"
#: what a family said, in an ordinary answer
SAID = "Zadie Thornbury tells stories to Orla Thornbury"


@dataclass
class World:
    """Ids of what is there, by the words of the table `expected.yaml`."""

    #: "beacon" → case id
    cases: dict[str, str] = field(default_factory=dict)
    #: "beacon" → reference
    references: dict[str, str] = field(default_factory=dict)
    #: "assess" → task id
    tasks: dict[str, str] = field(default_factory=dict)
    #: "open", "restricted" → document id
    documents: dict[str, str] = field(default_factory=dict)
    #: "mine" → draft of a process definition
    drafts: dict[str, str] = field(default_factory=dict)
    #: "northgate", "far" → meeting of a forum here, and of one in another authority
    meetings: dict[str, str] = field(default_factory=dict)
    #: secret of the feed of its series
    feed: str = ""
    #: reference of the case on its list
    meeting_case: str = ""
    #: task that waits for the meeting here
    meeting_task: str = ""
    #: an open incident of the case "stuck"
    incident: str = ""


def build() -> World:
    """Put everything on record."""
    world = World()
    write_record(StreamId("pupil", "pupil5"), "pupil-recorded", {"pupil": _pupil()}, command())
    _case(world, "beacon", "pupil1", "beacon", ("teacher",), safeguarding="yes")
    _case(world, "quiet", "pupil2", "beacon", ())
    _case(world, "stuck", "pupil5", "beacon", ())
    _case(world, "harbour", "pupil3", "harbour", (), safeguarding="yes")
    _case(world, "far", "pupil4", "faraway", ())
    _advance(world)
    _get_stuck(world)
    _add_to_compartment(world)
    world.tasks |= {name: _task(world.cases[name], "check_universal_offer") for name in ("quiet", "harbour", "far")}
    world.tasks["dsl-harbour"] = _task(world.cases["harbour"], "consider_safeguarding")
    _drafts(world)
    _family(world)
    _webhooks()
    _meetings(world)
    _partnership()
    return world


def _partnership() -> None:
    """A partnership beside the schools, with a centre; nobody who asks has a role in it."""
    partnership.prepare(schools=())
    partnership.a_centre()


def _meetings(world: World) -> None:
    """A case of Beacon School on the list of a forum here; a meeting of a forum in another authority."""
    forum.prepare()
    world.meetings["northgate"] = f"{forum.a_series()}-2026-11-11"
    row = meetings.one_series(reading(), world.meetings["northgate"][:-11])
    assert row is not None
    world.feed = row.record["feed"]
    asked = forum.request("pupil2")
    world.meeting_task, world.meeting_case = asked.opened[0], asked.reference
    forum.a_far_forum()
    world.meetings["far"] = "far-forum-far-forum-2026-11-11"


def _pupil() -> dict[str, object]:
    return {"upn": None, "name": "Vesper Lindqvist", "school": "beacon", "year_group": "3", "born_on": "2019-03-14",
            "sen_status": "K", "primary_need": "SLCN", "teacher": "teacher",
            "parents": [{"name": "Orla Lindqvist"}]}  # fmt: skip


def _case(world: World, name: str, pupil: str, school: str, named: tuple[str, ...], safeguarding: str = "no") -> None:
    answers = {"concern_areas": ["semh"], "description": "Leaves the room when it is loud", "raised_by": "staff"}
    variables = {"concern_areas": ["semh"], "safeguarding_concern": safeguarding}
    new = NewCase(
        process_key=KEY,
        pupil_id=pupil,
        school=school,
        answers={**answers, "safeguarding_concern": safeguarding},
        variables=variables,
        named=named,
    )
    lead = {"harbour": "other-senco", "faraway": "far-senco"}.get(school, "senco")
    world.cases[name] = start(new, command(Actor(lead, lead, "SENCO", school))).case_id
    found = cases.by_reference(reading(), world.cases[name])
    assert found is not None
    world.references[name] = found.reference


def _advance(world: World) -> None:
    """The case at Beacon School goes on to its assessment: tasks of the SENCO and the teacher."""
    given, case_id = answers_by_element(KEY), world.cases["beacon"]
    _complete(case_id, "check_universal_offer", given["check_universal_offer"][0], SENCO, hours=1)
    _complete(case_id, "talk_with_family", {**given["talk_with_family"][0], "pupil_view": SAID}, SENCO, hours=2)
    world.tasks |= {"assess": _task(case_id, "assess"), "class view": _task(case_id, "describe_class")}
    world.tasks["done"] = next(
        row.task_id for row in cases.answers_of(reading(), case_id) if row.form_key == "parents_talk"
    )


def _get_stuck(world: World) -> None:
    """The other case cannot go on: its plan says no review date."""
    given = answers_by_element(KEY)
    for hours, element in enumerate(
        ("check_universal_offer", "talk_with_family", "assess", "describe_class", "plan"), 1
    ):
        without = {"review_date": None} if element == "plan" else {}
        _complete(world.cases["stuck"], element, {**given[element][0], **without}, SENCO, hours)
    world.incident = incidents.of_case(reading(), world.cases["stuck"])[0].id


def _complete(case_id: str, element: str, given: dict[str, object], actor: Actor, hours: int) -> None:
    task = next(one for one in work.of_case(reading(), case_id) if one.element == element)
    found = cases.by_reference(reading(), case_id)
    assert found is not None
    form = form_of(found.bundle, task.form_key or "")
    variables = {name: given.get(question) for question, name in form.variables.items()}
    at = command(actor, NOW + timedelta(hours=hours))
    tasks.complete(case_id, task.task_id, tasks.Answers(given, variables), at)


def _add_to_compartment(world: World) -> None:
    """Notes and documents, some of them restricted; a restricted task answered, one open with a draft."""
    from app.cases.events import deliver

    case_id = world.cases["beacon"]
    add_note(case_id, "Zadie Thornbury was calm today", False, command(SENCO))
    add_note(case_id, f"{SECRET_NOTE} was said", True, command(DSL))
    add_document(case_id, Upload("Zadie Thornbury report.pdf", "application/pdf", PDF), False, command(SENCO))
    add_document(case_id, Upload(SECRET_FILE, "application/pdf", PDF), True, command(DSL))
    for row in cases.documents_of(reading(), case_id):
        world.documents["restricted" if row.is_restricted else "open"] = row.id
    given = {"considered_on": "2026-11-02", "action": "monitor", "reason": f"{SECRET_ANSWER}: to be watched closely"}
    concern = _task(case_id, "consider_safeguarding")
    _complete(case_id, "consider_safeguarding", given, DSL, hours=3)
    deliver(case_id, "safeguarding.alert", None, command(SENCO))
    world.tasks["dsl"] = next(one.task_id for one in work.of_case(reading(), case_id) if one.is_restricted)
    world.tasks["dsl done"] = concern
    drafts.save(world.tasks["dsl"], case_id, {"reason": SECRET_DRAFT}, _reader("dsl"), 0)
    drafts.save(world.tasks["assess"], case_id, {"strengths": "Listens to Zadie Thornbury"}, _reader("senco"), 0)


def _task(case_id: str, element: str) -> str:
    return next(one.task_id for one in work.of_case(reading(), case_id) if one.element == element)


def _drafts(world: World) -> None:
    """A draft of an owner here, and one of an owner in another authority."""
    held = [{"role": "POWN", "organisation": "elsewhere"}]
    record = {"user_name": "far-owner", "name": "Odo Wick", "is_active": True, "memberships": held}
    write_record(StreamId("person", "far-owner"), "person-recorded", {"person": record}, command())
    for name, owner in (("mine", "owner1"), ("foreign", "far-owner")):
        world.drafts[name] = studio_drafts.begin_from(KEY, 1, _reader(owner)).id
    assert definition_drafts.one(world.drafts["mine"]) is not None
    installation.set_clock(NOW)


def _family(world: World) -> None:
    """An aunt whose address is withheld, around the pupil whose case is at Beacon School."""
    aunt = Party(id="aunt", kind="parent", name="Marigold Thistlewood", relationship="aunt", safe="yes",
                 address=f"12 {HIDDEN_ADDRESS}", is_address_withheld=True, phone=FAMILY[1])  # fmt: skip
    parties.record("pupil1", aunt, 0, command(SENCO))
    given = Consent(id="mother", purposes=("services",), agencies="Speech therapy", given_by="aunt",
                    given_by_name="Marigold Thistlewood", form="written", given_on="2026-10-01", evidence="on paper",
                    until="")  # fmt: skip
    consents.record("pupil1", "beacon", given, True, command(SENCO))
    by_hand = {"id": "call", "on": "2026-11-02", "with": "Ines Crag", "what": f"what {FAMILY[0]} asked",
               "how": "telephone", "basis": "consent", "why": "to plan"}  # fmt: skip
    for restricted in (False, True):
        said = {"what": f"{SECRET_NOTE} was shared", "id": "secret"} if restricted else {}
        shared = {**by_hand, **said, "case_id": world.cases["beacon"], "restricted": restricted}
        consents.write_down("pupil1", shared, command(DSL))


def _webhooks() -> None:
    """Two that are switched off: of the authority, and of another."""
    for name, place in (("ours", "testshire"), ("foreign", "elsewhere")):
        record = {"name": name, "address": "https://hooks.example.org/", "types": ["case.started"],
                  "organisation": place, "is_on": False}  # fmt: skip
        write_record(StreamId("webhook", name), "webhook-recorded", {"webhook": record}, command())


def _reader(person_id: str) -> Reader:
    person = people.one(reading(), person_id)
    assert person is not None
    return Reader(person, organisations.tree(reading()), NOW.date())
