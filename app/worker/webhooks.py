"""Sending one event to one address: CloudEvents 1.0 as JSON, signed as Standard Webhooks says.

The name is looked up once and the connection goes to the number that was checked, so that a name that changes in
between leads nowhere else. No redirect is followed, no proxy is asked, and of the answer only its first line counts.
"""

import base64
import hashlib
import hmac
import logging
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from threading import Event, Timer

from app.casework.webhook_addresses import Place, RefusedAddress, check, hosts, place_of
from app.clock import real_now
from app.config import Settings
from app.model.json import JsonObject, compact
from app.store import webhook_secrets
from app.store.db import db, reading
from app.store.outbox import Effect
from app.store.queries import webhooks
from app.worker.failing import Patience, Permanent, Unavailable

log = logging.getLogger(__name__)

#: for connecting, and again for all that follows
TIMEOUT_SECONDS = 10
#: eight tries in two and a half days: longer than a weekend's repair should take
PATIENCE = Patience(
    (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=8),
        timedelta(hours=16),
        timedelta(hours=36),
    )
)
#: why nothing at all can be sent there just now
AWAY = "The receiver could not be reached"
CONTENT_TYPE = "application/cloudevents+json"
TYPE_PREFIX = "waymark."
#: answers of a receiver that can take nothing at the moment
_BUSY = frozenset({429, 502, 503, 504})
_GONE = 410


class Refused(Exception):
    """The receiver took the request and said no."""


def send(settings: Settings, effects: Sequence[Effect]) -> None:
    """Send one event. Raises Permanent, Unavailable, Refused."""
    [effect] = effects
    found = webhooks.one(reading(), effect.recipient)
    secrets = webhook_secrets.of(effect.recipient, real_now())
    facts = webhooks.case_facts(reading(), effect.case_id) if effect.case_id else {}
    db.session.rollback()  # nothing is open while the receiver is spoken to
    if found is None or not found.is_on:
        raise Permanent("It was switched off")
    if not secrets:
        raise Permanent("It has no secret: make a new one")
    if facts is None:
        return  # the case was never written
    body = compact(event(settings.public_url, effect, facts))
    try:
        place = place_of(found.address, hosts(settings.webhook_hosts))
        status = post(place, body, signed(effect.reference, real_now(), body, secrets))
    except RefusedAddress as refused:
        raise Permanent(str(refused)) from None
    except (OSError, HTTPException) as trouble:
        log.info("%s: %s", effect.reference, type(trouble).__name__)
        raise Unavailable(AWAY) from None
    _judge(status)


def event(public_url: str, effect: Effect, facts: JsonObject) -> JsonObject:
    """The event as CloudEvents in structured JSON; the same at every try."""
    address = public_url.rstrip("/")
    about = {key: effect.args[key] for key in ("entry", "kind", "task", "element") if effect.args.get(key) is not None}
    link = {"link": f"{address}/api/v1/cases/{facts['case']}"} if facts else {}
    return {
        "specversion": "1.0",
        "id": effect.reference,
        "source": f"{address}/api/v1",
        "type": f"{TYPE_PREFIX}{effect.args['type']}",
        **({"subject": facts["case"]} if facts else {}),
        "time": effect.args["at"],
        "datacontenttype": "application/json",
        "data": {**facts, **about, **link},
    }


def signed(reference: str, at: datetime, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """The headers of Standard Webhooks: id, time, and a signature over both and the body with each secret."""
    stamp = str(int(at.timestamp()))
    content = f"{reference}.{stamp}.".encode() + body
    digests = [hmac.digest(secret, content, hashlib.sha256) for secret in secrets]
    return {
        "webhook-id": reference,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in digests),
    }


def post(
    place: Place,
    body: bytes,
    headers: Mapping[str, str],
    trusted: ssl.SSLContext | None = None,
    seconds: float = TIMEOUT_SECONDS,
) -> int:
    """Send a body and give the status of the answer, whose own body nobody reads.

    Raises RefusedAddress, OSError, HTTPException; TimeoutError where it takes longer than `seconds`.
    """
    with _connected(place, trusted, seconds) as connection:
        sent = {"Host": place.authority, "Content-Type": CONTENT_TYPE, "User-Agent": "Waymark", **headers}
        connection.request("POST", place.path, body, {**sent, "Connection": "close"})
        return connection.getresponse().status


@contextmanager
def _connected(place: Place, trusted: ssl.SSLContext | None, seconds: float) -> Iterator[HTTPConnection]:
    lines: list[socket.socket] = [socket.create_connection((_looked_up(place), place.port), timeout=seconds)]
    # a receiver that sends a letter a second would hold us for ever
    is_cut = Event()
    ended = Timer(seconds, lambda: _cut(lines[-1], is_cut))
    ended.start()
    try:
        if place.scheme == "https":
            context = trusted or ssl.create_default_context()
            secure = context.wrap_socket(lines[0], server_hostname=place.host, do_handshake_on_connect=False)
            lines.append(secure)
            secure.do_handshake()
        connection = HTTPConnection(place.host, place.port)
        connection.sock = lines[-1]
        yield connection
        if is_cut.is_set():
            raise TimeoutError("The answer took too long")
    finally:
        ended.cancel()
        lines[-1].close()


def _looked_up(place: Place) -> str:
    """The number to connect to: every number that the name leads to must be one that may be reached."""
    found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
    for number in numbers:
        check(number.partition("%")[0], place)
    return numbers[0]


def _cut(line: socket.socket, is_cut: Event) -> None:
    is_cut.set()
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status == _GONE:
        raise Permanent("The receiver wants no more events (410)")
    if status in _BUSY:
        raise Unavailable(AWAY)
    if 300 <= status < 400:
        raise Refused(f"The receiver is elsewhere ({status}): enter its new address")
    raise Refused(f"The receiver answered {status}")
