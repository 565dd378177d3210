"""Erasing a case: the key goes, the chain stays. Asked for by one person, confirmed by another."""

from app.cases.command import Command
from app.cases.unit import Decision, Work, write
from app.errors import CaseErased, NotAllowed
from app.model.entry import StreamId
from app.store.db import reading
from app.store.keys import keyring
from app.store.rows import case_of


def erase(case_id: str, requested_by: str, reason: str, command: Command) -> None:
    """Destroy the content of a case for good. Raises NotAllowed where one person does both parts, CaseErased.

    The entry that says so is written first: a crash between the two leaves a case that says it was erased, and
    repeating the command destroys its key.
    """
    if requested_by == command.actor.id:
        raise NotAllowed("Expected a second person to confirm the erasure, but both are the same person.")
    if case_of(reading(), case_id).status != "erased":

        def decide(work: Work) -> Decision:
            if work.case.status == "erased":
                raise CaseErased(None, case_id=case_id)
            return Decision(
                "case-erased",
                meta={"requested_by": requested_by, "confirmed_by": command.actor.id},
                content={"reason": reason},
            )

        write(case_id, command, "erase", [requested_by, reason], decide)
    keyring().destroy(StreamId("case", case_id), command.now)
