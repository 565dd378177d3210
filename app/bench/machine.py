"""What machine and software a bench ran on: without it no figure means anything."""

import os
import platform
import time
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
    #: milliseconds of a million additions in Python: a rented core is not always the same core
    pace_ms: float

    @property
    def is_busy(self) -> bool:
        """Others want the processor as well."""
        return self.load > self.cores / 2

    @property
    def sentence(self) -> str:
        """In one line."""
        return (
            f"{self.cores} core{'' if self.cores == 1 else 's'} ({self.kind}, {self.system}), Python {self.python},"
            f" load {self.load:.1f} and a million additions in {self.pace_ms:.0f} ms when it began"
        )

    def to_json(self) -> dict[str, str | int | float]:
        """Its fields."""
        return asdict(self)


def machine() -> Machine:
    """This one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0
    return Machine(cores, platform.machine(), platform.system(), platform.python_version(), load, pace_ms())


def pace_ms() -> float:
    """Milliseconds that a million additions take, the quickest of five tries."""
    taken = []
    for _ in range(5):
        began, total = time.perf_counter(), 0
        for one in range(1_000_000):
            total += one
        taken.append(time.perf_counter() - began)
    return round(1000 * min(taken), 1)


def database() -> str:
    """The database of the installation that is open, with its version."""
    return software(reading())
