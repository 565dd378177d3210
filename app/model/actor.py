"""Who does something, and on what authority. What they may do is decided in `app.access`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A person or a part of the system that an entry is attributed to."""

    #: person id, or "system", "worker", "operator"
    id: str
    #: name to show
    name: str
    #: role code they act in, where a role was needed
    role: str | None = None
    #: organisation the role is held at
    organisation: str | None = None

    @property
    def authority(self) -> str:
        """The role and organisation an entry quotes, "SENCO at beacon", or ""."""
        return " at ".join(part for part in (self.role, self.organisation) if part)


#: timers, notices and recalculations
WORKER = Actor("worker", "Waymark")
#: somebody with a shell on the machine
OPERATOR = Actor("operator", "Operator (command line)")
