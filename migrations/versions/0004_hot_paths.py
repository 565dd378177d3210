"""Keep the next notice with its deadline instead of a row per rung, and index what every request asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LIST = {
    "sqlite": "'[' || coalesce(group_concat(rung), '') || ']'",
    "postgresql": "'[' || coalesce(string_agg(rung::text, ','), '') || ']'",
}
_MOVE = """UPDATE deadline SET
    climbed = (SELECT {list} FROM (SELECT rung FROM notice WHERE deadline_id = deadline.id
                                   AND state IN ('given', 'skipped') ORDER BY rung) AS climbed),
    next_at = (SELECT min(at) FROM notice WHERE deadline_id = deadline.id AND state = 'waiting')"""


def upgrade() -> None:
    """Move what is known of notices to their deadlines, and add the indexes."""

    op.add_column("deadline", sa.Column("climbed", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("deadline", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_MOVE.format(list=_LIST[op.get_bind().dialect.name]))
    op.drop_table("notice")
    _index("deadline_notice", "deadline", ["next_at", "id"], "next_at IS NOT NULL")
    _index("work_item_open", "work_item", ["case_id"], "status = 'open'")
    _index("work_item_restricted", "work_item", ["case_id"], "is_restricted", "is_restricted = 1")
    op.create_index("case_record_lead", "case_record", ["lead", "status"])
    op.drop_index("case_word_case", "case_word")
    op.create_index("case_word_case", "case_word", ["case_id", "word"])
    _index("read_log_revealed", "read_log", ["subject", "person_id"], "action IN ('reveal_names', 'mask_names')")


def _index(name: str, table: str, columns: list[str], where: str, sqlite_where: str | None = None) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(sqlite_where or where), postgresql_where=sa.text(where))
