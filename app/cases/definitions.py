"""Deployed definitions made ready to run: the engine's reading and the forms, kept per operating-system process."""

from functools import lru_cache

from app import diagrams, forms
from app.cases.runnable import read
from app.engine import Definition, Element
from app.forms import Form
from app.store.db import reading
from app.store.queries import definitions

__all__ = ["definition_of", "form_of", "form_then", "read", "start_of", "starters_of"]


@lru_cache(maxsize=64)
def definition_of(digest: str) -> Definition:
    """The definition a case is pinned to. Raises UnknownKey, NotDeployable."""
    return read(definitions.bundle(digest))


@lru_cache(maxsize=64)
def starters_of(digest: str) -> frozenset[str]:
    """Roles that may start a case of that version, as its diagram says. Raises UnknownKey."""
    bundle = definitions.bundle(digest)
    nodes = [node for xml in bundle.bpmn.values() for node in diagrams.read(xml).nodes.values()]
    starts = (node for node in nodes if node.process == bundle.process_id and node.is_plain_start)
    return frozenset(role for node in starts for role in node.start_roles)


@lru_cache(maxsize=64)
def start_of(digest: str) -> Element | None:
    """The start event people start a case of that version with, or None where only a message starts it."""
    definition = definition_of(digest)
    events = (one for one in definition.elements.values() if one.kind == "startEvent")
    return next((one for one in events if one.process == definition.process_id and one.message is None), None)


@lru_cache(maxsize=512)
def form_of(digest: str, form_key: str) -> Form:
    """A form as it was deployed with that bundle. Raises KeyError for a form the bundle does not hold."""
    return forms.read(definitions.bundle(digest).forms[form_key])


@lru_cache(maxsize=512)
def form_then(digest: str, form_key: str, form_digest: str) -> Form:
    """The form with that content, in that bundle or in whichever version of the process the case was on before.

    Raises KeyError where no version holds it.
    """
    others = [one.digest for one in definitions.versions(reading(), definitions.bundle(digest).key)]
    held = (definitions.bundle(one).forms.get(form_key) for one in (digest, *others))
    found = (forms.read(content) for content in held if content is not None)
    form = next((one for one in found if one.digest == form_digest), None)
    if form is None:
        raise KeyError(form_key)
    return form
