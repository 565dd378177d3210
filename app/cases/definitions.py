"""Deployed definitions made ready to run: the engine's reading and the forms, kept per operating-system process."""

from functools import lru_cache

from app import engine, forms
from app.engine import Definition
from app.forms import Form
from app.model.definition import Bundle
from app.store.queries import definitions


@lru_cache(maxsize=64)
def definition_of(digest: str) -> Definition:
    """The definition a case is pinned to. Raises UnknownKey, NotDeployable."""
    return read(definitions.bundle(digest))


def read(bundle: Bundle) -> Definition:
    """A bundle as the engine runs it; the forms give the variables their types. Raises NotDeployable."""
    types: dict[str, str] = {}
    for schema in bundle.forms.values():
        types |= forms.read(schema).types
    return engine.parse(bundle, types)


@lru_cache(maxsize=512)
def form_of(digest: str, form_key: str) -> Form:
    """A form as it was deployed with that bundle. Raises KeyError for a form the bundle does not hold."""
    return forms.read(definitions.bundle(digest).forms[form_key])
