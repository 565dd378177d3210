"""A tiny process with a task that writes a letter, and a restricted task that writes another."""

from __future__ import annotations

from base64 import b64encode

from engine.drawing import definitions, process

from app.cases.records import write_record
from app.model.definition import Bundle
from app.model.entry import StreamId
from support.between import form
from support.installation import command

KEY = "writing"
LINES = """
start go startRoles=SENCO
user say name="Say what happened" role=SENCO formKey=tiny_said
user tell name="Tell the parents" role=SENCO letter=tell-parents dueRule="5 school days"
user look name="Look at it" role=DSL restricted=true letter=for-the-file
end done
go -> say -> tell -> look -> done
"""
LETTERS = {
    "tell-parents": b"""---
title: About {{ pupil.name }}
to: parents
---
Dear {{ pupil.parents }}

{{ what }}

{{ if serious = "yes" }}
It is serious. Please answer by {{ due("5 school days", today) }}.
{{ else }}
It is not serious.
{{ end }}

{{ answers.tiny_said.more }}
""",
    "for-the-file": b"---\ntitle: For the file\nto: authority\n---\n{{ what }}\n",
}


def deploy() -> None:
    """Put it in use without the checks of a deployment."""
    xml = definitions(process(KEY, LINES)).replace(b"isExecutable", b'name="Writing" isExecutable', 1)
    asked = {"tiny_said": form("tiny_said", "what", "serious", "more", what="what", serious="serious")}
    made = Bundle(KEY, KEY, "Writing", {"tiny.bpmn": xml}, {}, asked, letters=LETTERS)
    files = [(kind, name, content) for kind, several in made.kinds for name, content in several.items()]
    content = {
        "version": 1, "digest": made.digest, "process_id": KEY, "name": "Writing", "proposed_by": "operator",
        "approved_by": "operator", "note": "for tests",
        "files": [{"kind": kind, "name": one, "content": b64encode(said).decode()} for kind, one, said in files],
    }  # fmt: skip
    write_record(StreamId("definition", KEY), "definition-deployed", content, command())
