"""Keep how scenarios went, and who decided about a draft.

Reports are played once for each bundle and each state of the program.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of reports and the column of who decided."""

    op.create_table(
        "scenario_report",
        sa.Column("bundle", sa.String(length=200), nullable=False),
        sa.Column("program", sa.String(length=200), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("played_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bundle", "program"),
    )
    op.add_column("definition_draft", sa.Column("decided_by", sa.String(length=200), nullable=True))
