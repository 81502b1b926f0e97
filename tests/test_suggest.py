from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.store import Index
from qa import Answer, Assistant, Filters, Turn
from qa.answer import agree
from qa.suggest import suggest

ACME = """\
# Acme Robotics opens a works in Linz

LINZ, May 3, 2024 (WIRE) -- Acme Robotics, Inc. (NASDAQ: ACR) opened its second works. The arms are made of recycled
iron, a hard metal.

Acme Robotics operates 13 service centers across Austria. The Company expects to open a works in Graz in the second
quarter of 2026.

"We are glad," said Ann Berg, Chief Executive Officer of Acme Robotics.

NewsWire is a platform for news of all kinds.
"""
LATER = """\
# Acme Robotics reports its second quarter

LINZ, August 1, 2024 (WIRE) -- Net loss for the three months ended June 30, 2024 was $3.4 million. Acme Robotics, Inc.
(NASDAQ: ACR) makes arms of recycled iron.
"""
BOLT = """\
# Bolt SE makes screws

ULM, 2 September 2023 – Bolt SE (FSE: BLT) uses titanium, a light metal, as its material. Bolt SE employs 45 people.
"""
MATERIAL = "What does Acme Robotics make its arms of?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("suggest")
    for name, text in {"acme.md": ACME, "later.md": LATER, "bolt.md": BOLT}.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Index.open(folder / "index") as index:
        index.add([folder])
        yield Assistant(index)


def questions(
    assistant: Assistant, answer: Answer, *, history: list[Turn] | None = None, **options: object
) -> list[str]:
    found = suggest(assistant, answer, history or [], seconds=60, **options)  # type: ignore[arg-type]
    return [suggestion.question for suggestion in found]


def test_questions_come_from_the_cited_release_and_its_issuers_others(assistant: Assistant) -> None:
    """Those that are about what is new before those that are true at any time."""
    answer = assistant.ask(MATERIAL)
    assert answer.text == "recycled iron"
    assert questions(assistant, answer, most=9) == [
        "What was Acme Robotics’ net loss for the three months ended June 30, 2024?",
        "When does Acme Robotics expect to open a works in Graz?",
        "How many service centers does Acme Robotics operate?",
        "Who is Acme Robotics’ chief executive officer?",
    ]
    assert len(questions(assistant, answer)) == 3


def test_each_is_answered_with_the_fact_it_was_made_from(assistant: Assistant) -> None:
    """Asked again it gives the same answer, from a release of that issuer."""
    found = suggest(assistant, assistant.ask(MATERIAL), seconds=60)
    expected = ["$3.4 million", "the second quarter of 2026", "13"]
    for (question, reply), fact in zip(found, expected, strict=True):
        assert reply.answered
        assert reply.confidence >= assistant.threshold
        assert agree(reply.text, fact)
        assert reply.citations[0].release.issuer == "Acme Robotics, Inc."
        assert assistant.ask(question).text == reply.text


def test_what_was_asked_or_told_is_not_suggested(assistant: Assistant) -> None:
    answer = assistant.ask("When does Acme plan to open its works in Graz?")
    history = [Turn("Who runs Acme Robotics?", "Ann Berg")]
    found = questions(assistant, answer, history=history, most=9)
    assert "How many service centers does Acme Robotics operate?" in found
    assert not [question for question in found if "Graz" in question or "chief executive" in question]


def test_what_was_suggested_before_can_be_left_out(assistant: Assistant) -> None:
    answer = assistant.ask(MATERIAL)
    first = questions(assistant, answer, most=2)
    then = questions(assistant, answer, without=first, most=2)
    assert len(then) == 2
    assert not set(first) & set(then)


def test_after_a_refusal_they_come_from_what_was_nearest(assistant: Assistant) -> None:
    answer = Assistant(assistant.index, threshold=1.0).ask(MATERIAL)
    assert answer.refusal is not None
    assert "How many service centers does Acme Robotics operate?" in questions(assistant, answer)


def test_filters_hold_for_suggestions_too(assistant: Assistant) -> None:
    from datetime import date

    filters = Filters(until=date(2024, 6, 1))
    answer = assistant.ask(MATERIAL, filters=filters)
    found = suggest(assistant, answer, (), filters, most=9, seconds=60)
    assert found
    days = [citation.release.published for _, reply in found for citation in reply.citations]
    assert all(day and day <= date(2024, 6, 1) for day in days)


def test_nothing_is_suggested_where_nothing_was_found(assistant: Assistant, tmp_path: Path) -> None:
    assert questions(assistant, assistant.ask("?!")) == []
    with Index.open(tmp_path / "empty") as index:
        empty = Assistant(index)
        assert questions(empty, empty.ask("Who runs Acme?")) == []


def test_a_fact_that_the_assistant_does_not_find_is_not_suggested(assistant: Assistant) -> None:
    """Whatever it was made from: what counts is the answer a person would get."""
    deaf = Assistant(assistant.index, read=lambda query, passages, question="": [])
    answer = assistant.ask(MATERIAL)
    assert questions(deaf, answer) == []
    strict = Assistant(assistant.index, threshold=1.0)
    assert questions(strict, answer) == []


def test_no_question_is_begun_after_the_time_is_up(assistant: Assistant) -> None:
    answer = assistant.ask(MATERIAL)
    started = time.perf_counter()
    assert suggest(assistant, answer, seconds=-1) == []
    assert time.perf_counter() - started < 1
