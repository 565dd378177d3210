"""Keep series of meetings, their dates, and which cases are on which list."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add four projections; they are empty until somebody plans a meeting."""

    op.create_table(
        "series",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("series_of", "series", ["organisation", "kind"], unique=False)
    op.create_table(
        "series_member",
        sa.Column("series_id", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("series_id", "person_id"),
    )
    op.create_index("series_member_person", "series_member", ["person_id"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("papers_on", sa.Date(), nullable=False),
        sa.Column("pack_on", sa.Date(), nullable=False),
        sa.Column("access_until", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=200), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("meeting_next", "meeting", ["organisation", "kind", "held_on"], unique=False)
    op.create_index("meeting_series", "meeting", ["series_id", "held_on"], unique=False)
    op.create_table(
        "listing",
        sa.Column("task_id", sa.String(length=200), nullable=False),
        sa.Column("case_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=False),
        sa.Column("meeting_id", sa.String(length=200), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("task_id"),
    )
    op.create_index(op.f("ix_listing_case_id"), "listing", ["case_id"], unique=False)
    op.create_index(op.f("ix_listing_meeting_id"), "listing", ["meeting_id"], unique=False)
    op.create_index("listing_waiting", "listing", ["organisation", "kind"], unique=False)
