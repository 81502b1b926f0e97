from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunk
from index.release import Block, Release, Span
from index.store import Passage, ReleaseRef
from qa.answer import DISPUTED, MOST_CITATIONS, MOST_NEAREST, Answer, agree, compose, refused, together
from qa.confidence import SUPPORT, doubted
from qa.scored import ScoredSpan

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
    answer = composed([scored(RELEASES[0], "5%  of jobs", 0.9), scored(RELEASES[1], "Acme", 0.4)])
    assert (answer.answered, answer.text, answer.confidence) == (True, "5% of jobs", 0.9)
    [citation] = answer.citations
    assert citation.quote == "5%  of jobs"
    assert (citation.start, citation.end) == (9, 20)
    assert citation.release.quote(citation.sentence) == "Acme cut\n5%  of jobs."
    assert (answer.question, answer.query, answer.refusal) == ("as asked", "as understood", None)
    assert [passage.chunk.release for passage in answer.passages] == RELEASES[:2]


def test_a_turn_names_whose_release_was_cited() -> None:
    """Of a refusal nobody's."""
    told, silent = (composed([scored(RELEASES[0], "5%  of jobs", score)]).turn for score in (0.9, 0.1))
    assert told == ("as asked", "5% of jobs", "Acme Corp.")
    assert silent == ("as asked", "", "")


@pytest.mark.parametrize(("score", "is_answered"), [(0.5, True), (0.4999, False), (1.0, True), (0.0, False)])
def test_the_threshold_is_the_least_score_of_an_answer(score: float, is_answered: bool) -> None:
    """At the threshold it is an answer, below it a refusal; the confidence says which score it was."""
    answer = composed([scored(RELEASES[0], "5%  of jobs", score)])
    assert (answer.answered, answer.confidence) == (is_answered, score)
    assert bool(answer.text) == bool(answer.citations) == is_answered


def test_a_refusal_shows_what_came_nearest() -> None:
    """Best first, a few only, and never as text or citation of an answer."""
    spans = [scored(release, "5%  of jobs", 0.1 - number / 100) for number, release in enumerate(RELEASES)]
    answer = composed(spans)
    assert answer.refusal is not None
    assert (answer.text, answer.citations, answer.refusal.reason) == ("", (), "not_said")
    assert [citation.release for citation in answer.refusal.nearest] == RELEASES[:MOST_NEAREST]
    assert answer.passages == tuple(span.passage._replace(parts=(("reader", span.score),)) for span in spans)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], ""),
        ([None], "also in 1 other release"),
        ([date(2024, 5, 3)], "also in 1 other release, of 3 May 2024"),
        ([date(2024, 5, 3), date(2024, 5, 3), None], "also in 3 other releases, of 3 May 2024"),
        ([date(2023, 1, 2), date(2024, 5, 3)], "also in 2 other releases, from 2 January 2023 to 3 May 2024"),
    ],
)
def test_a_citation_tells_which_other_releases_say_the_same(days: list[date | None], expected: str) -> None:
    """How many, the first and the last."""
    refs = tuple(ReleaseRef(str(number), None, "News", day) for number, day in enumerate(days))
    span = scored(RELEASES[0], "5%  of jobs", 0.9)
    [citation] = composed([span._replace(passage=span.passage._replace(said_in=refs))]).citations
    assert (citation.said_in, citation.repeated) == (refs, expected)


def test_a_cell_is_named_by_its_row_column_and_units() -> None:
    """What a figure is of stands at the head of its row, over its column and at the head of the table."""
    table = "In thousands\tThree months ended March 31,\n\t2025\t2024\nRevenue\t$1,200\t$900"
    text = f"Acme grew.\n\n{table}"
    blocks = (Block("paragraph", 0, 10), Block("table", 12, len(text)))
    release = Release.of(text, headline="Acme", source="a.md", blocks=blocks)
    cells = {
        words: composed([scored(release, words, 0.9, "Acme grew.")]).citations[0].cell for words in ("$900", "grew")
    }
    assert cells == {"$900": ("Revenue", "Three months ended March 31, 2024", "In thousands"), "grew": None}
    assert cells["$900"]
    assert cells["$900"].words == "Revenue · Three months ended March 31, 2024 · In thousands"


def test_of_several_answers_the_least_sure_says_how_sure_all_are() -> None:
    """Sources that two of them rest on are cited once."""
    one, other = (
        composed([scored(release, "5%  of jobs", score)]) for release, score in zip(RELEASES, (0.9, 0.6), strict=False)
    )
    none = composed([scored(RELEASES[2], "5%  of jobs", 0.1)])
    for answers in ((one, other, none), (other, none, one)):
        both = together("Both?", answers)
        assert (both.question, both.confidence, len(both.citations)) == ("Both?", 0.6, 2)
        assert both.lacking == "as understood The releases do not say."
        assert both.query == "as understood as understood as understood"
    assert together("Both?", (one, one)).citations == one.citations
    assert together("Both?", (one, other)).lacking == ""


def test_of_several_answers_each_has_its_own_yes_or_no() -> None:
    one, other = (composed([scored(release, "5%  of jobs", 0.9)]) for release in RELEASES[:2])
    both = together("Both?", (replace(one, verdict="yes"), other, replace(one, verdict="no")))
    assert (both.text, both.verdict) == ("Yes: 5% of jobs; 5% of jobs; No: 5% of jobs", None)


def test_of_several_refusals_the_first_tells_why() -> None:
    refusals = [composed([scored(release, "5%  of jobs", 0.1)]) for release in RELEASES[:2]]
    none = together("Both?", refusals)
    assert (none.question, none.refusal, none.lacking) == ("Both?", refusals[0].refusal, "")
    assert len(none.passages) == 2


TABLES = Release.of(
    "\t2024\nResearch\t1,207\n\n\t2024\nResearch\t241\n\nIt fell to 150.",
    headline="Acme",
    source="a.txt",
    blocks=(Block("table", 0, 20), Block("table", 22, 40), Block("paragraph", 42, 57)),
)


def in_tables(*scores: float) -> Answer:
    found = zip(("1,207", "241", "150"), ("Research\t1,207", "Research\t241", "It fell to 150."), scores, strict=True)
    return composed([scored(TABLES, words, score, sentence) for words, sentence, score in found])


def test_what_another_table_of_the_release_says_is_shown() -> None:
    """Though it is less likely than an answer must be; what the text says besides is another matter."""
    answer = in_tables(0.6, 0.3, 0.55)
    assert answer.text == "1,207"
    assert [(other.quote, other.cell and other.cell.words) for other in answer.others] == [("241", "Research · 2024")]
    assert not in_tables(0.6, 0.2, 0.55).others


@pytest.mark.parametrize(
    ("scores", "is_told"), [((0.4, 0.3, 0.1), True), ((0.4, 0.2, 0.1), False), ((0.2, 0.1, 0.1), False)]
)
def test_a_refusal_tells_that_tables_have_different_figures(scores: tuple[float, float, float], is_told: bool) -> None:
    refusal = in_tables(*scores).refusal
    assert refusal
    assert refusal.message.startswith("Tables of one release have different figures" if is_told else "The releases do")


def test_nothing_found_is_a_refusal() -> None:
    """A reader that returns nothing says that nothing there can answer."""
    answer = composed([])
    assert answer.refusal is not None
    assert (answer.refusal.reason, answer.refusal.nearest, answer.confidence) == ("not_said", (), 0.0)


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
        ("Shaun Passley Ph.D.", "Shaun Passley, Ph.D.", True),
        ("$54.6M", "$54.6 million", True),
        ("$54.6M", "$54.6 billion", False),
        ("Québec", "Quebec City", True),
        ("affiliated", "not affiliated", False),
        ("$5 million", "($5 million)", False),
        ("$3.2", "$3.2 billion", False),
        ("4%", "–4%", False),
        ("4%", "−4%", False),
        ("-4%", "−4%", True),
        ("fell –4% in May", "−4%", True),
        ("$5 million", "−$5 million", False),
        ("$5", "$5-million", False),
        ("$5 million", "$5-million", True),
        ("$4.4 billion", "US$4.4 billion", True),
        ("$4.4 billion", "U.S. $4.4 billion", True),
        ("$4.4 billion", "USD 4.4bn", True),
        ("$4.4 billion", "C$4.4 billion", False),
        ("$4.4 billion", "AUD 4.4 billion", False),
        ("2023–2024", "2023-2024", True),
        ("off‑the‑shelf", "off-the-shelf", True),
        ("5%", "a rise—5% in all", True),
    ],
)
def test_what_agrees(one: str, other: str, expected: bool) -> None:
    """Words within words, but no figure within a figure."""
    assert agree(one, other) is agree(other, one) is expected


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


def test_releases_that_agree_make_each_other_surer() -> None:
    """What neither is sure enough of alone is answered with both; a release does not support itself."""
    both = composed([scored(RELEASES[0], "5%  of jobs", 0.45), scored(RELEASES[1], "5%  of jobs", 0.4)])
    assert [citation.release for citation in both.citations] == RELEASES[:2]
    assert both.confidence == pytest.approx(0.45 + 0.55 * SUPPORT * 0.4)
    for other in (scored(RELEASES[0], "5%  of jobs", 0.3), scored(RELEASES[1], "Acme", 0.3)):
        alone = composed([scored(RELEASES[0], "5%  of jobs", 0.4), other])
        assert (alone.answered, alone.confidence) == (False, 0.4)


def test_a_release_that_hardly_says_it_is_not_cited() -> None:
    """It has the words, of something else."""
    answer = composed([scored(RELEASES[0], "5%  of jobs", 0.9), scored(RELEASES[1], "5%  of jobs", 0.1)])
    assert [citation.release for citation in answer.citations] == RELEASES[:1]


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


def of_day(
    text: str,
    day: date | None,
    issuer: str | None = "Acme Corp.",
    score: float = 0.8,
    corrected_by: ReleaseRef | None = None,
) -> ScoredSpan:
    """A span that is all of a release."""
    release = Release.of(text, headline="Acme", source=f"{text}.txt", issuer=issuer, published=day)
    span = Span(release.id, 0, len(text))
    return ScoredSpan(span, span, score, Passage(Chunk(release, span, ""), 0.5, corrected_by=corrected_by))


def of_days(question: str, spans: Sequence[ScoredSpan]) -> Answer:
    return compose(question, question, spans, [span.passage for span in spans], 0.5)


STATES = [
    of_day("12 sites", date(2024, 5, 3)),
    of_day("9 sites", date(2023, 5, 3)),
    of_day("15 sites", date(2025, 5, 3)),
    of_day("12 sites now", date(2025, 1, 1)),
    of_day("7 sites", None),
    of_day("5 sites", date(2026, 5, 3), issuer="Bolt SE"),
    of_day("3 sites", date(2026, 5, 3), issuer=None),
    of_day("8 sites", date(2024, 5, 3)),
    of_day("the 9 sites", date(2023, 6, 1)),
]


def test_of_answers_as_sure_the_issuers_newest_wins() -> None:
    """What its other releases say instead is shown, newest first; what other issuers say is not."""
    answer = of_days("How many sites has Acme?", STATES)
    assert [citation.quote for citation in answer.citations] == ["15 sites"]
    assert [citation.quote for citation in answer.others] == ["12 sites", "8 sites", "9 sites"]


@pytest.mark.parametrize(
    "question",
    [
        "How many sites had Acme in 2024?",
        "Sites in Q2?",
        "sites of the third quarter",
        "How many did it open in March?",
        "sites in FY23",
        "How many sites in 2Q24?",
        "How many sites in the nine months?",
        "When was Acme founded?",
    ],
)
def test_a_question_about_a_period_is_not_answered_by_the_newest(question: str) -> None:
    """The best span stays the answer; what agrees with it is cited too."""
    answer = of_days(question, STATES)
    assert [citation.quote for citation in answer.citations] == ["12 sites", "12 sites now"]
    assert [citation.quote for citation in answer.others] == ["15 sites", "9 sites", "7 sites"]


def test_a_follow_up_keeps_the_period_it_leans_on() -> None:
    """Unless it asks for now."""
    for question, expected in (("And how many sites?", "12 sites"), ("And how many now?", "15 sites")):
        query = f"What was revenue in 2023?\n$5 million\n{question}"
        assert compose(question, query, STATES, [span.passage for span in STATES], 0.5).text == expected


def test_as_of_a_day_no_later_release_answers_unless_it_names_the_day() -> None:
    """Later ones are neither the answer nor cited for it; what they say instead is shown with their dates."""
    spans = [
        of_day("15 sites", date(2025, 5, 3), score=0.9),
        of_day("9 sites", date(2023, 5, 3)),
        of_day("the 9 sites", date(2024, 5, 3)),
    ]
    answer = of_days("As of June 2023, how many sites has Acme?", spans)
    assert [citation.quote for citation in answer.citations] == ["9 sites"]
    assert [citation.quote for citation in answer.others] == ["15 sites"]
    told_later_words = "11 sites as of June 30, 2023"
    told_later = of_day(told_later_words, date(2023, 8, 3))
    assert of_days("As of June 2023, how many sites has Acme?", [told_later, *spans]).text == told_later_words
    refusal = of_days("As of June 2022, how many sites has Acme?", spans)
    assert refusal.refusal
    assert refusal.refusal.reason == "outside_dates"
    assert refusal.refusal.message == "The releases do not say it as of then; one of 3 May 2025 does."
    assert [citation.quote for citation in refusal.refusal.nearest] == ["15 sites", "9 sites", "the 9 sites"]
    assert of_days("As of June 2022, how many sites has Acme?", [of_day("7 sites", None)]).answered


def test_as_of_is_read_from_the_question_made_whole_and_counted_from_the_filters_day() -> None:
    """A follow-up says it no more; "last month" is that of the day asked about."""
    spans = [of_day("15 sites", date(2025, 5, 3), score=0.9), of_day("9 sites", date(2023, 5, 3))]
    passages = [span.passage for span in spans]
    whole = "As of June 2023, how many people work at Acme? – and how many sites has it?"
    assert compose("And how many sites?", "", spans, passages, 0.5, whole=whole).text == "9 sites"
    question = "As of last month, how many sites has Acme?"
    assert compose(question, "", spans, passages, 0.5, today=date(2023, 7, 1)).text == "9 sites"
    assert compose(question, "", spans, passages, 0.5, today=date(2025, 7, 1)).text == "15 sites"


def test_a_release_agrees_once() -> None:
    """However many of its passages say the same."""
    other = scored(RELEASES[1], "5%  of jobs", 0.4)
    once = composed([scored(RELEASES[0], "5%  of jobs", 0.6), other])
    assert once.confidence == pytest.approx(0.6 + 0.4 * SUPPORT * 0.4)
    assert composed([scored(RELEASES[0], "5%  of jobs", 0.6), other, other]).confidence == once.confidence


def test_a_newer_release_that_is_less_sure_does_not_win() -> None:
    """It is shown beside the answer if it is sure enough to be one."""
    spans = [of_day("12 sites", date(2024, 5, 3), score=0.9), of_day("15 people", date(2025, 5, 3), score=0.6)]
    answer = of_days("How many sites has Acme?", spans)
    assert (answer.text, answer.confidence) == ("12 sites", 0.9)
    assert [citation.quote for citation in answer.others] == ["15 people"]


@pytest.mark.parametrize(("best", "score", "wins"), [(0.8, 0.6, True), (0.8, 0.52, False), (1.0, 0.99, False)])
def test_how_sure_a_newer_release_must_be_is_reckoned_in_odds(best: float, score: float, wins: bool) -> None:
    """From 0.8 to 0.6 is less far than from 0.98 to 0.9."""
    spans = [of_day("12 sites", date(2024, 5, 3), score=best), of_day("15 sites", date(2025, 5, 3), score=score)]
    assert of_days("How many sites has Acme?", spans).text == ("15 sites" if wins else "12 sites")


def test_where_it_is_not_known_which_release_is_newer_both_are_shown_and_the_answer_is_doubted() -> None:
    """Not where they say the same in other words, where the rival is unlikely, or is another issuer's."""
    best = of_day("7 dealers", None, score=0.9)
    rival = of_day("6 dealers", date(2025, 10, 3), score=0.6)
    answer = of_days("How many dealers has Acme?", [best, rival])
    assert (answer.text, [other.quote for other in answer.others]) == ("7 dealers", ["6 dealers"])
    assert answer.confidence == pytest.approx(doubted(0.9, DISPUTED))
    said_anew = of_day("a network of 7", None, score=0.6)
    unlikely = rival._replace(score=0.45)
    of_another = of_day("6 dealers", None, issuer="Bolt SE", score=0.6)
    said_in_words = of_day("a network of seven dealers", None, score=0.6)
    same_release = best._replace(span=Span(best.span.release_id, 0, 5), score=0.6)
    for other in (said_anew, said_in_words, unlikely, of_another, same_release):
        undisputed = of_days("How many dealers has Acme?", [best, other])
        assert undisputed.confidence >= 0.9
        assert undisputed.others == ()


def test_a_dispute_may_end_in_a_refusal_that_shows_both() -> None:
    best, rival = of_day("7 dealers", None, score=0.7), of_day("6 dealers", None, score=0.6)
    refusal = of_days("How many dealers has Acme?", [best, rival]).refusal
    assert refusal
    assert (refusal.reason, refusal.message) == (
        "not_said",
        "Releases say different things, and which is the newest is not known.",
    )
    assert [near.quote for near in refusal.nearest] == ["7 dealers", "6 dealers"]
    unsure = compose("How many?", "", [best, rival], [best.passage, rival.passage], 0.8).refusal
    assert unsure
    assert unsure.message == "The releases do not say."  # so it would be without a rival


def test_neither_withdrawn_words_nor_those_of_the_same_release_dispute_an_answer() -> None:
    best = of_day("7 dealers and 6 sites", None, score=0.9)
    release = best.passage.chunk.release
    beside = best._replace(span=Span(release.id, 14, 21), score=0.6)
    best = best._replace(span=Span(release.id, 0, 9))
    correction = ReleaseRef("c", "Acme Corp.", "Correction: Acme", date(2024, 5, 4))
    withdrawn = of_day("5 dealers", None, score=0.6, corrected_by=correction)
    for other in (beside, withdrawn):
        assert of_days("How many dealers has Acme?", [best, other]).confidence == 0.9


def test_withdrawn_words_are_no_answer() -> None:
    """What a correction takes back is shown as that, if it was of another day, and never first."""
    correction = ReleaseRef("c", "Acme Corp.", "Correction: Acme", date(2024, 5, 4))
    wrong = of_day("12 sites", date(2024, 5, 3), score=0.95, corrected_by=correction)
    right = of_day("21 sites", date(2024, 5, 4), score=0.8)
    answer = of_days("How many sites has Acme?", [wrong, right])
    assert (answer.text, answer.confidence) == ("21 sites", 0.8)
    assert [(other.quote, other.withdrawn) for other in answer.others] == [
        ("12 sites", "corrected 4 May 2024: Correction: Acme")
    ]
    assert [bool(passage.corrected_by) for passage in answer.passages] == [False, True]
    same = of_day("21 sites now", date(2024, 5, 3), corrected_by=correction)
    assert of_days("How many sites has Acme?", [right, same]).others == ()
    refusal = of_days("How many sites has Acme?", [wrong]).refusal
    assert refusal is not None
    assert [nearest.corrected_by for nearest in refusal.nearest] == [correction]


def test_a_refusal_shows_first_what_its_confidence_is_of() -> None:
    """Words that are withdrawn, or came too late, are no answer however sure: they stand behind those that may be."""
    correction = ReleaseRef("c", "Acme Corp.", "Correction: Acme", date(2023, 5, 4))
    withdrawn = of_day("12 sites", date(2023, 5, 3), score=0.45, corrected_by=correction)
    later = of_day("15 sites", date(2025, 5, 3), score=0.4)
    standing = of_day("9 sites", date(2023, 5, 3), score=0.3)
    answer = of_days("As of June 2023, how many sites has Acme?", [withdrawn, later, standing])
    assert answer.refusal
    assert [citation.quote for citation in answer.refusal.nearest] == ["9 sites", "15 sites", "12 sites"]
    assert (answer.refusal.reason, answer.confidence) == ("not_said", 0.3)
    sure = later._replace(score=0.6)
    told = of_days("As of June 2023, how many sites has Acme?", [withdrawn, sure, standing]).refusal
    assert told
    assert told.reason == "outside_dates"
    assert [citation.quote for citation in told.nearest] == ["15 sites", "9 sites", "12 sites"]


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
    assert answer.answered == (answer.confidence >= threshold) == bool(answer.citations)
    assert answer.confidence >= (doubted(spans[0].score, DISPUTED) if spans else 0.0)
    strong = {span.span for span in spans if span.score >= min(threshold, spans[0].score / 2)}
    for citation in answer.citations:
        assert citation.span in strong
        assert agree(citation.quote, answer.text)
        assert citation.quote == citation.release.text[citation.start : citation.end]
    releases = [citation.release.id for citation in answer.citations]
    assert len(releases) == len(set(releases)) <= MOST_CITATIONS


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Acme cut 5% of jobs in May.", "yes"),
        ("Acme cut 2% of jobs in May.", "no"),
        ("Acme intends to cut 5% of jobs.", None),
    ],
)
def test_a_verdict_is_of_the_cited_words_in_their_sentence(sentence: str, expected: str | None) -> None:
    """What stands before the words is read, too: what is intended is not done."""
    release = Release.of(sentence, headline="Acme", source="acme.txt", issuer="Acme Corp.")
    span = scored(release, sentence[sentence.index("%") - 1 :][:10], 0.9, sentence)
    answer = compose("Did Acme cut more than 3% of jobs?", "", [span], [span.passage], 0.5)
    assert (answer.text, answer.verdict) == (f"{answer.text[0]}% of jobs", expected)
