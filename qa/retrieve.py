"""Query and filters -> passages: found by vectors and by words, ranked by all that speaks for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import NamedTuple, Protocol

from index.chunk import Chunk
from index.months import MONTHS, WEEKDAYS
from index.store import Copy, Hit, Index, Passage, ReleaseRef
from qa.correct import corrections
from qa.mentions import DETERMINERS, FUNCTION, PREPOSITIONS, singular
from qa.period import is_of_the_past
from qa.rank import WEIGHTS, Signals, content_words, heading_matches, signals, weighed

CANDIDATES = 100  # from each way of searching
RANKED = 60  # of these, by vectors and words alone: the others were never worth the time (docs/log.md)
DENSE_WEIGHT = 0.3  # of vectors against words in that choice
AS_GOOD = 0.9  # of a passage's score, what one of a newer release needs to speak for both
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

    @classmethod
    def as_of(cls, day: date) -> Filters:
        """What was known on a day: nothing published later is retrieved, read, cited or counted.

        >>> Filters.as_of(date(2017, 6, 30)) == Filters(until=date(2017, 6, 30))
        True
        """
        return cls(until=day)


class Retriever(Protocol):
    """Finds the passages that may answer a query, best first."""

    def __call__(self, query: str, filters: Filters) -> list[Passage]:
        """Passages for ``query`` from the releases that pass ``filters``, best first."""
        ...


_LETTERS = re.compile(r"[^\W\d_]+")
# A capitalised word inside a sentence, four letters or more, that is no adjective of a people or place: releases may
# say "Japan" where a question says "Japanese". Abbreviations are left out, for releases may spell them out, but for
# tickers: those that own something, or stand behind a dollar sign ("TSLA's revenue", "$TSLA", not "the CEO's").
_NAME = re.compile(
    r"(?<=[\w,;:] )[A-Z][a-z]{3,}\b(?<!ese)(?<!an)(?<!ish)(?![-/]|[’'](?!s\b))"
    r"|(?<!\b[Tt]he )(?<!\b[Ii]ts )(?<!\b[Oo]ur )(?<!heir )(?<![\w.&/-])[A-Z]{3,5}(?=[’']s\b)|(?<=\$)[A-Z]{2,5}\b"
)
# What questions write large though it is no name: a release may well say it in other words.
_VERBS = frozenset(
    """
    head heads lead leads run runs own owns make makes sell sells use uses pay pays hold holds serve serves
    founded named based located headquartered
    """.split()
)
_OFFICES = frozenset(
    """
    ceo cfo coo cto cmo cio chief executive operating financial technology technical medical scientific commercial
    marketing legal officer president vice chair chairman chairwoman chairperson board director managing manager
    general counsel secretary treasurer founder partner member senior interim acting
    """.split()
)
_KINDS = frozenset("company corporation group headquarters office facility plant site".split())
_CALENDAR = frozenset(name.casefold() for name in (*MONTHS, *WEEKDAYS))
_NO_NAMES = FUNCTION | _VERBS | _OFFICES | _KINDS | _CALENDAR
_SMALL = DETERMINERS | PREPOSITIONS | {"and", "or", "but", "nor", "s"}  # also in a headline


def names(question: str) -> list[str]:
    """Words that can only be names: a release that answers mentions them.

    >>> names("How many cars did Tesla sell in March?"), names("What is TSLA's revenue?"), names("the CEO's name")
    (['Tesla'], ['TSLA'], [])
    >>> names("Who is the Managing Director of Tesla?"), names("What Is The Revenue Of Tesla?")
    (['Tesla'], [])
    """
    is_headline = _is_headline(question)
    return [
        name
        for name in _NAME.findall(question)
        if (name.isupper() or not is_headline) and not {name.casefold(), singular(name.casefold())} & _NO_NAMES
    ]


def _is_headline(question: str) -> bool:
    """Whether a question is written as headlines are: with large letters that tell nothing of names.

    No word begins with a small one but those that do in headlines, and one with a large one that is no name.

    >>> _is_headline("Who Heads The Mill?"), _is_headline("CEO of Acme?"), _is_headline("Who heads The Mill?")
    (True, False, False)
    """
    words = _LETTERS.findall(question)
    is_large = all(word[0].isupper() for word in words if word.casefold() not in _SMALL)
    return is_large and any(word[0].isupper() and word.casefold() in FUNCTION | _VERBS for word in words[1:])


class Candidate(NamedTuple):
    """A chunk worth ranking, which speaks for all chunks of the same words."""

    chunk: Chunk
    said_in: tuple[str, ...]  # ids of all releases that say it


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
        self._beside = ThreadPoolExecutor(thread_name_prefix="words")

    def __call__(self, query: str, filters: Filters = Filters()) -> list[Passage]:
        """The ``k`` best passages, scores 0 to 1, best first."""
        while True:
            generation = self.index.generation
            try:
                return self._find(query, filters)
            except KeyError:  # another process removed a release between two of the searches: they start again
                if self.index.generation == generation:
                    raise

    def _find(self, query: str, filters: Filters) -> list[Passage]:
        within = self.index.select(
            issuers=filters.issuers, tickers=filters.tickers, since=filters.since, until=filters.until
        )
        taken_back = self._corrections(within)
        candidates, found = self.candidates(query, within, filters.until)
        chunks = [candidate.chunk for candidate in candidates]
        scores = dict(enumerate(weighed(found, self.weights)))
        _put_behind(scores, chunks, taken_back)
        ranked = sorted(scores, key=lambda n: (-scores[n], chunks[n].release.id in taken_back, chunks[n].span))
        best_first = ((candidates[n], scores[n]) for n in ranked)
        passages = distinct(best_first, self.k, taken_back, newest_wins=not is_of_the_past(query))
        parts = {chunk.span: each for chunk, each in zip(chunks, found, strict=True)}
        return [
            Passage(
                kept.chunk,
                min(1.0, score),
                said_in=self._other_refs(kept),
                corrected_by=taken_back.get(kept.chunk.release.id),
                parts=tuple(parts[kept.chunk.span]._asdict().items()),
            )
            for kept, score in passages
        ]

    def candidates(
        self, query: str, within: Collection[str] | None = None, today: date | None = None
    ) -> tuple[list[Candidate], list[Signals]]:
        """The chunks worth ranking, of the releases ``within``, with their signals; of the same words one.

        Args:
            today: what "last quarter" and the like are counted from; this day if not given.
        """
        nearest = self.index.vector_search(within)
        by_words = self._beside.submit(
            self.index.search_words, content_words(query), CANDIDATES, within, FIELD_WEIGHTS
        )  # takes as long as the other way, on another core
        vector = self.index.embedder.encode_query([query])[0]
        near = nearest(vector, CANDIDATES)
        hits = {hit.vector_id: hit for hit in by_words.result()}
        bm25 = {vector_id: hit.score for vector_id, hit in hits.items()}
        ids = sorted({id_ for id_, _ in near} | bm25.keys())
        dense = dict(zip(ids, self.index.similarity(vector, ids), strict=True))
        copies = self.index.copies(_likeliest(ids, dense, bm25), within)
        found = self._speakers(query, copies, hits, within)
        chunks = [candidate.chunk for candidate in found.values()]
        similar, matching = [dense[id_] for id_ in found], [bm25.get(id_, 0.0) for id_ in found]
        return list(found.values()), signals(query, chunks, similar, matching, today)

    def _speakers(
        self,
        query: str,
        copies: Mapping[int, Sequence[Copy]],
        hits: Mapping[int, Hit],
        within: Collection[str] | None,
    ) -> dict[int, Candidate]:
        """Which of the chunks that have the same words is ranked and read: the newest that no correction takes back.

        Or the one that the query's words found, if its headings and its issuer hold more of them.
        """
        taken_back = self._corrections(within)
        # Copies come newest first, and of equals min takes the first.
        newest = {id_: min(those, key=lambda copy: copy.release_id in taken_back) for id_, those in copies.items()}
        by_words = {id_: hits[id_].chunk_id for id_ in copies if id_ in hits}
        held = self.index.chunks([*(copy.chunk_id for copy in newest.values()), *by_words.values()])
        found = {}
        for id_, copy in newest.items():
            chunk, rival = held.get(copy.chunk_id), held.get(by_words.get(id_, -1))
            if rival and rival is not chunk and rival.release.id not in taken_back:
                chunk = max(filter(None, (chunk, rival)), key=partial(heading_matches, query))
            if chunk:
                found[id_] = Candidate(chunk, tuple(each.release_id for each in copies[id_]))
        return found

    def _other_refs(self, candidate: Candidate) -> tuple[ReleaseRef, ...]:
        """The releases that say the same as a candidate's, oldest first."""
        others = dict.fromkeys(id_ for id_ in candidate.said_in if id_ != candidate.chunk.release.id)
        return tuple(sorted(self.index.refs(others), key=lambda ref: (ref.published or date.max, ref.id)))

    def _corrections(self, within: Collection[str] | None) -> Mapping[str, ReleaseRef]:
        """Which releases are corrected, by others that may answer too: before its day a correction is not known."""
        known = corrections(self.index)
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


def distinct(
    ranked: Iterable[tuple[Candidate, float]], k: int, withdrawn: Collection[str] = (), *, newest_wins: bool = True
) -> list[tuple[Candidate, float]]:
    """The ``k`` best candidates that say something new, each with the releases of those that say the same.

    Releases repeat whole paragraphs nearly word for word. A chunk with less than ``LEAST_NEW`` of its text, counted by
    whole sentences, not in a better chunk is folded into the one it shares most sentences with. Its score, a share of
    the ranking, goes to that one: copies share what one alone would have. Its releases are named there if it says all
    that the better one says. If it is of a newer release of the issuer, and nearly as good, it takes the other's place.

    Args:
        ranked: best first.
        withdrawn: ids of the releases that corrections take back; they take no other's place.
        newest_wins: whether any may.
    """
    kept: list[Candidate] = []
    scores: list[float] = []  # each with those of its copies
    own: list[float] = []  # without
    said: dict[str, int] = {}  # sentence -> number of the kept candidate that says it first
    statements: list[set[str]] = []  # of each kept candidate
    for candidate, score in ranked:
        sentences = [_words(sentence) for sentence in _SENTENCE_END.split(candidate.chunk.text)]
        new = [sentence for sentence in sentences if sentence not in said]
        if sum(map(len, new)) >= LEAST_NEW * sum(map(len, sentences)):
            said |= dict.fromkeys(new, len(kept))
            kept.append(candidate)
            scores.append(score)
            own.append(score)
            statements.append(set(sentences))
        else:
            home = Counter(said[sentence] for sentence in sentences if sentence in said).most_common(1)[0][0]
            scores[home] += score
            release, better = candidate.chunk.release, kept[home]
            says_all = statements[home] <= set(sentences)
            may_speak = newest_wins and score >= AS_GOOD * own[home] and release.id not in withdrawn
            if may_speak and release.succeeds(better.chunk.release):
                elsewhere = {sentence: place for sentence, place in said.items() if place != home}
                said = dict.fromkeys(sentences, home) | elsewhere
                kept[home], own[home], statements[home] = candidate, score, set(sentences)
            if says_all:
                kept[home] = kept[home]._replace(said_in=(*better.said_in, *candidate.said_in))
    order = sorted(range(len(kept)), key=lambda n: -scores[n])[:k]
    return [(kept[n], scores[n]) for n in order]


# Near enough to tell repeated text: a cut after "Inc." falls in the same place in every copy.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


def _words(sentence: str) -> str:
    # White space and case apart. Signs and points count: "$3.2 million" is not "$32 million", "-4%" not "4%".
    return " ".join(sentence.split()).casefold()
