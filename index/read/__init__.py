"""Files -> releases: PDF, Word, RTF, web pages and exhibits, plain text, Markdown, e-mails, and zip files of these.

Error family:  ReadError(path, reason)      one line: which file, what is wrong

kind.py      which kind a file is, from what is in it
parts.py     a file -> the documents in it (archives, e-mails, EDGAR submissions)
formats.py   a document -> Draft, one function a format: text, markdown, web, pdf, office
worker.py    the same in a process of its own, bounded in time and memory
tables.py    lines -> tables among them, by way of cells.py and columns.py; grid.py for tables marked as such
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from index.dateline import OPENING_BLOCKS, period_end, published, sent
from index.headline import headline_of
from index.issuer import issuer_and_tickers
from index.read.draft import Draft, ReadError, Unreadable
from index.read.formats import draft_of
from index.read.kind import ENDINGS, Kind, kind_of
from index.read.parts import Part
from index.read.text import decode, recoded
from index.read.worker import draft_apart, unpacked_apart
from index.release import Block, Release, canonical

__all__ = [
    "ENDINGS",
    "MAX_BYTES",
    "Draft",
    "Part",
    "ReadError",
    "Reading",
    "decode",
    "find",
    "load",
    "parse",
    "read",
    "read_part",
    "unpack",
]

MAX_BYTES = 10_000_000  # the longest of 3,000 wire releases has 60 kB; ten megabytes of text is no release
MAX_BINARY = 50_000_000  # with pictures in it
MAX_ARCHIVE = 200_000_000
SMALL = 100_000  # bytes of plain text or Markdown that are read in this process: nothing in them can do harm

_LIMITS: dict[Kind, int] = {
    "pdf": MAX_BINARY,
    "word": MAX_BINARY,
    "rtf": MAX_BINARY,
    "mail": MAX_BINARY,
    "outlook": MAX_BINARY,
    "submission": MAX_BINARY,
    "zip": MAX_ARCHIVE,
}
_HOLDS_PARTS = frozenset(("mail", "outlook", "submission", "zip"))


class Reading(NamedTuple):
    """A release and what a person should know of how it was read."""

    release: Release
    warnings: tuple[str, ...]  # "no date found", …: empty when all is well


def read(path: str | Path) -> Release:
    """Read the release in the file at ``path``.

    Raises:
        ReadError: the file cannot be read, is too large, holds no text or more than one document, or is of a kind that
            holds no release.
    """
    name = str(path)
    return parse(load(path), name)


def load(path: str | Path) -> bytes:
    """The bytes of a release file.

    Raises:
        ReadError: the file cannot be read, is no regular file or is too large for its kind.
    """
    name = str(path)
    if name != name.encode("utf-8", "replace").decode("utf-8"):
        raise ReadError(name, "its name is not UTF-8 and cannot be kept; rename the file")
    try:
        if not os.path.isfile(path):
            raise ReadError(name, "no such file" if not os.path.lexists(path) else "not a regular file")
        size = os.path.getsize(path)
        if size > MAX_BYTES:
            with open(path, "rb") as file:
                _check_size(name, size, _kind(file.read(1_000_000), name))
        return Path(path).read_bytes()
    except OSError as error:
        raise ReadError(name, f"cannot be read ({error.strerror})") from error


def _check_size(name: str, size: int, kind: Kind) -> None:
    limit = _LIMITS.get(kind, MAX_BYTES)
    if size > limit:
        what = "a release" if limit == MAX_BYTES else "such a file"
        raise ReadError(name, f"{size / 1e6:.1f} MB, but {what} has at most {limit / 1e6:.0f} MB; split it up")


def _kind(data: bytes, source: str) -> Kind:
    """The kind of a file, of which the first megabyte may be all that is looked at."""
    try:
        return kind_of(data, source)
    except Unreadable as error:
        if data.startswith(b"PK\x03\x04") and len(data) == 1_000_000:  # its directory stands at its end
            return "zip"
        raise ReadError(source, str(error)) from error


def unpack(data: bytes, source: str, facts: Mapping[str, Any] | None = None, content_type: str = "") -> list[Part]:
    """The documents in a file: itself, or what is in an archive, an e-mail or an EDGAR submission.

    Args:
        facts: what is known of it from outside, by the names of `Draft.facts`.
        content_type: as a web server states it, parameters included; what is in the file counts for more.

    Raises:
        ReadError: it is damaged, locked, or of a kind that holds no release.
    """
    kind = _kind(data, source)
    _check_size(source, len(data), kind)
    if content_type and kind in ("text", "html"):
        data, kind = recoded(data, content_type), "markdown" if "/markdown" in content_type else kind
    if kind not in _HOLDS_PARTS:
        return [Part(source, data, kind, dict(facts or {}))]
    try:
        parts = unpacked_apart(data, source, kind)
    except Unreadable as error:
        raise ReadError(source, str(error)) from error
    if not parts:
        raise ReadError(source, "there is nothing in it")
    return [Part(part.source, part.data, part.kind, part.facts | dict(facts or {}), part.trouble) for part in parts]


def read_part(part: Part) -> Reading:
    """Make a release out of one document.

    Raises:
        ReadError: it is damaged, locked, too large, or holds no text.
    """
    if part.trouble:
        raise ReadError(part.source, part.trouble)
    kind = part.kind or _kind(part.data, part.source)
    _check_size(part.source, len(part.data), kind)
    is_harmless = kind in ("markdown", "text") and len(part.data) <= SMALL
    try:
        draft = draft_of(part.data, kind) if is_harmless else draft_apart(part.data, kind)
    except Unreadable as error:
        raise ReadError(part.source, str(error)) from error
    draft.bound()
    if not any(re.search(r"[^\W\d_]{2}", text) for _, text in draft.blocks):
        raise ReadError(part.source, "no text in it")
    if all(kind == "heading" for kind, _ in draft.blocks):
        raise ReadError(part.source, "nothing but headings in it, and no text")
    # What a file says of itself beats what an e-mail's subject says of it; what a filing says beats both.
    soft = {name: value for name, value in part.facts.items() if name in ("headline", "url")}
    draft.facts = soft | draft.facts | {name: value for name, value in part.facts.items() if name not in soft}
    return _release(draft, part.source)


def parse(data: bytes, source: str, facts: Mapping[str, Any] | None = None) -> Release:
    """Make the release out of the bytes of a file; of an e-mail without what is attached to it.

    Args:
        source: names it in messages; its ending tells Markdown from plain text.
        facts: what is known of it from outside, by the names of `Draft.facts`.

    Raises:
        ReadError: as `read`.
    """
    first, *others = unpack(data, source, facts)
    if first.source != source:
        raise ReadError(source, f"holds {len(others) + 1:,} files; read its parts with index.read.unpack")
    return read_part(first).release


def _release(draft: Draft, source: str) -> Reading:
    """Lay the blocks out as canonical text and fill in what the words say where the file does not say it outright."""
    blocks, parts, position = [], [], 0
    for kind, text in draft.blocks:
        blocks.append(Block(kind, position, position + len(text)))
        parts.append(text)
        position += len(text) + 2
    facts = draft.facts
    prose = [text for kind, text in draft.blocks if kind != "table"]
    named = facts.get("headline") or headline_of(prose)
    headline = str(named or Path(source).name)
    body = [part for part in parts if " ".join(part.split()) != headline]
    issuer, tickers = issuer_and_tickers(headline, body)
    stated = facts.get("tickers") or ()
    near = [*([facts["around"]] if "around" in facts else []), *sent("\n".join(body[-10:]))]
    release = Release.of(
        "\n\n".join(parts),
        headline=canonical(" ".join(headline.split())),
        source=source,
        issuer=facts.get("issuer") or issuer or facts.get("filer"),
        tickers=tuple(stated) or tickers or tuple(facts.get("filer_tickers", ())),
        published=facts.get("date") or published(body[:OPENING_BLOCKS], near),
        url=facts.get("url"),
        blocks=tuple(blocks),
        filed=facts.get("filed"),
        period_end=period_end(headline, body[:OPENING_BLOCKS]),
        cik=facts.get("cik"),
    )
    lacking = (("date", release.published), ("issuer", release.issuer), ("headline", named))
    return Reading(release, (*draft.warnings, *(f"no {what} found" for what, found in lacking if not found)))


def find(paths: Iterable[str | Path], others: list[Path] | None = None) -> Iterator[Path]:
    """Every release file among ``paths``: files as given, folders searched for the endings of ``ENDINGS``, by name.

    A folder reached a second time through a link is not searched again; hidden files and folders are left out.

    Args:
        others: gets the files in the folders that have other endings.
    """
    seen: set[tuple[int, int]] = set()
    for path in map(Path, paths):
        if path.is_dir():
            yield from _in_folder(path, seen, others)
        else:
            yield path


def _in_folder(folder: Path, seen: set[tuple[int, int]], others: list[Path] | None) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, followlinks=True):
        status = os.stat(root)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            if Path(name).suffix.lower() in ENDINGS:
                yield Path(root, name)
            elif others is not None:
                others.append(Path(root, name))
