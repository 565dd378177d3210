"""The id of every request: in its answer, in every line of the log about it, and one line when it is answered."""

import logging
import re
import secrets
from time import perf_counter

from flask import Flask, g, request
from werkzeug.wrappers import Response

from app import logs
from app.config import Settings
from app.web.metrics import count_answer

log = logging.getLogger(__name__)

HEADER = "X-Request-Id"
#: what a proxy in front may call a request; anything else could carry words
_IDS = re.compile(r"[0-9a-fA-F-]{8,64}")
#: route of an address that leads nowhere: the address itself may hold anything
NOWHERE = "(no such page)"


def install(app: Flask, settings: Settings) -> None:
    """Before everything else in a request, and after everything else in its answer."""

    @app.before_request
    def begin() -> None:
        sent = request.headers.get(HEADER, "") if settings.proxies else ""
        g.began = perf_counter()
        g.request_id = sent if _IDS.fullmatch(sent) else secrets.token_hex(8)
        logs.REQUEST_ID.set(g.request_id)
        logs.CASE_ID.set("")

    @app.after_request
    def answered(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers[HEADER] = g.request_id
        seconds = perf_counter() - g.began
        count_answer(request.method, route(), response.status_code, seconds)
        if request.endpoint != "static":
            fields = {"method": request.method, "route": route(), "status": response.status_code}
            log.info("answered", extra={"fields": {**fields, "ms": round(seconds * 1_000, 1)}})
        return response

    @app.teardown_request
    def over(_error: BaseException | None) -> None:
        logs.REQUEST_ID.set("")
        logs.CASE_ID.set("")


def route() -> str:
    """The template of the address, /cases/<reference>: never what stands in its place."""
    return request.url_rule.rule if request.url_rule is not None else NOWHERE
