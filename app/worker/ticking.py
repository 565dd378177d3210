"""The tick of an installation: APScheduler only says "look now". What is due, and in which order, the rows say."""

import logging
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.cases.case_clock import clock
from app.cases.sweep import sweep
from app.clock import real_now
from app.config import Settings
from app.store.db import reading
from app.store.queries import dues
from app.worker.housekeeping import look_for_damage, seal, tidy
from app.worker.lock import FileLock

log = logging.getLogger(__name__)

#: the longest time between two looks
LONGEST_SLEEP_SECONDS = 1
HOUSEKEEPING_HOURS = 1
LOCK_NAME = "worker.lock"
_LOOK, _TIDY = "look", "tidy"


class Worker:
    """Lets due things of one installation happen, in the background of this process.

    Two processes on one data directory: the second stands by, and takes over when the first ends.
    """

    def __init__(self, app: Flask, settings: Settings) -> None:
        """A worker that has not started."""
        self.app = app
        self._settings = settings
        self.lock = FileLock(settings.data_dir / LOCK_NAME)
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin to look; the first look is at once."""
        self._scheduler.add_job(
            self.look, "interval", seconds=LONGEST_SLEEP_SECONDS, id=_LOOK, next_run_time=real_now()
        )
        self._scheduler.add_job(self.tidy, "interval", hours=HOUSEKEEPING_HOURS, id=_TIDY, next_run_time=real_now())
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is being done, and let another process take over."""
        self._scheduler.shutdown(wait=True)
        self.lock.let_go()

    def look(self) -> None:
        """Let everything happen that is due; the next look is when the next thing is, at most a second later."""
        if not self.lock.try_hold():
            return
        with self.app.app_context():
            now = clock().now()
            sweep(now)
            soonest = dues.next_due(reading())
        if soonest is not None and now < soonest < now + timedelta(seconds=LONGEST_SLEEP_SECONDS):
            self._wake(real_now() + (soonest - now))

    def tidy(self) -> None:
        """Forget what nobody needs any more, look for damage, and seal what the journal gained."""
        if not self.lock.try_hold():
            return
        with self.app.app_context():
            tidied = tidy(clock().now())
            damaged = look_for_damage(clock().now())
            sealed = seal(self._settings)
        log.info("forgot %d keys of commands and %d files", tidied.keys, tidied.files)
        if damaged:
            log.error("the stored states of %d cases cannot be read: %s", len(damaged), ", ".join(damaged))
        if sealed is not None:
            log.info("made checkpoint %d over %d streams", sealed.n, sealed.unsigned.size)

    def _wake(self, at: datetime) -> None:
        if self._scheduler.running and self._scheduler.get_job(_LOOK):
            self._scheduler.modify_job(_LOOK, next_run_time=at)
