"""The tick of an installation: APScheduler only says "look now". What is due, and in which order, the rows say.

The same loop everywhere: embedded it is the only one, held by a lock on a file; beside others on one PostgreSQL each
worker does its share of the timers, and effects go to whoever takes them first.
"""

import logging
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.cases.attendance import chase
from app.cases.case_clock import clock
from app.cases.changing_version import Progress, carry_out
from app.cases.command import Command
from app.cases.listing import place_waiting
from app.cases.sweep import sweep
from app.clock import real_now
from app.config import Settings
from app.model.actor import WORKER
from app.store import outbox, safekeeping
from app.store.db import reading
from app.store.queries import dues
from app.worker import effects
from app.worker.housekeeping import look_for_damage, seal, tidy
from app.worker.lock import FileLock
from app.worker.presence import Presence

log = logging.getLogger(__name__)

#: the longest time between two looks
LONGEST_SLEEP_SECONDS = 1
HOUSEKEEPING_HOURS = 1
LOCK_NAME = "worker.lock"
#: effects that wait for somebody else at the same time
EFFECTS_AT_ONCE = 3
_LOOK, _TIDY = "look", "tidy"


class Worker:
    """Lets due things of one installation happen, in the background of this process.

    Two processes on one data directory: the second stands by, and takes over when the first ends.
    """

    def __init__(self, app: Flask, settings: Settings, kind: str = "run") -> None:
        """A worker that has not started. Kind "run": alone on its data directory; "worker": beside others."""
        self.app = app
        self._settings = settings
        self.lock = FileLock(settings.data_dir / LOCK_NAME) if kind == "run" else None
        self.presence = Presence(app, kind)
        self._plans: dict[str, Progress] = {}
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin to look; the first look is at once."""
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # a look may take more than a second
        self._scheduler.add_job(
            self.look, "interval", seconds=LONGEST_SLEEP_SECONDS, id=_LOOK, next_run_time=real_now()
        )
        for number in range(EFFECTS_AT_ONCE):
            self._scheduler.add_job(
                self.have_effects, "interval", seconds=LONGEST_SLEEP_SECONDS, id=f"effects-{number}"
            )
        self._scheduler.add_job(self.carry_out_plans, "interval", seconds=LONGEST_SLEEP_SECONDS, id="plans")
        self._scheduler.add_job(self.tidy, "interval", hours=HOUSEKEEPING_HOURS, id=_TIDY, next_run_time=real_now())
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is being done, and let another process take over."""
        self._scheduler.shutdown(wait=True)
        try:
            self.presence.leave()
        except Exception as trouble:  # the database may be away: others see in a few seconds that this one is gone
            log.warning("could not say goodbye: %s", type(trouble).__name__)
        if self.lock is not None:
            self.lock.let_go()

    def look(self) -> None:
        """Let everything happen that is due; the next look is when the next thing is, at most a second later."""
        if not self._may_work():
            return
        with self.app.app_context():
            if self.presence.say():
                outbox.rescue(self.presence.alive, real_now())
            now = clock().now()
            sweep(now, share=self.presence.share)
            if self.presence.is_first:
                place_waiting(Command(WORKER, now))
                chase(Command(WORKER, now))
            soonest = dues.next_due(reading(), now)
        if soonest is not None and soonest < now + timedelta(seconds=LONGEST_SLEEP_SECONDS):
            self._wake(real_now() + (soonest - now))

    def have_effects(self) -> None:
        """Let every effect happen whose time has come."""
        if self.lock is None or self.lock.is_held:
            with self.app.app_context():
                effects.run_due(self._settings, by=self.presence.name)

    def carry_out_plans(self) -> None:
        """Go on taking open cases to another version, where a plan was approved; one node does it at a time."""
        if not self._may_work() or not self.presence.is_first:
            return
        with self.app.app_context():
            carry_out(Command(WORKER, clock().now()), self._plans)

    def tidy(self) -> None:
        """Forget what nobody needs any more, look for damage, and seal what the journal gained."""
        if not self._may_work() or not self.presence.is_first:
            return
        with self.app.app_context():
            tidied = tidy(clock().now())
            safekeeping.forget_older(self._settings.data_dir, real_now())
            damaged = look_for_damage(clock().now())
            sealed = seal(self._settings)
        log.info("forgot %d keys of commands and %d files", tidied.keys, tidied.files)
        if damaged:
            log.error("the stored states of %d cases cannot be read: %s", len(damaged), ", ".join(damaged))
        if sealed is not None:
            log.info("made checkpoint %d over %d streams", sealed.n, sealed.unsigned.size)

    def _may_work(self) -> bool:
        return self.lock is None or self.lock.try_hold()

    def _wake(self, at: datetime) -> None:
        if self._scheduler.running and self._scheduler.get_job(_LOOK):
            self._scheduler.modify_job(_LOOK, next_run_time=at)
