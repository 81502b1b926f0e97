"""The lines of a table -> its rows: figures stand below each other, headings over them, labels to their left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.read.cells import AMOUNT_WORDS, PERIOD_WORD, YEAR, Line, Word, is_value

Range = tuple[int, int]  # columns from the first to the last, both included; 0 is the labels'


@dataclass(slots=True)
class Row:
    """A line and what it is in a table."""

    line: Line
    cells: list[Word]
    is_rule: bool  # only dashes, drawn under headings and over totals
    is_body: bool  # has a figure in a column


# -- columns -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Column:
    """A strip of the page in which cells stand below each other."""

    left: float
    right: float
    rows: set[int]  # numbers of the lines that have a cell in it
    figures: int = 0

    @property
    def centre(self) -> float:
        """Its middle."""
        return (self.left + self.right) / 2


def columns_of(rows: Sequence[Row]) -> list[Column]:
    """The columns in which figures stand, and those of words that stand in line between and beside them."""
    found: list[Column] = []
    placed = [
        (cell, number)
        for number, row in enumerate(rows)
        if row.is_body
        for at, cell in enumerate(row.cells)
        if at > 0 or (len(row.cells) > 1 and is_value(cell.text)) or len(row.cells) == 1
    ]
    starts = [row.cells[0].left for row in rows if row.is_body and not is_value(row.cells[0].text)]
    label = min(starts, default=-1.0)
    figures = [(cell, number) for cell, number in placed if is_value(cell.text) and cell.left > label]
    words = [(cell, number) for cell, number in placed if not is_value(cell.text) and cell.left > label]
    for cell, number in sorted(figures, key=lambda each: each[0].right - each[0].left):
        _place(found, cell, number, is_figure=True)
    for cell, number in sorted(words, key=lambda each: each[0].right - each[0].left):
        _place(found, cell, number, is_figure=False)
    found.sort(key=lambda column: column.left)
    while found and not found[0].figures and len(found[0].rows) < 2:  # a label with a gap in it
        del found[0]
    return found


def _place(columns: list[Column], cell: Word, row: int, *, is_figure: bool) -> None:
    """Put a cell into the column that it stands in; narrow cells come first, wide ones may bridge two columns."""
    over = [column for column in columns if column.left < cell.right and cell.left < column.right]
    if not over:
        columns.append(Column(cell.left, cell.right, {row}, int(is_figure)))
        return
    home = max(over, key=lambda column: min(column.right, cell.right) - max(column.left, cell.left))
    others = [column for column in over if column is not home]
    if is_figure and all(home.rows.isdisjoint(other.rows) for other in others):
        for other in others:
            home.left, home.right = min(home.left, other.left), max(home.right, other.right)
            home.rows |= other.rows
            home.figures += other.figures
            columns.remove(other)
        others = []
    if not others:
        home.left, home.right = min(home.left, cell.left), max(home.right, cell.right)
    home.rows.add(row)
    home.figures += is_figure


def _column_of(cell: Word, columns: Sequence[Column]) -> int:
    """The column, from 1, that a cell of the body stands in or nearest to."""

    def share(number: int) -> tuple[float, float]:
        column = columns[number]
        overlap = min(column.right, cell.right) - max(column.left, cell.left)
        return (overlap, -abs(column.right - cell.right))

    return 1 + max(range(len(columns)), key=share)


# -- rows --------------------------------------------------------------------------------------------------------------


def assembled(rows: Sequence[Row], columns: Sequence[Column]) -> list[list[str]]:
    """Rows of cells, first the headings, each cell of several lines made one."""
    made: list[_Cells] = []
    for row in rows:
        if row.is_rule:
            _underline(made, row, columns)
        elif row.is_body:
            made.append(_body_cells(row, columns))
        else:
            made.append(_heading_cells(row, columns))
    _stack(made)
    merged = _without_wraps(_headings_joined(made))
    return [row.texts(len(columns)) for row in merged if row.filled]


@dataclass(slots=True)
class _Cells:
    """A row in the making: what stands over which columns."""

    filled: dict[Range, str]
    kind: str  # "body", "heading", "label"
    gap: float
    indent: float
    places: dict[Range, Word] = field(default_factory=dict)
    is_shared_out: bool = False  # its headings share out all columns evenly

    @property
    def are_units(self) -> bool:
        """Whether it holds nothing but the units of the figures above."""
        return all(text.casefold() in AMOUNT_WORDS for text in self.filled.values())

    def texts(self, columns: int) -> list[str]:
        out = [""] * (columns + 1)
        for (first, _), text in sorted(self.filled.items()):
            out[first] = f"{out[first]} {text}".strip()
        while out and not out[-1]:
            out.pop()
        return out


def _body_cells(row: Row, columns: Sequence[Column]) -> _Cells:
    made = _Cells({}, "body", row.line.gap, row.line.left)
    for number, cell in enumerate(row.cells):
        is_label = cell.right <= columns[0].left or (number == 0 and not is_value(cell.text) and len(row.cells) > 1)
        at = 0 if is_label else _column_of(cell, columns)
        made.filled[at, at] = f"{made.filled.get((at, at), '')} {cell.text}".strip()
    return made


def _heading_cells(row: Row, columns: Sequence[Column]) -> _Cells:
    """A line without figures: a label, or headings over one column or several."""
    left = columns[0].left - max(0.5 * _pitch(columns), 0.5 * (columns[0].right - columns[0].left))
    if row.line.is_exact:
        over = [cell for cell in row.cells if cell.left > 0 and _under(cell, columns)]
    else:
        over = [cell for cell in row.cells if (cell.left + cell.right) / 2 > left]
    labels = [cell for cell in row.cells if cell not in over]
    made = _Cells({}, "heading" if over else "label", row.line.gap, row.line.left)
    if labels:
        made.filled[0, 0] = " ".join(cell.text for cell in labels)
    if row.line.is_exact:
        spans = [(under[0], under[-1]) for under in (_under(cell, columns) for cell in over)]
    else:
        over = [part for cell in over for part in _parted(cell, columns)]
        spans = _spans(over, columns)
    made.is_shared_out = row.line.is_exact or (len(spans) > 1 and len({last - first for first, last in spans}) == 1)
    for span, cell in zip(spans, over, strict=True):
        made.filled[span] = f"{made.filled.get(span, '')} {cell.text}".strip()
        made.places[span] = cell
    return made


def _parted(cell: Word, columns: Sequence[Column]) -> list[Word]:
    """One cell as several where it is a row of periods that stand close: "Jun 30, Mar 31, Jun 30,"."""
    under = [column for column in columns if column.left < cell.right and cell.left < column.right]
    words = cell.text.split()
    if len(under) < 2 or len(words) < len(under):
        return [cell]
    pitch = (cell.right - cell.left) / len(cell.text)
    parts: list[list[str]] = [[] for _ in under]
    edges: list[list[float]] = [[] for _ in under]
    at = cell.left
    for word in words:
        middle = at + pitch * len(word) / 2
        home = min(range(len(under)), key=lambda number: abs(under[number].centre - middle))
        parts[home].append(word)
        edges[home] += [at, at + pitch * len(word)]
        at += pitch * (len(word) + 1)
    shapes = {" ".join(_shape(word) for word in part) for part in parts}
    shape = min(shapes)
    if len(shapes) > 1 or not re.search("[YP]", shape) or not re.search("[Y1]", shape):
        return [cell]
    return [Word(min(edge), max(edge), " ".join(part)) for part, edge in zip(parts, edges, strict=True)]


def _shape(word: str) -> str:
    """What kind of word this is in a period: a year, a month or the like, a number; itself if none of these."""
    if YEAR.fullmatch(word):
        return "Y"
    return "P" if PERIOD_WORD.fullmatch(word) else re.sub(r"\d+", "1", word)


def _spans(over: Sequence[Word], columns: Sequence[Column]) -> list[Range]:
    """The columns that each heading of one line stands over.

    A heading stands over the middle of its columns: of the columns nearest to it those that lie evenly about it. One
    that is no wider than a column has several only where all the headings of the line share out all columns evenly.
    """
    centres = [(cell.left + cell.right) / 2 for cell in over]
    zones: list[list[int]] = [[] for _ in over]
    for number, column in enumerate(columns, 1):
        nearest = min(range(len(over)), key=lambda each: abs(centres[each] - column.centre), default=None)
        if nearest is not None:
            zones[nearest].append(number)
    spans = [_span(cell, zone, columns) for cell, zone in zip(over, zones, strict=True)]
    is_even = len({last - first for first, last in spans}) == 1 and len(spans) > 1
    if is_even and sum(last - first + 1 for first, last in spans) == len(columns):
        return spans
    return [
        span if _may_span(cell, columns) else (_column_of(cell, columns),) * 2
        for cell, span in zip(over, spans, strict=True)
    ]


def _may_span(cell: Word, columns: Sequence[Column]) -> bool:
    """Whether a heading reaches over two columns, lies between two, or is far wider than the one under it."""
    nearest = columns[_column_of(cell, columns) - 1]
    is_between = abs(nearest.centre - (cell.left + cell.right) / 2) > 0.3 * _pitch(columns)
    is_wide = cell.right - cell.left > 1.5 * (nearest.right - nearest.left)
    return len(columns) > 1 and (is_between or is_wide or len(_under(cell, columns)) > 1)


def _pitch(columns: Sequence[Column]) -> float:
    """How far apart the middles of two neighbouring columns are, on average."""
    return (columns[-1].centre - columns[0].centre) / max(1, len(columns) - 1)


def _under(cell: Word, columns: Sequence[Column]) -> list[int]:
    """The columns, from 1, that a cell reaches over."""
    return [n for n, column in enumerate(columns, 1) if column.left < cell.right and cell.left < column.right]


def _span(cell: Word, zone: Sequence[int], columns: Sequence[Column]) -> Range:
    centre = (cell.left + cell.right) / 2
    nearest = _column_of(cell, columns)
    under = _under(cell, columns)
    if len(zone) < 2:
        return nearest, nearest
    pitch = _pitch(columns)
    best, least = (nearest, nearest), float("inf")
    for start in range(len(zone)):
        for end in range(start, len(zone)):
            first, last = zone[start], zone[end]
            middle = (columns[first - 1].left + columns[last - 1].right) / 2
            missed = sum(not first <= n <= last for n in under)
            error = abs(middle - centre) / (pitch or 1) + missed - 0.12 * (last - first)
            if error < least:
                best, least = (first, last), error
    return best


def _underline(made: Sequence[_Cells], rule: Row, columns: Sequence[Column]) -> None:
    """Take a rule under headings as the columns that they stand over."""
    if not made or made[-1].kind != "heading":
        return
    for segment in rule.cells:
        under = _under(segment, columns)
        if not under:
            continue
        for span, cell in list(made[-1].places.items()):
            if segment.left <= (cell.left + cell.right) / 2 <= segment.right:
                text = made[-1].filled.pop(span, "")
                made[-1].places.pop(span)
                wider = under[0], under[-1]
                made[-1].filled[wider] = f"{made[-1].filled.get(wider, '')} {text}".strip()
                made[-1].places[wider] = cell


def _stack(made: Sequence[_Cells]) -> None:
    """Let a heading that stands in line with one under it have its columns: lines of one heading, broken."""
    for row, below in reversed(list(pairwise(made))):
        if row.kind != "heading" or below.kind != "heading" or row.is_shared_out:
            continue
        for span, cell in list(row.places.items()):
            under = [
                s for s, other in below.places.items() if span[0] <= s[0] and s[1] <= span[1] and _in_line(cell, other)
            ]
            if len(under) == 1 and under[0] != span and under[0] not in row.filled:
                row.filled[under[0]] = row.filled.pop(span)
                row.places[under[0]] = row.places.pop(span)


def _in_line(cell: Word, other: Word) -> bool:
    """Whether two headings, one above the other, are flush or centred, and not of very different widths."""
    widths = sorted((cell.right - cell.left, other.right - other.left))
    near = 0.12 * widths[1]
    offsets = (
        cell.left - other.left,
        cell.right - other.right,
        (cell.left + cell.right - other.left - other.right) / 2,
    )
    return widths[1] < 1.7 * widths[0] and any(abs(offset) <= near for offset in offsets)


def _headings_joined(made: Sequence[_Cells]) -> list[_Cells]:
    """Lines of headings that stand over the same columns, made one: "Jun 30," over "2005"."""
    joined: list[_Cells] = []
    for row in made:
        before = joined[-1] if joined else None
        if before and before.kind == row.kind == "heading" and _same_columns(before, row):
            for span, text in row.filled.items():
                before.filled[span] = f"{before.filled.get(span, '')} {text}".strip()
        else:
            joined.append(row)
    return joined


def _same_columns(before: _Cells, row: _Cells) -> bool:
    return all(
        span in before.filled or not any(span[0] <= other[1] and other[0] <= span[1] for other in before.filled)
        for span in row.filled
    )


_GOES_ON = re.compile(r"(?:\b(?:and|or|of|in|for|to|the|a|an|on|by|from|with|per|before|net)|[-–—,(&/])$")


def _without_wraps(rows: Sequence[_Cells]) -> list[_Cells]:
    """Labels that run over several lines, made one: before their figures, or after them."""
    made: list[_Cells] = []
    for row in rows:
        before = made[-1] if made else None
        label = row.filled.get((0, 0), "")
        above = before.filled.get((0, 0), "") if before else ""
        is_unit = row.kind == "heading" and above.count("(") > above.count(")")
        are_bodies = before is not None and row.kind == before.kind == "body" and row.gap < 1
        if before and are_bodies and not label and before.filled.keys().isdisjoint(row.filled):
            before.filled |= row.filled  # a figure that slipped into the next line
            continue
        if before and label and (row.kind != "heading" or is_unit) and before.kind != "heading":
            is_lower = re.match(r"[a-z(]|&", label) and not re.match(r"\(\w{1,2}\) [A-Z]", label)
            goes_on = is_unit or bool(is_lower) or bool(_GOES_ON.search(above))
            if before.kind == "label" and above and goes_on and not above.endswith(":") and row.gap < 1:
                row.filled[0, 0] = f"{above} {label}"
                row.gap, row.indent = before.gap, before.indent
                made[-1] = row
                continue
            is_rest = re.match(r"[a-z(]", label) and not re.match(r"\(\w{1,2}\) ", label)
            if before.kind == "body" and row.kind == "label" and is_rest and row.gap < 1:
                before.filled[0, 0] = f"{above} {label}".strip()
                continue
        if before and before.kind == "body" and row.kind == "heading" and row.gap < 1 and row.are_units:
            for span, text in row.filled.items():
                before.filled[span] = f"{before.filled.get(span, '')} {text}".strip()
            continue
        made.append(row)
    return made
