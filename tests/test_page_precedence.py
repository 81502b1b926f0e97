from __future__ import annotations

import threading
import time

import pytest

from page.precedence import Busy, Precedence


def test_whoever_waits_comes_before_the_background() -> None:
    turn, order = Precedence(), list[str]()

    def background() -> None:
        with turn.last(time.monotonic() + 20):
            order.append("background")

    def person() -> None:
        with turn.first():
            order.append("person")

    with turn.first():
        threads = [threading.Thread(target=background), threading.Thread(target=person)]
        threads[0].start()
        time.sleep(0.05)  # the background has waited longer
        threads[1].start()
        while not turn._waiting:
            time.sleep(0.001)
    for thread in threads:
        thread.join(20)
    assert order == ["person", "background"]


def test_the_background_gives_up_where_it_never_comes_to_be_free() -> None:
    turn = Precedence()
    with turn.first(), pytest.raises(Busy), turn.last(time.monotonic() + 0.02):
        pass
    with turn.last(time.monotonic()):
        pass


def test_it_is_free_again_after_a_failure() -> None:
    turn = Precedence()
    for hold in (turn.first, lambda: turn.last(time.monotonic())):
        with pytest.raises(ZeroDivisionError), hold():
            raise ZeroDivisionError
    with turn.last(time.monotonic()):
        pass
