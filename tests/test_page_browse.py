from __future__ import annotations

from datetime import date

import pytest
from made import HOSTILE, tree_of

from index.store import ReleaseRef
from page.browse import ON_A_PAGE, Listing, browse_html, listed_html
from qa import Filters


def ref(number: int, issuer: str | None = "Acme", published: date | None = None) -> ReleaseRef:
    return ReleaseRef(f"{number:016x}", issuer, f"News {number}", published)


def test_an_order_keeps_what_is_unknown_last() -> None:
    refs = [ref(1, "beta", date(2024, 2, 1)), ref(2, None, date(2024, 1, 1)), ref(3, "Alpha")]
    assert [one.id[-1] for one in Listing().pick(refs)] == ["1", "2", "3"]
    assert [one.id[-1] for one in Listing(order="oldest").pick(refs)] == ["2", "1", "3"]
    assert [one.id[-1] for one in Listing(order="issuer").pick(refs)] == ["3", "1", "2"]


@pytest.mark.parametrize(
    "request_", [{}, {"order": "x", "page": "-1"}, {"order": None, "page": "9" * 30, "words": None}]
)
def test_what_makes_no_sense_counts_as_not_said(request_: dict[str, str]) -> None:
    assert Listing.of(request_) == Listing()


def test_a_long_list_comes_page_by_page() -> None:
    refs = [ref(number) for number in range(2 * ON_A_PAGE + 1)]
    for page, first, count, can in ((0, 0, ON_A_PAGE, (False, True)), (2, 2 * ON_A_PAGE, 1, (True, False))):
        tree = tree_of(listed_html(refs, Listing(page=page), Filters()))
        rows = [row.text_content() for row in tree.find_class("headline")]
        assert (rows[0], len(rows)) == (f"News {first}", count)
        assert tuple(button.get("disabled") is None for button in tree.find_class("page")) == can
    beyond = listed_html(refs, Listing(page=99), Filters())
    assert "3 of 3" in beyond


def test_nothing_in_a_list_becomes_markup() -> None:
    hostile = ReleaseRef("0" * 16, HOSTILE, HOSTILE, None, (HOSTILE,), HOSTILE)
    rendered = browse_html(listed_html([hostile], Listing(), Filters((HOSTILE,))))
    assert "${" not in rendered
    assert tree_of(rendered).text_content().count(HOSTILE) == 4  # scope, headline, issuer, ticker
    assert [row.get("value") for row in tree_of(rendered).find_class("only")] == [HOSTILE]
