"""The web application: everything put together in one place, in the order requests meet it."""

import hashlib
import secrets
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask.templating import Environment
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, Undefined
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from app.access.actions import Action
from app.config import Settings
from app.store.db import let_go
from app.store.open import open_store
from app.web import formatting, metrics, provider, tracing, visits
from app.web.access_table import ACCESS
from app.web.api import assembly, caller
from app.web.errors import handle_errors
from app.web.gate import guard, may_at_all
from app.web.pages import BLUEPRINTS, demo
from app.web.reader import case_clock, reader_or_none
from app.web.security import harden, nonce

#: forms with files; one file is at most 20 MB and is checked on its own
LARGEST_REQUEST_BYTES = 64 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """The application over the store of the settings. Raises what `open_store` raises: it must not start then."""
    app = Flask("app.web", static_folder="../static", static_url_path="/static")
    open_store(app, settings)
    app.config.update(
        SECRET_KEY=hashlib.sha256(b"waymark:cookies" + settings.kek_path.read_bytes()).digest(),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_NAME=_cookie("waymark-form", settings),
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    metrics.install(app)
    tracing.install(app, settings)
    _templates(app)
    harden(app, is_secure=settings.secure_cookies)
    provider.install(app, settings)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    _recognise(app, settings)
    protection = CSRFProtect(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    assembly.install(app, protection)
    guard(app, ACCESS, is_demo=settings.demo)
    handle_errors(app)
    return app


def session_cookie(settings: Settings) -> str:
    """Name of the cookie that carries the session token."""
    return _cookie("waymark", settings)


def _cookie(name: str, settings: Settings) -> str:
    return f"__Host-{name}" if settings.secure_cookies else name


def _recognise(app: Flask, settings: Settings) -> None:
    """Find out whose request it is before anything is decided."""
    name = session_cookie(settings)

    @app.before_request
    def recognise() -> None:
        if caller.is_api(request):
            caller.recognise()
            return
        visits.recognise()

    @app.teardown_request
    def done(_error: BaseException | None) -> None:
        let_go()  # a database that fell silent after the answer was made must not spoil it

    @app.after_request
    def keep_session(response: Response) -> Response:
        if (token := g.get("new_session")) is not None:
            response.set_cookie(name, token, secure=settings.secure_cookies, httponly=True, samesite="Lax", path="/")
        elif g.get("session_ended"):
            response.delete_cookie(name, path="/")
        return response

    app.extensions["waymark_session_cookie"] = name


class _Templates(Environment):
    """Templates that keep their globals in one dictionary.

    The library keeps a chain of two, which every import of a macro searches in Python, hundreds of times for a form.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of one template; those of the environment are complete before the first is read."""
        return {**self.globals, **(d or {})}


def _templates(app: Flask) -> None:
    app.jinja_environment = _Templates
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("app.web"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.undefined = Undefined  # GOV.UK templates read names they may not be given
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    formatting.install(app)

    @app.context_processor
    def everywhere() -> dict[str, object]:
        who = reader_or_none()

        def may(action: str) -> bool:
            return who is not None and may_at_all(who, Action(action)).allowed

        return {
            "reader": who,
            "may": may,
            "today": case_clock().today(),
            "now": case_clock().now(),
            "is_demo": app.extensions["waymark_settings"].demo,
            "new_key": lambda: secrets.token_urlsafe(18),
            "build": _build(),
            "cspNonce": nonce(),
            "demo_people": demo.people_to_be,
        }


def _build() -> str:
    """Distinguishes bundles of different builds, so that browsers never mix them."""
    stamp = Path(__file__).parents[1] / "static" / "dist" / ".inputs"
    return stamp.read_text()[:12] if stamp.exists() else "dev"
