"""What makes it likely that a span answers: grounds, each a number, and the probability that follows from them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.chunk import Chunk
from index.store import Passage

MOST_MISSING = 3  # more figures of a question that a passage lacks tell no more
SHALLOW = -3.0  # margin from which on another passage's best span counts as agreeing


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
    lead: float  # margin above that of the best span that says something else
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
    figures = {match.casefold() for match in _FIGURES.findall(query.rsplit("\n", 1)[-1])}
    said = [passage.chunk.text[span.start : span.end] for passage, span in found]
    reasons = []
    for number, (passage, span) in enumerate(found):
        others = [n for n in range(len(found)) if n != number]
        agreeing = [n for n in others if agree(said[number], said[n])]
        rival = max((found[n][1].margin for n in others if n not in agreeing), default=span.margin)
        held = _all_words(passage.chunk)
        reasons.append(
            Grounds(
                margin=span.margin,
                share=math.log(max(passage.score, 1e-6)),
                agreeing=math.log1p(sum(found[n][1].margin > SHALLOW for n in agreeing)),
                lead=span.margin - rival,
                missing=min(MOST_MISSING, sum(figure not in held for figure in figures)),
            )
        )
    return reasons


_FIGURES = re.compile(
    r"\b(?:\d[\d.,]*\d|\d|q[1-4]|phase|i{2,3}|first|second|third|fourth|january|february|march|april|may|june|july|august"
    r"|september|october|november|december)\b",
    re.IGNORECASE,
)


def _all_words(chunk: Chunk) -> str:
    """Text, headings and date of a chunk, in which the figures of a question are looked for."""
    day = chunk.release.published
    return f"{chunk.heading}\n{chunk.text}\n{f'{day:%B %Y} Q{(day.month + 2) // 3}' if day else ''}".casefold()


def agree(one: str, other: str) -> bool:
    """Whether two quotes say the same: one's words stand in the other, white space and case apart.

    >>> agree("Ann Berg", "Ann  Berg, M.D."), agree("$3.2 million", "$13.2 million")
    (True, False)
    """
    short, long = sorted((" ".join(text.split()).casefold() for text in (one, other)), key=len)
    return bool(re.search(rf"(?<![\w.,$€£-]){re.escape(short)}(?![\w%]|[.,]\d)", long))
