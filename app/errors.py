"""The three kinds of trouble: rejections, faults, and (as data, in `app.model.step`) incidents.

A rejection is an expected refusal: nothing was written and a page explains. A fault is ours and nobody catches it below
the top. What a rejection looks like over HTTP lives in `app.web.errors` only.
"""


class Rejected(Exception):
    """This cannot be done now."""

    def __init__(self, sentence: str | None = None, **facts: object) -> None:
        """Keep the sentence people read, and facts (ids, times) for the page that explains it."""
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        self.facts = facts
        super().__init__(self.sentence)


class NotFound(Rejected):
    """There is nothing here that you can see."""


class NotAllowed(Rejected):
    """Your role does not allow this."""


class NoToken(Rejected):
    """Send a token of the API as `Authorization: Bearer wm_…`. This request had none, or it ended."""


class SignedOut(Rejected):
    """You have been signed out. Press Save draft and sign in again: nothing you typed is lost."""


class InvalidAnswers(Rejected):
    """Some answers need to be changed."""

    def __init__(self, problems: dict[str, str], warnings: dict[str, str] | None = None) -> None:
        """Keep one sentence per field key; warnings can be accepted with a reason."""
        super().__init__(None, problems=problems, warnings=warnings or {})
        self.problems = problems
        self.warnings = warnings or {}


class AlreadyDone(Rejected):
    """Someone has already completed this task."""


class TaskEnded(Rejected):
    """This task ended before it was completed."""


class Stale(Rejected):
    """Someone changed this while you were working on it."""


class AlreadyClaimed(Rejected):
    """Someone else has taken this task."""


class CaseClosed(Rejected):
    """This case is closed."""


class CaseErased(Rejected):
    """The content of this case was erased."""


class Busy(Rejected):
    """Many people are working on this at once. Try again in a moment."""


class OutOfReach(Rejected):
    """The database does not answer at the moment. Try again soon: what you sent is not done twice."""


class DiskFull(Rejected):
    """The disk of the server is full, so this was not saved. What was saved before is there and can be read."""


class NotDeployable(Rejected):
    """The diagram has problems that must be put right first."""


class UnknownKey(Rejected):
    """There is nothing with this key."""


class DifferentRequest(Rejected):
    """This request was sent before with different content."""
