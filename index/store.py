"""Index: add, replace, remove, list, search and verify releases.

citewire.sqlite    the truth: releases, where they came from, chunks, vectors; one transaction a release
vectors.faiss      derived, made again whenever it does not match
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from index import chunk as chunking
from index import read as reading
from index.chunk import Chunk
from index.database import FORMAT, Database, NoIndex, NotAnIndex, WrongEmbedder, WrongFormat
from index.embed import Embedder
from index.embed import embedder as load_embedder
from index.ledger import Entry, Ledger
from index.release import Block, Release, Span
from index.sqlite_file import StoreError
from index.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DATABASE = "citewire.sqlite"
VECTORS = "vectors.faiss"
MOST_MATCHES = 10_000  # of a word that is searched for: scoring more takes longer than what so common a word tells

Progress = Callable[[str, int, int, int], None]  # file, files done, files in all, passages embedded so far


class ReleaseRef(NamedTuple):
    """What a list of releases shows: everything but the text."""

    id: str
    issuer: str | None
    headline: str
    published: date | None
    tickers: tuple[str, ...] = ()
    source: str = ""


class Hit(NamedTuple):
    """A chunk found by its words."""

    chunk_id: int
    vector_id: int
    score: float


class Copy(NamedTuple):
    """One of the chunks that have the same words."""

    chunk_id: int
    release_id: str


class Passage(NamedTuple):
    """A retrieved chunk."""

    chunk: Chunk
    score: float  # 0 to 1, comparable within one question
    said_in: tuple[ReleaseRef, ...] = ()  # other releases with the same words
    corrected_by: ReleaseRef | None = None  # the release that takes back what this one says
    parts: tuple[tuple[str, float], ...] = ()  # what speaks for it, by name, each 0 to 1


class Problem(NamedTuple):
    """One thing that `Index.verify` found wrong."""

    where: str
    what: str


@dataclass(slots=True)
class AddReport:
    """What became of each file."""

    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)  # (file, a file that holds the same release)
    failed: list[tuple[str, str]] = field(default_factory=list)  # (file, reason)
    warnings: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # (file, what to know of its reading)
    others: list[Path] = field(default_factory=list)  # files in the folders that were not looked at: other endings
    chunks: int = 0  # passages of the releases written
    embedded: int = 0  # those of them whose words no release had before
    interrupted: bool = False


class Index:
    """The releases of one folder. Open it with `Index.open`; use one object from one thread at a time."""

    def __init__(self, folder: Path, database: Database, embedder: Embedder) -> None:
        self.folder = folder
        self.embedder = embedder
        self._database = database
        self._vectors = Vectors(folder / VECTORS, f"{self._meta('identity')} {embedder.name}", embedder.dimension)
        self._cached_release = lru_cache(maxsize=1024)(self._release_at)
        self._refs: tuple[int, dict[str, ReleaseRef]] = (-1, {})  # at which generation
        self._ledger = Ledger(database, self.release)

    # -- open and close ------------------------------------------------------------------------------------------------

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        embedder: str | Embedder | None = None,
        create: bool = True,
        rebuild: bool = False,
        on_progress: Progress | None = None,
    ) -> Index:
        """Open the index in ``folder``.

        Args:
            embedder: name or path of a sentence-transformers model, or an embedder; the bundled one if not given.
            create: make an empty index where there is none.
            rebuild: chunk and embed the stored texts again, also where format and embedder are this program's.
            on_progress: told of each release while rebuilding.

        Raises:
            NoIndex: there is none, and ``create`` is false.
            NotAnIndex: the file is damaged or foreign.
            WrongFormat, WrongEmbedder: and ``rebuild`` is false.
            EmbedderError: the embedder cannot be loaded.
        """
        folder = Path(folder)
        path = folder / DATABASE
        if not create and not path.exists():
            raise NoIndex(f"no index in {folder}; make one with: citewire add PATH --index {folder}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{folder} cannot be made a folder ({error.strerror}); name another with --index"
            ) from error
        model = load_embedder(embedder) if embedder is None or isinstance(embedder, str) else embedder
        index = cls(folder, Database(path, model.name), model)
        if rebuild:
            index.rebuild(on_progress)
        elif mismatch := index._mismatch():
            index.close()
            raise mismatch
        return index

    def _mismatch(self) -> StoreError | None:
        """What keeps this program from using the index as it is."""
        meta = self._database.meta()
        where = self._database.path
        if meta.get("format") != str(FORMAT):
            return WrongFormat(
                f"{where} has format {meta.get('format')}, this citewire reads format {FORMAT}; "
                f"make it again from the texts it holds: citewire add --rebuild --index {self.folder}"
            )
        if meta.get("embedder") != self.embedder.name:
            return WrongEmbedder(
                f"{where} was made with the embedder {meta.get('embedder')}, not {self.embedder.name}; name that one "
                f"with --embedder, or embed its texts again: citewire add --rebuild --index {self.folder}"
            )
        return None

    def close(self) -> None:
        """Close the database; the index cannot be used after that."""
        self._database.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _meta(self, key: str) -> str:
        return self._database.meta().get(key, "")

    @property
    def identity(self) -> str:
        """Tells this index from another one made later in the same folder."""
        return self._meta("identity")

    @property
    def generation(self) -> int:
        """Number of writes so far."""
        return int(self._meta("generation") or 0)

    # -- write ---------------------------------------------------------------------------------------------------------

    def add(
        self, paths: Iterable[str | Path], on_progress: Progress | None = None, *, dry_run: bool = False
    ) -> AddReport:
        """Add the releases in these files and folders; each is whole on disk before the next is begun.

        An unchanged file is left alone, a changed one takes the place of what it held before. A file that cannot be
        read is named in the report and the rest goes on. Ctrl-C ends with what is done kept.

        Args:
            dry_run: read and report, and write nothing.

        Raises:
            DiskFull, IndexBusy, NotAnIndex: nothing more can be written; what was written before is whole.
        """
        report = AddReport()
        files = sorted({os.path.abspath(path) for path in reading.find(paths, report.others)})
        self.add_each(files, partial(self._add_file, report, dry_run), report, on_progress)
        return report

    def add_each(
        self, names: Sequence[str], add: Callable[[str], None], report: AddReport, on_progress: Progress | None = None
    ) -> None:
        """Add what has these names, one after another; Ctrl-C ends with what is done kept.

        Args:
            add: adds the release of one name, and writes in the report what became of it.
        """
        try:
            for number, name in enumerate(names):
                add(name)
                if on_progress:
                    on_progress(name, number + 1, len(names), report.embedded)
        except KeyboardInterrupt:
            report.interrupted = True
        if report.chunks:
            self.save()

    def _add_file(self, report: AddReport, dry_run: bool, file: str) -> None:
        try:
            data = reading.load(file)
        except reading.ReadError as error:
            self.skip(error.path, error.reason, report, dry_run=dry_run)
        else:
            self.add_document(file, data, report, dry_run=dry_run)

    def add_document(
        self,
        source: str,
        data: bytes,
        report: AddReport,
        *,
        content_type: str = "",
        stated: Mapping[str, Any] | None = None,
        dry_run: bool = False,
    ) -> None:
        """Add the release in these bytes, or each of those in them; it takes the place of what its source held before.

        Args:
            source: names where it came from: an absolute path or a web address.
            report: what became of it is written there.
            content_type: see `read.unpack`.
            stated: what the source knows of the release (issuer, tickers, url); it counts where the release is silent.
            dry_run: report, and write nothing.

        Raises:
            DiskFull, IndexBusy, NotAnIndex: as `add`.
        """
        names = {"issuer": "filer", "tickers": "filer_tickers", "url": "url"}
        facts = {names[name]: value for name, value in (stated or {}).items() if name in names and value}
        try:
            parts = reading.unpack(data, source, facts, content_type)
        except reading.ReadError as error:
            self.skip(error.path, error.reason, report, dry_run=dry_run)
            return
        failed = len(report.failed)
        for part in parts:
            self._add_part(part, report, dry_run)
        if not dry_run and len(report.failed) - failed < len(parts):  # or it is damaged, and what it held is kept
            self._drop_others(source, {part.source for part in parts})

    def save(self) -> None:
        """Write what is derived from the database, so that the next to open the index need not make it."""
        self._up_to_date().save()

    def _add_part(self, part: reading.Part, report: AddReport, dry_run: bool) -> None:
        source = part.source
        file_sha256 = hashlib.sha256(part.data).hexdigest()
        before = self._database.rows("SELECT file_sha256, release_id FROM sources WHERE source = ?", (source,))
        if before and before[0][0] == file_sha256:
            report.unchanged.append(source)
            return
        try:
            release, warnings = reading.read_part(part)
        except reading.ReadError as error:
            self.skip(error.path, error.reason, report, dry_run=dry_run)
            return
        known = self._known_as(release)
        if before and before[0][1] == known:  # what it held before is not another release, but an older version
            known = release.id
        twins = self._database.rows(
            "SELECT source FROM sources WHERE release_id = ? AND source <> ? LIMIT 1", (known, source)
        )
        if not dry_run:
            self._put(release, source, file_sha256, known, report)
            same = (f"the same release as {twins[0][0]}",) if twins else ()
            self._ledger.note(source, "same" if twins else "read", (*same, *warnings))
        if warnings:
            report.warnings.append((source, warnings))
        if twins:
            report.duplicates.append((source, twins[0][0]))
        else:
            (report.replaced if before else report.added).append(source)

    def skip(self, source: str, reason: str, report: AddReport, *, dry_run: bool = False) -> None:
        """Write down, and in the report, that there is nothing to read at a source; what it held before is kept."""
        report.failed.append((source, reason))
        if dry_run or not source.isprintable():
            return
        held = self._database.rows("SELECT 1 FROM sources WHERE source = ?", (source,))
        self._ledger.note(source, "skipped", (reason, *(["what it held before is kept"] if held else [])))

    def _known_as(self, release: Release) -> str:
        """The id under which this release is indexed, maybe from a file of another format; its own if it is not."""
        if self._database.rows("SELECT 1 FROM releases WHERE id = ?", (release.id,)):
            return release.id
        return self._ledger.twin(release) or release.id

    def _drop_others(self, file: str, parts: set[str]) -> None:
        """Forget what an archive no longer holds."""

        def gone() -> list[tuple[str, str]]:
            rows = self._database.rows(
                "SELECT source, release_id FROM sources WHERE substr(source, 1, ?) = ?", (len(file) + 1, file + "/")
            )
            return [(source, release_id) for source, release_id in rows if source not in parts]

        if gone() and os.path.isfile(file):
            with self._database.transaction():
                for source, release_id in gone():  # asked again: another process may have written
                    self._drop_source(source, release_id)

    def _put(self, release: Release, file: str, file_sha256: str, known: str, report: AddReport) -> None:
        """Write a release and where it came from.

        Args:
            known: id of the indexed release that it is the same as; its own if there is none.
        """
        is_known = "SELECT 1 FROM releases WHERE id = ?"
        chunks: list[Chunk] = []
        if not self._database.rows(is_known, (known,)):
            chunks, known = chunking.chunk(release, fits=self.embedder.fits), release.id
        new = self._embed(chunks)
        with self._database.transaction():
            # Asked again: between the first question and this transaction another process may have written.
            if chunks and not self._database.rows(is_known, (known,)):
                self._insert_release(release)
                self._insert_chunks(release.id, chunks, new)
            before = self._database.rows("SELECT release_id FROM sources WHERE source = ?", (file,))
            self._database.rows("INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", (file, known, file_sha256))
            for (release_id,) in before:
                self._drop_unsourced(release_id)
        report.chunks += len(chunks)
        report.embedded += len(new)

    def _embed(self, chunks: Sequence[Chunk]) -> dict[str, bytes]:
        """By digest, the vectors of chunks whose words have none yet.

        The first chunk of these words gives the context that they are embedded under (docs/log.md).
        """
        new = {digest(piece.text): piece for piece in reversed(chunks)}
        for known in self._known(list(new)):
            del new[known]
        vectors = self.embedder.encode_document([piece.embedded for piece in new.values()])
        return {key: vector.astype("<f4").tobytes() for key, vector in zip(new, vectors, strict=True)}

    def _known(self, digests: Sequence[str]) -> dict[str, int]:
        """The ids of the vectors of these digests, of those that are stored."""
        return dict(
            self._database.rows(
                "SELECT digest, id FROM vectors WHERE digest IN (SELECT value FROM json_each(?))",
                (json.dumps(list(digests)),),
            )
        )

    def _insert_release(self, release: Release) -> None:
        self._database.rows(
            "INSERT INTO releases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                release.id,
                release.sha256,
                release.issuer,
                json.dumps(release.tickers),
                release.headline,
                release.published.isoformat() if release.published else None,
                release.url,
                release.text,
                json.dumps([(block.kind, block.start, block.end) for block in release.blocks]),
            ),
        )
        self._ledger.keep(release)

    def _insert_chunks(self, release_id: str, chunks: Sequence[Chunk], new: dict[str, bytes]) -> None:
        digests = [digest(piece.text) for piece in chunks]
        known = self._known(digests)
        # A vector that was there when the others were embedded may have gone with its last release since.
        lost = [piece for piece, key in zip(chunks, digests, strict=True) if key not in known and key not in new]
        new = new | self._embed(lost)
        for key in dict.fromkeys(digests):
            if key not in known:
                self._database.rows("INSERT INTO vectors (digest, vector) VALUES (?, ?)", (key, new[key]))
        known = self._known(digests)
        for piece, key in zip(chunks, digests, strict=True):
            self._database.rows(
                'INSERT INTO chunks (release_id, start, "end", heading, vector_id) VALUES (?, ?, ?, ?, ?)',
                (release_id, piece.span.start, piece.span.end, piece.heading, known[key]),
            )
        self._database.rows(
            "INSERT INTO chunk_words (rowid, heading, issuer, body) "
            "SELECT id, heading, issuer, body FROM chunk_text WHERE release_id = ?",
            (release_id,),
        )

    def remove(self, names: Iterable[str | Path]) -> tuple[list[str], list[str]]:
        """Remove releases by file, folder, web address or release id; gone from every answer at once.

        Returns:
            The files removed, and the names that matched nothing.
        """
        removed: list[str] = []
        unknown: list[str] = []
        for name in map(str, names):
            is_address = re.match("https?://", name, re.IGNORECASE)
            path = name if is_address else os.path.abspath(name)
            inside = path.rstrip("/") + "/" if is_address else path.rstrip(os.sep) + os.sep
            is_name = name.strip() and path == path.encode("utf-8", "replace").decode("utf-8")
            if not is_name or not (self._held_by(name, path, inside) or self._ledger.holds(path, inside)):
                unknown.append(name)
                continue
            with self._database.transaction():
                held = self._held_by(name, path, inside)  # asked again: another process may have written
                for source, release_id in held:
                    self._drop_source(source, release_id)
                self._ledger.forget_all(path, inside)
            removed += [source for source, _ in held]
        return removed, unknown

    def _held_by(self, name: str, path: str, inside: str) -> list[tuple[str, str]]:
        """File and release id of what is indexed under a release id, or from a file, folder or address."""
        return self._database.rows(
            "SELECT source, release_id FROM sources WHERE source = ? OR release_id = ? OR substr(source, 1, ?) = ?",
            (path, name, len(inside), inside),
        )

    def _drop_source(self, source: str, release_id: str) -> None:
        self._database.rows("DELETE FROM sources WHERE source = ?", (source,))
        self._ledger.forget(source)
        self._drop_unsourced(release_id)

    def _drop_unsourced(self, release_id: str) -> None:
        """Delete a release that no file holds any more."""
        if self._database.rows("SELECT 1 FROM sources WHERE release_id = ?", (release_id,)):
            return
        self._database.rows(
            "INSERT INTO chunk_words (chunk_words, rowid, heading, issuer, body) "
            "SELECT 'delete', id, heading, issuer, body FROM chunk_text WHERE release_id = ?",
            (release_id,),
        )
        self._ledger.drop(release_id)
        vectors = self._database.rows("SELECT DISTINCT vector_id FROM chunks WHERE release_id = ?", (release_id,))
        self._database.rows("DELETE FROM chunks WHERE release_id = ?", (release_id,))
        self._database.rows(
            "DELETE FROM vectors WHERE id IN (SELECT value FROM json_each(?)) "
            "AND id NOT IN (SELECT vector_id FROM chunks)",
            (json.dumps([vector_id for (vector_id,) in vectors]),),
        )
        self._database.rows("DELETE FROM releases WHERE id = ?", (release_id,))

    def rebuild(self, on_progress: Progress | None = None) -> None:
        """Chunk and embed all stored texts again with this embedder, in one transaction: the old index or the new."""
        done = 0
        with self._database.transaction():
            ids = [release_id for (release_id,) in self._database.rows("SELECT id FROM releases ORDER BY id")]
            self._database.remake_derived()
            for number, release_id in enumerate(ids):
                release = self._load_release(release_id)
                assert release is not None  # its id was read in this transaction
                chunks = chunking.chunk(release, fits=self.embedder.fits)
                new = self._embed(chunks)
                self._insert_chunks(release_id, chunks, new)
                self._ledger.keep(release)
                done += len(new)
                if on_progress:
                    on_progress(release.source, number + 1, len(ids), done)
            for key, value in (("format", str(FORMAT)), ("embedder", self.embedder.name)):
                self._database.rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        self._up_to_date().save()

    # -- read ----------------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Number of releases."""
        return int(self._database.rows("SELECT count(*) FROM releases")[0][0])

    def count_chunks(self) -> int:
        """Number of chunks."""
        return int(self._database.rows("SELECT count(*) FROM chunks")[0][0])

    def count_vectors(self) -> int:
        """Number of vectors: of chunks that differ in their words."""
        return int(self._database.rows("SELECT count(*) FROM vectors")[0][0])

    def release(self, release_id: str) -> Release | None:
        """The release with this id, if it is indexed."""
        if not self._database.rows("SELECT 1 FROM releases WHERE id = ?", (release_id,)):
            return None
        return self._cached_release(release_id, self.generation)

    def _release_at(self, release_id: str, generation: int) -> Release | None:
        """The release as it is at a generation: an id stands for one text for ever, but files with it come and go."""
        return self._load_release(release_id)

    def _load_release(self, release_id: str) -> Release | None:
        rows = self._database.rows(
            "SELECT id, sha256, issuer, tickers, headline, published, "
            "(SELECT min(source) FROM sources WHERE release_id = releases.id), url, text, blocks "
            "FROM releases WHERE id = ?",
            (release_id,),
        )
        if not rows:
            return None
        id_, sha256, issuer, tickers, headline, day, source, url, text, blocks = rows[0]
        return Release(
            id=id_,
            sha256=sha256,
            issuer=issuer,
            tickers=tuple(json.loads(tickers)),
            headline=headline,
            published=_date(day),
            source=source or "",
            url=url,
            text=text,
            blocks=tuple(Block(*block) for block in json.loads(blocks)),
            **self._ledger.facts(id_),
        )

    def releases(self) -> list[ReleaseRef]:
        """Every release without its text, newest first, those without a date last."""
        return list(self._known_refs().values())

    def refs(self, release_ids: Iterable[str]) -> list[ReleaseRef]:
        """Those releases of these that are indexed, without their texts."""
        known = self._known_refs()
        return [known[id_] for id_ in release_ids if id_ in known]

    def _known_refs(self) -> dict[str, ReleaseRef]:
        generation = self.generation
        if self._refs[0] != generation:
            rows = self._database.rows(
                "SELECT id, issuer, headline, published, tickers, "
                "(SELECT min(source) FROM sources WHERE release_id = releases.id) "
                "FROM releases ORDER BY published IS NULL, published DESC, headline"
            )
            self._refs = (
                generation,
                {
                    id_: ReleaseRef(id_, issuer, headline, _date(day), tuple(json.loads(tickers)), source or "")
                    for id_, issuer, headline, day, tickers, source in rows
                },
            )
        return self._refs[1]

    def imports(self) -> list[Entry]:
        """What became of each file that was added, those that were skipped among them, by name."""
        return self._ledger.entries()

    def sources(self) -> list[tuple[str, str]]:
        """``(file, release id)`` of every file added. A release that two files hold appears twice."""
        return [
            (source, id_) for source, id_ in self._database.rows("SELECT source, release_id FROM sources ORDER BY 1")
        ]

    def select(
        self,
        *,
        issuers: Collection[str] = (),
        tickers: Collection[str] = (),
        since: date | None = None,
        until: date | None = None,
    ) -> list[str] | None:
        """Ids of the releases that pass; ``None`` when nothing is asked for, which is all of them.

        Issuers pass when a name given is contained in theirs, case apart; tickers as ``CLRB`` or ``NASDAQ:CLRB``. With
        a date limit, both ends included, releases of unknown date do not pass: they might be from outside it.
        """
        if not (issuers or tickers or since or until):
            return None
        names = [name.casefold() for name in issuers]
        wanted = {ticker.upper() for ticker in tickers}
        return [
            ref.id
            for ref in self.releases()
            if (not names or any(name in (ref.issuer or "").casefold() for name in names))
            and (not wanted or wanted & {form for own in ref.tickers for form in (own, own.split(":")[-1])})
            and (not since or (ref.published is not None and ref.published >= since))
            and (not until or (ref.published is not None and ref.published <= until))
        ]

    def chunks(self, chunk_ids: Sequence[int]) -> dict[int, Chunk]:
        """The chunks with these ids, those of them that are still there."""
        rows = self._database.rows(
            'SELECT id, release_id, start, "end", heading FROM chunks WHERE id IN (SELECT value FROM json_each(?))',
            (json.dumps(list(chunk_ids)),),
        )
        generation = self.generation
        return {
            id_: Chunk(release, Span(release.id, start, end), heading)
            for id_, release_id, start, end, heading in rows
            if (release := self._cached_release(release_id, generation)) is not None
        }

    # -- search --------------------------------------------------------------------------------------------------------

    def search_words(
        self,
        words: Sequence[str],
        k: int,
        within: Collection[str] | None = None,
        weights: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> list[Hit]:
        """The ``k`` chunks that match these words best by BM25, best first; scores above 0.

        Of chunks with the same words only the one whose headings match best is found. A word that more than
        ``MOST_MATCHES`` chunks hold is left out if there are others.

        Args:
            words: any text; each is searched as a literal word or phrase, never as query syntax.
            within: ids of the releases to search; all if ``None``.
            weights: of a match in the headings, in the issuer's name and tickers, in the body.
        """
        literal = self._rare([_literal(word) for word in words if any(map(str.isalnum, word))])
        if not literal or k < 1:
            return []
        where, values = "", []
        if within is not None:
            where = " AND rowid IN (SELECT id FROM chunks WHERE release_id IN (SELECT value FROM json_each(?)))"
            values = [json.dumps(list(within))]
        depth = 2 * k
        while True:
            rows = self._database.rows(
                "SELECT chunks.id, vector_id, max(score), count(*) FROM "
                "(SELECT rowid, -bm25(chunk_words, ?, ?, ?) AS score FROM chunk_words WHERE chunk_words MATCH ?"
                + where
                + " ORDER BY score DESC, rowid LIMIT ?) AS hits JOIN chunks ON chunks.id = hits.rowid "
                "GROUP BY vector_id ORDER BY max(score) DESC, chunks.id",
                (*weights, " OR ".join(literal), *values, depth),
            )
            found = sum(count for *_, count in rows)
            if len(rows) >= k or found < depth:
                return [Hit(*row[:3]) for row in rows[:k]]
            depth *= 4

    def _rare(self, words: Sequence[str]) -> list[str]:
        """The words that at most ``MOST_MATCHES`` chunks hold; if none, the rarest alone."""
        matches = {
            word: self._database.rows("SELECT count(*) FROM chunk_words WHERE chunk_words MATCH ?", (word,))[0][0]
            for word in words
        }
        return [word for word in words if matches[word] <= MOST_MATCHES] or sorted(words, key=lambda w: matches[w])[:1]

    def search_vectors(
        self, vector: NDArray[np.float32], k: int, within: Collection[str] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` stored vectors with the largest inner product with ``vector``, best first: ids and products.

        Raises:
            ValueError: the vector is not of the embedder's dimension.
            WrongEmbedder: the index was made again with another embedder since it was opened.
        """
        return self.vector_search(within)(vector, k)

    def vector_search(
        self, within: Collection[str] | None = None
    ) -> Callable[[NDArray[np.float32], int], list[tuple[int, float]]]:
        """The search of `search_vectors`, of the vectors as they are now.

        It asks nothing more of the database, so that it can go on beside a search of words, which keeps that busy.
        """
        vectors, ids = self._up_to_date(), None if within is None else self._vector_ids(within)
        return partial(vectors.search, within=ids)

    def similarity(self, vector: NDArray[np.float32], vector_ids: Sequence[int]) -> list[float]:
        """Inner product of ``vector`` with each of these stored vectors.

        Raises:
            KeyError: one is no longer stored.
        """
        return [float(product) for product in self._up_to_date().reconstruct(vector_ids) @ vector]

    def copies(self, vector_ids: Sequence[int], within: Collection[str] | None = None) -> dict[int, list[Copy]]:
        """The chunks that each of these vectors stands for, newest first, of the releases ``within``."""
        where, values = "", []
        if within is not None:
            where = " AND release_id IN (SELECT value FROM json_each(?))"
            values = [json.dumps(list(within))]
        found: dict[int, list[Copy]] = {}
        for vector_id, *copy in self._database.rows(
            "SELECT vector_id, chunks.id, release_id FROM chunks JOIN releases ON releases.id = release_id "
            "WHERE vector_id IN (SELECT value FROM json_each(?))"
            + where
            + " ORDER BY published IS NULL, published DESC, chunks.id",
            (json.dumps(list(vector_ids)), *values),
        ):
            found.setdefault(vector_id, []).append(Copy(*copy))
        return found

    def _vector_ids(self, release_ids: Collection[str]) -> list[int]:
        rows = self._database.rows(
            "SELECT DISTINCT vector_id FROM chunks WHERE release_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(release_ids)),),
        )
        return [vector_id for (vector_id,) in rows]

    def _up_to_date(self) -> Vectors:
        """The vectors at the database's generation."""
        if self._vectors.generation == self.generation:
            return self._vectors
        with self._database.snapshot():
            if mismatch := self._mismatch():
                raise mismatch
            ids = {vector_id for (vector_id,) in self._database.rows("SELECT id FROM vectors")}
            self._vectors.synchronise(self.generation, ids, self._stored_vectors)
        return self._vectors

    def _stored_vectors(self, vector_ids: Sequence[int]) -> NDArray[np.float32]:
        import numpy as np

        rows = self._database.rows(
            "SELECT vector FROM vectors WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(list(vector_ids)),),
        )
        return np.frombuffer(b"".join(vector for (vector,) in rows), "<f4").reshape(-1, self.embedder.dimension)

    # -- verify --------------------------------------------------------------------------------------------------------

    def verify(self) -> list[Problem]:
        """Check everything that is stored against everything else; an empty list means that all is well."""
        problems = [
            Problem(str(self._database.path), str(row[0]))
            for row in self._database.rows("PRAGMA integrity_check")
            if row[0] != "ok"
        ]
        problems += [
            Problem(f"{table} {row}", f"names a missing row of {parent}")
            for table, row, parent, _ in self._database.rows("PRAGMA foreign_key_check")
        ]
        for ref in self.releases():
            problems += self._verify_release(ref)
        problems += self._verify_vectors()
        # Vectors of a wrong size cannot be compared; the file derived from them is not to blame.
        return problems + ([] if any("a vector of" in problem.what for problem in problems) else self._verify_derived())

    def _verify_release(self, ref: ReleaseRef) -> list[Problem]:
        release = self._load_release(ref.id)
        if release is None:
            return []  # removed by another process since it was listed
        where = ref.source or ref.id
        problems = []
        if hashlib.sha256(release.text.encode()).hexdigest() != release.sha256:
            problems.append(Problem(where, "the stored text does not have the stored sha256"))
        if not ref.source:
            problems.append(Problem(where, "no file is known to hold this release"))
        previous = 0
        for start, end, stored in self._database.rows(
            'SELECT start, "end", digest FROM chunks LEFT JOIN vectors ON vectors.id = vector_id '
            "WHERE release_id = ? ORDER BY start",
            (ref.id,),
        ):
            if not previous <= start < end <= len(release.text):
                problems.append(Problem(where, f"chunk [{start}, {end}) overlaps another or lies outside the text"))
            elif stored != digest(release.text[start:end]):
                problems.append(Problem(where, f"chunk [{start}, {end}) has the vector of other words"))
            previous = end
        if not previous:
            problems.append(Problem(where, "has no chunks"))
        return problems

    def _verify_vectors(self) -> list[Problem]:
        problems = [
            Problem(f"vector {id_}", f"a vector of {size} bytes, where {4 * self.embedder.dimension} are expected")
            for id_, size in self._database.rows(
                "SELECT id, length(vector) FROM vectors WHERE length(vector) <> ?", (4 * self.embedder.dimension,)
            )
        ]
        unused = self._database.rows("SELECT id FROM vectors WHERE id NOT IN (SELECT vector_id FROM chunks)")
        return problems + [Problem(f"vector {id_}", "belongs to no chunk") for (id_,) in unused]

    def _verify_derived(self) -> list[Problem]:
        import numpy as np

        problems = []
        try:
            self._database.rows("INSERT INTO chunk_words (chunk_words, rank) VALUES ('integrity-check', 1)")
        except NotAnIndex:
            problems.append(Problem("full text", "does not match the chunks; citewire add --rebuild makes it again"))
        vectors = self._up_to_date()
        ids = sorted(vector_id for (vector_id,) in self._database.rows("SELECT id FROM vectors"))
        if set(ids) != vectors.ids():
            problems.append(Problem(VECTORS, "does not hold the same vectors as the database"))
        elif ids and not np.array_equal(vectors.reconstruct(ids), self._stored_vectors(ids)):
            problems.append(Problem(VECTORS, "holds other vectors than the database"))
        return problems


def _literal(word: str) -> str:
    # SQLite reads a statement's strings up to the first NUL; a quote would end the literal.
    return '"' + re.sub('["\0]', " ", word) + '"'


def digest(text: str) -> str:
    """What chunks of the same words have in common: SHA-256 of the text, white space and case apart.

    >>> digest("About  Acme") == digest("about acme"), digest("$3.2 million") == digest("$32 million")
    (True, False)
    """
    return hashlib.sha256(" ".join(text.split()).casefold().encode()).hexdigest()


def _date(day: Any) -> date | None:
    return date.fromisoformat(day) if day else None
