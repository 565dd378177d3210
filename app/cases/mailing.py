"""E-mail about cases: a row per person in the transaction that concerns them. Sending is the worker's business.

A mail says that there is something to read and, to whoever may know it, the reference of the case; never more. When
it goes out each person chooses; what the law requires goes out whatever they chose.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from app.clock import LONDON, real_now
from app.config import Settings
from app.model.entry import Entry
from app.model.json import JsonObject
from app.store import mail_choices, outbox
from app.store.db import Connection
from app.store.mail_choices import MailChoice
from app.store.outbox import Effect
from app.store.rows import CaseRow

MAIL, DIGEST = "mail", "digest"
#: when daily mail goes out, in England
DIGEST_HOUR = 8
#: what a mail may be about
NOTICE, SOON, OVERDUE, ASSIGNED, OUTCOME = "notice", "soon", "overdue", "assigned", "outcome"
#: kind of notice → what its mail is about
ABOUT_NOTICES = {"reminder": SOON, "due today": SOON, "overdue": OVERDUE, "escalation": OVERDUE}


def announce(
    connection: Connection,
    case_id: str,
    about: tuple[object, ...],
    person_ids: Iterable[str],
    *,
    names_case: bool,
    what: str = NOTICE,
    is_required: bool = False,
) -> None:
    """Mail these people that something concerns them, where the installation sends mail and they have an address.

    `about` names what it is: told again, they get no second mail. `is_required`: whatever they chose.
    """
    settings: Settings = current_app.extensions["waymark_settings"]
    wanted = set(person_ids)
    if not settings.sends_mail or not wanted:
        return
    effects = []
    for person_id, choice in mail_choices.with_address(connection, wanted).items():
        if choice is MailChoice.REQUIRED and not is_required:
            continue
        kind, not_before = (DIGEST, next_digest(real_now())) if choice is MailChoice.DAILY else (MAIL, None)
        reference = outbox.reference_of(MAIL, case_id, *about, person_id)
        args: JsonObject = {"names_case": names_case, "what": what}
        effects.append(Effect(reference, kind, person_id, case_id, args, not_before=not_before))
    outbox.add(connection, effects)


def announce_entry(connection: Connection, case: CaseRow, entry: Entry) -> None:
    """Mail whom the entry itself concerns: of a restricted task that ended, of a task given to them, of an outcome."""
    content: dict[str, Any] = entry.content or {}
    for one in content.get("warned", ()):
        told = (one["task_id"], "ended")
        announce(connection, case.id, told, one["people"], names_case=True, is_required=True)
    assignee = content.get("assignee")
    if entry.kind == "task-reassigned" and assignee and assignee != entry.actor:
        given = (content["task_id"], "assigned", entry.seq)
        announce(connection, case.id, given, [assignee], names_case=True, what=ASSIGNED)
    if content.get("completed"):
        concerned = {case.lead, *case.named} - {entry.actor}
        announce(connection, case.id, ("outcome", entry.seq), concerned, names_case=True, what=OUTCOME)


def next_digest(now: datetime) -> datetime:
    """The next eight o'clock in England after `now`."""
    here = now.astimezone(LONDON)
    today = here.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if here < today else today + timedelta(days=1)
