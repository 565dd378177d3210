"""A demonstration as a newcomer finds it: cases at different stages, a clock, sign-in without a password, all kept."""

import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.pages import web_application

from app.__main__ import commands
from app.access.people import Reader
from app.access.scopes import CaseScope, case_scope
from app.cases.case_clock import clock
from app.casework.demo import seeding
from app.casework.demo.authority import larkhaven, northmere
from app.cli import making
from app.config import Settings
from app.serving import as_it_is
from app.store.db import db, reading
from app.store.queries import cases, dues, organisations, work


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The whole demonstration: made once, its cases played through the real process."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    making.make_demonstration(Settings(data_dir=folder))
    return as_it_is(Settings(data_dir=folder, fast_commits=True))


@pytest.fixture
def client(made: Settings):
    app = web_application(made)
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def everything():
    scope = CaseScope("tests", authorities_all=frozenset({"northmere"}))
    return cases.visible(reading(), scope, clock().today(), limit=100)


def open_elements() -> dict[str, list[str]]:
    return {one.pupil_id: [task.element for task in work.of_case(reading(), one.id)] for one in everything()}


def test_it_holds_twenty_five_cases_at_different_stages(client):
    found, today = everything(), clock().today()
    assert Counter(one.process_key for one in found) == {"graduated-approach": 25, "partnership-placement": 2}
    assert {one.outcome for one in found if one.status == "closed"} >= {
        "Outcomes met",
        "Parents and school agreed to stop",
        "Referred on",
        "Pupil moved",
        "EHC plan issued",
    }
    assert len({one.school for one in found}) == 5
    late = [one for one in found for task in work.of_case(reading(), one.id) if task.due_on and task.due_on < today]
    assert len(late) >= 3


def test_it_holds_the_case_that_every_role_needs(client):
    waiting = open_elements()
    assert "agree_tier" in waiting["pupil-13"]
    assert "consider_safeguarding" in waiting["pupil-17"]
    assert "explain_withdrawal" in waiting["pupil-08"]
    assert "describe_class" in waiting["pupil-11"] or "assess" in waiting["pupil-11"]
    reviews = [
        (timer.due_at - seeding.DEMO_START).days
        for one in everything()
        for timer in dues.timers_of(reading(), one.id)
        if timer.element == "review_date_reached"
    ]
    assert any(0 <= days <= 14 for days in reviews)


def test_nothing_is_due_before_the_demonstration_begins(client):
    assert dues.due_timers(reading(), seeding.DEMO_START, 10) == []
    assert dues.due_rungs(reading(), seeding.DEMO_START, 10) == []
    assert clock().today() == seeding.DEMO_START.date()


def test_the_city_lives_by_the_same_processes_under_its_own_names(client):
    scope = CaseScope("tests", authorities_all=frozenset({"larkhaven"}))
    found = cases.visible(reading(), scope, clock().today(), limit=100)
    waiting = {one.pupil_id: [task.element for task in work.of_case(reading(), one.id)] for one in found}

    assert len(found) == 7
    assert {one.outcome for one in found if one.status == "closed"} == {"Outcomes met", "Referred on"}
    assert "agree_tier" in waiting["lark-03"]
    assert client.post("/demo/sign-in", data={"person": "henrietta.oduyale"}).status_code == 303
    task = next(one for case in found for one in work.of_case(reading(), case.id) if one.element == "agree_tier")
    page = client.get(f"/tasks/{task.task_id}").text
    assert "Level 3: help that was planned and is reviewed" in page
    assert "Tier 3" not in page


def test_nobody_of_one_authority_sees_a_case_of_the_other(client):
    today, tree = clock().today(), organisations.tree(reading())
    everyone = {"northmere": northmere(), "larkhaven": larkhaven()}
    seen: dict[str, int] = {}
    for authority, known in everyone.items():
        for one in known.people:
            reader = Reader(one.person, tree, today)
            found = cases.visible(reading(), case_scope(reader), today, limit=200)
            assert {tree.authority_of(case.school) for case in found} <= {authority}, one.person.id
            seen[authority] = seen.get(authority, 0) + len(found)
    assert min(seen.values()) > 10

    for person, reference in (("maeve.sundaresan", "larkhaven"), ("kerensa.ogunwhite", "northmere"),
                              ("fabian.owusuthorpe", "northmere"), ("ghislaine.trevanion", "northmere")):  # fmt: skip
        scope = CaseScope("tests", authorities_all=frozenset({reference}))
        other = cases.visible(reading(), scope, today, limit=1)[0]
        client.post("/demo/sign-in", data={"person": person})
        assert client.get(f"/cases/{other.reference}").status_code == 404


def test_everybody_can_be_chosen_without_a_password(client):
    page = client.get("/sign-in").text
    offered = set(re.findall(r'<option value="([^"]+)"', page))
    assert offered >= {one.person.id for one in (*northmere().people, *larkhaven().people)}
    assert client.post("/demo/sign-in", data={"person": "maeve.sundaresan"}).status_code == 303


def test_every_row_is_as_the_journal_says(made: Settings):
    words = ("--data", str(made.data_dir))
    assert CliRunner().invoke(commands, ["projection", "rebuild", "--check", *words]).exit_code == 0
    assert CliRunner().invoke(commands, ["case", "verify", "--all", *words]).exit_code == 0


def test_an_interrupted_making_is_begun_again(tmp_path: Path):
    # given what an interruption leaves
    (tmp_path / making.ASIDE).mkdir()
    (tmp_path / making.ASIDE / "waymark.db").write_bytes(b"half a database")
    # when it is made again, here with no case
    making.make_demonstration(Settings(data_dir=tmp_path), chosen=seeding.stories()[:1])
    # then it is whole, and nothing is left beside it
    assert sorted(one.name for one in tmp_path.iterdir()) == ["kek", "keys.db", "signing", "waymark.db"]
    assert as_it_is(Settings(data_dir=tmp_path)).demo


def test_keys_of_another_installation_are_never_replaced(tmp_path: Path):
    (tmp_path / "kek").write_bytes(b"precious")
    with pytest.raises(Exception, match="kek"):
        making.make_demonstration(Settings(data_dir=tmp_path))
    assert (tmp_path / "kek").read_bytes() == b"precious"
