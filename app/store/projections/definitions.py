"""Rows of deployed definitions and their files."""

import base64
from typing import Any, cast

from sqlalchemy import Connection, select

from app.model.entry import Entry
from app.store.tables import bundle_file, definition_version, version_plan

#: entry → what became of the plan to take open cases to another version
_PLANS = {"cases-planned": "planned", "cases-approved": "approved", "cases-kept": "refused", "cases-taken": "done"}


def project(connection: Connection, entry: Entry) -> None:
    """A version was deployed, or an earlier one was made current again."""
    content = cast(dict[str, Any], entry.content)
    if entry.kind in _PLANS:
        _plan(connection, entry, content)
        return
    connection.execute(
        definition_version.update().where(definition_version.c.key == entry.stream.id).values(is_current=False)
    )
    if entry.kind == "definition-restored":
        connection.execute(
            definition_version.update()
            .where(definition_version.c.key == entry.stream.id, definition_version.c.version == content["version"])
            .values(is_current=True)
        )
        return
    connection.execute(
        definition_version.insert().values(
            key=entry.stream.id,
            version=content["version"],
            digest=content["digest"],
            process_id=content["process_id"],
            name=content["name"],
            is_current=True,
            deployed_at=entry.at,
            proposed_by=content["proposed_by"],
            approved_by=content["approved_by"],
            note=content["note"],
        )
    )
    kept = connection.scalar(select(bundle_file.c.name).where(bundle_file.c.digest == content["digest"]).limit(1))
    if kept is None:
        connection.execute(
            bundle_file.insert(),
            [
                {
                    "digest": content["digest"],
                    "kind": one["kind"],
                    "name": one["name"],
                    "content": base64.b64decode(one["content"]),
                }
                for one in content["files"]
            ],
        )


def _plan(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    status = _PLANS[entry.kind]
    if status == "planned":
        connection.execute(
            version_plan.insert().values(
                id=content["plan"],
                key=entry.stream.id,
                from_version=content["from"],
                to_version=content["to"],
                note=content["note"],
                status=status,
                by=entry.actor,
                planned_at=entry.at,
            )
        )
        return
    decided = {"decided_by": entry.actor} if status in ("approved", "refused") else {}
    numbers = {name: content[name] for name in ("moved", "stayed") if name in content}
    connection.execute(
        version_plan.update()
        .where(version_plan.c.id == content["plan"])
        .values(status=status, changed_at=entry.at, **decided, **numbers)
    )
