"""Erasing a case: the key goes, the chain stays. Asked for by one person, confirmed by another."""

from app.cases.command import Command
from app.cases.unit import Decision, Work, write
from app.errors import CaseErased, NotAllowed, NotFound
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.keys import keyring
from app.store.projections import erased
from app.store.queries import cases


def erase(case_id: str, requested_by: str, reason: str, command: Command, basis: str = "") -> None:
    """Destroy the content of a case for good. Raises NotAllowed where one person does both parts, CaseErased, NotFound.

    The entry that says so is written first: a crash between the two leaves a case that says it was erased, and
    repeating the command destroys its key. The reason and the legal basis stay readable: they must name nobody.
    """
    if requested_by == command.actor.id:
        raise NotAllowed("Expected a second person to confirm the erasure, but both are the same person.")
    found = cases.by_reference(reading(), case_id)
    if found is None:
        raise NotFound(None, case_id=case_id)
    if found.status != "erased":
        why: JsonObject = {"requested_by": requested_by, "confirmed_by": command.actor.id, "reason": reason}

        def decide(work: Work) -> Decision:
            if work.case.status == "erased":
                raise CaseErased(None, case_id=case_id)
            erased.forget(work.connection, case_id)
            certificate = _certificate(found, work.case.authority)
            return Decision("case-erased", meta={**why, "basis": basis, "case": certificate}, content={})

        write(case_id, command, "erase", [requested_by, reason], decide)
    keyring().destroy(StreamId("case", case_id), command.now)


def _certificate(case: cases.CaseLine, authority: str) -> JsonObject:
    """What stays readable of the case: which it was, never whose."""
    return {
        "reference": case.reference,
        "process_key": case.process_key,
        "process_name": case.process_name,
        "bundle": case.bundle,
        "version": case.version,
        "school": case.school,
        "authority": authority,
        "started_at": case.started_at.isoformat(),
    }
