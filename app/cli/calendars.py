"""`calendar`: what a deadline rule leads to. The counting is in `app.calendars`."""

from datetime import datetime
from pathlib import Path

import click

from app import calendars
from app.calendars import Calendar, CalendarError
from app.calendars.reference import REFERENCE_FILES
from app.cases.dates import rule_for
from app.cli.installation import data_option, installation, json_option
from app.cli.output import as_json
from app.store.db import reading
from app.store.queries import organisations


@click.group()
def calendar() -> None:
    """Work out dates by a school's calendar."""


@calendar.command()
@click.argument("rule")
@click.option("--from", "basis", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day counted from.")
@click.option(
    "--calendar", "name", required=True, help="REF-A, REF-B, REF-K, OFFICES, or the id of an installed school."
)
@data_option
@json_option
def due(rule: str, basis: datetime, name: str, data_dir: Path | None, is_json: bool) -> None:
    """Say when something is due, and why then, in one sentence.

    RULE is the key of a deadline rule, such as apdr.review, or written out, such as "15 school days". With a
    reference calendar it needs no installation.
    """
    counted_from = basis.date()
    try:
        found = calendars.due(rule_for(rule, counted_from), counted_from, _calendar(name, data_dir))
    except CalendarError as trouble:
        raise click.ClickException(str(trouble)) from None
    if is_json:
        as_json({"on": found.on, "at": found.at, "sentence": found.sentence, "rule": found.rule_key,
                 "flags": list(found.flags)})  # fmt: skip
        return
    click.echo(f"{found.on.isoformat()}\n{found.sentence}")


def _calendar(name: str, data_dir: Path | None) -> Calendar:
    if name.upper() in REFERENCE_FILES:
        return calendars.reference_calendar(name.upper())
    with installation(data_dir):
        return organisations.calendar_of(reading(), name)
