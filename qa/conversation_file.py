"""The SQLite file that conversations are kept in: its tables, its transactions, and its errors said in words.

Error family:  StoreError ◁ ConversationError ◁ NoConversation
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from index.sqlite_file import BUSY_SECONDS, SQLiteFile, StoreError

FORMAT = 1  # raised when what is stored changes its meaning

_TABLES = (
    """
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, title TEXT NOT NULL,
        started TEXT NOT NULL, changed TEXT NOT NULL
    )""",
    """
    CREATE TABLE messages (
        id TEXT PRIMARY KEY, conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
        number INTEGER NOT NULL, asked TEXT NOT NULL, question TEXT NOT NULL, query TEXT NOT NULL,
        answer TEXT NOT NULL, verdict TEXT, confidence REAL NOT NULL, reason TEXT, refusal TEXT,
        filters TEXT NOT NULL, generation INTEGER NOT NULL, corrects TEXT,
        UNIQUE (conversation, number)
    )""",
    """
    CREATE TABLE citations (
        message TEXT NOT NULL REFERENCES messages(id) ON DELETE CASCADE, role TEXT NOT NULL, number INTEGER NOT NULL,
        release_id TEXT NOT NULL, sha256 TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        quote TEXT NOT NULL, sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, sentence TEXT NOT NULL,
        issuer TEXT, headline TEXT NOT NULL, published TEXT, source TEXT NOT NULL, url TEXT, withdrawn TEXT NOT NULL,
        PRIMARY KEY (message, role, number)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE feedback (
        message TEXT PRIMARY KEY REFERENCES messages(id) ON DELETE CASCADE,
        verdict TEXT NOT NULL, note TEXT NOT NULL, given TEXT NOT NULL
    ) WITHOUT ROWID""",
)
_APPLICATION = 0x63776376  # tells this file from other programs' databases


class ConversationError(StoreError):
    """Conversations cannot be read or written; the message says what to do now."""


class NoConversation(ConversationError):
    """There is no such conversation, or no such message."""


class ConversationFile(SQLiteFile):
    """The file at ``path``, made with its tables if it is not there.

    Raises:
        ConversationError: it cannot be used and is left as it is; here and in every method.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        self.rows("PRAGMA foreign_keys = ON")
        self.rows("PRAGMA secure_delete = ON")
        self.rows("PRAGMA synchronous = FULL")  # a turn that was shown is on the disk
        if not self.tables():
            self.write_ahead()
            with self.transaction():
                if not self.tables():  # no other process was first
                    for table in _TABLES:
                        self.rows(table)
                    self.rows(f"PRAGMA application_id = {_APPLICATION}")
                    self.rows(f"PRAGMA user_version = {FORMAT}")
        ((application,),), ((format_,),) = self.rows("PRAGMA application_id"), self.rows("PRAGMA user_version")
        if application != _APPLICATION:
            raise ConversationError(
                f"{self.path} is the database of another program and was left as it is; move it away"
            )
        if format_ != FORMAT:
            raise ConversationError(
                f"{self.path} has format {format_}, this citewire reads format {FORMAT}; it was left as it is. Use the "
                "citewire that wrote it, or move the file away to begin anew"
            )

    def explain(self, error: sqlite3.Error, code: int) -> StoreError:
        """Always a `ConversationError`."""
        reason = _REASONS.get(code, "SQLite says: {error}").format(error=error)
        return ConversationError(f"conversations in {self.path}: {reason}")


_REASONS = {
    sqlite3.SQLITE_NOTADB: "the file is damaged or no database ({error}); it was left as it is. Put back a copy, "
    "or move it away to begin anew",
    sqlite3.SQLITE_CORRUPT: "the file is damaged ({error}); it was left as it is. Put back a copy, or move it away to "
    "begin anew",
    sqlite3.SQLITE_BUSY: f"another process is writing for over {BUSY_SECONDS:.0f} s; try again when it is done",
    sqlite3.SQLITE_FULL: "no room left on the disk; what was said before is kept. Make room",
    sqlite3.SQLITE_IOERR: "cannot be read or written ({error}); check the folder and its permissions",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened ({error}); check the folder and its permissions",
    sqlite3.SQLITE_READONLY: "cannot be written ({error}); check the folder and its permissions",
    sqlite3.SQLITE_PERM: "cannot be opened ({error}); check the folder and its permissions",
}
