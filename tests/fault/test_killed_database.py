"""F2: PostgreSQL itself is killed while people complete tasks, and servers too: what was acknowledged is there."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from fault.completing import Load, judge, prepared
from fault.servers import fleet, looking_at
from support import installation, postgres

from app.config import Settings


def completed_while_both_die(folder: Path, size: int, cases: int, killed: str) -> Load:
    """Kill the database for each d, a server for each s, spread over the completions; what was answered."""
    with postgres.cluster(postgres.DURABLE) as cluster:
        template = installation.prepare(folder / "data", database(cluster.url))
        settings = Settings(template.data_dir, template.database_url, demo=True, secure_cookies=False)
        with fleet(settings, size) as servers:
            with looking_at(settings):
                load = prepared(cases, servers.ports)

            def crash() -> None:
                cluster.kill()
                cluster.start()

            load.outlive([{"d": crash, "s": servers.kill_one}[one] for one in killed], 8 * size, servers.tend)
        with looking_at(settings):
            judge(load)
    return load


def database(server: str) -> str:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE main")
    engine.dispose()
    return sa.make_url(server).set(database="main").render_as_string(hide_password=False)


@pytest.mark.postgres
def test_twenty_completions_outlive_two_kills_of_the_database_and_one_of_the_server(tmp_path: Path) -> None:
    load = completed_while_both_die(tmp_path, size=1, cases=4, killed="dsd")
    assert load.failures["urn:waymark:out-of-reach"] > 0, "nobody noticed that the database was gone"


@pytest.mark.long
@pytest.mark.postgres
def test_ten_thousand_completions_outlive_two_kills_of_the_database_and_sixty_of_servers(tmp_path: Path) -> None:
    twenty = "s" * 20
    load = completed_while_both_die(tmp_path, size=2, cases=2_000, killed=f"{twenty}d{twenty}d{twenty}")
    print(f"{len(load.acknowledged)} acknowledged, {len(load.doubles)} doubles, unanswered: {dict(load.failures)}")
