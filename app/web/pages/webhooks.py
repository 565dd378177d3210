"""The operator's pages about webhooks: where events of cases go, whether they arrive, what they are signed with."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.grants import ADMINISTRATOR
from app.cases.publishing import PING, TYPES
from app.casework import webhooks
from app.casework.webhooks import WebhookForm
from app.config import Settings
from app.errors import InvalidAnswers, Stale
from app.store.db import reading
from app.store.queries import people
from app.store.queries import webhooks as queries
from app.web.pages.typed import seq, text
from app.web.reader import command, reader

pages = Blueprint("webhooks", __name__, url_prefix="/operations/webhooks")

SYS = frozenset({ADMINISTRATOR})
#: deliveries of one page
LISTED = 50


@pages.get("")
def index() -> str:
    """Every webhook of the reader's authorities."""
    found = webhooks.visible(reader())
    return render_template("webhooks/index.html", active="operations", found=found, tree=reader().tree)


@pages.get("/add")
def ask_new() -> str:
    """The form for a new one."""
    return _form({})


@pages.post("/add")
def add() -> str | tuple[str, int] | Response:
    """Add it and show its secret, this once."""
    try:
        webhook_id = webhooks.add(_typed(), command(SYS), reader(), _settings())
    except InvalidAnswers as wrong:
        return _form(wrong.problems), 422
    return _secret(webhook_id)


@pages.get("/<webhook_id>")
def show(webhook_id: str) -> str:
    """One webhook with its last deliveries."""
    return _page(webhook_id, {})


@pages.post("/<webhook_id>")
def act(webhook_id: str) -> str | tuple[str, int] | Response:
    """Send a test, switch it on or off, or make another secret."""
    how = text("how", 20)
    try:
        if how == "secret":
            return _secret(webhook_id)
        if how == "ping":
            webhooks.ping(webhook_id, command(SYS), reader())
            flash("A test event is on its way. Load the page again to see whether it arrived.", "done")
        elif how in {"on", "off"}:
            dropped = webhooks.switch(webhook_id, is_on=how == "on", command=command(SYS), reader=reader())
            flash(_said(how, dropped), "done")
        else:
            raise InvalidAnswers({"how": "Choose what to do"})
    except InvalidAnswers as wrong:
        return _page(webhook_id, wrong.problems), 422
    except Stale:
        return _page(webhook_id, {"how": "Somebody changed it meanwhile. Look at it and choose again"}), 409
    return redirect(url_for("webhooks.show", webhook_id=webhook_id), 303)


@pages.get("/<webhook_id>/change")
def ask_change(webhook_id: str) -> str:
    """The form of one webhook."""
    return _form({}, webhook_id)


@pages.post("/<webhook_id>/change")
def change(webhook_id: str) -> tuple[str, int] | Response:
    """Change it."""
    try:
        webhooks.change(webhook_id, _typed(), seq(), command(SYS), reader(), _settings())
    except InvalidAnswers as wrong:
        return _form(wrong.problems, webhook_id), 422
    except Stale:
        return _form({"name": "Somebody changed it meanwhile. Check what you typed and save again"}, webhook_id), 409
    flash("It was changed.", "done")
    return redirect(url_for("webhooks.show", webhook_id=webhook_id), 303)


def _typed() -> WebhookForm:
    return WebhookForm(text("name"), text("address", 600), tuple(request.form.getlist("types")), text("organisation"))


def _said(how: str, dropped: int) -> str:
    if how == "on":
        return "It is on: it hears of what happens from now on."
    return f"It is off. {dropped} {'event' if dropped == 1 else 'events'} that it had not taken will not be sent."


def _settings() -> Settings:
    found: Settings = current_app.extensions["waymark_settings"]
    return found


def _form(problems: dict[str, str], webhook_id: str | None = None) -> str:
    found = webhooks.one(webhook_id, reader()) if webhook_id else None
    return render_template(
        "webhooks/form.html",
        active="operations",
        problems=problems,
        typed=request.form,
        found=found,
        types=TYPES,
        places=webhooks.places(reader()),
    )


def _page(webhook_id: str, problems: dict[str, str]) -> str:
    found = webhooks.one(webhook_id, reader())
    return render_template(
        "webhooks/show.html",
        active="operations",
        found=found,
        problems=problems,
        place=reader().tree.get(found.organisation),
        changed_by=people.names(reading(), [found.changed_by]).get(found.changed_by, found.changed_by),
        types={**TYPES, PING: "Test"},
        deliveries=queries.deliveries(reading(), webhook_id, LISTED),
    )


def _secret(webhook_id: str) -> str:
    secret = webhooks.new_secret(webhook_id, reader())
    found = webhooks.one(webhook_id, reader())
    return render_template("webhooks/secret.html", active="operations", found=found, secret=secret)
