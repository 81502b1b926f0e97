"""The SQLite file of an index: its schema, its transactions, and its errors said in words.

    Error family:  StoreError ◁ NoIndex, NotAnIndex, WrongFormat, WrongEmbedder, IndexBusy, DiskFull

Every write adds one to the generation; what is derived from the file says which generation it belongs to.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.sqlite_file import BUSY_SECONDS, SQLiteFile, StoreError

FORMAT = 2  # raised when what is stored changes its meaning

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE releases (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, issuer TEXT, tickers TEXT NOT NULL, headline TEXT NOT NULL,
    published TEXT, url TEXT, text TEXT NOT NULL, blocks TEXT NOT NULL
);
CREATE TABLE sources (
    source TEXT PRIMARY KEY, release_id TEXT NOT NULL REFERENCES releases(id), file_sha256 TEXT NOT NULL
);
CREATE INDEX sources_by_release ON sources (release_id);
"""
# Derived from the tables above and kept in step by the same transactions. A vector stands for all chunks of the same
# words, whose digest it bears. SQLite counts characters as Python does.
_DERIVED = """
CREATE TABLE vectors (id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, release_id TEXT NOT NULL REFERENCES releases(id),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT NOT NULL,
    vector_id INTEGER NOT NULL REFERENCES vectors(id)
);
CREATE INDEX chunks_by_release ON chunks (release_id);
CREATE INDEX chunks_by_vector ON chunks (vector_id);
CREATE VIEW chunk_text AS
    SELECT c.id, c.release_id, c.heading, coalesce(r.issuer, '') || ' ' || r.tickers AS issuer,
           substr(r.text, c.start + 1, c."end" - c.start) AS body
    FROM chunks c JOIN releases r ON r.id = c.release_id;
CREATE VIRTUAL TABLE chunk_words USING fts5 (
    heading, issuer, body, content='chunk_text', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2"
);
"""


class NoIndex(StoreError):
    """There is no index in the folder."""


class NotAnIndex(StoreError):
    """The file is damaged, or is not an index of citewire's."""


class WrongFormat(StoreError):
    """The index was made by another version of citewire."""


class WrongEmbedder(StoreError):
    """The index was made with another embedder."""


class IndexBusy(StoreError):
    """Another process is writing and did not finish in time."""


class DiskFull(StoreError):
    """No room to write. What was there before is whole."""


class Database(SQLiteFile):
    """A connection to the file at ``path``, made with its tables if it is not there.

    Raises:
        NotAnIndex: the file is damaged or belongs to another program. It is left as it is.
        StoreError: in one of its kinds, with SQLite's error as its cause; here and in every method.
    """

    def __init__(self, path: Path, embedder: str) -> None:
        super().__init__(path)
        try:
            self._prepare(embedder)
        except BaseException:
            self.close()
            raise

    def _prepare(self, embedder: str) -> None:
        self.rows("PRAGMA foreign_keys = ON")
        self.rows("PRAGMA synchronous = NORMAL")
        self.rows(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        tables = self.tables()
        if not tables:
            self.write_ahead()
            self._create(embedder)
        elif not {"meta", "releases", "sources", "chunks"} <= tables:
            raise NotAnIndex(
                f"{self.path} is the database of another program and was left as it is; "
                "name another folder with --index"
            )

    def _create(self, embedder: str) -> None:
        with self.transaction():
            if self.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
                return  # another process was first
            self._script(_TABLES)
            self._script(_DERIVED)
            for key, value in {
                "format": str(FORMAT),
                "embedder": embedder,
                "generation": "0",
                "identity": uuid.uuid4().hex,  # tells derived files of this database from those of another
            }.items():
                self.rows("INSERT INTO meta VALUES (?, ?)", (key, value))

    def remake_derived(self) -> None:
        """Make chunks, vectors and full text anew and empty, as this version defines them; no id is used again."""
        [(last,)] = self.rows("SELECT coalesce(max(seq), 0) FROM sqlite_sequence")
        for kind, name in (("TABLE", "chunk_words"), ("VIEW", "chunk_text"), ("TABLE", "chunks"), ("TABLE", "vectors")):
            self.rows(f"DROP {kind} IF EXISTS {name}")
        self._script(_DERIVED)
        self.rows("INSERT INTO sqlite_sequence (name, seq) VALUES ('vectors', ?)", (last,))

    def _script(self, statements: str) -> None:
        # executescript would commit the open transaction.
        for statement in statements.split(";\n"):
            self.rows(statement)

    def meta(self) -> dict[str, str]:
        """Format, embedder, generation and identity of this database."""
        return dict(self.rows("SELECT key, value FROM meta"))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One write: all of it or nothing. Adds one to the generation. Waits for another writer.

        Raises:
            IndexBusy: the other writer took longer than ``BUSY_SECONDS``.
            DiskFull: nothing was written.
        """
        with super().transaction():
            yield
            self.rows("UPDATE meta SET value = value + 1 WHERE key = 'generation'")

    def explain(self, error: sqlite3.Error, code: int) -> StoreError:
        """The kind of `StoreError` that says what to do."""
        kind, reason = _EXPLAINED.get(code, (StoreError, ": SQLite says: {error}"))
        return kind(str(self.path) + reason.format(error=error))


_DAMAGED = (
    NotAnIndex,
    " is damaged or no index of citewire's ({error}); it was left as it is. Put back a copy, or move it away and add "
    "the files again",
)
_BUSY = (
    IndexBusy,
    f" is being written by another process for over {BUSY_SECONDS:.0f} s; try again when it is done",
)
_FULL = (DiskFull, ": no room left on the disk to write it; what was added before is kept. Make room and run it again")
_NO_ACCESS = (StoreError, " cannot be opened or written ({error}); check the folder and its permissions")
_EXPLAINED: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _NO_ACCESS,
    sqlite3.SQLITE_CANTOPEN: _NO_ACCESS,
    sqlite3.SQLITE_READONLY: _NO_ACCESS,
    sqlite3.SQLITE_PERM: _NO_ACCESS,
}
