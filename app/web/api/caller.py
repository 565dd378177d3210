"""Whose token a request of the API carries, and what that token is narrowed to."""

from flask import Request, abort, g, request

from app.errors import NotAllowed
from app.store import tokens
from app.web.reader import sign_in_as

PATH = "/api/"


def is_api(asked: Request) -> bool:
    """A program is asking: answers are JSON, cookies mean nothing."""
    return asked.path.startswith(PATH)


def recognise() -> None:
    """Set who this request is from by its `Authorization: Bearer` header; nobody where there is no such token."""
    if request.method == "POST" and request.content_length and not request.is_json:
        abort(415)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = tokens.find(token.strip()) if scheme.lower() == "bearer" and token.strip() else None
    g.scopes = found.scopes if found else frozenset()
    sign_in_as(found.person_id if found else None)


def need_scope(scope: str) -> None:
    """Raises NotAllowed where the token was not made for this."""
    if scope not in g.scopes:
        raise NotAllowed(f"This token is not for “{scope}”. Make another one that is, under Tokens.")
