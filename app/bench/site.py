"""An installation with a server before it, people at their browsers, and one case that grows old. For many measures."""

from dataclasses import dataclass, field

from app.bench import casework
from app.bench.casework import Case, School
from app.bench.clients import Browser, Handed
from app.bench.place import Place
from app.bench.servers import Served

#: requests of each kind that nobody counts: the first of everything is slower
WARM_UP = 3


@dataclass
class Site:
    """What is measured, and how to reach it."""

    #: the installation
    place: Place
    #: the server
    served: Served
    #: school of the case that grows old
    school: School = field(default_factory=lambda: casework.school("saltmarsh"))
    _browsers: dict[str, Browser] = field(default_factory=dict)
    _old: Case | None = None

    @property
    def port(self) -> int:
        """Where the server listens."""
        return self.served.port

    def browser(self, person_id: str) -> Browser:
        """Somebody's browser: the same one whenever they are asked for."""
        if person_id not in self._browsers:
            self._browsers[person_id] = Browser(self.place.app, person_id, self.port)
        return self._browsers[person_id]

    def do(self, case: Case, element: str) -> Handed:
        """Let the person whose turn it is complete a task over HTTP."""
        task = case.task(element)
        return self.browser(case.who(element)).complete(task.task_id, case.fields(task))

    def begun(self, school: School) -> Case:
        """A case whose first round comes next."""
        case = casework.started(school)
        case.do(*casework.BEFORE)
        return case

    def old(self, rounds: int) -> Case:
        """The case that grows old, with at least so many rounds behind it."""
        self._old = self._old or self.begun(self.school)
        while self._old.rounds < rounds:
            self._old.round()
        return self._old

    def warm_up(self) -> None:
        """A round that nobody counts."""
        case = self.begun(self.school)
        for _ in range(WARM_UP if self.place.size.rounds > 1 else 1):
            for element in casework.ROUND:
                self.do(case, element)
            case.rounds += 1

    def close(self) -> None:
        """Everybody hangs up."""
        for one in self._browsers.values():
            one.close()
