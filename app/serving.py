"""Web and worker put together in one process: the composition root, above all layers. Commands are in `app.cli`."""

import gc
import signal
import socket
import sys
from dataclasses import replace
from types import FrameType
from typing import Any

import click
import waitress
from flask import Flask

from app.calendars import full, local
from app.cases.case_clock import clock
from app.casework.demo.seeding import is_demonstration
from app.cli.greeting import WHO_TO_BE, greet, greet_demonstration
from app.cli.installation import is_installed
from app.cli.making import make_demonstration
from app.config import Settings
from app.store.db import db, reading
from app.store.open import close_store, open_store
from app.store.queries import people
from app.web.application import create_app
from app.worker.ticking import Worker

HOST = "127.0.0.1"
#: requests at once; each may hold a connection of the pool of 20, and the worker needs one
THREADS = 8


def serve(settings: Settings, port: int, *, makes_demonstration: bool) -> None:
    """Serve the installation of the settings until it is told to stop, making it first where there is none."""
    listening = bind(port)
    if makes_demonstration and not is_installed(settings):
        seconds = make_demonstration(settings)
        click.echo(f"Made in {seconds:.0f} seconds.", err=True)
    settings = as_it_is(settings)
    if settings.demo and not makes_demonstration:
        raise click.ClickException(
            f"Expected an installation of your own, but {settings.data_dir} holds a demonstration."
            " Name another folder with --data."
        )
    app = create_app(settings)
    server = waitress.create_server(app, sockets=[listening], threads=THREADS, ident="waymark")
    # From here on it answers, so whoever reads the address may open it at once.
    _say_where(app, settings, f"http://{HOST}:{listening.getsockname()[1]}")
    _run(app, settings, server)


def bind(port: int, host: str = HOST) -> socket.socket:
    """The socket to listen on: taken before anything is made, so that nobody waits for a port that is in use."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        raise click.ClickException(f"Port {port} is in use. Choose another one, such as --port {port + 1}.") from None
    return listening


def as_it_is(settings: Settings) -> Settings:
    """The settings for what the folder holds: a demonstration stays one, and nothing else becomes one."""
    app = open_store(Flask("waymark.looking"), settings)
    with app.app_context():
        is_demo = is_demonstration()
        close_store()
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


def _run(app: Flask, settings: Settings, server: Any) -> None:
    worker = Worker(app, settings)
    settle()
    worker.start()
    signal.signal(signal.SIGTERM, raise_system_exit)
    try:
        server.run()  # returns when Ctrl-C or SIGTERM stops it
    finally:
        worker.stop()
        with app.app_context():
            close_store()
    click.echo("\nStopped.", err=True)


def settle() -> None:
    """Look for garbage among what comes from now on only: the program itself, 200,000 objects, stays.

    Looking through all of it held up whoever was being answered for a quarter of a second, now and then.
    """
    gc.collect()
    gc.freeze()


def raise_system_exit(_signal: int, _frame: FrameType | None) -> None:
    """Stop as Ctrl-C does, finishing the requests that are being answered."""
    raise SystemExit
