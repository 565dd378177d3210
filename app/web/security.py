"""Security headers of every answer, and refusal of requests that other sites made the browser send (ADR 0009)."""

import secrets
from typing import cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

from app.config import Settings
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


def _is_from_here() -> bool:
    """What the browser says of where a request comes from: nothing, or nothing but this site."""
    if request.headers.get("Sec-Fetch-Site") not in (None, "same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None or request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True  # older browsers leave it out: they are left to the token
    settings: Settings = current_app.extensions["waymark_settings"]
    return urlsplit(origin).netloc in {request.host, urlsplit(settings.public_url).netloc or request.host}


def harden(app: Flask, *, is_secure: bool) -> None:
    """Refuse cross-site requests and set the headers."""

    @app.before_request
    def same_site_only() -> None:
        if request.method not in SAFE_METHODS and not _is_from_here():
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
