"""A lock in turns: whoever waited longest is next, however quickly somebody asks again."""

import threading
import time

import pytest

from app.store.turns import Turns


def wait_until_waiting(turns: Turns, number: int) -> None:
    while len(turns._waiting) < number:
        time.sleep(0.001)


def test_whoever_asks_again_at_once_waits_behind_those_who_wait() -> None:
    turns, order = Turns(), list[str]()

    def once(name: str) -> None:
        with turns:
            order.append(name)

    turns.__enter__()
    threads = []
    for number, name in enumerate(("first", "second", "third"), 1):
        threads.append(threading.Thread(target=once, args=(name,)))
        threads[-1].start()
        wait_until_waiting(turns, number)
    turns.__exit__(None, None, None)
    once("again")
    for one in threads:
        one.join()

    assert order == ["first", "second", "third", "again"]


def test_the_one_inside_may_enter_again() -> None:
    turns, entered = Turns(), list[int]()
    with turns, turns:
        entered.append(1)
        other = threading.Thread(
            target=lambda: turns.__enter__() or entered.append(2) or turns.__exit__(None, None, None)
        )
        other.start()
        wait_until_waiting(turns, 1)
        assert entered == [1]
    other.join()
    assert entered == [1, 2]


def test_an_error_inside_ends_the_turn() -> None:
    turns = Turns()

    def fails() -> None:
        with turns:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with turns:
        pass
