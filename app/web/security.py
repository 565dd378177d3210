"""Security headers of every answer, and refusal of requests that other sites made the browser send (ADR 0009)."""

import secrets
from typing import cast

from flask import Flask, g, request
from werkzeug.wrappers import Response

from app.errors import NotAllowed

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'{inline}; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
#: diagram editors set positions by style attributes; no page of case content does
EDITORS = {"modeler.show", "modeler.form", "modeler.decision"}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}


def nonce() -> str:
    """A word only this answer knows, for the one inline script of the page template."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return cast(str, g.nonce)


def harden(app: Flask, *, is_secure: bool) -> None:
    """Refuse cross-site requests and set the headers."""

    @app.before_request
    def same_site_only() -> None:
        site = request.headers.get("Sec-Fetch-Site")
        if request.method not in SAFE_METHODS and site not in (None, "same-origin", "none"):
            raise NotAllowed("This request came from another site. Use the buttons of the page.")

    @app.after_request
    def headers(response: Response) -> Response:
        inline = "; style-src-attr 'unsafe-inline'" if request.endpoint in EDITORS else ""
        response.headers.setdefault("Content-Security-Policy", _POLICY.format(inline=inline, nonce=nonce()))
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        if is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response
