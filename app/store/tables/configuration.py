"""Projections of pupils, people, organisations, calendars, definitions and the installation itself."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, name_column

pupil = db.Table(
    "pupil",
    name_column("id", primary_key=True),
    name_column("upn", unique=True),
    name_column("name", nullable=False),
    name_column("search", nullable=False, index=True),
    name_column("school", nullable=False, index=True),
    name_column("year_group", nullable=False),
    sa.Column("born_on", sa.Date, nullable=False),
    sa.Column("record", OrderedJson, nullable=False),
)

person = db.Table(
    "person",
    name_column("id", primary_key=True),
    name_column("user_name", nullable=False, unique=True),
    name_column("name", nullable=False),
    name_column("email"),
    sa.Column("is_active", sa.Boolean, nullable=False),
)

membership = db.Table(
    "membership",
    name_column("person_id", primary_key=True),
    name_column("role", primary_key=True),
    name_column("organisation", primary_key=True),
    sa.Column("since", sa.Date),
    sa.Column("until", sa.Date),
    sa.Index("membership_held", "organisation", "role"),
)

organisation = db.Table(
    "organisation",
    name_column("id", primary_key=True),
    name_column("name", nullable=False),
    name_column("kind", nullable=False),
    name_column("parent"),
    name_column("calendar"),
    sa.Column("record", OrderedJson, nullable=False),
)

calendar = db.Table(
    "calendar",
    name_column("id", primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("name", nullable=False),
    sa.Column("record", OrderedJson, nullable=False),
)

#: what an authority changed of the deadline rules: proposed, in force, refused. The shipped ones are in no table
rule_change = db.Table(
    "rule_change",
    name_column("authority", primary_key=True),
    name_column("key", primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    name_column("status", nullable=False),
    sa.Column("rule", OrderedJson, nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
    name_column("decided_by"),
    sa.Column("decided_at", Moment),
    sa.Column("refusal", sa.Text, nullable=False),
)

#: what an authority set without touching a diagram, from a day on
setting_value = db.Table(
    "setting_value",
    name_column("authority", primary_key=True),
    name_column("key", primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("value", OrderedJson, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
)

definition_version = db.Table(
    "definition_version",
    name_column("key", primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    name_column("digest", nullable=False, index=True),
    name_column("process_id", nullable=False),
    name_column("name", nullable=False),
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("deployed_at", Moment, nullable=False),
    name_column("proposed_by", nullable=False),
    name_column("approved_by", nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

bundle_file = db.Table(
    "bundle_file",
    name_column("digest", primary_key=True),
    name_column("kind", primary_key=True),
    name_column("name", primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

#: a plan to take the open cases of one version to another: planned, approved, refused, done
version_plan = db.Table(
    "version_plan",
    name_column("id", primary_key=True),
    name_column("key", nullable=False, index=True),
    sa.Column("from_version", sa.Integer, nullable=False),
    sa.Column("to_version", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    name_column("status", nullable=False),
    name_column("by", nullable=False),
    name_column("decided_by"),
    sa.Column("planned_at", Moment, nullable=False),
    sa.Column("changed_at", Moment),
    sa.Column("moved", sa.Integer),
    sa.Column("stayed", sa.Integer),
)

#: a process owner's unfinished version: not history until it is deployed
definition_draft = db.Table(
    "definition_draft",
    name_column("id", primary_key=True),
    name_column("key", nullable=False, index=True),
    name_column("name", nullable=False),
    sa.Column("based_on", sa.Integer),
    sa.Column("files", OrderedJson, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    name_column("status", nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    name_column("by", nullable=False),
    name_column("decided_by"),
    sa.Column("changed_at", Moment, nullable=False),
)

#: how the scenarios of a bundle went with one state of the program: worked out again whenever it is not here
scenario_report = db.Table(
    "scenario_report",
    name_column("bundle", primary_key=True),
    name_column("program", primary_key=True),
    sa.Column("report", OrderedJson, nullable=False),
    sa.Column("played_at", Moment, nullable=False),
)

#: facts of the installation by name: how far its clock was moved
installation = db.Table(
    "installation",
    name_column("name", primary_key=True),
    sa.Column("value", OrderedJson, nullable=False),
)
