"""What somebody's own account page shows, and what others did to the account since they were last here."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.access.people import Reader
from app.access.second_steps import must_take_second_step
from app.casework.signing_in import linking, second_step
from app.model.entry import StreamId
from app.store import identities, journal, second_factors, sessions
from app.store.db import reading
from app.store.queries import people

#: what an entry of the account says → what its person reads; {name} is who did it
TOLD = {
    second_step.RESET: "{name} removed your second step.",
    "password given": "{name} gave you a new password.",
    linking.CODE_MADE: "{name} made a link code for your account.",
    linking.UNLINKED: "{name} removed the link to your account elsewhere.",
}
MOST_TOLD = 5


@dataclass(frozen=True)
class ToldOfAccount:
    """Something somebody else did to the account."""

    #: what they did
    sentence: str
    #: when it was written, by real time
    at: datetime


@dataclass(frozen=True)
class OwnAccount:
    """One's own account."""

    #: what they type to sign in
    user_name: str
    #: where mail goes, or ""
    email: str
    #: whether they have a password here
    has_password: bool
    #: when the second step was set up, or None
    second_step_since: datetime | None
    #: recovery codes that are not spent
    codes_left: int
    #: one of their roles needs the second step
    must_have_second_step: bool
    #: issuers of linked accounts, and since when
    linked: tuple[tuple[str, datetime], ...]
    #: where they are signed in, this one first
    sessions: tuple[sessions.OwnSession, ...]
    #: what others did to the account, newest first
    told: tuple[ToldOfAccount, ...]


def of(reader: Reader, token: str, idle: timedelta, now: datetime, *, is_demo: bool) -> OwnAccount:
    """The reader's own account."""
    account = people.account(reading(), reader.id)
    factor = second_factors.one(reader.id)
    return OwnAccount(
        user_name=account.user_name if account else reader.id,
        email=(account.email or "") if account else "",
        has_password=sessions.has_password(reader.id),
        second_step_since=factor.confirmed_at if factor else None,
        codes_left=second_factors.codes_left(reader.id),
        must_have_second_step=must_take_second_step(reader) and not is_demo,
        linked=tuple(identities.linked(reader.id)),
        sessions=tuple(sessions.of_person(reader.id, token, idle, now)),
        told=tuple(told(reader.id)[:MOST_TOLD]),
    )


def told(person_id: str, since: datetime | None = None) -> list[ToldOfAccount]:
    """What others did to the account, newest first, and only since a moment where one is given."""
    entries = [
        one
        for one in journal.entries(reading(), StreamId("person", person_id))
        if one.content is not None and one.content.get("what") in TOLD and one.actor != person_id
    ]
    fresh = [one for one in reversed(entries) if since is None or one.recorded_at > since]
    names = people.names(reading(), [one.actor for one in fresh])
    return [
        ToldOfAccount(
            TOLD[str((one.content or {})["what"])].format(name=names.get(one.actor, "The operator")), one.recorded_at
        )
        for one in fresh
    ]
