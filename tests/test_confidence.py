from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunk
from index.release import Release, Span
from index.store import Passage
from qa.confidence import MOST_MISSING, Calibration, Found, Grounds, agree, figures, grounds


def found(
    text: str, said: str, margin: float = 1.0, score: float = 0.5, day: date | None = None
) -> tuple[Passage, Found]:
    release = Release.of(text, headline="News", source="news.txt", published=day)
    start = text.index(said)
    passage = Passage(Chunk(release, Span(release.id, 0, len(text)), "Acme Phase 2"), score)
    return passage, Found(start, start + len(said), margin)


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
    assert agree(one, other) is agree(other, one) is expected


def test_other_passages_agree_or_lead() -> None:
    """What says the same counts as agreeing if it is not far below "not said"; what says else is what to be above."""
    reasons = grounds(
        "How many sites?",
        [
            found("Acme has 12 sites.", "12 sites", 5.0),
            found("It has 12 sites now.", "12 sites now", 2.0),
            found("Its 12 sites are new.", "12 sites", -9.0),
            found("It had 9 sites.", "9 sites", 3.0),
        ],
    )
    assert [round(each.agreeing, 3) for each in reasons] == [0.693, 0.693, 1.099, 0.0]
    assert [each.lead for each in reasons] == [2.0, -1.0, -12.0, -2.0]
    [alone] = grounds("How many sites?", [found("Acme has 12 sites.", "12 sites", 5.0)])
    assert alone.lead == 8.0
    assert [each.margin for each in reasons] == [5.0, 2.0, -9.0, 3.0]


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What was revenue?", 0),
        ("What was revenue in 2024?", 0),
        ("What was revenue in 2023?", 1),
        ("What was revenue in the second quarter of 2023?", 2),
        ("What was revenue in Q2?", 1),
        ("And in Q3 and in Q4, of 7 or 8?", MOST_MISSING),
        ("How did Phase 2 go?", 0),
        ("How did Phase 3 go?", 1),
        ("How did Phase II go?", 0),
        ("How did phase iii go?", 1),
        ("What was revenue of 5 sites?", 0),
        ("What was revenue of 20 sites?", 1),
        ("What may it earn from third-party sites?", 0),
        ("What did it earn in May?", 0),
        ("What was it in 2022?\nAnd in 2024?", 0),
    ],
)
def test_figures_of_the_question_are_missed(question: str, missing: int) -> None:
    """In the text, its headings and its date; of what was said before, nothing is asked."""
    [only] = grounds(question, [found("Revenue was $5 million in 2024.", "$5 million", day=date(2024, 5, 3))])
    assert only.missing == missing


def test_nothing_found_has_no_grounds() -> None:
    """And one alone leads what nobody would hold for a rival."""
    assert grounds("Who?", []) == []
    [only] = grounds("Who?", [found("Ann did.", "Ann", 7.0, 0.0)])
    assert (only.lead, only.agreeing) == (10.0, 0.0)
    assert only.share == pytest.approx(-13.8, abs=0.1)  # a share of nothing has a logarithm all the same


@given(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=6), st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=5))
def test_a_probability_is_one_whatever_the_grounds(weights: list[float], reasons: list[float]) -> None:
    """Also far away, where an exponential would not be a number."""
    assert 0 <= Calibration(Grounds(*weights[:5]), weights[5]).probability(Grounds(*reasons)) <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the first quarter", "Q1"),
        ("first-quarter 2024", "1Q 2024"),
        ("1Q24 sales", "Q124 sales"),
        ("Phase 2b", "phase II"),
        ("the second half", "H2"),
    ],
)
def test_figures_have_one_form(one: str, other: str) -> None:
    """However a period or phase is written."""
    assert figures(one) == figures(other) != frozenset()


def test_words_are_no_figures() -> None:
    """A month is written large; an ordinal needs its quarter; a number is not a part of another."""
    assert figures("It may march on, first of all a third-party, iii") == frozenset()
    assert figures("$1,250.5 and 2025") == {"1,250.5", "2025"}
