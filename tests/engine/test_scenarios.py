"""Every scenario of every process that is shipped passes, and together they take every sequence flow."""

from pathlib import Path

import pytest

from app.studio import bundles, scenarios

PROCESSES = Path(__file__).resolve().parents[2] / "processes"
FOLDERS = sorted(one.parent for one in PROCESSES.glob("*/*.bpmn"))


@pytest.mark.parametrize("folder", sorted(set(FOLDERS)), ids=lambda folder: folder.name)
def test_the_scenarios_of_a_process_pass_and_take_every_flow(folder: Path) -> None:
    report = scenarios.run(bundles.bundle_at(folder), scenarios.scenarios_at(folder))

    assert [(one.name, one.step, one.sentence) for one in report.failures] == []
    assert report.missing == ()
    assert report.results
