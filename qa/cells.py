"""Query and passage -> the cell of a table that the query asks for, by the words of its row and of its column.

A reader of running text finds the row, but cannot see which heading a figure stands under.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log1p
from typing import NamedTuple

from index.months import MONTH, month_number
from index.read.cells import is_value
from index.release import Span
from index.store import Passage
from index.table import Cell, Table
from qa.rank import content_words, stems

CONFLICT = 1.5  # what a year, month or length of time that was not asked for costs a column
ISSUERS = 0.5  # what a word of the issuer's name counts in the choice of a column: it may only say which release
LEAST_ROW = 0.75  # share of the words of a row's label that stand in a question about it

# -- time, as headings and questions write it --------------------------------------------------------------------------

_LENGTHS = {
    "3m": r"three[ -]months?|quarters?|(?:13|14|thirteen|fourteen)[ -]weeks?|q[1-4]|[1-4]q(?:['’]?\d\d)?",
    "6m": r"six[ -]months?|half(?:[ -]year)?|(?:26|27|twenty-six|twenty-seven)[ -]weeks?|h[12]|[12]h(?:['’]?\d\d)?",
    "9m": r"nine[ -]months?|(?:39|40|thirty-nine|forty)[ -]weeks?",
    "12m": r"twelve[ -]months?|(?:52|53|fifty-two|fifty-three)[ -]weeks?|(?:full|fiscal|financial)?[ -]?years? ended"
    r"|(?:full|whole|entire)[ -]year|the year(?=\s(?:19|20)\d\d)|annual(?:ly)?",
}
_LENGTH = re.compile("|".join(f"(?P<m{name}>\\b(?:{form})\\b)" for name, form in _LENGTHS.items()), re.IGNORECASE)
_QUARTER = re.compile(
    r"(?:\b|(?<=\b\d{4}))q([1-4])|\b([1-4])q|\b(first|second|third|fourth)[ -](?:fiscal[ -])?quarter", re.IGNORECASE
)
_ORDINALS = ("first", "second", "third", "fourth")
_DAY = re.compile(rf"\b({MONTH})\.?\s+(\d{{1,2}})\b(?!\s*%)|\b(\d{{1,2}})\.?\s+({MONTH})\b", re.IGNORECASE)
_YEAR = re.compile(
    r"\b(?:fy\s?)?((?:19|20)\d\d)(?:\b|(?=q[1-4]\b))"
    r"|\b(?:fy|[qh][1-4]|[1-4][qh])\s?['’]?(\d\d)\b(?!\s*%|[.,]\d)",  # "Q2 25", but not "Q2 20% growth"
    re.IGNORECASE,
)
_DAY_AND_YEAR = re.compile(rf"(?:{_DAY.pattern})(?:,?\s+\d{{4}}\b)?", re.IGNORECASE)
_TIMELY = re.compile(
    r"\b(?:ended|ending|fiscal|financial|year|years|period|quarters?|months?|weeks?|reported|as of)\b", re.IGNORECASE
)
_FISCAL = re.compile(r"\bfiscal\b|\bFY", re.IGNORECASE)

# -- what a question says besides --------------------------------------------------------------------------------------

_FOR_NO_FIGURE = re.compile(r"\b(?:who|whom|whose|when|where|why)\b", re.IGNORECASE)
# Behind a label, and not said by those who ask for it.
_QUALIFIED = re.compile(
    r"(?:,|\s[-–—])\s(?:net|gross|basic|diluted|basic and diluted|basic & diluted)\s*$", re.IGNORECASE
)
_SHARE = re.compile(r"%|\bas an? percent(?:age)? of\b", re.IGNORECASE)
_FOR_SHARE = re.compile(
    r"%|\bper ?cent|\b(?:pct|shares? of|portion|part of|margin|rate|yield|growth|gr[eo]w|increased?|decreased?"
    r"|declined?|changed?|rose|rise|fell|fall|drop(?:ped)?|up|down|guidance|outlook|return|ratio)\b",
    re.IGNORECASE,
)
# Stems of what a question for a figure may say besides its name.
_ASKING = frozenset(
    """
    spend spent hold held pay paid earn make made report record post amount valu show stand come reach stood cost
    account bring brought generat book level size larg big high low number figur sum exact total sinc end begin last
    past trail two three four tabl articl releas comparison compar list carri
    """.split()
)


class Asked(NamedTuple):
    """The cell of one passage that a query asks for."""

    span: Span
    row: Span
    is_named: bool  # the query names its row, and its column's period where it names one
    is_of_another_time: bool  # the query names a day, quarter or year that does not stand over it
    said: frozenset[str]  # words of the query that stand over the cell, beside it or in the passage's headings
    lacking: frozenset[str]  # those that stand nowhere there
    named: frozenset[str]  # those that stand in the row's label
    is_unasked_share: bool  # a percentage, where the query asks for none


def times(text: str) -> Counter[str]:
    """What a text names of time, one form a thing: years, days of a month, quarters, lengths.

    >>> sorted(times("Three months ended Sept. 30, 2024")), sorted(times("the second quarter of 2024"))
    (['3m', 'd9-30', 'y2024'], ['3m', 'q2', 'y2024'])
    """
    found: list[str] = []
    for year in _YEAR.findall(text):
        found.append(f"y{next(filter(None, year)).rjust(4, '-')}".replace("--", "20"))
    for before, day, day_, after in _DAY.findall(text):
        if int(day or day_) <= 31:
            found.append(f"d{month_number(before or after)}-{int(day or day_)}")
    found += [match.lastgroup[1:] for match in _LENGTH.finditer(text) if match.lastgroup]
    for one, two, ordinal in _QUARTER.findall(text):
        found.append(f"q{one or two or _ORDINALS.index(ordinal.casefold()) + 1}")
    return Counter(found)


def asked(query: str, passage: Passage, near: Span | None = None) -> Asked | None:
    """The cell of the passage that the query asks for; None where it is no table, or has no row of that name.

    Args:
        near: words that may answer; the row they stand in is asked for where no other row's label says so.
    """
    release, within = passage.chunk.release, passage.chunk.span
    table = Table.around(release, within.start)
    if table is None or _FOR_NO_FIGURE.search(query):
        return None
    question, wanted = _words(query), times(query)
    issuers = _words(f"{release.issuer or ''} {' '.join(release.tickers)}".replace(":", " "))
    row, is_named = _row(table, _rows_in(table, within), question - issuers, near, issuers)
    figures = [cell for cell in table.cells if cell.row == row and cell.column > 0 and is_value(table.words(cell))]
    if row is None or not figures:
        return None
    scores = _columns(table, figures, {word: ISSUERS if word in issuers else 1.0 for word in question}, wanted)
    at = near.start if near else -1
    cell = figures[max(range(len(figures)), key=lambda n: (scores[n], figures[n].start == at, -n))]
    over = table.column_head(cell)
    beside = " ".join((table.row_head(cell), *table.parts(row), table.caption, release.headline, release.issuer or ""))
    # A fiscal year is not the year of the days in it.
    own = times(over) + (times(beside) if _FISCAL.search(query) else Counter())
    is_same_time = _is_same_time(wanted, own, times(beside))
    said = question & _words(f"{over} {beside}")
    whole = table.rows[row]
    return Asked(
        Span(release.id, cell.start, cell.end),
        Span(release.id, whole[0][0], whole[-1][1]),
        is_named and is_same_time,
        not is_same_time,
        said,
        question - said - _ASKING,
        question & _words(table.row_head(cell)),
        bool(_SHARE.search(f"{table.words(cell)} {table.caption}")) and not _FOR_SHARE.search(query),
    )


def _rows_in(table: Table, within: Span) -> list[int]:
    """The rows with figures, or with words under headings, that lie in a passage."""
    return [
        number
        for number, row in enumerate(table.rows)
        if table.is_body(number) and within.start <= row[0][0] and row[-1][1] <= within.end
    ]


def _is_same_time(wanted: Counter[str], over: Counter[str], beside: Counter[str]) -> bool:
    """Whether a cell is of the years, days and quarters asked for: those over it, or else those of its table."""

    def of(kind: str, words: Counter[str]) -> set[str]:
        return {word for word in words if word[0] == kind}

    for kind in "yd":
        if not of(kind, wanted) <= (of(kind, over) or of(kind, beside)):
            return False
    lengths = {word for word in over if word.endswith("m")} or {word for word in beside if word.endswith("m")}
    asked_for = {word for word in wanted if word.endswith("m")}
    if asked_for and lengths and not asked_for & lengths:
        return False
    # A quarter may stand there as the day it ends on: then nothing is said against it.
    quarters = of("q", over) or of("q", beside)
    return not of("q", wanted) or not quarters or bool(of("q", wanted) & quarters)


def _words(text: str) -> frozenset[str]:
    """What a text speaks of, times apart."""
    for pattern in (_QUARTER, _LENGTH, _DAY_AND_YEAR, _YEAR, _TIMELY):
        text = pattern.sub(" ", text)
    return frozenset(stems(" ".join(content_words(text))))


def _row(
    table: Table, rows: Sequence[int], question: frozenset[str], near: Span | None, issuers: frozenset[str]
) -> tuple[int | None, bool]:
    """The row whose label the question names most of, and whether it names all that counts of it.

    Args:
        issuers: words of the issuer's name, which say which release is meant, and nothing of a row.
    """
    labels = [
        (row, words) for row in rows for label in _labels(table.words(table.rows[row][0])) if (words := label - issuers)
    ]
    often = Counter(word for _, words in labels for word in words)
    weight = {word: log1p(len(labels) / count) for word, count in often.items()}

    def share(words: frozenset[str]) -> float:
        return sum(weight[word] for word in words & question) / sum(weight[word] for word in words)

    def fit(label: tuple[int, frozenset[str]]) -> tuple[float, int]:
        row, words = label
        return share(words) * sum(weight[word] for word in words & question), -row

    named = max(labels, key=fit, default=None)
    if named is not None and share(named[1]) >= LEAST_ROW:
        return named[0], True
    inside = [row for row in rows if near and table.rows[row][0][0] <= near.start < table.rows[row][-1][1] + 1]
    return (inside[0], False) if inside else (None, False)


def _labels(text: str) -> set[frozenset[str]]:
    """The words of a label, in each way that it may be read: "Net income (loss)" is of net income and of net loss.

    >>> sorted(map(sorted, _labels("Net income (loss)"))), sorted(map(sorted, _labels("Interest, net")))
    ([['incom', 'net'], ['loss', 'net']], [['interest'], ['interest', 'net']])
    """
    text = re.sub(r"\(\w{1,2}\)|[¹²³⁴-⁹]", " ", text)
    ways = [
        way
        for label in {text, _QUALIFIED.sub("", text)}
        for way in (re.sub(r"\([^)]*\)", " ", label), re.sub(r"\S+\s*\(([^)]*)\)", r"\1", label))
    ]
    return {frozenset(stems(" ".join(content_words(way)))) for way in ways}


def _columns(table: Table, cells: Sequence[Cell], question: Mapping[str, float], wanted: Counter[str]) -> list[float]:
    """How well the headings over each cell fit what is asked.

    Args:
        question: its words, and what each weighs.
    """
    heads = [table.column_head(cell) for cell in cells]
    told = [times(head) for head in heads]
    words = [
        frozenset(stems(" ".join(content_words(head)))) | set(each) for head, each in zip(heads, told, strict=True)
    ]
    often = Counter(word for each in words for word in each)
    weight = {word: log1p(len(cells) / count) for word, count in often.items() if count < len(cells)}  # all say nothing
    scores = []
    for each, time in zip(words, told, strict=True):
        score = sum(weight.get(word, 0.0) * question.get(word, word in wanted) for word in each)
        for kind in "yqd":
            ours = {word for word in wanted if word[0] == kind}
            theirs = {word for word in time if word[0] == kind}
            score -= CONFLICT * (bool(theirs - ours) and not ours & theirs and bool(ours or kind == "q"))
        lengths = {word for word in wanted if word.endswith("m")}, {word for word in time if word.endswith("m")}
        score -= CONFLICT / 2 * (all(lengths) and not lengths[0] & lengths[1])
        scores.append(score)
    return scores
