"""`user`: adding people at the command line; who they are and what they may do is decided in `casework.people`."""

import sys
from pathlib import Path

import click

from app.access.people import Membership
from app.calendars import reference_calendar, to_json
from app.cases.case_clock import clock
from app.cases.command import Command
from app.cases.records import write_record
from app.casework import people
from app.casework.people import NewPerson
from app.casework.person_checks import LONGEST_PASSWORD, SHORTEST_PASSWORD
from app.cli.installation import data_option, installation
from app.errors import InvalidAnswers
from app.model.actor import OPERATOR
from app.model.entry import StreamId
from app.model.json import JsonObject
from app.store.db import reading
from app.store.queries import organisations


@click.group()
def user() -> None:
    """People who sign in."""


@user.command()
@click.argument("user_name", metavar="NAME")
@click.option("--name", "full_name", help="What people call them; without it, made from the user name.")
@click.option("--role", "roles", multiple=True, required=True, help="Role code, such as SENCO; may be repeated.")
@click.option("--at", "places", multiple=True, required=True, help="Where each role is held: an organisation id.")
@click.option("--email", default="", help="E-mail address.")
@click.option("--authority", help="Name of the authority, where the first one is to be made with the id in --at.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@data_option
def add(
    user_name: str,
    full_name: str | None,
    roles: tuple[str, ...],
    places: tuple[str, ...],
    email: str,
    authority: str | None,
    password_stdin: bool,
    data_dir: Path | None,
) -> None:
    """Add a person with their roles and a password of at least 15 characters.

    Give --role and --at in pairs, or one --at for all roles.
    """
    if len(places) not in {1, len(roles)}:
        raise click.UsageError("Give one --at for every --role, or one for all of them.")
    at = places * len(roles) if len(places) == 1 else places
    with installation(data_dir):
        command = Command(OPERATOR, clock().now())
        if authority:
            _make_authority(places[0], authority, command)
        held = tuple(Membership(role.upper(), place) for role, place in zip(roles, at, strict=True))
        password = _password(password_stdin)
        name = full_name or user_name.replace(".", " ").title()
        try:
            added = people.add(NewPerson(name, user_name, email, held, password), command)
        except InvalidAnswers as invalid:
            raise click.ClickException(_sentences(invalid, held)) from None
    click.echo(f"{name} can sign in as {added.person_id}.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        password: str = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise click.ClickException(
            f"Expected a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, but it has {len(password)}."
        )
    return password


def _make_authority(organisation_id: str, name: str, command: Command) -> None:
    """The first organisation: there is nobody yet who could add it on a page."""
    if organisations.tree(reading()).organisations:
        raise click.UsageError("There are organisations already: an administrator adds more under Schools.")
    days = {**to_json(reference_calendar("OFFICES")), "owner": name}
    calendar: JsonObject = {"calendar": {"name": f"{name} (offices)", "days": days}}
    write_record(StreamId("calendar", organisation_id), "calendar-recorded", calendar, command)
    record: JsonObject = {"organisation": {"name": name, "kind": "authority", "calendar": organisation_id}}
    write_record(StreamId("organisation", organisation_id), "organisation-recorded", record, command)


def _sentences(invalid: InvalidAnswers, held: tuple[Membership, ...]) -> str:
    """Every problem; a role's with the role."""
    roles = {f"role-{n}": f"{one.role} at {one.organisation}: " for n, one in enumerate(held)}
    return " ".join(f"{roles.get(field, '')}{sentence}" for field, sentence in invalid.problems.items())
