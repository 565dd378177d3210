"""The same installations as the page tests use, without pages."""

from support.fixtures import installed, template

__all__ = ["installed", "template"]
