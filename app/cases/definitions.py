"""Deployed definitions made ready to run: the engine's reading and the forms, kept per operating-system process."""

from functools import lru_cache

from app import forms
from app.cases.runnable import read
from app.engine import Definition
from app.forms import Form
from app.store.queries import definitions

__all__ = ["definition_of", "form_of", "read"]


@lru_cache(maxsize=64)
def definition_of(digest: str) -> Definition:
    """The definition a case is pinned to. Raises UnknownKey, NotDeployable."""
    return read(definitions.bundle(digest))


@lru_cache(maxsize=512)
def form_of(digest: str, form_key: str) -> Form:
    """A form as it was deployed with that bundle. Raises KeyError for a form the bundle does not hold."""
    return forms.read(definitions.bundle(digest).forms[form_key])
