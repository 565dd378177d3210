"""Nodes that start at the same moment on an empty PostgreSQL: one makes the tables, the other waits for it."""

import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from pickle import dumps
from uuid import uuid4

import sqlalchemy as sa

from app.config import Settings

ROOT = Path(__file__).resolve().parents[2]
_OPENS = """
import pickle, sys
from base64 import b64decode
from flask import Flask
from app.store.open import open_store
from app.worker.queue import wake_from_now_on

settings = pickle.loads(b64decode(sys.argv[1]))
wake_from_now_on(open_store(Flask("opens"), settings), settings)
"""


def test_nodes_that_start_together_do_not_disturb_each_other(postgres_url: str, tmp_path: Path) -> None:
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"together_{uuid4().hex}"
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = sa.make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    # given two nodes with the same database and folders of their own
    programs = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                _OPENS,
                b64encode(dumps(Settings(data_dir=tmp_path / str(one), database_url=url))).decode(),
            ],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "TZ": "UTC"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in (1, 2)
    ]
    # when they start together, then both do
    said = [one.communicate(timeout=60)[1] for one in programs]
    assert [one.returncode for one in programs] == [0, 0], said
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()
