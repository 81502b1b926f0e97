"""What programs ask for by name: /chat, /ask, /search and /release, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.release import Span
from page.chat import Chat
from page.library import Library
from page.scope import filters_of
from qa import Filters, Turn
from qa.assistant import MAX_QUESTION
from qa.plain import as_json

MOST_FOUND = 16  # passages that a search gives


class Endpoints:
    """The calls, each a method whose docstring the page's API documentation shows."""

    def __init__(self, chat: Chat, library: Library) -> None:
        self._chat = chat
        self._library = library

    def chat(
        self, question: str, history: list[list[str]] | None = None, issuer: str = "", since: str = "", until: str = ""
    ) -> dict[str, Any]:
        """Answer a question that may lean on what was said before.

        Args:
            question: in plain words.
            history: earlier exchanges, oldest first: the turns that came with the answers, or pairs of question and
                answer.
            issuer: name of an issuer, or part of one; all if empty.
            since: first day of publication, YYYY-MM-DD; any if empty.
            until: last day of publication, YYYY-MM-DD: what was known as of that day.

        Returns:
            answer, confidence and citations with character positions, or the refusal with its reason; and the turn to
            append to the history: question, answer, and the issuer of the release cited first.
        """
        turns = [Turn(*turn) for turn in _pairs(history)]
        answer = self._chat.answer(question, turns, _filters(issuer, since, until))
        return as_json(answer) | {"turn": list(answer.turn)}

    def ask(self, question: str, issuer: str = "", since: str = "", until: str = "") -> dict[str, Any]:
        """Answer one question that stands alone.

        Args:
            question: in plain words.
            issuer: name of an issuer, or part of one; all if empty.
            since: first day of publication, YYYY-MM-DD; any if empty.
            until: last day of publication, YYYY-MM-DD: what was known as of that day.

        Returns:
            answer, confidence and citations with character positions, or the refusal with its reason.
        """
        return as_json(self._chat.answer(question, (), _filters(issuer, since, until)))

    def search(
        self, query: str, most: int = 8, issuer: str = "", since: str = "", until: str = ""
    ) -> list[dict[str, Any]]:
        """Find the passages nearest to a query, without reading an answer out of them.

        Args:
            query: words or a question.
            most: number of passages, 1 to 16.
            issuer: name of an issuer, or part of one; all if empty.
            since: first day of publication, YYYY-MM-DD; any if empty.
            until: last day of publication, YYYY-MM-DD.

        Returns:
            passages, best first: release_id, sha256, start, end, text, score, issuer, headline, published.
        """
        if not isinstance(query, str) or not 0 < len(query.strip()) <= MAX_QUESTION:
            raise ValueError(f"a query has 1 to {MAX_QUESTION:,} characters")
        if not isinstance(most, int) or not 1 <= most <= MOST_FOUND:
            raise ValueError(f"most is 1 to {MOST_FOUND}, got {most!r}")
        found = self._chat.search(query, _filters(issuer, since, until), most)
        return [
            {
                "release_id": passage.chunk.release.id,
                "sha256": passage.chunk.release.sha256,
                "start": passage.chunk.span.start,
                "end": passage.chunk.span.end,
                "text": passage.chunk.text,
                "score": round(passage.score, 4),
                "issuer": passage.chunk.release.issuer,
                "headline": passage.chunk.release.headline,
                "published": _iso(passage.chunk.release.published),
            }
            for passage in found
        ]

    def release(self, release_id: str, start: int | None = None, end: int | None = None) -> dict[str, Any]:
        """Read a release, and the words at a position of it.

        Args:
            release_id: as citations and passages name it.
            start: first character of the words wanted.
            end: one past their last.

        Returns:
            id, sha256, issuer, tickers, headline, published, url, text, and the quote between start and end.
        """
        release = self._library.release(str(release_id))
        if release is None:
            raise ValueError(f"no release {str(release_id)[:40]!r} is indexed")
        quote = release.quote(Span(release.id, start, end)) if start is not None and end is not None else None
        return {
            "id": release.id,
            "sha256": release.sha256,
            "issuer": release.issuer,
            "tickers": list(release.tickers),
            "headline": release.headline,
            "published": _iso(release.published),
            "url": release.url,
            "text": release.text,
            "quote": quote,
        }


def _filters(issuer: str, since: str, until: str) -> Filters:
    return filters_of({"issuer": issuer, "since": since, "until": until})


def _pairs(history: Sequence[Sequence[str]] | None) -> list[Sequence[str]]:
    turns = list(history or ())
    if not all(isinstance(turn, list | tuple) and len(turn) in (2, 3) for turn in turns):
        raise ValueError(f"history takes pairs [question, answer], or turns as given, got {str(turns)[:80]!r}")
    return turns


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
