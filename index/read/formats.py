"""Which function reads which kind of file."""

from __future__ import annotations

import re

from index.read.draft import Draft, Unreadable
from index.read.kind import Kind
from index.read.markdown import from_markdown
from index.read.office import from_rtf, from_word
from index.read.pdf import from_pdf
from index.read.text import decode, from_text
from index.read.web import from_html

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,30})|<\?xml[^>]{0,200}encoding=[\"']([\w-]+)", re.I
)


def draft_of(data: bytes, kind: Kind) -> Draft:
    """What a file of this kind holds.

    Raises:
        Unreadable: it is damaged, locked, or no text.
    """
    if kind == "pdf":
        return from_pdf(data)
    if kind == "word":
        return from_word(data)
    if kind == "rtf":
        return from_rtf(data.decode("latin-1"))  # seven bits, all others are written as codes
    text = page_text(data) if kind == "html" else decode(data)
    return {"html": from_html, "markdown": from_markdown}.get(kind, from_text)(text)


def page_text(data: bytes) -> str:
    """The text of a page in the encoding that it declares, else in the one that its bytes tell.

    Raises:
        Unreadable: it is none of these.

    >>> page_text('<meta charset="iso-8859-2"><p>Łódź'.encode("iso-8859-2"))[-4:]
    'Łódź'
    """
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = (declared[1] or declared[2]).decode()
        # As browsers do: Latin-1 means Windows-1252, and what says UTF-16 in ASCII letters cannot be.
        if name.lower() not in ("utf-8", "utf8", "iso-8859-1", "latin1", "us-ascii", "ascii", "utf-16", "windows-1252"):
            try:
                return data.decode(name)
            except (UnicodeDecodeError, LookupError):
                pass
    return decode(data)


__all__ = ["Unreadable", "draft_of"]
