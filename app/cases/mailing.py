"""E-mail about notices: a row per person in the transaction that tells them. Sending is the worker's business.

A mail says that there is something to read and, to whoever may know it, the reference of the case; never more.
"""

from collections.abc import Iterable

from flask import current_app

from app.config import Settings
from app.store import outbox
from app.store.db import Connection
from app.store.outbox import Effect
from app.store.queries import people

MAIL = "mail"


def announce(
    connection: Connection, case_id: str, about: tuple[object, ...], person_ids: Iterable[str], *, names_case: bool
) -> None:
    """Mail these people that they were told something, where the installation sends mail and they have an address.

    `about` names what they were told: told again, they get no second mail.
    """
    settings: Settings = current_app.extensions["waymark_settings"]
    if not settings.sends_mail:
        return
    outbox.add(
        connection,
        [
            Effect(outbox.reference_of(MAIL, case_id, *about, one), MAIL, one, case_id, {"names_case": names_case})
            for one in people.with_address(connection, person_ids)
        ],
    )
