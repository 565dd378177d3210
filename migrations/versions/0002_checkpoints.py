"""Create the signed checkpoints of the journal and the heads of streams that each of them seals."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("checkpoint", "checkpoint_leaf")


def upgrade() -> None:
    """Create the signed checkpoints of the journal and the heads of streams that each of them seals."""

    op.create_table(
        "checkpoint",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("log", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_table(
        "checkpoint_leaf",
        sa.Column("stream_kind", sa.String(length=200), nullable=False),
        sa.Column("stream_id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream_kind", "stream_id", "seq"),
    )
    op.create_index("checkpoint_leaf_n", "checkpoint_leaf", ["n", "stream_kind", "stream_id"], unique=False)
    for table in TABLES:
        if op.get_bind().dialect.name == "sqlite":
            _guard_sqlite(table)
        else:
            _guard_postgresql(table)


def _guard_sqlite(table: str) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"""CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed or removed'); END"""
        )


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION entry_is_append_only()"""
    )
    op.execute(
        f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION entry_is_append_only()"""
    )
