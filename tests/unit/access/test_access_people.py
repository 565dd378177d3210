"""Organisations, lanes, and which memberships count on a day."""

from datetime import date

import pytest
from access_world import TODAY, TREE, reader_with

from app.access import ROLES, Membership, Organisation, OrganisationTree, Person, Reader
from app.errors import UnknownKey


def reader_holding(*memberships: Membership, is_active: bool = True, tree: OrganisationTree = TREE) -> Reader:
    return Reader(Person("reader", "Reader", memberships, is_active), tree, TODAY)


def test_the_way_up_starts_at_home_and_ends_at_the_board() -> None:
    assert TREE.home_chain("beacon") == ("beacon", "hills-partnership", "hills", "north", "board")
    assert TREE.ancestors("beacon") == ("hills-partnership", "hills", "north", "board")
    assert TREE.authority_of("beacon") == "north"
    assert TREE.authority_of("board") is None


def test_the_way_down_reaches_every_depth() -> None:
    assert TREE.descendants("hills") == {"hills-forum", "hills-partnership", "beacon"}
    assert TREE.schools("north") == {"beacon", "harbour"}
    assert TREE.schools("beacon") == {"beacon"}


@pytest.mark.parametrize(
    ("word", "school", "holder"),
    [
        ("home", "beacon", "beacon"),
        ("partnership", "beacon", "hills-partnership"),
        ("district", "beacon", "hills"),
        ("authority", "beacon", "north"),
        ("forum", "beacon", "hills-forum"),
        ("partnership", "harbour", None),
        ("forum", "harbour", None),
        ("authority", "meadow", "south"),
    ],
)
def test_a_lane_word_means_an_organisation_of_the_school(word: str, school: str, holder: str | None) -> None:
    assert TREE.holder_of(word, school) == holder


def test_a_lane_word_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownKey, match="the lane says 'galaxy'"):
        TREE.holder_of("galaxy", "beacon")


@pytest.mark.parametrize(
    ("organisations", "sentence"),
    [
        ([Organisation("a", "A", "school", parent="b")], "there is no 'b'"),
        ([Organisation("a", "A", "district", "b"), Organisation("b", "B", "district", "a")], "is above itself"),
        ([Organisation("a", "A", "authority", "b"), Organisation("b", "B", "authority")], "one authority at most"),
    ],
)
def test_a_tree_that_is_none_is_refused(organisations: list[Organisation], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        OrganisationTree(organisations)


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 3), None, False),
        (None, date(2026, 11, 1), False),
        (date(2026, 9, 1), date(2027, 8, 31), True),
    ],
)
def test_a_membership_counts_from_its_first_to_its_last_day(
    since: date | None, until: date | None, counts: bool
) -> None:
    # given
    reader = reader_holding(Membership("SENCO", "beacon", since, until))

    # then
    assert reader.roles_at("beacon") == (frozenset({"SENCO"}) if counts else frozenset())


@pytest.mark.parametrize(
    "membership",
    [
        Membership("SENCO", "north"),
        Membership("HOS", "beacon"),
        Membership("WIZARD", "beacon"),
        Membership("SENCO", "nowhere"),
    ],
)
def test_a_membership_that_cannot_be_gives_nothing(membership: Membership) -> None:
    assert reader_holding(membership).memberships == ()


def test_a_closed_account_gives_nothing() -> None:
    assert reader_holding(Membership("SENCO", "beacon"), is_active=False).memberships == ()


def test_a_school_that_closed_yesterday_gives_nothing() -> None:
    # given
    tree = OrganisationTree([Organisation("old", "Old School", "school", active_to=date(2026, 11, 1))])

    # then
    assert reader_holding(Membership("SENCO", "old"), tree=tree).memberships == ()


def test_a_role_says_itself_with_its_organisation() -> None:
    reader = reader_with(("SENCO", "beacon"))
    assert reader.describe(reader.memberships[0]) == "SENCO at Beacon School"


def test_every_role_has_a_name_and_somewhere_to_act() -> None:
    assert all(role.name and role.acts_at for role in ROLES.values())
    assert {"TEACH", "SENCO", "HOS", "PPANEL", "EHELP", "EYTEAM", "SYS", "POWN", "AUD"} <= set(ROLES)
