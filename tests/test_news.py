"""What is new at a company."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.store import Index
from qa import Assistant, Filters
from qa.news import asked

WRITTEN = {
    "may": ("Acme Corp. opens a mill", "OSLO, May 3, 2024 (WIRE) -- Acme Corp. (NYSE: ACM) opened a mill."),
    "june": ("Acme Corp. opens another", "OSLO, June 5, 2024 (WIRE) -- Acme Corp. (NYSE: ACM) opened another mill."),
    "none": ("Acme Corp. rests", "Acme Corp. (NYSE: ACM) opened no mill."),
    "other": ("Bolt Labs burns", "BERGEN, July 1, 2024 (WIRE) -- Bolt Labs (OTC: BLT) burnt."),
}


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    for name, (headline, text) in WRITTEN.items():
        (tmp_path / f"{name}.md").write_text(f"# {headline}\n\n{text}\n", "utf-8")
    index = Index.open(tmp_path / "index")
    index.add([tmp_path])
    return Assistant(index)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What's the latest news from Acme?", "Acme"),
        ("what is new at acme", "acme"),
        ("Latest press release by Acme Corp.", "Acme Corp"),
        ("Any recent announcements on Acme?", "Acme"),
        ("Acme’s newest release", "Acme"),
        ("What's new with ACM?", "ACM"),
        ("What new drug has Acme?", ""),
        ("What is the latest on the mill?", ""),
        ("When was the latest news from Acme?", ""),
        ("Which is Acme's last mill?", ""),
        ("", ""),
    ],
)
def test_only_a_question_for_news_alone_is_one(question: str, name: str) -> None:
    assert asked(question) == name


@pytest.mark.parametrize("question", ["What's the latest news from Acme?", "what is new at acme", "ACM's last release"])
def test_the_newest_headline_is_the_answer_and_earlier_ones_stand_beside(assistant: Assistant, question: str) -> None:
    """What has no day is none of them, nor are others' releases."""
    answer = assistant.ask(question)
    assert answer.text == "Acme Corp. opens another"
    (cited,) = answer.citations
    assert cited.quote == cited.release.text[cited.start : cited.end] == answer.text
    assert [other.quote for other in answer.others] == ["Acme Corp. opens a mill"]


def test_a_headline_that_was_taken_back_says_so(assistant: Assistant, tmp_path: Path) -> None:
    corrected = tmp_path / "corrected.md"
    corrected.write_text(
        "# Correction: Acme Corp. opens another\n\nOSLO, June 6, 2024 (WIRE) -- Acme Corp. (NYSE: ACM).\n"
    )
    assistant.index.add([corrected])
    answer = assistant.ask("What's new at Acme?")
    assert answer.text == "Correction: Acme Corp. opens another"
    assert [bool(other.withdrawn) for other in answer.others] == [True, False]


def test_as_of_a_day_the_newest_is_of_before_it(assistant: Assistant) -> None:
    answer = assistant.ask("What's the latest news from Acme?", filters=Filters.as_of(date(2024, 5, 31)))
    assert (answer.text, answer.others) == ("Acme Corp. opens a mill", ())


@pytest.mark.parametrize("question", ["What's the latest news on Acme's mill?", "What is new at Coyote?"])
def test_what_is_no_issuer_has_no_headlines(assistant: Assistant, question: str) -> None:
    assert "opens" not in assistant.ask(question).text
