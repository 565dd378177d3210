"""How scenarios of bundles went, kept so that nothing is played twice. What a report says: `app.studio`."""

from typing import cast

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.clock import real_now
from app.model.json import JsonObject
from app.store.db import reading, transaction
from app.store.tables import scenario_report as table


def one(bundle: str, program: str) -> JsonObject | None:
    """The report of a bundle, as this state of the program played it, or None."""
    query = sa.select(table.c.report).where(table.c.bundle == bundle, table.c.program == program)
    return cast(JsonObject | None, reading().scalar(query))


def keep(bundle: str, program: str, report: JsonObject) -> None:
    """Keep a report in place of any other of that bundle: results of an older program are of no use."""
    row = {"bundle": bundle, "program": program, "report": report, "played_at": real_now()}
    try:
        with transaction() as connection:
            connection.execute(sa.delete(table).where(table.c.bundle == bundle))
            connection.execute(table.insert().values(**row))
    except IntegrityError:
        return  # another process played the same: its report is as good
