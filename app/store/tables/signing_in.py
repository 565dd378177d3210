"""Signing in: sessions, passwords, wrong tries, second steps, accounts elsewhere. By real time, outside the journal."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, name_column

credential = db.Table(
    "credential",
    name_column("person_id", primary_key=True),
    name_column("password_hash", nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
)

session = db.Table(
    "session",
    name_column("digest", primary_key=True),
    name_column("person_id", nullable=False, index=True),
    name_column("stage", nullable=False),
    name_column("way", nullable=False),
    sa.Column("has_second_step", sa.Boolean, nullable=False),
    name_column("browser", nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
)

#: wrong tries by whom or from where, as a digest: what was typed may have been a password
login_attempt = db.Table(
    "login_attempt",
    name_column("subject", primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", Moment, nullable=False, index=True),
    sa.Column("locked_until", Moment),
)

#: the key of somebody's one-time codes, sealed
second_factor = db.Table(
    "second_factor",
    name_column("person_id", primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("confirmed_at", Moment, nullable=False),
    sa.Column("last_step", sa.Integer, nullable=False),
    sa.Column("salt", sa.LargeBinary, nullable=False),
)

recovery_code = db.Table(
    "recovery_code",
    name_column("person_id", primary_key=True),
    sa.Column("digest", sa.LargeBinary(32), primary_key=True),
    sa.Column("used_at", Moment),
)

#: an account at an identity provider, by issuer and subject, never by e-mail
identity = db.Table(
    "identity",
    sa.Column("issuer", sa.String(500), primary_key=True),
    sa.Column("subject", sa.String(500), primary_key=True),
    name_column("person_id", nullable=False, index=True),
    sa.Column("linked_at", Moment, nullable=False),
)

#: one per person at a time: proves to whom an account elsewhere belongs
link_code = db.Table(
    "link_code",
    name_column("person_id", primary_key=True),
    name_column("digest", nullable=False, unique=True),
    sa.Column("ends_at", Moment, nullable=False),
)

#: what somebody sent after their session had run out, sealed, until they sign in again
kept_form = db.Table(
    "kept_form",
    name_column("person_id", primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
)

#: how a person wants mail; without a row: at once
mail_choice = db.Table(
    "mail_choice",
    name_column("person_id", primary_key=True),
    #: at once, daily, required
    name_column("choice", nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
)
