"""Puts the API on the application. Routes join `app.web.access_table` like those of every page."""

from flask import Flask
from flask_smorest import Api
from flask_wtf import CSRFProtect

from app.web.api import cases, processes, tasks

PREFIX = "/api/v1"
_SECURITY = {"token": {"type": "http", "scheme": "bearer", "description": "A token made under “Tokens” (wm_…)."}}


class _OurErrors(Api):  # type: ignore[misc]  # the library has no types
    """Refusals look as `app.web.errors` says, here too."""

    def _register_error_handlers(self) -> None:
        """Leave the error handlers of the application alone."""


def install(app: Flask, protection: CSRFProtect) -> None:
    """Put the API on the application. Its requests carry a token and no cookie, so no form key is asked for."""
    app.config.update(
        API_TITLE="Waymark",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "Work with cases from other programs. See docs/api.md."},
            "components": {"securitySchemes": _SECURITY},
            "security": [{"token": []}],
        },
    )
    api = _OurErrors(app)
    for one in (tasks.api, cases.api, processes.api):
        protection.exempt(one)
        api.register_blueprint(one, url_prefix=PREFIX)
