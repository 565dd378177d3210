"""How Alembic reaches the main database of the running application."""

from alembic import context
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.store import tables  # noqa: F401  (registers every table)
from app.store.db import db


def _render(kind: str, item: object, _autogen: object) -> str | bool:
    """Migrations name plain SQLAlchemy types, so that they never change with our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        plain: TypeEngine[object] = item.impl_instance
        return f"sa.{plain!r}"
    return False


def _is_ours(_object: object, _name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:
    return True


def migrate() -> None:
    """Run on the connection given, else on the application's own engine."""
    given = context.config.attributes.get("connection")
    engine = db.engine.execution_options(waymark_writes=True)
    with engine.connect() if given is None else given as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_item=_render,
            compare_type=False,
            include_object=_is_ours,
            transaction_per_migration=False,  # all of them or none: a failure leaves the database as it was
            transactional_ddl=True,  # SQLite's too, once the transaction is begun by us
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()
