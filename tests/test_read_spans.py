from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import chunk, statements
from index.embed import BundledEmbedder
from index.read import parse
from index.release import Release
from index.store import Passage
from qa.phrase import asked_form
from qa.read import Features, SentenceReader, share_said, stem

TEXT = """\
Acme Opens a Mill in Oslo

OSLO, May 3, 2024 (WIRE) -- Acme Corp. (NYSE: ACM) opened a paper mill today. It cost $5.2 million and took
twelve months. Ann Berg, who runs the mill, came from Bolt.

| In thousands | 2024 | 2023 |
|---|---|---|
| Revenue | $1,200 | $900 |

- The mill uses peat, a cheap fuel, as its fuel.
- It has 40 workers.
"""


@pytest.fixture(scope="module")
def release() -> Release:
    return parse(TEXT.encode(), "acme.md")


@pytest.fixture(scope="module")
def reader() -> SentenceReader:
    return SentenceReader(BundledEmbedder())


def passages(release: Release, score: float = 0.9, budget: int = 40) -> list[Passage]:
    return [Passage(piece, score) for piece in chunk(release, budget)]


QUESTIONS = [
    "How much did the mill cost?",
    "When did Acme open the mill?",
    "Who runs the mill?",
    "What fuel does the mill use?",
    "What was revenue in 2024?",
    "Why?",
    "売上高はいくらですか",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_spans_lie_in_sentences_and_sentences_in_passages(
    question: str, release: Release, reader: SentenceReader
) -> None:
    """Each span is inside its sentence, each sentence inside its passage, and each score a probability, best first."""
    found = reader(question, passages(release))
    assert found
    for span, sentence, score, passage in found:
        around = passage.chunk.span
        assert span.release_id == sentence.release_id == release.id
        assert around.start <= sentence.start <= span.start < span.end <= sentence.end <= around.end
        assert 0 <= score <= 1
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_every_sentence_of_every_passage_is_a_candidate(release: Release, reader: SentenceReader) -> None:
    """Sentences, list items and table rows, each once; headings are no statements."""
    given_passages = passages(release)
    expected = {span for passage in given_passages for span in statements(release, passage.chunk.span)}
    found = [each.sentence for each in reader("Why?", given_passages)]
    assert len(found) == len(expected)
    assert set(found) == expected
    assert "Acme Opens a Mill in Oslo" not in {release.quote(span) for span in found}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How much did the mill cost?", "$5.2 million"),
        ("How many workers does the mill have?", "40 workers"),
        ("What fuel does the mill use?", "peat, a cheap fuel"),
        ("What is the ticker of Acme?", "NYSE: ACM"),
    ],
)
def test_the_answer_is_the_phrase_asked_for(
    question: str, expected: str, release: Release, reader: SentenceReader
) -> None:
    """The best sentence is the one that says it, and the span the part of it that has the form asked for."""
    assert release.quote(reader(question, passages(release))[0].span) == expected


def test_a_question_without_a_form_gets_the_sentence(release: Release, reader: SentenceReader) -> None:
    """Where the question does not tell what it wants, span and sentence are the same."""
    assert asked_form("Why did Acme open a mill?") is None
    assert all(each.span == each.sentence for each in reader("Why did Acme open a mill?", passages(release)))


def test_no_passages_no_spans(reader: SentenceReader) -> None:
    """Nothing retrieved is nothing read."""
    assert reader("Why?", []) == []


def test_only_the_best_passages_are_read(release: Release, reader: SentenceReader) -> None:
    """``most`` bounds the work, however many passages are given."""
    given_passages = passages(release, budget=15)
    assert len(given_passages) > 2
    found = SentenceReader(reader.embedder, most=2)("Why?", given_passages)
    assert {each.passage for each in found} == set(given_passages[:2])


def test_a_better_passage_makes_its_sentences_likelier(release: Release, reader: SentenceReader) -> None:
    """The same sentence scores higher in a passage that was found more surely."""
    low, high = (
        {each.span: each.score for each in reader("Who runs the mill?", passages(release, s))} for s in (0.2, 0.8)
    )
    assert low.keys() == high.keys()
    assert all(low[span] < high[span] for span in low)


def test_the_same_again(release: Release, reader: SentenceReader) -> None:
    """Reading is deterministic."""
    assert reader("Who runs it?", passages(release)) == reader("Who runs it?", passages(release))


@pytest.mark.parametrize("question", [*QUESTIONS, "a" * 2000, "\x00\x07 ?", "ﬁ ½ ²"])
def test_features_are_shares(question: str, release: Release, reader: SentenceReader) -> None:
    """Each feature lies between 0 and 1, and a word said in the sentence is also said around it."""
    for _, _, features in reader.features(question, passages(release)):
        assert all(-1e-6 <= value <= 1 + 1e-6 for value in features), features
        assert features.said <= features.around


def test_features_of_a_sentence(release: Release, reader: SentenceReader) -> None:
    """ "Acme" stands in the heading only: it counts around the sentence, not in it."""
    features = {
        release.quote(span): found for _, span, found in reader.features("Acme workers?", passages(release, score=0.25))
    }
    sentence = features["- It has 40 workers."]
    # "Acme" is a name and counts double.
    assert sentence == Features(0.25, sentence.similarity, said=1 / 3, around=1.0)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("announced announces announcing announce", "announc"),
        ("companies company", "compan"),
        ("uses using used use", "us"),
    ],
)
def test_forms_of_a_word_share_a_stem(words: str, expected: str) -> None:
    """Endings are cut, so that a question's word meets the release's."""
    assert {stem(word) for word in words.split()} == {expected}


@given(st.text(max_size=20))
def test_a_stem_is_the_beginning_of_its_word(word: str) -> None:
    """Case apart, nothing but an ending goes."""
    assert word.casefold().startswith(stem(word))


@given(st.lists(st.from_regex(re.compile(r"\w{1,8}"), fullmatch=True), max_size=6), st.text(max_size=60))
def test_share_said_is_a_share(words: list[str], text: str) -> None:
    """Between 0 and 1; all words in the text is 1, no words 0."""
    assert 0 <= share_said(words, text) <= 1
    assert share_said(words, " ".join([text, *words])) == pytest.approx(1 if words else 0)


def test_a_part_of_a_word_is_not_said() -> None:
    """ "131" is not said by "1310", nor "art" by "party"."""
    assert share_said(["131"], "1310 grams") == 0
    assert share_said(["art"], "a party") == 0


def test_importing_the_reader_loads_no_models() -> None:
    """The module names the types of numpy, but does not need it to be imported."""
    source = Path(__file__).parent.parent / "qa" / "read.py"
    assert "if TYPE_CHECKING:\n    import numpy" in source.read_text(encoding="utf-8")
