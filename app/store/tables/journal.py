"""The journal: the only truth. Append-only by triggers that the migration makes; projections are elsewhere."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

entry = db.Table(
    "entry",
    name_column("stream_kind", primary_key=True),
    name_column("stream_id", primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("recorded_at", Moment, nullable=False),
    name_column("actor", nullable=False),
    name_column("kind", nullable=False),
    sa.Column("meta", OrderedJson, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Index("entry_recorded", "recorded_at", "stream_kind", "stream_id", "seq"),
)

#: head of every stream: locked by whoever writes to it
stream = db.Table(
    "stream",
    name_column("kind", primary_key=True),
    name_column("id", primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)
