"""A lock that is given to whoever has waited longest. What it guards is decided in `app.store.db`."""

import threading
from collections import deque
from types import TracebackType


class Turns:
    """One thread at a time, in the order in which they came; the one inside may enter again.

    `threading.RLock` goes to whoever asks next: a sweep that writes thousands of entries one after the other asks again
    before anybody who waits is awake, and nobody else writes until it is done.
    """

    def __init__(self) -> None:
        """Free."""
        self._guard = threading.Lock()
        self._inside: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    def __enter__(self) -> None:
        """Wait for one's turn."""
        me = threading.get_ident()
        with self._guard:
            if self._inside in (None, me):
                self._inside, self._depth = me, self._depth + 1
                return
            turn = (me, threading.Lock())
            turn[1].acquire()
            self._waiting.append(turn)
        try:
            turn[1].acquire()  # whoever leaves hands over: nobody comes in between
        except BaseException:
            self._give_up(turn)
            raise

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Let the next one in."""
        with self._guard:
            self._depth -= 1
            if self._depth == 0:
                self._hand_over()

    def _hand_over(self) -> None:
        if self._waiting:
            self._inside, turn = self._waiting.popleft()
            self._depth = 1
            turn.release()
        else:
            self._inside = None

    def _give_up(self, turn: tuple[int, threading.Lock]) -> None:
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._depth = 0
                self._hand_over()
