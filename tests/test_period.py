"""The periods that questions name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.period import SOON, Period, as_of, is_of_the_past, periods

TODAY = date(2026, 2, 10)  # a Tuesday
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 1))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did it say in its May 2024 release?", ["2024-05-01 2024-05-31"]),
        ("on May 3, 2024", ["2024-05-03 2024-05-03"]),
        ("from 3 May 2024 to 1st of June 2024", ["2024-05-03 2024-05-03", "2024-06-01 2024-06-01"]),
        ("on 2024-05-03", ["2024-05-03 2024-05-03"]),
        ("Sept. 12th, 2025", ["2025-09-12 2025-09-12"]),
        ("revenue in the second quarter of 2025", ["2025-04-01 2025-06-30"]),
        ("second-quarter 2025 and Q3 FY2024", ["2024-07-01 2024-09-30", "2025-04-01 2025-06-30"]),
        ("2Q25 or Q1 '24", ["2024-01-01 2024-03-31", "2025-04-01 2025-06-30"]),
        ("2024 third quarter", ["2024-07-01 2024-09-30"]),
        ("in the third quarter, 12 or 15", []),
        ("Q2 20% growth", []),
        ("Q2 20 sites, H1 15", []),
        ("FY 20% growth, FY20.5", []),
        ("Q2'25, Q3 ’24", ["2024-07-01 2024-09-30", "2025-04-01 2025-06-30"]),
        ("Q225 and Q3/24", ["2024-07-01 2024-09-30", "2025-04-01 2025-06-30"]),
        ("Q1 FY25 or 1H FY'24", ["2024-01-01 2024-06-30", "2025-01-01 2025-03-31"]),
        ("FY25, FY 24", ["2024-01-01 2024-12-31", "2025-01-01 2025-12-31"]),
        ("Q1/2025", ["2025-01-01 2025-03-31"]),
        ("Q1-2025", ["2025-01-01 2025-03-31"]),
        ("2025Q3 or 2024-Q2", ["2024-04-01 2024-06-30", "2025-07-01 2025-09-30"]),
        ("2025H1", ["2025-01-01 2025-06-30"]),
        ("in the first fiscal quarter of 2025", ["2025-01-01 2025-03-31"]),
        ("the second quarter of the fiscal year 2025", ["2025-04-01 2025-06-30"]),
        ("in 2024 first quarter sales fell", ["2024-01-01 2024-03-31"]),
        ("H1 2026, first half of 2025", ["2025-01-01 2025-06-30", "2026-01-01 2026-06-30"]),
        ("FY24 against fiscal 2023", ["2023-01-01 2023-12-31", "2024-01-01 2024-12-31"]),
        ("February 29, 2024", ["2024-02-29 2024-02-29"]),
        ("February 30, 2024", []),
        ("last quarter", ["2025-10-01 2025-12-31"]),
        ("last month, this month", ["2026-01-01 2026-01-31", "2026-02-01 2026-02-28"]),
        ("last year", ["2025-01-01 2025-12-31"]),
        ("last week", ["2026-02-02 2026-02-08"]),
        ("yesterday", ["2026-02-09 2026-02-09"]),
        ("in May", []),
        ("May the 4 of you 20245 or 1,2024.5 be", []),
        ("Which plant may, in 2025, close?", ["2025-01-01 2025-12-31"]),
        ("revenue in may 2025", ["2025-05-01 2025-05-31"]),
        ("Boeing 2035e", []),
        ("", []),
    ],
)
def test_periods(question: str, expected: list[str]) -> None:
    """Days, months, quarters, halves, years, and those counted from today."""
    assert sorted(f"{period.first} {period.last}" for period in periods(question, TODAY)) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("May shareholders redeem early?", False),
        ("How many sites opened in May?", True),
        ("May 5 results", True),
        ("2025Q3 sales", True),
        ("sales of the first fiscal quarter", True),
        ("cash on Sept. 30", True),
        ("Is the mill closed?", False),
        ("What is it worth today, after the 2024 sale?", False),
    ],
)
def test_of_the_past_or_of_now(question: str, expected: bool) -> None:
    assert is_of_the_past(question) is expected


def test_a_follow_up_is_of_the_past_that_it_leans_on() -> None:
    """Unless it asks for now."""
    query = "What was revenue in 2023?\n$5 million\n"
    assert is_of_the_past("And the loss?", f"{query}And the loss?")
    assert not is_of_the_past("And now?", f"{query}And now?")


@given(DAYS)
def test_a_day_is_found_in_whatever_form(day: date) -> None:
    """The same day, and the month and the year that it lies in."""
    for said in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", day.isoformat()):
        assert periods(f"What happened on {said}?", TODAY) == [Period(day, day)]
    [month], [year] = periods(f"in {day:%B %Y}", TODAY), periods(f"in {day.year}", TODAY)
    assert year.first <= month.first <= day <= month.last <= year.last
    assert (month.first.day, (month.last + timedelta(days=1)).day) == (1, 1)


@given(DAYS, st.sampled_from(["week", "month", "quarter", "year"]))
def test_this_one_holds_today_and_follows_the_last(today: date, unit: str) -> None:
    """Without a gap."""
    [this], [last] = periods(f"this {unit}", today), periods(f"last {unit}", today)
    assert this.first <= today <= this.last
    assert last.last + timedelta(days=1) == this.first


@given(DAYS, st.integers(-200, 200))
def test_fit(day: date, off: int) -> None:
    """Within, soon after, or neither."""
    period = Period(day, day + timedelta(days=30))
    expected = 1.0 if 0 <= off <= 30 else 0.5 if 30 < off <= 30 + SOON.days else 0.0
    assert period.fit(day + timedelta(days=off)) == expected


@given(st.text(max_size=60))
def test_any_question(question: str) -> None:
    """Never fails, and every period begins before it ends."""
    assert all(period.first <= period.last for period in periods(question, TODAY))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("As of May 5, 2025, who runs Acme?", "2025-05-05 2025-05-05"),
        ("Who runs Acme as of 5 May 2025?", "2025-05-05 2025-05-05"),
        ("As of its latest release (August 2025), where is Acme listed?", "2025-08-01 2025-08-31"),
        ("as at march 31 2025 what is the debt of acme", "2025-03-31 2025-03-31"),
        ("As of today, who runs Acme?", f"{TODAY} {TODAY}"),
        ("Who ran Acme in May 2025?", None),
        ("As of 2024, who ran Acme?", None),
        ("What was the debt as of Q1 2025?", None),
        ("As of its latest release, who runs Acme? It was Ann Berg in May 2025.", None),
        ("As of its latest release, how many patients enrolled in May 2025?", None),
        ("As of Nov. 5, 2025, who runs Acme?", "2025-11-05 2025-11-05"),
        ("As of February 30, 2025, who runs Acme?", None),
        ("Who runs Acme, as of yet?", None),
    ],
)
def test_as_of(question: str, expected: str | None) -> None:
    """A day or a month that follows "as of"; no quarter and no year, of which is told when they are over."""
    found = as_of(question, TODAY)
    assert (f"{found.first} {found.last}" if found else None) == expected
