"""The partnership of the demonstration: a centre, quotas, its area panel, one pupil placed and one who waits.

Everything goes the way it goes for people: the real forms, the real use cases, on days of this autumn.
"""

from datetime import UTC, date, datetime, time, timedelta

from app import forms
from app.access.people import Reader
from app.cases import attendance
from app.cases.command import Command
from app.cases.starting import NewCase, start
from app.cases.sweep import sweep
from app.casework import tasks
from app.casework.demo.authority import DemoPupil, northmere
from app.casework.meetings import dates, series
from app.casework.meetings.series import SeriesForm
from app.casework.placements import centres
from app.casework.placements.centres import CentreForm
from app.casework.tasks import Given
from app.clock import LONDON
from app.forms import Refused
from app.model.actor import Actor
from app.model.json import JsonObject
from app.model.placing import SESSIONS
from app.store.db import db, reading
from app.store.queries import cases, definitions, organisations, people, work

KEY, PARTNERSHIP, SCHOOL = "partnership-placement", "shoreline-partnership", "tideway"
COORDINATOR, MANAGER, STAFF = "ffion.harrowgate", "dragan.whitlocke", "noemi.strandqvist"
SENCO, HEAD, LEAD = "xiulan.berrycloth", "parveen.macallister", "solomon.wiklund"
#: role of each of them in what they do here
ROLES = {COORDINATOR: "PCOORD", MANAGER: "PISM", STAFF: "PSTAFF", SENCO: "SENCO", HEAD: "HT", LEAD: "DSL"}
UNTIL = date(2027, 7, 16)
PLACED, WAITS = "pupil-33", "pupil-35"
#: 78 items of the readiness scale, each 2: 156 points
SCORES = " ".join(["2"] * 78)
PANEL = SeriesForm(
    name="Shoreline area panel",
    kind="area-panel",
    organisation=PARTNERSHIP,
    chair=COORDINATOR,
    members=(MANAGER,),
    often="fortnightly",
    weekday="1",
    begins="09:30",
    place="Harbour Row Centre, meeting room",
)
CENTRE = CentreForm(
    name="Harbour Row Centre",
    partnership=PARTNERSHIP,
    registration="pru",
    check="good",
    checked_on=date(2026, 7, 6),
    average="6210.00",
    since=date(2026, 9, 1),
)


class NotLived(Exception):
    """A form of the demonstration refused what was answered."""


def live_placements(until: datetime) -> None:
    """Add the centre with its quota and panel; live a placement from September on, and a case that waits."""
    if KEY not in {one.key for one in definitions.current_versions(reading())}:
        return
    begin = _at(date(2026, 9, 2))
    who = _reader(COORDINATOR, begin)
    centre = centres.add(CENTRE, _command(COORDINATOR, begin), who)
    for year in ("2026/27", "2027/28"):
        centres.set_quotas(PARTNERSHIP, year, {SCHOOL: ("3", 0)}, _command(COORDINATOR, begin), who)
    series_id = series.add(PANEL, _command(COORDINATOR, begin), who)
    dates.publish(series_id, begin.date(), UNTIL, _command(COORDINATOR, begin), who)
    case_id = _referred(PLACED, date(2026, 9, 4), "ks3", "return")
    _placed(case_id, centre)
    _attended(case_id, until)
    waits = _referred(WAITS, date(2026, 10, 19), "ks4", "post_16")
    answers: JsonObject = {"place_decision": "wait", "key_stage": "ks4", "reason": "A place is free after Christmas."}
    _do(waits, "offer_place", COORDINATOR, date(2026, 11, 5), answers)
    sweep(until, as_they_were_due=True)  # what fell due meanwhile was told then


def _referred(pupil_id: str, first: date, stage: str, goal: str) -> str:
    """From raising a pupil to the decision of the panel; the case."""
    pupil = next(one for one in northmere().pupils if one.id == pupil_id)
    raised: JsonObject = {
        "key_stage": stage,
        "reason": "Three suspensions since the summer term, and each one was longer than the one before.",
        "tried": "A key adult every morning, a shorter day in June, and two reviews of the plan.",
        "agreement": "yes",
        "given_by": pupil.parents[0].name,
        "given_on": first.isoformat(),
    }
    case_id = _raised(pupil, raised, first)
    later = [first + timedelta(days=number) for number in (3, 7, 11)]
    advice = "Write the full referral, with the readiness scale."
    _do(case_id, "signpost", COORDINATOR, later[0], {"signpost": "refer", "advice": advice})
    referral: JsonObject = {
        "referred": "yes",
        "key_stage": stage,
        "plan_type": "send",
        "goal": goal,
        "readiness": SCORES,
        "readiness_points": 156,
    }
    _do(case_id, "refer_in_full", SENCO, later[1], referral)
    decided: JsonObject = {
        "decided_on": later[2].isoformat(),
        "panel_decision": "full_time",
        "reason": "A small group for a term, with reading every day.",
    }
    _do(case_id, "decide_at_panel", COORDINATOR, later[2], decided)
    return case_id


def _raised(pupil: DemoPupil, answers: JsonObject, on: date) -> str:
    names = ("key_stage", "agreement")
    new = NewCase(KEY, pupil.id, pupil.school, answers, {one: answers[one] for one in names})
    case_id = start(new, _command(SENCO, _at(on))).case_id
    db.session.rollback()
    return case_id


def _placed(case_id: str, centre: str) -> None:
    """From the offer to the first weeks at the centre."""
    offer: JsonObject = {
        "place_decision": "offer",
        "key_stage": "ks3",
        "centre": centre,
        "place_type": "quota",
        "first_day": "2026-10-05",
        "last_day": "2026-12-18",
        "pattern": list(SESSIONS),
        "premium": 1075,
        "top_up": 0,
    }
    meeting: JsonObject = {
        "met_on": "2026-09-24",
        "admission_agreed": "yes",
        "pupil_view": "Wants to keep football on Fridays at school.",
        "parent_view": "Hopes for a calmer term, and wants a call each week.",
    }
    contacts: JsonObject = {
        "dsl_school_name": "Solomon Wiklund",
        "dsl_school_phone": "01632 960011",
        "dsl_school_email": "solomon.wiklund@northmere.example",
        "dsl_centre_name": "Dragan Whitlocke",
        "dsl_centre_phone": "01632 960012",
        "dsl_centre_email": "dragan.whitlocke@northmere.example",
        "risk": "Walks out when there is shouting. Staff go along and call the school.",
        "assessed_on": "2026-09-29",
    }
    duties = ["roll", "send", "safeguarding", "attendance", "inspection"]
    steps: tuple[tuple[str, str, date, JsonObject], ...] = (
        ("offer_place", COORDINATOR, date(2026, 9, 18), offer),
        ("admission", COORDINATOR, date(2026, 9, 24), meeting),
        (
            "sign_school",
            HEAD,
            date(2026, 9, 25),
            {
                "school_signs": "yes",
                "duties": list(duties),
                "school_signed_by": "Parveen MacAllister",
                "school_signed_on": "2026-09-25",
            },
        ),
        (
            "sign_partnership",
            COORDINATOR,
            date(2026, 9, 28),
            {"signed_by": "Ffion Harrowgate-Osei", "signed_on": "2026-09-28"},
        ),
        ("give_contacts", LEAD, date(2026, 9, 29), contacts),
        (
            "induction",
            MANAGER,
            date(2026, 10, 2),
            {"inducted_on": "2026-10-02", "note": "Saw the workshop and met the group."},
        ),
        ("begin", STAFF, date(2026, 10, 5), {"begun": "yes", "started_on": "2026-10-05"}),
    )
    for element, person, on, answers in steps:
        _do(case_id, element, person, on, answers)


def _attended(case_id: str, until: datetime) -> None:
    """Marks of the two weeks before the demonstration begins; today is not marked yet."""
    for back in range(14, 0, -1):
        day = until.date() - timedelta(days=back)
        code = "late" if day.weekday() == 0 else "present"
        try:
            attendance.mark(case_id, day, {"am": code, "pm": "present"}, _command(STAFF, _at(day)))
        except attendance.NotExpected:
            continue  # no day on which the centre is open


def _do(case_id: str, element: str, person_id: str, on: date, answers: JsonObject) -> None:
    """Answer the open task as its form asks. Raises NotLived where the form refuses it."""
    at = _at(on)
    db.session.rollback()
    line = next(one for one in work.of_case(reading(), case_id) if one.element == element)
    case = cases.by_reference(reading(), case_id)
    assert case is not None
    desk = tasks.desk(line, case, at)
    given = Given(forms.as_submitted(desk.form, answers), late="entry" if desk.is_late else "")
    answered = tasks.hand_in(desk, given, _reader(person_id, at), _command(person_id, at))
    if isinstance(answered, Refused):
        raise NotLived(f"{element}: {answered.summary}")


def _at(on: date) -> datetime:
    return datetime.combine(on, time(10, 15), LONDON).astimezone(UTC)


def _reader(person_id: str, at: datetime) -> Reader:
    person = people.one(reading(), person_id)
    if person is None:
        raise LookupError(f"Expected {person_id} in the demonstration")
    return Reader(person, organisations.tree(reading()), at.date())


def _command(person_id: str, at: datetime) -> Command:
    person = next(one.person for one in northmere().people if one.person.id == person_id)
    held = next(one for one in person.memberships if one.role == ROLES[person_id])
    return Command(Actor(person.id, person.name, held.role, held.organisation), at)
