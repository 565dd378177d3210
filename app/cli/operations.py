"""`operations` and `incident`: how the installation is, and putting right what stops cases, without seeing any."""

from pathlib import Path
from typing import Any

import click

from app.cases.case_clock import clock
from app.cases.command import Command
from app.casework import stuck_cases
from app.casework.operations import Overview, length, overview
from app.casework.stuck_cases import Group
from app.cli.installation import data_option, installation, json_option
from app.cli.output import as_json, problems_found, table
from app.errors import InvalidAnswers
from app.model.actor import OPERATOR
from app.store.db import reading
from app.store.queries import operations as queries
from app.store.queries import organisations

reason_option = click.option("--reason", required=True, help="Why, for the history of each case. Name nobody.")


@click.group()
def operations() -> None:
    """How the installation is."""


@operations.command("show")
@data_option
@json_option
def show_operations(data_dir: Path | None, is_json: bool) -> None:
    """Show what needs you, then late timers, problems, nodes, queue, backup, checkpoint and sizes.

    Exit 1 where something needs you.
    """
    with installation(data_dir) as settings:
        found = overview(settings, _authorities())
    if is_json:
        as_json(_overview_json(found))
    else:
        table(("What needs you",), [(one.sentence,) for one in found.needs])
        if not found.needs:
            click.echo("Nothing needs you.")
        table(("", ""), [(name, value) for name, value in _overview_json(found).items() if name not in _LISTS])
        table(("Process", "Does", "Alive", "Last seen"), [list(one.values())[:4] for one in _nodes(found)])
    if found.needs:
        problems_found()


@click.group()
def incident() -> None:
    """What stops cases: listed by cause, tried again or handed over for many at once."""


@incident.command("list")
@data_option
@json_option
def list_incidents(data_dir: Path | None, is_json: bool) -> None:
    """List open problems by cause, with the ids that `retry` and `give-up` take; no sentence of any case."""
    with installation(data_dir):
        places = _authorities()
        found = [(one, _ids(one, places)) for one in stuck_cases.groups(places)]
    if is_json:
        as_json([_group_json(one) | {"ids": ids} for one, ids in found])
        return
    for one, ids in found:
        click.echo(f"{one.words}: {one.process}{f', “{one.step}”' if one.step else ''}")
        table(("Cases", "Handed over", "First", "Last"), [(one.number, one.handed_over, one.first_at, one.last_at)])
        click.echo("".join(f"  {each}\n" for each in ids), nl=False)
    if not found:
        click.echo("Every case can go on.")


@incident.command()
@click.argument("ids", nargs=-1, required=True)
@reason_option
@data_option
@json_option
def retry(ids: tuple[str, ...], reason: str, data_dir: Path | None, is_json: bool) -> None:
    """Try the problems of these IDS once more. Exit 1 where one of their cases cannot go on as before."""
    _act("retry", ids, reason, data_dir, is_json)


@incident.command("give-up")
@click.argument("ids", nargs=-1, required=True)
@reason_option
@data_option
@json_option
def give_up(ids: tuple[str, ...], reason: str, data_dir: Path | None, is_json: bool) -> None:
    """Give the problems of these IDS to the people of their cases, who are told. No case ends."""
    _act("give-up", ids, reason, data_dir, is_json)


def _act(how: str, ids: tuple[str, ...], reason: str, data_dir: Path | None, is_json: bool) -> None:
    with installation(data_dir):
        several = queries.incidents_by_id(reading(), ids, _authorities())
        if unknown := sorted(set(ids) - {one.id for one in several}):
            raise click.ClickException(f"Expected the id of an open problem, but there is none for {unknown[0]}.")
        try:
            outcome = stuck_cases.act(several, how, reason, Command(OPERATOR, clock().now()))
        except InvalidAnswers as wrong:
            raise click.UsageError(next(iter(wrong.problems.values()))) from None
    if is_json:
        as_json(outcome.__dict__)
    else:
        click.echo(outcome.sentence)
    if outcome.still_stuck or outcome.refused or outcome.left:
        problems_found()


_LISTS = frozenset({"needs", "problems", "nodes"})


def _overview_json(found: Overview) -> dict[str, Any]:
    backup, checkpoint = found.backup, found.checkpoint
    return {
        "at": found.at.isoformat(),
        "needs": [one.sentence for one in found.needs],
        "late_timers": found.late_timers,
        "late_by": length(found.late_by) if found.late_by else None,
        "problems": [_group_json(one) for one in found.groups],
        "nodes": _nodes(found),
        "waiting_to_be_sent": found.effects.get("waiting", 0) + found.effects.get("running", 0),
        "given_up": found.effects.get("given up", 0),
        "database": f"{found.database.kind} {found.database.version}",
        "database_bytes": found.database.size_bytes,
        "disk_free_bytes": found.disk_free_bytes,
        "disk_bytes": found.disk_bytes,
        "last_backup": backup.at.isoformat() if backup else None,
        "backup_holds": backup.holds if backup else None,
        "last_checkpoint": checkpoint.unsigned.n if checkpoint else None,
        "last_checkpoint_at": checkpoint.unsigned.at.isoformat() if checkpoint else None,
        "program": found.program,
        "schema": found.schema,
        "sessions": found.sessions,
        "wrong_tries": found.refusals.tries,
        "must_wait": found.refusals.waiting,
    }


def _nodes(found: Overview) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "does": one.kind, "alive": one.is_alive, "last_seen": one.seen_at.isoformat()}
        for one in found.nodes
    ]


def _group_json(one: Group) -> dict[str, Any]:
    return {
        "kind": one.cause.kind, "cause": one.words, "process": one.cause.process_key, "element": one.cause.element,
        "step": one.step, "cases": one.number, "handed_over": one.handed_over,
        "first": one.first_at.isoformat(), "last": one.last_at.isoformat(),
    }  # fmt: skip


def _ids(one: Group, places: frozenset[str]) -> list[str]:
    return [each.id for each in queries.incidents_of(reading(), one.cause, places, stuck_cases.MOST_AT_ONCE)]


def _authorities() -> frozenset[str]:
    """Whoever has a shell on the machine runs all of it."""
    return frozenset(one.id for one in organisations.tree(reading()).organisations if one.kind == "authority")
