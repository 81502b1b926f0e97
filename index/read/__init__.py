"""File -> Release: one function a format, each turning source text into blocks.

    Error family:  ReadError(path, reason)      one line: which file, what is wrong

The kinds of file are those of ``FORMATS``; a new format is one function and one line there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from index import metadata
from index.read.draft import Draft, ReadError
from index.read.markdown import from_markdown
from index.read.text import decode, from_text
from index.read.web import from_html
from index.release import Block, Release, canonical

__all__ = ["MAX_BYTES", "Draft", "ReadError", "decode", "find", "load", "parse", "read"]

MAX_BYTES = 10_000_000  # the longest of 3,000 wire releases has 60 kB; ten megabytes of text is no release


def read(path: str | Path) -> Release:
    """Read the release in the file at ``path``.

    Raises:
        ReadError: the file cannot be read, is too large, is not text, holds no text, or is of an unknown kind.
    """
    name = str(path)
    return parse(load(path), name)


def load(path: str | Path) -> bytes:
    """The bytes of a release file.

    Raises:
        ReadError: the file cannot be read, is no regular file or is larger than ``MAX_BYTES``.
    """
    name = str(path)
    if name != name.encode("utf-8", "replace").decode("utf-8"):
        raise ReadError(name, "its name is not UTF-8 and cannot be kept; rename the file")
    try:
        if not os.path.isfile(path):
            raise ReadError(name, "no such file" if not os.path.lexists(path) else "not a regular file")
        size = os.path.getsize(path)
        if size > MAX_BYTES:
            raise ReadError(
                name, f"{size / 1e6:.1f} MB, but a release has at most {MAX_BYTES / 1e6:.0f} MB; split it up"
            )
        return Path(path).read_bytes()
    except OSError as error:
        raise ReadError(name, f"cannot be read ({error.strerror})") from error


def parse(data: bytes, source: str) -> Release:
    """Make the release out of a file's bytes; ``source`` names it and its ending tells the format.

    Raises:
        ReadError: as `read`.
    """
    form = FORMATS.get(Path(source).suffix.lower())
    if form is None:
        raise ReadError(source, f"unknown kind of file; known are {', '.join(FORMATS)}")
    draft = form(decode(data, source))
    if not draft.blocks:
        raise ReadError(source, "no text in it")
    return _release(draft, source)


def _release(draft: Draft, source: str) -> Release:
    """Lay the blocks out as canonical text and fill in what the words say where the file does not say it outright."""
    blocks, parts, position = [], [], 0
    for kind, text in draft.blocks:
        blocks.append(Block(kind, position, position + len(text)))
        parts.append(text)
        position += len(text) + 2
    facts = draft.facts
    headline = str(facts.get("headline") or metadata.headline_of(parts) or source)
    body = [part for part in parts if " ".join(part.split()) != headline]
    issuer, tickers = metadata.issuer_and_tickers(headline, body)
    stated = facts.get("tickers") or ()
    return Release.of(
        "\n\n".join(parts),
        headline=canonical(" ".join(headline.split())),
        source=source,
        issuer=facts.get("issuer") or issuer,
        tickers=tuple(stated) or tickers,
        published=facts.get("date") or metadata.published(body[: metadata.OPENING_BLOCKS]),
        url=facts.get("url"),
        blocks=tuple(blocks),
    )


FORMATS: dict[str, Callable[[str], Draft]] = {
    ".txt": from_text,
    ".md": from_markdown,
    ".markdown": from_markdown,
    ".html": from_html,
    ".htm": from_html,
}


def find(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Every release file among ``paths``: files as given, folders searched for the endings of ``FORMATS``, by name.

    A folder reached a second time through a link is not searched again; hidden files and folders are left out.
    """
    seen: set[tuple[int, int]] = set()
    for path in map(Path, paths):
        if path.is_dir():
            yield from _in_folder(path, seen)
        else:
            yield path


def _in_folder(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder, followlinks=True):
        status = os.stat(root)
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in FORMATS:
                yield Path(root, name)
