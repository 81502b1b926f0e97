from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunk
from index.release import Release, Span
from index.store import Passage
from qa.confidence import Calibration, Found, Grounds, agree, grounds


def found(text: str, said: str, margin: float = 1.0, score: float = 0.5) -> tuple[Passage, Found]:
    release = Release.of(text, headline="News", source="news.txt")
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


def test_other_passages_agree() -> None:
    """What says the same counts if it is not far below "not said"."""
    reasons = grounds(
        [
            found("Acme has 12 sites.", "12 sites", 5.0),
            found("It has 12 sites now.", "12 sites now", 2.0),
            found("Its 12 sites are new.", "12 sites", -9.0),
            found("It had 9 sites.", "9 sites", 3.0),
        ],
    )
    assert [round(each.agreeing, 3) for each in reasons] == [0.693, 0.693, 1.099, 0.0]
    assert [each.margin for each in reasons] == [5.0, 2.0, -9.0, 3.0]


def test_a_share_is_a_logarithm_and_always_a_number() -> None:
    """Also of a passage that has none; and nothing found has no grounds."""
    assert grounds([]) == []
    shares = [each.share for each in grounds([found("Ann did.", "Ann", score=score) for score in (1.0, 0.5, 0.0)])]
    assert shares == pytest.approx([0.0, -0.693, -13.816], abs=1e-3)


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4), st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3))
def test_a_probability_is_one_whatever_the_grounds(weights: list[float], reasons: list[float]) -> None:
    """Also far away, where an exponential would not be a number."""
    assert 0 <= Calibration(Grounds(*weights[:3]), weights[3]).probability(Grounds(*reasons)) <= 1
