"""Find the cases of one process in an authority."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index by authority, process, status and school."""
    by = ["authority", "process_key", "status", "school"]
    op.create_index("case_record_process", "case_record", by, unique=False)
