"""Whether this node answers. Says nothing about cases."""

from flask import Blueprint

pages = Blueprint("health", __name__)


@pages.get("/health")
def show() -> dict[str, bool]:
    """The process is up."""
    return {"ok": True}
