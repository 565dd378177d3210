"""How the scenarios of a bundle went: played once for each state of the program, then kept. Not when: pages say that.

A bundle never changes and playing has no clock and no chance in it, so a report holds until the program itself changes.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app.errors import Rejected
from app.model.definition import Bundle
from app.model.json import JsonObject
from app.store import scenario_reports
from app.studio.bundles import ProcessFiles
from app.studio.scenario_file import read_scenarios
from app.studio.scenarios import Coverage, ScenarioReport, ScenarioResult, run

_APP = Path(__file__).resolve().parents[1]
#: what the result of playing hangs on, besides the bundle
_PLAYING = ("engine", "feel", "forms", "calendars", "diagrams", "model", "studio", "cases")
_ENGINE = "SpiffWorkflow"
_MOST_REMEMBERED = 32
#: what this process played or read already, by bundle digest
_played: dict[str, ScenarioReport] = {}


def known(bundle: Bundle) -> ScenarioReport | None:
    """The report, where these files were played by this program before, by whichever process of it."""
    if bundle.digest not in _played and (kept := scenario_reports.one(bundle.digest, program())) is not None:
        _remember(bundle.digest, _read(kept))
    return _played.get(bundle.digest)


def play(bundle: Bundle) -> ScenarioReport:
    """Play them all and keep the report. Takes seconds."""
    try:
        report = run(bundle, read_scenarios(bundle.scenarios))
    except Rejected as refused:
        failed = ScenarioResult("Reading the scenarios", False, "start", refused.sentence)
        report = ScenarioReport((failed,), frozenset(), frozenset(), ())
    _remember(bundle.digest, report)
    scenario_reports.keep(bundle.digest, program(), _written(report))
    return report


def _remember(digest: str, report: ScenarioReport) -> None:
    for oldest in list(_played)[: len(_played) - _MOST_REMEMBERED + 1]:
        _played.pop(oldest, None)
    _played[digest] = report


def how_many(files: Bundle | ProcessFiles) -> int:
    """Scenarios they hold; 0 where they have none or they cannot be read."""
    try:
        return len(read_scenarios(files.scenarios)) if files.scenarios else 0
    except Rejected:
        return 0


@cache
def program() -> str:
    """Address of the code and reference data that playing hangs on: another program may play otherwise."""
    found = hashlib.sha256(version(_ENGINE).encode())
    for path in sorted(one for name in _PLAYING for one in (_APP / name).rglob("*") if _counts(one)):
        found.update(path.relative_to(_APP).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def _written(report: ScenarioReport) -> JsonObject:
    return {
        "results": [[one.name, one.passed, one.step, one.sentence] for one in report.results],
        "covered": sorted(report.covered),
        "flows": sorted(report.flows),
        "by_process": [[one.process, one.name, one.covered, one.all] for one in report.by_process],
    }


def _read(kept: Any) -> ScenarioReport:
    return ScenarioReport(
        tuple(ScenarioResult(*one) for one in kept["results"]),
        frozenset(kept["covered"]),
        frozenset(kept["flows"]),
        tuple(Coverage(*one) for one in kept["by_process"]),
    )
