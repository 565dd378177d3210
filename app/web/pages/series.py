"""Pages of those who arrange meetings: series, the questions about one, its dates. One date and its list: `meetings`.

The questions are asked on three pages and checked on a fourth; what was answered travels along in hidden fields.
"""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.meetings import ARRANGERS
from app.calendars.phrases import WEEKDAYS
from app.cases.settings import kind_names
from app.casework.meetings import agenda, dates, series
from app.casework.meetings.series import SeriesForm
from app.casework.settings import own_settings
from app.errors import InvalidAnswers, Stale
from app.store.db import reading
from app.store.queries import meetings, people
from app.store.queries.meetings import SeriesRow
from app.web.pages.typed import day, folded, read_day, seq, text
from app.web.reader import case_clock, command, reader

pages = Blueprint("series", __name__, url_prefix="/meetings")

ROLES = ARRANGERS | {"SYS"}
CHECK = "check"
#: page of questions → the fields it asks for
STEPS: dict[str, tuple[str, ...]] = {
    "what": ("name", "organisation", "kind"),
    "when": ("chair", "members", "often", "weekday", "nth", "begins", "place"),
    "papers": (
        "groups", "deadline", "deadline_weekday", "deadline_count", "is_early_years_apart", "slots", "minutes",
        "per_school", "pack_before", "access_after",
    ),
}  # fmt: skip
TITLES = {"what": "What meets?", "when": "Who meets, when and where?", "papers": "Schools, papers and room"}


@pages.get("")
def index() -> str:
    """Every series the reader arranges, with its next dates."""
    today = case_clock().today()
    found = [(one, meetings.of_series(reading(), one.id, today)) for one in series.arranged(reader())]
    return render_template(
        "meetings/index.html", found=found, kinds=kind_names(own_settings(reader())), runs=_runs(), today=today
    )


@pages.get("/series/add")
def ask_new() -> str:
    """The first questions about a new series."""
    return _questions("what", SeriesForm(), {})


@pages.post("/series/add")
def add() -> tuple[str, int] | str | Response:
    """The next questions, the answers to check, or the new series."""
    form = _typed()
    if (page := _asked(form, None)) is not None:
        return page
    series_id = series.add(form, command(ROLES), reader())
    flash(f"{form.name} was added. Publish its dates next.", "done")
    return redirect(url_for("series.ask_dates", series_id=series_id), 303)


@pages.get("/series/<series_id>")
def show(series_id: str) -> str:
    """One series: what was answered about it, and its dates."""
    row = series.series_of(series_id, reader())
    names = people.names(reading(), [row.record["chair"]])
    return render_template(
        "meetings/series.html",
        series=row,
        lines=series.in_words(series.typed_of(row), reader()),
        dates=meetings.of_series(reading(), row.id, case_clock().today()),
        chair=names.get(row.record["chair"], ""),
        runs=_runs(),
    )


@pages.get("/series/<series_id>/change")
def ask_change(series_id: str) -> str:
    """What was answered, each with a way to change it."""
    row = series.series_of(series_id, reader())
    return _checking(series.typed_of(row), row, row.seq)


@pages.post("/series/<series_id>/change")
def change(series_id: str) -> tuple[str, int] | str | Response:
    """Questions again, or the series changed."""
    row = series.series_of(series_id, reader())
    form = _typed()
    if (page := _asked(form, row)) is not None:
        return page
    try:
        series.change(series_id, form, seq(), command(ROLES), reader())
    except Stale:
        return _checking(form, row, row.seq, is_newer=True), 409
    flash(f"{form.name} was changed. Dates that are published stay as they are.", "done")
    return redirect(url_for("series.show", series_id=series_id), 303)


@pages.post("/series/<series_id>/pause")
def pause(series_id: str) -> Response:
    """Put no case on its lists for now, or again."""
    is_paused = request.form.get("is_paused") == "yes"
    series.pause(series_id, is_paused=is_paused, seq=seq(), command=command(ROLES), reader=reader())
    said = "It takes no cases until you start it again." if is_paused else "It takes cases again."
    flash(said, "done")
    return redirect(url_for("series.show", series_id=series_id), 303)


@pages.get("/series/<series_id>/dates")
def ask_dates(series_id: str) -> tuple[str, int] | str:
    """From when to when, and what publishing these dates would do."""
    row = series.series_of(series_id, reader())
    typed = folded(request.args)
    if not typed.get("first") and not typed.get("last"):
        return _dates(row, typed, {}, None)
    problems: dict[str, str] = {}
    first, last = (_asked_day(name, typed, problems) for name in ("first", "last"))
    try:
        if problems or first is None or last is None:
            raise InvalidAnswers(problems)
        found = dates.preview(series_id, first, last, reader())
    except InvalidAnswers as invalid:
        return _dates(row, typed, invalid.problems, None), 422
    return _dates(row, {"first": first.isoformat(), "last": last.isoformat()}, {}, found)


@pages.post("/series/<series_id>/dates")
def publish(series_id: str) -> tuple[str, int] | Response:
    """Publish the dates."""
    row = series.series_of(series_id, reader())
    problems: dict[str, str] = {}
    first = day("first", problems, missing="Enter the first day.")
    last = day("last", problems, missing="Enter the last day.")
    try:
        if problems or first is None or last is None:
            raise InvalidAnswers(problems)
        count = dates.publish(series_id, first, last, command(ROLES), reader())
    except InvalidAnswers as invalid:
        return _dates(row, folded(request.form), invalid.problems, None), 422
    flash(f"{count} {'date was' if count == 1 else 'dates were'} published.", "done")
    return redirect(url_for("series.show", series_id=series_id), 303)


def _asked(form: SeriesForm, row: SeriesRow | None) -> tuple[str, int] | str | None:
    """The page that comes next, or None where everything was checked and can be recorded."""
    at, problems = text("_at", 20), series.check(form, reader())
    kept = seq() if row else 0
    if (to := text("_to", 20)) in STEPS:
        return _questions(to, form, {}, row, kept, is_checked=True)
    own = {name: sentence for name, sentence in problems.items() if name in STEPS.get(at, ())}
    if own:
        return _questions(at, form, own, row, kept, is_checked=_is_checked()), 422
    wrong = next((step for step, asked in STEPS.items() if set(asked) & set(problems)), None)
    if at in STEPS and (following := _following(at)) is not None and not _is_checked():
        return _questions(following, form, {}, row, kept)
    if wrong is not None:
        shown = {name: sentence for name, sentence in problems.items() if name in STEPS[wrong]}
        return _questions(wrong, form, shown, row, kept, is_checked=_is_checked()), 422
    return None if at == CHECK else _checking(form, row, kept)


def _following(step: str) -> str | None:
    order = [*STEPS]
    return order[order.index(step) + 1] if step != order[-1] else None


def _is_checked() -> bool:
    """The answers were all given before: after a change one goes back to checking them."""
    return request.form.get("_checked") == "yes"


def _asked_day(name: str, typed: dict[str, str], problems: dict[str, str]) -> date | None:
    if not typed.get(name):
        problems[name] = f"Enter the {name} day."
        return None
    return read_day(typed[name].replace("\0", "")[:40], name, problems)


def _typed() -> SeriesForm:
    place, _, kind = text("held", 300).partition(":")
    groups: dict[str, list[str]] = {}
    for name in request.form:
        letter = text(name, 3)
        if name.startswith("group-") and letter:
            groups.setdefault(letter, []).append(name.removeprefix("group-"))
    plain = {
        name: text(name)
        for step in STEPS.values()
        for name in step
        if name not in ("organisation", "kind", "members", "groups", "is_early_years_apart") and name in request.form
    }
    return SeriesForm(
        **plain,
        organisation=place,
        kind=kind,
        members=tuple(request.form.getlist("members")[:200]),
        groups={letter: tuple(groups[letter]) for letter in sorted(groups)},
        is_early_years_apart=request.form.get("is_early_years_apart") == "yes",
    )


def _questions(
    step: str,
    form: SeriesForm,
    problems: dict[str, str],
    row: SeriesRow | None = None,
    kept: int = 0,
    *,
    is_checked: bool = False,
) -> str:
    return render_template(
        "meetings/questions.html",
        step=step,
        title=TITLES[step],
        number=[*STEPS].index(step) + 1,
        form=form,
        problems=problems,
        series=row,
        seq=kept,
        is_checked=is_checked or row is not None,
        holders=series.holders(reader()),
        kinds=kind_names(own_settings(reader())),
        chairs=series.people_for(form.kind, form.organisation, "chair", reader().on),
        members=series.people_for(form.kind, form.organisation, "members", reader().on),
        schools=series.schools_of(form.organisation, reader()),
        choices=_CHOICES,
    )


def _checking(form: SeriesForm, row: SeriesRow | None, kept: int, *, is_newer: bool = False) -> str:
    return render_template(
        "meetings/check.html",
        form=form,
        lines=series.in_words(form, reader()),
        series=row,
        seq=kept,
        is_newer=is_newer,
        titles=TITLES,
    )


def _dates(row: SeriesRow, typed: dict[str, str], problems: dict[str, str], found: dates.Preview | None) -> str:
    return render_template("meetings/dates.html", series=row, typed=typed, problems=problems, preview=found)


def _runs() -> frozenset[str]:
    """Ids of meetings whose list the reader may open."""
    return frozenset(one.id for one in agenda.mine(reader(), case_clock().today()))


_CHOICES = {
    "often": series.OFTEN,
    "nth": series.NTH,
    "weekday": {str(number): WEEKDAYS[number] for number in range(5)},
    "deadline": series.DEADLINES,
    "letters": series.LETTERS,
}
