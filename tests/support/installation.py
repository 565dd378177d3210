"""A small authority for page and store tests: three schools, one person per role, P01 deployed, all real records."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.access.tokens import SCOPES
from app.calendars import reference_calendar, to_json
from app.cases.command import Command
from app.cases.records import write_record
from app.clock import real_now
from app.config import Settings
from app.model.actor import OPERATOR
from app.model.definition import Bundle
from app.model.entry import StreamId
from app.store import sessions, tokens
from app.store.db import db
from app.store.open import open_store
from app.studio import bundles, deploying

ROOT = Path(__file__).resolve().parents[2]
#: test time: Monday 2 November 2026, 09:00 UTC
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
COOKIE = "waymark"

#: person id → (name, roles as (code, organisation))
PEOPLE: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "senco": ("Asha Quill", (("SENCO", "beacon"),)),
    "senco2": ("Bram Oyelaran", (("SENCO", "beacon"),)),
    "teacher": ("Cleo Marsh", (("TEACH", "beacon"),)),
    "teacher2": ("Dev Harrow", (("TEACH", "beacon"),)),
    "head": ("Esme Tarn", (("HT", "beacon"),)),
    "dsl": ("Farid Lowe", (("DSL", "beacon"),)),
    "other-senco": ("Gwen Pike", (("SENCO", "harbour"),)),
    "far-senco": ("Hugo Vale", (("SENCO", "faraway"),)),
    "locality": ("Ines Crag", (("LSENCO", "north"),)),
    "service-head": ("Jonah Reed", (("HOS", "testshire"),)),
    "auditor": ("Kira Bloom", (("AUD", "testshire"),)),
    "owner1": ("Lior Penn", (("POWN", "testshire"),)),
    "owner2": ("Mina Stroud", (("POWN", "testshire"),)),
    "sys": ("Noor Fenn", (("SYS", "testshire"),)),
}
ORGANISATIONS: dict[str, dict[str, Any]] = {
    "testshire": {"name": "Testshire Council", "kind": "authority", "calendar": "testshire"},
    "north": {"name": "North", "kind": "district", "parent": "testshire"},
    "beacon": {"name": "Beacon School", "kind": "school", "parent": "north", "calendar": "beacon", "phase": "primary"},
    "harbour": {
        "name": "Harbour School",
        "kind": "school",
        "parent": "north",
        "calendar": "harbour",
        "phase": "primary",
    },
    "elsewhere": {"name": "Elsewhere Council", "kind": "authority", "calendar": "testshire"},
    "faraway": {"name": "Faraway School", "kind": "school", "parent": "elsewhere", "calendar": "faraway"},
}
CALENDARS = {"beacon": "REF-A", "harbour": "REF-K", "faraway": "REF-B", "testshire": "OFFICES"}
#: pupil id → (name, school, UPN)
PUPILS = {
    "pupil1": ("Zadie Thornbury", "beacon", "X998100126001"),
    "pupil2": ("Yusuf Applegarth", "beacon", "L998100126002"),
    "pupil3": ("Xanthe Coldwell", "harbour", None),
    "pupil4": ("Wilf Underhay", "faraway", None),
}


@dataclass(frozen=True)
class Template:
    """A prepared installation that tests copy."""

    #: its data directory
    data_dir: Path
    #: its main database where that is PostgreSQL, else ""
    database_url: str


def command(actor: Any = OPERATOR, at: datetime = NOW, key: str | None = None) -> Command:
    """A command at test time."""
    return Command(actor, at, key)


def prepare(data_dir: Path, database_url: str = "") -> Template:
    """A migrated installation with the small authority and P01 in it."""
    settings = Settings(data_dir=data_dir, database_url=database_url, demo=True, fast_commits=True)
    app = open_store(Flask("template"), settings)
    with app.app_context():
        a_small_authority()
        deploy("graduated-approach")
        db.session.remove()
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                with engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()
    return Template(data_dir, database_url)


@contextmanager
def copy(template: Template, data_dir: Path) -> Iterator[Settings]:
    """A fresh installation like the template; gone again afterwards."""
    shutil.copytree(template.data_dir, data_dir, dirs_exist_ok=True)
    settings = Settings(
        data_dir=data_dir,
        database_url=template.database_url,
        demo=True,
        secure_cookies=False,
        fast_commits=True,
    )
    if not template.database_url:
        yield settings
        return
    url = sa.make_url(template.database_url)
    server = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = f"t_{uuid4().hex}"
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE {name} TEMPLATE "{url.database}" STRATEGY FILE_COPY')
    try:
        copied = url.set(database=name).render_as_string(hide_password=False)
        yield Settings(data_dir=data_dir, database_url=copied, demo=True, secure_cookies=False, fast_commits=True)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()


def a_small_authority() -> None:
    """Write its organisations, calendars, people and pupils, and set the case clock to test time."""
    for organisation_id, reference in CALENDARS.items():
        days = to_json(reference_calendar(reference)) | {"owner": ORGANISATIONS[organisation_id]["name"]}
        content = {"calendar": {"name": f"{ORGANISATIONS[organisation_id]['name']} ({reference})", "days": days}}
        write_record(StreamId("calendar", organisation_id), "calendar-recorded", content, command())
    for organisation_id, record in ORGANISATIONS.items():
        write_record(
            StreamId("organisation", organisation_id), "organisation-recorded", {"organisation": record}, command()
        )
    for person_id, (name, roles) in PEOPLE.items():
        held = [{"role": role, "organisation": where} for role, where in roles]
        record = {"user_name": person_id, "name": name, "is_active": True, "memberships": held}
        write_record(StreamId("person", person_id), "person-recorded", {"person": record}, command())
    for pupil_id, (name, school, upn) in PUPILS.items():
        record = {"upn": upn, "name": name, "school": school, "year_group": "3", "born_on": "2019-03-14",
                  "sen_status": "K", "primary_need": "SLCN", "teacher": "teacher"}  # fmt: skip
        write_record(StreamId("pupil", pupil_id), "pupil-recorded", {"pupil": record}, command())
    set_clock(NOW)


def set_clock(to: datetime) -> None:
    """Put the case clock at a moment, whatever it was: only tests may move it back."""
    content = {"value": (to - real_now()).total_seconds(), "from": None, "to": to.isoformat()}
    write_record(StreamId("installation", "clock-offset"), "clock-moved", content, command(at=to))


def move_clock(days: float) -> datetime:
    """Move the case clock on; the new time."""
    from app.cases.case_clock import clock

    to = clock().now() + timedelta(days=days)
    set_clock(to)
    return to


def bundle_of(folder: Path) -> Bundle:
    """The bundle of a process folder, with the forms it names."""
    return bundles.bundle_of(bundles.files_at(folder))


def deploy(key: str, bundle: Bundle | None = None) -> Bundle:
    """Deploy a process of the repository, or the bundle given, as the operator does."""
    bundle = bundle or bundle_of(ROOT / "processes" / key)
    deploying.deploy(bundle, OPERATOR.id, OPERATOR.id, "for tests", command())
    return bundle


def program_of(app: Flask, person_id: str | None, scopes: frozenset[str] = frozenset(SCOPES)) -> FlaskClient:
    """A client that sends a token of a person with these scopes, or none."""
    client = app.test_client()
    if person_id is not None:
        token = tokens.make(person_id, "tests", scopes, timedelta(days=1))
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def sign_in(app: Flask, person_id: str) -> FlaskClient:
    """A client that sends the session cookie of a person, who took every step of signing in."""
    client = app.test_client()
    client.set_cookie(COOKIE, sessions.begin(person_id, has_second_step=True))
    return client
