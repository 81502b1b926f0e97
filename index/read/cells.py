"""Words at places on lines -> the cells of a line: figures with their signs, currencies, units and marks.

A word has a left and a right edge, in whatever unit its page counts: characters of a fixed pitch, points, columns of a
grid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

BULLETS = "•●▪◦‣·○■▶➢☐☑☒¨\uf0b7\uf0a7"  # of a list or a form


class Word(NamedTuple):
    """Characters without white space, or a run of words that stand together, and where they stand on their line."""

    left: float
    right: float
    text: str


@dataclass(slots=True)
class Line:
    """A line of text as it stands on the page."""

    words: list[Word]
    gap: float = 0.0  # empty lines above it
    split: float = 1.6  # between two words of one cell is less than this, in the unit of the words
    # What only some formats know:
    size: float = 0.0
    bold: bool = False
    height: float = 0.0  # where it stands on its page
    is_top: bool = False  # of a page
    raw: str = ""  # as written, its blanks kept

    @property
    def is_exact(self) -> bool:
        """Whether its words are cells and the columns under their headings are known, as in HTML."""
        return self.split < 0

    @property
    def text(self) -> str:
        """The words, a blank between two."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        """Left edge of the first word."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Right edge of the last word."""
        return self.words[-1].right


def from_characters(text: str, gap: float = 0.0) -> Line:
    """A line of a fixed-pitch text; cells stand two blanks apart.

    >>> from_characters("Net loss    (12)").words[2]
    Word(left=12, right=16, text='(12)')
    """
    return Line([Word(m.start(), m.end(), m.group()) for m in re.finditer(r"\S+", text)], gap, raw=text)


# -- words of one cell -------------------------------------------------------------------------------------------------

RULE = re.compile(r"[-–—=_.]{3,}")
_DASH = re.compile(r"[-–—−]{1,3}|[nN]/?\.?[mMaA]\.?|[nN]il|\*{1,3}")
_CURRENCY = r"(?:(?:US|CA|CDN|C|AU|A|NZ|HK|NT|S|R)?[$€£¥]|(?:USD|EUR|CAD|AUD|GBP|CHF|SEK|NOK|DKK|JPY|CNY|RMB|INR)\s?)"
_OPENS = re.compile(rf"[~≈<>]?\s?[-–−(]?{_CURRENCY}\(?|[~≈<>(]")
_CLOSES = re.compile(r"\)?\s?%?\s?\)?(?:\s?(?:\*{1,3}|[†‡^]))?|x|bps?\.?|(?:\(\d\)){1,3}")
_NUMBER = re.compile(
    rf"[-–−+~<>(]*{_CURRENCY}?[-–−(]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)?(?:\.\d+|(?<=\d)/\d+)?(?<=\d)"
    r"(?:\)?%?\)?|x|bps)(?:\(\d\)|[*†‡^,¹²³⁴-⁹⁰]){0,3}"
)
_RANGE = re.compile(rf"{_NUMBER.pattern}[-–—](?:{_NUMBER.pattern})")
YEAR = re.compile(r"(?:FY|CY)?(?:19|20)\d\d[AEF]?(?:\(\d\)|[*†‡,¹²³⁴-⁹⁰]){0,2}|[’']\d\d")
AMOUNT_WORDS = frozenset(
    """
    million millions billion billions thousand thousands m mm bn k b us usd eur cad gbp aud chf bps bp bp. ppts ppt pt
    pts pp points percent x to up down increase decrease approximately approx. about at least over under cents days
    """.split()
)
PERIOD_WORD = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?|q[1-4]|[1-4]q(?:\d\d)?|fy\d*|fiscal|year|quarter|"
    r"months?|weeks?|as|of|at|ended",
    re.IGNORECASE,
)


def is_value(text: str) -> bool:
    """Whether a cell holds a figure, or the dash or mark that stands for none. Years and dates are headings.

    >>> [is_value(cell) for cell in ("$(1,234)", "4.5%", "—", "n/m", "$10.5-11.5 billion", "down 32%")]
    [True, True, True, True, True, True]
    >>> [is_value(cell) for cell in ("2024", "March 31, 2024", "Q1 2024", "Revenue", "", "Note 5")]
    [False, False, False, False, False, False]
    """
    if _DASH.fullmatch(text) or _DASH.fullmatch(text.strip("$€£¥() %")):
        return True
    words = text.split()
    if not any(character.isdigit() for character in text) or len(words) > 6:
        return False
    if all(YEAR.fullmatch(word) or PERIOD_WORD.fullmatch(word) for word in words):
        return False
    return all(
        _NUMBER.fullmatch(word)
        or _RANGE.fullmatch(word)
        or word.strip("()^*†").casefold() in AMOUNT_WORDS
        or not re.search(r"[^\W_]", word)
        for word in words
    )


def cells(line: Line) -> list[Word]:
    """The cells of a line: words that stand close together, sign, currency and unit with their number.

    Figures are cells of their own however close they stand, for the columns of a narrow table may touch.

    >>> [cell.text for cell in cells(from_characters("Rent and rates   $   (12) (3)%   2004 2003*"))]
    ['Rent and rates', '$(12)', '(3)%', '2004', '2003*']
    """
    found: list[list[Word]] = []
    for word in line.words:
        is_after_bullet = len(found) == 1 and len(found[0]) == 1 and found[0][0].text in BULLETS
        if found and (is_after_bullet or _belongs(found[-1], word, line.split)):
            found[-1].append(word)
        else:
            found.append([word])
    made: list[Word] = []
    for cell in map(_joined, _with_figures_apart(found)):
        last = made[-1] if made else None
        if last and (between := _between(last, cell, line.split)) is not None:
            made[-1] = Word(last.left, cell.right, last.text + between + cell.text)
        else:
            made.append(cell)
    return made


def _with_figures_apart(found: Sequence[list[Word]]) -> list[list[Word]]:
    """The cells, an amount of money or its sign parted from the label that it touches, if a figure follows."""
    made: list[list[Word]] = []
    for at, words in enumerate(found):
        rest = [word.text for each in found[at + 1 : at + 2] for word in each]
        is_before_figure = bool(rest) and _is_figure_part(rest[0])
        number = len(words) - (is_before_figure and _is_figure_part(words[-1].text))
        while number > 1 and number < len(words) and _OPENS.fullmatch(words[number - 1].text):
            number -= 1
        tail = words[number:]
        if number and tail and re.search(r"[$€£¥~]", tail[0].text) and not _is_figure_part(words[0].text):
            made += [words[:number], tail]
        else:
            made.append(list(words))
    return made


def _between(last: Word, cell: Word, split: float) -> str | None:
    """What stands between two parts of one figure, nothing or a blank; None where they are two cells."""
    if _OPENS.fullmatch(last.text) and is_value(cell.text):
        return ""
    if not is_value(last.text):
        return None
    if re.match(r"(?:[-–—]|to) ", cell.text) and is_value(cell.text[2:].strip()) and has_digit(last.text):
        return " "  # from and to
    # Far from the figure before it, "(1)" is a loss of one in a column of its own, "*" stands for no figure.
    is_far = cell.left - last.right >= split and cell.text[:1] in "(*†‡^"
    return "" if _CLOSES.fullmatch(cell.text) and not is_far else None


def _belongs(cell: Sequence[Word], word: Word, split: float) -> bool:
    if word.left - cell[-1].right >= split:
        return False
    if not _begins_figure(word.text) or not all(_is_figure_part(each.text) for each in cell):
        return True
    if any(has_digit(each.text) for each in cell):
        return bool(re.fullmatch(r"[-–—]|to", cell[-1].text)) and len(cell) > 1
    return True


def has_digit(text: str) -> bool:
    """Whether there is a figure in it."""
    return any(character.isdigit() for character in text)


def _is_figure_part(text: str) -> bool:
    is_mark = _OPENS.fullmatch(text) or _CLOSES.fullmatch(text) or _DASH.fullmatch(text)
    return bool(is_mark or _NUMBER.fullmatch(text) or YEAR.fullmatch(text))


def _begins_figure(text: str) -> bool:
    return bool(
        _OPENS.fullmatch(text) or _NUMBER.fullmatch(text) or YEAR.fullmatch(text) or _DASH.fullmatch(text)
    ) and (not re.fullmatch(r"\(\d\)", text))


def _joined(words: Sequence[Word]) -> Word:
    text = words[0].text
    for before, word in pairwise(words):
        tight = (_OPENS.fullmatch(before.text) and _begins_figure(word.text)) or (
            _is_figure_part(before.text) and re.fullmatch(r"\)?%?\)?", word.text)
        )
        text += ("" if tight else " ") + word.text
    return Word(words[0].left, words[-1].right, text)
