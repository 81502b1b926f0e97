"""A table of a release: its cells, each a range of the release's characters, and the headings each stands under.

>>> text = "In thousands\\tThree months ended March 31,\\t\\n\\t2025\\t2024\\nRevenue\\t$1,200\\t$900"
>>> table = Table(text, 0, len(text))
>>> cell = table.at(text.index("$900"))
>>> table.row_head(cell), table.column_head(cell), table.units(cell)
('Revenue', 'Three months ended March 31, 2024', 'In thousands')
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from index.read.cells import is_value
from index.release import Release

MOST_HEADINGS = 6  # rows of them at the top of a table
MOST_PARTS = 2  # "Operating expenses:", "Sales": a part, and a part of that

_COUNT = r"(?:(?:thousand|million|billion)s?|000['’]?s|(?<=[$€£¥])(?:k|mn?|bn))\b[^()\n\t;]{0,80}"
_CURRENCY = r"(?:US|CA|C|A|AU|NZ|HK)?[$€£¥]"
_UNITS = re.compile(
    rf"(?:(?:\b(?:dollars|amounts|figures)|{_CURRENCY}|\b[A-Z]{{3}})(?:\s(?:are|expressed|stated))?\s)?"
    rf"\bin\s(?:\S{{1,12}}\s){{0,3}}?[$€£¥]?{_COUNT}|(?<=\()(?:{_CURRENCY}\s?)?{_COUNT}",
    re.IGNORECASE,
)

Range = tuple[int, int]


class Cell(NamedTuple):
    """A cell: characters ``[start, end)`` of the release, in row and column counted from 0."""

    row: int
    column: int
    start: int
    end: int


class Table:
    """The table that the characters ``[start, end)`` of a text are, rows parted by line ends and cells by tabs."""

    def __init__(self, text: str, start: int, end: int, caption: str = "") -> None:
        self.text = text
        self.start, self.end = start, end
        self.caption = caption  # title and units: the heading right above the table

    @classmethod
    def around(cls, release: Release, position: int) -> Table | None:
        """The table that the character at ``position`` stands in; None where it is in none."""
        at = bisect_right(release.blocks, position, key=lambda block: block.start) - 1
        if at < 0 or release.blocks[at].kind != "table" or position >= release.blocks[at].end:
            return None
        before = release.blocks[at - 1] if at else None
        caption = release.text[before.start : before.end] if before and before.kind == "heading" else ""
        return cls(release.text, release.blocks[at].start, release.blocks[at].end, caption)

    @cached_property
    def rows(self) -> list[list[Range]]:
        """The ranges of the cells, row by row."""
        found: list[list[Range]] = []
        at = self.start
        for line in self.text[self.start : self.end].split("\n"):
            row: list[Range] = []
            for cell in line.split("\t"):
                row.append((at, at + len(cell)))
                at += len(cell) + 1
            found.append(row)
        return found

    @cached_property
    def cells(self) -> list[Cell]:
        """All cells that are not empty, in order."""
        return [
            Cell(number, column, start, end)
            for number, row in enumerate(self.rows)
            for column, (start, end) in enumerate(row)
            if start < end
        ]

    def at(self, position: int) -> Cell | None:
        """The cell in which the character at ``position`` stands; None where it is a tab or line end."""
        number = bisect_right(self.cells, position, key=lambda cell: cell.start) - 1
        cell = self.cells[number] if number >= 0 else None
        return cell if cell and cell.start <= position < cell.end else None

    def words(self, at: Range | Cell) -> str:
        """The text of a range or cell."""
        return self.text[at[-2] : at[-1]]

    # -- headings ------------------------------------------------------------------------------------------------------

    @cached_property
    def _kinds(self) -> list[str]:
        """Of each row whether it is "body" with figures, "heading" over columns, or a "label" alone."""
        kinds = []
        for row in self.rows:
            rest = [self.words(cell) for cell in row[1:]]
            if any(map(is_value, rest)):
                kinds.append("body")
            else:
                kinds.append("heading" if any(rest) else "label")
        if "body" not in kinds:  # a table of words: its first row names the columns
            return ["heading", *["body"] * (len(kinds) - 1)] if len(kinds) > 1 else ["body"]
        return kinds

    @property
    def headings(self) -> int:
        """Number of rows at the top that are headings; labels that stand alone below them are none.

        Where there are no headings, a label alone in the first row is taken for one.
        """
        count = 0
        for number, kind in enumerate(self._kinds[:MOST_HEADINGS]):
            if kind == "body":
                break
            if kind == "heading":
                count = number + 1
        return count or int(self._kinds[0] == "label" and len(self._kinds) > 1)

    def is_body(self, row: int) -> bool:
        """Whether a row has figures, or words, under headings."""
        return self._kinds[row] == "body"

    def heading_rows(self, row: int) -> list[int]:
        """The rows of headings that hold for a row: the nearest run of them above it."""
        found: list[int] = []
        for number in range(row - 1, -1, -1):
            if self._kinds[number] == "heading":
                found.insert(0, number)
            elif found:
                break
        return found

    def parts(self, row: int) -> list[str]:
        """What the parts of the table are of that a row is in: the two nearest labels alone on rows above it."""
        found: list[str] = []
        for number in range(row - 1, -1, -1):
            if self._kinds[number] == "heading" or len(found) == MOST_PARTS:
                break
            if self._kinds[number] == "label":
                found.insert(0, self.words(self.rows[number][0]))
        return found

    def row_head(self, cell: Cell) -> str:
        """What the row is of: its first cell."""
        return "" if cell.column == 0 else self.words(self.rows[cell.row][0])

    def column_head(self, cell: Cell) -> str:
        """What the column is of: the headings over the cell, those that reach over several columns among them."""
        heads = []
        rows = self.heading_rows(cell.row)
        for number in rows:
            row = self.rows[number]
            at = cell.column
            # An empty cell under a wider heading belongs to it; in the lowest row every column has its own.
            while number != rows[-1] and at > 1 and (at >= len(row) or row[at][0] == row[at][1]):
                at -= 1
            if 0 < at < len(row):
                heads.append(self.words(row[at]))
        corner = self.words(self.rows[rows[-1]][0]) if rows else ""
        if corner.casefold().endswith((" ended", " ending")):  # "Three months ended", beside the days
            heads.insert(0, corner)
        return " ".join(filter(None, heads))

    def units(self, cell: Cell) -> str:
        """What the table counts in, as its title or its headings say; empty where they do not, and for percentages.

        "in thousands, except per share data".
        """
        if "%" in self.words(cell):
            return ""
        labels = [self.words(self.rows[number][0]) for number in range(self.headings)]
        for text in (self.column_head(cell), *labels, *reversed(self.caption.split("\n"))):
            if found := _units_in(text):
                return found
        # Set over the middle of all columns they stand in one of them.
        heads = (self.words(at) for number in range(self.headings) for at in self.rows[number][1:])
        others = set(filter(None, map(_units_in, heads)))
        return others.pop() if len(others) == 1 else ""


def _units_in(text: str) -> str:
    found = _UNITS.search(text)
    return " ".join(found[0].split()).rstrip(" ,;:") if found else ""
