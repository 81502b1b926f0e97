"""Lines -> text that stands side by side: addresses in columns, tables of words, two columns of prose.

Between such columns runs a river: a strip without a letter from the first line to the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.read.cells import BULLETS, Line, Word
from index.read.draft import Draft
from index.read.tables import Table, as_text, parted, tables

WIDE = 1.5  # a river this many times as wide as what parts two cells is one between two lines already
NARROW = 0.6  # as wide as this it must run beside four
MOST_GAP = 2.2  # empty lines inside
MOST_COLUMNS = 6

Strip = tuple[float, float]


@dataclass(slots=True)
class Sides:
    """Columns of text: ``rows`` where the lines across belong together, else ``columns`` to be read one by one."""

    count: int  # of the lines it takes
    rows: list[list[str]]
    columns: list[list[Line]]


def prose(draft: Draft, lines: Sequence[Line], split: float = 0.0, *, is_nested: bool = False) -> Iterator[list[Line]]:
    """The runs of lines that are ordinary text, in order; tables among the lines are added to the draft on the way.

    Args:
        split: what parts two cells; each line's own if not given.
        is_nested: whether columns may hold columns.
    """
    for part in parted(lines, tables(lines)):
        if isinstance(part, Table):
            if part.caption:
                draft.add("heading", "\n".join(part.caption))
            draft.add("table", as_text(part.rows))
        else:
            yield from _without_sides(draft, part, split, is_nested)


def _without_sides(draft: Draft, lines: Sequence[Line], split: float, is_nested: bool) -> Iterator[list[Line]]:
    for part in side_by_side(lines, split):
        if not isinstance(part, Sides):
            yield part
        elif part.rows:
            draft.add("table", as_text(part.rows))
        elif is_nested:
            for column in part.columns:
                yield from _without_sides(draft, column, split, is_nested)
        else:
            yield from part.columns


def side_by_side(lines: Sequence[Line], split: float = 0.0) -> Iterator[Sides | list[Line]]:
    """The lines in order, as runs of ordinary text and text in columns.

    Args:
        split: what parts two cells; each line's own if not given.
    """
    plain: list[Line] = []
    at = 0
    while at < len(lines):
        found = _sides(lines, at, split or lines[at].split)
        if found is None:
            plain.append(lines[at])
            at += 1
            continue
        if plain:
            yield plain
            plain = []
        yield found
        at += found.count
    if plain:
        yield plain


def _sides(lines: Sequence[Line], first: int, split: float) -> Sides | None:
    """The columns that begin with this line; None where there are none."""
    if lines[first].words[0].text[0] in BULLETS:
        return None
    rivers = _gaps(lines[first], NARROW * split)
    count = 1
    for number in range(first + 1, len(lines)):
        line = lines[number]
        left = [strip for river in rivers for strip in _still_free(river, line, NARROW * split)]
        if not left or line.gap > MOST_GAP or line.words[0].text[0] in BULLETS:
            break
        rivers, count = left, count + 1
    if not rivers or count < 2:
        return None
    beside = lines[first : first + count]
    rivers = [river for river in rivers if _parts(beside, river, split)][: MOST_COLUMNS - 1]
    if not rivers:
        return None
    rows = [_cut(line, rivers) for line in beside]
    while sum(map(bool, rows[-1])) == 1 and rows[-1][0]:  # what goes on in the first column alone stands below
        rows.pop()
    return _arranged(beside, rows) if len(rows) > 1 else None


def _gaps(line: Line, least: float) -> list[Strip]:
    return [(a.right, b.left) for a, b in pairwise(line.words) if b.left - a.right >= least]


def _still_free(river: Strip, line: Line, least: float) -> list[Strip]:
    """What a line leaves of a river."""
    edges = [river[0], *(edge for word in line.words for edge in (word.left, word.right)), river[1]]
    free = [(max(a, river[0]), min(b, river[1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [part for part in free if part[1] - part[0] >= least]


def _parts(lines: Sequence[Line], river: Strip, split: float) -> bool:
    """Whether a river has text on both sides on enough lines for its width."""
    sides = [(line.left < river[0], line.right > river[1]) for line in lines]
    both = sum(left and right for left, right in sides)
    alone = min(sum(left and not right for left, right in sides), sum(right and not left for left, right in sides))
    if river[1] - river[0] >= WIDE * split:
        return both >= 2
    return both + alone >= 4 and both >= 1


def _cut(line: Line, rivers: Sequence[Strip]) -> list[list[Word]]:
    """The words of a line by columns."""
    found: list[list[Word]] = [[] for _ in range(len(rivers) + 1)]
    for word in line.words:
        found[sum(word.left >= river[1] - 0.01 for river in rivers)].append(word)
    return found


def _arranged(lines: Sequence[Line], rows: Sequence[list[list[Word]]]) -> Sides:
    """Rows where most lines fill all columns or wide gaps part them; else columns."""
    texts = [[" ".join(word.text for word in words) for words in row] for row in rows]
    full = sum(all(row) for row in texts)
    if full >= 0.7 * len(texts) and max(len(cell) for row in texts for cell in row) < 80 and len(texts) > 2:
        return Sides(len(rows), texts, [])
    gaps = [line.gap for line in lines[1 : len(rows)]]
    wide = min(gaps) + 0.35
    starts = [0, *(number for number, gap in enumerate(gaps, 1) if gap > wide and texts[number][0])]
    if len(starts) > 2:
        records = [texts[start:end] for start, end in pairwise([*starts, len(texts)])]
        joined = [[" ".join(filter(None, column)) for column in zip(*record, strict=True)] for record in records]
        return Sides(len(rows), joined, [])
    columns: list[list[Line]] = [[] for _ in rows[0]]
    for line, row in zip(lines, rows, strict=False):
        for column, words in zip(columns, row, strict=True):
            if words:
                column.append(replace(line, words=words, raw=" ".join(word.text for word in words)))
    return Sides(len(rows), [], columns)
