"""The coordinator's page and the register: numbers and the cases behind them, marks, who is told, who sees it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from support import partnership
from support.installation import NOW
from support.partnership import CENTRE, asked, decide, wanted

from app.cases import attendance, rebuilding
from app.cases.attendance import NotExpected
from app.cases.command import Command
from app.model.actor import WORKER
from app.store.db import db, reading
from app.store.queries import placements
from app.store.tables import told

ClientOf = Callable[[str], FlaskClient]
#: in November England has the time of UTC
THREE = datetime(2026, 11, 2, 15, tzinfo=UTC)
TODAY = NOW.date()
MORNINGS = [f"{day}_am" for day in ("mon", "tue", "wed", "thu", "fri")]


@pytest.fixture
def placed(client_of: ClientOf) -> tuple[str, str, str]:
    """Two pupils at a centre of two places, all week and in the mornings, and one who waits. Monday 2 November 2026."""
    partnership.prepare()
    partnership.a_centre(places={"ks3": "2", "ks4": "1"})
    partnership.a_quota(places=2)
    first, second, third = wanted(), wanted("pupil2"), wanted("pupil3", "harbour")
    decide(first, asked())
    decide(second, asked(place_type="quota", pattern=MORNINGS, premium=1075))
    decide(third, asked(place_decision="wait"))
    return first, second, third


def marks_of(case_id: str, day: date = TODAY) -> dict[str, str]:
    db.session.rollback()
    found = placements.marks(reading(), [case_id], day, day)
    return {part: code for (_, _, part), code in found.items()}


def told_to() -> dict[str, list[str]]:
    db.session.rollback()
    rows = reading().execute(sa.select(told.c.person_id, told.c.sentence).where(told.c.kind == "attendance"))
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row.sentence)
    return found


def test_every_number_is_on_the_page_and_opens_the_cases_behind_it(
    client_of: ClientOf, placed: tuple[str, str, str]
) -> None:
    coordinator = client_of("coordinator")

    page = coordinator.get("/places", follow_redirects=True).text

    assert "Places of North Partnership" in page
    assert f'of=taken:{CENTRE}:ks3">1½<' in page
    assert 'of=quota:beacon">½<' in page
    # a day of the additional place; half a day of the other: 6,210 * 0.5 / 190 = 16.342…, 1,075 * 0.5 / 190 = 2.828…
    assert '£<a class="govuk-link" href="/places/partners/cases?of=costs">119.17<' in page
    # 20 days at 100.00, and 10 of 190: 326.84 + 56.58
    assert "£2,383.42 as agreed" in page
    assert 'of=additional">100.00<' in page
    assert 'of=expected">2<' in page
    assert 'of=missing">3<' in page
    assert 'of=waiting">1<' in page
    for of, names in {
        f"taken:{CENTRE}:ks3": {"Zadie Thornbury", "Yusuf Applegarth"},
        "quota:beacon": {"Yusuf Applegarth"},
        "additional": {"Zadie Thornbury"},
        "waiting": {"Xanthe Coldwell"},
        "away": set(),
    }.items():
        text = coordinator.get("/places/partners/cases", query_string={"of": of}).text
        everybody = ("Zadie Thornbury", "Yusuf Applegarth", "Xanthe Coldwell")
        assert {one for one in everybody if one in text} == names
    assert coordinator.get("/places/partners/cases?of=anything").status_code == 404
    case = coordinator.get("/places/partners/cases?of=additional").text.split('href="/cases/')[1].split('"')[0]
    assert coordinator.get(f"/cases/{case}").status_code == 200


def test_only_the_partnerships_own_people_see_places_and_staff_only_the_register(
    client_of: ClientOf, placed: tuple[str, str, str]
) -> None:
    for who in ("senco", "head", "sys", "panel", "service-head"):
        assert client_of(who).get("/places").status_code == 403
        assert client_of(who).get("/places/partners/register").status_code == 403
    marker = client_of("marker")
    assert marker.get("/places").headers["Location"].endswith("/places/partners/register")
    assert marker.get("/places/partners/register").status_code == 200
    assert marker.get("/places/partners").status_code == 403
    assert marker.get("/places/partners/cases?of=costs").status_code == 403
    assert client_of("coordinator").get("/places/elsewhere").status_code == 404


def test_marks_are_kept_once_changed_when_changed_and_part_of_the_history(
    client_of: ClientOf, placed: tuple[str, str, str]
) -> None:
    first, second, _ = placed
    marker = client_of("marker")
    page = marker.get("/places/partners/register").text
    assert page.count('name="mark-') == 3
    form = {f"mark-{first}-am": "present", f"mark-{first}-pm": "late", f"mark-{second}-am": "", "day": "2026-11-02"}

    kept = [marker.post("/places/partners/register", data={**form, "_key": "k"}) for _ in range(2)]
    again = marker.post("/places/partners/register", data={**form, f"mark-{first}-pm": "ill", "_key": "k2"})

    assert [one.status_code for one in (*kept, again)] == [303, 303, 303]
    assert marks_of(first) == {"am": "present", "pm": "ill"}
    assert marks_of(second) == {}
    history = client_of("coordinator").get(f"/cases/{first}").text
    assert "Pim Garside marked attendance for Mon 2 November 2026: morning present, afternoon late." in history
    assert "Pim Garside marked attendance for Mon 2 November 2026: afternoon ill." in history
    assert rebuilding.check() == []


def test_nothing_is_marked_ahead_outside_the_agreed_sessions_or_on_a_day_the_centre_is_closed(
    client_of: ClientOf, placed: tuple[str, str, str]
) -> None:
    first, second, third = placed
    who = Command(partnership.COORDINATOR, NOW)

    for case_id, day, part in (
        (first, date(2026, 11, 3), "am"),  # tomorrow
        (second, NOW.date(), "pm"),  # mornings only
        (first, date(2026, 10, 30), "am"),  # before the first day, in half-term
    ):
        with pytest.raises(NotExpected):
            attendance.mark(case_id, day, {part: "present"}, who)
    assert client_of("marker").get("/places/partners/register?day=2026-11-03").status_code == 422
    assert "Nobody is expected" in client_of("marker").get("/places/partners/register?day=2026-10-30").text
    assert marks_of(third) == {}


def test_at_three_school_and_coordinator_are_told_once_that_marks_are_missing(placed: tuple[str, str, str]) -> None:
    first, *_ = placed
    attendance.mark(first, NOW.date(), {"am": "present", "pm": "present"}, Command(partnership.COORDINATOR, NOW))

    before = attendance.chase(Command(WORKER, THREE - timedelta(minutes=1)))
    chased = [attendance.chase(Command(WORKER, THREE + timedelta(minutes=number))) for number in (0, 1)]

    assert (before, chased) == (0, [1, 0])
    sentence = "Attendance at Mill Lane is not marked for Mon 2 November 2026, morning."
    assert told_to() == {"dsl": [sentence], "coordinator": [sentence]}
    assert attendance.chase(Command(WORKER, THREE + timedelta(days=1))) == 2
    assert rebuilding.check() == []


def test_the_second_absence_in_a_row_without_a_reason_tells_the_safeguarding_lead(
    placed: tuple[str, str, str],
) -> None:
    _, second, _ = placed
    who = Command(partnership.COORDINATOR, NOW)
    attendance.mark(second, NOW.date(), {"am": "no_reason"}, who)
    assert told_to() == {}

    next_day = Command(partnership.COORDINATOR, NOW + timedelta(days=1))
    attendance.mark(second, date(2026, 11, 3), {"am": "not_allowed"}, next_day)

    # in the mornings only: Monday and Tuesday morning follow each other
    assert told_to() == {"dsl": ["Absent without a reason 2 times in a row until Tue 3 November 2026 at Mill Lane."]}
    attendance.mark(second, date(2026, 11, 4), {"am": "ill"}, Command(partnership.COORDINATOR, NOW + timedelta(days=2)))
    assert len(told_to()["dsl"]) == 1
