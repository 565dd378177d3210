"""Web nodes and workers beside each other on one PostgreSQL: put together here, above all layers, as `serving` is."""

import logging
import signal
import threading
from dataclasses import replace

import click
import waitress
from flask import Flask

from app.config import Settings
from app.serving import THREADS, as_it_is, bind, raise_system_exit, settle
from app.store.open import close_store, open_store
from app.web.application import create_app
from app.worker.presence import Presence
from app.worker.queue import QueueWorker, wake_from_now_on
from app.worker.ticking import Worker

log = logging.getLogger(__name__)


def serve_pages(settings: Settings, host: str, port: int) -> None:
    """Serve the pages of the installation until told to stop; due things are for workers."""
    check(settings)
    listening = bind(port, host)
    settings = as_it_is(settings)
    app = create_app(settings)
    wake_from_now_on(app, settings)
    presence = Presence(app, "web")
    server = waitress.create_server(app, sockets=[listening], threads=THREADS, ident="waymark")
    click.echo(f"Web node {presence.name} listens on http://{host}:{listening.getsockname()[1]}")
    presence.keep_saying(_say_trouble)
    settle()
    signal.signal(signal.SIGTERM, raise_system_exit)
    try:
        server.run()
    finally:
        _leave(app, presence)
    click.echo("Stopped.", err=True)


def work(settings: Settings) -> None:
    """Let due things and effects happen until told to stop."""
    check(settings)
    settings = replace(as_it_is(settings), secure_cookies=settings.secure_cookies)
    app = open_store(Flask("waymark.worker"), settings)
    wake_from_now_on(app, settings)
    worker = Worker(app, settings, "worker")
    queue = QueueWorker(app, settings, worker.look, worker.presence.name)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: stopping.set())
    settle()
    worker.start()
    queue.start()
    click.echo(f"Worker {worker.presence.name} works.")
    stopping.wait()
    queue.stop()
    worker.stop()
    with app.app_context():
        close_store()
    click.echo("Stopped.", err=True)


def check(settings: Settings) -> None:
    """Refuse what would go wrong with several processes, and say what to do."""
    for name, url in (("WAYMARK_DATABASE_URL", settings.database_url), ("WAYMARK_KEYS_URL", settings.keys_url)):
        if not url.startswith("postgresql"):
            raise click.ClickException(
                f"Expected {name} to name a PostgreSQL database (postgresql+psycopg://…), because several processes"
                " share it. One process alone needs neither: python3 manage.py run"
            )
    for path in (settings.kek_path, settings.signing_path):
        if not path.exists():
            raise click.ClickException(
                f"Expected {path}, but it is missing. Copy kek and signing from the node on which the installation was"
                " made (python3 manage.py run --no-demo, once); every node needs the same two files."
            )


def _leave(app: Flask, presence: Presence) -> None:
    try:
        presence.leave()
    except Exception as trouble:  # the database may be away; whoever looks sees it gone in a few seconds
        _say_trouble(trouble)
    with app.app_context():
        close_store()


def _say_trouble(trouble: Exception) -> None:
    log.warning("this node could not say that it is there: %s", type(trouble).__name__)
