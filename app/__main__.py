"""The composition root, above all layers: `run` puts web and worker in one process; other words are those of `cli`."""

import logging
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType

import click
import waitress
from flask import Flask

from app.calendars import full, local
from app.cases.case_clock import clock
from app.casework.demo.seeding import is_demonstration
from app.cli.greeting import WHO_TO_BE, greet, greet_demonstration
from app.cli.installation import data_option, is_installed, settings_for
from app.cli.main import commands
from app.cli.making import make_demonstration
from app.config import Settings
from app.store.db import db, reading
from app.store.open import close_store, open_store
from app.store.queries import people
from app.web.application import create_app
from app.worker.ticking import Worker

HOST, PORT = "127.0.0.1", 8000
#: requests at once; each may hold a connection of the pool of 20, and the worker needs one
THREADS = 8


@commands.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--no-demo", is_flag=True, help="Begin with an empty installation instead of a demonstration.")
@data_option
def run(port: int, no_demo: bool, data_dir: Path | None) -> None:
    """Start Waymark: pages and background work in one process.

    The first start in an empty folder makes a demonstration with invented people, or with --no-demo an empty
    installation. Later starts keep what is there.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    listening = _listen(port)
    settings = settings_for(data_dir)
    if not is_installed(settings) and not no_demo:
        seconds = make_demonstration(settings)
        click.echo(f"Made 25 cases in {seconds:.0f} seconds.", err=True)
    settings = _as_it_is(settings, no_demo)
    app = create_app(settings)
    _say_where(app, settings, f"http://{HOST}:{listening.getsockname()[1]}")
    _serve(app, settings, listening)


def _listen(port: int) -> socket.socket:
    """The socket to listen on: taken before anything is made, so that nobody waits for a port that is in use."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError:
        raise click.ClickException(f"Port {port} is in use. Choose another one, such as --port {port + 1}.") from None
    return listening


def _as_it_is(settings: Settings, no_demo: bool) -> Settings:
    """The settings for what the folder holds: a demonstration stays one, and nothing else becomes one."""
    app = open_store(Flask("waymark.looking"), settings)
    with app.app_context():
        is_demo = is_demonstration()
        close_store()
    if is_demo and no_demo:
        raise click.ClickException(
            f"Expected an installation of your own, but {settings.data_dir} holds a demonstration."
            " Name another folder with --data."
        )
    return replace(settings, demo=is_demo, secure_cookies=settings.secure_cookies and not is_demo)


def _say_where(app: Flask, settings: Settings, address: str) -> None:
    with app.app_context():
        names = people.names(reading(), WHO_TO_BE)
        has_people = bool(people.everybody(reading()))
        now = local(clock().now())
        db.session.rollback()
    if settings.demo:
        greet_demonstration(address, names, f"{now:%H:%M} on {full(now.date())}")
    else:
        greet(address, settings, has_people)
    sys.stdout.flush()


def _serve(app: Flask, settings: Settings, listening: socket.socket) -> None:
    worker = Worker(app, settings)
    worker.start()
    signal.signal(signal.SIGTERM, _stop)
    try:
        waitress.create_server(app, sockets=[listening], threads=THREADS, ident="waymark").run()
    finally:
        worker.stop()
        with app.app_context():
            close_store()
    click.echo("\nStopped.", err=True)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit


if __name__ == "__main__":
    commands(prog_name="python3 manage.py")
