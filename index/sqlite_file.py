"""A SQLite file: one connection, its statements and transactions, and SQLite's errors said in words."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BUSY_SECONDS = 30.0  # how long a second writer waits for the first
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class StoreError(RuntimeError):
    """A file that cannot do what was asked; the message says what to do now."""


class SQLiteFile:
    """A connection to the file at ``path``, made if it is not there; one statement at a time, from any thread.

    Raises:
        StoreError: as `explain` has it; here and in every method.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._explained():
            self._connection = sqlite3.connect(path, BUSY_SECONDS, isolation_level=None, check_same_thread=False)

    def explain(self, error: sqlite3.Error, code: int) -> StoreError:
        """SQLite's error in the words of the person who can do something about it.

        Args:
            code: SQLite's primary result code; 0 where there is none.
        """
        return StoreError(f"{self.path}: SQLite says: {error}")

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all rows it gives."""
        with self._lock, self._explained():
            return self._connection.execute(statement, values).fetchall()

    def tables(self) -> set[str]:
        """Names of the tables in the file."""
        return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def write_ahead(self) -> None:
        """Let readers go on while one writes. Of two processes that ask at once SQLite refuses one without waiting."""
        until = time.monotonic() + BUSY_SECONDS
        with self._lock, self._explained():
            while True:
                try:
                    self._connection.execute("PRAGMA journal_mode = WAL").fetchall()
                    return
                except sqlite3.OperationalError as error:
                    if _code(error) not in _BUSY or time.monotonic() > until:
                        raise
                    time.sleep(0.02)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One write: all of it or nothing; within another one a part of that. Waits for another process's."""
        with self._lock, self._begun("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads that see one state, whatever is written meanwhile."""
        with self._lock, self._begun("BEGIN"):
            yield

    @contextmanager
    def _begun(self, begin: str) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
            return
        self.rows(begin)
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self.explain(error, _code(error)) from error


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
