"""What became of each file, what a release states beside its text, and which releases are the same.

Three tables beside those of `database`, made where they are missing: an index of an older citewire gets them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple

from index.database import Database
from index.release import Release
from index.same import Print, is_same

Outcome = Literal["read", "same", "skipped"]

_TABLES = (
    """
    CREATE TABLE IF NOT EXISTS imports (
        source TEXT PRIMARY KEY, outcome TEXT NOT NULL, notes TEXT NOT NULL, at TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE TABLE IF NOT EXISTS facts (release_id TEXT PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS prints (release_id TEXT NOT NULL, key TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS prints_by_key ON prints (key)",
)
_DATES = ("filed", "period_end")
_WITHIN = "WHERE source = ? OR substr(source, 1, ?) = ?"


class Entry(NamedTuple):
    """What became of one file."""

    source: str
    outcome: Outcome
    notes: tuple[str, ...]  # why it was skipped, which file it is the same as, or what to know of how it was read
    at: datetime  # when, in UTC


class Ledger:
    """The three tables of one index."""

    def __init__(self, database: Database, load: Callable[[str], Release | None]) -> None:
        self._database = database
        self._load = load  # a release by its id
        known = {name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"imports", "facts", "prints"} <= known:
            for statement in _TABLES:
                database.rows(statement)

    # -- files ---------------------------------------------------------------------------------------------------------

    def note(self, source: str, outcome: Outcome, notes: Iterable[str]) -> None:
        """Write down what became of a file."""
        values = (source, outcome, json.dumps(list(notes)), datetime.now(UTC).isoformat(timespec="seconds"))
        self._database.rows("INSERT OR REPLACE INTO imports VALUES (?, ?, ?, ?)", values)

    def forget(self, source: str) -> None:
        """Strike a file."""
        self._database.rows("DELETE FROM imports WHERE source = ?", (source,))

    def holds(self, path: str, inside: str) -> bool:
        """Whether anything is known of a file, or of those whose names begin with ``inside``."""
        return bool(self._database.rows(f"SELECT 1 FROM imports {_WITHIN} LIMIT 1", (path, len(inside), inside)))

    def forget_all(self, path: str, inside: str) -> None:
        """Strike a file, and those whose names begin with ``inside``."""
        self._database.rows(f"DELETE FROM imports {_WITHIN}", (path, len(inside), inside))

    def entries(self) -> list[Entry]:
        """What became of each file, by name."""
        return [
            Entry(source, outcome, tuple(json.loads(notes)), datetime.fromisoformat(at))
            for source, outcome, notes, at in self._database.rows("SELECT * FROM imports ORDER BY source")
        ]

    # -- releases ------------------------------------------------------------------------------------------------------

    def keep(self, release: Release) -> None:
        """Store what a release states beside its text, and what other files with it are known by."""
        stated = {name: getattr(release, name) for name in (*_DATES, "cik")}
        stated = {name: value.isoformat() if isinstance(value, date) else value for name, value in stated.items()}
        self._database.rows("INSERT OR REPLACE INTO facts VALUES (?, ?)", (release.id, json.dumps(stated)))
        self._database.rows("DELETE FROM prints WHERE release_id = ?", (release.id,))
        for key in Print.of(release).keys:
            self._database.rows("INSERT INTO prints VALUES (?, ?)", (release.id, key))

    def drop(self, release_id: str) -> None:
        """Delete what `keep` stored."""
        self._database.rows("DELETE FROM facts WHERE release_id = ?", (release_id,))
        self._database.rows("DELETE FROM prints WHERE release_id = ?", (release_id,))

    def facts(self, release_id: str) -> dict[str, Any]:
        """What a release states beside its text: ``filed``, ``period_end`` and ``cik``, as `Release` has them."""
        rows = self._database.rows("SELECT facts FROM facts WHERE release_id = ?", (release_id,))
        found: dict[str, Any] = json.loads(rows[0][0]) if rows else {}
        return {name: date.fromisoformat(value) if value and name in _DATES else value for name, value in found.items()}

    def twin(self, release: Release) -> str | None:
        """The id of an indexed release that is the same as this one, of another format or source."""
        keys: Sequence[str] = Print.of(release).keys
        rows = self._database.rows(
            "SELECT DISTINCT release_id FROM prints WHERE key IN (SELECT value FROM json_each(?)) AND release_id <> ?",
            (json.dumps(keys), release.id),
        )
        for (release_id,) in rows[:50]:
            other = self._load(release_id)
            if other and is_same(release, other):
                return str(release_id)
        return None
