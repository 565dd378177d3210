"""Files as Flask hands them over, and the status of a page that refuses some. Checking them: `casework.uploads`."""

from flask import request

from app.casework.uploads import Sent, Taken


def sent_files() -> list[Sent]:
    """Every file of this request."""
    return [
        Sent(name, one.filename or "", one.stream)
        for name, several in request.files.lists()
        for one in several
        if one.filename
    ]


def status_of(taken: Taken) -> int:
    """413 for a file over size, 415 for a wrong one, else 422."""
    if not taken.problems:
        return 422
    return 413 if taken.is_too_large else 415
