"""Files of cases on their way out, to people and to programs: the same decision, the same record of who read what."""

from dataclasses import dataclass

from flask import g

from app.access.actions import Action
from app.access.decisions import decide
from app.access.facts import DocumentFacts
from app.access.verdicts import NOTHING_HERE
from app.errors import NotAllowed, NotFound
from app.store import files, reads
from app.store.db import reading
from app.store.queries import cases
from app.web.reader import reader


@dataclass(frozen=True)
class Download:
    """One document with its bytes."""

    #: what it is called
    name: str
    #: kind of file: "application/pdf"
    media_type: str
    #: its bytes
    content: bytes


def download(document_id: str) -> Download:
    """A document of the case that the gate loaded. Raises NotFound, NotAllowed; either way the read is recorded."""
    found = next((row for row in cases.documents_of(reading(), g.case.id) if row.id == document_id), None)
    is_restricted = found is not None and found.is_restricted
    verdict = (
        NOTHING_HERE if found is None else decide(reader(), Action.SEE_DOCUMENT, DocumentFacts(g.facts, is_restricted))
    )
    outcome = "allowed" if verdict.allowed else "refused"
    reads.record(
        reader().id, Action.SEE_DOCUMENT, f"case/{g.case.id}", outcome, f"document/{found.id}" if found else ""
    )
    if found is None or verdict.hides:
        raise NotFound
    if not verdict.allowed:
        raise NotAllowed(verdict.reason)
    return Download(found.name, found.media_type, files.get(g.case.id, document_id))
