"""Letters that tasks of cases write: each version of each, and what became of it. Their bytes are documents."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

letter = db.Table(
    "letter",
    name_column("id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("task_id", nullable=False),
    #: 1, 2, 3 … of the letter of this task
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("element", nullable=False),
    #: name of the template
    name_column("template", nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    name_column("recipient", nullable=False),
    sa.Column("is_restricted", sa.Boolean, nullable=False),
    #: why it was made again, or ""
    sa.Column("reason", sa.Text, nullable=False),
    #: what nothing was known for
    sa.Column("gaps", OrderedJson, nullable=False),
    name_column("pdf_id"),
    name_column("text_id", nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
    #: made, sending, sent, posted, given, failed, replaced
    name_column("state", nullable=False),
    #: address it goes or went to
    sa.Column("address", sa.Text),
    #: when it was posted, handed over or taken by the mail server
    sa.Column("given_on", sa.Date),
    #: when it counts as received, where it was posted
    sa.Column("served_on", sa.Date),
    #: why it could not be delivered, or how it was given
    sa.Column("words", sa.Text),
    #: the problem that a delivery in vain became
    name_column("incident_id"),
    name_column("changed_by"),
    sa.Column("changed_at", Moment),
    sa.Index("letter_of_task", "task_id", "version", unique=True),
)
