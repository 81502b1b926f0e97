"""Precedence: one at a time, and whoever waits for an answer before what nobody waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Busy(Exception):
    """People were waiting all the time."""


class Precedence:
    """A lock that people get before work in the background, which so delays nobody by more than one step of its own."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._is_taken = False
        self._waiting = 0  # people

    @contextmanager
    def first(self) -> Iterator[None]:
        """Hold it for somebody who waits."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: not self._is_taken)
            finally:
                self._waiting -= 1
            self._is_taken = True
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def last(self, until: float) -> Iterator[None]:
        """Hold it while nobody waits.

        Args:
            until: when to give up waiting for that, by ``time.monotonic``.

        Raises:
            Busy: it was not to be had till then.
        """
        with self._changed:
            left = max(0.0, until - time.monotonic())
            if not self._changed.wait_for(lambda: not self._is_taken and not self._waiting, left):
                raise Busy
            self._is_taken = True
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        with self._changed:
            self._is_taken = False
            self._changed.notify_all()
