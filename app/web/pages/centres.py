"""Pages of those who keep the places of a partnership: its centres, what places cost, quotas of its schools."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.grants import PLACE_KEEPERS
from app.casework.placements import centres
from app.casework.placements.centres import CentreForm
from app.errors import InvalidAnswers, Stale
from app.model.placing import KEY_STAGES
from app.store.queries.placements import CentreRow
from app.web.pages.typed import day, folded, seq, text
from app.web.reader import command, reader

pages = Blueprint("centres", __name__, url_prefix="/centres")

ROLES = PLACE_KEEPERS | {"SYS"}
#: a list of places that several people change at once is short: schools of one partnership
MOST_SCHOOLS = 500


@pages.get("")
def index() -> str:
    """Every centre the reader keeps, by partnership."""
    found = centres.centres(reader())
    mine = [(one, [each for each in found if each.partnership == one.id]) for one in centres.partnerships(reader())]
    return render_template("placements/centres.html", found=mine, stages=KEY_STAGES, checks=centres.CHECKS)


@pages.get("/add")
def ask_new() -> str:
    """The form for a new centre."""
    return _page(CentreForm(partnership=request.args.get("partnership", "")), {})


@pages.post("/add")
def add() -> tuple[str, int] | Response:
    """Add the centre."""
    problems: dict[str, str] = {}
    form = _typed(problems)
    try:
        if problems:
            raise InvalidAnswers({**centres.check(form, reader()), **problems})
        centres.add(form, command(ROLES), reader())
    except InvalidAnswers as invalid:
        return _page(form, invalid.problems), 422
    flash(f"{form.name} was added. Set the quotas of the schools next.", "done")
    return redirect(url_for("centres.index"), 303)


@pages.get("/<centre_id>")
def show(centre_id: str) -> str:
    """The form of one centre."""
    row = centres.centre_of(centre_id, reader())
    return _page(centres.typed_of(row, reader().on), {}, row, row.seq)


@pages.post("/<centre_id>")
def change(centre_id: str) -> tuple[str, int] | Response:
    """Change the centre."""
    row = centres.centre_of(centre_id, reader())
    problems: dict[str, str] = {}
    form = _typed(problems)
    try:
        if problems:
            raise InvalidAnswers({**centres.check(form, reader()), **problems})
        centres.change(centre_id, form, seq(), command(ROLES), reader())
    except InvalidAnswers as invalid:
        return _page(form, invalid.problems, row, seq()), 422
    except Stale:
        return _page(form, {}, row, row.seq, is_newer=True), 409
    flash(f"{form.name} was changed. Places that are held stay as they are.", "done")
    return redirect(url_for("centres.index"), 303)


@pages.get("/quotas/<partnership>")
def ask_quotas(partnership: str) -> str:
    """How many places each school may use in a school year."""
    return _quotas(partnership, {})


@pages.post("/quotas/<partnership>")
def set_quotas(partnership: str) -> tuple[str, int] | Response:
    """Record what changed."""
    year = centres.year_of(request.args.get("year", ""), reader().on)
    names = [name.removeprefix("places-") for name in request.form if name.startswith("places-")][:MOST_SCHOOLS]
    typed = {one: (text(f"places-{one}", 10), _drawn(one)) for one in names}
    try:
        changed = centres.set_quotas(partnership, year, typed, command(ROLES), reader())
    except InvalidAnswers as invalid:
        return _quotas(partnership, invalid.problems), 422
    except Stale:
        return _quotas(partnership, {}, is_newer=True), 409
    flash(f"{changed} {'quota was' if changed == 1 else 'quotas were'} changed.", "done")
    return redirect(url_for("centres.ask_quotas", partnership=partnership, year=year.replace("/", "-")), 303)


def _drawn(school: str) -> int:
    """The entry the number of a school was drawn from; -1 fits nothing."""
    typed = text(f"seq-{school}", 10)
    return int(typed) if typed.isascii() and typed.isdigit() else -1


def _typed(problems: dict[str, str]) -> CentreForm:
    return CentreForm(
        name=text("name"),
        partnership=text("partnership"),
        urn=text("urn", 20),
        registration=text("registration"),
        check=text("check"),
        checked_on=day("checked_on", problems),
        places={stage: text(f"places-{stage}", 10) for stage in KEY_STAGES},
        daily=text("daily", 20),
        average=text("average", 20),
        since=day("since", problems),
        is_open=request.form.get("is_open") == "yes",
    )


def _page(
    form: CentreForm, problems: dict[str, str], row: CentreRow | None = None, drawn: int = 0, *, is_newer: bool = False
) -> str:
    return render_template(
        "placements/centre.html",
        form=form,
        typed=folded(request.form),
        problems=problems,
        centre=row,
        seq=drawn,
        is_newer=is_newer,
        partnerships=centres.partnerships(reader()),
        stages=KEY_STAGES,
        registrations=centres.REGISTRATIONS,
        checks=centres.CHECKS,
    )


def _quotas(partnership: str, problems: dict[str, str], *, is_newer: bool = False) -> str:
    year = centres.year_of(request.args.get("year", ""), reader().on)
    return render_template(
        "placements/quotas.html",
        partnership=centres.partnership_of(partnership, reader()),
        year=year,
        others=centres.years_around(reader().on),
        lines=centres.quotas(partnership, year, reader()),
        typed=request.form if problems else {},
        problems=problems,
        is_newer=is_newer,
    )
