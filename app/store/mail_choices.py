"""How each person wants mail: their own choice, outside the journal. Who is mailed about what: `app.cases.mailing`."""

from collections.abc import Iterable
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from app.clock import real_now
from app.store.db import reading, transaction
from app.store.tables import mail_choice, person


class MailChoice(StrEnum):
    """How somebody wants mail."""

    AT_ONCE = "at once"
    #: one mail at eight in the morning, on days there is something
    DAILY = "daily"
    #: only about what the law requires
    REQUIRED = "required"


def of(person_id: str) -> MailChoice:
    """What a person chose; at once where they never chose."""
    found = reading().scalar(sa.select(mail_choice.c.choice).where(mail_choice.c.person_id == person_id))
    return MailChoice(found) if found else MailChoice.AT_ONCE


def choose(person_id: str, choice: MailChoice) -> None:
    """From now on; what waits already goes out as it was to."""
    with transaction() as connection:
        connection.execute(sa.delete(mail_choice).where(mail_choice.c.person_id == person_id))
        row = {"person_id": person_id, "choice": choice, "changed_at": real_now()}
        connection.execute(mail_choice.insert().values(**row))


def with_address(connection: Connection, ids: Iterable[str]) -> dict[str, MailChoice]:
    """Those of the people who are active and have an e-mail address, with what they chose."""
    wanted = sa.and_(person.c.id.in_(sorted(set(ids))), person.c.is_active, person.c.email.is_not(None))
    query = sa.select(person.c.id, mail_choice.c.choice).outerjoin(mail_choice, mail_choice.c.person_id == person.c.id)
    rows = connection.execute(query.where(wanted, person.c.email != "").order_by(person.c.id))
    return {row.id: MailChoice(row.choice) if row.choice else MailChoice.AT_ONCE for row in rows}
