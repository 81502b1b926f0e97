"""Word and RTF files -> Draft."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from index.read.draft import Draft, Unreadable
from index.read.grid import GridCell, grid_blocks
from index.read.text import from_text
from index.read.web import from_html

MOST_UNPACKED = 100_000_000  # bytes: the XML of a release of 60 pages has two million
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='Headline'] => h1:fresh
"""


def from_word(data: bytes) -> Draft:
    """A .docx file, by way of the HTML that mammoth makes of it.

    Raises:
        Unreadable: it is damaged, or would unpack to more than ``MOST_UNPACKED`` bytes.
    """
    import mammoth

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise Unreadable(f"it unpacks to more than {MOST_UNPACKED / 1e6:.0f} MB; no release does")
        page = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=_no_image)
    except Unreadable:
        raise
    except (KeyError, ValueError, OSError, AttributeError, zipfile.BadZipFile, SyntaxError) as error:
        raise Unreadable("a damaged Word file: it cannot be opened") from error
    return from_html(f"<html><body>{page.value}</body></html>")


def _no_image(image: Any) -> list[Any]:
    return []


def from_rtf(text: str) -> Draft:
    """A rich text file: its text, and its tables, of which striprtf parts the cells by bars.

    Raises:
        Unreadable: it is damaged.
    """
    from striprtf.striprtf import rtf_to_text

    try:
        plain: str = rtf_to_text(text, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, UnicodeError, RecursionError) as error:
        raise Unreadable("a damaged RTF file: it cannot be read") from error
    draft = Draft()
    for is_table, part in _runs(plain):
        if is_table:
            rows = [line.removesuffix("|").split("|") for line in part]
            cells = [[GridCell(n, n + 1, " ".join(t.split())) for n, t in enumerate(row) if t.strip()] for row in rows]
            for kind, block in grid_blocks(cells):
                draft.add(kind, block)
        else:
            # A line of a rich text is a paragraph.
            draft.blocks += from_text("\n\n".join(part)).blocks
    return draft


def _runs(plain: str) -> list[tuple[bool, list[str]]]:
    found: list[tuple[bool, list[str]]] = []
    for line in re.split(r"\r?\n", plain):
        is_table = line.rstrip().endswith("|")
        if not found or found[-1][0] != is_table:
            found.append((is_table, []))
        found[-1][1].append(line.rstrip())
    return found
