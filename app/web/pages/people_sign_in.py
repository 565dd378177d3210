"""How somebody else signs in, for administrators: a lost phone, a link code, a wrong link. Passwords: `people`."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.casework import people_pages
from app.casework.signing_in import linking, second_step
from app.errors import NotFound
from app.store import identities, second_factors
from app.web import visits
from app.web.pages.people import SYS
from app.web.pages.typed import seq
from app.web.provider import provider
from app.web.reader import command, reader

pages = Blueprint("people_sign_in", __name__, url_prefix="/people")


@pages.get("/<person_id>/sign-in")
def show(person_id: str) -> str:
    """What they sign in with, and what can be done about it."""
    page = people_pages.page_of(person_id, reader())
    return render_template(
        "people/sign_in.html",
        page=page,
        has_second_step=second_factors.is_set_up(person_id),
        codes_left=second_factors.codes_left(person_id),
        linked=identities.linked(person_id),
        provider=provider(),
    )


@pages.post("/<person_id>/sign-in")
def act(person_id: str) -> str | Response:
    """Remove a second step or a link, or make a link code, which is shown this once."""
    what, who = request.form.get("what", ""), reader()
    if what == "second-step":
        second_step.remove_of(person_id, seq(), command(SYS), who)
        flash("Their second step is removed. They are signed out, and told of it when they sign in.", "done")
    elif what == "links":
        linking.unlink(person_id, seq(), command(SYS), who)
        flash("The link is removed. They are signed out.", "done")
    elif what == "link-code":
        page = people_pages.page_of(person_id, who)
        code = linking.make_code(person_id, seq(), command(SYS), who, visits.real_time())
        return render_template("people/link_code.html", page=page, code=second_step.shown([code])[0])
    else:
        people_pages.page_of(person_id, who)
        if not what:
            return redirect(url_for("people_sign_in.show", person_id=person_id), 303)
        raise NotFound
    return redirect(url_for("people_sign_in.show", person_id=person_id), 303)
