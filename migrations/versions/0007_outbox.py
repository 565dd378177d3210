"""Keep effects to have after a commit, the nodes that are alive, and when a timer fired."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = sa.text("done_at IS NULL")


def upgrade() -> None:
    """Add both tables, and the moment at which a timer fired rather than was taken down."""

    op.create_table(
        "outbox",
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.String(length=200), nullable=True),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.String(length=200), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bundled_in", sa.String(length=200), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("reference"),
    )
    op.create_index(op.f("ix_outbox_case_id"), "outbox", ["case_id"], unique=False)
    op.create_index("outbox_due", "outbox", ["run_at", "reference"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("outbox_recipient", "outbox", ["recipient", "kind"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("outbox_taken", "outbox", ["kind", "taken_at"], unique=False)
    op.create_index("outbox_status", "outbox", ["status", "made_at"], unique=False)
    op.create_table(
        "node",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.add_column("timer", sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE timer SET fired_at = ended_at WHERE EXISTS"
        " (SELECT 1 FROM deadline WHERE deadline.id = timer.timer_id AND deadline.state IN ('met', 'missed'))"
    )
