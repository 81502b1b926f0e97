"""What a format's function hands over: blocks of text in reading order, and what the file states outright."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from index.dateline import dateline
from index.release import BlockKind, canonical

MOST_CHARACTERS = 1_000_000  # of text: the longest of 3,000 wire releases has 60,000, an annual report 600,000


class ReadError(ValueError):
    """A file that cannot become a release. ``path`` and ``reason`` say which and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Unreadable(ValueError):
    """Why a format's function cannot make text of a file; `parse` says which file it was."""


@dataclass(slots=True)
class Draft:
    """What a format's function finds in a file: blocks of text in reading order, and what the file states outright."""

    blocks: list[tuple[BlockKind, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(
        default_factory=dict
    )  # headline, issuer, tickers, date, url from front matter or meta

    warnings: list[str] = field(default_factory=list)  # what a person should know of how it was read

    def add(self, kind: BlockKind, text: str) -> None:
        """Append a block; white space alone is no block."""
        text = re.sub(r"\n\s*\n", "\n", canonical(text))
        # An empty first cell is a tab at the very start, and says which column the next cell is in.
        text = text.strip("\n ") if kind == "table" else text.strip()
        if text.strip():
            self.blocks.append((kind, text))

    def bound(self) -> None:
        """Leave out what comes after ``MOST_CHARACTERS``, and warn of it."""
        left = MOST_CHARACTERS
        for number, (kind, text) in enumerate(self.blocks):
            if len(text) > left:
                kept = (text[:left].rpartition("\n" if kind == "table" else " ")[0] or text[:left]).rstrip()
                self.blocks[number:] = [(kind, kept)] if kept.strip() else []
                self.warnings.append(f"only its first {MOST_CHARACTERS:,} characters were read: it has too much text")
                return
            left -= len(text)


BULLET = re.compile(r"\s*[•●▪◦‣·*–-]\s+\S")
SENTENCE_END = re.compile(r"[.!?…][\"”’')\]]*$")


def with_headings(blocks: list[tuple[BlockKind, str]]) -> list[tuple[BlockKind, str]]:
    """Call a paragraph a heading when it is one short line without a full stop and prose follows it.

    A lone line that no prose follows (a name in a contact block, say) stays text, so that it can be cited.
    """
    found: list[tuple[BlockKind, str]] = []
    for (kind, text), (next_kind, following) in zip(blocks, [*blocks[1:], ("heading", "")], strict=False):
        heads_prose = next_kind in ("list", "table") or (len(following) >= 80 and bool(SENTENCE_END.search(following)))
        is_title = "\n" not in text and len(text) <= 100 and text[-1] not in '.!?;,…”"'
        stated = kind == "paragraph" and next_kind != "heading" and heads_prose and is_title
        found.append(("heading" if stated and dateline(text) is None else kind, text))
    return found


_UNITS = re.compile(
    r"\b(?:in|\$|€|£|amounts|dollars|shares)\b.*\b(?:thousands?|millions?|billions?)|\bunaudited\b|\bper share\b", re.I
)
_COMPANY = re.compile(r"\b(?:Inc|Corp|Co|Cos|Ltd|L\.?P|L\.?L\.?C|N\.V|S\.A|plc)\.$", re.IGNORECASE)
MOST_TITLE = 160  # characters of one line of a table's title


def titled(blocks: list[tuple[BlockKind, str]]) -> list[tuple[BlockKind, str]]:
    """Take the short lines right above a table together as its title: statement, company, period, units."""
    found: list[tuple[BlockKind, str]] = []
    for kind, text in blocks:
        if kind == "table":
            title: list[str] = []
            while found and _is_title(found[-1], bool(title)):
                title.insert(0, found.pop()[1])
            if title:
                found.append(("heading", "\n".join(title)))
        found.append((kind, text))
    return found


def _is_title(block: tuple[BlockKind, str], is_above_title: bool) -> bool:
    kind, text = block
    if kind == "heading":
        return True
    if kind != "paragraph":
        return False
    for line in reversed(text.split("\n")):
        if not _is_title_line(line, is_above_title):
            return False
        is_above_title = True
    return True


def _is_title_line(line: str, is_above_title: bool) -> bool:
    is_sentence = line[-1] in ".!?;,:" and not _COMPANY.search(line)
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 3]
    is_capital = bool(words) and sum(word[0].isupper() for word in words) >= 0.8 * len(words)
    speaks_of_table = bool(_UNITS.search(line)) or (is_above_title and is_capital)
    return len(line) <= MOST_TITLE and not is_sentence and speaks_of_table
