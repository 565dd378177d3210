"""Projections of the people around pupils, of consents and of what was shared, from the pupils' own streams."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

#: `seq`: the entry of the pupil's stream that said it last. Parents whom only the pupil's own record names have no row
party = db.Table(
    "party",
    name_column("id", primary_key=True),
    name_column("pupil_id", nullable=False, index=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("record", OrderedJson, nullable=False),
)

#: one row per consent, as it stands
consent = db.Table(
    "consent",
    name_column("id", primary_key=True),
    name_column("pupil_id", nullable=False, index=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("record", OrderedJson, nullable=False),
)

#: from which day people outside see nothing of the pupil's cases of a process: consent ended, or was withdrawn
sharing_stop = db.Table(
    "sharing_stop",
    name_column("pupil_id", primary_key=True),
    name_column("process_key", primary_key=True),
    sa.Column("since", sa.Date, nullable=False),
)

#: what somebody wrote down that they shared by hand; what the platform shared itself is read where it happened
sharing = db.Table(
    "sharing",
    name_column("pupil_id", primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    name_column("case_id", nullable=False, index=True),
    sa.Column("is_restricted", sa.Boolean, nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("record", OrderedJson, nullable=False),
)
