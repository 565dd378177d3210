"""The same installations as the page tests use, without pages."""

from pathlib import Path

import pytest
from support.fixtures import installed, template

__all__ = ["installed", "template"]

#: about the server and what it reads, not about its database: on PostgreSQL with --long only
ON_SQLITE = frozenset({"test_hostile_deploys"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep for the long run what would be asked twice."""
    here = Path(__file__).parent
    for one in items:
        kind = getattr(getattr(one, "callspec", None), "params", {}).get("database_kind")
        if here in one.path.parents and kind == "postgres" and one.path.stem in ON_SQLITE:
            one.add_marker(pytest.mark.long)
