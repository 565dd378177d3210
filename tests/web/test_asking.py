"""Asking another process from a task's page, what both pages say meanwhile, and what whoever may not see it reads."""

import random
import re
from collections.abc import Callable

from flask.testing import FlaskClient
from support import between, installation
from support.between import case, do, open_elements, start, task_of, work_off
from support.installation import command
from support.walking import Walk, answers_by_element

from app.cases.records import write_record
from app.model.entry import StreamId
from app.store.queries.work import TaskLine

ClientOf = Callable[[str], FlaskClient]


def asking() -> tuple[str, str]:
    """A case that is about to ask the forum, and the task that does."""
    between.deploy_both()
    asker = start("asker", named=("teacher",))
    do(asker, "prepare", question="What else can we try?")
    return asker, task_of(asker, "ask")


def begin(client: FlaskClient, task_id: str, question: str = "What else?") -> str:
    """Start the forum for a task as its page offers it; the reference of the new case."""
    page = client.get(f"/tasks/{task_id}").text
    address = re.search(r'href="(/start/p02_forum/[^"]+)"[^>]*>Start: Forum<', page)
    assert address
    form = client.get(address[1].replace("&amp;", "&"))
    assert form.status_code == 200
    sent = client.post(address[1], data={"_key": "one", "question": question, "teacher": "teacher"})
    assert sent.status_code == 303, sent.text
    return sent.location.rpartition("/")[2]


def test_the_page_of_a_task_starts_the_process_it_asks_and_waits(client_of: ClientOf) -> None:
    client = client_of("senco")
    asker, task_id = asking()
    # given the task's page, then its form offers what the case asked
    page = client.get(f"/start/p02_forum/pupil1?task={task_id}").text
    assert "This case answers “Ask the forum”" in page
    assert 'value="What else can we try?"' in page
    # when the case is started
    reference = begin(client, task_id)
    # then the task says what it waits for and where that is, and can still be done by hand
    page = client.get(f"/tasks/{task_id}").text
    assert re.search(rf'Waiting for <a [^>]*href="/cases/{reference}">{reference}</a>, at “Discuss it”, since', page)
    assert "Record the answer" in page
    assert "Start: Forum" not in page
    # and it is no work to do but something the person waits for
    assert "Ask the forum" not in client.get("/inbox/fragment?view=todo").text
    waiting = client.get("/inbox/fragment?view=waiting").text
    assert f"Waiting for {reference}" in waiting
    # and both cases name each other, with the link in the timeline too
    own = case(asker).reference
    assert "Asked to answer a task of this case" in client.get(f"/cases/{own}").text
    for here, there in ((own, reference), (reference, own)):
        page = client.get(f"/cases/{here}").text
        assert page.count(f'href="/cases/{there}"') >= 2
    # when the forum advises
    forum = client.get(f"/cases/{reference}").text
    assert "Discuss it" in forum
    found = [one for one in case_ids() if one != asker]
    do(found[0], "discuss", advice="Use morphemes", outcome="advice")
    work_off()
    # then the task is done with the answer
    assert open_elements(asker) == ["read"]
    page = client.get(f"/tasks/{task_id}").text
    assert "Use morphemes" in page
    assert "answered “Ask the forum”" in client.get(f"/cases/{own}").text
    replayed = client.get(f"/cases/{own}/replay/entries/4").text
    assert "answered “Ask the forum”" in replayed or client.get(f"/cases/{own}/replay").status_code in (403, 404)


def case_ids() -> list[str]:
    import sqlalchemy as sa

    from app.store.db import db, reading
    from app.store.tables import case_record

    db.session.rollback()
    found = list(reading().scalars(sa.select(case_record.c.id)))
    db.session.rollback()
    return found


def test_a_task_is_asked_for_once(client_of: ClientOf) -> None:
    client = client_of("senco")
    _, task_id = asking()
    address = f"/start/p02_forum/pupil1?task={task_id}"
    begin(client, task_id)
    again = client.post(address, data={"_key": "two", "question": "Again", "teacher": "teacher"})
    assert again.status_code == 409 or "already" in again.text
    assert len(case_ids()) == 2


def test_a_task_of_another_pupil_process_or_person_asks_for_nothing(client_of: ClientOf) -> None:
    _, task_id = asking()
    senco, other = client_of("senco"), client_of("other-senco")
    assert senco.get(f"/start/p02_forum/pupil2?task={task_id}").status_code == 404
    assert senco.get(f"/start/asker/pupil1?task={task_id}").status_code == 404
    assert senco.get("/start/p02_forum/pupil1?task=no-such-task").status_code == 404
    assert other.get(f"/start/p02_forum/pupil3?task={task_id}").status_code == 404
    assert client_of("teacher").get(f"/start/p02_forum/pupil1?task={task_id}").status_code in (403, 404)


def test_the_shipped_round_asks_the_shipped_forum_with_what_it_said(client_of: ClientOf) -> None:
    # given a graduated approach whose review wants the forum's advice, with the request prepared
    installation.deploy("forum")
    given = answers_by_element("graduated-approach")
    walk = Walk("graduated-approach", random.Random(3))
    walk.start()
    wanted = {"decide": {"next_step": "forum", "carry_on": "yes"}, "prepare_request": {"agreement": "yes"}}
    for element in ("check_universal_offer", "talk_with_family", "assess", "describe_class", "plan"):
        walk.complete(walk_task(walk, element), given[element][0])
    walk.fire_next()
    walk.complete(walk_task(walk, "review"), given["review"][0])
    decided = {**given["decide"][0], **wanted["decide"], "training_need": "no"}
    walk.complete(walk_task(walk, "decide"), decided)
    asked = {"question": "What else can we try for spelling?", "urgency": "normal", "given_by": "Father"}
    walk.complete(walk_task(walk, "prepare_request"), asked | wanted["prepare_request"])
    # when the SENCO opens the task that asks the forum, and what it offers
    client, task = client_of("senco"), walk_task(walk, "ask_forum").task_id
    page = client.get(f"/tasks/{task}").text
    assert "Start: Forum request" in page
    form = client.get(f"/start/forum/pupil1?task={task}")
    # then the question, and who agreed, are there already
    assert form.status_code == 200
    assert "What else can we try for spelling?" in form.text
    assert 'value="Father"' in form.text


def walk_task(walk: Walk, element: str) -> TaskLine:
    return next(one for one in walk.open_tasks() if one.element == element)


def test_whoever_may_not_see_the_other_case_learns_only_that_there_is_one(client_of: ClientOf) -> None:
    # given a forum case that was moved to another school, where the SENCO of the asking case has no role
    asker, task_id = asking()
    reference = begin(client_of("senco"), task_id)
    # when somebody else reads the asking case: the teacher it names, who is no lead of the forum's
    forum = next(one for one in case_ids() if one != asker)
    own = case(asker).reference
    away = {"user_name": "senco", "name": "Asha Quill", "is_active": True, "memberships": []}
    write_record(StreamId("person", "senco"), "person-recorded", {"person": away}, command())
    _hide_from("teacher", forum)
    page = client_of("teacher").get(f"/cases/{own}").text
    assert "A case you may not see" in page
    assert reference not in page
    assert "Discuss it" not in page
    assert "Forum" not in page.replace("Ask the forum", "")
    program = client_of("teacher").get(f"/tasks/{task_id}")
    assert reference not in program.text


def _hide_from(person: str, case_id: str) -> None:
    """The case names the person no longer."""
    from app.store.db import transaction
    from app.store.tables import share

    with transaction() as connection:
        connection.execute(share.delete().where(share.c.case_id == case_id, share.c.with_id == person))
