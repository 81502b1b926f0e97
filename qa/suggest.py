"""An answer -> what to ask next: questions that the releases answer, each checked by asking it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, Protocol

from index.release import Release, same_issuer
from qa.answer import Answer, Citation, agree
from qa.facts import Fact, facts
from qa.frames import GENERAL, KINDS
from qa.rank import content_words
from qa.retrieve import Filters
from qa.rewrite import Turn

MOST = 3
SECONDS = 1.5
SAME = 0.6  # share of the words of the shorter of two questions from which on they ask the same


class Suggestion(NamedTuple):
    """A question to go on with, and what the releases say to it."""

    question: str
    answer: Answer


class Asked(Protocol):
    """What the questions are checked with: an `Assistant`, or what stands before one."""

    threshold: float

    def ask(self, question: str, history: Sequence[Turn | tuple[str, str]] = (), filters: Filters = ..., /) -> Answer:
        """The answer to a question."""


def suggest(
    assistant: Asked,
    answer: Answer,
    history: Sequence[Turn | tuple[str, str]] = (),
    filters: Filters = Filters(),
    *,
    without: Collection[str] = (),
    most: int = MOST,
    seconds: float = SECONDS,
) -> list[Suggestion]:
    """Up to ``most`` questions to go on with after ``answer``; fewer, or none, where the releases give no more.

    They come from facts of the cited release, and of the issuer's other releases that were found for the question. Each
    is asked as it would be asked next, and kept if it is answered with the very fact it was made from.

    Args:
        history: as the answer was asked with.
        filters: as the answer was asked with.
        without: questions that are not wanted, as those that were suggested before.
        seconds: after that no further question is checked.

    Raises:
        StoreError: as `Assistant.ask` does.
    """
    until = time.monotonic() + seconds
    cited = answer.citations or (answer.refusal.nearest if answer.refusal else ())
    if not cited:
        return []
    release = cited[0].release
    turns = [*history, answer.turn]
    sentences = [citation.release.quote(citation.sentence) for citation in cited]
    known = _Known(release, [*(turn[0] for turn in turns), *without], [*(turn[1] for turn in turns), *sentences])
    found: list[Suggestion] = []
    kinds: set[str] = set()
    for fact in _in_turn(_likely(answer, cited), kinds):
        if len(found) == most or time.monotonic() > until:
            break
        if known.has(fact):
            continue
        reply = assistant.ask(fact.question, turns, filters)
        if _holds(reply, fact, release):
            found.append(Suggestion(fact.question, reply))
            known.add(fact)
            kinds.add(fact.kind)
    return found


class _Known:
    """What was asked and told already."""

    def __init__(self, release: Release, asked: Sequence[str], told: Sequence[str]) -> None:
        self._issuer = _words(release.issuer or "")
        self._asked = [words for question in asked if (words := self._about(question))]
        self._told = [text for text in told if text]

    def _about(self, question: str) -> frozenset[str]:
        return _words(question) - self._issuer

    def has(self, fact: Fact) -> bool:
        """Whether the fact was told, or its question asked in much the same words."""
        words = self._about(fact.question)
        is_asked = any(len(words & asked) >= SAME * min(len(words), len(asked)) for asked in self._asked)
        return is_asked or any(agree(fact.answer, text) for text in self._told)

    def add(self, fact: Fact) -> None:
        """Count a fact as asked and told."""
        self._asked.append(self._about(fact.question))
        self._told.append(fact.answer)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in content_words(text))


def _likely(answer: Answer, cited: Sequence[Citation]) -> Iterator[Fact]:
    """Facts to ask about: of the cited release, then of the issuer's others; what is true of it in general comes last.

    The others are read only when they are needed.
    """
    release = cited[0].release
    said = " ".join([answer.query, answer.text, *(one.release.quote(one.sentence) for one in cited)])
    subject = _words(said) - _words(release.issuer or "")

    def order(fact: Fact) -> float:
        is_near = bool(_words(fact.question) & subject) + bool(fact.name and fact.name in said)
        return KINDS.index(fact.kind) / len(KINDS) - 0.4 * is_near

    others = {passage.chunk.release.id: passage.chunk.release for passage in answer.passages}
    last: list[Fact] = []
    for one in (release, *(each for id_, each in others.items() if id_ != release.id and same_issuer(each, release))):
        for fact in sorted((fact for fact in facts(one) if fact.is_own or fact.name in said), key=order):
            if fact.kind in GENERAL:
                last.append(fact)
            else:
                yield fact
    yield from sorted(last, key=order)


def _in_turn(likely: Iterator[Fact], kinds: Collection[str]) -> Iterator[Fact]:
    """The facts in order, but those of a kind that was suggested already last."""
    later = []
    for fact in likely:
        if fact.kind in kinds:
            later.append(fact)
        else:
            yield fact
    yield from later


def _holds(reply: Answer, fact: Fact, release: Release) -> bool:
    """Whether a question is answered with the very fact that it was made from."""
    if not reply.answered:
        return False
    best = reply.citations[0]
    return agree(best.quote, fact.answer) and (best.release.id == release.id or same_issuer(best.release, release))
