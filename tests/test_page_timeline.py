from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import ACME, HOSTILE, release, span, tree_of

from index.release import Release, Span
from index.store import ReleaseRef
from page.timeline import STACKED, Mark, Marks, timeline_html
from qa import Answer, Citation

NAILS = release(("paragraph", "Acme makes nails."), published=date(2023, 5, 3))
RAILS = release(("paragraph", "Acme makes rails."), published=date(2025, 5, 3))


def ref(of: Release) -> ReleaseRef:
    return ReleaseRef(of.id, of.issuer, of.headline, of.published)


def refs(*days: date | None) -> list[ReleaseRef]:
    return [ReleaseRef(f"{number:016x}", "Acme", f"News {number}", day) for number, day in enumerate(days)]


def cited(of: Release, words: str) -> Citation:
    return Citation(of, span(of, words), span(of, words))


def test_marks_are_those_of_the_issuer_and_of_a_known_day() -> None:
    undated = release(("paragraph", "Acme makes anvils."), published=None)
    foreign = release(("paragraph", "Bolt makes anvils."), issuer="Bolt")
    said = tuple(cited(of, "anvils") for of in (ACME, undated, foreign))
    answer = Answer("q", "q", "anvils", said, 0.9, None, others=(cited(RAILS, "rails"),))
    assert Marks.of(answer) == (Mark(0, ACME.id, span(ACME, "anvils")), Mark(1, RAILS.id, span(RAILS, "rails")))
    assert Marks.of(replace(answer, citations=said[1:], others=())) == ()


def test_releases_with_the_same_words_are_marked_as_well() -> None:
    again = release(("paragraph", "Acme makes anvils, again."), published=date(2025, 1, 1))
    undated = release(("paragraph", "Acme makes anvils, too."), published=None)
    citation = cited(ACME, "anvils")._replace(said_in=(ref(again), ref(undated), ref(ACME)))
    marks = Marks.of(Answer("q", "q", "anvils", (citation,), 0.9, None))
    assert marks == (Mark(0, ACME.id, citation.span), Mark(0, again.id))
    said = [(0, ACME, citation.span), (0, again, None)]
    tree = tree_of(timeline_html([ref(again), ref(ACME)], said))
    assert [mark.get("data-place") for mark in tree.find_class("mark")] == [
        f"cited {ACME.id} {citation.start}-{citation.end}",
        f"open {again.id}",
    ]
    assert [words.text for words in tree.find_class("words")] == ["anvils"]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10**6), st.integers(0, 99)), min_size=1, max_size=16))
def test_marks_come_back_from_their_text(made: list[tuple[int, int, int]]) -> None:
    id_ = "0123456789abcdef"
    marks = Marks(Mark(n, id_, Span(id_, start, start + length) if length else None) for n, start, length in made)
    assert Marks.parse(str(marks)) == marks


@pytest.mark.parametrize(
    "text",
    ["", "0", "0 0123456789abcdef 5", "0 0123456789abcdef 5-5", "x 0123456789abcdef 1-2", "0 0123456789abcdef 1-2;"],
)
def test_what_is_no_marks_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (two messages: of the marks, of the span)
        Marks.parse(text)


def test_a_plot_has_a_dot_a_release_where_its_day_is() -> None:
    tree = tree_of(timeline_html(refs(date(2024, 1, 1), date(2024, 7, 1), date(2024, 12, 31), None)))
    assert [dot.get("cx") for dot in tree.find_class("dot")] == ["2.0%", "49.87%", "98.0%"]
    assert [tick.text for tick in tree.find_class("tick")] == ["2024", "Apr", "Jul", "Oct"]
    assert "3 releases from 1 January 2024 to 31 December 2024. 1 release without a date not shown." in (
        tree.text_content()
    )


def test_releases_of_close_days_are_stacked_up_to_a_limit() -> None:
    tree = tree_of(timeline_html(refs(*[date(2024, 1, 1)] * 12, date(2024, 12, 31))))
    heights = [int(dot.get("cy")) for dot in tree.find_class("dot")[:12]]
    assert heights[:STACKED] == sorted(set(heights), reverse=True)
    assert set(heights[STACKED:]) == {heights[STACKED - 1]}


def test_fewer_than_two_days_make_no_line() -> None:
    assert timeline_html(refs(date(2024, 1, 1), date(2024, 1, 1), None)) == ""
    assert timeline_html([]) == ""


def test_what_was_said_first_is_said_and_what_came_later_changed_it() -> None:
    """The answer is the middle one: before it something else was said, and after it again."""
    said = [(0, ACME, span(ACME, "anvils")), (1, RAILS, span(RAILS, "rails")), (2, NAILS, span(NAILS, "nails"))]
    tree = tree_of(timeline_html([ref(RAILS), ref(ACME), ref(NAILS)], said))
    assert [mark.get("aria-label") for mark in tree.find_class("mark")] == [
        "3 May 2023, said: nails",
        "3 May 2024, changed: anvils",
        "3 May 2025, changed: rails",
    ]
    assert [words.text for words in tree.find_class("words")] == ["nails", "anvils", "rails"]
    assert [mark.find("svg").get("x") for mark in tree.find_class("mark")] == ["2.0%", "50.07%", "98.0%"]


def test_what_is_said_again_changes_nothing() -> None:
    again = release(("paragraph", "Acme makes anvils."), published=date(2025, 1, 1))
    said = [(0, again, span(again, "anvils")), (0, ACME, span(ACME, "anvils"))]
    tree = tree_of(timeline_html([ref(again), ref(ACME)], said))
    assert [mark.get("class") for mark in tree.find_class("mark")] == ["mark said", "mark said"]
    assert [key.text for key in tree.find_class("key")] == ["said"]
    assert [words.text for words in tree.find_class("words")] == ["anvils"]


def test_nothing_in_a_release_becomes_part_of_the_plot() -> None:
    hostile = release(("paragraph", HOSTILE), headline=HOSTILE, published=date(2025, 1, 1))
    rendered = timeline_html([ref(hostile), ref(ACME)], [(0, hostile, span(hostile, HOSTILE))])
    tags = {"figure", "svg", "line", "circle", "title", "text", "a", "figcaption", "span"}
    assert {node.tag for node in tree_of(rendered).iter()} == tags
    assert "${" not in rendered
