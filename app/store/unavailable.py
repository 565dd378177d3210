"""What it means for whoever asked that the database failed them. How connections are set up is in `db`."""

import pysqlite3.dbapi2 as sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from app.errors import Busy, DiskFull, OutOfReach, Rejected

#: PostgreSQL: statement cancelled by its time-out; the server shuts down, crashed, or is not there yet
_AWAY = {"57014", "57P01", "57P02", "57P03", "25P03"}
_FULL = "53100"


def refusal(failure: Exception) -> Rejected | None:
    """The failure as a refusal that says what to do, or None where it is a fault of ours."""
    if isinstance(failure, NoConnectionFree):
        return Busy()
    if not isinstance(failure, DBAPIError):
        return None
    state, code = getattr(failure.orig, "sqlstate", None), getattr(failure.orig, "sqlite_errorcode", None)
    if state == _FULL or code == sqlite.SQLITE_FULL:
        return DiskFull()
    if state in _AWAY or failure.connection_invalidated or _never_connected(failure):
        return OutOfReach()
    return None


def _never_connected(failure: DBAPIError) -> bool:
    """No statement was sent: the connection itself could not be made."""
    return failure.statement is None and getattr(failure.orig, "sqlite_errorcode", None) is None
