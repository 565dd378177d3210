"""Databases of a PostgreSQL that are made for a while and dropped again: the bench never touches one that was there."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import sqlalchemy as sa

BEGINNING = "waymark_bench_"


@contextmanager
def databases(server: str) -> Iterator[tuple[str, str]]:
    """Addresses of two empty databases on that server, for entries and for keys; gone afterwards.

    `server` names any database there that may be connected to, as somebody who may make databases.
    """
    url = sa.make_url(server)
    names = [f"{BEGINNING}{uuid4().hex[:12]}_{what}" for what in ("main", "keys")]
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
        main, keys = (url.set(database=name).render_as_string(hide_password=False) for name in names)
        yield main, keys
    finally:
        with engine.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        engine.dispose()
