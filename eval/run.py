"""Assistant x Examples -> Report: each question asked and judged, metrics by slice, as table, Markdown and JSON.

What each metric means and does not tell: docs/metrics.md.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

import numpy as np

from eval import metrics, plot
from eval.example import Evidence, Example, locate, occurrences, skeleton
from eval.normalize import normalize
from index.release import Release, Span, same_issuer
from index.store import Passage
from qa.answer import Answer, Citation
from qa.rewrite import Turn

RIGHT = 0.5  # answer F1 from which an answer counts as right when its confidence is judged
LONG_QUOTE = 80  # letters and digits: about fifteen words


class Releases(Protocol):
    """What is needed of an index: which file holds which release, and the releases by id."""

    def sources(self) -> Iterable[tuple[str, str]]:
        """Pairs of file and release id."""
        ...

    def release(self, release_id: str) -> Release | None:
        """The release with this id, if it is indexed."""
        ...


class Asker(Protocol):
    """What is evaluated: an Assistant, or anything that answers from an index."""

    @property
    def index(self) -> Releases:
        """Where the answers come from."""
        ...

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer, or the refusal, to one question."""
        ...


# -- judging one question ----------------------------------------------------------------------------------------------


class Cited(NamedTuple):
    """One citation of an answer, judged."""

    release: str  # id
    source: str  # the release's file
    start: int
    end: int
    quote: str  # empty if the position lies outside the release
    sentence: str
    right: bool  # see docs/metrics.md, citation_precision
    verbatim: bool  # the quote is what the indexed release holds at that position


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question."""

    id: str
    kind: str
    answerable: bool
    slices: tuple[str, ...]
    question: str
    query: str  # as understood
    answers: tuple[str, ...]  # accepted
    answer: str  # predicted; empty when refused
    answered: bool
    confidence: float
    refusal: str | None  # its reason
    rank: int | None  # of the first passage that holds the evidence, from 1
    em: float
    f1: float
    right: bool  # whether the best candidate, shown or refused as too weak, answers: F1 of at least 0.5
    citation_ok: float | None  # share of right citations; None without citations or if unanswerable
    citations: tuple[Cited, ...]
    not_indexed: tuple[str, ...]  # releases of the evidence that the index does not hold
    not_found: tuple[str, ...]  # releases of the evidence that are indexed, but whose text lacks the quote
    seconds: float


class Place(NamedTuple):
    """Where evidence stands in a release: characters of the whole quote, and of the answer within it."""

    quote: Span
    answer: Span | None


class Judge:
    """Compares answers with the evidence, which names releases by file and gives words, not positions."""

    def __init__(self, index: Releases) -> None:
        self._index = index
        self._releases: dict[str, Release | None] = {}
        self._ids: dict[str, set[str]] = {}
        for source, release_id in index.sources():
            self._ids.setdefault(PurePath(source).name, set()).add(release_id)

    def ids(self, piece: Evidence) -> set[str]:
        """Ids of the releases in files of that name: more than one where folders hold files of one name."""
        return self._ids.get(piece.release, set())

    def release(self, release_id: str) -> Release | None:
        """The indexed release, read once."""
        if release_id not in self._releases:
            self._releases[release_id] = self._index.release(release_id)
        return self._releases[release_id]

    def releases(self, piece: Evidence) -> list[Release]:
        """The indexed releases that a piece of evidence names."""
        return [release for release in map(self.release, sorted(self.ids(piece))) if release]

    def rank(self, example: Example, passages: Sequence[Passage]) -> int | None:
        """Rank, from 1, of the first passage that holds a piece of the evidence."""
        ranks = (n for n, passage in enumerate(passages, start=1) if self.holds(passage, example))
        return next(ranks, None)

    def holds(self, passage: Passage, example: Example) -> bool:
        """Whether the passage has the whole quote of a piece of evidence, or the part of it that is an accepted answer.

        A release of the same issuer that says it in the same words will do: releases repeat whole paragraphs. So will
        any release with ``LONG_QUOTE`` letters and digits in common: so many words are not the same by chance.
        """
        span = passage.chunk.span
        return any(
            _within(place.quote, span) or (place.answer is not None and _within(place.answer, span))
            for piece in example.evidence
            if self.vouches(passage, piece)
            for place in places(piece, example.answers, passage.chunk.release)
        )

    def vouches(self, passage: Passage, piece: Evidence) -> bool:
        """Whether the words of this piece of evidence, found in this passage, speak of the same thing."""
        if len(skeleton(piece.quote).letters) >= LONG_QUOTE:
            return True
        ids = self.ids(piece) & {passage.chunk.release.id, *(ref.id for ref in passage.said_in)}
        return bool(ids) or any(same_issuer(passage.chunk.release, named) for named in self.releases(piece))

    def cited(self, citation: Citation, example: Example) -> Cited:
        """The citation with its verdict; one that points outside its release is neither right nor verbatim."""
        release, span = citation.release, citation.span
        indexed = self.release(release.id)
        quote, sentence = _words(release, span), _words(release, citation.sentence)
        verbatim = bool(quote and indexed and indexed.text[span.start : span.end] == quote)
        right = bool(sentence) and self.is_right(citation, sentence, example)
        return Cited(release.id, release.source, span.start, span.end, quote, sentence, right, verbatim)

    def is_right(self, citation: Citation, sentence: str, example: Example) -> bool:
        """Whether the cited sentence is in the evidence, or states an accepted answer for the same issuer."""
        named = [release for piece in example.evidence for release in self.releases(piece)]
        in_evidence = any(
            citation.sentence.overlaps(place.quote)
            for piece in example.evidence
            for release in self.releases(piece)
            for place in places(piece, example.answers, release)
        )
        is_by_issuer = any(citation.release.id == each.id or same_issuer(citation.release, each) for each in named)
        return in_evidence or (is_by_issuer and metrics.says(sentence, example.answers))


def places(piece: Evidence, answers: Sequence[str], release: Release) -> list[Place]:
    """All places of a release where the quote stands, each with the first accepted answer that is found in it."""
    found = []
    for start, end in occurrences(piece.quote, release.text):
        said = [answer for answer in answers if normalize(answer) not in metrics.YES_NO]
        part = next(filter(None, (locate(answer, release.text[start:end]) for answer in said)), None)
        answer = Span(release.id, start + part[0], start + part[1]) if part else None
        found.append(Place(Span(release.id, start, end), answer))
    return found


def _within(inner: Span, outer: Span) -> bool:
    return inner.release_id == outer.release_id and outer.start <= inner.start and inner.end <= outer.end


def _words(release: Release, span: Span) -> str:
    try:
        return release.quote(span)
    except ValueError:
        return ""


# -- asking all --------------------------------------------------------------------------------------------------------


def evaluate(
    assistant: Asker, examples: Sequence[Example], on_progress: Callable[[int, int], None] | None = None
) -> Report:
    """Ask each question, with the history its example gives, and judge the answers.

    Args:
        on_progress: told how many questions are done, of how many, after each.
    """
    judge = Judge(assistant.index)
    results = []
    for done, example in enumerate(examples, start=1):
        start = time.perf_counter()
        answer = assistant.ask(example.question, example.history)
        results.append(judged(judge, example, answer, time.perf_counter() - start))
        if on_progress:
            on_progress(done, len(examples))
    return Report(tuple(results))


def judged(judge: Judge, example: Example, answer: Answer, seconds: float) -> Result:
    """The answer to one question, compared with what counts as right. A refusal is right in nothing."""
    text = answer.text if answer.answered else ""
    citations = tuple(judge.cited(citation, example) for citation in answer.citations)
    indexed = {piece: judge.releases(piece) for piece in example.evidence}
    return Result(
        id=example.id,
        kind=example.kind,
        answerable=example.answerable,
        slices=slices_of(example),
        question=example.question,
        query=answer.query,
        answers=example.answers,
        answer=text,
        answered=answer.answered,
        confidence=answer.confidence,
        refusal=answer.refusal.reason if answer.refusal else None,
        rank=judge.rank(example, answer.passages),
        em=metrics.exact_match(text, example.answers),
        f1=metrics.f1(text, example.answers),
        right=example.answerable and metrics.f1(_candidate(answer), example.answers) >= RIGHT,
        citation_ok=sum(c.right for c in citations) / len(citations) if citations and example.answerable else None,
        citations=citations,
        not_indexed=tuple(piece.release for piece, releases in indexed.items() if not releases),
        not_found=tuple(
            piece.release
            for piece, releases in indexed.items()
            if releases and not any(occurrences(piece.quote, release.text) for release in releases)
        ),
        seconds=seconds,
    )


def _candidate(answer: Answer) -> str:
    """What was answered, or would have been had the threshold been lower: nothing, where no span may answer."""
    if answer.refusal and answer.refusal.reason == "not_said" and answer.refusal.nearest and answer.confidence:
        return answer.refusal.nearest[0].quote
    return answer.text


def slices_of(example: Example) -> tuple[str, ...]:
    """The slices of the report that a question is counted in.

    >>> slices_of(Example("1", "Who runs it?", (Turn("Where is Acme?", "Oslo"),), ("Ann",), (), "person", True))
    ('all', 'follow-up', 'kind: person')
    """
    asked = "follow-up" if example.history else "first question"
    kind = (f"kind: {example.kind}",) if example.kind not in ("", "unanswerable") else ()
    return ("all", asked if example.answerable else "unanswerable", *kind)


# -- metrics over questions --------------------------------------------------------------------------------------------


class Metric(NamedTuple):
    """A metric over the questions (or citations) it is defined for; all None where there are none."""

    value: float | None
    low: float | None  # of a 95 % bootstrap interval
    high: float | None
    n: int  # questions, or for the metrics of citations: citations


def _if_answerable(value: Callable[[Result], float]) -> Callable[[Result], list[float]]:
    return lambda result: [value(result)] if result.answerable else []


# Each metric that is a mean: what a question adds to it. Questions that it is not defined for add nothing.
_MEANS: dict[str, Callable[[Result], list[float]]] = {
    "hit@1": _if_answerable(lambda result: metrics.hit_at(1, result.rank)),
    "hit@8": _if_answerable(lambda result: metrics.hit_at(8, result.rank)),
    "mrr": _if_answerable(lambda result: metrics.reciprocal_rank(result.rank)),
    "answer_em": _if_answerable(lambda result: result.em),
    "answer_f1": _if_answerable(lambda result: result.f1),
    "citation_precision": lambda result: [float(c.right) for c in result.citations if result.answerable],
    "citations_verbatim": lambda result: [float(c.verbatim) for c in result.citations],
    "false_answer_rate": lambda result: [] if result.answerable else [float(result.answered)],
    "false_refusal_rate": _if_answerable(lambda result: float(not result.answered)),
}
_SECONDS: dict[str, metrics.Statistic] = {
    "seconds_mean": lambda draws: draws.mean(axis=1),
    "seconds_p50": lambda draws: np.percentile(draws, 50, axis=1),
    "seconds_p95": lambda draws: np.percentile(draws, 95, axis=1),
}
METRICS = (*_MEANS, "abstain_auroc", "calibration_error", *_SECONDS)


def measure(results: Sequence[Result]) -> dict[str, Metric]:
    """All metrics over these results, by name, in the order of ``METRICS``."""
    found = {name: _mean([part for result in results for part in parts(result)]) for name, parts in _MEANS.items()}
    found["abstain_auroc"] = _abstaining(results)
    found["calibration_error"] = _calibration(results)
    seconds = [result.seconds for result in results]
    for name, statistic in _SECONDS.items():
        found[name] = _mean(seconds, statistic)
    return found


def _mean(values: Sequence[float], statistic: metrics.Statistic = _SECONDS["seconds_mean"]) -> Metric:
    if not values:
        return Metric(None, None, None, 0)
    value = float(statistic(np.asarray([values], dtype=np.float64))[0])
    low, high = metrics.bootstrap_interval(values, statistic=statistic)
    return Metric(value, low, high, len(values))


def _abstaining(results: Sequence[Result]) -> Metric:
    scores, labels = [result.confidence for result in results], [result.answerable for result in results]
    value, interval = metrics.auroc(scores, labels), metrics.auroc_interval(scores, labels)
    low, high = interval or (None, None)
    return Metric(value, low, high, len(results) if interval else 0)


def _calibration(results: Sequence[Result]) -> Metric:
    confidences, right = np.asarray([r.confidence for r in results]), np.asarray([r.right for r in results])
    value = metrics.calibration_error(confidences, right)
    if value is None:
        return Metric(None, None, None, 0)

    def errors(draws: metrics.Floats) -> metrics.Floats:
        picks = draws.astype(int)
        return np.asarray([metrics.calibration_error(confidences[row], right[row]) for row in picks])

    low, high = metrics.bootstrap_interval(range(len(results)), n=200, statistic=errors)
    # Questions drawn twice make bins look less calibrated than they are: the interval may lie above the value.
    return Metric(value, min(low, value), high, len(results))


# -- report ------------------------------------------------------------------------------------------------------------

_MAIN_SLICES = ("all", "first question", "follow-up", "unanswerable")
_BY_KIND = (
    "hit@1",
    "hit@8",
    "mrr",
    "answer_em",
    "answer_f1",
    "citation_precision",
    "false_refusal_rate",
)
_MOST_ROWS = 30  # of each list of questions in the Markdown report; the JSON has all
Rows = list[list[str]]


@dataclass(frozen=True)
class Report:
    """All results, and what is derived from them."""

    results: tuple[Result, ...]

    @property
    def n(self) -> int:
        """Number of questions."""
        return len(self.results)

    @cached_property
    def slices(self) -> dict[str, dict[str, Metric]]:
        """Metrics of each slice: all, kinds of turn, then kinds of answer by name."""
        kinds = {name for result in self.results for name in result.slices} - set(_MAIN_SLICES)
        members = {name: [r for r in self.results if name in r.slices] for name in (*_MAIN_SLICES, *sorted(kinds))}
        return {name: measure(results) for name, results in members.items() if results or name == "all"}

    @property
    def metrics(self) -> dict[str, Metric]:
        """Metrics over all questions."""
        return self.slices["all"]

    @cached_property
    def notes(self) -> list[str]:
        """What to know before the numbers are believed; empty if nothing is wrong."""
        found = []
        for names, what in (
            ([r.not_indexed for r in self.results], "name releases that are not indexed"),
            ([r.not_found for r in self.results], "quote words that the indexed release lacks"),
        ):
            releases = sorted({name for of_question in names for name in of_question})
            if releases:
                which = ", ".join(releases[:3]) + (", ..." if len(releases) > 3 else "")
                found.append(f"questions that {what}: {sum(map(bool, names))}; they count all the same ({which})")
        wrong = sum(not cited.verbatim for result in self.results for cited in result.citations)
        if wrong:
            found.append(f"citations that are not the words of the indexed release: {wrong}; run citewire verify")
        return found

    def to_json(self) -> str:
        """``{"n", "metrics": {name: {"value", "low", "high", "n"}}, "slices": {slice: metrics}, "results": [...]}``."""
        slices = {name: _as_dicts(found) for name, found in self.slices.items()}
        results = [asdict(r) | {"citations": [c._asdict() for c in r.citations]} for r in self.results]
        content = {"n": self.n, "metrics": slices["all"], "slices": slices, "results": results}
        return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def table(self) -> str:
        """The metrics as aligned plain text."""
        parts = [[self._counts()], [f"note: {note}" for note in self.notes]]
        parts += [_aligned(self._main_rows()), _aligned(self._kind_rows())]
        return "\n\n".join("\n".join(_printable(line) for line in lines) for lines in parts if lines) + "\n"

    def to_markdown(self, images: Sequence[str] = ()) -> str:
        """The metrics as tables, and the questions that went wrong.

        Args:
            images: files of the plots, as seen from the report.
        """
        parts = ["# Evaluation", self._counts(), "\n".join(f"* {_cell(note)}" for note in self.notes)]
        parts += ["## Metrics", "With 95 % bootstrap intervals. What they mean: docs/metrics.md."]
        parts += [_piped(self._main_rows()), "## By kind", _piped(self._kind_rows())]
        parts += ["## Confidence", _piped(self._confidence_rows()), *(f"![]({quote(name)})" for name in images)]
        for title, wrong in self._went_wrong().items():
            rows = [[r.id, r.question, r.answer or "–", r.answers[0] if r.answers else "–"] for r in wrong[:_MOST_ROWS]]
            parts += [f"## {title}: {len(wrong)}", _piped([["id", "question", "answer", "accepted"], *rows])]
            parts += [f"… and {len(wrong) - _MOST_ROWS} more."] if len(wrong) > _MOST_ROWS else []
        return "\n\n".join(part for part in parts if part) + "\n"

    def plots(self) -> dict[str, str]:
        """SVG images by name."""
        confidences, right = self._confidences()
        return {
            "reliability": plot.reliability_plot(confidences, right),
            "risk-coverage": plot.risk_coverage_plot(confidences, right),
        }

    def _confidences(self) -> tuple[list[float], list[bool]]:
        return [result.confidence for result in self.results], [result.right for result in self.results]

    def _confidence_rows(self) -> Rows:
        found = metrics.reliability(*self._confidences())
        rows = [[str(each.n), f"{each.confidence:.2f}", f"{each.right:.2f}"] for each in found]
        return [["questions", "confidence", "share right"], *rows] if rows else []

    def _went_wrong(self) -> Mapping[str, list[Result]]:
        answerable = [r for r in self.results if r.answerable]
        otherwise = [r for r in answerable if r.answered and not r.em]
        return {
            "Answered otherwise than accepted": sorted(otherwise, key=lambda r: r.f1),
            "Refused, though answerable": [r for r in answerable if not r.answered],
            "Answered, though unanswerable": [r for r in self.results if not r.answerable and r.answered],
            "Evidence not retrieved": [r for r in answerable if r.rank is None],
        }

    def _counts(self) -> str:
        first, follow_up, unanswerable = (sum(name in r.slices for r in self.results) for name in _MAIN_SLICES[1:])
        return f"questions: {self.n} (first questions {first}, follow-ups {follow_up}, unanswerable {unanswerable})"

    def _main_rows(self) -> Rows:
        names = [name for name in _MAIN_SLICES if name in self.slices]
        return [["", *names], *([m, *(_interval(m, self.slices[name][m]) for name in names)] for m in METRICS)]

    def _kind_rows(self) -> Rows:
        kinds = [name for name in self.slices if name not in _MAIN_SLICES]
        counts = {name: str(self.slices[name]["seconds_mean"].n) for name in kinds}
        rows = [[name, counts[name], *(_number(m, self.slices[name][m].value) for m in _BY_KIND)] for name in kinds]
        return [["", "n", *_BY_KIND], *rows] if rows else []


def _as_dicts(found: Mapping[str, Metric]) -> dict[str, Any]:
    return {name: metric._asdict() for name, metric in found.items()}


def _number(name: str, value: float | None) -> str:
    """Shares with two decimals, seconds with three; a dash for none.

    >>> _number("mrr", 0.5), _number("seconds_p50", 0.01234), _number("mrr", None)
    ('0.50', '0.012', '–')
    """
    if value is None:
        return "–"
    return f"{value:.3f}" if name in _SECONDS else f"{value:.2f}"


def _interval(name: str, metric: Metric) -> str:
    value, low, high = (_number(name, part) for part in (metric.value, metric.low, metric.high))
    return f"{value} [{low}, {high}]" if metric.n else value


def _aligned(rows: Rows) -> list[str]:
    """Columns two blanks apart, trailing blanks left out.

    >>> _aligned([["", "n"], ["mrr", "12"]])
    ['     n', 'mrr  12']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _piped(rows: Rows) -> str:
    """A Markdown table; the first row is its head."""
    if not rows:
        return ""
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _cell(text: str) -> str:
    r"""Text as Markdown that means nothing but itself, cut at 160 characters.

    >>> print(_cell("answer_em|_b_\n<i>*c*[d](e)"))
    answer_em\|\_b\_ \<i\>\*c\*[d\](e)
    """
    text = " ".join(text.split())
    text = text if len(text) <= 160 else text[:159] + "…"
    return re.sub(r"([\\`*<>|$~&#]|(?<!\w)_|_(?!\w)|\](?=[\[(]))", r"\\\1", _printable(text))


def _printable(text: str) -> str:
    """Without characters that a terminal would act on.

    >>> _printable("kind: \x1b[2J")
    'kind: ?[2J'
    """
    return "".join(character if character.isprintable() else "?" for character in text)
