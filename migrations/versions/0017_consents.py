"""Keep consents, since when sharing stopped for want of one, and what people wrote down that they shared."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("pupil_id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_consent_pupil_id"), "consent", ["pupil_id"], unique=False)
    op.create_table(
        "sharing_stop",
        sa.Column("pupil_id", sa.String(length=200), nullable=False),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("pupil_id", "process_key"),
    )
    op.create_table(
        "sharing",
        sa.Column("pupil_id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(length=200), nullable=False),
        sa.Column("is_restricted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pupil_id", "seq"),
    )
    op.create_index(op.f("ix_sharing_case_id"), "sharing", ["case_id"], unique=False)
