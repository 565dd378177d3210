"""A small world that the tests of access share: two authorities under one board, and people to put into it."""

from dataclasses import replace
from datetime import date

from app.access import CaseFacts, Membership, Organisation, OrganisationTree, Person, Reader

TODAY = date(2026, 11, 2)

TREE = OrganisationTree(
    [
        Organisation(id="board", name="County Board", kind="board"),
        Organisation(id="north", name="North", kind="authority", parent="board"),
        Organisation(id="panel", name="Review Panel", kind="panel", parent="north"),
        Organisation(id="hills", name="Hills", kind="district", parent="north"),
        Organisation(id="hills-forum", name="Hills Forum", kind="forum", parent="hills"),
        Organisation(id="hills-partnership", name="Hills Partnership", kind="partnership", parent="hills"),
        Organisation(id="beacon", name="Beacon School", kind="school", parent="hills-partnership"),
        Organisation(id="coast", name="Coast", kind="district", parent="north"),
        Organisation(id="harbour", name="Harbour School", kind="school", parent="coast"),
        Organisation(id="south", name="South", kind="authority", parent="board"),
        Organisation(id="meadow", name="Meadow School", kind="school", parent="south"),
    ]
)

#: where a role of each kind of organisation is held in these tests
AT = {
    "school": "beacon",
    "forum": "hills-forum",
    "partnership": "hills-partnership",
    "district": "hills",
    "authority": "north",
    "board": "board",
    "panel": "panel",
}


def reader_with(*roles: tuple[str, str], person_id: str = "reader", on: date = TODAY) -> Reader:
    """Somebody who holds these (role, organisation) without end."""
    memberships = tuple(Membership(role, organisation) for role, organisation in roles)
    return Reader(Person(id=person_id, name="Reader", memberships=memberships), TREE, on)


def case_at(school: str, **facts: object) -> CaseFacts:
    """A case of that school."""
    return replace(CaseFacts(case_id="case", school=school, process="graduated-approach"), **facts)
