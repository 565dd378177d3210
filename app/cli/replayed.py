"""One moment of a replayed case, printed. What a moment holds is decided in `app.audit.replay`."""

from typing import Any

import click

from app.audit.replay import Moment
from app.calendars import local
from app.cases.answered import in_one_line
from app.cli.output import table


def print_moment(shown: Moment) -> None:
    """What happened, what was known, what was open, what it waited for."""
    said, rows = shown.happening, [(one.label, in_one_line(one)) for one in shown.facts]
    click.echo(f"Entry {said.entry.seq}, {local(said.entry.at):%Y-%m-%d %H:%M}: {said.sentence}")
    click.echo(f"Version {shown.version} of the process, bundle {shown.bundle[:12]}")
    table(("Known", "Value"), rows)
    table(("Open task", "Role", "Due", "Why then"), [(one.name, one.role, one.due_on, one.why) for one in shown.tasks])
    table(("Waiting for", "Until", "Why then"), [(one.name, one.on, one.why) for one in shown.timers])


def moment_json(shown: Moment) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "entry": shown.happening.entry.seq,
        "at": shown.happening.entry.at,
        "sentence": shown.happening.sentence,
        "version": shown.version,
        "bundle": shown.bundle,
        "known": {one.key or one.label: in_one_line(one) for one in shown.facts},
        "tasks": [{"name": one.name, "role": one.role, "due": one.due_on, "why": one.why} for one in shown.tasks],
        "waiting": [{"name": one.name, "until": one.on, "why": one.why} for one in shown.timers],
    }
