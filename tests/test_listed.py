"""Which listing a question asks for, and which of a passage's is it."""

from __future__ import annotations

import pytest
from made import release

from index.chunk import Chunk
from index.release import Release, Span
from index.store import Passage
from qa.listed import Listing
from qa.scored import ScoredSpan
from qa.told import TOLD, _told_by_form

MADE = release(
    (
        "paragraph",
        "OSLO, May 3, 2024 -- Acme Robotics, Inc. (“Acme”) (TSX: ACR) (OTCQB: ACRF) (FSE: 1A2) opened a mill.",
    ),
    ("paragraph", "Bolt Labs Corp. (NYSE American: BLT) sells there, as do Old Mill Ltd. (NASDAQ: OLD, OLDW)."),
    issuer="Acme Robotics, Inc.",
    tickers=("TSX:ACR", "OTCQB:ACRF", "FSE:1A2"),
)
WHOLE = Span(MADE.id, 0, len(MADE.text))


def told(question: str) -> str | None:
    asked = Listing.of(question)
    span = asked.stated(MADE, WHOLE) if asked else None
    return MADE.quote(span) if span else None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is Bolt Labs' ticker?", "BLT"),
        ("bolt labs ticker", "BLT"),
        ("On which exchange is Bolt Labs listed?", "NYSE American"),
        ("Where do Bolt Labs shares trade?", "NYSE American"),
        ("What's the symbol of Acme Robotics?", "(TSX: ACR) (OTCQB: ACRF) (FSE: 1A2)"),
        ("acme robotics ticker symbol", "(TSX: ACR) (OTCQB: ACRF) (FSE: 1A2)"),
        ("What is Acme's ticker in Toronto?", "ACR"),
        ("Under which symbol does Acme trade on the OTC market?", "ACRF"),
        ("What is ACR's ticker in Frankfurt?", "1A2"),
        ("What is Acme's Canadian ticker?", "ACR"),
        ("What's the symbol of Acme Robotics in Canada?", "ACR"),
        ("On which Canadian exchange is Acme listed?", "TSX"),
        ("As of its latest release (May 2025), on which Canadian exchange does Acme trade?", "TSX"),
        ("What is Acme's U.S. ticker symbol?", "ACRF"),
        ("Under which symbol does Acme trade in the United States?", "ACRF"),
        ("Under which symbol does Acme trade in the US?", "ACRF"),
        ("Which German exchange lists Acme?", "FSE"),
        ("German ticker of Acme", "1A2"),
        ("What is Bolt Labs' American ticker?", "BLT"),
        ("What is Bolt Labs' Canadian ticker?", None),
        ("What does the symbol on Bolt Labs' logo represent?", None),
        ("What is a symbol of Bolt Labs' commitment?", None),
        ("Where is Bolt Labs' drug listed in Canada?", None),
        ("What is Acme's ticker on the LSE?", None),
        ("Under which symbols is Old Mill traded?", "OLD, OLDW"),
        ("What is the ticker of Acme Brands?", None),  # another company
        ("What is the ticker of Coyote?", None),
    ],
)
def test_the_listing_is_that_of_the_company_asked_about(question: str, expected: str | None) -> None:
    assert told(question) == expected


def test_of_several_listings_in_an_area_those_are_told_that_stand_side_by_side() -> None:
    """Else the first: what stands between two is not asked for."""
    listings = ("CSE:ACR", "OTC:ACRF", "CSE:ACR.WT")
    for text, expected in (
        ("Acme (CSE: ACR) (OTC: ACRF) (CSE: ACR.WT) opened a mill.", "ACR"),
        ("Acme (OTC: ACRF) (CSE: ACR) (CSE: ACR.WT) opened a mill.", "(CSE: ACR) (CSE: ACR.WT)"),
    ):
        made = release(("paragraph", text), issuer="Acme", tickers=listings)
        asked = Listing.of("What is Acme's Canadian ticker?")
        span = asked.stated(made, Span(made.id, 0, len(made.text))) if asked else None
        assert span
        assert made.quote(span) == expected


def test_exchanges_that_share_a_symbol_are_told_together() -> None:
    """Whichever of them is named."""
    made = release(
        ("paragraph", "Acme (NYSE and TSX: ACR) opened a mill."), issuer="Acme", tickers=("NYSE:ACR", "TSX:ACR")
    )
    for question, expected in (
        ("What is Acme's ticker in Toronto?", "ACR"),
        ("What is Acme's ticker on the NYSE?", "ACR"),
        ("Where is Acme listed?", "NYSE and TSX"),
    ):
        asked = Listing.of(question)
        span = asked and asked.stated(made, Span(made.id, 0, len(made.text)))
        assert span is not None
        assert made.quote(span) == expected


@pytest.mark.parametrize(
    "question",
    [
        "What will Acme's new ticker be?",
        "When did Acme change its ticker?",
        "Which company trades under the symbol ACR?",
        "Is Acme's ticker ACR?",
        "What name does the company behind Toronto ticker ACR go by?",
        "Which exchange does Acme plan to move its listing to?",
        "Where are Acme's tokens traded?",
        "What was Acme's old ticker?",
        "Which market does Acme serve?",
        "Which markets is Acme focused on?",
        "Where does Acme trade furs in winter?",
        "Who runs Acme?",
        "",
    ],
)
def test_other_questions_ask_for_no_listing(question: str) -> None:
    assert Listing.of(question) is None


def test_only_what_looks_like_a_listing_may_be_one() -> None:
    """And that of another company is not the one asked for."""
    symbol, exchange = "What is Acme Robotics' ticker?", "Where are Acme Robotics' shares listed?"

    def may(question: str, words: str) -> bool:
        asked = Listing.of(question)
        assert asked
        start = MADE.text.index(words)
        return asked.meant(MADE, WHOLE, Span(MADE.id, start, start + len(words)), WHOLE) is not None

    assert may(symbol, "ACR")
    assert not may(symbol, "a mill")
    assert not may(symbol, "BLT")
    assert may(exchange, "OTCQB: ACRF")
    assert not may(exchange, "OSLO")
    assert not may(exchange, "NYSE American")


def test_a_stated_listing_goes_before_what_a_reader_of_sentences_finds() -> None:
    """One span a passage, and nothing is changed where no listing is asked for."""
    blocks = [Span(MADE.id, block.start, block.end) for block in MADE.blocks]
    passages = [Passage(Chunk(MADE, span, ""), 0.5) for span in blocks]
    found = [
        ScoredSpan(Span(MADE.id, each.start, each.start + 4), each, 0.6, p)
        for each, p in zip(blocks, passages, strict=True)
    ]
    ours, other = _told_by_form("What is Acme Robotics' ticker?", passages, found)
    assert (MADE.quote(ours.span), ours.score) == ("(TSX: ACR) (OTCQB: ACRF) (FSE: 1A2)", TOLD)
    assert other.span == found[1].span
    assert other.score < 0.05  # "Bolt" is no symbol
    assert _told_by_form("Who runs Acme Robotics?", passages, found) == found


def test_of_several_symbols_none_is_sure_unless_the_newest_is_known() -> None:
    """A company that changed its symbol: releases without a day do not tell which came last."""
    made = [
        release(
            ("paragraph", f"Acme (NYSE: {symbol}) rose."), issuer="Acme", tickers=(f"NYSE:{symbol}",), published=None
        )
        for symbol in ("OLD", "NEW")
    ]
    passages = [Passage(Chunk(each, Span(each.id, 0, len(each.text)), ""), 0.5) for each in made]
    assert all(found.score < 0.8 for found in _told_by_form("What is Acme's ticker?", passages, []))
    assert [found.score for found in _told_by_form("What is Acme's ticker?", passages[:1], [])] == [TOLD]
    assert all(found.score == TOLD for found in _told_by_form("Where is Acme listed?", passages, []))


def test_a_release_without_listings_tells_none() -> None:
    bare = Release.of("Acme opened a mill.", headline="", source="", issuer="Acme")
    asked = Listing.of("What is Acme's ticker?")
    assert asked
    assert asked.stated(bare, Span(bare.id, 0, len(bare.text))) is None


def test_an_exchange_elsewhere_is_not_the_one_asked_for() -> None:
    """Where the reader takes one that no listing tells."""
    made = release(("paragraph", "Acme’s shares are listed on the Frankfurt Exchange."), issuer="Acme")
    whole, quote = Span(made.id, 0, len(made.text)), Span(made.id, made.text.index("Frankfurt"), len(made.text) - 1)
    for question, is_meant in (
        ("On which Canadian exchange is Acme listed?", False),
        ("On which German exchange is Acme listed?", True),
        ("On which exchange is Acme listed?", True),
    ):
        asked = Listing.of(question)
        assert asked
        assert bool(asked.meant(made, whole, quote, whole)) == is_meant
