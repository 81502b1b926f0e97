from __future__ import annotations

from datetime import date

import pytest

from page.scope import filters_of, summary_html, within
from qa import Filters


@pytest.mark.parametrize("scope", [None, {}, {"issuer": " ", "since": "", "until": None}, {"other": "x"}])
def test_an_empty_form_asks_for_all(scope: dict[str, str] | None) -> None:
    assert filters_of(scope) == Filters()
    assert within(filters_of(scope)) == ""


def test_a_form_becomes_filters_and_words() -> None:
    filters = filters_of({"issuer": " Acme, Inc. ", "since": "2024-01-02", "until": "2024-05-03"})
    assert filters == Filters(("Acme, Inc.",), since=date(2024, 1, 2), until=date(2024, 5, 3))
    assert within(filters) == "Acme, Inc., from 2 January 2024, as of 3 May 2024"


@pytest.mark.parametrize("scope", [{"since": "3 May"}, {"until": "2024-02-30"}, "acme", ["acme"]])
def test_what_is_no_scope_is_refused_with_its_words(scope: object) -> None:
    with pytest.raises(ValueError, match=r"is no day|a scope has"):
        filters_of(scope)  # type: ignore[arg-type]


def test_releases_without_a_date_are_not_left_out_in_silence() -> None:
    until = filters_of({"until": "2024-05-03"})
    assert summary_html(until, 1, 9, 7) == (
        "Asking <b>1 of 9 releases</b>: as of 3 May 2024; 7 without a date left out"
    )
    assert "left out" not in summary_html(until, 1, 9, 0)


def test_the_name_of_an_issuer_is_escaped() -> None:
    assert "<script" not in summary_html(filters_of({"issuer": "<script>"}), 0, 1)
