"""Processes over the API: what can be started and how, drafts sent in, and their approval by a second owner."""

import json
from typing import Any

from flask import url_for

from app.casework import starting
from app.store.db import reading
from app.store.queries import definitions
from app.studio import approval, drafts
from app.studio.bundles import bundle_of
from app.web.api import shapes, shown
from app.web.api.blueprint import Routes
from app.web.reader import command, reader

api = Routes("api_processes", __name__, description="Processes")


@api.reads("/processes", shapes.Processes)
def find() -> dict[str, Any]:
    """Every process, with the version new cases start on."""
    mine = {one.version.key for one in starting.startable(reader())}
    return {
        "items": [
            {
                "key": one.key,
                "name": one.name,
                "version": one.number,
                "bundle": one.digest,
                "deployed_at": one.deployed_at,
                "may_start": one.key in mine,
            }
            for one in definitions.versions(reading())
            if one.is_current
        ]
    }


@api.reads("/processes/<process>/start-form", shapes.StartForm)
def start_form(process: str) -> dict[str, Any]:
    """What starting a case of it asks; 404 where the person of the token may not start it."""
    begin = starting.one_startable(reader(), process)
    form_key = starting.start_form_key(begin.version)
    form = definitions.bundle(begin.version.digest).forms.get(form_key) if form_key else None
    return {"form": json.loads(form) if form else None}


@api.writes("/processes/<process>/drafts", shapes.Draft, 201)
@api.takes(shapes.NewDraft)
def send_in(new: dict[str, Any], process: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Send in a changed diagram for approval; it keeps the forms, tables and scenarios in use."""
    draft = drafts.begin_upload(new["bpmn"].encode(), reader(), process)
    submitted = drafts.submit(draft, new["note"], draft.revision, reader())
    location = url_for("api_processes.draft", key=process, draft_id=submitted.id)
    return _draft(submitted), 201, {"Location": location}


@api.reads("/processes/<key>/drafts/<draft_id>", shapes.Draft)
def draft(key: str, draft_id: str) -> dict[str, Any]:
    """One draft that waits, with the digest that an approval must name."""
    return _draft(drafts.one_draft(key, draft_id, reader()))


@api.writes("/processes/<key>/drafts/<draft_id>/approval", shapes.Version)
@api.takes(shapes.Approval)
def approve(seen: dict[str, Any], key: str, draft_id: str) -> dict[str, Any]:
    """Deploy exactly what was seen, as its second owner; new cases use it from now on."""
    found = drafts.one_draft(key, draft_id, reader())
    return shown.version(approval.approve(found, seen["revision"], seen["digest"], reader(), command()))


def _draft(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "process": one.key,
        "revision": one.revision,
        "status": one.status,
        "digest": bundle_of(drafts.files_of(one)).digest,
    }
