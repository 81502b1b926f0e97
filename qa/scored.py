"""ScoredSpan: words that may answer, how sure that they do, and the sentence around them."""

from __future__ import annotations

from typing import NamedTuple

from index.chunk import statements
from index.release import Span
from index.store import Passage
from qa.confidence import doubted

LIKELY = 0.5  # the score from which on the reader chooses the words of a description, and a rival disputes an answer


class ScoredSpan(NamedTuple):
    """Words that may answer."""

    span: Span  # the answer itself
    sentence: Span  # the whole sentence around it
    score: float  # probability that these words answer the query; comparable across passages
    passage: Passage


def doubt(candidate: ScoredSpan, left: float) -> ScoredSpan:
    """The span with what is ``left`` of its odds."""
    return candidate._replace(score=doubted(candidate.score, left))


def sentence_around(passage: Passage, span: Span) -> Span:
    """The whole sentence, or sentences, around a span of a passage."""
    around = [each for each in statements(passage.chunk.release, passage.chunk.span) if each.overlaps(span)] or [span]
    return Span(span.release_id, min(around[0].start, span.start), max(around[-1].end, span.end))
