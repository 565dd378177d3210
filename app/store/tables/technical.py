"""What is neither truth nor projection: idempotency keys, the log of reads, counters, tries. Sessions: `signing_in`."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

#: a command's key, kept 48 hours: sent twice, it is one entry and the same answer
idempotency = db.Table(
    "idempotency",
    name_column("key", primary_key=True),
    name_column("actor", nullable=False),
    name_column("command", nullable=False),
    name_column("digest", nullable=False),
    sa.Column("answer", OrderedJson),
    sa.Column("at", Moment, nullable=False, index=True),
)

_REVEALED = sa.text("action IN ('reveal_names', 'mask_names')")

#: who looked at what: hash-chained per day
read_log = db.Table(
    "read_log",
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    name_column("person_id", nullable=False),
    name_column("action", nullable=False),
    name_column("subject", nullable=False, index=True),
    sa.Column("purpose", sa.Text, nullable=False, default=""),
    name_column("outcome", nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Index("read_log_revealed", "subject", "person_id", sqlite_where=_REVEALED, postgresql_where=_REVEALED),
)

#: the words of the partial index
is_reveal = read_log.c.action.in_([sa.literal_column("'reveal_names'"), sa.literal_column("'mask_names'")])

#: the last number given out by name: case references of a year
counter = db.Table(
    "counter",
    name_column("name", primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)

#: timers and notices whose moment came in vain: a row while there is something to try again
due_try = db.Table(
    "due_try",
    #: timer, notice
    name_column("kind", primary_key=True),
    #: id of the timer or deadline
    name_column("id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    sa.Column("tries", sa.Integer, nullable=False),
    #: by the case clock, as the moment itself is
    sa.Column("next_at", Moment, nullable=False),
)
