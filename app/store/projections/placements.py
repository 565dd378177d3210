"""Rows of centres, of quotas, of the places of cases, and of marks of attendance."""

from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, delete

from app.clock import local_date
from app.model.entry import Entry
from app.store.projections import deadlines
from app.store.tables import attendance, centre, placement, quota, share


def project_centre(connection: Connection, entry: Entry) -> None:
    """The newest record of the centre replaces the row."""
    record = cast(dict[str, Any], entry.content)["centre"]
    connection.execute(delete(centre).where(centre.c.id == entry.stream.id))
    connection.execute(
        centre.insert().values(
            id=entry.stream.id,
            seq=entry.seq,
            name=record["name"],
            partnership=record["partnership"],
            is_open=record["is_open"],
            record=record,
        )
    )


def project_quota(connection: Connection, entry: Entry) -> None:
    """The newest number of places replaces the row."""
    record = cast(dict[str, Any], entry.content)["quota"]
    connection.execute(delete(quota).where(quota.c.id == entry.stream.id))
    connection.execute(quota.insert().values(id=entry.stream.id, seq=entry.seq, **record))


def placed(connection: Connection, entry: Entry, school: str, place: dict[str, Any]) -> None:
    """The case waits for a place, holds one, or gave it back; the partnership sees it from then on."""
    if place["status"] == "ended":
        ended = date.fromisoformat(place["ended_on"])
        _of(connection, entry, status="ended", ended_on=ended)
        return
    days = {name: _day(place.get(name)) for name in ("first_on", "last_on")}
    connection.execute(delete(placement).where(placement.c.case_id == entry.stream.id))
    connection.execute(
        placement.insert().values(
            case_id=entry.stream.id,
            seq=entry.seq,
            status=place["status"],
            partnership=place["partnership"],
            school=school,
            key_stage=place["key_stage"],
            centre=place.get("centre"),
            kind=place.get("kind"),
            halves=place.get("halves", 0),
            year=place.get("year"),
            since=entry.at,
            record=place,
            **days,
        )
    )
    shared = {"case_id": entry.stream.id, "with_kind": "organisation", "with_id": place["partnership"]}
    connection.execute(delete(share).where(*(share.c[name] == value for name, value in shared.items())))
    connection.execute(share.insert(), [shared])


def closed(connection: Connection, entry: Entry) -> None:
    """The case is over: a place it still held is free from the next day on, and the partnership sees it no more."""
    row = connection.execute(placement.select().where(placement.c.case_id == entry.stream.id)).first()
    if row is None:
        return
    if row.status != "ended":
        _of(connection, entry, status="ended", ended_on=local_date(entry.at))
    partnership = (share.c.case_id == entry.stream.id, share.c.with_id == row.partnership)
    connection.execute(delete(share).where(*partnership, share.c.with_kind == "organisation"))


def marked(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """Marks for one day; a later mark for the same session replaces the earlier one."""
    day = date.fromisoformat(content["day"])
    here = (attendance.c.case_id == entry.stream.id, attendance.c.day == day)
    connection.execute(delete(attendance).where(*here, attendance.c.part.in_(content["marks"])))
    rows = [
        {"case_id": entry.stream.id, "day": day, "part": part, "code": code, "by": entry.actor, "at": entry.at}
        for part, code in content["marks"].items()
    ]
    connection.execute(attendance.insert(), rows)
    deadlines.told_once(connection, entry, f"attendance:{entry.stream.id}:{content['day']}", content.get("told"))


def chased(connection: Connection, entry: Entry, content: dict[str, Any]) -> None:
    """People were told that the marks of a day are missing: once for each day."""
    _of(connection, entry, chased_on=date.fromisoformat(content["day"]))
    deadlines.told_once(connection, entry, f"attendance:{entry.stream.id}:{content['day']}", content["told"])


def _of(connection: Connection, entry: Entry, **values: Any) -> None:
    connection.execute(placement.update().where(placement.c.case_id == entry.stream.id).values(**values))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
