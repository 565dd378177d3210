"""How long PostgreSQL is waited for: a connection, a lock, an answer. What its silence means for people: `unavailable`.

The server's own time-outs end what takes it too long; they are of no use where it says nothing at all. So every wait
for an answer has an end here, too, and a connection that owes an answer is never used again (ADR 0044).
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from sqlalchemy import Connection, Engine, event, make_url

#: after a connection that could not be made in time, nobody tries for so long
PAUSE_SECONDS = 1.0
#: an answer that may take its time, such as everything a backup reads
UNHURRIED_SECONDS = 600.0
_LIMITS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")


class NoAnswer(psycopg.OperationalError):
    """The database said nothing for as long as it is waited for."""


@dataclass(frozen=True)
class Patience:
    """The limits of one installation, all from the longest."""

    #: an answer that takes longer is no longer waited for
    answer_seconds: int

    @property
    def connect_seconds(self) -> int:
        """For a connection; psycopg knows nothing shorter than two seconds."""
        return max(2, self.answer_seconds * 3 // 10)

    @property
    def options(self) -> str:
        """What the server is told: it gives up before we do, and says so."""
        thousandths = self.answer_seconds * 1_000
        limits = (thousandths * 5 // 10, thousandths * 8 // 10, 30_000)
        return " ".join(f"-c {name}={value}ms" for name, value in zip(_LIMITS, limits, strict=True))

    @property
    def line(self) -> dict[str, str]:
        """How libpq notices that the machine at the other end is gone, also where nobody waits for an answer."""
        return {
            "connect_timeout": str(self.connect_seconds),
            "keepalives_idle": "30",
            "keepalives_interval": "10",
            "keepalives_count": "3",
            "tcp_user_timeout": str(self.answer_seconds * 1_000),
        }


class PatientConnection(psycopg.Connection[Any]):
    """A connection that ends itself where an answer does not come."""

    #: an answer that takes longer is no longer waited for; None: without end
    patience_seconds: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Every statement, COMMIT and ROLLBACK passes here. Raises NoAnswer."""
        if timeout is not None or self.patience_seconds is None:
            return super().wait(gen, interval, timeout)
        began = monotonic()
        try:
            return super().wait(gen, interval, self.patience_seconds)
        except psycopg.OperationalError as trouble:
            if monotonic() - began < self.patience_seconds:
                raise
            self.close()  # what it still owes would be taken for the answer to something else
            raise NoAnswer(f"No answer within {self.patience_seconds:g} seconds") from trouble


class _Door:
    """Lets one caller at a time try whether a silent database is back; the others hear at once that it is not."""

    def __init__(self, connect_seconds: float) -> None:
        self._connect_seconds = connect_seconds
        self._lock = threading.Lock()
        self._is_silent = False
        self._shut_until = 0.0

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Make a connection in this block. Raises NoAnswer where somebody just found out that there is none."""
        with self._lock:
            now = monotonic()
            if now < self._shut_until:
                raise NoAnswer("No answer a moment ago")
            if self._is_silent:
                self._shut_until = now + self._connect_seconds + PAUSE_SECONDS
        try:
            yield
        except psycopg.errors.ConnectionTimeout:
            self._set(is_silent=True, shut_until=monotonic() + PAUSE_SECONDS)
            raise
        except BaseException:
            self._set(is_silent=self._is_silent, shut_until=0.0)  # it said something, or it is not there
            raise
        self._set(is_silent=False, shut_until=0.0)

    def fell_silent(self) -> None:
        """A connection that stood got no answer: the next caller finds out whether another would."""
        self._set(is_silent=True, shut_until=0.0)

    def _set(self, *, is_silent: bool, shut_until: float) -> None:
        with self._lock:
            self._is_silent, self._shut_until = is_silent, shut_until


def be_patient(engine: Engine, patience: Patience) -> None:
    """Give every wait of this engine's connections an end."""
    door = _Door(patience.connect_seconds)

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, arguments: tuple[Any, ...], named: dict[str, Any]) -> object:
        with door.passed():
            connection = PatientConnection.connect(*arguments, **named)
        connection.patience_seconds = patience.answer_seconds
        return connection

    @event.listens_for(engine, "checkin")
    def _given_back(connection: Any, _record: object) -> None:
        if connection is not None:
            connection.patience_seconds = patience.answer_seconds

    @event.listens_for(engine, "invalidate")
    def _ended(_connection: object, _record: object, trouble: BaseException | None) -> None:
        if isinstance(trouble, NoAnswer):
            door.fell_silent()


def take_time(connection: Connection, seconds: float | None = UNHURRIED_SECONDS) -> None:
    """Lift the server's limits for this transaction, and wait so long for each answer; None: without end."""
    for name in _LIMITS:
        connection.exec_driver_sql(f"SET LOCAL {name} = 0")
    driver = connection.connection.driver_connection
    assert isinstance(driver, PatientConnection)
    driver.patience_seconds = seconds


def address(url: str, patience: Patience) -> str:
    """A SQLAlchemy address as libpq wants it, for whoever connects without SQLAlchemy."""
    plain = make_url(url).set(drivername="postgresql").update_query_dict(patience.line)
    return plain.render_as_string(hide_password=False)
