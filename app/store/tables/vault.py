"""Wrapped keys, in a database of their own so that its backups can be short-lived."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, name_column

case_key = db.Table(
    "stream_key",
    name_column("stream", primary_key=True),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("destroyed_at", Moment),
    bind_key="keys",
)
