"""How much the bench does: full for a release, small for a change, tiny for seeing that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many of everything."""

    #: review rounds of the case that people complete tasks of
    rounds: int
    #: rounds at which an old case is measured beside a young one, and how many rounds are run there
    measured: tuple[int, ...]
    beside: int
    #: people in the groups that are compared
    groups: tuple[int, int]
    #: open tasks there are, step by step, and requests of each kind at each step
    open_tasks: tuple[int, ...]
    requests: int
    #: entries of the long case, and how many of them are opened
    entries: int
    opened: int
    #: timers due at one moment; timers due one after the other, and seconds between them
    timers: int
    idle: int
    idle_seconds: float
    #: people at once on one case, and how many such cases
    together: int
    cases_together: int


SIZES = {
    "tiny": Size(
        rounds=1, measured=(1, 2), beside=1, groups=(2, 4), open_tasks=(200,), requests=3, entries=12, opened=3,
        timers=6, idle=3, idle_seconds=0.3, together=4, cases_together=1,
    ),
    "small": Size(
        rounds=8, measured=(1, 10, 30), beside=4, groups=(10, 200), open_tasks=(200, 1_000), requests=30, entries=300,
        opened=30, timers=200, idle=20, idle_seconds=0.4, together=20, cases_together=2,
    ),
    "medium": Size(
        rounds=20, measured=(1, 10, 50, 100, 200), beside=4, groups=(10, 200), open_tasks=(1_000, 10_000), requests=40,
        entries=1_000, opened=60, timers=1_000, idle=40, idle_seconds=0.5, together=20, cases_together=4,
    ),
    "full": Size(
        rounds=50, measured=(1, 10, 50, 100, 200), beside=10, groups=(10, 200), open_tasks=(1_000, 10_000, 100_000),
        requests=100, entries=1_000, opened=150, timers=10_000, idle=120, idle_seconds=0.5, together=20,
        cases_together=8,
    ),
}  # fmt: skip
