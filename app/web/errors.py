"""What a rejection looks like over HTTP, in one table: status, title and template. Faults get a reference, no trace."""

import logging
import re
import secrets

from flask import Flask, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.cases.consents import SharingStopped
from app.errors import (
    AlreadyClaimed,
    AlreadyDone,
    Busy,
    CaseClosed,
    CaseErased,
    DifferentRequest,
    DiskFull,
    InvalidAnswers,
    NotAllowed,
    NotDeployable,
    NotFound,
    NoToken,
    OutOfReach,
    Rejected,
    SignedOut,
    Stale,
    TaskEnded,
    UnknownKey,
)
from app.store import unavailable
from app.web.api.caller import is_api
from app.web.provider import NotSignedIn, ProviderAway
from app.web.security import nonce

log = logging.getLogger(__name__)
Answer = tuple[str | Response, int]

#: nearest class of a rejection → (status, title)
PAGES: dict[type[Rejected], tuple[int, str]] = {
    NotFound: (404, "Page not found"),
    NotAllowed: (403, "You cannot do this"),
    NoToken: (401, "There is no token"),
    SignedOut: (401, "You have been signed out"),
    NotSignedIn: (403, "You are not signed in"),
    ProviderAway: (503, "The sign-in service does not answer"),
    InvalidAnswers: (422, "There is a problem"),
    AlreadyDone: (409, "This task is already done"),
    TaskEnded: (410, "This task has ended"),
    Stale: (409, "Someone changed this while you were working on it"),
    AlreadyClaimed: (409, "Someone else has this task"),
    CaseClosed: (410, "This case is closed"),
    CaseErased: (410, "This case was erased"),
    Busy: (503, "Many people are working on this at once"),
    OutOfReach: (503, "The service does not answer"),
    DiskFull: (503, "Nothing can be saved at the moment"),
    NotDeployable: (422, "The diagram has problems"),
    UnknownKey: (404, "Page not found"),
    SharingStopped: (409, "Consent is needed first"),
    DifferentRequest: (422, "This was sent before"),
    Rejected: (409, "This cannot be done now"),
}


def page_of(rejection: Rejected) -> tuple[int, str]:
    """Status and title of a rejection, by the nearest class that has a page."""
    return next(PAGES[kind] for kind in type(rejection).__mro__ if kind in PAGES)


def handle_errors(app: Flask) -> None:
    """Give every rejection its page and every fault a reference."""

    @app.errorhandler(Rejected)
    def rejected(rejection: Rejected) -> Answer:
        status, title = page_of(rejection)
        sentence = NotFound.__doc__ if status == 404 and isinstance(rejection, NotFound) else rejection.sentence
        return _answer(status, title, sentence or title, rejection)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Answer:
        sentence = "This page was open for a long time. Go back, reload it and send it again: your draft is kept."
        return _answer(400, "Reload the page", sentence)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Answer:
        status = error.code or 500
        title, sentence = (_API_HTTP if is_api(request) else _HTTP).get(status, (error.name, "Go back and try again."))
        unreadable = getattr(error, "data", {}).get("messages")  # what did not fit the schema of the API
        return _answer(status, title, sentence, InvalidAnswers(_flat(unreadable)) if unreadable else None)

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Answer:
        if (refusal := unavailable.refusal(error)) is not None:
            cause = getattr(error, "orig", error)  # without the statement, whose values may name people
            log.error("%s at %s: %s", type(refusal).__name__, request.endpoint, cause)
            return _unavailable(refusal)
        reference = secrets.token_hex(4)
        log.exception("fault %s at %s", reference, request.endpoint, exc_info=error)
        sentence = f"Something went wrong on our side. Nothing was saved. Quote {reference} if you report it."
        return _answer(500, "Sorry, there is a fault", sentence)


_HTTP = {
    404: ("Page not found", "There is nothing here that you can see."),
    405: ("This page cannot be used like that", "Go back and use the buttons of the page."),
    413: ("The file is too large", "Choose a file of 20 MB or less."),
    415: ("This kind of file is not accepted", "Choose a PDF, Word, Excel, PNG, JPEG or e-mail file."),
}
_API_HTTP = {
    400: ("The request cannot be read", "Send JSON as the OpenAPI document describes it."),
    404: ("Not found", "There is nothing here that the person of this token can see."),
    405: ("Method not allowed", "See the OpenAPI document for what this address takes."),
    413: ("The request is too large", "Send less at once."),
    415: ("Expected JSON", "Send the request with Content-Type: application/json."),
    422: ("Something must be changed", "See `errors` for the fields that do not fit."),
}


def _answer(status: int, title: str, sentence: str, rejection: Rejected | None = None) -> Answer:
    """The same refusal for whoever asked: a program, a script of ours, or somebody at a page."""
    if is_api(request):
        return _problem(status, title, sentence, rejection), status
    if _wants_json():
        return jsonify(sentence=sentence, title=title, status=status), status
    facts = rejection.facts if rejection is not None else {}
    return render_template("error.html", title=title, sentence=sentence, facts=facts, status=status), status


def _unavailable(refusal: Rejected) -> Answer:
    """A page about the database: nothing in it may ask the database again, so it greets nobody by name."""
    status, title = page_of(refusal)
    if is_api(request) or _wants_json():
        return _answer(status, title, refusal.sentence, refusal)
    page = current_app.jinja_env.get_template("unavailable.html")
    return page.render(title=title, sentence=refusal.sentence, cspNonce=nonce()), status


def _problem(status: int, title: str, sentence: str, rejection: Rejected | None) -> Response:
    """RFC 9457: `type` tells a program which refusal it is, `detail` tells its people."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(rejection).__name__).lower() if rejection is not None else ""
    body: dict[str, object] = {"type": f"urn:waymark:{kind}" if kind else "about:blank"}
    body |= {"title": title, "status": status, "detail": sentence}
    if isinstance(rejection, InvalidAnswers):
        body |= {"errors": rejection.problems, "warnings": rejection.warnings}
    response = jsonify(body)
    response.mimetype = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _flat(messages: object, place: str = "") -> dict[str, str]:
    """Marshmallow's messages as one sentence per field; where it came from is left out of its name."""
    if not isinstance(messages, dict):
        said = messages if isinstance(messages, list) else [messages]
        return {place: " ".join(str(one) for one in said)}
    found: dict[str, str] = {}
    for name, inner in messages.items():
        below = place if not place and name in {"json", "query"} else f"{place}.{name}".lstrip(".")
        found |= _flat(inner, below)
    return found


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json" or (
        request.is_json
    )
