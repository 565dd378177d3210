"""What people add to a case beside its tasks: notes and documents. Neither moves the process."""

import hashlib
from dataclasses import dataclass
from uuid import uuid4

from app.cases.command import Command, Receipt
from app.cases.unit import Decision, Work, write
from app.errors import CaseErased
from app.model.json import JsonObject
from app.store import files


@dataclass(frozen=True)
class Upload:
    """A file that passed every check of `app.forms`."""

    #: as the person named it, without folders
    name: str
    #: "application/pdf"
    media_type: str
    #: its bytes
    content: bytes
    #: it may be shown to the family
    may_parents_see: bool = False


def add_note(case_id: str, text: str, is_restricted: bool, command: Command) -> Receipt:
    """Add a note; a restricted one belongs to the safeguarding compartment."""

    def decide(work: Work) -> Decision:
        _still_readable(work)
        return Decision("note-added", content={"text": text, "restricted": is_restricted})

    receipt = write(case_id, command, "note", [text, is_restricted], decide)
    assert receipt is not None
    return receipt


def add_document(case_id: str, upload: Upload, is_restricted: bool, command: Command) -> Receipt:
    """Add a document; its bytes are kept encrypted under the case's key, the entry keeps their digest."""
    kept = store_file(case_id, upload, command)

    def decide(work: Work) -> Decision:
        _still_readable(work)
        return Decision("document-added", content={"document": {**kept, "restricted": is_restricted}})

    receipt = write(case_id, command, "document", [kept["digest"], upload.name], decide)
    assert receipt is not None
    return receipt


def store_file(case_id: str, upload: Upload, command: Command) -> JsonObject:
    """Keep the bytes, encrypted, and give what an entry says of them. Without an entry they are nobody's."""
    file_id = str(uuid4())
    files.put(case_id, file_id, upload.name, upload.media_type, upload.content, command.now)
    return {
        "id": file_id,
        "name": upload.name,
        "media_type": upload.media_type,
        "size_bytes": len(upload.content),
        "digest": hashlib.sha256(upload.content).hexdigest(),
        "may_parents_see": upload.may_parents_see,
    }


def _still_readable(work: Work) -> None:
    if work.case.status == "erased":
        raise CaseErased(None, case_id=work.case.id)
