"""The page of notices, and how many new ones the navigation shows."""

from datetime import datetime

from flask import Blueprint, render_template, request

from app.casework import notices
from app.web.reader import case_clock, reader, reader_or_none

pages = Blueprint("notices", __name__)


@pages.get("/notices")
def show() -> str:
    """What the reader was told, newest first."""
    return render_template("notices/show.html", told=notices.notices(reader(), _before()))


@pages.app_template_global()
def new_notices() -> int:
    """How many notices the reader got in the last seven days."""
    who = reader_or_none()
    return notices.count_new(who, case_clock().now()) if who else 0


def _before() -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
