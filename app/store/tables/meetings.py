"""Projections of series of meetings, their dates, and which cases are on which list. No names, no content of cases."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

#: a forum, panel or group that meets again and again
series = db.Table(
    "series",
    name_column("id", primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("name", nullable=False),
    name_column("kind", nullable=False),
    name_column("organisation", nullable=False),
    sa.Column("is_paused", sa.Boolean, nullable=False),
    sa.Column("record", OrderedJson, nullable=False),
    sa.Index("series_of", "organisation", "kind"),
)

#: who is sent the packs of a series
series_member = db.Table(
    "series_member",
    name_column("series_id", primary_key=True),
    name_column("person_id", primary_key=True),
    sa.Index("series_member_person", "person_id"),
)

#: one date of a series; `status`: planned or cancelled
meeting = db.Table(
    "meeting",
    name_column("id", primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("series_id", nullable=False),
    name_column("kind", nullable=False),
    name_column("organisation", nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("papers_on", sa.Date, nullable=False),
    sa.Column("pack_on", sa.Date, nullable=False),
    sa.Column("access_until", sa.Date, nullable=False),
    name_column("status", nullable=False),
    sa.Column("record", OrderedJson, nullable=False),
    sa.Index("meeting_series", "series_id", "held_on"),
    sa.Index("meeting_next", "organisation", "kind", "held_on"),
)

#: a task of a case that waits for a meeting, or was decided at one; `meeting_id`: None while no date has room
listing = db.Table(
    "listing",
    name_column("task_id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("kind", nullable=False),
    name_column("organisation", nullable=False),
    name_column("school", nullable=False),
    name_column("meeting_id", index=True),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("is_urgent", sa.Boolean, nullable=False),
    sa.Index("listing_waiting", "organisation", "kind"),
)
