"""Lines -> the tables among them: what ASCII exhibits and PDFs lost of their rows and columns.

>>> from index.read.cells import from_characters
>>> lines = ["                2024    2023", "Revenue   $    1,200  $  900", "Net loss         (12)   (3)"]
>>> [table.rows for table in tables([from_characters(line) for line in lines])]
[[['', '2024', '2023'], ['Revenue', '$1,200', '$900'], ['Net loss', '(12)', '(3)']]]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from index.read.cells import BULLETS, RULE, YEAR, Line, Word, cells, is_value
from index.read.columns import Column, Row, assembled, columns_of

MOST_GAP = 2.6  # empty lines inside a table: double-spaced rows have one, a new part of a table may have two
MOST_LABELS = 6  # lines of labels alone between two rows with values
MOST_HEADING_LINES = 12
PROSE = 0.66  # share of the text's width from which on a line without columns is running text


@dataclass(slots=True)
class Table:
    """A table among lines: ``first`` to ``last`` (included) of those given, its headings among them."""

    first: int
    last: int
    caption: list[str] = field(default_factory=list)  # title and units that stand over it
    rows: list[list[str]] = field(default_factory=list)


def tables(lines: Sequence[Line], width: float | None = None) -> list[Table]:
    """The tables among ``lines``, in order. The other lines are text.

    Args:
        width: of the text on the page; the widest line's if not given.
    """
    left = min((line.left for line in lines if line.words), default=0.0)
    width = width or _text_width(lines, left)
    rows = [_row(line, left, width - left) for line in lines]
    found: list[Table] = []
    at = 0
    while at < len(rows):
        last = _last_body(rows, at, width - left) if rows[at].is_body else None
        if last is None:
            at += 1
            continue
        least = found[-1].last + 1 if found else 0
        first = _first_heading(rows, at, least, width - left)
        table = _built(rows, first, at, last, (left, width))
        if table:
            found.append(table)
        at = last + 1
    return found


def _text_width(lines: Sequence[Line], left: float) -> float:
    """Where running text ends on the right: tables may be wider."""
    edges = sorted(line.right for line in lines if line.words and len(cells(line)) == 1)
    widest = max((line.right for line in lines), default=0.0)
    wide = [edge for edge in edges if edge - left > 0.5 * (edges[-1] - left)]
    # Where nearly all is one table, what stands alone on its line is a label.
    return max(wide[int(0.8 * len(wide))] if wide else widest, left + 0.5 * (widest - left))


def _row(line: Line, left: float, width: float) -> Row:
    texts = [word.text for word in line.words]
    if texts and all(map(RULE.fullmatch, texts)):
        return Row(line, line.words, is_rule=True, is_body=False)
    found = cells(line)
    return Row(line, found, is_rule=False, is_body=_has_figures(found, left, width))


def _has_figures(found: Sequence[Word], left: float, width: float) -> bool:
    """Whether a line ends in figures that stand apart from its label."""
    if not found or found[0].text[0] in BULLETS or not (is_value(found[-1].text) or YEAR.fullmatch(found[-1].text)):
        return False
    figures = [cell for cell in found[1:] if is_value(cell.text)]
    if len(found) == 1 or not figures:  # a total without a label stands far to the right
        return is_value(found[0].text) and found[0].left > left + 0.4 * width
    words = sum(cell.right - cell.left for cell in found if not is_value(cell.text))
    return words < 0.8 * width


def _last_body(rows: Sequence[Row], first: int, width: float) -> int | None:
    """The last line with figures of the table that begins there; None where it is no table."""
    last, labels = first, 0
    for at in range(first + 1, len(rows)):
        row = rows[at]
        labels = 0 if row.is_body else labels + (not row.is_rule)
        if labels > MOST_LABELS or _is_prose(row, width):
            break
        if row.line.gap > MOST_GAP and not _goes_on(rows, first, last, at):
            break
        if row.is_body:
            last = at
    bodies = [row for row in rows[first : last + 1] if row.is_body]
    if len(bodies) == 1:
        label, *rest = bodies[0].cells
        return last if not is_value(label.text) and sum(is_value(cell.text) for cell in rest) > 1 else None
    return last


def _goes_on(rows: Sequence[Row], first: int, last: int, at: int) -> bool:
    """Whether a table goes on behind a wide gap or on the next page: labels, then figures in the same columns."""
    ahead = list(rows[at : at + 4])
    body = next((row for row in ahead if row.is_body), None)
    if body is None:
        return False
    before = ahead[: ahead.index(body)]
    if any(len(row.cells) > 1 or row.line.gap > MOST_GAP for row in before[1:]) or len(before) > 2:
        return False
    edges = [cell.right for row in rows[first : last + 1] if row.is_body for cell in row.cells if is_value(cell.text)]
    figures = [cell for cell in body.cells if is_value(cell.text)]
    near = max((cell.right - cell.left) / 2 for cell in figures)
    return all(any(abs(cell.right - edge) <= near for edge in edges) for cell in figures)


def _is_prose(row: Row, width: float) -> bool:
    """Whether a line is running text: one wide cell, or one that ends a sentence."""
    if row.is_body or row.is_rule or len(row.cells) > 1:
        return False
    text = row.line.text
    is_sentence = len(text) > 50 and bool(re.search(r"[a-z]{2}[.;]$", text))
    is_units = text[0] == "(" and text[-1] == ")"
    is_wide = row.line.right - row.line.left > PROSE * width and not _is_title(text) and not is_units
    return is_sentence or is_wide or text[:1] in BULLETS


def _is_title(text: str) -> bool:
    """Whether most longer words begin with a capital.

    >>> _is_title("Reconciliation of Net Loss in Accordance With GAAP"), _is_title("The company expects to grow")
    (True, False)
    """
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return bool(words) and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def _first_heading(rows: Sequence[Row], body: int, least: int, width: float) -> int:
    """The first line above ``body`` that is a heading of its columns, a label or the table's title."""
    first = body
    for at in range(body - 1, max(least, body - MOST_HEADING_LINES) - 1, -1):
        row = rows[at]
        if row.is_body or _is_prose(row, width) or rows[at + 1].line.gap > MOST_GAP:
            break
        is_end_of_paragraph = (
            at > 0
            and row.line.gap < 1
            and _is_prose(rows[at - 1], width)
            and abs(row.line.left - rows[at - 1].line.left) < 0.1 * width
        )
        if is_end_of_paragraph and len(row.cells) == 1:
            break
        first = at
    while first < body and rows[first].is_rule:
        first += 1
    return first


def as_text(rows: Iterable[Sequence[str]]) -> str:
    """A table as a block's text: one row a line, cells parted by tabs."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row).rstrip("\t ") for row in rows)


def parted(lines: Sequence[Line], found: Sequence[Table]) -> Iterator[Table | list[Line]]:
    """The lines in order, as runs of text and tables."""
    at = 0
    for table in found:
        if at < table.first:
            yield list(lines[at : table.first])
        yield table
        at = table.last + 1
    if at < len(lines):
        yield list(lines[at:])


# -- titles ----------------------------------------------------------------------------------------------------------


def _built(rows: Sequence[Row], first: int, body: int, last: int, page: tuple[float, float]) -> Table | None:
    inside = list(rows[first : last + 1])
    columns = columns_of(inside)
    if not columns:
        return None
    caption, start = _caption(inside[: body - first], columns, page)
    made = assembled(inside[start:], columns)
    return Table(first, last, caption, made) if len(made) > 1 or len(columns) > 1 else None


def _caption(above: Sequence[Row], columns: Sequence[Column], page: tuple[float, float]) -> tuple[list[str], int]:
    """The lines over a table that are its title and units, and the number of lines they take.

    They stand before the first line that has two cells or one over a column, except labels at the very left.
    """
    caption: list[str] = []
    taken = 0
    middles = (sum(page) / 2, (page[0] + max(column.right for column in columns)) / 2)
    centre = None  # of the title's lines before: they stand over each other's middle
    for number, row in enumerate(above):
        if row.is_rule:
            continue
        is_titles = any(_is_centred(row.line, at, page) for at in (middles if centre is None else (centre,)))
        is_over = row.line.left >= columns[0].left - (columns[0].right - columns[0].left)
        rest = [later for later in above[number + 1 :] if not later.is_rule]
        if len(row.cells) > 1 or (is_over and not is_titles) or (not is_titles and _is_label(row, rest, page)):
            break
        if row.line.left > page[0] + 0.02 * (page[1] - page[0]):
            centre = (row.line.left + row.line.right) / 2
        caption.append(row.line.text)
        taken = number + 1
    return caption, taken


def _is_centred(line: Line, centre: float, page: tuple[float, float]) -> bool:
    return abs((line.left + line.right) / 2 - centre) < 0.025 * (page[1] - page[0])


def _is_label(row: Row, rest: Sequence[Row], page: tuple[float, float]) -> bool:
    """Whether a line over the first figures names a part of the table ("ASSETS", "Revenues:") rather than the table."""
    is_left = row.line.left < page[0] + 0.15 * (page[1] - page[0])
    return is_left and not any(len(later.cells) > 1 for later in rest) and (not rest or row.line.text.endswith(":"))
