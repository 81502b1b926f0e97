"""Query and passages -> scored spans: the words that answer, and how sure that they do."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from index.chunk import statements
from index.embed import Embedder
from index.release import Span
from index.store import Passage
from qa.phrase import phrase
from qa.retrieve import content_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ScoredSpan(NamedTuple):
    """Words that may answer."""

    span: Span  # the answer itself
    sentence: Span  # the whole sentence around it
    score: float  # probability that these words answer the query; comparable across passages
    passage: Passage


class Reader(Protocol):
    """Finds the answering spans in passages, best first. No spans means that nothing there can answer."""

    def __call__(self, query: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Spans that may answer ``query``, best first."""
        ...


class Features(NamedTuple):
    """What the sentence reader knows of a sentence; each 0 to 1."""

    passage: float  # the passage's own score
    similarity: float  # cosine of query and sentence
    said: float  # share of the query's words, names and figures double, that the sentence holds
    around: float  # the same for sentence, headings and issuer together


# Logistic regression over the sentences of 700 training questions: python training/fit_sentence_reader.py
WEIGHTS = Features(passage=8.81, similarity=5.04, said=0.28, around=3.60)
BIAS = -15.71


class SentenceReader:
    """Reads without training data of its own: the best sentence, or the phrase of it that has the form asked for.

    Args:
        embedder: compares question and sentence.
        most: passages that are read, best first.
    """

    def __init__(self, embedder: Embedder, most: int = 8) -> None:
        self.embedder = embedder
        self.most = most

    def __call__(self, query: str, passages: Sequence[Passage]) -> list[ScoredSpan]:
        """Every sentence of the passages as a candidate, best first."""
        found = [
            ScoredSpan(self._phrase(query, passage, sentence), sentence, _probability(features), passage)
            for passage, sentence, features in self.features(query, passages)
        ]
        return sorted(found, key=lambda candidate: -candidate.score)

    def features(self, query: str, passages: Sequence[Passage]) -> list[tuple[Passage, Span, Features]]:
        """Each sentence of the passages with what is known of it."""
        pairs = [
            (passage, span)
            for passage in passages[: self.most]
            for span in statements(passage.chunk.release, passage.chunk.span)
        ]
        if not pairs:
            return []
        texts = [passage.chunk.release.quote(span) for passage, span in pairs]
        similarity = self._similarity(query, texts)
        words = content_words(query)
        return [
            (
                passage,
                span,
                Features(
                    passage=passage.score,
                    similarity=max(0.0, float(close)),
                    said=share_said(words, text),
                    around=share_said(words, f"{text} {passage.chunk.heading} {passage.chunk.release.issuer or ''}"),
                ),
            )
            for (passage, span), text, close in zip(pairs, texts, similarity, strict=True)
        ]

    def _similarity(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        products: NDArray[np.float32] = self.embedder.encode_document(texts) @ self.embedder.encode_query([query])[0]
        return products

    def _phrase(self, query: str, passage: Passage, sentence: Span) -> Span:
        words = [stem(word) for word in content_words(query)]
        found = phrase(query, passage.chunk.release.quote(sentence), lambda word: stem(word) in words)
        if found is None:
            return sentence
        return Span(sentence.release_id, sentence.start + found[0], sentence.start + found[1])


def _probability(features: Features) -> float:
    return 1 / (1 + math.exp(-BIAS - sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))))


def stem(word: str) -> str:
    """A word without case and common endings, so that "uses" and "using" meet "use".

    >>> stem("Announced"), stem("announces"), stem("use"), stem("uses"), stem("131")
    ('announc', 'announc', 'us', 'us', '131')
    """
    word = word.casefold()
    if not word.isalpha() or len(word) < 3:
        return word
    return re.sub(r"(?:ies|ied|ing|ed|es|s|e|y)$", "", word)


def share_said(words: Sequence[str], text: str) -> float:
    """The share of ``words`` that stand in ``text``, names and figures counted double.

    >>> share_said(["payload", "CLR", "131"], "CLR 131 has a payload"), share_said(["CLR", "pay"], "pay")
    (1.0, 0.3333333333333333)
    """
    held = {stem(part) for part in re.findall(r"\w+", text)}
    weights = [2.0 if any(c.isupper() or c.isdigit() for c in word) else 1.0 for word in words]
    said = [all(stem(part) in held for part in re.findall(r"\w+", word)) for word in words]
    return sum(weight for weight, there in zip(weights, said, strict=True) if there) / sum(weights) if words else 0.0
