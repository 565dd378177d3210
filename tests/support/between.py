"""Two tiny processes that talk to each other, and the worker that carries what they say. Routes are the real ones."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from engine.drawing import definitions, process
from flask import current_app

from app.cases import starting, tasks
from app.cases.history import entries_of, history
from app.cases.records import write_record
from app.cases.sight import Sight
from app.config import Settings
from app.model.actor import Actor
from app.model.definition import Bundle
from app.model.entry import Entry, StreamId
from app.store.db import db, reading, transaction
from app.store.queries import links, work
from app.store.rows import CaseRow, case_of
from app.store.tables import outbox
from app.worker import effects
from support.installation import NOW, command

SENCO = Actor("senco", "Asha Quill", "SENCO", "beacon")

#: it asks the forum, by a task or by a message, and hears that a plan is final, that the pupil moved and what comes
ASKER = """
start go startRoles=SENCO
user prepare name="Prepare the request" role=SENCO formKey=tiny_request
exclusive how default=by-task
call ask name="Ask the forum" of=p02_forum role=SENCO formKey=tiny_answer dueRule="20 school days"
throw send message=request.forum payload="{ question: question }"
catch wait message=forum.outcome variable=advice
user read name="Read the advice" role=SENCO
end done
go -> prepare -> how
how -by-message-> send : way = "message"
how -by-task-> ask -> read
send -> wait -> read
read -> done
sub moving by-event=yes
    start pupil_moved message=pupil.moved variable=moved
    user hand_over role=SENCO
    end moved_away terminate=yes
    pupil_moved -> hand_over -> moved_away
sub plan by-event=yes
    start plan_final beside=yes message=plan.final
    user move_support role=SENCO
    end supported
    plan_final -> move_support -> supported
"""

#: it is asked by a form or by a message, advises, and may say something to everybody
FORUM = """
start opened startRoles=SENCO formKey=tiny_forum
start requested message=request.forum variable=request
user discuss name="Discuss it" role=SENCO formKey=tiny_advice
exclusive what default=silent
end advised message=forum.outcome payload="{ advice: advice, by: \\"forum\\" }"
end told message=plan.final
end silent_end name="Nothing to say"
opened -> discuss
requested -> discuss
discuss -> what
what -advice-> advised : outcome = "advice"
what -plan-> told : outcome = "plan"
what -silent-> silent_end
sub moving by-event=yes
    start pupil_moved message=pupil.moved
    end gone terminate=yes
    pupil_moved -> gone
"""


def form(key: str, *questions: str, **variables: str) -> bytes:
    """A form of text fields; `variables`: question → process variable. The first offers what the asking case said."""
    asked = [
        {
            "type": "textfield",
            "id": f"{one}_question",
            "key": one,
            "label": one.capitalize(),
            "properties": ({"variable": variables[one]} if one in variables else {})
            | ({"offer": "asked.answers.question"} if key == "tiny_forum" else {}),
        }
        for one in questions
    ]
    return json.dumps({"type": "default", "id": key, "schemaVersion": 19, "components": asked}).encode()


FORMS = {
    "tiny_request": form("tiny_request", "question", "way", question="question", way="way"),
    "tiny_answer": form("tiny_answer", "advice", advice="advice"),
    "tiny_forum": form("tiny_forum", "question", question="question"),
    "tiny_advice": form("tiny_advice", "advice", "outcome", advice="advice", outcome="outcome"),
}


def deploy(key: str, lines: str, name: str) -> str:
    """Put a process in use without the checks of a deployment; its id and its key are the same."""
    xml = definitions(process(key, lines)).replace(b"isExecutable", f'name="{name}" isExecutable'.encode(), 1)
    used = {one: content for one, content in FORMS.items() if one.encode() in xml}
    made = Bundle(key, key, name, {"tiny.bpmn": xml}, {}, used)
    files = [("bpmn", "tiny.bpmn", xml), *(("forms", one, content) for one, content in used.items())]
    content = {
        "version": 1, "digest": made.digest, "process_id": key, "name": name, "proposed_by": "operator",
        "approved_by": "operator", "note": "for tests",
        "files": [{"kind": kind, "name": one, "content": b64encode(said).decode()} for kind, one, said in files],
    }  # fmt: skip
    write_record(StreamId("definition", key), "definition-deployed", content, command())
    return key


def deploy_both() -> None:
    """The asker, and the forum that it asks."""
    deploy("asker", ASKER, "Asking")
    deploy("p02_forum", FORUM, "Forum")


def start(key: str, pupil: str = "pupil1", at: datetime = NOW, **more: Any) -> str:
    """A case; its id."""
    db.session.rollback()
    new = starting.NewCase(key, pupil, "beacon", {}, {}, **more)
    return starting.start(new, command(SENCO, at)).case_id


def do(case_id: str, element: str, at: datetime = NOW, **answers: Any) -> str:
    """Complete the open task of an element; its id."""
    task_id = task_of(case_id, element)
    tasks.complete(case_id, task_id, tasks.Answers(answers, answers), command(SENCO, at))
    db.session.rollback()
    return task_id


def task_of(case_id: str, element: str) -> str:
    """The open task of an element."""
    db.session.rollback()
    found = next(one.task_id for one in work.of_case(reading(), case_id) if one.element == element)
    db.session.rollback()
    return found


def open_elements(case_id: str) -> list[str]:
    """Elements with an open task."""
    db.session.rollback()
    found = sorted(one.element for one in work.of_case(reading(), case_id))
    db.session.rollback()
    return found


def case(case_id: str) -> CaseRow:
    """The case as it stands."""
    db.session.rollback()
    found = case_of(reading(), case_id)
    db.session.rollback()
    return found


def linked(case_id: str) -> list[tuple[str, str, str | None]]:
    """(role, other case, message) of every link."""
    db.session.rollback()
    found = [(one.role, one.other_id, one.message) for one in links.of_case(reading(), case_id)]
    db.session.rollback()
    return found


def entries(case_id: str, kind: str) -> list[Entry]:
    """Entries of one kind."""
    db.session.rollback()
    found = [one for one in entries_of(case_id) if one.kind == kind]
    db.session.rollback()
    return found


def sentences(case_id: str, **seen: str) -> list[str]:
    """The timeline of a reader who sees these linked cases: id → reference."""
    db.session.rollback()
    told = history(entries_of(case_id), Sight(may_see_restricted=True, cases=seen))
    db.session.rollback()
    return [one.sentence for one in told]


def work_off() -> int:
    """Let the worker do all there is; how many effects."""
    settings: Settings = current_app.extensions["waymark_settings"]
    db.session.rollback()
    done = effects.run_due(settings)
    db.session.rollback()
    return done


def statuses() -> list[str]:
    """The effects there are."""
    db.session.rollback()
    found = list(reading().scalars(sa.select(outbox.c.status).order_by(outbox.c.made_at)))
    db.session.rollback()
    return found


def do_all_again() -> None:
    """Put every effect back, as if whoever did it had died before that was written down."""
    with transaction() as connection:
        connection.execute(
            outbox.update().values(status="waiting", done_at=None, attempts=0, run_at=outbox.c.made_at, bundled_in=None)
        )
