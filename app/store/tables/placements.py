"""Projections of centres, quotas of schools, the commissioned places of cases, and marks of attendance."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

#: where a partnership has places
centre = db.Table(
    "centre",
    name_column("id", primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("name", nullable=False),
    name_column("partnership", nullable=False, index=True),
    sa.Column("is_open", sa.Boolean, nullable=False),
    sa.Column("record", OrderedJson, nullable=False),
)

#: how many places of a partnership a school may use at shared cost in a school year; `year`: "2026/27"
quota = db.Table(
    "quota",
    name_column("id", primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("partnership", nullable=False),
    name_column("school", nullable=False),
    name_column("year", nullable=False),
    sa.Column("places", sa.Integer, nullable=False),
    sa.Index("quota_of", "partnership", "year"),
)

#: the place of a case; `status`: waiting, held, ended; `halves`: 2 for a whole place, 1 for a part-time one
placement = db.Table(
    "placement",
    name_column("case_id", primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("status", nullable=False),
    name_column("partnership", nullable=False),
    name_column("school", nullable=False),
    name_column("key_stage", nullable=False),
    name_column("centre"),
    name_column("kind"),
    sa.Column("halves", sa.Integer, nullable=False),
    sa.Column("first_on", sa.Date),
    sa.Column("last_on", sa.Date),
    sa.Column("ended_on", sa.Date),
    name_column("year"),
    #: since when it waits, or when the place was taken
    sa.Column("since", Moment, nullable=False),
    #: the last day on which somebody was told that marks are missing
    sa.Column("chased_on", sa.Date),
    sa.Column("record", OrderedJson, nullable=False),
    sa.Index("placement_of", "partnership", "status"),
    sa.Index("placement_at", "centre", "key_stage", "status"),
)

#: one mark for one session; `part`: am, pm
attendance = db.Table(
    "attendance",
    name_column("case_id", primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    name_column("part", primary_key=True),
    name_column("code", nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
)
