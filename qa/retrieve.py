"""Query and filters -> passages: found by vectors and by words, ranked by all that speaks for them."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from index.chunk import Chunk, statements
from index.store import Index, Passage, ReleaseRef
from qa.correct import corrected
from qa.rank import WEIGHTS, Signals, content_words, signals, weighed

CANDIDATES = 100  # from each way of searching
RANKED = 60  # of these, by vectors and words alone: the others were never worth the time (docs/log.md)
DENSE_WEIGHT = 0.3  # of vectors against words in that choice
LEAST_NEW = 0.5  # share of a passage's text that must not stand in better ones: best hit@8 on training questions
FIELD_WEIGHTS = (1.0, 1.0, 1.0)  # BM25: headings, issuer and tickers, body


@dataclass(frozen=True, slots=True)
class Filters:
    """Which releases may answer.

    Attributes:
        issuers: names, or parts of names, case apart; any of them passes.
        tickers: ``CLRB`` or ``NASDAQ:CLRB``; any of them passes.
        since: first day of publication.
        until: last day of publication, included: what was known as of that day.

    With a date, releases of unknown date are left out: they might be from outside the limits.

    >>> Filters(issuers=("Cellectar",), until=date(2017, 6, 30)).until
    datetime.date(2017, 6, 30)
    """

    issuers: tuple[str, ...] = ()
    tickers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        for name in ("issuers", "tickers"):
            names = getattr(self, name)
            if isinstance(names, str) or not all(isinstance(each, str) for each in names):
                raise TypeError(f"{name} takes a tuple of names, got {names!r}")
        for name in ("since", "until"):
            day = getattr(self, name)
            if not isinstance(day, date | None) or isinstance(day, datetime):  # a datetime compares with no date
                raise TypeError(f"{name} takes a datetime.date, got {day!r}")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since ({self.since}) is after until ({self.until}): no day lies between them")


class Retriever(Protocol):
    """Finds the passages that may answer a query, best first."""

    def __call__(self, query: str, filters: Filters) -> list[Passage]:
        """Passages for ``query`` from the releases that pass ``filters``, best first."""
        ...


# A capitalised word inside a sentence, four letters or more, that is no adjective of a people or place: releases may
# say "Japan" where a question says "Japanese". Abbreviations are left out: releases may spell them out.
_NAME = re.compile(r"(?<=[\w,;:] )[A-Z][a-z]{3,}\b(?<!ese)(?<!an)(?<!ish)(?![-/’'])")
_CALENDAR = frozenset((*calendar.month_name, *calendar.day_name))


def names(question: str) -> list[str]:
    """Words that can only be names: a release that answers mentions them.

    >>> names("How many cars did Tesla sell in March?")
    ['Tesla']
    """
    return [name for name in _NAME.findall(question) if name not in _CALENDAR]


class HybridRetriever:
    """Candidates by vectors and by BM25, ranked by the signals of `qa.rank`; corrected releases behind corrections.

    Args:
        k: passages returned.
        weights: what each signal is worth.
    """

    def __init__(self, index: Index, k: int = 16, weights: Signals = WEIGHTS) -> None:
        self.index = index
        self.k = k
        self.weights = weights
        self._corrected: tuple[int, dict[str, ReleaseRef]] = (-1, {})

    def __call__(self, query: str, filters: Filters = Filters()) -> list[Passage]:
        """The ``k`` best passages, scores 0 to 1, best first."""
        while True:
            try:
                return self._find(query, filters)
            except KeyError:  # another process removed a release between two of the searches: they start again
                continue

    def _find(self, query: str, filters: Filters) -> list[Passage]:
        within = self.index.select(
            issuers=filters.issuers, tickers=filters.tickers, since=filters.since, until=filters.until
        )
        chunks, found = self.candidates(query, within)
        scores = dict(enumerate(weighed(found, self.weights)))
        corrections = self._corrections(within)
        _put_behind(scores, chunks, corrections)
        ranked = sorted(scores, key=lambda n: (-scores[n], chunks[n].release.id in corrections, chunks[n].span))
        passages = distinct(((chunks[n], scores[n]) for n in ranked), self.k)
        parts = {chunk.span: each for chunk, each in zip(chunks, found, strict=True)}
        return [
            passage._replace(
                corrected_by=corrections.get(passage.chunk.release.id),
                parts=tuple(parts[passage.chunk.span]._asdict().items()),
            )
            for passage in passages
        ]

    def candidates(self, query: str, within: Collection[str] | None = None) -> tuple[list[Chunk], list[Signals]]:
        """The chunks worth ranking, of the releases ``within``, with their signals."""
        vector = self.index.embedder.encode_query([query])[0]
        words = self.index.search_words(content_words(query), CANDIDATES, within, FIELD_WEIGHTS)
        bm25 = {hit.chunk_id: hit.score for hit in words}
        ids = sorted({hit.chunk_id for hit in self.index.search_vectors(vector, CANDIDATES, within)} | bm25.keys())
        dense = dict(zip(ids, self.index.similarity(vector, ids), strict=True))
        likely = _likeliest(ids, dense, bm25)
        chunks = {id_: chunk for id_ in likely if (chunk := self.index.chunk(id_)) is not None}
        found = signals(
            query, list(chunks.values()), [dense[id_] for id_ in chunks], [bm25.get(id_, 0.0) for id_ in chunks]
        )
        return list(chunks.values()), found

    def _corrections(self, within: Collection[str] | None) -> dict[str, ReleaseRef]:
        """Which releases are corrected, by others that may answer too: before its day a correction is not known."""
        generation = self.index.generation
        if self._corrected[0] != generation:
            self._corrected = generation, corrected(self.index.releases())
        known = self._corrected[1]
        if within is None:
            return known
        open_to_all = set(within)
        return {id_: by for id_, by in known.items() if by.id in open_to_all}


def _likeliest(ids: Sequence[int], dense: Mapping[int, float], bm25: Mapping[int, float]) -> list[int]:
    """The ``RANKED`` best by both ways of searching, each brought to 0..1 among the candidates."""
    low, high = min(dense.values(), default=0.0), max(dense.values(), default=0.0)
    most = max(bm25.values(), default=0.0) or 1.0

    def fused(id_: int) -> float:
        by_vector = (dense[id_] - low) / (high - low) if high > low else 1.0
        return DENSE_WEIGHT * by_vector + (1 - DENSE_WEIGHT) * bm25.get(id_, 0.0) / most

    return sorted(ids, key=lambda id_: (-fused(id_), id_))[:RANKED]


def _put_behind(scores: dict[int, float], chunks: Sequence[Chunk], corrections: Mapping[str, ReleaseRef]) -> None:
    """Lower the scores of chunks of corrected releases to the least of their correction's, whose best gets the rest."""
    own: dict[str, list[int]] = {}
    for n, chunk in enumerate(chunks):
        own.setdefault(chunk.release.id, []).append(n)
    for release_id, correction in corrections.items():
        heirs = own.get(correction.id, [])
        least = min((scores[n] for n in heirs), default=0.0)
        for n in own.get(release_id, []):
            rest = max(0.0, scores[n] - least)
            scores[n] -= rest
            if heirs:
                scores[max(heirs, key=lambda heir: scores[heir])] += rest


def distinct(ranked: Iterable[tuple[Chunk, float]], k: int) -> list[Passage]:
    """The ``k`` best chunks that say something new, each with the other releases that say the same.

    Releases repeat whole paragraphs word for word. A chunk with less than ``LEAST_NEW`` of its text, counted by whole
    sentences, not in a better chunk is folded into the one it shares most sentences with. Its score, a share of the
    ranking, goes to that one: copies share what one alone would have.

    Args:
        ranked: best first.
    """
    kept: list[Chunk] = []
    scores: list[float] = []
    repeated: list[dict[str, ReleaseRef]] = []
    said: dict[str, int] = {}  # sentence -> number of the kept chunk that says it first
    for chunk, score in ranked:
        sentences = [_words(chunk.release.quote(span)) for span in statements(chunk.release, chunk.span)]
        new = [sentence for sentence in sentences if sentence not in said]
        if sum(map(len, new)) >= LEAST_NEW * sum(map(len, sentences)):
            said |= dict.fromkeys(new, len(kept))
            kept.append(chunk)
            scores.append(score)
            repeated.append({})
        else:
            home = Counter(said[sentence] for sentence in sentences if sentence in said).most_common(1)[0][0]
            scores[home] += score
            if chunk.release.id != kept[home].release.id:
                repeated[home][chunk.release.id] = _ref(chunk)
    order = sorted(range(len(kept)), key=lambda n: -scores[n])[:k]
    return [Passage(kept[n], min(1.0, scores[n]), tuple(repeated[n].values())) for n in order]


def _words(sentence: str) -> str:
    # White space and case apart. Signs and points count: "$3.2 million" is not "$32 million", "-4%" not "4%".
    return " ".join(sentence.split()).casefold()


def _ref(chunk: Chunk) -> ReleaseRef:
    release = chunk.release
    return ReleaseRef(release.id, release.issuer, release.headline, release.published, release.tickers, release.source)
