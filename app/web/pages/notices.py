"""The page of notices, and how many new ones the navigation shows."""

from datetime import datetime

from flask import Blueprint, render_template, request

from app.casework import notices
from app.studio import notices as of_processes
from app.studio.notices import ProcessNotice
from app.web.reader import case_clock, reader, reader_or_none

pages = Blueprint("notices", __name__)


@pages.get("/notices")
def show() -> str:
    """What the reader was told, newest first."""
    processes = [] if _before() else of_processes.notices(reader(), case_clock().now())
    return render_template("notices/show.html", told=notices.notices(reader(), _before()), processes=processes)


@pages.app_template_global()
def new_notices() -> int:
    """How many notices the reader got in the last seven days, and how many drafts wait for them."""
    who, now = reader_or_none(), case_clock().now()
    return notices.count_new(who, now) + len(of_processes.notices(who, now)) if who else 0


@pages.app_template_global()
def drafts_waiting() -> list[ProcessNotice]:
    """Drafts of processes that wait for the reader's approval."""
    who = reader_or_none()
    return of_processes.waiting_for(who, case_clock().now()) if who else []


def _before() -> datetime | None:
    try:
        moment = datetime.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
