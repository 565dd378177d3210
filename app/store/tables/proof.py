"""Signed checkpoints of the journal. How they are made and checked is in `app.store.checkpoints`."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, name_column

#: one signature over the heads of every stream that changed since the one before; append-only by triggers
checkpoint = db.Table(
    "checkpoint",
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    name_column("log", nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("previous", sa.LargeBinary, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

#: the heads that checkpoint `n` seals, in the order of its tree
checkpoint_leaf = db.Table(
    "checkpoint_leaf",
    name_column("stream_kind", primary_key=True),
    name_column("stream_id", primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Index("checkpoint_leaf_n", "n", "stream_kind", "stream_id"),
)
