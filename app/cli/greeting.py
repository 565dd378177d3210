"""What `run` says when the server listens: the address, and who to sign in as or how to begin."""

from collections.abc import Iterator

import click
from rich.console import Console
from rich.table import Table

from app.config import Settings

#: person id → what to look at; in the order they are told
WHO_TO_BE = {
    "maeve.sundaresan": ("SENCO", "the inbox: a plan to agree, a review that is late, a six-week review to come"),
    "rosalind.odukoyan": ("Headteacher", "a plan at tier 3 that waits for agreement"),
    "dafydd.karimjee": ("Safeguarding lead", "a restricted task that nobody else sees"),
    "ludmila.fernhough": ("Auditor", "any case replayed step by step, names masked"),
    "chidi.rosenqvist": ("Process owner", "the diagram: change it, check it, propose it"),
    "magnus.adeyemore": ("Administrator", "people, schools, calendars, rules and settings"),
    "kerensa.ogunwhite": ("Administrator", "a second authority, with tiers and forums of its own"),
}


def greet_demonstration(address: str, names: dict[str, str], today: str) -> None:
    """Where the demonstration is and who to sign in as."""
    click.echo(f"\nA demonstration with invented people runs at {address}\nIts clock stands at {today}.\n")
    rows = [(names[one], role, see) for one, (role, see) in WHO_TO_BE.items() if one in names]
    console = Console()
    if console.is_terminal:
        table = Table("Sign in as", "Role", "Look at", box=None, pad_edge=False)
        for row in rows:
            table.add_row(*row)
        console.print(table)
    else:
        for line in _plain(rows):
            click.echo(line)
    click.echo("\nNo password is needed: choose somebody on the page. Ctrl-C stops it; what was done is kept.")


def greet(address: str, settings: Settings, has_people: bool) -> None:
    """Where the installation is, and how to begin an empty one."""
    click.echo(f"\nWaymark runs at {address}")
    if not has_people:
        folder = "" if str(settings.data_dir) == "var" else f" --data {settings.data_dir}"
        click.echo(
            "\nNobody can sign in yet. Add the first administrator of your authority:\n"
            f'  python3 manage.py user add ada.quill --name "Ada Quill" --role SYS --at northshire{folder}'
            ' --authority "Northshire Council"'
        )
        click.echo(
            f"\nPut a copy of {settings.kek_path} in escrow now: without that file no case can ever be read again."
        )
    click.echo("\nCtrl-C stops it.")


def _plain(rows: list[tuple[str, str, str]]) -> Iterator[str]:
    for name, role, see in rows:
        yield f"  {name:<22}{role:<20}{see}"
