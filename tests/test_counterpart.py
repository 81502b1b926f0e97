from __future__ import annotations

from datetime import date

import pytest

from index.release import Release, Span
from qa.counterpart import counterpart, predates

PAIRS = [
    ("Sales were $5 million for Q2 2024, compared to $4 million for Q2 2023.", "Q2 2024", "Q2 2023"),
    ("For the second quarter of 2024, sales rose 25% to $5 million from $4 million a year ago.", "Q2 2024", "Q2 2023"),
    ("Sales grew from $4 million in 2022 to $5 million in 2023.", "2023", "2022"),
    ("Sales were $5 million, an increase from the $4 million recorded in the same quarter of 2023.", "Q2 2024", "2023"),
    (
        "Sales were $5 million (€4.6 million), up from $4 million (€3.7 million) in Sept. 2023.",
        "Sept. 2024",
        "Sept. 2023",
    ),
    (
        "Sales were $5 million, or $0.91 per share, as compared to $4 million, or $0.80 per share, in 2023.",
        "2024",
        "2023",
    ),
    ("Sales were $5 million in August, a sharp rise compared to $4 million in July.", "August 2024", "July 2024"),
    ("In Q1 2026 sales were $5 million, compared to $4 million in the previous quarter.", "Q1 2026", "Q4 2025"),
    (
        "Sales of $5 million and a profit of $2 million, compared to $4 million and $1 million in Q2 2023.",
        "2024",
        "Q2 2023",
    ),
]


@pytest.mark.parametrize(("text", "now", "then"), PAIRS)
def test_a_figure_is_of_the_period_asked_for(text: str, now: str, then: str) -> None:
    """Whichever of the two was found, or both together."""
    release = Release.of(text, headline="", source="")
    whole = Span(release.id, 0, len(text))
    current, earlier = (Span(release.id, at, at + len("$5 million")) for at in (text.index("$5"), text.index("$4")))
    both = Span(release.id, min(current.start, earlier.start), max(current.end, earlier.end))
    for period, right, wrong in ((now, current, earlier), (then, earlier, current)):
        asked = f"What were Acme's sales in {period}?"
        assert counterpart(asked, release, whole, right) is None
        assert counterpart(asked, release, whole, wrong) == right
        assert counterpart(asked, release, whole, both) == right


@pytest.mark.parametrize(
    "question",
    [
        "What were sales a year earlier?",
        "What were Acme's sales in the prior-year quarter?",
        "What had sales been in the same quarter a year before Q2 2024?",
        "What were sales before they rose?",
    ],
)
def test_what_was_before_is_asked_for_in_many_words(question: str) -> None:
    """The current one is of the question only as something to count from."""
    text = "Sales rose to $5 million in Q2 2024 from $4 million."
    release = Release.of(text, headline="", source="")
    found = counterpart(question, release, Span(release.id, 0, len(text)), Span(release.id, 14, 24))
    assert found
    assert release.quote(found) == "$4 million"


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("What share is it in Oslo?", "It is 32% of births compared with 39% in Oslo.", "39%"),
        ("What was raised in May 2025?", "It raised $4 million from investors at $2 million a seat.", "$2 million"),
        (
            "At what price did it close?",
            "The price declined $14.09 from a close of $96.18 to close at $82.09.",
            "$96.18",
        ),
        ("What were sales in Q2 2024?", "Sales were $5 million. Costs were $4 million in Q2 2023.", "$4 million"),
        (
            "What were sales in Q3 2021?",
            "Sales were $5 million for Q2 2024, compared to $4 million for Q2 2023.",
            "$5 million",
        ),
    ],
)
def test_what_is_not_told_is_left_as_it_is(question: str, text: str, words: str) -> None:
    """Another measure, another place, a change, or a period that is not there."""
    release = Release.of(text, headline="", source="")
    at = text.index(words)
    assert counterpart(question, release, Span(release.id, 0, len(text)), Span(release.id, at, at + len(words))) is None


GREW = "Gross margin was 65% in Q2 2024, compared to 62% in the same quarter of 2023, thanks to a price increase."
BOTH = "65% in Q2 2024, compared to 62% in the same quarter of 2023"


@pytest.mark.parametrize(
    ("question", "text", "words", "expected"),
    [
        ("Did gross margin improve in Q2 2024?", GREW, "62%", BOTH),
        ("Was margin higher than a year ago?", GREW, "65%", BOTH),
        ("How did margin change?", GREW, "was 65%", f"was {BOTH}"),
        ("How does margin compare with 2023?", GREW, "62%", BOTH),
        ("Did margin rise?", "Margin rose from 62% in 2023 to 65%, a record.", "62%", "62% in 2023 to 65%"),
        ("Is margin in Q2 2024 more than 60%?", GREW, "65%", None),  # compared to another figure
        ("What was the margin in Q2 2024?", GREW, "62%", "65%"),
        ("Did margin improve?", GREW, "a price increase", None),
        ("Did costs decline?", GREW, "62%", None),
        (
            "Was revenue higher than in Q1 2024?",
            "Revenue was $8 million in Q2 2024, compared to $7 million in Q1 2024 and $6 million in Q2 2023.",
            "$8 million",
            None,
        ),
        (
            "Did margin rise?",
            "Margin was 65%, compared to 62% in the quarter of the year before for all the old mills of Acme in it.",
            "62%",
            "65%, compared to 62%",
        ),
        ("Is its margin higher than Bolt's?", GREW, "62%", None),
        ("Was margin better than expected?", GREW, "65%", None),
        ("How did Acme change its margin guidance?", GREW, "65%", None),
        ("How does margin compare to peers?", GREW, "65%", None),
        (
            "Did revenue decline?",
            "It had $46 million in revenue and $8 million in loans, compared to $57 million and $3 million in Q2 2023.",
            "$3 million",
            None,
        ),
    ],
)
def test_who_asks_how_two_periods_compare_gets_both_figures(
    question: str, text: str, words: str, expected: str | None
) -> None:
    release = Release.of(text, headline="", source="")
    at = text.index(words)
    span = counterpart(question, release, Span(release.id, 0, len(text)), Span(release.id, at, at + len(words)))
    assert (release.quote(span) if span else None) == expected


def test_the_day_of_the_release_tells_which_quarter_it_reports() -> None:
    """Results come out soon after the quarter that they are of."""
    text = "Sales for the quarter were $5 million, up from $4 million a year ago."
    release = Release.of(text, headline="", source="", published=date(2025, 8, 14))
    whole, current, earlier = Span(release.id, 0, len(text)), Span(release.id, 27, 37), Span(release.id, 47, 57)
    assert counterpart("What were sales in Q2 2024?", release, whole, current) == earlier
    assert counterpart("What were sales in Q2 2025?", release, whole, earlier) == current
    assert counterpart("What were sales in Q2 2022?", release, whole, current) is None


def test_a_time_before_all_that_is_compared_is_not_told() -> None:
    """It is doubted then, whichever figure was found."""
    text = "Sales were $5 million for Q2 2024, compared to $4 million for Q2 2023."
    release = Release.of(text, headline="", source="")
    where = release, Span(release.id, 0, len(text)), Span(release.id, 11, 21)
    assert predates("What were sales in Q2 2022?", *where)
    assert not predates("What were sales in Q2 2025?", *where)
    assert not predates("What were sales?", *where)
    assert not predates("How did sales change from 2022?", *where)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What was the HbA1c at baseline?", "HbA1c fell from [[8.2%]] at baseline to 6.9% at week 24."),
        ("How much do the upgrades cost?", "Customers can step up with packages from [[$5,000 to $20,000]]."),
        ("How much does the advanced system cost?", "The advanced system costs from [[$10,000 to $20,000]]."),
        ("What were initial jobless claims?", "Initial jobless claims fell to [[210,000]] from 215,000."),
        ("How much of revenue is used to fund research?", "Research spending rose to [[12%]] of revenue from 10%."),
        ("What did sales fall to in 2022?", "Sales grew from [[$4 million]] in 2022 to $5 million in 2023."),
        ("How low did the margin drop to in 2022?", "The margin rose to 40% in 2023 from [[35%]] in 2022."),
        ("What was revenue in 2023?", "Compared to 2023, revenue increased to $5 million from [[$4 million]]."),
    ],
)
def test_what_is_compared_to_another_thing_stays(question: str, sentence: str) -> None:
    """Groups, estimates, ranges, guidance, other measures; what the question compares to; days ahead of the figures."""
    before, _, rest = sentence.partition("[[")
    words, _, after = rest.partition("]]")
    release = Release.of(f"{before}{words}{after}", headline="", source="")
    chosen = Span(release.id, len(before), len(before) + len(words))
    assert counterpart(question, release, Span(release.id, 0, len(release.text)), chosen) is None


def test_long_rows_take_no_time_and_no_day_is_beyond_the_calendar() -> None:
    """A sentence of very many figures is none; "this this year year" crashed."""
    text = " ".join(f"${number} million" for number in range(3_000))
    release = Release.of(text, headline="", source="")
    where = release, Span(release.id, 0, len(text)), Span(release.id, 0, 10)
    assert counterpart("What was it in this this year year?", *where) is None
    assert not predates("What was it in this this year year?", *where)
