from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunk
from index.release import Release, Span
from index.store import Passage
from qa.answer import MOST_CITATIONS, MOST_NEAREST, Answer, _agree, compose, refused
from qa.read import ScoredSpan

TEXT = "Acme cut\n5%  of jobs. Costs fell by 5% of\nsales."
RELEASES = [
    Release.of(f"{TEXT} This is copy {number}.", headline="Acme", source=f"{number}.txt", issuer="Acme Corp.")
    for number in range(8)
]


def scored(release: Release, words: str, score: float, sentence: str = "Acme cut\n5%  of jobs.") -> ScoredSpan:
    def span(piece: str) -> Span:
        start = release.text.index(piece)
        return Span(release.id, start, start + len(piece))

    passage = Passage(Chunk(release, Span(release.id, 0, len(release.text)), ""), 0.5)
    return ScoredSpan(span(words), span(sentence), score, passage)


def composed(spans: Sequence[ScoredSpan], threshold: float = 0.5) -> Answer:
    return compose("as asked", "as understood", spans, [span.passage for span in spans], threshold)


def test_the_best_span_is_the_answer() -> None:
    """The text is the span on one line, the citation the span as it stands."""
    answer = composed([scored(RELEASES[0], "5%  of jobs", 0.9), scored(RELEASES[1], "Acme", 0.8)])
    assert (answer.answered, answer.text, answer.confidence) == (True, "5% of jobs", 0.9)
    [citation] = answer.citations
    assert citation.quote == "5%  of jobs"
    assert (citation.start, citation.end) == (9, 20)
    assert citation.release.quote(citation.sentence) == "Acme cut\n5%  of jobs."
    assert (answer.question, answer.query, answer.refusal) == ("as asked", "as understood", None)
    assert [passage.chunk.release for passage in answer.passages] == RELEASES[:2]


@pytest.mark.parametrize(("score", "is_answered"), [(0.5, True), (0.4999, False), (1.0, True), (0.0, False)])
def test_the_threshold_is_the_least_score_of_an_answer(score: float, is_answered: bool) -> None:
    """At the threshold it is an answer, below it a refusal; the confidence says which score it was."""
    answer = composed([scored(RELEASES[0], "5%  of jobs", score)])
    assert (answer.answered, answer.confidence) == (is_answered, score)
    assert bool(answer.text) == bool(answer.citations) == is_answered


def test_a_refusal_shows_what_came_nearest() -> None:
    """Best first, a few only, and never as text or citation of an answer."""
    spans = [scored(release, "5%  of jobs", 0.4 - number / 100) for number, release in enumerate(RELEASES)]
    answer = composed(spans)
    assert answer.refusal is not None
    assert (answer.text, answer.citations, answer.refusal.reason) == ("", (), "not_said")
    assert [citation.release for citation in answer.refusal.nearest] == RELEASES[:MOST_NEAREST]
    assert answer.passages == tuple(span.passage for span in spans)


def test_nothing_found_is_a_refusal() -> None:
    """A reader that returns nothing says that nothing there can answer."""
    answer = composed([])
    assert answer.refusal is not None
    assert (answer.refusal.reason, answer.refusal.nearest, answer.confidence) == ("not_said", (), 0.0)


def test_releases_that_agree_are_cited_together_once_each() -> None:
    """White space and case apart the same words; a release that says it twice is cited where it says it best."""
    spans = [
        scored(RELEASES[0], "5%  of jobs", 0.9),
        scored(RELEASES[1], "5%  of jobs", 0.8),
        scored(RELEASES[1], "5% of\nsales", 0.7, "Costs fell by 5% of\nsales."),  # other words
        scored(RELEASES[0], "5%  of jobs", 0.6),
        scored(RELEASES[2], "5%  of jobs", 0.4),  # too weak
    ]
    answer = composed(spans)
    assert [citation.release for citation in answer.citations] == RELEASES[:2]
    assert {citation.quote for citation in answer.citations} == {"5%  of jobs"}


def test_an_answer_has_few_citations() -> None:
    """The best of all that agree."""
    answer = composed([scored(release, "5%  of jobs", 0.9) for release in RELEASES])
    assert [citation.release for citation in answer.citations] == RELEASES[:MOST_CITATIONS]


def test_refused_before_anything_was_retrieved() -> None:
    """No text, no citation, no confidence, but a reason and a sentence for the person who asked."""
    answer = refused("?", "", "not_understood", "Ask.")
    assert answer.refusal is not None
    assert (answer.refusal.reason, answer.refusal.message) == ("not_understood", "Ask.")
    assert (answer.text, answer.citations, answer.confidence, answer.passages) == ("", (), 0.0, ())


def of_day(text: str, day: date | None, issuer: str | None = "Acme Corp.") -> ScoredSpan:
    """A span that is all of a release."""
    release = Release.of(text, headline="Acme", source=f"{text}.txt", issuer=issuer, published=day)
    span = Span(release.id, 0, len(text))
    return ScoredSpan(span, span, 0.8, Passage(Chunk(release, span, ""), 0.5))


def test_other_answers_of_other_days_are_shown_newest_first() -> None:
    """Of the same issuer and of a known day; what agrees is a citation, what another issuer says is not shown."""
    answer = composed(
        [
            of_day("12 sites", date(2024, 5, 3)),
            of_day("9 sites", date(2023, 5, 3)),
            of_day("15 sites", date(2025, 5, 3)),
            of_day("12 sites now", date(2025, 1, 1)),
            of_day("7 sites", None),
            of_day("5 sites", date(2022, 5, 3), issuer="Bolt SE"),
            of_day("3 sites", date(2022, 5, 3), issuer=None),
            of_day("8 sites", date(2024, 5, 3)),
            of_day("the 9 sites", date(2023, 6, 1)),
        ]
    )
    assert [citation.quote for citation in answer.citations] == ["12 sites", "12 sites now"]
    assert [citation.quote for citation in answer.others] == ["15 sites", "9 sites"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Ann Berg", "Ann\nBerg, M.D.", True),
        ("5%", "5%", True),
        ("5", "5%", False),
        ("5%", "-5%", False),
        ("$3.2 million", "$13.2 million", False),
        ("3.2", "3.25", False),
        ("art", "party", False),
    ],
)
def test_what_agrees(one: str, other: str, expected: bool) -> None:
    """Words within words, but no figure within a figure."""
    assert _agree(one, other) is _agree(other, one) is expected


@st.composite
def ranked(draw: st.DrawFn) -> list[ScoredSpan]:
    """Spans anywhere in the releases, best first."""
    found = []
    for score in sorted(draw(st.lists(st.floats(0, 1), max_size=9)), reverse=True):
        release = draw(st.sampled_from(RELEASES))
        start = draw(st.integers(0, 20))
        words = release.text[start : start + draw(st.integers(1, 20))]
        found.append(scored(release, words, score, release.text))
    return found


@given(ranked(), st.floats(0.01, 0.99))
def test_an_answer_is_cited_and_a_refusal_is_not(spans: list[ScoredSpan], threshold: float) -> None:
    """Each citation is one of the spans, strong enough, and says what the text says; no release is cited twice."""
    answer = composed(spans, threshold)
    assert answer.answered == bool(spans and spans[0].score >= threshold) == bool(answer.citations)
    strong = {span.span for span in spans if span.score >= threshold}
    for citation in answer.citations:
        assert citation.span in strong
        assert _agree(citation.quote, answer.text)
        assert citation.quote == citation.release.text[citation.start : citation.end]
    releases = [citation.release.id for citation in answer.citations]
    assert len(releases) == len(set(releases)) <= MOST_CITATIONS
