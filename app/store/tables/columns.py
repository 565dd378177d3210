"""Column types that read back the same on SQLite and PostgreSQL."""

import json
import zlib
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite keeps it without an offset, so the offset is put back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To UTC. Raises ValueError for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"Expected an aware moment, but got {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class OrderedJson(TypeDecorator[Any]):
    """JSON as text in the order it was written: `jsonb` would sort keys, and engine state must keep them."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """To the shortest text."""
        return None if value is None else json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        """Back to values."""
        return None if value is None else json.loads(value)


class PackedJson(TypeDecorator[Any]):
    """JSON compressed with zlib: for engine state, which repeats itself."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        """To compressed bytes."""
        if value is None:
            return None
        return zlib.compress(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(), 6)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> Any:
        """Back to values."""
        return None if value is None else json.loads(zlib.decompress(value))


def name_column(name: str, **kw: Any) -> sa.Column[str]:
    """A short text: ids, codes, names."""
    return sa.Column(name, sa.String(200), **kw)
