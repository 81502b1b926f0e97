"""What is followed, and what became of each release found there: one small SQLite file beside the index.

sources.sqlite     feeds, folders and companies; their entries, each waiting, done or skipped; who must be left alone

What a source says is recorded in one transaction, before anything of it is fetched; what became of an entry in one
after that. Killed at any instant, the next run goes on from there and repeats at most one fetch.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

from index.fetch import UNKNOWN, Validators
from index.sqlite_file import SQLiteFile, StoreError

FILE = "sources.sqlite"
FORMAT = 1
TRIES = 10  # that may fail for a reason that passes, over five days, until an entry is skipped

Kind = Literal["feed", "folder", "edgar"]
ItemKind = Literal["release", "filing", "submission"]  # a filing's page lists releases, an old submission holds them
State = Literal["waiting", "done", "skipped"]

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    address TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, cik INTEGER, since TEXT, allowed TEXT NOT NULL,
    etag TEXT, last_modified TEXT, problem TEXT
);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL REFERENCES sources(address) ON DELETE CASCADE, key TEXT NOT NULL,
    url TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, published TEXT,
    version TEXT NOT NULL, stated TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, tries INTEGER NOT NULL,
    due REAL NOT NULL DEFAULT 0, etag TEXT, last_modified TEXT, indexed INTEGER NOT NULL, UNIQUE (source, key)
);
CREATE INDEX items_by_name ON items (name);
CREATE TABLE hosts (host TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
"""


class SourcesError(StoreError):
    """The file of what is followed cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that is followed."""

    address: str  # of the feed, absolute path of the folder, or "edgar:AAPL"
    kind: Kind
    title: str = ""
    cik: int | None = None  # of a company
    since: date | None = None  # what is older is left out
    allowed: tuple[str, ...] = ()  # networks that it may be fetched from although they are not public
    validators: Validators = UNKNOWN  # of what was last recorded
    problem: str = ""  # of the last run; empty when it went well


@dataclass(frozen=True, slots=True)
class Item:
    """One thing found at a source: a release, or a filing that holds some."""

    key: str  # what the source calls it
    url: str
    kind: ItemKind = "release"
    name: str = ""  # the same for two addresses of one page
    title: str = ""
    published: date | None = None  # as the source says; for a filing the day that it was filed
    version: str = ""  # changes when the source says that it was changed
    stated: Mapping[str, Any] = field(default_factory=dict)  # what the source knows of the release
    state: State = "waiting"
    reason: str = ""  # why it was skipped, or is still waiting
    validators: Validators = UNKNOWN  # of what was indexed
    indexed: bool = False  # at some time
    id: int = 0


class Counts(NamedTuple):
    """How many entries of a source are in which state."""

    waiting: int
    done: int
    skipped: int


class Sources(SQLiteFile):
    """What is followed beside one index. Use one object from one thread."""

    def __init__(self, folder: str | Path, clock: Callable[[], float] = time.time) -> None:
        """Open or make the file in the index's folder.

        Args:
            clock: seconds since 1970.

        Raises:
            SourcesError: it cannot be made, or is another program's.
        """
        self._clock = clock
        path = Path(folder) / FILE
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.path = path
            raise self.explain(error) from error
        super().__init__(path)
        try:
            self.rows("PRAGMA foreign_keys = ON")
            self._prepare()
        except SourcesError:
            self.close()
            raise

    def _prepare(self) -> None:
        with self.transaction():
            tables = self.tables()
            if not tables:
                for statement in _TABLES.split(";\n"):
                    self.rows(statement)
                self._set("format", str(FORMAT))
        if not tables or {"meta", "sources", "items", "hosts"} <= tables:
            if (found := self._get("format")) == str(FORMAT):
                return
            raise SourcesError(f"{self.path} has format {found}, this citewire reads {FORMAT}; use the newer citewire")
        raise SourcesError(f"{self.path} is another program's and was left as it is; name another folder with --index")

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # -- what is followed ----------------------------------------------------------------------------------------------

    @property
    def contact(self) -> str:
        """Who asks the SEC; empty where nobody said."""
        return self._get("contact")

    @contact.setter
    def contact(self, contact: str) -> None:
        with self.transaction():
            self._set("contact", contact)

    def all(self) -> list[Source]:
        """Everything that is followed, in the order in which it was begun."""
        rows = self.rows(
            "SELECT address, kind, title, cik, since, allowed, coalesce(problem, ''), etag, last_modified "
            "FROM sources ORDER BY rowid"
        )
        return [
            Source(
                address,
                kind,
                title,
                cik,
                _date(since),
                tuple(json.loads(allowed)),
                Validators(*versions),
                problem,
            )
            for address, kind, title, cik, since, allowed, problem, *versions in rows
        ]

    def follow(self, source: Source) -> bool:
        """Follow a source, or change how; whether it is new. Its entries and their states are kept."""
        with self.transaction():
            is_new = not self.rows("SELECT 1 FROM sources WHERE address = ?", (source.address,))
            self.rows(
                "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, NULL) ON CONFLICT (address) DO UPDATE SET "
                "title = excluded.title, since = excluded.since, allowed = excluded.allowed, etag = NULL, "
                "last_modified = NULL",
                (
                    source.address,
                    source.kind,
                    source.title,
                    source.cik,
                    source.since and source.since.isoformat(),
                    json.dumps(source.allowed),
                ),
            )
        return is_new

    def unfollow(self, address: str) -> Source | None:
        """Follow a source no longer, and forget its entries; what was followed, if it was."""
        found = next((source for source in self.all() if source.address == address), None)
        if found:
            with self.transaction():
                self.rows("DELETE FROM sources WHERE address = ?", (address,))
        return found

    def counts(self, address: str) -> Counts:
        """How many entries of a source are in which state."""
        found = dict(self.rows("SELECT state, count(*) FROM items WHERE source = ? GROUP BY state", (address,)))
        return Counts(found.get("waiting", 0), found.get("done", 0), found.get("skipped", 0))

    # -- what was found there ------------------------------------------------------------------------------------------

    def record(self, source: Source, items: Iterable[Item], validators: Validators = UNKNOWN) -> int:
        """Take down what a source says, all or nothing; the number of entries that are new or changed.

        Args:
            validators: of the version that said so: recorded with it, so that "not modified" is true of what is here.
        """
        changed = 0
        with self.transaction():
            for item in items:
                changed += self._record(source.address, item)
            self.rows(
                "UPDATE sources SET etag = ?, last_modified = ?, problem = NULL WHERE address = ?",
                (*validators, source.address),
            )
        return changed

    def _record(self, address: str, item: Item) -> int:
        known = self.rows("SELECT id, version, name, url FROM items WHERE source = ? AND key = ?", (address, item.key))
        day = item.published and item.published.isoformat()
        is_moved = not known or known[0][2] != (item.name or item.url)
        url = item.url if is_moved else known[0][3]  # the index knows what was read by the address that it was read at
        described = (url, item.name or item.url, item.title, day, item.version, json.dumps(dict(item.stated)))
        if not known:
            self.rows(
                "INSERT INTO items (source, kind, key, url, name, title, published, version, stated, state, reason, "
                "tries, indexed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
                (address, item.kind, item.key, *described, item.state, item.reason or None),
            )
            return 1
        id_, version = known[0][:2]
        if version == item.version and not is_moved:
            return 0
        self.rows(
            "UPDATE items SET url = ?, name = ?, title = ?, published = ?, version = ?, stated = ?, state = ?, "
            "reason = ?, tries = 0, due = 0 WHERE id = ?",
            (*described, item.state, item.reason or None, id_),
        )
        if is_moved:  # nothing was read from there yet
            self.rows("UPDATE items SET indexed = 0, etag = NULL, last_modified = NULL WHERE id = ?", (id_,))
        return 1

    def waiting(self, address: str) -> list[Item]:
        """What is to be fetched from a source now, in the order in which it was found."""
        return self._items("source = ? AND state = 'waiting' AND due <= ?", (address, self._clock()))

    def skipped(self, address: str) -> list[Item]:
        """What was skipped, and why."""
        return self._items("source = ? AND state = 'skipped'", (address,))

    def _items(self, where: str, values: Sequence[Any]) -> list[Item]:
        columns = (
            "id, key, url, kind, name, title, published, version, stated, state, reason, etag, last_modified, indexed"
        )
        rows = self.rows(f"SELECT {columns} FROM items WHERE {where} ORDER BY id", values)
        return [
            Item(
                key,
                url,
                kind,
                name,
                title,
                _date(day),
                version,
                json.loads(stated),
                state,
                reason,
                Validators(etag, modified),
                bool(indexed),
                id_,
            )
            for id_, key, url, kind, name, title, day, version, stated, state, reason, etag, modified, indexed in rows
        ]

    def is_done_elsewhere(self, address: str, item: Item) -> str | None:
        """The other source under which the same page was indexed already, if there is one."""
        rows = self.rows(
            "SELECT source FROM items WHERE name = ? AND state = 'done' AND indexed AND source <> ? LIMIT 1",
            (item.name, address),
        )
        return str(rows[0][0]) if rows else None

    def done(
        self, item: Item, validators: Validators = UNKNOWN, found: Iterable[Item] = (), *, indexed: bool = True
    ) -> None:
        """This entry is indexed, or, for a filing, the releases found in it are recorded.

        Args:
            indexed: false where another source's entry for the same page is, and this address was not asked.
        """
        with self.transaction():
            for (address,) in self.rows("SELECT source FROM items WHERE id = ?", (item.id,)):
                for inner in found:
                    self._record(address, inner)
            self.rows(
                "UPDATE items SET state = 'done', reason = NULL, tries = 0, due = 0, indexed = ?, etag = ?, "
                "last_modified = ? WHERE id = ?",
                (indexed, *validators, item.id),
            )

    def skip(self, item: Item, reason: str) -> None:
        """This entry cannot be used; it is not tried again unless it changes or someone asks."""
        with self.transaction():
            self.rows("UPDATE items SET state = 'skipped', reason = ? WHERE id = ?", (reason, item.id))

    def later(self, item: Item, reason: str) -> bool:
        """This entry failed for a reason that may pass; whether it is tried again.

        It is due after 5 minutes, then four times as long each time up to a day, and given up after five days.
        """
        with self.transaction():
            (tries,) = self.rows("SELECT tries + 1 FROM items WHERE id = ?", (item.id,))[0]
            is_kept = bool(tries < TRIES)
            due = self._clock() + min(300.0 * 4 ** (tries - 1), 86_400.0)
            self.rows(
                "UPDATE items SET tries = ?, reason = ?, due = ?, state = iif(?, state, 'skipped') WHERE id = ?",
                (tries, reason, due, is_kept, item.id),
            )
        return is_kept

    def failed(self, source: Source, problem: str) -> None:
        """The source itself could not be asked; what it said before stands."""
        with self.transaction():
            self.rows("UPDATE sources SET problem = ? WHERE address = ?", (problem, source.address))

    def again(self, address: str) -> None:
        """Let what was skipped wait once more, as after a new version that reads more kinds; all that waits is due."""
        with self.transaction():
            self.rows(
                "UPDATE items SET state = 'waiting', tries = iif(state = 'skipped', 0, tries), due = 0 "
                "WHERE source = ? AND state <> 'done' AND url <> source",
                (address,),
            )

    def belong_to(self, identity: str) -> None:
        """Say which index the entries went into; if it is another than before, all of them are to be fetched again."""
        with self.transaction():
            if self._get("index") not in ("", identity):
                self.rows(
                    "UPDATE items SET tries = iif(state = 'done', 0, tries), indexed = 0, etag = NULL, "
                    "last_modified = NULL, state = iif(state = 'done', 'waiting', state)"
                )
            self._set("index", identity)

    # -- whom to leave alone -------------------------------------------------------------------------------------------

    def resting(self) -> dict[str, float]:
        """Hosts that asked to be left alone, and until when (seconds since 1970)."""
        return dict(self.rows("SELECT host, until FROM hosts"))

    def rest(self, hosts: Mapping[str, float]) -> None:
        """Keep that for the next run."""
        if hosts != self.resting():
            with self.transaction():
                self.rows("DELETE FROM hosts")
                for host, until in hosts.items():
                    self.rows("INSERT INTO hosts VALUES (?, ?)", (host, until))

    # -- the file ------------------------------------------------------------------------------------------------------

    def _get(self, key: str) -> str:
        rows = self.rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def _set(self, key: str, value: str) -> None:
        self.rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def explain(self, error: sqlite3.Error | OSError, code: int = 0) -> StoreError:
        """Always a `SourcesError`."""
        return SourcesError(
            f"{self.path} cannot be used ({error}); what is indexed is not touched by this. Look at the folder, its "
            "permissions and the room on its disk; if the file is damaged, move it away and follow the sources again"
        )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
