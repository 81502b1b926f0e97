"""Plain text -> Draft, and bytes -> text."""

from __future__ import annotations

import re

from index.read.draft import BULLET, Draft, ReadError, with_headings
from index.release import canonical


def decode(data: bytes, source: str) -> str:
    """Text of a file in UTF-8 (with or without BOM), UTF-16 (likewise) or Windows-1252.

    Raises:
        ReadError: the bytes are not text in any of these.

    >>> decode("Łódź".encode("utf-16"), "a.txt"), decode(b"caf\\xe9 \\x80 5", "b.txt")
    ('Łódź', 'café € 5')
    """
    if not data.strip():
        raise ReadError(source, "empty file")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
        if max(even, odd) > 0.3 * min(len(data), 2000) / 2 and min(even, odd) <= 0.02 * max(even, odd):
            return data.decode("utf-16-le" if odd > even else "utf-16-be")
        if b"\0" in data:
            raise ReadError(source, "not text (it holds NUL bytes): a binary file with a text file's name?")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise ReadError(source, "not text in UTF-8, UTF-16 or Windows-1252: a binary file?") from None
    controls = len(re.findall("[\x01-\x08\x0e-\x1a\x1c-\x1f]", text))
    if controls > len(text) / 1000:
        raise ReadError(source, "not text (it is full of control characters): a binary file with a text file's name?")
    return text


def from_text(text: str) -> Draft:
    """Blocks parted by blank lines; lines of bullets are lists; a short line over prose is a heading."""
    draft = Draft()
    paragraphs = [part.strip("\n") for part in re.split(r"\n[^\S\n]*\n", canonical(text)) if part.strip()]
    for part in paragraphs:
        draft.add("list" if BULLET.match(part) else "paragraph", part)
    draft.blocks = with_headings(draft.blocks)
    return draft
