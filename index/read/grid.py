"""Tables whose cells are marked as such, in HTML and Word -> blocks: rows of cells, titles, lists, text.

Such tables set more than tables: addresses, bullets, whole pages. What is a figure's sign, currency or unit often has a
column of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from index.read.cells import BULLETS, Line, Word, cells, has_digit, is_value
from index.read.columns import Row, assembled, columns_of
from index.release import BlockKind

MOST_CELLS = 60_000
MOST_SPAN = 120  # columns or rows that one cell reaches over: more is a mistake or an attack
EXACT = -1.0  # a line's ``split``: its words are cells

Blocks = list[tuple[BlockKind, str]]


class GridCell(NamedTuple):
    """A cell and the columns it covers, ``[left, right)``."""

    left: int
    right: int
    text: str


def placed(rows: Sequence[Sequence[tuple[str, int, int]]]) -> list[list[GridCell]]:
    """Cells with the columns they stand in, rows from above reaching down taken into account.

    Args:
        rows: of each row its cells: text, columns and rows that it reaches over, at least 1.

    >>> placed([[("a", 1, 2), ("b", 2, 1)], [("c", 1, 1)]])[1]
    [GridCell(left=1, right=2, text='c')]
    """
    found: list[list[GridCell]] = []
    below: dict[int, int] = {}  # column -> rows for which it is still taken
    count = 0
    for row in rows:
        made: list[GridCell] = []
        at, taken = 0, dict(below)
        below = {column: left - 1 for column, left in taken.items() if left > 1}
        for text, columns, down in row:
            while taken.get(at):
                at += 1
            columns, down = min(max(columns, 1), MOST_SPAN), min(max(down, 1), MOST_SPAN)
            if text:
                made.append(GridCell(at, at + columns, text))
            if down > 1:
                below |= dict.fromkeys(range(at, at + columns), down - 1)
            at += columns
            count += 1
        found.append(made)
        if count > MOST_CELLS:
            break
    return found


def grid_blocks(rows: Sequence[Sequence[GridCell]]) -> Blocks:
    """The blocks that a table of a page stands for.

    >>> grid_blocks([[GridCell(0, 5, "Results")], [GridCell(2, 4, "2024")],
    ...              [GridCell(0, 1, "Loss"), GridCell(2, 3, "$"), GridCell(3, 4, "(5"), GridCell(4, 5, ")")]])
    [('heading', 'Results'), ('table', '\\t2024\\nLoss\\t$(5)')]
    """
    rows = [row for row in rows if row]
    blocks: Blocks = []
    run: list[Sequence[GridCell]] = []
    for row in rows:
        item = _item(row)
        if item is None:
            run.append(row)
            continue
        blocks += _table_blocks(run)
        run = []
        blocks.append(("list", item))
    return blocks + _table_blocks(run)


def _item(row: Sequence[GridCell]) -> str | None:
    """A row that is an item of a list, or a note with its mark."""
    if len(row) != 2 or is_value(row[1].text):
        return None
    mark, text = row[0].text, row[1].text
    is_note = (
        mark.strip("()*†‡.").isalnum() and len(mark) < 3 + ("(" in mark) * 3 and (mark[0] == "(" or mark.isdigit())
    )
    is_mark = mark in BULLETS or mark in ("-", "–", "—", "*", "**", "***", "†") or is_note
    return f"{mark} {text}" if is_mark and len(text) > 3 and not has_digit(text[:1]) else None


def _table_blocks(rows: Sequence[Sequence[GridCell]]) -> Blocks:
    if not rows:
        return []
    width = max(cell.right for row in rows for cell in row)
    title, rest = _title(rows, width)
    blocks: Blocks = [("heading", "\n".join(title))] if title else []
    if not rest:
        return [("paragraph", text) for text in title]
    if all(len(row) == 1 for row in rest):
        return blocks + [("paragraph", row[0].text) for row in rest]
    return [*blocks, ("table", "\n".join("\t".join(row) for row in table_rows(rest)))]


def _title(rows: Sequence[Sequence[GridCell]], width: int) -> tuple[list[str], Sequence[Sequence[GridCell]]]:
    """The first rows as far as they are one cell across most of the table, and the other rows."""
    for number, row in enumerate(rows):
        if len(row) > 1 or row[0].left > 0 or row[0].right - row[0].left < 0.6 * width or width < 3:
            return [line[0].text for line in rows[:number]], rows[number:]
    return [line[0].text for line in rows], []


def table_rows(rows: Sequence[Sequence[GridCell]]) -> list[list[str]]:
    """The rows of a table, columns that only part or only hold signs and units taken together."""
    made = []
    for row in rows:
        line = Line([Word(cell.left, cell.right, " ".join(cell.text.split())) for cell in row], 1.0, EXACT)
        found = cells(line)
        is_body = any(is_value(cell.text) and (number or cell.left > 0) for number, cell in enumerate(found))
        made.append(Row(line, found, is_rule=False, is_body=is_body and not _is_heading(found)))
    columns = columns_of(made)
    if columns:
        return assembled(made, columns)
    return _without_empty(rows)


def _is_heading(found: Sequence[Word]) -> bool:
    """Whether a line with a figure in it is of headings all the same: only marks and numbers of notes."""
    return all(cell.text in ("*", "-", "—", "–") for cell in found if is_value(cell.text)) and len(found) < 2


def _without_empty(rows: Sequence[Sequence[GridCell]]) -> list[list[str]]:
    """The rows of a table of words, without columns in which no cell begins."""
    starts = sorted({cell.left for row in rows for cell in row})
    made = []
    for row in rows:
        out = [""] * len(starts)
        for cell in row:
            out[starts.index(cell.left)] = " ".join(cell.text.split())
        while out and not out[-1]:
            out.pop()
        made.append(out)
    return made
