"""What makes it likely that a span answers: grounds, each a number, and the probability that follows from them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.store import Passage

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

        >>> Calibration(Grounds(0.5, 1, 0), -1).probability(Grounds(4, -1, 0))
        0.5
        """
        total = self.intercept + sum(weight * ground for weight, ground in zip(self.weights, grounds, strict=True))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


def grounds(found: Sequence[tuple[Passage, Found]]) -> list[Grounds]:
    """The grounds of each passage's best span, beside those of the others."""
    said = [passage.chunk.text[span.start : span.end] for passage, span in found]
    agreeing = [
        sum(agree(one, other) and found[n][1].margin > SHALLOW for n, other in enumerate(said) if n != number)
        for number, one in enumerate(said)
    ]
    return [
        Grounds(margin=span.margin, share=math.log(max(passage.score, 1e-6)), agreeing=math.log1p(count))
        for (passage, span), count in zip(found, agreeing, strict=True)
    ]


_FIGURE = re.compile(r"\d+")


def agree(one: str, other: str) -> bool:
    """Whether two quotes say the same: one's words stand in the other, white space and case apart, and no figure more.

    >>> agree("Ann Berg", "Ann  Berg, M.D."), agree("$3.2 million", "$13.2 million"), agree("132", "132 to 156")
    (True, False, False)
    """
    short, long = sorted((" ".join(text.split()).casefold() for text in (one, other)), key=len)
    return _FIGURE.findall(short) == _FIGURE.findall(long) and bool(
        re.search(rf"(?<![\w.,$€£-]){re.escape(short)}(?![\w%]|[.,]\d)", long)
    )
