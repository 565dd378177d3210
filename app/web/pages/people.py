"""The administrator's pages about people: the list, one account, its roles, closing it, a new password."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.people import Membership
from app.access.roles import ROLES
from app.casework import people, people_pages
from app.casework.people import Added, NewPerson
from app.errors import InvalidAnswers, NotFound, Stale
from app.web.pages.typed import after, day, folded, seq, text
from app.web.reader import command, reader

pages = Blueprint("people", __name__, url_prefix="/people")

#: roles that can be given at once when somebody is added
ROLE_ROWS = 3
SYS = frozenset({"SYS"})
STATES = {"active": True, "closed": False}


@pages.get("")
def index() -> str:
    """Everybody in the administrator's part of the tree."""
    search, place = request.args.get("q", "").replace("\0", "")[:100], request.args.get("place") or None
    state = request.args.get("state", "active")
    found = people_pages.listed(reader(), search, place, STATES.get(state), after())
    asked: dict[str, Any] = {"q": search, "place": place or "", "state": state}
    following = url_for("people.index", **asked, after="~".join(found.next_after)) if found.next_after else None
    return render_template("people/index.html", found=found, asked=asked, following=following)


@pages.get("/add")
def ask_new() -> str:
    """The form for a new account."""
    return _new_page({})


@pages.post("/add")
def add() -> tuple[str, int] | str | Response:
    """Open the account; a password that was made up is shown this once."""
    problems: dict[str, str] = {}
    rows = [_role_row(number, problems) for number in range(ROLE_ROWS)]
    given = tuple(row for row in rows if row is not None)
    new = NewPerson(
        name=text("name"),
        user_name=text("user_name"),
        email=text("email"),
        memberships=given,
        password=request.form.get("password", ""),
    )
    if problems:
        return _new_page(problems), 422
    try:
        added = people.add(new, command(SYS), reader())
    except InvalidAnswers as invalid:
        return _new_page(invalid.problems), 422
    return _shown_once(added) if not new.password else redirect(url_for("people.show", person_id=added.person_id), 303)


@pages.get("/<person_id>")
def show(person_id: str) -> str:
    """One account."""
    return render_template("people/show.html", page=people_pages.page_of(person_id, reader()))


@pages.get("/<person_id>/change")
def ask_change(person_id: str) -> str:
    """The form for name and e-mail."""
    return _page("people/change.html", person_id, {})


@pages.post("/<person_id>/change")
def change(person_id: str) -> tuple[str, int] | Response:
    """Change name and e-mail."""

    def act() -> None:
        people.change(person_id, text("name"), text("email"), seq(), command(SYS), reader())

    return _act(act, "people/change.html", person_id, "The account was changed.")


@pages.get("/<person_id>/add-role")
def ask_role(person_id: str) -> str:
    """The form for one more role."""
    return _page("people/add_role.html", person_id, {})


@pages.post("/<person_id>/add-role")
def add_role(person_id: str) -> tuple[str, int] | Response:
    """Give the role."""
    problems: dict[str, str] = {}
    new = _role_row(0, problems) or Membership("", "")
    if problems:
        return _page("people/add_role.html", person_id, problems), 422

    def act() -> None:
        people.add_role(person_id, new, seq(), command(SYS), reader())

    return _act(act, "people/add_role.html", person_id, "The role was given.")


@pages.get("/<person_id>/roles/<role>/<organisation>")
def ask_end(person_id: str, role: str, organisation: str) -> str:
    """The form that ends a role."""
    return _page("people/end_role.html", person_id, {}, held=_held(person_id, role, organisation))


@pages.post("/<person_id>/roles/<role>/<organisation>")
def end_role(person_id: str, role: str, organisation: str) -> tuple[str, int] | Response:
    """End the role on a day."""
    held, problems = _held(person_id, role, organisation), dict[str, str]()
    until = day("until", problems, missing="Enter the last day of the role.")
    if until is None:
        return _page("people/end_role.html", person_id, problems, held=held), 422

    def act() -> None:
        people.end_role(person_id, role, organisation, until, seq(), command(SYS), reader())

    return _act(act, "people/end_role.html", person_id, "The last day of the role was kept.", held=held)


@pages.get("/<person_id>/close")
def ask_close(person_id: str) -> str:
    """What closing the account would leave behind."""
    return _page("people/close.html", person_id, {}, taken=people_pages.taken_by(person_id))


@pages.post("/<person_id>/close")
def close(person_id: str) -> tuple[str, int] | Response:
    """Close the account, and give back what the person had taken if that was asked for."""
    releasing = request.form.get("release") == "yes"
    try:
        failed = people.close(person_id, seq(), command(SYS), reader(), releasing=releasing)
    except Stale:
        return _page("people/close.html", person_id, {}, is_newer=True, taken=people_pages.taken_by(person_id)), 409
    flash("The account is closed. They are signed out everywhere.", "done")
    if failed:
        flash(f"These tasks could not be given back: {', '.join(failed)}. Ask the team lead to take them.", "failed")
    return redirect(url_for("people.show", person_id=person_id), 303)


@pages.post("/<person_id>/open")
def open_again(person_id: str) -> Response:
    """Open a closed account again."""
    people.open_again(person_id, seq(), command(SYS), reader())
    flash("The account is open again.", "done")
    return redirect(url_for("people.show", person_id=person_id), 303)


@pages.get("/<person_id>/password")
def ask_password(person_id: str) -> str:
    """The form for a new password."""
    return _page("people/password.html", person_id, {})


@pages.post("/<person_id>/password")
def give_password(person_id: str) -> tuple[str, int] | str | Response:
    """Give a new password; one that was made up is shown this once."""
    typed = request.form.get("password", "")
    try:
        given = people.give_password(person_id, typed, seq(), command(SYS), reader())
    except InvalidAnswers as invalid:
        return _page("people/password.html", person_id, invalid.problems), 422
    except Stale:
        return _page("people/password.html", person_id, {}, is_newer=True), 409
    if not typed:
        return _shown_once(given)
    flash("The new password holds from now on. They are signed out everywhere.", "done")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _act(act: Callable[[], None], template: str, person_id: str, done: str, **more: Any) -> tuple[str, int] | Response:
    try:
        act()
    except InvalidAnswers as invalid:
        return _page(template, person_id, invalid.problems, **more), 422
    except Stale:
        return _page(template, person_id, {}, is_newer=True, **more), 409
    flash(done, "done")
    return redirect(url_for("people.show", person_id=person_id), 303)


def _page(template: str, person_id: str, problems: dict[str, str], *, is_newer: bool = False, **more: Any) -> str:
    page = people_pages.page_of(person_id, reader())
    return render_template(
        template,
        page=page,
        problems=problems,
        typed=folded(request.form),
        newer=page.history[0] if is_newer else None,
        drawn_from=page.account.seq if is_newer else request.form.get("seq") or page.account.seq,
        roles=ROLES,
        places=people_pages.places(reader()),
        **more,
    )


def _new_page(problems: dict[str, str]) -> str:
    return render_template(
        "people/add.html",
        problems=problems,
        typed=folded(request.form),
        roles=ROLES,
        places=people_pages.places(reader()),
        rows=range(ROLE_ROWS),
    )


def _shown_once(given: Added) -> str:
    page = people_pages.page_of(given.person_id, reader())
    return render_template("people/password_given.html", page=page, password=given.password)


def _held(person_id: str, role: str, organisation: str) -> people_pages.HeldRole:
    wanted = (role, organisation)
    roles = people_pages.page_of(person_id, reader()).roles
    found = next((one for one in roles if (one.held.role, one.held.organisation) == wanted), None)
    if found is None:
        raise NotFound
    return found


def _role_row(number: int, problems: dict[str, str]) -> Membership | None:
    role, place = text(f"role-{number}", 20), text(f"place-{number}", 100)
    if not role and not place:
        return None
    if not role:
        problems[f"role-{number}"] = "Choose a role."
    if not place:
        problems[f"place-{number}"] = "Choose where they hold the role."
    since: date | None = day(f"since-{number}", problems)
    return Membership(role, place, since, day(f"until-{number}", problems))
