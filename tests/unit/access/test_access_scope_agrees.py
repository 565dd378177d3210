"""Lists and pages cannot disagree: what a scope includes is exactly what a decision allows.

Thousands of random worlds from fixed seeds; a failure prints the seed with the reader and the object.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from access_world import TODAY

from app.access import (
    ROLES,
    Action,
    CaseFacts,
    Membership,
    Organisation,
    OrganisationTree,
    Person,
    Reader,
    TaskFacts,
    case_scope,
    decide,
    task_scope,
)

SEEDS = range(6)
ROUNDS = 700
PEOPLE = ("reader", "ines", "tomasz")
CODES = sorted(ROLES)
#: kinds of meetings that look at cases
KINDS = ("forum", "gateway-panel", "area-panel", "fair-access-panel", "lmg")
#: kinds of parent that each kind of organisation may lie in
ABOVE = {
    "authority": ("board",),
    "district": ("authority",),
    "partnership": ("district", "authority"),
    "forum": ("district", "partnership"),
    "school": ("partnership", "district", "authority"),
    "panel": ("authority",),
}


def random_tree(random: Random) -> OrganisationTree:
    organisations = [Organisation(id="board-0", name="Board", kind="board")]
    for kind, above in ABOVE.items():
        for number in range(random.randint(1, 3)):
            parent = random.choice([one.id for one in organisations if one.kind in above])
            ended = TODAY - timedelta(days=1) if random.random() < 0.05 else None
            organisations.append(
                Organisation(id=f"{kind}-{number}", name=kind, kind=kind, parent=parent, active_to=ended)
            )
    return OrganisationTree(organisations)


def random_membership(random: Random, tree: OrganisationTree) -> Membership:
    role = random.choice(CODES)
    places = [one.id for one in tree.organisations if one.kind in ROLES[role].acts_at or random.random() < 0.05]
    since = random.choice([None, None, date(2026, 9, 1), TODAY, TODAY + timedelta(days=1)])
    until = random.choice([None, None, None, TODAY, TODAY - timedelta(days=1)])
    return Membership(role, random.choice(places or ["nowhere"]), since, until)


def random_reader(random: Random) -> Reader:
    tree = random_tree(random)
    memberships = tuple(random_membership(random, tree) for _ in range(random.randint(1, 3)))
    return Reader(Person("reader", "Reader", memberships, is_active=random.random() < 0.95), tree, TODAY)


def some(random: Random, values: list[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(random.sample(list(values), random.choice([0, 0, 1])))


def random_case(random: Random, reader: Reader) -> CaseFacts:
    schools = sorted(reader.tree.schools("board-0"))
    held = [(one.role, one.organisation) for one in reader.person.memberships]
    own = [organisation for _, organisation in held]
    near = [school for place in own if place in reader.tree for school in sorted(reader.tree.schools(place))]
    school = random.choice(near or schools) if random.random() < 0.8 else random.choice(schools)
    lanes = [*held, ("TEACH", school), ("SENCO", school)]
    return CaseFacts(
        case_id="case",
        school=school,
        process=random.choice(["graduated-approach", "exclusion"]),
        named_people=some(random, PEOPLE[:2]),
        pupil_school=random.choice([None, school, *schools]),
        shared_with=some(random, own),
        invited=some(random, PEOPLE[:2]),
        packs=frozenset(random.sample([(who, kind, at) for who in PEOPLE for kind in KINDS for at in own], 3)),
        listed=frozenset(random.sample([(kind, at) for kind in KINDS for at in own], random.choice([0, 1]))),
        open_lanes=frozenset(random.sample(lanes, random.choice([0, 0, 1]))),
        is_overdue=random.random() < 0.3,
        is_escalated=random.random() < 0.3,
        has_restricted=random.random() < 0.3,
        is_sharing_stopped=random.random() < 0.3,
        revealed_to=some(random, PEOPLE[:2]),
    )


def random_task(random: Random, reader: Reader) -> TaskFacts:
    held = random.choice(reader.person.memberships)
    roles = {held.role} if random.random() < 0.7 else set()
    places = [None, *(one.id for one in reader.tree.organisations)]
    return TaskFacts(
        case=random_case(random, reader),
        roles=frozenset(roles | {random.choice(CODES)}),
        organisation=held.organisation if random.random() < 0.8 else random.choice(places),
        is_restricted=random.random() < 0.3,
        assignee=random.choice([None, *PEOPLE]),
    )


def random_readers(seed: int) -> Iterator[tuple[Random, Reader]]:
    random = Random(seed)
    for _ in range(ROUNDS):
        yield random, random_reader(random)


@pytest.mark.parametrize("action", [Action.SEE_CASE, Action.SEE_PACK, Action.ADD_NOTE, Action.VERIFY_CASE])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_is_in_the_scope_exactly_when_the_decision_allows_it(seed: int, action: Action) -> None:
    for random, reader in random_readers(seed):
        # given
        case = random_case(random, reader)

        # when
        scope = case_scope(reader, action)
        verdict = decide(reader, action, case)

        # then
        assert scope.includes(case, reader.tree) == verdict.allowed, (seed, reader.memberships, case)
        assert not (scope.is_empty and verdict.allowed), (seed, reader.memberships, case)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_case_is_masked_in_the_scope_exactly_when_the_decision_masks_it(seed: int) -> None:
    for random, reader in random_readers(seed):
        # given
        case = random_case(random, reader)

        # when
        scope = case_scope(reader)
        verdict = decide(reader, Action.SEE_CASE, case)

        # then
        assert scope.masks(case, reader.tree) == verdict.is_masked, (seed, reader.memberships, case)
        assert scope.masked or not verdict.is_masked, (seed, reader.memberships, case)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_task_is_in_the_scope_exactly_when_it_may_be_done_or_reassigned(seed: int) -> None:
    for random, reader in random_readers(seed):
        # given
        task = random_task(random, reader)

        # when
        scope = task_scope(reader)

        # then
        may_do = decide(reader, Action.DO_TASK, task).allowed
        assert scope.includes(task) == may_do, (seed, reader.memberships, task)
        assert decide(reader, Action.CLAIM_TASK, task).allowed == may_do
        assert decide(reader, Action.SEE_TASK, task).allowed or not may_do
        assert scope.is_led(task, reader.tree) == decide(reader, Action.REASSIGN_TASK, task).allowed, (seed, task)
