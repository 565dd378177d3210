"""Keep who is around a pupil, with what is known about contacting them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the people around pupils."""
    op.create_table(
        "party",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("pupil_id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_party_pupil_id"), "party", ["pupil_id"], unique=False)
