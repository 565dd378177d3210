"""What a rejection looks like over HTTP, in one table: status, title and template. Faults get a reference, no trace."""

import logging
import secrets

from flask import Flask, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.errors import (
    AlreadyClaimed,
    AlreadyDone,
    Busy,
    CaseClosed,
    CaseErased,
    DifferentRequest,
    InvalidAnswers,
    NotAllowed,
    NotDeployable,
    NotFound,
    Rejected,
    Stale,
    TaskEnded,
    UnknownKey,
)

log = logging.getLogger(__name__)

#: nearest class of a rejection → (status, title)
PAGES: dict[type[Rejected], tuple[int, str]] = {
    NotFound: (404, "Page not found"),
    NotAllowed: (403, "You cannot do this"),
    InvalidAnswers: (422, "There is a problem"),
    AlreadyDone: (409, "This task is already done"),
    TaskEnded: (410, "This task has ended"),
    Stale: (409, "Someone changed this while you were working on it"),
    AlreadyClaimed: (409, "Someone else has this task"),
    CaseClosed: (410, "This case is closed"),
    CaseErased: (410, "This case was erased"),
    Busy: (503, "Many people are working on this at once"),
    NotDeployable: (422, "The diagram has problems"),
    UnknownKey: (404, "Page not found"),
    DifferentRequest: (422, "This was sent before"),
    Rejected: (409, "This cannot be done now"),
}


def page_of(rejection: Rejected) -> tuple[int, str]:
    """Status and title of a rejection, by the nearest class that has a page."""
    return next(PAGES[kind] for kind in type(rejection).__mro__ if kind in PAGES)


def handle_errors(app: Flask) -> None:
    """Give every rejection its page and every fault a reference."""

    @app.errorhandler(Rejected)
    def rejected(rejection: Rejected) -> tuple[str | Response, int]:
        status, title = page_of(rejection)
        sentence = NotFound.__doc__ if status == 404 and isinstance(rejection, NotFound) else rejection.sentence
        if _wants_json():
            return jsonify(sentence=sentence, title=title, status=status), status
        return render_template(
            "error.html", title=title, sentence=sentence, facts=rejection.facts, status=status
        ), status

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> tuple[str | Response, int]:
        sentence = "This page was open for a long time. Go back, reload it and send it again: your draft is kept."
        if _wants_json():
            return jsonify(sentence=sentence, title="Reload the page", status=400), 400
        return render_template("error.html", title="Reload the page", sentence=sentence, facts={}, status=400), 400

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str | Response, int]:
        status = error.code or 500
        title, sentence = _HTTP.get(status, (error.name, "Go back and try again."))
        if _wants_json():
            return jsonify(sentence=sentence, title=title, status=status), status
        return render_template("error.html", title=title, sentence=sentence, facts={}, status=status), status

    @app.errorhandler(Exception)
    def fault(error: Exception) -> tuple[str | Response, int]:
        reference = secrets.token_hex(4)
        log.exception("fault %s at %s", reference, request.endpoint, exc_info=error)
        sentence = f"Something went wrong on our side. Nothing was saved. Quote {reference} if you report it."
        if _wants_json():
            return jsonify(sentence=sentence, title="There is a fault", status=500), 500
        return render_template(
            "error.html", title="Sorry, there is a fault", sentence=sentence, facts={}, status=500
        ), 500


_HTTP = {
    404: ("Page not found", "There is nothing here that you can see."),
    405: ("This page cannot be used like that", "Go back and use the buttons of the page."),
    413: ("The file is too large", "Choose a file of 20 MB or less."),
    415: ("This kind of file is not accepted", "Choose a PDF, Word, Excel, PNG, JPEG or e-mail file."),
}


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json" or (
        request.is_json
    )
