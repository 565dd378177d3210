"""The queue that wakes workers beside each other on one PostgreSQL: procrastinate. It holds nothing that matters.

A transaction that adds an effect tells the queue in the same transaction, so that a worker begins at once instead of
at its next look. Pauses and everything that is due later stay in our own tables; a queue that is away, empty or wrong
makes things a second later, never lost and never doubled.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

from flask import Flask
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException, ProcrastinateException
from procrastinate.types import JSONDict

from app.config import Settings
from app.store import outbox, patience
from app.store.patience import Patience
from app.worker import effects

log = logging.getLogger(__name__)

NAME = "waymark"
EFFECT, TICK = f"{NAME}.effect", f"{NAME}.tick"
#: effects of one worker at the same time
AT_ONCE = 4
#: time to finish what is being done
GRACE_SECONDS = 20
#: time before a queue that cannot be reached is tried again
PAUSE_SECONDS = 3
_EVERY_15_SECONDS = "*/15 * * * * *"
_IS_THERE = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL AS is_there"


def address(settings: Settings) -> str:
    """The address of the main database as procrastinate wants it."""
    return patience.address(settings.main_url, Patience(settings.database_seconds))


def wake_from_now_on(app: Flask, settings: Settings) -> None:
    """Make the queue where it is not there, and let every transaction of this process tell it what it adds."""
    queue = App(connector=SyncPsycopgConnector(conninfo=address(settings), min_size=0, max_size=1))
    with queue.open():
        _make_tables(queue)

    def wake(connection: Any, references: Sequence[str]) -> None:
        jobs: list[JSONDict] = [{"reference": one} for one in references]
        deferrer = queue.configure_task(EFFECT, queue=NAME, connection=connection.connection.dbapi_connection)
        try:
            with connection.begin_nested():  # whatever is wrong with the queue, the entry is written
                deferrer.batch_defer(*jobs)
        except ProcrastinateException as trouble:
            log.warning("the queue could not be told of %d effects: %s", len(references), type(trouble).__name__)

    with app.app_context():
        outbox.when_added(wake)


def _make_tables(queue: App) -> None:
    if _is_there(queue):
        return
    try:
        queue.schema_manager.apply_schema()
    except ConnectorException:
        if not _is_there(queue):  # another node made them at the same moment
            raise


def _is_there(queue: App) -> bool:
    return bool(queue.connector.get_sync_connector().execute_query_one(_IS_THERE)["is_there"])


async def give_away_stalled(queue: App) -> int:
    """Let others do the jobs of workers that died; how many."""
    stalled = list(await queue.job_manager.get_stalled_jobs(queue=NAME))
    for job in stalled:
        await queue.job_manager.retry_job(job)
    return len(stalled)


class QueueWorker:
    """Does what the queue says, in a thread of its own, until it is told to stop."""

    def __init__(self, app: Flask, settings: Settings, look: Callable[[], None], name: str) -> None:
        """Not started. `look` lets due things happen; `name` is the node's."""
        self._app = app
        self._settings = settings
        self._look = look
        self._name = name
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = Thread(target=self._run, daemon=True, name="queue")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being done."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(GRACE_SECONDS + PAUSE_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._work())

    async def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._work_while_it_is_there()
            except Exception as trouble:
                log.warning("the queue is away (%s): effects wait for the next look", type(trouble).__name__)
            await self._stopped_within(PAUSE_SECONDS)

    async def _work_while_it_is_there(self) -> None:
        queue = App(connector=PsycopgConnector(conninfo=address(self._settings), min_size=1, max_size=4))
        self._register(queue)
        async with queue.open_async():
            working = asyncio.ensure_future(
                queue.run_worker_async(
                    queues=[NAME],
                    concurrency=AT_ONCE,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                )
            )
            stopping = asyncio.ensure_future(self._stopping.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if self._stopping.is_set():
                working.cancel()
            await asyncio.gather(working, return_exceptions=self._stopping.is_set())

    def _register(self, queue: App) -> None:
        @queue.task(name=EFFECT, queue=NAME)
        def effect(reference: str) -> None:
            with self._app.app_context():
                effects.run_one(self._settings, reference, by=self._name)

        @queue.periodic(cron=_EVERY_15_SECONDS)
        @queue.task(name=TICK, queue=NAME)
        async def tick(timestamp: int) -> None:
            """Give away what a worker that died was at, and look, should this worker's own loop have stopped."""
            await give_away_stalled(queue)
            await asyncio.to_thread(self._look)

    async def _stopped_within(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
