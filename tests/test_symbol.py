"""Whose symbol a question asks for, and which name of a passage it is."""

from __future__ import annotations

import pytest
from made import release

from index.chunk import Chunk
from index.release import Span
from index.store import Passage
from qa.scored import ScoredSpan
from qa.symbol import Symbol
from qa.told import STRANGERS, TOLD, _described, _told_by_form

MADE = release(
    (
        "paragraph",
        "OSLO, May 3, 2024 -- Acme Robotics, Inc. (“Acme”) (TSX: ACR) (OTCQB: ACRF) opened a mill with Old Mill.",
    ),
    ("paragraph", "It buys steel of Bolt Labs Corp. (NYSE American: BLT). The shares of Coyote trade as CYT."),
    issuer="Acme Robotics, Inc.",
    tickers=("TSX:ACR", "OTCQB:ACRF"),
)
WHOLE = Span(MADE.id, 0, len(MADE.text))
PASSAGE = Passage(Chunk(MADE, WHOLE, ""), 0.5)


def at(words: str) -> Span:
    start = MADE.text.index(words)
    return Span(MADE.id, start, start + len(words))


@pytest.mark.parametrize(
    ("question", "symbol", "is_sure"),
    [
        ("Which company trades under ACR?", "ACR", True),
        ("which company trades under the symbol acr", "ACR", True),
        ("Whose ticker is $BRK.A?", "BRK.A", True),
        ("Who is behind NASDAQ: ACR?", "ACR", True),
        ("Who is behind $ACR?", "ACR", True),
        ("What’s the name of the company that is listed as “ACR” on the NYSE American?", "ACR", True),
        ("ACR company name", "ACR", False),
        ("What company is ACR?", "ACR", False),
        ("Whose symbol is 103 on Frankfurt?", "103", True),
    ],
)
def test_a_question_for_the_company_of_a_symbol(question: str, symbol: str, is_sure: bool) -> None:
    assert Symbol.of(question) == (symbol, is_sure)


@pytest.mark.parametrize(
    "question",
    [
        "Which company did ACR buy?",
        "Which company trades with ACR and BLT?",
        "Who is the CEO?",
        "who's the CFO",
        "What is ACR?",
        "What is ACR's ticker in Toronto?",
        "What company is Acme?",
        "What company is acme?",
        "Which companies trade on the OTCQB?",
        "Which company trades under Robotics?",
        "Which company is listed?",
        "Which company uses AI?",
        "What does the company do with AI?",
        "Which company is the CRO?",
        "Which company trades in gold?",
        "Who trades gold?",
        "Which company currently trades at $5?",
        "What is the company stock trading at in 2024?",
        "Who is listed as CEO of Acme?",
        "Which companies are listed in London?",
        "",
    ],
)
def test_a_question_for_something_else(question: str) -> None:
    """Any word more makes another question of it, and a name is no symbol."""
    assert Symbol.of(question) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which company trades under ACR?", "Acme Robotics, Inc."),
        ("Which company trades under ACRF?", "Acme Robotics, Inc."),
        ("Whose ticker is BLT?", "Bolt Labs Corp."),
        ("Whose ticker is AC?", None),
        ("Whose ticker is NYSE?", None),
    ],
)
def test_it_is_the_one_named_before_its_listing(question: str, expected: str | None) -> None:
    asked = Symbol.of(question)
    span = asked.stated(MADE, WHOLE) if asked else None
    assert (MADE.quote(span) if span else None) == expected


def test_the_place_is_that_of_the_passage() -> None:
    later = Span(MADE.id, MADE.text.index("It buys"), len(MADE.text))
    span = Symbol("BLT", True).stated(MADE, later)
    assert span == at("Bolt Labs Corp.")
    assert Symbol("ACR", True).stated(MADE, later) is None


def test_the_name_does_not_begin_before_the_sentence() -> None:
    made = release(("paragraph", "It chose Bolt as CRO. Crown Mills (NYSE: CRO) rose."))
    span = Symbol("CRO", True).stated(made, Span(made.id, 0, len(made.text)))
    assert span
    assert made.quote(span) == "Crown Mills"


def test_a_listing_without_a_name_tells_nobody() -> None:
    made = release(("paragraph", "(NYSE: ACR)"))
    assert Symbol("ACR", True).stated(made, Span(made.id, 0, len(made.text))) is None


def test_what_the_reader_takes_instead_is_doubted_unless_its_sentence_has_the_symbol() -> None:
    """Neither the symbol itself nor an exchange is a company; an abbreviation that is no symbol is the reader's."""
    last = at("The shares of Coyote trade as CYT.")

    def kept(symbol: Symbol, words: str, sentence: Span) -> bool:
        return symbol.meant(MADE, WHOLE, at(words), sentence) is not None

    assert kept(Symbol("CYT", True), "Coyote", last)
    assert not kept(Symbol("CYT", True), "CYT", last)
    assert not kept(Symbol("ACR", True), "TSX", at(MADE.text.split("\n")[0]))
    assert not kept(Symbol("YT", True), "Coyote", last)
    assert kept(Symbol("YT", False), "Coyote", last)


def test_the_name_is_told_in_place_of_the_readers_words() -> None:
    question = "What company is ACR?"
    guess = ScoredSpan(at("Old Mill"), at(MADE.text.split("\n")[0]), 0.6, PASSAGE)
    told = _described(question, [PASSAGE], _told_by_form(question, [PASSAGE], [guess]))
    assert [(MADE.quote(each.span), each.score) for each in told] == [("Acme Robotics, Inc.", TOLD)]


def test_a_symbol_that_no_release_has_is_nobodys() -> None:
    guess = ScoredSpan(at("Old Mill"), at(MADE.text.split("\n")[0]), 0.6, PASSAGE)
    (doubted,) = _told_by_form("Which company trades under ZZZ?", [PASSAGE], [guess])
    assert doubted.score < 2 * STRANGERS
