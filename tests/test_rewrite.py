from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.rewrite import Turn, left_open, with_history

TURNS = [Turn("Where is Acme Corp. based?", "Oslo"), Turn("Who is its CEO?", "Ann Berg")]

texts = st.text(max_size=40)
histories = st.lists(st.builds(Turn, texts, texts), max_size=3)


@pytest.mark.parametrize(
    "question",
    [
        "Who runs it?",
        "When did she join?",
        "And the year before?",
        "What about 2023?",
        "how many does the company employ",
        "What was their revenue?",
        "Why?",
        "Does Bolt Ltd. own this plant?",  # names a company, but "this" lies in what was said
    ],
)
def test_a_question_that_leans_on_history_gets_it_in_front(question: str) -> None:
    """Every earlier question and answer stands on a line of its own, oldest first, the question itself last."""
    query = with_history(question, TURNS)
    assert query.split("\n") == ["Where is Acme Corp. based?", "Oslo", "Who is its CEO?", "Ann Berg", question]


@pytest.mark.parametrize(
    "question",
    [
        "Where is Bolt Ltd. based?",
        "What payload does CLR 131 use?",
        "when does QF-217 get approved",
        "What did Łódź cost?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    """A question that names what it is about is not mixed with what was said before."""
    assert with_history(question, TURNS) == question


def test_without_history_a_question_is_the_query() -> None:
    """Also one that leans: there is nothing to lean on. Runs of white space become one blank."""
    assert with_history("  Who\truns\n it? ", []) == "Who runs it?"


def test_a_refused_turn_adds_no_empty_line() -> None:
    """The answer of a refusal is empty."""
    assert with_history("Why?", [Turn("Who left Acme?", "")]) == "Who left Acme?\nWhy?"


def test_lines_of_an_answer_are_joined() -> None:
    """A line is a whole piece: line ends inside an answer or a question do not make more of them."""
    assert with_history("Why?", [Turn("Who\nleft?", "Ann\n\nBerg")]) == "Who left?\nAnn Berg\nWhy?"


@given(texts, histories)
def test_nothing_is_invented_or_lost(question: str, history: list[Turn]) -> None:
    """The query's words are those of the question, alone or after all the words that were said."""
    words = with_history(question, history).split()
    said = [word for turn in history for part in turn for word in part.split()]
    assert words in (question.split(), said + question.split())


@given(texts, histories)
def test_the_question_stands_last(question: str, history: list[Turn]) -> None:
    """Whatever was said, the last line is the question, and no line is blank."""
    lines = with_history(question, history).split("\n")
    if question.strip():
        assert lines[-1] == " ".join(question.split())
        assert all(lines)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who runs it?", "it"),
        ("and when will they publish them?", "they"),
        ("How old is he?", "he"),
        ("What payload does CLR 131 use?", None),
        ("Where is Acme Corp. based, and who runs it?", None),
        ("what did acme corp say of the mill that it sold last year", None),
        ("nurturGROW - what is it?", None),
        ("Is it Q2?", None),
        ("What is the revenue?", None),
        ("", None),
    ],
)
def test_what_a_question_leaves_open(question: str, expected: str | None) -> None:
    """A pronoun with nothing in the question that it could stand for."""
    assert left_open(question) == expected
