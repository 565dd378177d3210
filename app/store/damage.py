"""Finding stored engine states that cannot be read any more, and emptying the rows of one case for a rebuild.

A state is compressed, and the compression carries a checksum: a byte that a disk or a person changed shows when it is
read. What is done about it is decided in `app.cases.damage`.
"""

import json
import zlib
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import PROJECTIONS, case_record

BATCH = 1_000


def unreadable(connection: Connection) -> list[str]:
    """Ids of the cases whose state cannot be read, in order."""
    stored = sa.type_coerce(case_record.c.state, sa.LargeBinary).label("stored")
    query = sa.select(case_record.c.id, stored).where(case_record.c.state.is_not(None)).order_by(case_record.c.id)
    rows = connection.execute(query.execution_options(yield_per=BATCH))
    return [row.id for row in rows if not _is_readable(row.stored)]


def empty_case(connection: Connection, case_id: str) -> None:
    """Remove every row of one case that is made from the journal."""
    for table in _tables_of_cases():
        connection.execute(sa.delete(table).where(table.c.case_id == case_id))
    connection.execute(sa.delete(case_record).where(case_record.c.id == case_id))


def _tables_of_cases() -> Iterator[sa.Table]:
    return (table for table in PROJECTIONS if "case_id" in table.c)


def _is_readable(stored: bytes) -> bool:
    try:
        return isinstance(json.loads(zlib.decompress(stored)), dict)
    except (zlib.error, ValueError):
        return False
