"""Signing in with an account at the identity provider, and linking one. What an answer must hold: `web.provider`."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.casework.signing_in import linking
from app.casework.signing_in.tries import TooManyTries
from app.errors import InvalidAnswers
from app.web import visits
from app.web.pages.sign_in import go_on
from app.web.provider import Known, provider
from app.web.reader import case_clock, reader_or_none

pages = Blueprint("single_sign_on", __name__, url_prefix="/sign-in")

#: keys of the form's cookie: where to go on to, that an account is to be linked, and who waits for a link code
NEXT, LINKING, UNLINKED = "provider_next", "provider_linking", "provider_unlinked"
#: how long somebody may look for their link code
UNLINKED_LASTS = timedelta(minutes=20)


@pages.get("/provider")
def go() -> Response:
    """To the identity provider."""
    there = provider()
    if there is None:
        return redirect(url_for("sign_in.show"), 303)
    session[NEXT] = request.args.get("next", "")[:500]
    session[LINKING] = "link" in request.args and reader_or_none() is not None
    return there.go(url_for("single_sign_on.answer"))


@pages.get("/provider/answer")
def answer() -> Response:
    """Back from the identity provider."""
    there = provider()
    if there is None:
        return redirect(url_for("sign_in.show"), 303)
    known = there.known()
    target, is_linking = session.pop(NEXT, ""), session.pop(LINKING, False)
    who = reader_or_none()
    if is_linking and who is not None:
        is_mine = linking.link_own(known.issuer, known.subject, who.person, visits.real_time(), case_clock().now())
        if is_mine:
            flash("Your account is linked.", "done")
        else:
            flash("That account belongs to somebody else.", "failed")
        return redirect(url_for("account.show"), 303)
    person = linking.person_of(known.issuer, known.subject)
    if person is not None:
        return go_on(person, target, way="single sign-on", has_second_step=known.has_second_step)
    session[NEXT] = target
    session[UNLINKED] = [known.issuer, known.subject, known.has_second_step, visits.real_time().isoformat()]
    return redirect(url_for("single_sign_on.ask_link"), 303)


@pages.get("/link")
def ask_link() -> str | Response:
    """Nobody here has this account: whom to ask, and where a link code goes."""
    if _unlinked() is None:
        return redirect(url_for("sign_in.show"), 303)
    return _link_page({})


@pages.post("/link")
def link() -> tuple[str, int] | Response:
    """Link the account to whoever the code was made for."""
    known = _unlinked()
    if known is None:
        return redirect(url_for("sign_in.show"), 303)
    code, now = request.form.get("code", ""), visits.real_time()
    try:
        person = linking.link_with_code(known.issuer, known.subject, code, visits.address(), now, case_clock().now())
    except InvalidAnswers as invalid:
        return _link_page(invalid.problems), 422
    except TooManyTries as refused:
        return _link_page({"code": refused.sentence}), 429
    session.pop(UNLINKED, None)
    return go_on(person, session.pop(NEXT, ""), way="single sign-on", has_second_step=known.has_second_step)


def _unlinked() -> Known | None:
    """Who came from the provider a moment ago and is nobody here."""
    kept = session.get(UNLINKED)
    if not kept or provider() is None:
        return None
    issuer, subject, has_second_step, at = kept
    is_fresh = visits.real_time() - datetime.fromisoformat(at).astimezone(UTC) < UNLINKED_LASTS
    return Known(issuer, subject, bool(has_second_step)) if is_fresh else None


def _link_page(problems: dict[str, str]) -> str:
    there = provider()
    return render_template("account/link.html", problems=problems, label=there.label if there else "")
