"""What programs use: tokens of the API, which stand for a person, and where events are sent to."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

api_token = db.Table(
    "api_token",
    name_column("id", primary_key=True),
    #: SHA-256 of the token: whoever reads the table cannot use it
    name_column("digest", nullable=False, unique=True),
    name_column("person_id", nullable=False, index=True),
    name_column("name", nullable=False),
    #: list of scopes
    sa.Column("scopes", OrderedJson, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("ended_at", Moment),
)

#: where events of cases are sent to; a projection
webhook = db.Table(
    "webhook",
    name_column("id", primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("name", nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    #: list of event types
    sa.Column("types", OrderedJson, nullable=False),
    name_column("organisation", nullable=False),
    sa.Column("is_on", sa.Boolean, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    name_column("changed_by", nullable=False),
)

#: what events are signed with, sealed; one that was replaced signs beside the new one for a while
webhook_secret = db.Table(
    "webhook_secret",
    name_column("webhook_id", primary_key=True),
    sa.Column("made_at", Moment, primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    #: None: the newest
    sa.Column("ends_at", Moment),
)
