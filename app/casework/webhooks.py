"""Webhooks as the administrator of an authority keeps them: an address, the types of events it wants, whose cases.

What an event says and when: `app.cases.publishing`. Sending: the worker.
"""

import base64
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid4, uuid5

from app.access.organisations import Organisation
from app.access.people import Reader
from app.cases.command import Command
from app.cases.publishing import PING, TYPES, WEBHOOK
from app.casework.recording import is_repeat, record_once
from app.casework.stuck_cases import authorities_of
from app.casework.webhook_addresses import RefusedAddress, hosts, place_of
from app.clock import real_now
from app.config import Settings
from app.errors import InvalidAnswers, NotFound
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store import outbox, webhook_secrets
from app.store.db import reading, transaction
from app.store.outbox import Effect
from app.store.queries import webhooks
from app.store.queries.webhooks import Webhook

LONGEST_NAME = 80
#: every entry of a case looks through them
MOST = 50


@dataclass(frozen=True)
class WebhookForm:
    """A webhook as it was typed."""

    #: what people call it
    name: str
    #: where events are sent
    address: str
    #: types of events
    types: tuple[str, ...]
    #: organisation whose cases it hears of
    organisation: str


def visible(reader: Reader) -> tuple[Webhook, ...]:
    """Those of the reader's authorities, by name."""
    mine = {one.id for one in places(reader)}
    return tuple(one for one in webhooks.every(reading()) if one.organisation in mine)


def one(webhook_id: str, reader: Reader) -> Webhook:
    """One of them. Raises NotFound."""
    found = next((each for each in visible(reader) if each.id == webhook_id), None)
    if found is None:
        raise NotFound
    return found


def places(reader: Reader) -> tuple[Organisation, ...]:
    """Organisations whose cases a webhook of the reader's may be about."""
    tree = reader.tree
    authorities = authorities_of(reader)
    return tuple(
        each for each in tree.organisations if any(tree.covers(authority, each.id) for authority in authorities)
    )


def add(form: WebhookForm, command: Command, reader: Reader, settings: Settings) -> str:
    """Add a webhook that is on; its id. It has no secret yet. Raises InvalidAnswers by field."""
    webhook_id = str(uuid5(NAMESPACE_URL, command.key) if command.key else uuid4())
    stream = StreamId("webhook", webhook_id)
    if is_repeat(stream, command, 0):
        return webhook_id
    problems = _problems(form, reader, settings)
    if len(visible(reader)) >= MOST:
        problems["name"] = f"Switch one off and change it instead: there are {MOST} already"
    if problems:
        raise InvalidAnswers(problems)
    record_once(stream, "webhook-recorded", _record(form, is_on=True), command, 0)
    return webhook_id


def change(webhook_id: str, form: WebhookForm, seq: int, command: Command, reader: Reader, settings: Settings) -> None:
    """Change a webhook. Raises InvalidAnswers by field, Stale, NotFound."""
    found = one(webhook_id, reader)
    if problems := _problems(form, reader, settings):
        raise InvalidAnswers(problems)
    record_once(StreamId("webhook", webhook_id), "webhook-recorded", _record(form, is_on=found.is_on), command, seq)


def switch(webhook_id: str, *, is_on: bool, command: Command, reader: Reader) -> int:
    """Switch it on or off; what it did not take yet is dropped when it is off: how many events. Raises NotFound."""
    found = one(webhook_id, reader)
    if found.is_on != is_on:
        content = _record(_form_of(found), is_on=is_on)
        record_once(StreamId("webhook", webhook_id), "webhook-recorded", content, command, found.seq)
    if is_on:
        return 0
    with transaction() as connection:
        return outbox.drop(connection, WEBHOOK, webhook_id)


def new_secret(webhook_id: str, reader: Reader) -> str:
    """Another secret, to be shown once; the one before signs beside it for a day. Raises NotFound."""
    found = one(webhook_id, reader)
    return f"whsec_{base64.b64encode(webhook_secrets.make(found.id, real_now())).decode()}"


def ping(webhook_id: str, command: Command, reader: Reader) -> None:
    """Send an event about nothing, to see whether it arrives. Raises NotFound, InvalidAnswers where it is off."""
    found = one(webhook_id, reader)
    if not found.is_on:
        raise InvalidAnswers({"ping": "Switch it on first"})
    reference = outbox.reference_of(WEBHOOK, found.id, PING, command.key or uuid4())
    args: JsonObject = {"type": PING, "at": command.now.isoformat()}
    with transaction() as connection:
        outbox.add(connection, [Effect(reference, WEBHOOK, found.id, None, args)])


def _form_of(found: Webhook) -> WebhookForm:
    return WebhookForm(found.name, found.address, tuple(found.types), found.organisation)


def _record(form: WebhookForm, *, is_on: bool) -> JsonObject:
    types = [one for one in TYPES if one in form.types]
    record: JsonObject = {
        "name": form.name,
        "address": form.address,
        "types": list(types),
        "organisation": form.organisation,
        "is_on": is_on,
    }
    return {"webhook": record}


def _problems(form: WebhookForm, reader: Reader, settings: Settings) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not form.name or len(form.name) > LONGEST_NAME or not form.name.isprintable():
        problems["name"] = f"Enter what receives the events, up to {LONGEST_NAME} letters, such as Data warehouse"
    try:
        place_of(form.address, hosts(settings.webhook_hosts))
    except RefusedAddress as refused:
        problems["address"] = str(refused)
    if not form.types or set(form.types) - set(TYPES):
        problems["types"] = "Select what it hears of"
    if form.organisation not in {one.id for one in places(reader)}:
        problems["organisation"] = "Choose whose cases it hears of"
    return problems
