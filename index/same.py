"""Whether two files hold the same release: an exhibit and the PDF of it, a page and the e-mail that announced it.

Formats differ in how they set words, so that letters and figures of whole sentences are compared and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from index.release import Release

LEAST_LETTERS = 40  # of a sentence: shorter ones stand in many releases
LEAST_SHARED = 0.9  # of the sentences of the shorter text, and two thirds of this of the longer one's
KEYS = 3

_SENTENCES = re.compile(r"(?<=[.!?])[\s”\"’')\]]+|\n\n")


@dataclass(frozen=True, slots=True)
class Print:
    """A release's sentences in the form in which they are compared, in order."""

    sentences: tuple[str, ...]

    @classmethod
    def of(cls, release: Release) -> Print:
        """The print of a release: its prose, without headings and tables."""
        text = "\n\n".join(
            release.text[block.start : block.end] for block in release.blocks if block.kind in ("paragraph", "list")
        )
        folded = (re.sub(r"[\W_]+", "", sentence).casefold() for sentence in _SENTENCES.split(text))
        return cls(tuple(sentence for sentence in folded if len(sentence) >= LEAST_LETTERS))

    @property
    def keys(self) -> list[str]:
        """What to look for other releases by: hashes of its first sentences."""
        return [hashlib.sha256(sentence.encode()).hexdigest()[:16] for sentence in self.sentences[:KEYS]]


def is_same(one: Release, other: Release) -> bool:
    """Whether two releases are one: the same opening and nearly all sentences, no other day, no other figures.

    A release that differs from another in figures only is its correction, or the next of a daily kind.
    """
    if one.published and other.published and one.published != other.published:
        return False
    ours, theirs = Print.of(one).sentences, Print.of(other).sentences
    shared = set(ours) & set(theirs)
    if not shared or ours[0] not in shared or theirs[0] not in shared:
        return False
    shorter, longer = sorted((len(set(ours)), len(set(theirs))))
    if len(shared) < LEAST_SHARED * shorter or len(shared) < LEAST_SHARED * 2 / 3 * longer:
        return False
    return not (_wordings(set(ours) - shared) & _wordings(set(theirs) - shared))


def _wordings(sentences: set[str]) -> set[str]:
    return {re.sub(r"\d", "", sentence) for sentence in sentences}
