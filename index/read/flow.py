"""A tree of HTML elements -> blocks, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from index.read.grid import GridCell, grid_blocks, placed
from index.release import BlockKind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_DEPTH = 240  # of elements inside elements; libxml2 itself stops at 255

_SKIPPED = frozenset(
    "head script style noscript template svg math iframe object embed applet canvas audio video map button select "
    "option textarea input datalist dialog ix:header".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol p pre section summary table tbody tfoot thead "
    "td th tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOLD = frozenset(("b", "strong"))
# What old pages write as numbers of Windows-1252's characters, as browsers read it.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)|font\s*:[^;]*\bbold\b", re.IGNORECASE)
_LIGHT = re.compile(r"font-weight\s*:\s*(?:normal|[1-4]00)", re.IGNORECASE)


class Flowed(NamedTuple):
    """A block and the element whose text it is."""

    kind: BlockKind
    text: str
    element: HtmlElement


def flow(root: HtmlElement, skipped: frozenset[str] = frozenset()) -> Iterator[Flowed]:
    """The blocks of a tree.

    Args:
        skipped: names of elements that are left out with all they hold, beside those that are never text.
    """
    yield from _Walk(skipped).blocks(root)


class _Walk:
    """Gathers the text of inline elements until a block begins or ends."""

    def __init__(self, skipped: frozenset[str]) -> None:
        self._skipped = _SKIPPED | skipped
        self._text: list[str] = []
        self._bold: list[str] = []  # the part of it that is bold
        self._made: list[Flowed] = []

    def blocks(self, root: HtmlElement) -> list[Flowed]:
        self._element(root, bold=False, depth=0, kind="paragraph")
        self._flush("paragraph", root)
        return self._made

    def blocks_in(self, cell: HtmlElement) -> list[Flowed]:
        """The blocks inside one cell."""
        self._inside(cell, bold=False, depth=0, kind="paragraph")
        self._flush("paragraph", cell)
        return self._made

    def _element(self, element: HtmlElement, *, bold: bool, depth: int, kind: BlockKind) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in self._skipped or depth > MOST_DEPTH or _is_hidden(element):
            return
        bold = _is_bold(element, bold)
        if tag == "br":
            self._text.append("\n")
        elif tag == "sup" and (raised := as_raised("".join(element.itertext()))):
            self._add(raised, bold, False)
        elif tag == "table":
            self._flush(kind, element)
            self._table(element, depth)
        elif tag in _BLOCKS:
            inner: BlockKind = "heading" if tag in _HEADINGS else "list" if tag in ("li", "dd") else kind
            self._flush(kind, element)
            self._inside(element, bold, depth, inner)
            self._flush(inner, element)
        else:
            self._inside(element, bold, depth, kind)

    def _inside(self, element: HtmlElement, bold: bool, depth: int, kind: BlockKind) -> None:
        self._add(element.text, bold, element.tag == "pre")
        for child in element:
            self._element(child, bold=bold, depth=depth + 1, kind=kind)
            self._add(child.tail, bold, element.tag == "pre")

    def _add(self, text: str | None, bold: bool, is_kept: bool) -> None:
        if text:
            text = text.translate(_WINDOWS) if is_kept else re.sub(r"\s+", " ", text.translate(_WINDOWS))
            self._text.append(text)
            if bold:
                self._bold.append(text)

    def _flush(self, kind: BlockKind, element: HtmlElement) -> None:
        text, bold = "".join(self._text), "".join(self._bold)
        self._text, self._bold = [], []
        is_bold = len(_packed(bold)) >= 0.95 * len(_packed(text)) > 0
        for part in re.split(r"\n\s*\n", text):
            part = re.sub(r"[^\S\n]+", " ", part)
            part = re.sub(r" ?\n ?", "\n", part).strip()
            if not part:
                continue
            if kind == "list":
                self._made.append(Flowed("list", f"- {part}", element))
            elif kind == "paragraph" and is_bold and _may_head(part):
                self._made.append(Flowed("heading", part, element))
            else:
                self._made.append(Flowed(kind, part, element))

    def _table(self, table: HtmlElement, depth: int) -> None:
        rows = list(_rows(table))
        if any(cell.find(".//table") is not None for row in rows for cell in row) or depth > MOST_DEPTH - 8:
            self._laid_out(rows, depth)
            return
        marked = [
            [(_cell_text(cell, self._skipped), _span(cell, "colspan"), _span(cell, "rowspan")) for cell in row]
            for row in rows
        ]
        if all(sum(bool(text) for text, _, _ in row) < 2 for row in marked):
            self._laid_out(rows, depth)
            return
        grid: list[list[GridCell]] = placed(marked)
        self._made += [Flowed(kind, text, table) for kind, text in grid_blocks(grid)]

    def _laid_out(self, rows: list[list[HtmlElement]], depth: int) -> None:
        """The text in a table that only lays out a page."""
        for row in rows:
            for cell in row:
                self._inside(cell, bold=False, depth=depth + 2, kind="paragraph")
                self._flush("paragraph", cell)


def _rows(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    """The cells of each row of a table, not of the tables in it."""
    for part in table:
        if part.tag == "tr":
            yield [cell for cell in part if cell.tag in ("td", "th")]
        elif part.tag in ("tbody", "thead", "tfoot"):
            yield from _rows(part)
        elif part.tag == "caption":
            yield [part]


def _cell_text(cell: HtmlElement, skipped: frozenset[str]) -> str:
    return " ".join(" ".join(block.text.removeprefix("- ").split()) for block in _Walk(skipped).blocks_in(cell))


def _span(cell: HtmlElement, name: str) -> int:
    written = (cell.get(name) or "").strip()
    return int(written) if written.isdigit() and len(written) < 6 else 1


def _is_hidden(element: HtmlElement) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style") or ""))


def _is_bold(element: HtmlElement, inherited: bool) -> bool:
    style = element.get("style") or ""
    if element.tag in _BOLD or _HEAVY.search(style):
        return True
    return inherited and not _LIGHT.search(style)


def _may_head(text: str) -> bool:
    return "\n" not in text.strip() and len(text) <= 200 and text[-1] not in ".!?;,"


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def as_raised(text: str) -> str:
    """One or two figures as raised ones, so that a note's mark does not become part of a number; else nothing.

    >>> as_raised("1"), as_raised("th")
    ('¹', '')
    """
    text = text.strip()
    return text.translate(_RAISED) if text.isascii() and text.isdigit() and len(text) < 3 else ""


def _packed(text: str) -> str:
    return re.sub(r"\s", "", text)
