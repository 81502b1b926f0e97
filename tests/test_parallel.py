"""Several things and as many figures, "respectively": the figure of the one that is asked for."""

from __future__ import annotations

import pytest

from index.release import Release, Span
from qa.parallel import parallel

RESULTS = "Acme reported revenue, adj NI, and adj EPS of $22.5M, $0.7M, and ($0.66), respectively."
GREW = "Revenue and gross profit were $8 million and $3 million, respectively, an increase of 27% and 91% from 2022."
BANK = (
    "It had a ROAA of 1.16%, ROAE of 10.39%, and ROATE of 16.01%, compared to 1.19%, 10.76%, and 16.79%, respectively."
)


def chosen(question: str, text: str, words: str) -> str | None:
    release = Release.of(f"Before. {text}", headline="", source="")
    at = release.text.index(words)
    span = parallel(question, release, Span(release.id, 8, len(release.text)), Span(release.id, at, at + len(words)))
    return release.quote(span) if span else None


@pytest.mark.parametrize(
    ("question", "text", "words", "expected"),
    [
        ("What was Acme's EPS?", RESULTS, "$22.5M", "($0.66)"),
        ("What was adjusted net income?", RESULTS, "($0.66)", "$0.7M"),
        ("What revenue did Acme report?", RESULTS, "$22.5M, $0.7M", "$22.5M"),
        ("What was gross profit?", GREW, "$8 million and $3 million", "$3 million"),
        ("By how much did revenue grow?", GREW, "91%", "27%"),
        ("What is its ROAA?", BANK, "16.01%", "1.16%"),
        ("What was its ROATE before?", BANK, "1.19%", "16.79%"),
        (
            "How sensitive is the test?",
            "The sensitivity and specificity of this test are 79% (p<0.05) and 76% (p<0.04), respectively.",
            "76%",
            "79%",
        ),
        (
            "By how much did customers fall?",
            "It had 31,150 leaders, 130,096 sellers, and 746,256 customers, down by 19%, 13%, and 10%, respectively.",
            "13%",
            "10%",
        ),
        (
            "What was margin in 2024?",
            "For the years 2025 and 2024, margin was 41.5% and 37.8%, respectively.",
            "41.5%",
            "37.8%",
        ),
    ],
)
def test_the_figure_is_that_of_the_thing_asked_for(question: str, text: str, words: str, expected: str) -> None:
    assert chosen(question, text, words) == expected


@pytest.mark.parametrize(
    ("question", "text", "words"),
    [
        ("What was Acme's EPS?", RESULTS, "($0.66)"),  # right already
        ("How long did Bolt wait?", "Acme and Bolt waited 10 and 12 years, respectively.", "12 years"),
        ("What was its cash?", RESULTS, "$22.5M"),  # no such thing
        ("What were revenue and EPS?", RESULTS, "$22.5M"),  # two
        ("What was gross profit?", GREW.replace(", respectively", ""), "$8 million"),
        ("What was gross profit?", GREW, "Revenue"),  # no figure
        ("What was gross profit?", "It rose by 5% and 7% respectively, with gross profit and sales.", "5%"),
        ("What was EPS?", "Revenue and EPS were $8 million, $5 million and $3, respectively.", "$8 million"),
        ("What was EPS?", "It changed respectively.", "changed"),
        ("What was operating profit?", GREW, "$8 million"),
        ("What was the ratio of profit to sales?", GREW, "$8 million"),
        ("What was cash in June?", "Cash at June 30, 2024, and June 30, 2023, was $6 and $2, respectively.", "$6"),
        (
            "What was diluted loss per share a year earlier?",
            "Basic and diluted loss per share was $0.10 and $0.12, compared to $0.20 and $0.22, respectively.",
            "$0.22",
        ),
    ],
)
def test_what_is_not_told_is_left_as_it_is(question: str, text: str, words: str) -> None:
    assert chosen(question, text, words) is None
