"""Sending the mail that effects ask for. A mail names nobody and says nothing of a case but its reference."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import localtime
from urllib.parse import unquote, urlsplit

from app.cases.mailing import ASSIGNED, DIGEST, NOTICE, OUTCOME, OVERDUE, SOON
from app.clock import real_now
from app.config import Settings
from app.store.db import db, reading
from app.store.outbox import Effect
from app.store.queries import effects as effects_seen
from app.store.queries import people
from app.worker.failing import Patience, Permanent, Unavailable

TIMEOUT_SECONDS = 20
#: a server that is away is no fault of a mail
PATIENCE = Patience(tuple(timedelta(minutes=one) for one in (1, 2, 4, 8, 16, 32, 60)), timedelta(days=3))
#: what a mail is about → what it says
_WORDS = {
    NOTICE: "a notice for you",
    SOON: "a task is due soon",
    OVERDUE: "a task is overdue",
    ASSIGNED: "a task was given to you",
    OUTCOME: "a case came to its outcome",
}
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def send(settings: Settings, effects: Sequence[Effect]) -> None:
    """One mail about one notice, or about several to the same person. Raises Permanent, Unavailable.

    Its Message-ID is the reference of the effect, so that a mail sent twice can be told from two mails.
    """
    to = people.address(reading(), effects[0].recipient)
    known = [one.case_id for one in effects if one.args["names_case"] and one.case_id]
    references = effects_seen.references(reading(), known)
    db.session.rollback()  # nothing is open while the server is spoken to
    if to is not None:  # whoever left, or has no address any more, needs no mail
        hand_over(settings, _message(settings, to, effects, references))


def _message(settings: Settings, to: str, effects: Sequence[Effect], references: Mapping[str, str]) -> EmailMessage:
    first, host = effects[0].reference, urlsplit(settings.public_url).hostname or "waymark"
    lines = [_line(one, references) for one in effects]
    message = EmailMessage()
    message["Message-ID"] = f"<{first}@{host}>" if len(effects) == 1 else f"<{first}-of-{len(effects)}@{host}>"
    message["From"], message["To"] = settings.mail_from, to
    message["Date"] = localtime(real_now())
    message["Auto-Submitted"] = "auto-generated"
    message["Subject"] = f"Waymark: {lines[0]}" if len(lines) == 1 else f"Waymark: {len(lines)} notices for you"
    body = [f"{lines[0][:1].upper()}{lines[0][1:]}."] if len(lines) == 1 else _several(effects, lines)
    message.set_content("\n".join([*body, "", *_end(settings, effects, references)]))
    return message


def _line(one: Effect, references: Mapping[str, str]) -> str:
    """What it is about, with the reference of the case for whoever may know it."""
    words = _WORDS.get(str(one.args.get("what", NOTICE)), _WORDS[NOTICE])
    reference = references.get(one.case_id or "") if one.args["names_case"] else None
    return f"{words}, {reference}" if reference else _WORDS[NOTICE]


def _several(effects: Sequence[Effect], lines: Sequence[str]) -> list[str]:
    if effects[0].kind == DIGEST:
        why = "This is your daily mail."
    else:
        why = "They came together because mail could not be sent for a while."
    return [f"There are {len(lines)} notices for you. {why}", *(f"- {one}" for one in dict.fromkeys(lines))]


def _end(settings: Settings, effects: Sequence[Effect], references: Mapping[str, str]) -> list[str]:
    address = settings.public_url.rstrip("/")
    return [
        f"Read it here: {address}/{_page(effects, references)}",
        "",
        "This mail says no more on purpose. Nobody reads answers to it.",
        f"How you want mail: {address}/account/mail",
    ]


def _page(effects: Sequence[Effect], references: Mapping[str, str]) -> str:
    first = effects[0]
    what, reference = first.args.get("what"), references.get(first.case_id or "")
    if len(effects) > 1 or reference is None:
        return "notices" if all(one.args.get("what") not in {ASSIGNED, OUTCOME} for one in effects) else "inbox"
    return {ASSIGNED: "inbox?view=mine", OUTCOME: f"cases/{reference}"}.get(str(what), "notices")


def hand_over(settings: Settings, message: EmailMessage) -> None:
    """Give a mail to the server. Raises Permanent, Unavailable, Unsent."""
    try:
        with _connected(settings) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        raise (Permanent if code >= 500 else Unsent)(f"The address was refused ({code})") from None
    except smtplib.SMTPDataError as refused:
        raise (Permanent if refused.smtp_code >= 500 else Unsent)(
            f"The mail was refused ({refused.smtp_code})"
        ) from None
    except smtplib.SMTPResponseException as refused:  # of the greeting, of the sign-in, of the sender: not of this mail
        raise Unsent(f"The server refused us ({refused.smtp_code})") from None
    except (OSError, smtplib.SMTPException) as trouble:
        raise Unavailable(f"The mail server could not be reached ({type(trouble).__name__})") from None


class Unsent(Exception):
    """The server would not take it now."""


@contextmanager
def _connected(settings: Settings) -> Iterator[smtplib.SMTP]:
    url = urlsplit(settings.smtp_url)
    host, port = url.hostname or "localhost", url.port or _PORTS[url.scheme]
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    with server:
        if url.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
