"""What pages hold for whom: no pupil outside one's scope, no restricted word, no name under a mask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from access.table import questions, table
from access.world import FAMILY, HIDDEN_ADDRESS, KEY, NAMES, SECRETS, World
from flask import Flask
from flask.testing import FlaskClient
from support.installation import NOW, PEOPLE, command

from app.cases.events import deliver
from app.cases.origin import Origin
from app.cases.records import write_record
from app.cases.starting import NewCase, start
from app.cases.sweep import sweep
from app.cases.unit import Decision, write
from app.model.actor import Actor
from app.model.entry import StreamId
from app.store.db import db

ClientOf = Callable[[str], FlaskClient]
VIEWS = ("todo", "overdue", "soon", "mine", "team", "waiting", "done")
EVERYBODY = [name for one in NAMES.values() for name in one]
#: names that may stand on any page of theirs; those whose cases the table lists, by hand
SEEN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("senco", "senco2", "head"), NAMES["beacon"]),
    **dict.fromkeys(("teacher", "dsl"), ("Zadie", "Thornbury")),
    "service-head": ("Zadie", "Thornbury", "Vesper", "Lindqvist"),
    "other-senco": NAMES["harbour"],
    "far-senco": NAMES["faraway"],
    "forum-admin": ("Yusuf", "Applegarth"),
}
#: who reads of the family of a pupil with a case at Beacon School
FAMILY_READERS = ("senco", "senco2", "head", "dsl")
#: who starts cases looks pupils of their own school up
FOUND: dict[str, tuple[str, ...]] = {"teacher": NAMES["beacon"], "teacher2": NAMES["beacon"]}


@pytest.mark.parametrize("person", [one for one in table()["people"] if one not in ("senco2", "owner2", "far-senco")])
def test_no_page_names_a_pupil_outside_the_readers_scope_or_tells_of_the_restricted_compartment(
    app: Flask, world: World, client_of: ClientOf, person: str
) -> None:
    client, secrets = client_of(person), SECRETS if person != "dsl" else ()
    for address in _addresses(app, world, person):
        page = client.get(address).text
        may = {*SEEN.get(person, ()), *(FOUND.get(person, ()) if address.startswith("/start/") else ())}
        named = {name for name in EVERYBODY if name in page}
        assert named <= may, f"{address} names {named - may}"
        assert not [word for word in secrets if word in page], address
        assert person in FAMILY_READERS or not [word for word in FAMILY if word in page], address
        assert person == "dsl" or HIDDEN_ADDRESS not in page, address


def test_the_family_is_read_where_it_may_be_and_a_withheld_address_by_the_safeguarding_lead_alone(
    world: World, client_of: ClientOf
) -> None:
    address = f"/cases/{world.references['beacon']}/people"
    for person in FAMILY_READERS:
        page = client_of(person).get(address).text
        assert [word for word in FAMILY if word not in page] == [], person
        assert (HIDDEN_ADDRESS in page) == (person == "dsl"), person
    page = client_of("auditor").get(address).text
    assert "Parent 1" in page
    assert "withheld" in page


def test_the_school_that_a_pupil_left_reads_no_more_of_the_family(world: World, client_of: ClientOf) -> None:
    record = {"upn": None, "name": "Zadie Thornbury", "school": "harbour", "year_group": "3", "born_on": "2019-03-14"}
    write_record(StreamId("pupil", "pupil1"), "pupil-recorded", {"pupil": record}, command())
    reference = world.references["beacon"]
    for person in ("senco", "head", "dsl"):
        client = client_of(person)
        assert client.get(f"/cases/{reference}").status_code == 200
        assert not [word for word in FAMILY if word in client.get(f"/cases/{reference}").text], person
        assert client.get(f"/cases/{reference}/people").status_code == 403, person


def test_the_safeguarding_lead_reads_the_restricted_compartment(world: World, client_of: ClientOf) -> None:
    client = client_of("dsl")
    pages = client.get(f"/cases/{world.references['beacon']}").text + client.get(f"/tasks/{world.tasks['dsl']}").text
    assert [word for word in SECRETS if word not in pages] == []


def test_a_reveal_unmasks_one_case_for_one_auditor_and_nothing_restricted(
    app: Flask, world: World, client_of: ClientOf
) -> None:
    client = client_of("auditor")
    _reveal(client, world)
    for address in _addresses(app, world, "auditor"):
        page = client.get(address).text
        others = [name for name in EVERYBODY if name in page and name not in ("Zadie", "Thornbury")]
        assert not others, address
        assert not [word for word in SECRETS if word in page], address
    assert "Zadie Thornbury" in client.get(f"/cases/{world.references['beacon']}").text


def test_the_masks_of_an_auditor_cover_what_families_and_files_are_called(world: World, client_of: ClientOf) -> None:
    client, reference = client_of("auditor"), world.references["beacon"]
    for address in (f"/cases/{reference}", f"/cases/{reference}/evidence.json", f"/started/{reference}"):
        page = client.get(address).text
        assert "Zadie" not in page
        assert f"Pupil {reference[4:]}" in page, address


@pytest.mark.parametrize("person", ["locality", "owner1", "sys", "teacher2", "auditor"])
def test_notices_of_what_is_late_name_nobody_to_people_without_the_case(client_of: ClientOf, person: str) -> None:
    sweep(NOW.replace(month=12), as_they_were_due=True)
    client = client_of(person)
    pages = client.get("/notices").text + client.get("/inbox").text
    assert not [name for name in EVERYBODY if name in pages]


@pytest.mark.parametrize(
    ("person", "elsewhere"),
    [
        ("senco", ("harbour", "faraway")),
        ("teacher2", ("beacon", "harbour", "faraway")),
        ("other-senco", ("beacon", "faraway")),
        ("auditor", ("faraway",)),
        ("owner1", ("faraway",)),
    ],
)
def test_lists_counts_and_tags_do_not_tell_of_cases_elsewhere(
    world: World, client_of: ClientOf, person: str, elsewhere: tuple[str, ...]
) -> None:
    client = client_of(person)
    before = _lists(client)
    for school in elsewhere:
        _start_at(school)
    assert _lists(client) == before


def test_work_done_before_leaves_with_the_role_it_was_done_in(world: World, client_of: ClientOf) -> None:
    assert "Zadie" in client_of("senco").get("/inbox?view=done").text
    held = [{"role": "SENCO", "organisation": "harbour"}]
    record = {"user_name": "senco", "name": PEOPLE["senco"][0], "is_active": True, "memberships": held}
    write_record(StreamId("person", "senco"), "person-recorded", {"person": record}, command())
    for view in VIEWS:
        assert "Zadie" not in client_of("senco").get(f"/inbox?view={view}").text, view
    assert "Zadie" not in client_of("senco").get("/notices").text


def test_a_teacher_who_covers_finds_the_case_in_the_list_while_the_task_is_theirs(
    world: World, client_of: ClientOf
) -> None:
    teacher2, reference = client_of("teacher2"), world.references["beacon"]
    assert reference not in teacher2.get("/cases").text
    client_of("head").post(f"/tasks/{world.tasks['class view']}/reassign", data={"to_person": "teacher2"})
    assert reference in teacher2.get("/cases").text
    assert teacher2.get(f"/cases/{reference}").status_code == 200


def _addresses(app: Flask, world: World, person: str) -> Iterator[str]:
    """Every page the table gives the person, and every way to narrow a list or look into the past."""
    asked = questions(app.url_map, world, person)
    skipped = ("static", "processes.scenarios", "modeler.review")  # seconds of scenarios, and none of them reads a case
    yield from (one.address for one in asked if one.expected == "yes" and one.is_safe and one.endpoint not in skipped)
    yield from (f"/inbox/fragment?view={view}&sort=pupil" for view in VIEWS[1:])
    for name in ("Zadie", "Yusuf", "Xanthe", "Wilf"):
        half = name[:4].lower() if len(name) > 4 else name[:3].lower()  # the page repeats what was looked for
        yield from (f"/inbox/fragment?q={half}", f"/cases?status=&search={half}", f"/start/{KEY}?q={half}")
    if person in SEEN:
        yield from (f"/cases/{reference}?timeline=all" for reference in world.references.values())
    if person == "auditor":
        yield f"/cases/{world.references['beacon']}?timeline=all"
        yield from (f"/cases/{world.references['beacon']}/replay/entries/{n}" for n in range(2, 14))


def _reveal(client: FlaskClient, world: World) -> None:
    address = f"/cases/{world.references['beacon']}/reveal"
    assert client.post(address, data={"reason": "Complaint 12 of the family"}).status_code == 303


def _lists(client: FlaskClient) -> list[str]:
    pages = [f"/inbox/fragment?view={view}" for view in VIEWS]
    pages += ["/inbox", "/cases", "/cases?status=&search=", "/notices", "/processes", f"/processes/{KEY}"]
    db.session.rollback()
    return [f"{(got := client.get(page)).headers.get('ETag')} {_steady(got.text)}" for page in pages]


def _steady(page: str) -> str:
    """Without what differs from request to request."""
    page = re.sub(r'<section class="wm-banner".*?</section>', "", page, flags=re.DOTALL)
    return re.sub(r'(nonce|content|value)="[^"]*"', "", page)


def _start_at(school: str) -> None:
    record = {"upn": None, "name": "Thaddeus Elsewhere", "school": school, "year_group": "3", "born_on": "2019-03-14"}
    write_record(StreamId("pupil", f"new-{school}"), "pupil-recorded", {"pupil": record}, command())
    answers = {"concern_areas": ["semh"], "raised_by": "staff", "safeguarding_concern": "no", "description": "Loud"}
    new = NewCase(KEY, f"new-{school}", school, answers, {"concern_areas": ["semh"], "safeguarding_concern": "no"})
    start(new, command(Actor("operator", "operator", "SENCO", school)))


def test_whoever_sees_one_of_two_linked_cases_learns_nothing_of_the_other(world: World, client_of: ClientOf) -> None:
    # given that a case at one school told a case at another something, and asked for it
    here, there = world.references["beacon"], world.references["harbour"]
    origin = Origin(world.cases["beacon"], 3, 0, "advice.received")
    deliver(world.cases["harbour"], "advice.received", {"from": "a colleague"}, command(), origin)
    sent = {"passed": [{"message": "advice.received", "to": [{"case": world.cases["harbour"], "role": "told"}]}]}

    def said(_work: object) -> Decision:
        return Decision("message-passed-on", meta={"seq": 3}, content=sent)

    write(world.cases["beacon"], command(), "pass-on", [3], said)
    # when those of either school read theirs
    pages = {
        "senco": client_of("senco").get(f"/cases/{here}?timeline=all").text,
        "teacher": client_of("teacher").get(f"/cases/{here}?timeline=all").text,
        "other-senco": client_of("other-senco").get(f"/cases/{there}?timeline=all").text,
    }
    # then they read that there is another case, and nothing of it
    for person, page in pages.items():
        hidden = there if person != "other-senco" else here
        assert "a case you may not see" in page.lower(), person
        assert hidden not in page, person
        assert world.cases["harbour" if hidden == there else "beacon"] not in page, person
    for name in NAMES["beacon"]:
        assert name not in pages["other-senco"]
    # and an auditor of the authority, who sees both, goes from one to the other
    client = client_of("auditor")
    assert f'href="/cases/{there}"' in client.get(f"/cases/{here}?timeline=all").text
    assert f'href="/cases/{here}"' in client.get(f"/cases/{there}?timeline=all").text
    replayed = client.get(f"/cases/{here}/replay").text
    assert there in replayed
