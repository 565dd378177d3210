"""`case`: listing, showing, replaying and erasing cases as the operator, who sees names only for a reason."""

from pathlib import Path
from typing import Any

import click

from app.access.actions import Action
from app.access.masking import pupil_mask
from app.access.scopes import CaseScope
from app.audit.replay import Moment, replay
from app.calendars import local
from app.cases import erasing
from app.cases.case_clock import clock
from app.cases.command import Command
from app.cases.history import entries_of, history
from app.cases.sight import Sight, sight_of
from app.cli.installation import data_option, installation, json_option
from app.cli.output import as_json, table
from app.cli.replayed import moment_json, print_moment
from app.model.actor import OPERATOR
from app.store import reads
from app.store.db import reading
from app.store.queries import cases, dues, organisations, people, work
from app.store.queries.cases import CaseLine

#: cases listed at most, unless asked for more
MOST_LISTED = 200

names_option = click.option("--names", is_flag=True, help="Show names; needs --reason, and the read log keeps it.")
reason_option = click.option("--reason", default="", help="Why you look, for the read log.")


@click.group()
def case() -> None:
    """Look at cases, verify and erase them. Names are masked unless you say why you need them."""


@case.command("list")
@click.option("--status", type=click.Choice(["open", "closed", "erased"]), help="Only cases that are so.")
@click.option("--school", help="Only cases of this school, by its id.")
@click.option("--process", "process_key", help="Only cases of this process, by its key.")
@click.option(
    "--limit", default=MOST_LISTED, show_default=True, type=click.IntRange(1, 10_000), help="At most so many."
)
@data_option
@json_option
def list_cases(
    status: str | None, school: str | None, process_key: str | None, limit: int, data_dir: Path | None, is_json: bool
) -> None:
    """List cases, the last changed first, without names."""
    with installation(data_dir):
        everywhere = CaseScope(OPERATOR.id, authorities_all=_authorities())
        found = cases.visible(
            reading(), everywhere, clock().today(), status=status, school=school, process=process_key, limit=limit
        )
    if is_json:
        as_json([_line_json(one) for one in found])
        return
    heads = ("Case", "Process", "School", "State", "Outcome", "Started", "Entries")
    rows = [
        (
            one.reference,
            one.process_name,
            one.school,
            one.status,
            one.outcome,
            f"{local(one.started_at):%Y-%m-%d}",
            one.seq,
        )
        for one in found
    ]
    table(heads, rows)


@case.command()
@click.argument("ref")
@names_option
@reason_option
@data_option
@json_option
def show(ref: str, names: bool, reason: str, data_dir: Path | None, is_json: bool) -> None:
    """Show one case: where it is, who has it, what comes next and by when."""
    with installation(data_dir):
        found = _case(ref)
        _sight(found, names, reason, Action.SEE_CASE)
        tasks, timers = work.of_case(reading(), found.id), dues.timers_of(reading(), found.id)
        shown = _line_json(found) | {
            "pupil": found.pupil_name if names else pupil_mask(found.reference),
            "tasks": [
                {"name": one.name, "role": one.role, "due": one.due_on, "why": (one.due or {}).get("sentence", "")}
                for one in tasks
            ],
            "waiting": [{"name": one.name, "until": one.due["on"], "why": one.due["sentence"]} for one in timers],
        }
    if is_json:
        as_json(shown)
        return
    table(("", ""), [(key, value) for key, value in shown.items() if key not in {"tasks", "waiting"}])
    table(("Task", "Role", "Due", "Why then"), [list(one.values()) for one in shown["tasks"]])
    table(("Waiting for", "Until", "Why then"), [list(one.values()) for one in shown["waiting"]])


@case.command("replay")
@click.argument("ref")
@click.option("--entry", type=click.IntRange(min=1), help="Show the case as it was after this entry.")
@names_option
@reason_option
@data_option
@json_option
def replay_case(ref: str, entry: int | None, names: bool, reason: str, data_dir: Path | None, is_json: bool) -> None:
    """Go through the entries of a case, or show it as it was after one of them."""
    with installation(data_dir):
        found = _case(ref)
        sight = _sight(found, names, reason, Action.REPLAY_CASE)
        if entry is not None:
            shown: Moment = replay(found, entry, sight, organisations.tree(reading())).moment
            as_json(moment_json(shown)) if is_json else print_moment(shown)
            return
        told = history(entries_of(found.id), sight)
    if is_json:
        as_json([{"entry": one.entry.seq, "at": one.entry.at, "kind": one.entry.kind, "who": one.who,
                  "sentence": one.sentence, "lines": list(one.lines)} for one in told])  # fmt: skip
        return
    rows = [(one.entry.seq, f"{local(one.entry.at):%Y-%m-%d %H:%M}", one.who, one.sentence) for one in told]
    table(("Entry", "When", "Who", "What"), rows)


@case.command()
@click.argument("ref")
@click.option("--requested-by", required=True, help="User name of the person who asked for it.")
@click.option("--reason", required=True, help="Why, for the journal.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
@data_option
def erase(ref: str, requested_by: str, reason: str, yes: bool, data_dir: Path | None) -> None:
    """Destroy the content of a case for good: you are the second person, somebody else asked for it.

    Its key is destroyed; that it was there, and that its chain holds, can still be seen.
    """
    with installation(data_dir):
        found = _case(ref)
        asked = people.by_user_name(reading(), requested_by)
        if asked is None:
            raise click.UsageError(f"Expected the user name of a person, but nobody is called {requested_by}.")
        if not yes:
            click.confirm(f"Erase {found.reference} for good? There is no way back", abort=True, err=True)
        erasing.erase(found.id, asked.id, reason, Command(OPERATOR, clock().now()))
    click.echo(f"{found.reference} is erased.")


def _case(ref: str) -> CaseLine:
    found = cases.by_reference(reading(), ref)
    if found is None:
        raise click.ClickException(f"Expected the reference or id of a case, but there is none for {ref}.")
    return found


def _sight(found: CaseLine, names: bool, reason: str, action: Action) -> Sight:
    """What the operator may read; that they looked is recorded."""
    if names and not reason.strip():
        raise click.UsageError('Say why you need the names: --names --reason "…".')
    shown = Action.REVEAL_NAMES if names else action
    reads.record(OPERATOR.id, shown.value, f"case/{found.id}", "allowed", reason.strip())
    return sight_of(found, is_masked=not names, may_see_restricted=False)


def _authorities() -> frozenset[str]:
    tree = organisations.tree(reading())
    return frozenset(one.id for one in tree.organisations if one.kind == "authority")


def _line_json(one: CaseLine) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "id": one.id,
        "process": one.process_key,
        "version": one.version,
        "school": one.school,
        "status": one.status,
        "outcome": one.outcome,
        "started": one.started_at.isoformat(),
        "closed": one.closed_at.isoformat() if one.closed_at else None,
        "entries": one.seq,
    }
