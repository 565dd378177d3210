"""Lists and pages cannot disagree: what a scope includes is exactly what a decision allows."""

from collections.abc import Callable
from datetime import date, timedelta

from access_world import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

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

PEOPLE = ("reader", "ines", "tomasz")
#: kinds of parent that each kind of organisation may lie in
ABOVE = {
    "authority": ("board",),
    "district": ("authority",),
    "partnership": ("district", "authority"),
    "forum": ("district", "partnership"),
    "school": ("partnership", "district", "authority"),
    "panel": ("authority",),
}


@st.composite
def trees(draw: Callable[..., object]) -> OrganisationTree:
    organisations = [Organisation(id="board-0", name="Board", kind="board")]
    for kind, above in ABOVE.items():
        for number in range(draw(st.integers(1, 3))):
            parents = [one.id for one in organisations if one.kind in above]
            ends = draw(st.sampled_from([None, None, None, TODAY - timedelta(days=1)]))
            parent = draw(st.sampled_from(parents))
            organisations.append(
                Organisation(id=f"{kind}-{number}", name=kind, kind=kind, parent=parent, active_to=ends)
            )
    return OrganisationTree(organisations)


@st.composite
def readers(draw: Callable[..., object], tree: OrganisationTree) -> Reader:
    dates = st.sampled_from([None, date(2026, 9, 1), TODAY, date(2026, 11, 3)])
    fitting = [(role, one.id) for role in ROLES.values() for one in tree.organisations if one.kind in role.acts_at]
    anything = st.tuples(st.sampled_from(sorted(ROLES)), st.sampled_from([one.id for one in tree.organisations]))
    places = draw(
        st.lists(st.one_of(st.sampled_from([(role.code, org) for role, org in fitting]), anything), max_size=4)
    )
    memberships = tuple(Membership(role, org, draw(dates), draw(dates)) for role, org in places)
    is_active = draw(st.sampled_from([True, True, True, False]))
    return Reader(Person("reader", "Reader", memberships, is_active), tree, TODAY)


@st.composite
def cases(draw: Callable[..., object], reader: Reader) -> CaseFacts:
    organisations = [one.id for one in reader.tree.organisations]
    schools = [one for one in organisations if one.startswith("school")]
    near = sorted({one.organisation for one in reader.person.memberships} & set(schools))
    school = draw(st.sampled_from(near or schools) | st.sampled_from(schools))
    some_people = st.frozensets(st.sampled_from(PEOPLE), max_size=2)
    held = [(one.role, one.organisation) for one in reader.person.memberships]
    lane = st.sampled_from(held) if held else st.tuples(st.just("SENCO"), st.just(school))
    return CaseFacts(
        case_id="case",
        school=school,
        process="graduated-approach",
        named_people=draw(some_people),
        pupil_school=draw(st.sampled_from([None, school, *schools])),
        shared_with=draw(st.frozensets(st.sampled_from(organisations), max_size=2)),
        invited=draw(some_people),
        open_lanes=draw(st.frozensets(lane | st.just(("TEACH", school)), max_size=2)),
        is_overdue=draw(st.booleans()),
        is_escalated=draw(st.booleans()),
        has_restricted=draw(st.booleans()),
        revealed_to=draw(some_people),
    )


@st.composite
def tasks(draw: Callable[..., object], reader: Reader) -> TaskFacts:
    held = [one.role for one in reader.person.memberships]
    role = st.sampled_from(sorted(ROLES))
    organisations = st.sampled_from([None, *(one.id for one in reader.tree.organisations)])
    near = st.sampled_from([one.organisation for one in reader.person.memberships]) if held else organisations
    return TaskFacts(
        case=draw(cases(reader)),
        roles=draw(st.frozensets(st.sampled_from(held) | role if held else role, max_size=2)),
        organisation=draw(near | organisations),
        is_restricted=draw(st.booleans()),
        assignee=draw(st.sampled_from([None, *PEOPLE])),
    )


SCOPED = tuple(
    set(Action) & {Action.SEE_CASE, Action.SEE_PACK, Action.ADD_NOTE, Action.REPLAY_CASE, Action.VERIFY_CASE}
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_case_is_in_the_scope_exactly_when_the_decision_allows_it(data: st.DataObject) -> None:
    # given
    reader = data.draw(trees().flatmap(readers))
    case = data.draw(cases(reader))
    action = data.draw(st.sampled_from(SCOPED))

    # when
    scope = case_scope(reader, action)
    verdict = decide(reader, action, case)

    # then
    assert scope.includes(case, reader.tree) == verdict.allowed
    assert not (scope.is_empty and verdict.allowed)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_case_is_masked_in_the_scope_exactly_when_the_decision_masks_it(data: st.DataObject) -> None:
    # given
    reader = data.draw(trees().flatmap(readers))
    case = data.draw(cases(reader))

    # when
    scope = case_scope(reader)
    verdict = decide(reader, Action.SEE_CASE, case)

    # then
    assert scope.masks(case, reader.tree) == verdict.is_masked
    assert scope.masked or not verdict.is_masked


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_task_is_in_the_scope_exactly_when_it_may_be_done_or_reassigned(data: st.DataObject) -> None:
    # given
    reader = data.draw(trees().flatmap(readers))
    task = data.draw(tasks(reader))

    # when
    scope = task_scope(reader)

    # then
    assert scope.includes(task) == decide(reader, Action.DO_TASK, task).allowed
    assert scope.includes(task) == decide(reader, Action.CLAIM_TASK, task).allowed
    assert scope.is_led(task, reader.tree) == decide(reader, Action.REASSIGN_TASK, task).allowed
    assert decide(reader, Action.SEE_TASK, task).allowed or not scope.includes(task)
