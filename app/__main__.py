"""`python -m app`: every word of the command line, with `run`, which needs web and worker and so stands above them."""

import logging
from pathlib import Path

import click

from app.cli.installation import data_option, settings_for
from app.cli.main import commands
from app.cli.reference import reference

PORT = 8000


@commands.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--no-demo", is_flag=True, help="Begin with an empty installation instead of a demonstration.")
@data_option
def run(port: int, no_demo: bool, data_dir: Path | None) -> None:
    """Start Waymark: pages and background work in one process.

    The first start in an empty folder makes a demonstration with invented people, or with --no-demo an empty
    installation. Later starts keep what is there.
    """
    from app.serving import serve  # the other words start without the pages

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns of every short wait
    serve(settings_for(data_dir), port, makes_demonstration=not no_demo)


@commands.command("reference", hidden=True)
def print_reference() -> None:
    """Print the reference of the command line."""
    click.echo(reference(commands), nl=False)


if __name__ == "__main__":
    commands(prog_name="python3 manage.py")
