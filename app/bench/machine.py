"""What machine and software a bench ran on: without it no figure means anything."""

import os
import platform
from dataclasses import asdict, dataclass

from app.store.db import reading
from app.store.weighing import software


@dataclass(frozen=True)
class Machine:
    """Where figures come from."""

    #: cores this process may use
    cores: int
    #: "x86_64"
    kind: str
    #: "Linux"
    system: str
    #: "3.11.7"
    python: str
    #: processes that wanted a core when the bench began, on average of a minute: more than none of ours disturbs it
    load: float

    @property
    def is_busy(self) -> bool:
        """Others want the processor as well."""
        return self.load > self.cores / 2

    @property
    def sentence(self) -> str:
        """In one line."""
        return (
            f"{self.cores} core{'' if self.cores == 1 else 's'} ({self.kind}, {self.system}), Python {self.python},"
            f" load {self.load:.1f} when it began"
        )

    def to_json(self) -> dict[str, str | int | float]:
        """Its fields."""
        return asdict(self)


def machine() -> Machine:
    """This one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0
    return Machine(cores, platform.machine(), platform.system(), platform.python_version(), load)


def database() -> str:
    """The database of the installation that is open, with its version."""
    return software(reading())
