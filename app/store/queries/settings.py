"""What authorities set. What is set where nobody set it is in `app.model.setting`."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from app.model.json import Json
from app.store.tables import setting_value
from app.store.versions import kept


@dataclass(frozen=True)
class SetValue:
    """One value of one setting."""

    #: key of the setting
    key: str
    #: its entry in the stream of the setting
    seq: int
    #: the day it begins
    valid_from: date
    #: what was set
    value: Json
    #: why
    reason: str
    #: id of who set it
    by: str
    #: when, by the case clock
    at: datetime


def values_of(connection: Connection, authority: str) -> tuple[SetValue, ...]:
    """Everything an authority set, by key, in the order in which it begins; of one day the last that was written."""

    def read() -> tuple[SetValue, ...]:
        query = sa.select(setting_value).where(setting_value.c.authority == authority)
        ordered = query.order_by(setting_value.c.key, setting_value.c.valid_from, setting_value.c.seq)
        return tuple(
            SetValue(row.key, row.seq, row.valid_from, row.value, row.reason, row.by, row.at)
            for row in connection.execute(ordered)
        )

    return kept(connection, ("settings", authority), ("setting",), read)
