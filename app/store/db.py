"""The database connections of an installation and how they are set up. What is stored is in `app.store.tables`.

SQLite: WAL, FULL, BEGIN IMMEDIATE for writers, one write lock for the process. PostgreSQL: READ COMMITTED with
time-outs. Figures behind each choice: ADR 0004.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite
import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import StaticPool

from app.config import Settings
from app.errors import Busy
from app.store.patience import NoAnswer, Patience, be_patient, take_time
from app.store.places import network_drive
from app.store.turns import Turns

#: SQLite before this may corrupt a WAL that two processes reset at once
OLDEST_SAFE_SQLITE = (3, 51, 3)
#: rows are found by indexes, as disks without arms and many short statements want it (ADR 0046)
_PLANNING = "-c random_page_cost=1.1 -c jit=off"
#: execution option of a connection that writes
WRITES = "waymark_writes"
#: held by the node that migrates
_STARTING = 7_283_640
#: lock timeout, deadlock, serialisation failure
_LOCK_TIMEOUTS = {"55P03", "40P01", "40001"}
#: serialisation failure, deadlock, PostgreSQL restarted
_PASSING = {"40001", "40P01", "57P01"}

__all__ = [
    "WRITES",
    "Connection",
    "DBAPIError",
    "attach",
    "db",
    "let_go",
    "may_pass",
    "one_node_at_a_time",
    "reading",
    "transaction",
]

db = SQLAlchemy(session_options={"autoflush": False})
_write_turns = Turns()


class UnsafeSqlite(SystemExit):
    """This SQLite, or the drive it is on, can corrupt a database."""


def attach(app: Flask, settings: Settings) -> None:
    """Give a Flask application its databases. Raises UnsafeSqlite."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    patience, keys_url = Patience(settings.database_seconds), settings.key_database_url
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.main_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _options(settings.main_url, patience)
    app.config["SQLALCHEMY_BINDS"] = {"keys": {"url": keys_url, **_options(keys_url, patience)}}
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine, settings.fast_commits)
            else:
                be_patient(engine, patience)


@contextmanager
def transaction() -> Iterator[Connection]:
    """One writing transaction on the main database: committed as a whole or not at all.

    Raises Busy where the database gave up waiting for somebody else's lock.
    """
    serial = _write_turns if db.engine.dialect.name == "sqlite" else nullcontext()
    with serial:
        try:
            let_go()
            connection = db.session.connection(execution_options={WRITES: True})
            yield connection
            db.session.commit()
        except OperationalError as trouble:
            let_go()
            if _is_lock_timeout(trouble.orig):
                raise Busy from trouble
            raise
        except BaseException:
            let_go()
            raise


def _is_lock_timeout(trouble: BaseException | None) -> bool:
    is_busy_sqlite = getattr(trouble, "sqlite_errorcode", None) == sqlite.SQLITE_BUSY
    return is_busy_sqlite or getattr(trouble, "sqlstate", None) in _LOCK_TIMEOUTS


def may_pass(trouble: BaseException) -> bool:
    """Whether the same transaction may succeed at once: a deadlock, a serialisation failure, a lost connection."""
    cause = trouble.__cause__ if isinstance(trouble, Busy) else trouble
    if not isinstance(cause, DBAPIError) or isinstance(cause.orig, NoAnswer):
        return False  # whoever waited long enough for nothing is told so
    return cause.connection_invalidated or getattr(cause.orig, "sqlstate", None) in _PASSING


def reading() -> Connection:
    """The connection that this request or job reads with."""
    return db.session.connection()


def let_go() -> None:
    """End what this request or job reads with; a database that is away has nothing left to be told."""
    try:
        db.session.rollback()
    except DBAPIError:
        db.session().invalidate()


@contextmanager
def snapshot(of: str | None = None) -> Iterator[Connection]:
    """A connection that sees one committed moment only, however long it reads, and holds nobody up.

    Checks need it: on PostgreSQL every statement of `reading()` sees a newer moment, so an entry written between two of
    them would look like damage. `of` is "keys" for the database of keys.
    """
    engine = db.engines[of]
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:  # SQLite's WAL gives a reader one moment by itself
            yield connection
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        take_time(connection)
        yield connection


@contextmanager
def one_node_at_a_time() -> Iterator[None]:
    """What nodes that start together must do one after the other; alone on SQLite there is nobody to wait for."""
    if db.engine.dialect.name == "sqlite":
        yield
        return
    with db.engine.connect() as connection:
        take_time(connection, seconds=None)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_STARTING)))
        yield
        connection.rollback()


def in_memory() -> Engine:
    """A database that exists only here and now: for working something out beside the live one."""
    return create_engine("sqlite://", module=sqlite, poolclass=StaticPool)


def _options(url: str, patience: Patience) -> dict[str, Any]:
    if make_url(url).get_backend_name() == "sqlite":
        if sqlite.sqlite_version_info < OLDEST_SAFE_SQLITE:
            raise UnsafeSqlite(f"Expected SQLite 3.51.3 or later, but found {sqlite.sqlite_version}")
        _refuse_network_drive(make_url(url).database)
        return {
            "module": sqlite,
            "connect_args": {"timeout": 30, "check_same_thread": False},
            "pool_size": 20,
            "max_overflow": 0,
        }
    return {
        "isolation_level": "READ COMMITTED",
        "pool_size": 20,
        "max_overflow": 0,
        "pool_pre_ping": True,
        "connect_args": {"options": f"{patience.options} {_PLANNING}", **patience.line},
    }


def _refuse_network_drive(database: str | None) -> None:
    if database and (kind := network_drive(Path(database).parent)) is not None:
        raise UnsafeSqlite(
            f"Expected {database} on a disk of this machine, but it is on a network drive ({kind}), where SQLite loses"
            " data. Use a local folder (--data), or PostgreSQL (WAYMARK_DATABASE_URL)."
        )


def _prepare_sqlite(engine: Engine, fast_commits: bool) -> None:
    pragmas = (
        "journal_mode=WAL",
        f"synchronous={'OFF' if fast_commits else 'FULL'}",
        "busy_timeout=30000",
        "foreign_keys=ON",
        "wal_autocheckpoint=1000",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "fullfsync=ON",
        "checkpoint_fullfsync=ON",
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
