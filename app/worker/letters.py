"""Writing the letters that effects ask for, and handing letters to the mail server. What they say: `app.cases`."""

import logging
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import localtime
from urllib.parse import urlsplit

from app.cases import letters as use_cases
from app.cases.case_clock import clock
from app.cases.command import Command
from app.clock import real_now
from app.config import Settings
from app.errors import Rejected
from app.model.actor import WORKER
from app.store import files
from app.store.db import db, reading
from app.store.outbox import Effect
from app.store.queries import letters, organisations
from app.store.queries.letters import LetterRow
from app.store.rows import case_of
from app.worker.failing import Permanent
from app.worker.mail import hand_over

log = logging.getLogger(__name__)


def make(_settings: Settings, effects: Sequence[Effect]) -> None:
    """Write the letter of a task that opened. Raises whatever may pass, to be tried again."""
    for effect in effects:
        use_cases.make(str(effect.args["case"]), str(effect.args["task"]), _command(effect))


def send(settings: Settings, effects: Sequence[Effect]) -> None:
    """Mail a letter with its PDF, once; where that can never be, its case says so. Raises Unavailable, Unsent.

    Sent twice after a crash it has the same Message-ID; the entry that says so is written once.
    """
    effect = effects[0]
    case_id, letter_id = str(effect.args["case"]), str(effect.args["letter"])
    letter = letters.one(reading(), letter_id)
    if letter is None or letter.address is None:  # erased meanwhile
        return
    message = _message(settings, effect, case_id, letter)
    db.session.rollback()  # nothing is open while the server is spoken to
    try:
        hand_over(settings, message)
    except Permanent as refused:
        use_cases.failed(case_id, letter_id, str(refused), _command(effect, "failed"))
    else:
        use_cases.delivered(case_id, letter_id, _command(effect, "delivered"))


def gave_up(effects: Sequence[Effect], words: str) -> None:
    """The server did not take the letter, however often it was tried: its case says so."""
    effect = effects[0]
    try:
        use_cases.failed(
            str(effect.args["case"]), str(effect.args["letter"]), words, _command(effect, f"gave up {effect.attempts}")
        )
    except Rejected:
        log.exception("%s was given up, and its case could not be told", effect.reference)


def _message(settings: Settings, effect: Effect, case_id: str, letter: LetterRow) -> EmailMessage:
    """The letter as a mail: its words in the mail itself, the PDF beside them. The subject names no child."""
    school = organisations.tree(reading()).get(case_of(reading(), case_id).school).name
    message = EmailMessage()
    message["Message-ID"] = f"<{effect.reference}@{urlsplit(settings.public_url).hostname or 'waymark'}>"
    message["From"], message["To"] = settings.mail_from, letter.address
    message["Date"] = localtime(real_now())
    message["Subject"] = f"A letter from {' '.join(school.split())}"
    message.set_content(files.get(case_id, letter.text_id).decode())
    if letter.pdf_id is not None:
        content = files.get(case_id, letter.pdf_id)
        message.add_attachment(content, maintype="application", subtype="pdf", filename="letter.pdf")
    return message


def _command(effect: Effect, what: str = "") -> Command:
    now = clock().now()
    db.session.rollback()
    return Command(WORKER, now, f"{effect.reference}:{what}" if what else effect.reference)
