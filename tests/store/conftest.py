"""The same installations as the page tests use."""

from web.conftest import app, client_of, template

__all__ = ["app", "client_of", "template"]
