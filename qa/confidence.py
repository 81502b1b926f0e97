"""What makes it likely that a span answers: grounds, each a number, and the probability that follows from them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.chunk import Chunk
from index.store import Passage

MOST_MISSING = 3  # more figures of a question that a passage lacks tell no more
SHALLOW = -3.0  # margin below which another passage's best span neither agrees nor rivals


class Found(NamedTuple):
    """The best span of one passage."""

    start: int  # characters of the passage's text
    end: int
    margin: float  # by how much the span's score is above that of "not said here"


class Grounds(NamedTuple):
    """What speaks for the best span of a passage, and against it."""

    margin: float  # the reader's own
    share: float  # natural logarithm of the passage's share of the ranking
    agreeing: float  # log(1 + other passages whose best span says the same)
    lead: float  # margin above that of the best span that says something else, or above ``SHALLOW``
    missing: float  # years, quarters, phases and other figures of the question that the passage does not hold


class Calibration(NamedTuple):
    """From grounds to a probability: logistic regression, fitted on questions kept out of the reader's training."""

    weights: Grounds
    intercept: float

    @classmethod
    def of(cls, facts: Mapping[str, float]) -> Calibration:
        """From the names and numbers in a model's MODEL.json."""
        return cls(Grounds(*(facts[name] for name in Grounds._fields)), facts["intercept"])

    def probability(self, grounds: Grounds) -> float:
        """How sure it is that a span answers.

        >>> Calibration(Grounds(0.5, 1, 0, 0, 0), -1).probability(Grounds(4, -1, 0, 0, 0))
        0.5
        """
        total = self.intercept + sum(weight * ground for weight, ground in zip(self.weights, grounds, strict=True))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


def grounds(query: str, found: Sequence[tuple[Passage, Found]]) -> list[Grounds]:
    """The grounds of each passage's best span, beside those of the others.

    Args:
        query: the question is its last line; before it may stand what was said.
    """
    asked = figures(query.rsplit("\n", 1)[-1])
    said = [passage.chunk.text[span.start : span.end] for passage, span in found]
    reasons = []
    for number, (passage, span) in enumerate(found):
        others = [n for n in range(len(found)) if n != number]
        agreeing = [n for n in others if agree(said[number], said[n])]
        rival = max(SHALLOW, *(found[n][1].margin for n in others if n not in agreeing), SHALLOW)
        reasons.append(
            Grounds(
                margin=span.margin,
                share=math.log(max(passage.score, 1e-6)),
                agreeing=math.log1p(sum(found[n][1].margin > SHALLOW for n in agreeing)),
                lead=span.margin - rival,
                missing=min(MOST_MISSING, len(asked - figures(_whole(passage.chunk)))) if asked else 0,
            )
        )
    return reasons


_NUMBER = {"first": "1", "second": "2", "third": "3", "fourth": "4", "i": "1", "ii": "2", "iii": "3", "iv": "4"}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_FIGURE = re.compile(
    r"(?P<quarter>\b(?i:first|second|third|fourth)[ -](?i:quarter)\b|\b[1-4]Q|\bQ[1-4])(?=\b|\d)"
    r"|(?P<half>\b(?i:first|second)[ -](?i:half)\b|\bH[12]\b)"
    r"|\b(?i:phase)[ -](?P<phase>[1-4]|(?i:i{1,3}|iv))(?:[ab]\b|\b)"
    rf"|\b(?P<month>{_MONTHS})\b"
    r"|(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*)(?![\w]|[.,]\d)"
)


def figures(text: str) -> frozenset[str]:
    """Years, quarters, halves, phases, months and other numbers of a text, each in one form.

    >>> sorted(figures("Phase II began in the first quarter of 2024")), sorted(figures("Phase 2, Q1 2024"))
    (['2024', 'phase 2', 'quarter 1'], ['2024', 'phase 2', 'quarter 1'])
    """
    found = set()
    for match in _FIGURE.finditer(text):
        kind, value = str(match.lastgroup), str(match[str(match.lastgroup)]).casefold()
        if kind in ("quarter", "half", "phase"):
            digit = re.search(r"[1-4]", value)
            value = digit[0] if digit else _NUMBER[re.split(r"[ -]", value)[0]]
        found.add(value if kind in ("number", "month") else f"{kind} {value}")
    return frozenset(found)


def _whole(chunk: Chunk) -> str:
    """Text, headings and date of a chunk."""
    day = chunk.release.published
    return f"{chunk.heading}\n{chunk.text}\n{f'{day.day} {day:%B %Y}' if day else ''}"


def agree(one: str, other: str) -> bool:
    """Whether two quotes say the same: one's words stand in the other, white space and case apart.

    >>> agree("Ann Berg", "Ann  Berg, M.D."), agree("$3.2 million", "$13.2 million")
    (True, False)
    """
    short, long = sorted((" ".join(text.split()).casefold() for text in (one, other)), key=len)
    return bool(re.search(rf"(?<![\w.,$€£-]){re.escape(short)}(?![\w%]|[.,]\d)", long))
