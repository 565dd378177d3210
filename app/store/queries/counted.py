"""How many cases are open, by school and process: numbers for boards and leads. Never a case; who may: `access`."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection

from app.store.tables import case_record


def open_cases(
    connection: Connection, authorities: Collection[str], processes: Collection[str]
) -> dict[tuple[str, str], int]:
    """(school, process key) → open cases of these authorities on these processes, read from an index alone."""
    columns = (case_record.c.school, case_record.c.process_key)
    wanted = (
        case_record.c.authority.in_(sorted(authorities)),
        case_record.c.process_key.in_(sorted(processes)),
        case_record.c.status == "open",
    )
    query = sa.select(*columns, sa.func.count()).where(*wanted).group_by(*columns)
    return {(row[0], row[1]): int(row[2]) for row in connection.execute(query)}
