"""Several things and as many figures in one sentence, "respectively" -> the figure of the thing that is asked for.

"Revenue and gross profit were $8.2 million and $2.7 million, respectively": a reader takes either figure, or both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import pairwise

from index.months import MONTH
from index.release import Release, Span
from qa.counterpart import Figure, figures_of
from qa.rank import content_words, stems

MOST_SENTENCE = 1_500  # characters
MOST_LABEL = 4  # words of the first thing, which no comma parts from what stands before it

_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(
    rf"\s?(?:{_ASIDE.pattern}|[\w/]+)?,?\s?(?:and\s|&\s|,\s)?(?:(?:up to|approximately|about|nearly|over)\s)?"
)
_JOINED = re.compile(r",|\band\b|&")
_AND = re.compile(r"\band\s|&\s")
# Where the name of a thing ends, or what stands before the first begins.
_LINK = re.compile(
    r"\b(?:of|was|were|is|are|be|by|at|to|for|with|in|from|had|has|have|saw|see|reported|reports|recorded|posted|could|can"
    r"|will|would|reach\w*|totall?ed|rose|fell|grew|increased|decreased|declined|that|both|its|the|an?|ended)\b",
    re.IGNORECASE,
)
_OF_SEVERAL = re.compile(r"\b(?:ratio|total|combined|both|together|sum|difference)\b", re.IGNORECASE)
_OF_TIME = re.compile(rf"\b{MONTH}\b")  # "at June 30, 2024 and June 30, 2023": commas part nothing there
_SHORT = {"ni": "net income", "adj": "adjusted", "eps": "earnings per share", "gm": "gross margin", "rev": "revenue"}


def parallel(question: str, release: Release, sentence: Span, words: Span) -> Span | None:
    """Where the figure of the thing asked for stands, if the words chosen hold another of its list, or several.

    >>> text = "Revenue and gross profit were $8.2 million and $2.7 million, respectively."
    >>> release = Release.of(text, headline="", source="")
    >>> whole, both = (Span(release.id, *at) for at in ((0, len(text)), (30, 59)))
    >>> release.quote(both), release.quote(parallel("What was gross profit?", release, whole, both))
    ('$8.2 million and $2.7 million', '$2.7 million')
    >>> parallel("What was net income?", release, whole, both)
    """
    text = release.quote(sentence)
    if len(text) > MOST_SENTENCE or not _RESPECTIVELY.search(text):
        return None
    start, end = words.start - sentence.start, words.end - sentence.start
    lists = _lists(text)
    for figures in lists:
        named = _named(question, text, figures, lists[0])
        if named is None:
            continue
        labels, at = named
        if not (own := _held(figures, start, end)):
            # "ROAA of 1.16% and ROAE of 10.39%, compared to 1.19% and 10.76%": each of the things has its own.
            figures = [each for each in figures_of(text) if each.end <= lists[0][0].start][-len(figures) :]
            own = _held(figures, start, end) if all(len(figures_of(label)) == 1 for label in labels) else []
        if own and own != [figures[at]]:
            return Span(release.id, sentence.start + figures[at].start, sentence.start + figures[at].end)
    return None


def _named(
    question: str, text: str, figures: Sequence[Figure], first: Sequence[Figure]
) -> tuple[list[str], int] | None:
    """The things whose figures these are, and which of them a question names.

    They may stand before the first list: "Sales and profit were $8 million and $3 million, respectively, up 2% and 9%".
    """
    for place in (figures[0].start, first[0].start):
        labels = _labels(text, place, len(figures))
        if (at := _asked(question, labels)) is not None:
            return labels, at
    return None


def _held(figures: Sequence[Figure], start: int, end: int) -> list[Figure]:
    return [figure for figure in figures if figure.start < end and start < figure.end]


def _lists(text: str) -> list[list[Figure]]:
    """Figures of a sentence that stand side by side, "and" before the last.

    >>> [len(each) for each in _lists("up 5% and 7%, of $5 (a tenth), $6 and $7, respectively, or 4 of 9")]
    [2, 3]
    """
    found: list[list[Figure]] = []
    run: list[Figure] = []
    asides = [aside.span() for aside in _ASIDE.finditer(text)]
    figures = [each for each in figures_of(text) if not any(a < each.start and each.end < b for a, b in asides)]
    for one, other in pairwise(figures):
        gap = text[one.end : other.start]
        run = [*(run or [one]), other] if _BETWEEN.fullmatch(gap) and _JOINED.search(gap) else []
        if run and _AND.search(gap):
            found.append(run)
            run = []
    return found


def _labels(text: str, end: int, count: int) -> list[str]:
    """As many things as there are figures behind ``end``; empty where they cannot be told.

    >>> _labels("It reported revenue, adj NI, and adj EPS of ", 44, 3), _labels("Sales rose by ", 14, 2)
    (['revenue', 'adj NI', 'adj EPS'], [])
    """
    joins = list(_AND.finditer(text, 0, end))
    if not joins:
        return []
    last = re.split(r",\s", text[joins[-1].end() : end])[0]
    before = re.split(r",\s", text[: joins[-1].start()].rstrip(" ,"))[-(count - 1) :]
    if len(before) < count - 1:
        return []
    first = before[0]
    if not figures_of(last) and (link := _LINK.search(last)) and link.start():
        last = last[: link.start()]
    if not figures_of(first) and (links := list(_LINK.finditer(first))):
        first = first[links[-1].end() :]
    labels = [" ".join(first.split()[-MOST_LABEL:]), *before[1:], last.strip()]
    return labels if re.search(r"[A-Za-z]{2}|^\d{4}$", labels[-1]) else []  # "$8 million and $3 million" are no things


def _asked(question: str, labels: Sequence[str]) -> int | None:
    """Which one of some things a question names; None for none, or several.

    What it has of a thing's name is all of it, or has nothing else before it: "operating income" is not "net income".

    >>> _asked("What was adjusted net income?", ["revenue", "adj NI", "adj EPS"]), _asked("And its sales?", ["a", "b"])
    (1, None)
    >>> _asked("What was operating income?", ["revenue", "net income"])
    """
    if _OF_SEVERAL.search(question) or any(map(_OF_TIME.search, labels)):
        return None
    asked = set(_stems(question))
    own = [set(_stems(re.sub(r"\d\S*", " ", label) if re.search(r"[A-Za-z]", label) else label)) for label in labels]
    shared = set.intersection(*own) if own else set()
    named = [len((each - shared) & asked) / len(each - shared) if each - shared else 0.0 for each in own]
    best = max(named, default=0.0)
    if not best or named.count(best) > 1:
        return None
    at = named.index(best)
    return at if best == 1 or _begins_there(question, own[at]) else None


def _begins_there(question: str, label: Set[str]) -> bool:
    """Whether no word that means something stands right before those of a thing's name in a question."""
    words = [(word, stems(word)) for word in re.findall(r"[\w’'-]+", question)]
    first = next((n for n, (_, own) in enumerate(words) if label & set(own)), 0)
    before = words[first - 1][0] if first else ""
    return not content_words(before) or before.endswith(("'s", "’s", "’", "'"))


def _stems(text: str) -> list[str]:
    words = (_SHORT.get(word.casefold().strip("."), word) for word in content_words(text))
    return stems(" ".join(words))
