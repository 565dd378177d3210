"""Keep which cases are linked, and which task waits for which case."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the ends of links, and what a case and a task know of the case at the other end."""

    op.create_table(
        "link",
        sa.Column("case_id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.String(length=200), nullable=False),
        sa.Column("sent_seq", sa.Integer(), nullable=True),
        sa.Column("sent_nth", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=True),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", "place"),
    )
    op.create_index("link_sent", "link", ["other_id", "sent_seq"], unique=False)
    op.add_column("case_record", sa.Column("asker", sa.String(length=200), nullable=True))
    op.add_column("case_record", sa.Column("asking_task", sa.String(length=200), nullable=True))
    op.add_column("work_item", sa.Column("waits_for", sa.String(length=200), nullable=True))
    op.add_column("work_item", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("candidate", sa.Column("waits_for", sa.String(length=200), nullable=True))
    op.drop_index("candidate_case", "candidate")
    lane = ["case_id", "holder", "role", "is_restricted", "assignee", "waits_for"]
    op.create_index("candidate_case", "candidate", lane, unique=False)
