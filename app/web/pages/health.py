"""For monitors: whether this node answers, whether it can serve, and its figures. Says nothing about cases."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST
from werkzeug.wrappers import Response

from app.config import Settings
from app.store import readiness
from app.web import metrics as figures

pages = Blueprint("health", __name__)

#: a request with one of these was passed on by somebody
_PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "X-Forwarded-Host", "Via")
_REFUSED = "Send the token of WAYMARK_METRICS_TOKEN as bearer token. Without that setting, ask from this machine.\n"


@pages.get("/health")
def show() -> dict[str, bool]:
    """The process is up."""
    return {"ok": True}


@pages.get("/ready")
def ready() -> tuple[dict[str, object], int]:
    """The process can serve; 503 with what is missing where it cannot."""
    missing = readiness.missing(_settings())
    return ({"ready": not missing, "missing": missing}, 503 if missing else 200)


@pages.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus, for whoever has the token, or for this machine where there is none."""
    if not _may_read():
        sentence = (
            "Send the token of WAYMARK_METRICS_TOKEN as a bearer token. Without that setting, ask from this machine.\n"
        )
        return Response(sentence, 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    return Response(figures.page(), content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    token = _settings().metrics_token
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    return _is_loopback(request.remote_addr) and not any(name in request.headers for name in _PASSED_ON)


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def _settings() -> Settings:
    settings: Settings = current_app.extensions["waymark_settings"]
    return settings
