"""What something is, where a sentence says so right behind its name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunk
from index.read import parse
from index.release import Span
from index.store import Passage
from qa.define import definition
from qa.read import SpanReader
from qa.scored import ScoredSpan
from qa.told import _defining

USES = "CLR 131, the company's lead PDC, uses iodine-131, a radioisotope."


@pytest.mark.parametrize(
    ("question", "sentence", "clause"),
    [
        ("what is CLR 131?", USES, "the company's lead PDC"),
        ("What exactly is Zap from Acme?", "Acme sells Zap® (ZP) — a pest killer — in Oslo.", "a pest killer"),
        (
            "What is Acme's Zap?",
            "In May Zap™ is a drug that kills pests, and it sells well.",
            "a drug that kills pests",
        ),
        ("What are Zaps, the things Bolt makes?", "Zaps are the company’s pills.", "the company’s pills"),
        (
            "What is Bank of Oslo?",
            "Acme Bank, a lender, said that Bank of Oslo, the last bank, agreed.",
            "the last bank",
        ),
        ("What is Zap by Acme?", "Zap is the U.S. leader in pills, which sell.", "the U.S. leader in pills"),
        ("What is Zap?", "Zap is the No. 1 pill of Dr. Bell. It sells.", "the No. 1 pill of Dr. Bell"),
        ("What's ZP-1", "It is no Zap. ZP-1, one of three, has sold well.", "one of three"),
    ],
)
def test_the_clause_behind_the_name(question: str, sentence: str, clause: str) -> None:
    found = definition(question, sentence)
    assert found is not None
    assert sentence[slice(*found)] == clause


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What does CLR 131 use?", USES),
        ("Who is CLR 131?", USES),
        ("What is CLR 13?", USES),
        ("What is LR 131?", USES),
        ("What is the price?", "The price, a tenth of what it was, is low."),
        ("What is Zap?", "Zap, Bolt and Dart are sold."),
        ("What is Zap?", "The firm that makes Zap is rich."),
        ("What is Zap used for?", "Zap, a pill, is used for pests."),
        ("What is (", "What is (, a bracket"),
    ],
)
def test_other_questions_and_sentences_define_nothing(question: str, sentence: str) -> None:
    assert definition(question, sentence) is None


@given(st.text(max_size=40), st.text(max_size=80))
def test_a_definition_is_some_words_of_the_sentence(name: str, after: str) -> None:
    sentence = f"{name}, a thing{after}"
    found = definition(f"What is {name}?", sentence)
    assert found is None or 0 <= found[0] < found[1] <= len(sentence)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("a radioisotope", "the company's lead PDC"),
        ("lead PDC", "lead PDC"),
        ("the company's lead PDC", "the company's lead PDC"),
    ],
)
def test_a_span_elsewhere_in_the_sentence_gives_way_to_the_definition(words: str, answer: str) -> None:
    """One that is a part of it stays as it was read."""
    release = parse(f"Acme\n\n{USES}\n".encode(), "a.txt")
    start, begin = release.text.index(words), release.text.index(USES)
    sentence = Span(release.id, begin, begin + len(USES))
    read = ScoredSpan(
        Span(release.id, start, start + len(words)), sentence, 0.9, Passage(Chunk(release, sentence, ""), 0.5)
    )
    assert release.quote(_defining("what is CLR 131?", read).span) == answer


def test_the_reader_gives_the_clause_that_defines() -> None:
    release = parse(f"Acme\n\n{USES}\n".encode(), "a.txt")
    begin = release.text.index(USES)
    passage = Passage(Chunk(release, Span(release.id, begin, begin + len(USES)), ""), 0.5)
    [span] = SpanReader()("what is CLR 131?", [passage])
    assert "the company's lead PDC" in release.quote(span.span)
