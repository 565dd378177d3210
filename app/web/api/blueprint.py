"""A blueprint whose every route documents how it refuses."""

from collections.abc import Callable
from typing import Any

from flask_smorest import Blueprint

from app.web.api import shapes

_REFUSALS = {
    400: "The request cannot be read",
    401: "There is no token, or it ended",
    403: "The token, or the role of its person, does not allow this",
    404: "There is nothing here that the person of the token can see",
    409: "It was done already, or changed meanwhile",
    410: "The task ended, or the case is closed",
    413: "The request is too large",
    415: "Expected JSON",
    422: "Something must be changed: `errors` and `warnings` say what",
    503: "Many people are working on this at once, or the database does not answer or is full: try again later",
}
FILE, FILE_TYPE = {"type": "string", "format": "binary"}, "application/octet-stream"
READS = (401, 403, 404, 410, 422)
WRITES = (400, 401, 403, 404, 409, 410, 413, 415, 422, 503)


class Routes(Blueprint):  # type: ignore[misc]  # the library has no types
    """Routes of the API about one thing."""

    def reads(self, path: str, shape: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A GET that answers with this shape."""
        return self._route(path, "GET", 200, shape, READS)

    def sends(self, path: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A GET that answers with the bytes of a file."""

        def document(view: Callable[..., Any]) -> Callable[..., Any]:
            return self._route(path, "GET", 200, FILE, READS, content_type=FILE_TYPE)(view)

        return document

    def writes(self, path: str, shape: Any, status: int = 200) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """A POST that answers with this shape."""
        return self._route(path, "POST", status, shape, WRITES)

    def takes(self, shape: Any, location: str = "json") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """The view gets the body, or the query, as this shape."""
        taken: Callable[[Callable[..., Any]], Callable[..., Any]] = self.arguments(shape, location=location)
        return taken

    def _route(
        self,
        path: str,
        method: str,
        status: int,
        shape: Any,
        refusals: tuple[int, ...],
        content_type: str | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def document(view: Callable[..., Any]) -> Callable[..., Any]:
            for code in refusals:
                view = self.alt_response(
                    code, schema=shapes.Problem, content_type="application/problem+json", description=_REFUSALS[code]
                )(view)
            answered: Callable[..., Any] = self.response(status, shape, content_type=content_type)(view)
            routed: Callable[..., Any] = self.route(path, methods=[method])(answered)
            return routed

        return document
