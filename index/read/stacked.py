"""Paragraphs of one cell each -> the tables that they were: wires set a table's cells one under the other.

>>> cells = "2024", "2023", "Revenue", "$", "1,200", "$", "900", "Net loss", "(12)", "(3)"
>>> unstacked([("paragraph", cell) for cell in cells])
[('table', '\\t2024\\t2023\\nRevenue\\t$1,200\\t$900\\nNet loss\\t(12)\\t(3)')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from index.months import MONTH
from index.read.cells import PERIOD_WORD, YEAR, is_value
from index.release import BlockKind

MOST_CELL = 120  # characters
MOST_NAME = 40  # characters of a cell that ends like a sentence or clause: "Acme Corp.", "September 30,"
LEAST_TITLE = 30  # characters from which on a line over a table is rather its title than the head of a column
LEAST_COLUMNS = 2  # of figures: names over single figures are as well a list of contacts
MOST_ROWS = 400
MOST_YEARS = 10  # between two headings: figures that look like years are further apart
LEAST_ROWS = 3  # from which on what stands over them heads the columns, whatever it says

Block = tuple[BlockKind, str]

_QUANTITY = re.compile(r"[-–−+~<>]?\d[\d.,]*(?:\s?(?:[-–]|to)\s?\d[\d.,]*)?\s?(?:[a-zµ]{1,3}(?:/[a-z]{1,2})?)?%?")
_YEARS = re.compile(rf"(?:{YEAR.pattern})(?:\s?(?:to|vs\.?|[-–])\s?(?:{YEAR.pattern}))?")
_OPENS = re.compile(r"\(?[A-Z]{0,3}[$€£¥]\(?|\(")
_CLOSES = re.compile(r"\)|\)?%\)?")
_LENGTH = re.compile(
    r"\b(?:three|six|nine|twelve|\d+)[ -](?:months?|weeks?)\b|\b(?:first|second|third|fourth) (?:quarter|half)\b"
    r"|\b(?:quarters?|years?|periods?|months?)[ -](?:ended|ending|to[ -]date)|\b(?:full|fiscal|financial) year\b"
    r"|^as (?:of|at)\b",
    re.IGNORECASE,
)
_DAY = re.compile(rf"\b{MONTH}\.?,?\s?\d{{1,2}}|\b\d{{1,2}}[ -]{MONTH}\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)|\b[QH][1-4]\b|\b[1-4][QH]")
_UNIT = re.compile(
    r"(?:%|[A-Z]{0,3}[$€£¥]|USD|EUR|CAD|AUD|GBP|CHF|RMB|JPY|HKD)(?:\s(?i:change|['’]?000s?))?"
    r"|(?i:(?:% )?change|variance)"
)
# What the parts of statements are called: they are no heads of columns.
_PART = re.compile(
    r":$|\b(?:liabilit|assets?\b|equity|deficit|cash flows?|adjust|expens|income|revenues?\b|operat|current|changes? in"
    r"|less\b|add\b|commitments)",
    re.IGNORECASE,
)
# What stands over the names of the rows.
_CORNER = re.compile(
    r"#|\b(?:metrics?|holes?|items?|period|company|name|category|description|measures?|parameters?|tokens?|model|plan"
    r"|contract|product|segment|unit|zone|area|sample|date|region|country|bank|fund|type|class|series|rank|no)\b",
    re.IGNORECASE,
)


class _Row(NamedTuple):
    """Names, the last of them of the figures that follow."""

    first: int  # place of the first name
    names: list[str]
    figures: list[str]


def unstacked(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with tables in place of the paragraphs that hold their cells row by row.

    A table has a heading over each column of figures and as many figures in each row. What does not is left as it is.
    """
    made: list[Block] = []
    for is_cell, blocks_ in groupby(blocks, key=_is_cell):
        run = list(blocks_)
        made += _tables(run) if is_cell else run
    return made


def _is_cell(block: Block) -> bool:
    kind, text = block
    return kind == "paragraph" and len(text) <= (MOST_NAME if text[-1] in ".!?;," else MOST_CELL)


def _is_figure(text: str) -> bool:
    return bool(is_value(text) or _QUANTITY.fullmatch(text)) and not _YEARS.fullmatch(text)


def _tables(blocks: Sequence[Block]) -> Iterator[Block]:
    rows = list(_rows([" ".join(text.split()) for _, text in blocks]))
    ends = [*(row.first for row in rows[1:]), len(blocks)]
    at = 0
    while at < len(rows):
        last, columns = _last(rows, at)
        first = rows[at].first
        if table := _table(rows[at : last + 1], columns):
            above, text = table
            yield from blocks[first : first + above]
            yield "table", text
        else:
            last = at if _is_wider_below(rows[at : last + 1], columns) else last
            yield from blocks[first : ends[last]]
        at = last + 1


def _rows(texts: Sequence[str]) -> Iterator[_Row]:
    """Names and the figures after them; a currency or sign in a paragraph of its own is put to its figure."""
    row = _Row(0, [], [])
    opening = ""
    for at, text in enumerate(texts):
        is_open = bool(_OPENS.fullmatch(text)) and at + 1 < len(texts) and _is_figure(texts[at + 1])
        if is_open:
            opening = text
        elif row.figures and _CLOSES.fullmatch(text):
            row.figures[-1] += text
        elif _is_figure(text):
            row.figures.append(opening + text)
            opening = ""
        else:
            if row.figures:
                yield row
                row = _Row(at, [], [])
            row.names.append(text)
    yield row


def _last(rows: Sequence[_Row], first: int) -> tuple[int, int]:
    """The last row of the table that begins in ``first``, and how many columns of figures it has."""
    columns = len(rows[first].figures)
    after = len(rows[first + 1].figures) if first + 1 < len(rows) else 0
    if after >= LEAST_COLUMNS and columns % after == 0:
        columns = after  # a sum without a name follows the first row
    last = first
    for number, row in enumerate(rows[first + 1 : first + MOST_ROWS], start=first + 1):
        if columns < LEAST_COLUMNS or not _is_row(row, columns) or _begins_anew(rows[first], row, columns):
            break
        last = number
    return last, columns


def _is_row(row: _Row, columns: int) -> bool:
    """Whether a row has a figure for each column, or that twice: a sum without a name may follow.

    Not twice where some may be marks of notes: "(1)".
    """
    lines, rest = divmod(len(row.figures), columns)
    has_marks = any(re.fullmatch(r"\([\da-z]\)", figure) for figure in row.figures)
    return rest == 0 and 1 <= lines <= (1 if has_marks else 2)


def _begins_anew(first: _Row, row: _Row, columns: int) -> bool:
    """Whether names before a row head the columns of another table, or may: those that are parts of this one do not.

    Years among them may as well be the figures of a row.
    """
    names = row.names[:-1]
    if len(names) < columns:
        return any(map(YEAR.fullmatch, names))
    heads = names[-columns:]
    is_repeated = set(heads) <= set(first.names[-2 - 2 * columns :])
    are_parts = any(_PART.search(name) or name.isupper() for name in heads)
    return is_repeated or not are_parts or _dated(names, columns) is not None or any(map(YEAR.fullmatch, names))


def _is_wider_below(rows: Sequence[_Row], columns: int) -> bool:
    """Whether the first row is rather not of the table below it, which has more columns."""
    return sum(len(row.figures) > columns for row in rows) > len(rows) / 2


def _table(rows: Sequence[_Row], columns: int) -> tuple[int, str] | None:
    """How many names stand above the table of these rows, and its text; None where its columns have no heads."""
    if columns < LEAST_COLUMNS or _is_wider_below(rows, columns) or not _is_row(rows[0], columns):
        return None
    names = rows[0].names[:-1]
    span = _dated(names, columns)
    if span is None:
        if len(rows) < LEAST_ROWS or not _are_heads(names, columns) or _has_more_names(rows):
            return None
        span = len(names) - columns, len(names)
    elif len(rows) < LEAST_ROWS - 1:
        return None
    heads = _heads(names[slice(*span)], columns)
    if heads is None:
        return None
    lines = [["", *head] for head in heads]
    for row, parts in zip(rows, (names[span[1] :], *(row.names[:-1] for row in rows[1:])), strict=True):
        lines += [[part] for part in parts]
        for number in range(0, len(row.figures), columns):
            lines.append([row.names[-1] if number == 0 else "", *row.figures[number : number + columns]])
    return span[0], "\n".join("\t".join(line).rstrip("\t") for line in lines)


def _are_heads(names: Sequence[str], columns: int) -> bool:
    """Whether the names before the first row are a head for each column, under a title, perhaps beside one more."""
    heads = names[-columns:]
    beside = [name for name in names[: -columns or None] if len(name) < LEAST_TITLE]
    is_other = any(name.isupper() or name[-1] == ":" or name[0] == "(" for name in heads)  # a part, units
    is_alone = not beside or (len(beside) == 1 and bool(_CORNER.search(beside[0])))
    return columns > LEAST_COLUMNS and len(heads) == columns and is_alone and not is_other


def _has_more_names(rows: Sequence[_Row]) -> bool:
    """Whether most rows have several names: words stand in columns of their own, which cannot be told apart."""
    return sum(len(row.names) > 1 for row in rows[1:]) > len(rows[1:]) / 2


def _dated(names: Sequence[str], columns: int) -> tuple[int, int] | None:
    """Where the names that speak of time, or are units below such, stand: at least as many as there are columns."""
    best, at = None, 0
    for is_dated, run in groupby(names, key=lambda name: _kind(name) != ""):
        count = len(list(run))
        if is_dated and count >= columns:
            best = at, at + count
        at += count
    return best


def _kind(name: str) -> str:
    """What a heading speaks of: a unit, a year, a day, a length of time, some of these; empty for something else."""
    if _UNIT.fullmatch(name):
        return "unit"
    words = [word for word in re.findall(r"[^\W\d_]+", name) if not PERIOD_WORD.fullmatch(word)]
    if len(words) > 6 or name.endswith(":"):
        return ""
    return "".join(form for form, each in (("y", _YEAR), ("d", _DAY), ("l", _LENGTH)) if each.search(name))


def _heads(names: Sequence[str], columns: int) -> list[list[str]] | None:
    """The headings in rows of as many cells as there are columns; None where two columns would have the same."""
    below, above = list(names[-columns:]), list(names[:-columns])
    if len(above) == columns and _alternate(names):  # "June 30," over "2024", one column after the other
        above, below = [], [f"{one} {two}" for one, two in zip(names[::2], names[1::2], strict=True)]
    elif len(above) > 2 and _alternate(above):
        above = [f"{one} {two}" for one, two in zip(above[::2], above[1::2], strict=True)]
    kinds = [_kind(name) for name in below]
    years = [int(name) for name in below if re.fullmatch(r"(?:19|20)\d\d", name)]
    is_mixed = "" not in kinds and len(set(kinds) - {"unit"}) > 1  # titles, one of which speaks of a day
    if is_mixed or (years and max(years) - min(years) > MOST_YEARS):
        return None
    made = [below]
    for kind, run in groupby(reversed(above), key=_kind):
        row = list(run)[::-1]
        if kind == "unit" and row == row[:1] and "unit" in kinds:  # "Change", over "$" and "%"
            made.insert(0, [*[""] * kinds.index("unit"), *row])
        elif columns % len(row) or ("y" in kind and any("y" in each for each in kinds)):
            return None  # a name with a year over years is a title
        else:
            made.insert(0, [cell for name in row for cell in (name, *[""] * (columns // len(row) - 1))])
    over = {tuple(next(filter(None, row[at::-1]), "") for row in made) for at in range(columns)}
    return made if len(over) == columns else None


def _alternate(names: Sequence[str]) -> bool:
    """Whether names speak of one thing and another by turns."""
    kinds = [_kind(name) for name in names]
    return len(set(kinds[::2])) == len(set(kinds[1::2])) == 1 and kinds[0] != kinds[1]
