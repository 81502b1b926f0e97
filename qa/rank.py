"""Query and candidate chunks -> how well each chunk fits, part by part, and all parts weighed together."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from index.chunk import Chunk
from index.release import Release
from index.store import ReleaseRef
from qa.period import Period, periods

if TYPE_CHECKING:
    import Stemmer

# Words that a question has for being a question: they tell nothing of what it is about.
STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being but by can could did do does doing for
    from get gets give given had has have having he her here hers him his how i if in into is it its itself just
    me more most my new no not of off on or our out over own said same say says she should so some such tell
    than that the their them then there these they this those through to too under until up us very was we were
    what when where which while who whom whose why will with would you your according much many
    """.split()
)

# What companies are called besides their name.
_KINDS_OF_COMPANY = frozenset(
    """
    ab ag and asa bancorp co company corp corporation global group gmbh holding holdings inc incorporated international
    llc llp lp ltd limited nv of oyj plc sa se spa technologies technology the trust
    """.split()
)
_WORD = re.compile(r"\w+(?:[.\-/&'’]\w+)*")
_PART = re.compile(r"\w+")


class Signals(NamedTuple):
    """What speaks for a chunk, each from 0 to 1."""

    dense: float  # cosine of the vectors, brought to 0..1 among the candidates
    bm25: float  # BM25 score, as a share of the best candidate's
    terms: float  # the query's words that stand in text, headings or issuer, weighed by how few candidates have them
    pairs: float  # neighbouring words of the query that are neighbours in the text
    issuer: float  # 1 if the query names the issuer, or one of its tickers
    mentions: float  # 0 if the query names an issuer, and the release is not by it and never mentions it; else 1
    date: float  # how well the day of the release fits a period that the query names; 0 if it is not known
    length: float  # logarithm of the text's, 1 from 1,100 characters on: more words say more


# Fitted by training/fit_ranking.py, which also shows what each part is worth; but "mentions" (2.05) is doubled: in
# all of 2,014 training questions that name an issuer the right release mentions it, and one that does not misleads.
WEIGHTS = Signals(dense=3.91, bm25=4.62, terms=4.73, pairs=1.79, issuer=0.98, mentions=4.0, date=0.91, length=2.67)


def content_words(query: str) -> list[str]:
    """The words of a query that tell what it is about, each once, in order.

    >>> content_words("What payload does CLR 131 use?")
    ['payload', 'CLR', '131', 'use']
    """
    words = (re.sub(r"['’]s$", "", word) for word in _WORD.findall(query))
    kept = [word for word in words if word.casefold() not in STOP_WORDS and not re.search(r"n['’]t$", word, re.I)]
    return list({word.casefold(): word for word in reversed(kept)}.values())[::-1]


def signals(
    query: str, chunks: Sequence[Chunk], dense: Sequence[float], bm25: Sequence[float], today: date | None = None
) -> list[Signals]:
    """The signals of each candidate.

    Args:
        query: may have lines of the conversation in front.
        today: what "last quarter" and the like are counted from; this day if not given.
        dense: inner product of query and chunk.
        bm25: BM25 score, 0 where no word matches.
    """
    asked = stems(" ".join(content_words(query)))
    pairs = set(pairwise(asked))
    texts = [stems(chunk.text) for chunk in chunks]
    held = [_heading_stems(chunk).union(text) for chunk, text in zip(chunks, texts, strict=True)]
    rarity = {term: math.log(1 + len(chunks) / (1 + sum(term in words for words in held))) for term in asked}
    whole = sum(rarity.values()) or 1.0
    named = periods(query, today or date.today())
    low, high = min(dense, default=0.0), max(dense, default=0.0)
    most = max(bm25, default=0.0)
    releases = {chunk.release.id: chunk.release for chunk in chunks}
    used = {id_: names_used(query, release) for id_, release in releases.items()}
    names = frozenset[str]().union(*used.values())
    mentions = {id_: bool(used[id_]) or _mentions(release, names) for id_, release in releases.items()}
    return [
        Signals(
            dense=(similarity - low) / (high - low) if high > low else 1.0,
            bm25=match / most if most else 0.0,
            terms=sum(weight for term, weight in rarity.items() if term in words) / whole,
            pairs=len(pairs.intersection(pairwise(text))) / max(1, len(pairs)),
            issuer=float(bool(used[chunk.release.id])),
            mentions=float(mentions[chunk.release.id]),
            date=_date_fit(named, chunk.release.published),
            length=min(1.0, math.log(1 + len(chunk.text)) / 7),
        )
        for chunk, text, words, similarity, match in zip(chunks, texts, held, dense, bm25, strict=True)
    ]


def _date_fit(named: Sequence[Period], published: date | None) -> float:
    return max((period.fit(published) for period in named), default=0.0) if published else 0.0


def heading_matches(query: str, chunk: Chunk) -> int:
    """How many of the query's words stand in a chunk's headings or in its issuer's name."""
    return len(set(stems(" ".join(content_words(query)))) & _heading_stems(chunk))


def _heading_stems(chunk: Chunk) -> set[str]:
    return {*stems(f"{chunk.heading} {chunk.release.issuer or ''}")}


def weighed(found: Sequence[Signals], weights: Signals = WEIGHTS) -> list[float]:
    """All signals of each candidate as one number: the probability that it is the one, if one of them is.

    A log-linear model over the candidates (Cao et al., "Learning to Rank: From Pairwise Approach to Listwise Approach",
    ICML 2007).

    >>> one, other = Signals(1, 1, 1, 1, 1, 1, 0, 1), Signals(1, 1, 1, 1, 0, 1, 0, 1)
    >>> shares = weighed([one, other], Signals(1, 1, 1, 1, 0.7, 1, 1, 1))
    >>> [round(share, 2) for share in shares]
    [0.67, 0.33]
    """
    sums = [sum(weight * signal for weight, signal in zip(weights, each, strict=True)) for each in found]
    best = max(sums, default=0.0)
    powers = [math.exp(each - best) for each in sums]
    return [power / sum(powers) for power in powers]


def names_used(query: str, release: Release | ReleaseRef) -> frozenset[str]:
    """The words, in small letters, by which a query names who issued a release: none if it does not.

    An issuer is named by the first words of its name, written large unless nothing in the query is, as many as make
    four letters ("Tonix", "New York", "A. O. Smith"): the longest of them is given. Or by a ticker of three letters or
    more, in capitals.
    """
    asked, tickers, has_capitals = _asked(query)
    listed = {ticker.rpartition(":")[2] for ticker in release.tickers}
    used = {ticker.casefold() for ticker in listed & tickers}
    whole = _PART.findall(release.issuer or "")
    name = [word for word in whole if word.casefold() not in _KINDS_OF_COMPANY]
    if all(len(word) == 1 for word in name):  # "U.S. Bancorp": what is left is no name
        name = whole
    needed = next((n for n in range(1, len(name)) if sum(map(len, name[:n])) >= 4), len(name))
    first = [word.casefold() for word in name[:needed]]
    for at in range(len(asked) - needed + 1) if first else ():
        words = asked[at : at + needed]
        if [word.casefold() for word in words] == first and (not has_capitals or not words[0][0].islower()):
            used.add(max(first, key=len))
    return frozenset(used)


def _mentions(release: Release, names: Collection[str]) -> bool:
    """Whether any of these names, in small letters, is a word of a release; where there are none, each will do."""
    text = release.text.casefold() if names else ""
    return not names or any(name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)


@lru_cache(maxsize=8)
def _asked(query: str) -> tuple[list[str], frozenset[str], bool]:
    """Words of a query as written, those that may be tickers, and whether any is written large."""
    words = _PART.findall(re.sub(r"['’]s\b", "", query))
    tickers = frozenset(re.findall(r"(?<![\w.])[A-Z][A-Z0-9]+(?:\.?[A-Z])(?!\w)", query))
    return words, tickers, any(character.isupper() for character in query)


def stems(text: str) -> list[str]:
    """The words of a text without their endings, case folded, in order."""
    stemmed: list[str] = _stemmer().stemWords(_PART.findall(text.casefold()))
    return stemmed


_own = threading.local()  # a Stemmer must not be used by two threads at once


def _stemmer() -> Stemmer.Stemmer:
    import Stemmer

    if not hasattr(_own, "stemmer"):
        _own.stemmer = Stemmer.Stemmer("english")
    return _own.stemmer
