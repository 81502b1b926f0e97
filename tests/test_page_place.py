from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import ACME, span

from index.release import Span
from page.place import Link, Place

ID = "0123456789abcdef"


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 1000)), min_size=1, max_size=8), st.booleans())
def test_a_place_comes_back_from_its_text(ranges: list[tuple[int, int]], near: bool) -> None:
    spans = tuple(Span(ID, start, start + length) for start, length in ranges)
    place = Place(ID, spans, near)
    assert Place.parse(str(place)) == place


NO_PLACES = [
    "",
    "cited",
    "cited 0123456789abcdef",
    "cited 0123456789abcdef 5-5",
    "cited 0123456789abcdef 7-5",
    "cited 0123456789abcdef -1-5",
    "cited 0123456789abcdef ١-٢",
    "cited 0123456789abcdef 1-2\n",
    "cited 0123456789ABCDEF 1-2",
    "cited 0123456789abcdef 1-" + "9" * 5000,
    "cited ../../etc/passwd 1-2",
    "seen 0123456789abcdef 1-2",
]


@pytest.mark.parametrize("text", NO_PLACES)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (two messages: of the place, of the span)
        Place.parse(text)


def test_a_place_without_spans_opens_the_release_alone() -> None:
    assert Place.parse(f"open {ID}") == Place(ID)
    assert str(Place(ID)) == f"open {ID}"


def test_a_link_comes_back_from_the_address_that_it_makes() -> None:
    link = Link.of(ACME, span(ACME, "anvils"))
    start = ACME.text.index("anvils")
    assert str(link) == f"?release={ACME.id}&start={start}&end={start + 6}&sha256={ACME.sha256}"
    assert Link.parse(dict(parse_qsl(str(link)[1:]))) == link


def test_an_address_that_names_no_release_is_no_link() -> None:
    assert Link.parse({}) is None
    assert Link.parse({"__theme": "dark"}) is None


@pytest.mark.parametrize(
    "wrong",
    [{"start": "x"}, {"end": ""}, {"start": "-1"}, {"sha256": "0"}, {"release": "../x"}, {"start": "9", "end": "9"}],
)
def test_half_a_link_is_refused(wrong: dict[str, str]) -> None:
    right = {"release": ID, "start": "1", "end": "2", "sha256": "0" * 64}
    assert Link.parse(right) is not None
    with pytest.raises(ValueError):  # noqa: PT011  (two messages: of the link, of the span)
        Link.parse(right | wrong)
