"""Scenarios of a process played against a bundle: which pass, and how much of the diagram they go through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app import diagrams
from app.cases.definitions import read
from app.diagrams import Diagram
from app.errors import Rejected
from app.model.definition import Bundle
from app.studio.bundles import SCENARIOS_FILE
from app.studio.playing import Playable, run_steps
from app.studio.scenario_file import Scenario, UnreadableScenarios, read_scenarios

__all__ = ["Coverage", "Scenario", "ScenarioReport", "ScenarioResult", "UnreadableScenarios", "read_scenarios", "run"]


@dataclass(frozen=True)
class ScenarioResult:
    """How one scenario went."""

    #: what it is called
    name: str
    #: all was as expected
    passed: bool
    #: where it failed: "step 4, do review", or ""
    step: str = ""
    #: what was not as expected, or ""
    sentence: str = ""


@dataclass(frozen=True)
class Coverage:
    """How much of one process the scenarios go through."""

    #: BPMN id of the process
    process: str
    #: what it is called
    name: str
    #: sequence flows taken
    covered: int
    #: sequence flows it has, those inside its sub-processes too
    all: int

    @property
    def share(self) -> float:
        """0 to 1; 1 for a process without flows."""
        return self.covered / self.all if self.all else 1.0


@dataclass(frozen=True)
class ScenarioReport:
    """What all scenarios of a process showed."""

    #: in the order of the file
    results: tuple[ScenarioResult, ...]
    #: ids of sequence flows taken by any of them
    covered: frozenset[str]
    #: ids of every sequence flow
    flows: frozenset[str]
    #: process by process
    by_process: tuple[Coverage, ...]

    @property
    def passed(self) -> bool:
        """Every scenario passed."""
        return all(one.passed for one in self.results)

    @property
    def failures(self) -> tuple[ScenarioResult, ...]:
        """Those that did not pass."""
        return tuple(one for one in self.results if not one.passed)

    @property
    def missing(self) -> tuple[str, ...]:
        """Sequence flows that none of them takes."""
        return tuple(sorted(self.flows - self.covered))

    @property
    def share(self) -> float:
        """Of all sequence flows, 0 to 1."""
        return len(self.covered) / len(self.flows) if self.flows else 1.0


def run(bundle: Bundle, scenarios: Iterable[Scenario]) -> ScenarioReport:
    """Play them all. Raises NotDeployable where the bundle cannot be run at all."""
    playable = Playable.of(bundle, read(bundle))
    read_diagrams = [diagrams.read(content) for content in bundle.bpmn.values()]
    flows = {flow.id: flow.process for one in read_diagrams for flow in one.flows.values()}
    taken: set[str] = set()
    results = tuple(_result(playable, scenario, taken) for scenario in scenarios)
    covered = frozenset(taken & set(flows))
    return ScenarioReport(results, covered, frozenset(flows), tuple(_by_process(read_diagrams, flows, covered)))


def scenarios_at(folder: Path) -> tuple[Scenario, ...]:
    """Those of a process folder; none where it has no file. Raises UnreadableScenarios."""
    path = folder / SCENARIOS_FILE
    return read_scenarios(path.read_bytes()) if path.is_file() else ()


def _result(playable: Playable, scenario: Scenario, taken: set[str]) -> ScenarioResult:
    try:
        failed = run_steps(playable, scenario, taken)
    except Rejected as refused:
        failed = "start", refused.sentence
    return ScenarioResult(scenario.name, failed is None, *(failed or ("", "")))


def _by_process(read_diagrams: list[Diagram], flows: Mapping[str, str], covered: frozenset[str]) -> Iterable[Coverage]:
    for diagram in read_diagrams:
        for process in diagram.processes:
            if process.parent_process is not None:
                continue
            own = [flow for flow, inside in flows.items() if _top(diagram, inside) == process.id]
            if own:
                taken = sum(flow in covered for flow in own)
                yield Coverage(process.id, process.name or process.id, taken, len(own))


def _top(diagram: Diagram, process_id: str) -> str:
    """The process around it, however deep it lies."""
    for _ in diagram.processes:
        inner = diagram.process(process_id)
        if inner is None or inner.parent_process is None:
            break
        process_id = inner.parent_process
    return process_id
