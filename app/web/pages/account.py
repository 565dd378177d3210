"""One's own account: password, second step, accounts elsewhere, sessions. Accounts of others: `people`."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework.signing_in import own_account, passwords, second_step
from app.casework.signing_in.tries import TooManyTries
from app.config import Settings
from app.errors import InvalidAnswers, NotAllowed
from app.store import mail_choices, second_factors, sessions
from app.store.mail_choices import MailChoice
from app.web import visits
from app.web.pages.second_step import confirmed, shown_once, to_set_up
from app.web.pages.sign_in import safe_next
from app.web.provider import provider
from app.web.reader import reader

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.get("")
def show() -> str:
    """The account."""
    target = request.args.get("next")
    there = provider()
    return render_template(
        "account/show.html",
        account=_account(),
        provider=there,
        mail_choice=mail_choices.of(reader().id),
        onward=safe_next(target) if target is not None else "",
    )


@pages.get("/password")
def ask_password() -> str:
    """The form for another password."""
    return _password_page({})


@pages.post("/password")
def change_password() -> tuple[str, int] | Response:
    """Choose another password; other sessions end and this one gets a new token."""
    old, new, repeated = (request.form.get(name, "") for name in ("old", "new", "repeated"))
    who = reader()
    try:
        if new != repeated:
            raise InvalidAnswers({"repeated": "Enter the new password again: the two are not the same."})
        passwords.change_own(who.person, old, new, visits.token(), visits.address(), visits.real_time())
    except InvalidAnswers as invalid:
        return _password_page(invalid.problems), 422
    except TooManyTries as refused:
        return _password_page({"old": refused.sentence}), 429
    _renew()
    flash("Your new password holds from now on. You are signed out everywhere else.", "done")
    return redirect(url_for("account.show"), 303)


@pages.get("/second-step")
def ask_second_step() -> str:
    """How to set up an app, or another one."""
    return _second_step_page({})


@pages.post("/second-step")
def set_up() -> tuple[str, int] | str:
    """Keep the app that a code proves; who has a second step or a password already shows that first."""
    try:
        _prove()
        codes = confirmed(reader().id)
    except InvalidAnswers as invalid:
        return _second_step_page(invalid.problems), 422
    except TooManyTries as refused:
        return _second_step_page({"code": refused.sentence}), 429
    sessions.end_all(reader().id, but=visits.token())
    _renew(has_second_step=True)
    return shown_once(codes, url_for("account.show"))


@pages.get("/recovery-codes")
def ask_codes() -> str | Response:
    """The form for new recovery codes."""
    if not second_factors.is_set_up(reader().id):
        return redirect(url_for("account.ask_second_step"), 303)
    return render_template("account/new_codes.html", problems={})


@pages.post("/recovery-codes")
def new_codes() -> tuple[str, int] | str | Response:
    """Ten new recovery codes; the earlier ones are worth nothing."""
    if not second_factors.is_set_up(reader().id):
        return redirect(url_for("account.ask_second_step"), 303)
    try:
        _prove()
    except InvalidAnswers as invalid:
        return render_template("account/new_codes.html", problems=invalid.problems), 422
    except TooManyTries as refused:
        return render_template("account/new_codes.html", problems={"proof": refused.sentence}), 429
    _renew(has_second_step=True)
    return shown_once(second_factors.new_codes(reader().id), url_for("account.show"))


@pages.get("/mail")
def ask_mail() -> str:
    """How mail should come."""
    return _mail_page({})


@pages.post("/mail")
def choose_mail() -> tuple[str, int] | Response:
    """From now on it comes so."""
    chosen = request.form.get("choice", "")
    if chosen not in set(MailChoice):
        return _mail_page({"choice": "Choose when you want mail"}), 422
    mail_choices.choose(reader().id, MailChoice(chosen))
    flash("Mail comes as you chose from now on.", "done")
    return redirect(url_for("account.show"), 303)


@pages.post("/sessions/end")
def end_others() -> Response:
    """Sign out everywhere else."""
    sessions.end_all(reader().id, but=visits.token())
    flash("You are signed out everywhere else.", "done")
    return redirect(url_for("account.show"), 303)


def _account() -> own_account.OwnAccount:
    return own_account.of(reader(), visits.token(), visits.idle(), visits.real_time(), is_demo=visits.is_demo())


def _prove() -> None:
    """Step up: a code of the app they have, else their password. Raises InvalidAnswers under `proof`, TooManyTries."""
    who, proof = reader(), request.form.get("proof", "")
    if second_factors.is_set_up(who.id):
        try:
            second_step.take(who.id, proof, visits.real_time())
        except InvalidAnswers as invalid:
            raise InvalidAnswers({"proof": invalid.problems["code"]}) from None
    elif sessions.has_password(who.id) and not passwords.check_own(
        who.person, proof, visits.address(), visits.real_time()
    ):
        raise InvalidAnswers({"proof": "Enter your password: this is not it."})


def _renew(*, has_second_step: bool | None = None) -> None:
    """A new token after a step up: whoever knew the old one has nothing."""
    found = visits.visit()
    if found is None:
        raise NotAllowed("Sign in to see this page.")
    strong = found.has_second_step if has_second_step is None else has_second_step
    visits.begin(found.person_id, "whole", way=found.way, has_second_step=strong)


def _password_page(problems: dict[str, str]) -> str:
    return render_template("account/password.html", problems=problems, account=_account())


def _mail_page(problems: dict[str, str]) -> str:
    settings: Settings = current_app.extensions["waymark_settings"]
    return render_template(
        "account/mail.html",
        problems=problems,
        choice=mail_choices.of(reader().id),
        account=_account(),
        sends_mail=settings.sends_mail,
    )


def _second_step_page(problems: dict[str, str]) -> str:
    return render_template(
        "account/set_up.html", problems=problems, account=_account(), is_first=False, **to_set_up(reader().person)
    )
