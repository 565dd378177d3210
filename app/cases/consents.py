"""Recording and withdrawing consent about a pupil, for all their cases, and what was shared by hand.

A withdrawal stops sharing in its own transaction; the cases concerned are told by the worker, each once, also when
somebody dies in between. What consent is needed for: `app.model.consent`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.cases.command import Command
from app.cases.dates import dates_for
from app.cases.events import NotWaiting, deliver
from app.cases.records import write_record
from app.cases.routes import keys_of
from app.clock import local_date
from app.errors import CaseClosed, NotFound, Rejected, Stale
from app.model.consent import PURPOSES, WITHDRAWN, Consent, from_json, stops_on
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store import journal, outbox
from app.store.db import Connection, db, reading
from app.store.outbox import Effect
from app.store.queries import consents

#: kind of the effect that tells cases
CONSENT = "consent"


class SharingStopped(Rejected):
    """Consent for this was withdrawn, or has ended. Record a new consent first, or ask the safeguarding lead."""


def record(pupil_id: str, school: str, consent: Consent, is_in_writing: bool, command: Command) -> None:
    """Put a consent on record: how long it holds and by when it should be in writing is worked out here.

    The same again writes nothing.
    """
    dates = dates_for(reading(), school, local_date(command.now))
    given = date.fromisoformat(consent.given_on)
    due = "" if is_in_writing else dates.due("consent.written", given).on.isoformat()
    whole = replace(consent, until=dates.due("consent.expiry", given).on.isoformat(), in_writing_by=due)
    if any(one.id == whole.id for one in consents.of_pupil(reading(), pupil_id)):
        return
    _write(pupil_id, whole, 0, command)


def put_in_writing(pupil_id: str, consent_id: str, evidence: str, command: Command) -> None:
    """A consent given by word of mouth is in writing now. Raises NotFound; the same again writes nothing."""
    known = one(pupil_id, consent_id)
    if not known.in_writing_by or known.withdrawn_on:
        return
    whole = replace(known, form="written", evidence=evidence, in_writing_by="")
    seen = consents.seq_of(reading(), consent_id)
    _write(pupil_id, whole, seen, command)


def withdraw(pupil_id: str, consent_id: str, by: str, command: Command) -> None:
    """End a consent: sharing on it stops at once, and the cases concerned are told.

    What was shared stays on record. Raises NotFound; a second withdrawal changes nothing.
    """
    known = one(pupil_id, consent_id)
    if known.withdrawn_on:
        return
    today = local_date(command.now)
    whole = replace(known, withdrawn_on=today.isoformat(), withdrawn_by=by)
    seen = consents.seq_of(reading(), consent_id)
    _write(pupil_id, whole, seen, command)


def one(pupil_id: str, consent_id: str) -> Consent:
    """A consent about this pupil. Raises NotFound."""
    found = next((each for each in consents.of_pupil(reading(), pupil_id) if each.id == consent_id), None)
    if found is None:
        raise NotFound(None, consent_id=consent_id)
    return found


def check_may_start(connection: Connection, pupil_id: str, process_key: str, today: date) -> None:
    """Raises SharingStopped where the process needs consent, and what was recorded of it was withdrawn or has ended."""
    since = consents.stopped_since(connection, pupil_id, process_key, today)
    if since is not None:
        raise SharingStopped(None, since=since.isoformat())


def tell_cases(args: Mapping[str, Any], command: Command) -> None:
    """Tell each case concerned that consent was withdrawn; `args` are those of the effect. A repeat is harmless."""
    entry = journal.one(reading(), StreamId("pupil", args["pupil"]), args["seq"])
    if entry is None or entry.content is None:
        return
    withdrawn = from_json(entry.content["consent"])  # type: ignore[arg-type]
    processes = tuple(dict.fromkeys(one for key in withdrawn.purposes for one in PURPOSES[key].tells))
    keys = keys_of(reading(), processes) or frozenset()
    waiting = consents.waiting(reading(), args["pupil"], keys, WITHDRAWN)
    db.session.rollback()
    said: JsonObject = {"on": withdrawn.withdrawn_on, "withdrawn_by": withdrawn.withdrawn_by, "reason": _SAID}
    for case_id in waiting:
        try:
            deliver(case_id, WITHDRAWN, said, replace(command, key=f"{command.key}:{case_id}"))
        except (NotWaiting, CaseClosed):
            continue


_SAID = "It was withdrawn for everything that needs it, on the page about the people around the pupil."


def write_down(pupil_id: str, shared: JsonObject, command: Command) -> None:
    """Record that somebody shared something by hand: on the telephone, in a meeting, by letter.

    `shared`: `on`, `with`, `what`, `how`, `basis`, `why`, `case_id`, `restricted`, and `id`, which makes a repeat
    harmless.
    """
    if any(row.record["id"] == shared["id"] for row in consents.by_hand(reading(), pupil_id)):
        return
    write_record(StreamId("pupil", pupil_id), "sharing-recorded", {"shared": shared}, command)


def _write(pupil_id: str, consent: Consent, seen: int, command: Command) -> None:
    stream = StreamId("pupil", pupil_id)
    connection = reading()
    known = consents.of_pupil(connection, pupil_id)
    others = [one for one in known if one.id != consent.id]
    stops: JsonObject = {}
    for purpose in consent.purposes:
        since = stops_on(purpose, [*others, consent])
        if since is None:
            continue
        for process in PURPOSES[purpose].blocks:
            stops |= dict.fromkeys({process, *(keys_of(connection, (process,)) or ())}, since.isoformat())
    content: JsonObject = {"consent": consent.to_json(), "stops": stops}

    def check(writing: Connection) -> None:
        if consents.seq_of(writing, consent.id) != seen or consents.of_pupil(writing, pupil_id) != known:
            raise Stale(None, consent_id=consent.id)
        if consent.withdrawn_on:
            seq = journal.lock(writing, stream).seq + 1
            args: JsonObject = {"pupil": pupil_id, "seq": seq}
            outbox.add(writing, [Effect(outbox.reference_of(CONSENT, pupil_id, seq), CONSENT, pupil_id, None, args)])

    write_record(
        stream,
        "consent-withdrawn" if consent.withdrawn_on else "consent-recorded",
        content,
        command,
        meta={"consent": consent.id},
        check=check,
    )
