"""Which processes name which deadline rules, as they are deployed now. What a rule says is not here."""

from collections.abc import Mapping
from functools import lru_cache

from app.store.db import reading
from app.store.queries import definitions
from app.studio.figures import rules_used


def users() -> Mapping[str, tuple[str, ...]]:
    """Key of a rule → names of the processes whose current version names it, in alphabetical order."""
    found: dict[str, list[str]] = {}
    for version in sorted(definitions.current_versions(reading()), key=lambda one: one.name):
        for key in _keys(version.digest):
            found.setdefault(key, []).append(version.name)
    return {key: tuple(names) for key, names in found.items()}


@lru_cache(maxsize=64)
def _keys(digest: str) -> frozenset[str]:
    return frozenset(one.key for one in rules_used(definitions.bundle(digest)) if one.key)
