"""What can be measured, by name, and measuring it: which share one installation and server, which have their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.bench import completing, keeping, looking, timers
from app.bench import together as at_once
from app.bench.figures import Row
from app.bench.place import Place, installed
from app.bench.servers import one_process
from app.bench.site import Site
from app.bench.sizes import Size

#: told what is measured next
Say = Callable[[str], None]


@dataclass(frozen=True)
class Measure:
    """One thing to measure."""

    #: what it is, in a few words
    what: str
    #: on the installation that it shares with others, or None
    on_site: Callable[[Site], Iterator[Row]] | None = None
    #: on an installation of its own that it fills, or None
    alone: Callable[[Place], Iterator[Row]] | None = None
    #: it needs processes beside each other
    needs_postgresql: bool = False


MEASURES: dict[str, Measure] = {
    "complete": Measure("completing a task over HTTP, opening its form", completing.complete),
    "statements": Measure("statements and commits of both", completing.statements),
    "rounds": Measure("the same in an old case beside a young one", completing.rounds),
    "groups": Measure("the same where few or many people may do the task", completing.groups),
    "together": Measure("people who finish tasks of one case at once", at_once.together),
    "entries": Measure("a case as it was after any of its entries", looking.entries),
    "verify": Measure("verifying a chain", keeping.verify),
    "bytes": Measure("bytes of a case and of a step", keeping.weight),
    "idle": Measure("how late timers are when nobody works", timers.idle),
    "inbox": Measure("the inbox among very many open tasks", alone=looking.inbox),
    "timers": Measure("timers due at one moment, in one process", alone=timers.at_once),
    "workers": Measure("the same by two workers (PostgreSQL only)", alone=timers.by_workers, needs_postgresql=True),
}


def measured(database_url: str, size: Size, names: list[str], say: Say) -> Iterator[Row]:
    """The rows of these measures, as soon as each is known."""
    shared = [name for name in names if MEASURES[name].on_site is not None]
    if shared:
        say("making an installation")
        with installed(database_url, size) as place, one_process(place.settings) as served:
            site = Site(place, served)
            site.warm_up()
            for name in shared:
                say(MEASURES[name].what)
                if (on_site := MEASURES[name].on_site) is not None:
                    yield from on_site(site)
            site.close()
    for name in names:
        if (alone := MEASURES[name].alone) is not None:
            say(MEASURES[name].what)
            with installed(database_url, size) as place:
                yield from alone(place)


def usual(database_url: str) -> list[str]:
    """Every measure that can be taken on this database."""
    return [name for name, one in MEASURES.items() if database_url or not one.needs_postgresql]
