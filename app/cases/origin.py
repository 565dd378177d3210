"""Which entry of another case an entry follows from: ids, kept in its readable part. What comes of it: `passing`."""

from dataclasses import dataclass

from app.model.json import JsonObject


@dataclass(frozen=True)
class Origin:
    """The other case, and what it did."""

    #: id of the other case
    case_id: str
    #: its entry that sent the message; None where a person asked on its behalf
    seq: int | None = None
    #: which of the messages of that entry
    nth: int = 0
    #: message name, or None: it ended, or a person asked
    message: str | None = None
    #: task of the other case that waits for the answer
    task_id: str | None = None

    def to_meta(self) -> JsonObject:
        """As an entry keeps it."""
        said: JsonObject = {"from": self.case_id, "message": self.message, "asking_task": self.task_id}
        if self.seq is not None:
            said |= {"seq": self.seq, "nth": self.nth}
        return {key: value for key, value in said.items() if value is not None}
