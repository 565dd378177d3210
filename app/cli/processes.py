"""`process`: checking, deploying and trying out process folders. The rules are in `checks`, use cases in `studio`."""

from pathlib import Path
from typing import Any

import click

from app.cases.case_clock import clock
from app.cases.command import Command
from app.checks import CheckContext, Problem
from app.cli.installation import data_option, installation, installation_if_any, json_option
from app.cli.making import PROCESSES
from app.cli.output import as_json, problems_found, progress, table
from app.errors import NotDeployable
from app.model.actor import OPERATOR
from app.store.db import reading
from app.studio import bundles, checking, deploying, scenarios
from app.studio.deploying import SameAsBefore
from app.studio.scenarios import ScenarioReport

HEADS = ("Where", "Severity", "Element", "Rule", "Problem", "How to fix it")
paths_argument = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))


@click.group()
def process() -> None:
    """Check, deploy and try out processes."""


@process.command()
@paths_argument
@data_option
@json_option
def check(paths: tuple[Path, ...], data_dir: Path | None, is_json: bool) -> None:
    """Check process folders or .bpmn files, without deploying them.

    Prints every problem with its element, its rule, one sentence and how to put it right. Needs no installation;
    where there is one, calls of its deployed processes are known. Exit 1 where an error was found.
    """
    found: list[tuple[Path, Problem]] = []
    with installation_if_any(data_dir) as opened:
        for path in paths:
            files = bundles.files_at(path)
            context = checking.known_here(reading(), files.key) if opened else CheckContext()
            found += [(path, one) for one in checking.problems(files, context if opened else None)]
    _print_problems(found, is_json)
    if any(one.severity == "error" for _, one in found):
        problems_found()


@process.command()
@paths_argument
@click.option("--note", default="Deployed at the command line", show_default=True, help="Why, for the journal.")
@data_option
def deploy(paths: tuple[Path, ...], note: str, data_dir: Path | None) -> None:
    """Deploy process folders or .bpmn files as the operator; new cases use them from now on.

    A process owner needs a second owner; the operator of the machine does not, and the journal says who it was.
    Nothing is deployed that has an error. Cases that run stay on their version.
    """
    with installation(data_dir):
        for path in paths:
            try:
                command = Command(OPERATOR, clock().now())
                version = deploying.deploy(bundles.bundle_at(path), OPERATOR.id, OPERATOR.id, note, command)
            except SameAsBefore as same:
                progress(f"{path}: {same.sentence}")
            except NotDeployable as refused:
                progress(f"{path}: {refused.sentence}")
                _print_problems([(path, one) for one in _problems_of(refused)], False)
                problems_found()
            else:
                click.echo(f"{version.key}: version {version.number} is in use for new cases.")


@process.command("scenarios")
@click.argument("keys", nargs=-1)
@data_option
@json_option
def play_scenarios(keys: tuple[str, ...], data_dir: Path | None, is_json: bool) -> None:
    """Play the scenarios of the shipped processes, or only of those named; KEY is a folder name or a path.

    Prints how many passed, how many failed and which share of the sequence flows they take. Needs no installation.
    Exit 1 where one failed.
    """
    folders = [_folder(key) for key in keys] or sorted(one for one in PROCESSES.iterdir() if one.is_dir())
    reports = {}
    for folder in folders:
        progress(f"Playing {folder.name} …")
        reports[folder.name] = scenarios.run(bundles.bundle_at(folder), scenarios.scenarios_at(folder))
    if is_json:
        as_json([_report_json(key, report) for key, report in reports.items()])
    else:
        _print_reports(reports)
    if not all(report.passed for report in reports.values()):
        problems_found()


def _folder(key: str) -> Path:
    for path in (PROCESSES / key, Path(key)):
        if path.is_dir():
            return path
    known = ", ".join(sorted(one.name for one in PROCESSES.iterdir() if one.is_dir()))
    raise click.UsageError(f"Expected a process ({known}) or a folder, but {key} is neither.")


def _print_problems(found: list[tuple[Path, Problem]], is_json: bool) -> None:
    if is_json:
        as_json([{"path": str(path), **line} for path, one in found for line in checking.as_json([one])])
        return
    table(HEADS, [(path, *line) for path, one in found for line in checking.rows([one])])
    if not found:
        click.echo("No problems.")


def _problems_of(refused: NotDeployable) -> list[Problem]:
    told = refused.facts.get("problems")
    return [one for one in told if isinstance(one, Problem)] if isinstance(told, list) else []


def _print_reports(reports: dict[str, ScenarioReport]) -> None:
    rows = [
        (key, len(one.results) - len(one.failures), len(one.failures), f"{one.share:.0%}")
        for key, one in reports.items()
    ]
    table(("Process", "Passed", "Failed", "Sequence flows covered"), rows)
    for key, report in reports.items():
        for one in report.failures:
            click.echo(f"{key}: “{one.name}” failed at {one.step}: {one.sentence}")
        for flow in report.missing:
            click.echo(f"{key}: no scenario takes {flow}")


def _report_json(key: str, report: ScenarioReport) -> dict[str, Any]:
    return {
        "process": key,
        "passed": len(report.results) - len(report.failures),
        "failed": [{"scenario": one.name, "step": one.step, "sentence": one.sentence} for one in report.failures],
        "covered": report.share,
        "missing": list(report.missing),
    }
