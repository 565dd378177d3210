"""A bundle, deployed or not, made ready to run. Not where bundles are kept, nor the ones kept ready: `definitions`."""

from app import engine, forms
from app.engine import Definition
from app.model.definition import Bundle


def read(bundle: Bundle) -> Definition:
    """A bundle as the engine runs it; the forms give the variables their types. Raises NotDeployable."""
    types: dict[str, str] = {}
    for schema in bundle.forms.values():
        types |= forms.read(schema).types
    return engine.parse(bundle, types)
