"""Projections of case streams: what is open, who has it, when it is due. Rebuilt from the journal at any time."""

import sqlalchemy as sa

from app.store.db import db
from app.store.tables.columns import Moment, OrderedJson, PackedJson, name_column

case_record = db.Table(
    "case_record",
    name_column("id", primary_key=True),
    name_column("reference", nullable=False, unique=True),
    name_column("process_key", nullable=False),
    name_column("process_name", nullable=False),
    name_column("bundle", nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    name_column("school", nullable=False),
    name_column("authority", nullable=False),
    name_column("pupil_id", nullable=False, index=True),
    name_column("pupil_name", nullable=False),
    sa.Column("named", OrderedJson, nullable=False),
    name_column("lead", nullable=False),
    name_column("status", nullable=False),
    name_column("outcome"),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("variables", OrderedJson, nullable=False),
    sa.Column("state", PackedJson),
    name_column("plan"),
    #: the case that asked for it or whose message started it, and the task that waits for its answer
    name_column("asker"),
    name_column("asking_task"),
    sa.Index("case_record_lead", "lead", "status"),
    sa.Index("case_record_school", "school", "status", "changed_at"),
    sa.Index("case_record_authority", "authority", "status", "changed_at"),
    sa.Index("case_record_process", "authority", "process_key", "status", "school"),
    sa.Index("case_record_pupil_name", "school", "status", "pupil_name", "id"),
)

#: word prefixes to search by: pupil names, reference, school
case_word = db.Table(
    "case_word",
    name_column("word", primary_key=True),
    name_column("case_id", primary_key=True),
    sa.Index("case_word_case", "case_id", "word"),
)

#: people and organisations a case is shared with beside its school: named teachers, receiving schools
share = db.Table(
    "share",
    name_column("case_id", primary_key=True),
    name_column("with_kind", primary_key=True),
    name_column("with_id", primary_key=True),
    sa.Index("share_with", "with_id", "case_id"),
)

#: one end of a link between two cases, written from the entry of that end: ids only
link = db.Table(
    "link",
    name_column("case_id", primary_key=True),
    #: the entry that says it, and which of its links
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    name_column("other_id", nullable=False),
    #: entry of the other case that sent a message, and which of its messages; where this end received it
    sa.Column("sent_seq", sa.Integer),
    sa.Column("sent_nth", sa.Integer),
    #: asked, asked by, started, started by, told, told by, answered, answered by
    name_column("role", nullable=False),
    name_column("message"),
    sa.Column("is_restricted", sa.Boolean, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("link_sent", "other_id", "sent_seq"),
)

_OPEN = sa.text("status = 'open'")

work_item = db.Table(
    "work_item",
    name_column("task_id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("process_key", nullable=False),
    name_column("process", nullable=False),
    name_column("element", nullable=False),
    name_column("name", nullable=False),
    name_column("role"),
    name_column("holder", nullable=False),
    name_column("school", nullable=False),
    name_column("authority", nullable=False),
    name_column("form_key"),
    sa.Column("is_restricted", sa.Boolean, nullable=False),
    name_column("reference", nullable=False),
    name_column("pupil_name", nullable=False),
    name_column("status", nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("due", OrderedJson),
    name_column("assignee"),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    name_column("closed_by"),
    name_column("because"),
    sa.Column("seq", sa.Integer, nullable=False),
    #: the case that was started to answer it, and since when
    name_column("waits_for"),
    sa.Column("waits_since", Moment),
    sa.Index("work_item_assignee", "assignee", "due_on", "task_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    sa.Index("work_item_open", "case_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    sa.Index(
        "work_item_restricted",
        "case_id",
        sqlite_where=sa.text("is_restricted = 1"),
        postgresql_where=sa.text("is_restricted"),
    ),
    sa.Index("work_item_closed_by", "closed_by", "closed_at"),
)

#: the words of the partial indexes: SQLite uses such an index only where a query says exactly the same
is_open = work_item.c.status == sa.literal_column("'open'")

#: who may do an open task: the roles of its lane, at the organisation that holds it. It repeats of the task what lists
#: sort and count by, so that they read nothing else (ADR 0012, 0046)
candidate = db.Table(
    "candidate",
    name_column("holder", primary_key=True),
    name_column("role", primary_key=True),
    sa.Column("due_on", sa.Date, primary_key=True),
    name_column("task_id", primary_key=True),
    name_column("case_id", nullable=False),
    sa.Column("is_restricted", sa.Boolean, nullable=False),
    name_column("assignee"),
    sa.Column("opened_at", Moment, nullable=False),
    name_column("pupil_name", nullable=False),
    name_column("waits_for"),
    sa.Index("candidate_task", "task_id"),
    sa.Index("candidate_case", "case_id", "holder", "role", "is_restricted", "assignee", "waits_for"),
    sa.Index("candidate_opened", "holder", "role", "opened_at", "task_id"),
    sa.Index("candidate_pupil", "holder", "role", "pupil_name", "task_id"),
    sqlite_with_rowid=False,
)

_ARMED = sa.text("ended_at IS NULL")

#: `ended_at`: fired or taken down; `fired_at`: fired, by the case clock, so that `fired_at - due_at` is how late
timer = db.Table(
    "timer",
    name_column("timer_id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("element", nullable=False),
    name_column("name", nullable=False),
    name_column("process", nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("due", OrderedJson, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("fired_at", Moment),
    sa.Index("timer_due", "due_at", "timer_id", sqlite_where=_ARMED, postgresql_where=_ARMED),
)

subscription = db.Table(
    "subscription",
    name_column("case_id", primary_key=True),
    name_column("subscription_id", primary_key=True),
    name_column("message", nullable=False, index=True),
    name_column("element", nullable=False),
    name_column("name", nullable=False),
)

_RUNNING = sa.text("state = 'running'")
_NOTICE = sa.text("next_at IS NOT NULL")

#: `climbed`: rungs of its ladder that were given or skipped; `next_at`: when the next one is due
deadline = db.Table(
    "deadline",
    name_column("id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("rule_key"),
    name_column("rule_version"),
    name_column("subject", nullable=False),
    name_column("school", nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("due", OrderedJson, nullable=False),
    name_column("state", nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("late_days", sa.Integer),
    sa.Column("earlier", OrderedJson, nullable=False),
    sa.Column("climbed", OrderedJson, nullable=False, server_default="[]"),
    sa.Column("next_at", Moment),
    sa.Index("deadline_notice", "next_at", "id", sqlite_where=_NOTICE, postgresql_where=_NOTICE),
    sa.Index("deadline_running", "school", "due_on", "id", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
)

is_running = deadline.c.state == sa.literal_column("'running'")

#: who was told what, for their page of notices
told = db.Table(
    "told",
    name_column("person_id", primary_key=True),
    name_column("deadline_id", primary_key=True),
    sa.Column("rung", sa.Integer, primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("kind", nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

incident = db.Table(
    "incident",
    name_column("id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("task_id"),
    name_column("element", nullable=False),
    name_column("kind", nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    name_column("state", nullable=False),
    sa.Column("raised_at", Moment, nullable=False),
    sa.Column("resolved_at", Moment),
    name_column("resolved_by"),
    sa.Column("resolution", sa.Text),
)

answer = db.Table(
    "answer",
    name_column("task_id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    sa.Column("seq", sa.Integer, nullable=False),
    name_column("element", nullable=False),
    name_column("name", nullable=False),
    name_column("form_key"),
    name_column("form_digest"),
    sa.Column("is_restricted", sa.Boolean, nullable=False),
    sa.Column("answers", OrderedJson, nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
)

note = db.Table(
    "note",
    name_column("case_id", primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("is_restricted", sa.Boolean, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
)

#: the encrypted bytes themselves are in `document_content`: a rebuild does not touch them
document = db.Table(
    "document",
    name_column("id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("task_id"),
    name_column("name", nullable=False),
    name_column("media_type", nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    name_column("digest", nullable=False),
    sa.Column("is_restricted", sa.Boolean, nullable=False),
    sa.Column("may_parents_see", sa.Boolean, nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
)

document_content = db.Table(
    "document_content",
    name_column("id", primary_key=True),
    name_column("case_id", nullable=False, index=True),
    name_column("name", nullable=False),
    name_column("media_type", nullable=False),
    sa.Column("ciphertext", sa.LargeBinary, nullable=False),
    sa.Column("stored_at", Moment, nullable=False),
)

#: unfinished answers, outside the journal on purpose (ADR 0007); one per task, whoever holds it
draft = db.Table(
    "draft",
    name_column("id", primary_key=True),
    name_column("case_id", index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("values", OrderedJson, nullable=False),
    name_column("by", nullable=False),
    sa.Column("at", Moment, nullable=False),
)
