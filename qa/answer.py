"""Scored spans -> an answer with its citations, or a refusal with its reason."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from index.months import MONTH, in_words
from index.release import Release, Span, same_issuer
from index.store import Passage, ReleaseRef
from index.table import Table
from qa.amount import amount_of, amount_pattern, fold
from qa.compare import YesOrNo
from qa.confidence import doubted, supported
from qa.period import Period, as_of, is_of_the_past, periods
from qa.rank import content_words
from qa.rewrite import Turn
from qa.scored import LIKELY, ScoredSpan
from qa.verdict import NEGATION, verdict, with_verdict

RefusalReason = Literal["not_said", "outside_dates", "issuer_not_indexed", "empty_index", "not_understood"]

MOST_CITATIONS = 4
MOST_NEAREST = 3
MOST_OTHERS = 3
AS_SURE = 0.3  # of the odds that the best span is right: what one of a newer release needs to be the answer instead
DISPUTED = 0.25  # left of the odds where another release says something else, and which is the newer is not known


class CellNames(NamedTuple):
    """What a cell of a table is of."""

    row: str  # its row's head
    column: str  # the heads over it
    units: str  # "in thousands"; empty where the table does not say

    @property
    def words(self) -> str:
        """On one line: "Revenue · Three months ended March 31, 2024 · in thousands"."""
        return " · ".join(filter(None, (self.row, self.column, "" if self.units in self.column else self.units)))


class Citation(NamedTuple):
    """The exact words of a release that an answer rests on."""

    release: Release
    span: Span
    sentence: Span  # the whole sentence, or sentences, around ``span``
    corrected_by: ReleaseRef | None = None  # the release that takes these words back
    said_in: tuple[ReleaseRef, ...] = ()  # other releases with the same words, oldest first, unknown days last

    @property
    def repeated(self) -> str:
        """Which other releases say the same, in words; empty if none does.

        First and last: "also in 3 other releases, from 4 May 2023 to 5 June 2025".
        """
        if not self.said_in:
            return ""
        days = [ref.published for ref in self.said_in if ref.published]
        first, last = (in_words(day) if day else "" for day in (min(days, default=None), max(days, default=None)))
        when = f", from {first} to {last}" if first != last else f", of {first}" if first else ""
        return f"also in {len(self.said_in)} other release{'s' if len(self.said_in) > 1 else ''}{when}"

    @property
    def withdrawn(self) -> str:
        """What a later release did to this one, in words; empty if nothing.

        A correction takes its place: "corrected 4 May 2024: Correction: Acme Opens Mill".
        """
        if not self.corrected_by:
            return ""
        day = self.corrected_by.published
        return f"corrected{f' {in_words(day)}' if day else ''}: {self.corrected_by.headline}"

    @property
    def cell(self) -> CellNames | None:
        """What the quote is of where it stands in a cell of a table; ``None`` elsewhere."""
        table = Table.around(self.release, self.span.start)
        at = table.at(self.span.start) if table else None
        if table is None or at is None or at.column == 0:
            return None
        return CellNames(
            *(" ".join(head.split()) for head in (table.row_head(at), table.column_head(at), table.units(at)))
        )

    @property
    def quote(self) -> str:
        """The cited words: a slice of the release's text."""
        return self.release.quote(self.span)

    @property
    def start(self) -> int:
        """First character of the quote in the release's text."""
        return self.span.start

    @property
    def end(self) -> int:
        """One past the last character of the quote."""
        return self.span.end


class Refusal(NamedTuple):
    """Why there is no answer. A value, not an exception."""

    reason: RefusalReason
    message: str  # one sentence for the person who asked
    nearest: tuple[Citation, ...] = ()  # what came closest: offered to look at, not as an answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What the releases say to a question."""

    question: str  # as asked
    query: str  # as understood: the same question, standing alone
    text: str  # the short answer; empty when refused
    citations: tuple[Citation, ...]  # never empty for an answer, always empty for a refusal
    confidence: float  # 0 to 1: that the answer is right; of a refusal, that the best span that may answer would be
    refusal: Refusal | None
    passages: tuple[Passage, ...] = ()  # what was retrieved, those that answer best first
    # What the issuer's other releases say instead, and other tables of this one, newest first, unknown days last.
    others: tuple[Citation, ...] = ()
    verdict: YesOrNo | None = None  # of a question for it, where the cited words tell
    instead: tuple[str, ...] = ()  # what else may have been meant, likeliest first; each stands alone
    lacking: str = ""  # of several things asked at once, which are not answered, and why

    @property
    def answered(self) -> bool:
        """Whether this is an answer rather than a refusal."""
        return self.refusal is None

    @property
    def turn(self) -> Turn:
        """What a next question may lean on: to be appended to its history."""
        issuer = self.citations[0].release.issuer if self.citations else None
        return Turn(self.question, self.text, issuer or "")


def compose(
    question: str,
    query: str,
    spans: Sequence[ScoredSpan],
    passages: Sequence[Passage],
    threshold: float,
    *,
    whole: str = "",
    today: date | None = None,
) -> Answer:
    """The best span, or its newer rival, with all the releases that say the same; a refusal when it is too weak.

    Words that a correction takes back are no answer; nor, as of a day or month, are those of later releases.

    Args:
        spans: best first.
        threshold: least score of an answer.
        whole: the question made whole, as it is shown; the question itself if not given.
        today: what "as of last month" is counted from; this day if not given.
    """
    period = as_of(whole or question, today)
    withdrawn = [span for span in spans if span.passage.corrected_by]
    later = [
        span for span in spans if period and span not in withdrawn and _is_later(span.passage.chunk.release, period)
    ]
    standing = [span for span in spans if span not in withdrawn and span not in later]
    passages = _as_read(passages, standing, [*later, *withdrawn])
    chosen = standing[0] if standing else None
    if chosen and not is_of_the_past(question, query):
        chosen = _newest(standing, threshold)
    agreeing = _agreeing(chosen, standing) if chosen else []
    confidence = supported(chosen.score, [span.score for span in agreeing]) if chosen else 0.0
    message = "The releases do not say."
    if chosen and any(_disputes(span, chosen) for span in standing):
        if confidence >= threshold:
            message = "Releases say different things, and which is the newest is not known."
        confidence = doubted(confidence, DISPUTED)
    if chosen and _are_several(chosen, standing, threshold / 2):
        message = "Tables of one release have different figures of that name: say which is meant."
    if not chosen or confidence < threshold:
        refusal = Refusal("not_said", message, _nearest(*standing, *later, *withdrawn))
        if later and later[0].score >= threshold:
            message = f"The releases do not say it as of then; one of {in_words(_released(later[0]))} does."
            refusal = Refusal("outside_dates", message, _nearest(*later, *standing, *withdrawn))
        return Answer(question, query, "", (), confidence, refusal, passages)
    best = _citation(chosen)
    same = {best.release.id: best}
    for span in agreeing:
        if span.score >= min(threshold, chosen.score / 2):
            same[span.passage.chunk.release.id] = _citation(span)
    return Answer(
        question,
        query,
        text=" ".join(best.quote.split()),
        citations=tuple(same.values())[:MOST_CITATIONS],
        confidence=confidence,
        refusal=None,
        passages=passages,
        others=_others(best, (*standing, *later, *withdrawn), threshold),
        verdict=_verdict(whole or question, best, today),
    )


def _others(best: Citation, spans: Sequence[ScoredSpan], threshold: float) -> tuple[Citation, ...]:
    """What other releases say instead of the answer, and other tables of its own."""
    found: dict[str, Citation] = {}
    for span in spans:
        other = _citation(span)
        if agree(other.quote, best.quote) or any(agree(other.quote, o.quote) for o in found.values()):
            continue
        if span.score >= threshold and _is_instead(other, best):
            found.setdefault(other.release.id, other)
        elif span.score >= threshold / 2 and _is_of_another_table(other, best):
            found.setdefault(f"{other.release.id} {other.start}", other)
    return tuple(sorted(found.values(), key=_day, reverse=True)[:MOST_OTHERS])


def _is_instead(other: Citation, best: Citation) -> bool:
    """Whether a release says something else as of another day, or of one that may be another."""
    is_of_another_day = other.release.succeeds(best.release) or best.release.succeeds(other.release)
    return is_of_another_day or (_are_in_no_order(other.release, best.release) and differ(other.quote, best.quote))


def _are_several(chosen: ScoredSpan, spans: Sequence[ScoredSpan], least: float) -> bool:
    """Whether other tables of its release have other figures that may be meant as well."""
    best, likely = _citation(chosen), [_citation(span) for span in spans if span.score >= least]
    return best in likely and any(
        _is_of_another_table(other, best) and not agree(other.quote, best.quote) for other in likely
    )


def _is_of_another_table(other: Citation, best: Citation) -> bool:
    """Whether both are cells in tables of one release: which of them is meant only their headings tell."""
    return other.release.id == best.release.id and bool(other.cell and best.cell)


def _verdict(question: str, cited: Citation, today: date | None) -> YesOrNo | None:
    release, span, sentence = cited.release, cited.span, cited.sentence
    before, after = release.text[sentence.start : span.start], release.text[span.end : sentence.end]
    return verdict(question, cited.quote, before=before, after=after, issuer=release.issuer or "", today=today)


def _nearest(*spans: ScoredSpan) -> tuple[Citation, ...]:
    """What a refusal offers to look at. First comes what it is about: what it doubts, or what was said too late."""
    return tuple(_citation(span) for span in spans[:MOST_NEAREST])


def _agreeing(chosen: ScoredSpan, spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """The best span of each other release that says the same."""
    own = chosen.passage.chunk.release
    found: dict[str, ScoredSpan] = {}
    for span in spans:
        release = span.passage.chunk.release
        if release.id != own.id and agree(release.quote(span.span), own.quote(chosen.span)):
            found.setdefault(release.id, span)
    return list(found.values())


_FIGURE = re.compile(r"\d+")
_AMOUNT = re.compile(amount_pattern())


def agree(one: str, other: str) -> bool:
    """Whether two quotes say the same: one's words stand in the other, case, accents, commas and full stops apart.

    And no figure more, no denial, no loss in brackets.

    >>> agree("Ann Berg", "Ann  Berg, M.D."), agree("$3.2 million", "$13.2 million"), agree("132", "132 to 156")
    (True, False, False)
    >>> agree("affiliated", "not affiliated"), agree("$5 million", "($5 million)"), agree("$3.2", "$3.2 billion")
    (False, False, False)
    """
    short, long = sorted(map(_alike, (one, other)), key=len)
    found = re.search(rf"(?<![\w.,$€£-]){re.escape(short)}(?![\w%]|[.,]\d)", long)
    if not found or _FIGURE.findall(short) != _FIGURE.findall(long):
        return False
    before, after = long[: found.start()], long[found.end() :]
    is_figure = short[-1:].isdigit() and re.match(rf"\s?(?:{_SCALE}|per\s?cent)\b", after)
    is_loss = short[-1:] != ")" and re.search(r"\($", before) and after.startswith(")") and _FIGURE.search(short)
    return not (is_figure or is_loss or NEGATION.search(before) or NEGATION.search(after))


_SCALE = r"(?:thousand|million|billion|trillion)"
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–−", "-"))  # not those as wide as a word: they part clauses


def _alike(text: str) -> str:
    """A quote as it is compared: one hyphen and minus, one way to write an amount; a bare dollar is the US dollar.

    >>> _alike("Shaun Passley, Ph.D. of  Québec"), _alike("$54.6M"), _alike("$1,250"), _alike("−US$5-Million")
    ('shaun passley phd of quebec', '$54.6 million', '$1,250', '-$5 million')
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    plain = re.sub(r"(?<!\d)[.,]|[.,](?!\d)", "", " ".join(plain.translate(_HYPHENS).casefold().split()))
    plain = re.sub(rf"(?<=\d)-(?={_SCALE}\b)", " ", plain)
    plain = re.sub(r"\b(?:usd?\s?\$|usd\s?(?=\d))", "$", plain)
    return re.sub(r"(?<=\d)\s?(?:(mn?)|bn?)\b", lambda scale: " million" if scale[1] else " billion", plain)


def _is_later(release: Release, asked: Period) -> bool:
    """Whether a release came out after a day or month and names none within it: what it says was not known then.

    A balance "as of March 31" is told weeks later, by a release that names the day.
    """
    if release.published is None or release.published <= asked.last:
        return False
    named = periods(release.text, release.published)
    return not any(asked.first <= each.first and each.last <= asked.last for each in named)


def _newest(spans: Sequence[ScoredSpan], threshold: float) -> ScoredSpan:
    """The span to answer with: the best, or one of a newer release of its issuer that is nearly as sure.

    Releases state the same facts again and again, and what changed is right only in the newest.
    """
    best = spans[0]
    least = AS_SURE * _odds(best.score)
    rivals = [
        span
        for span in spans
        if span.score >= threshold
        and _odds(span.score) >= least
        and span.passage.chunk.release.succeeds(best.passage.chunk.release)
    ]
    return max(rivals, key=lambda span: (_released(span), span.score), default=best)


def _odds(chance: float) -> float:
    return chance / (1 - chance) if chance < 1 else math.inf


def _are_in_no_order(one: Release, other: Release) -> bool:
    """Whether these are releases of one issuer, and which came first is not known."""
    return one.id != other.id and None in (one.published, other.published) and same_issuer(one, other)


def _disputes(span: ScoredSpan, chosen: ScoredSpan) -> bool:
    """Whether a span is likely right as well, says something else than the answer, and may be the newer."""
    one, other = span.passage.chunk.release, chosen.passage.chunk.release
    return (
        span.score >= LIKELY and _are_in_no_order(one, other) and differ(one.quote(span.span), other.quote(chosen.span))
    )


def _is_rounded(one: Decimal, other: Decimal) -> bool:
    """Whether one large amount may be the other written shorter: "$5,020,000" and "$5 million"; years are none."""
    return min(abs(one), abs(other)) >= 10_000 and abs(one - other) * 100 <= abs(one)


def differ(one: str, other: str) -> bool:
    """Whether two quotes are of different things: of no amount in common, or of no word if one has none or is a date.

    >>> differ("6 dealers", "seven dealers"), differ("$5,000,000", "$5.02 million"), differ("Ann Berg", "Berg, CEO")
    (True, False, False)
    >>> differ("June 2025", "June 5"), differ("Q3 2025", "2026"), differ("Ann Berg", "Jo Dahl")
    (False, True, True)
    """
    amounts = [[amount_of(found).value for found in _AMOUNT.finditer(fold(quote))] for quote in (one, other)]
    if all(amounts) and not (re.search(MONTH, one) and re.search(MONTH, other)):
        return not any(a == b or _is_rounded(a, b) for a in amounts[0] for b in amounts[1])
    words = [set(map(str.casefold, content_words(quote))) for quote in (one, other)]
    return words[0].isdisjoint(words[1]) and not agree(one, other)


def _released(span: ScoredSpan) -> date:
    return span.passage.chunk.release.published or date.min


def _as_read(
    passages: Sequence[Passage], standing: Sequence[ScoredSpan], others: Sequence[ScoredSpan]
) -> tuple[Passage, ...]:
    """The passages in the order of the best span in each, its score among their parts.

    First those with spans that may answer, then the others that were read, then the rest.
    """
    scores: dict[Span, float] = {}
    for span in (*standing, *others):
        scores.setdefault(span.passage.chunk.span, span.score)
    places = {chunk: place for place, chunk in enumerate(scores)}
    read = [
        passage._replace(parts=tuple((dict(passage.parts) | {"reader": scores[passage.chunk.span]}).items()))
        for passage in passages
        if passage.chunk.span in scores
    ]
    unread = (passage for passage in passages if passage.chunk.span not in scores)
    return (*sorted(read, key=lambda passage: places[passage.chunk.span]), *unread)


def _day(citation: Citation) -> date:
    return citation.release.published or date.min


def together(question: str, answers: Sequence[Answer]) -> Answer:
    """One answer to a question that asks several things, of the answers to each; a refusal where all are refused.

    As sure as the least sure of those that are given.
    """
    given = [answer for answer in answers if answer.answered]
    first, query = answers[0], " ".join(answer.query for answer in answers)
    passages = tuple(dict.fromkeys(passage for answer in answers for passage in answer.passages))
    if not given:
        return replace(first, question=question, query=query, passages=passages)
    lacking = [f"{answer.query} {answer.refusal.message}" for answer in answers if answer.refusal]
    return Answer(
        question,
        query,
        text="; ".join(with_verdict(answer.verdict, answer.text) for answer in given),
        citations=tuple(dict.fromkeys(citation for answer in given for citation in answer.citations)),
        confidence=min(answer.confidence for answer in given),
        refusal=None,
        passages=passages,
        others=tuple(dict.fromkeys(citation for answer in given for citation in answer.others)),
        lacking=" ".join(lacking),
    )


def refused(question: str, query: str, reason: RefusalReason, message: str) -> Answer:
    """A refusal before anything was retrieved."""
    return Answer(question, query, "", (), 0.0, Refusal(reason, message))


def _citation(span: ScoredSpan) -> Citation:
    passage = span.passage
    return Citation(passage.chunk.release, span.span, span.sentence, passage.corrected_by, passage.said_in)
