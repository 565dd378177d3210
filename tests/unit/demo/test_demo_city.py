"""The second invented authority is whole, is nobody real, and shares nothing with the first but the processes."""

import re
from datetime import date

import pytest
from stdnum.exceptions import InvalidComponent
from stdnum.gb import upn

from app.access import OrganisationTree, Reader
from app.calendars import reference_calendar
from app.casework.demo.authority import CITY_CODE, DemoAuthority, DemoPupil, larkhaven, northmere
from app.casework.demo.stories import larkhaven_stories

CITY, COUNTY = larkhaven(), northmere()
SCHOOLS = [one for one in CITY.organisations if one.kind == "school"]
TODAY = date(2026, 11, 2)


def holders(role: str, organisation: str) -> list[str]:
    readers = [Reader(one.person, CITY.tree, TODAY) for one in CITY.people]
    return [reader.id for reader in readers if role in reader.roles_at(organisation)]


def phones(authority: DemoAuthority) -> list[str]:
    return [parent.phone for one in authority.pupils for parent in one.parents]


def test_it_is_organised_in_another_way_than_the_county() -> None:
    assert {reference_calendar(one.calendar or "").terms_in_year for one in SCHOOLS} == {3}
    assert all(holders(role, "larkhaven") for role in ("GWPRI", "GWSEC", "GWADM", "TSLD", "CSENCO"))
    assert all(holders("LSENCO", one) for one in ("larkhaven-north", "larkhaven-south"))
    assert all(holders("FCHAIR", one.id) for one in CITY.organisations if one.kind == "forum")
    assert len(holders("POWN", "larkhaven")) == 2


@pytest.mark.parametrize("role", ["TEACH", "SENCO", "HT", "DSL", "GOVCLK"])
@pytest.mark.parametrize("school", [one.id for one in SCHOOLS])
def test_every_school_has_somebody_for_every_lane(school: str, role: str) -> None:
    assert holders(role, school)


@pytest.mark.parametrize("pupil", CITY.pupils, ids=lambda pupil: pupil.id)
def test_a_pupil_is_nobody_real_and_fits_the_school(pupil: DemoPupil) -> None:
    assert pupil.upn[1:4] == CITY_CODE == pupil.record()["home_la"]
    assert upn.calc_check_digit(pupil.upn[1:]) == pupil.upn[0]
    with pytest.raises(InvalidComponent):
        upn.validate(pupil.upn)
    assert pupil.year_group in CITY.years[pupil.school]
    assert pupil.teacher in holders("TEACH", pupil.school)
    assert all(parent.phone.startswith("01632 960") for parent in pupil.parents)
    assert all(parent.email.endswith("@example.org") for parent in pupil.parents)


def test_nothing_of_the_two_is_the_same() -> None:
    for ours, theirs in (
        ([one.id for one in CITY.organisations], [one.id for one in COUNTY.organisations]),
        ([one.person.id for one in CITY.people], [one.person.id for one in COUNTY.people]),
        ([one.person.name for one in CITY.people], [one.person.name for one in COUNTY.people]),
        ([one.id for one in CITY.pupils], [one.id for one in COUNTY.pupils]),
        ([one.name for one in CITY.pupils], [one.name for one in COUNTY.pupils]),
        ([one.upn for one in CITY.pupils], [one.upn for one in COUNTY.pupils]),
        (
            [p.phone for one in CITY.pupils for p in one.parents],
            [p.phone for one in COUNTY.pupils for p in one.parents],
        ),
        ([one.urn for one in SCHOOLS], [one.urn for one in COUNTY.organisations if one.kind == "school"]),
    ):
        assert len(set(ours)) == len(ours)
        assert not set(ours) & set(theirs)


def test_every_membership_counts_and_reaches_nothing_of_the_other() -> None:
    both = OrganisationTree((*CITY.organisations, *COUNTY.organisations))
    for people, others in ((CITY.people, COUNTY.organisations), (COUNTY.people, CITY.organisations)):
        for one in people:
            reader = Reader(one.person, both, TODAY)
            assert reader.memberships == one.person.memberships
            held = {membership.organisation for membership in reader.memberships}
            assert not any(both.covers(place, other.id) for place in held for other in others)


def test_schools_have_numbers_out_of_use() -> None:
    for school in SCHOOLS:
        assert re.fullmatch(r"9998\d\d", school.urn or "")
        assert re.fullmatch(rf"{CITY_CODE}\d{{4}}", school.laestab or "")


def test_every_story_is_about_a_pupil_of_the_city() -> None:
    assert {one.pupil for one in larkhaven_stories()} <= {one.id for one in CITY.pupils}
    assert len({one.pupil for one in larkhaven_stories()}) == len(larkhaven_stories()) == 7
