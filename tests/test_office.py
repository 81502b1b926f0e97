"""Whose office-holder is asked for, and whose a sentence names."""

from __future__ import annotations

import pytest

from index.chunk import Chunk
from index.release import Block, Release, Span
from index.store import Passage
from qa.office import is_of, organisation
from qa.read import SpanReader
from qa.scored import ScoredSpan
from qa.told import ANOTHERS, STRANGERS, _of_whom


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is the CEO of Acme Corp.?", "Acme Corp"),
        ("Who is chief financial officer at Bank of Oslo?", "Bank of Oslo"),
        ("who's Acme's CFO", "Acme"),
        ("Acme chief executive name", "Acme"),
        ("Name of Acme’s general counsel", "Acme"),
        ("Who runs Bolt Labs, Acme's partner?", "Bolt Labs"),
        ("Who runs the robot maker Acme?", "Acme"),
        ("Who heads sales at Acme in June 2025?", "Acme"),
        ("Who was CFO of Acme in October 2025?", "Acme"),
        ("Who was running Acme as CEO when the Bolt deal closed?", "Acme"),
        ("Who was Acme's CEO before Ann Berg?", "Acme"),
        ("who runs acme", ""),
        ("When did Acme name a CEO?", ""),
        ("When was Acme's CEO born?", ""),
        ("Who bought Acme's mill?", ""),
        ("Who is the CEO?", ""),
        ("Where is Acme Brands based?", "Acme Brands"),
        ("In which city is the drug maker Acme headquartered?", "Acme"),
        ("Where's Acme's head office?", "Acme"),
        ("Acme HQ city", "Acme"),
        ("Where does Acme sell?", ""),
        ("What would Advanced head and neck cancers be treated with?", ""),
        ("Who is Head of Media at Acme?", "Acme"),
        ("Who is the Chairman of the Board of Acme Robotics?", "Acme Robotics"),
        ("Who is Chairman of the Board of Directors of Acme Robotics?", "Acme Robotics"),
        ("Who is the chairman of the board at the robot maker Acme Robotics?", "Acme Robotics"),
        ("Who heads the Board of Acme Robotics?", "Acme Robotics"),
        ("Who was the CEO of Acme Robotics until June 2025?", "Acme Robotics"),
        ("Who was the CEO of Acme Robotics on May 6, 2025?", "Acme Robotics"),
        ("Who was the CEO of Acme Robotics during 2024?", "Acme Robotics"),
        ("Who was the CEO of Acme Robotics for Q2 2025?", "Acme Robotics"),
        ("Who was the CEO of Acme Robotics at January 1, 2025?", "Acme Robotics"),
        ("Who was the CEO of Acme Robotics from May to June?", "Acme Robotics"),
        ("Who was Acme Robotics CEO June 2025?", "Acme Robotics"),
        ("Who ran Acme Robotics June 2025?", "Acme Robotics"),
        ("Who became CEO of Acme Robotics following John Smith?", "Acme Robotics"),
        ("Who became CEO of Acme Robotics succeeding John Smith?", "Acme Robotics"),
        ("Who was the CFO of Acme Robotics under John Smith?", "Acme Robotics"),
        ("Who succeeded John Smith as CEO of Acme Robotics?", "Acme Robotics"),
        ("On May 6, 2025, who was the CEO of Acme Robotics?", "Acme Robotics"),
        ("Who is the CEO of May Department Stores?", "May Department Stores"),
        ("Who is the CEO of 1847 Goedeker?", "1847 Goedeker"),
        ("Who is the CEO of Bank of Oslo and Trust?", "Bank of Oslo and Trust"),
        ("", ""),
    ],
)
def test_whose_office_is_asked_about(question: str, expected: str) -> None:
    """By capitals alone: what is written small is not told from other words."""
    assert organisation(question) == expected


def test_a_sentence_is_of_whom_it_names_or_of_the_issuer() -> None:
    release = Release.of("News.", headline="", source="", issuer="Acme Holdings, Inc.", tickers=("NYSE:ACM",))
    assert all(is_of(name, "“So it is,” said its CEO.", release) for name in ("Acme", "Acme Inc", "ACM", "ACME Group"))
    assert not is_of("Bolt", "“So it is,” said its CEO.", release)
    assert not is_of("Acme Labs", "“So it is,” said its CEO.", release)  # a part of it, or another
    assert is_of("Bolt", "Ann Berg is CEO of Bolt.", release)
    assert is_of("Acme", "Acme's CEO did.", Release.of("News.", headline="", source=""))


def test_another_organisations_office_holder_is_doubted() -> None:
    """By a factor of the odds; every other answer stays as sure as it was."""
    text = "Ann Berg, CEO of Acme, said so."
    release = Release.of(text, headline="", source="", issuer="Acme", blocks=(Block("paragraph", 0, len(text)),))
    whole = Span(release.id, 0, len(text))
    span = ScoredSpan(Span(release.id, 0, 8), whole, 0.75, Passage(Chunk(release, whole, ""), 1.0))
    assert _of_whom("Acme", span) == span
    assert _of_whom("", span) == span
    score = _of_whom("Bolt", span).score
    assert score / (1 - score) == pytest.approx(3 * STRANGERS)
    text = f"{text} Bolt is its partner."
    release = Release.of(text, headline="", source="", issuer="Acme")
    sentence = Span(release.id, 0, len(text) - len(" Bolt is its partner."))
    passage = Passage(Chunk(release, Span(release.id, 0, len(text)), ""), 1.0)
    score = _of_whom("Bolt", ScoredSpan(Span(release.id, 0, 8), sentence, 0.75, passage)).score
    assert score / (1 - score) == pytest.approx(3 * ANOTHERS)
    assert _of_whom("Bolt", span._replace(score=1.0)).score == 1.0
    assert _of_whom("Bolt", span._replace(score=0.0)).score == 0.0


def test_the_reader_doubts_it() -> None:
    """As much as the rule says, and nothing where the issuer's own is asked for."""
    text = "Ann Berg, Chief Executive Officer of Acme, said so."
    release = Release.of(text, headline="", source="", issuer="Acme", blocks=(Block("paragraph", 0, len(text)),))
    passage = Passage(Chunk(release, Span(release.id, 0, len(text)), ""), 1.0)
    reader = SpanReader()
    for question, left in (("Who is the CEO of Acme?", 1.0), ("Who is the CEO of Bolt?", STRANGERS)):
        sure = reader.probability(passage, reader.find(question, [passage])[0])
        [span] = reader(question, [passage])
        assert span.score / (1 - span.score) == pytest.approx(left * sure / (1 - sure))
