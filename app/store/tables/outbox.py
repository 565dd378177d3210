"""What is to be done outside the database after a commit, and the nodes that are alive. Neither is in the journal."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

_OPEN = sa.text("done_at IS NULL")
_WEBHOOK = sa.text("kind = 'webhook'")

#: effects: written in the transaction of the entry that causes them; ids only, nothing personal
outbox = db.Table(
    "outbox",
    #: made from what it is about, so that it is there once; what receives the effect gets it, too
    name_column("reference", primary_key=True),
    name_column("kind", nullable=False),
    name_column("recipient", nullable=False),
    name_column("case_id", index=True),
    sa.Column("args", OrderedJson, nullable=False),
    #: waiting, running, done, given up
    name_column("status", nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    #: when to look at it next: after a pause, or when the lease of who runs it ends
    sa.Column("run_at", Moment, nullable=False),
    #: when somebody last took it
    sa.Column("taken_at", Moment),
    #: which node that was
    name_column("taken_by"),
    #: when it was done or given up
    sa.Column("done_at", Moment),
    #: what it went out together with, where it did not go alone
    name_column("bundled_in"),
    #: why the last try failed, without anything personal
    sa.Column("trouble", sa.Text),
    sa.Index("outbox_due", "run_at", "reference", sqlite_where=_OPEN, postgresql_where=_OPEN),
    sa.Index("outbox_recipient", "recipient", "kind", sqlite_where=_OPEN, postgresql_where=_OPEN),
    sa.Index("outbox_taken", "kind", "taken_at"),
    sa.Index("outbox_status", "status", "made_at"),
    sa.Index("outbox_webhook", "recipient", "made_at", sqlite_where=_WEBHOOK, postgresql_where=_WEBHOOK),
)

#: the words of the partial indexes
is_open = outbox.c.done_at.is_(None)

#: processes that say every few seconds that they are there, by the clock of the database
node = db.Table(
    "node",
    name_column("name", primary_key=True),
    #: run, web, worker
    name_column("kind", nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)
