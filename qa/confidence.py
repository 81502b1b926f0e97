"""What makes it likely that a span answers: grounds, each a number, and the probability that follows from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from index.store import Passage

LEAST_SHARE = 1e-6  # a logarithm needs more than none
# Of what is lacking to certainty: what a release that surely says the same takes away; no more, for they copy.
SUPPORT = 0.3


class Found(NamedTuple):
    """The best span of one passage. Margins: by how much its score is above that of "not said here"."""

    start: int  # characters of the passage's text
    end: int
    glance: float  # the margin after the reader's first layers
    margin: float | None = None  # after all of them; None where it was only glanced at
    alone: float | None = None  # the same where its sentence is all that there is to read


class Grounds(NamedTuple):
    """What speaks for the best span of a passage, and against it."""

    glance: float
    margin: float  # 0, like the next, where the passage was only glanced at
    alone: float  # what stands around a sentence can mislead
    share: float  # natural logarithm of the passage's share of the ranking
    length: float  # natural logarithm of the span's characters: a short one stands in many sentences
    figure: float  # 1 where it holds one, else 0: a figure looks like an answer to any question for one

    @classmethod
    def of(cls, passage: Passage, found: Found) -> Grounds:
        """What speaks for the span that was found in a passage."""
        words = passage.chunk.text[found.start : found.end]
        return cls(
            glance=found.glance,
            margin=found.margin or 0.0,
            alone=found.alone or 0.0,
            share=math.log(max(passage.score, LEAST_SHARE)),
            length=math.log(max(1, len(words))),
            figure=float(any(map(str.isdigit, words))),
        )


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

        >>> Calibration(Grounds(0, 0.25, 0.25, 1, 0, 0), -1).probability(Grounds(2, 4, 4, -1, 3, 1))
        0.5
        """
        total = self.intercept + sum(weight * ground for weight, ground in zip(self.weights, grounds, strict=True))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, total))))


def doubted(chance: float, left: float) -> float:
    """A probability with what is ``left`` of its odds.

    >>> round(doubted(0.8, 0.25), 9), doubted(1.0, 0.25)
    (0.5, 1.0)
    """
    kept = left * chance
    return kept / (kept + (1 - chance))


def supported(chance: float, others: Iterable[float]) -> float:
    """The chance that a span is right, raised by those of spans in other releases that say the same.

    A noisy-or (Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988).

    >>> supported(0.5, [1.0])
    0.65
    """
    return chance + (1 - chance) * (1 - math.prod(1 - SUPPORT * other for other in others))
