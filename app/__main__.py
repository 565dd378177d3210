"""`python -m app`: every word of the command line, with those that need web and worker and so stand above them."""

from pathlib import Path

import click

from app import logs
from app.bench.command import bench
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

    settings = settings_for(data_dir)
    logs.configure(settings.log)
    serve(settings, port, makes_demonstration=not no_demo)


@commands.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@data_option
def web(port: int, host: str, data_dir: Path | None) -> None:
    """Start a web node: pages only, beside other nodes on one PostgreSQL.

    It needs WAYMARK_DATABASE_URL and WAYMARK_KEYS_URL, and the files kek and signing of the installation. Start at
    least one worker beside it.
    """
    from app.distributed import serve_pages

    settings = settings_for(data_dir)
    logs.configure(settings.log)
    serve_pages(settings, host, port)


@commands.command()
@data_option
def worker(data_dir: Path | None) -> None:
    """Start a worker: what is due and what is to be sent, beside other nodes on one PostgreSQL.

    It needs the same settings and files as a web node. When one worker dies, the others do its work.
    """
    from app.distributed import work

    settings = settings_for(data_dir)
    logs.configure(settings.log)
    work(settings)


commands.add_command(bench)


@commands.command("reference", hidden=True)
def print_reference() -> None:
    """Print the reference of the command line."""
    click.echo(reference(commands), nl=False)


if __name__ == "__main__":
    commands(prog_name="python3 manage.py")
