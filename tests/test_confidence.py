from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunk
from index.release import Release, Span
from index.store import Passage
from qa.confidence import Calibration, Found, Grounds


def passage(score: float, text: str = "Ann did.") -> Passage:
    release = Release.of(text, headline="News", source="news.txt")
    return Passage(Chunk(release, Span(release.id, 0, len(text)), "Acme Phase 2"), score)


def test_a_share_is_a_logarithm_and_always_a_number() -> None:
    """Also of a passage that has none."""
    found = [Grounds.of(passage(score), Found(0, 3, 2.0, 1.0, -1.0)) for score in (1.0, 0.5, 0.0)]
    assert [each.share for each in found] == pytest.approx([0.0, -0.693, -13.816], abs=1e-3)
    assert {each[:3] for each in found} == {(2.0, 1.0, -1.0)}


def test_what_was_only_glanced_at_has_no_other_grounds() -> None:
    assert Grounds.of(passage(1.0), Found(0, 3, 2.0))[:4] == (2.0, 0.0, 0.0, 0.0)


def test_what_a_span_is_like() -> None:
    """How long it is, as a logarithm, and whether it holds a figure: in it, not beside it."""
    found = passage(1.0, "Ann paid $5 million.")
    name, amount = (Grounds.of(found, Found(start, end, 2.0)) for start, end in ((0, 3), (9, 19)))
    assert [name.length, amount.length] == pytest.approx([1.0986, 2.3026], abs=1e-4)
    assert [name.figure, amount.figure] == [0.0, 1.0]


@given(st.lists(st.floats(-1e6, 1e6), min_size=7, max_size=7), st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=6))
def test_a_probability_is_one_whatever_the_grounds(weights: list[float], reasons: list[float]) -> None:
    """Also far away, where an exponential would not be a number."""
    assert 0 <= Calibration(Grounds(*weights[:6]), weights[6]).probability(Grounds(*reasons)) <= 1
