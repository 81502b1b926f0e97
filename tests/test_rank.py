from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunk import Chunk
from index.release import Release, Span, canonical
from qa.rank import STOP_WORDS, Signals, _stemmer, content_words, names_used, signals, weighed


def chunk(text: str, issuer: str | None = None, tickers: tuple[str, ...] = (), heading: str = "") -> Chunk:
    release = Release.of(text, headline="News", source="news.txt", issuer=issuer, tickers=tickers)
    return Chunk(release, Span(release.id, 0, len(release.text)), heading)


# -- words of a query --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("What payload does CLR 131 use?", ["payload", "CLR", "131", "use"]),
        ("What is Acme's U.S. revenue?", ["Acme", "U.S", "revenue"]),
        ("Acme acme ACME", ["Acme"]),
        ("Who owns AT&T and L'Oréal?", ["owns", "AT&T", "L'Oréal"]),
        ("iodine-131 at $3.2 or 1,250", ["iodine-131", "3.2", "1", "250"]),
        ("the of and", []),
        ("", []),
        ("?!", []),
        ("What's the revenue, and who’s CEO?", ["revenue", "CEO"]),
        ("Didn't it rise? Isn’t it up? Can't it?", ["rise"]),
        ("Which CA sites?", ["CA", "sites"]),
    ],
)
def test_content_words(query: str, expected: list[str]) -> None:
    """The words that tell what it is about, each once as first written, in order."""
    assert content_words(query) == expected


@given(st.text(max_size=80))
def test_content_words_are_words_of_the_query(query: str) -> None:
    """None is invented, none is a stop word, none comes twice."""
    found = content_words(query)
    assert all(word in query for word in found)
    assert not {word.casefold() for word in found} & STOP_WORDS
    assert len({word.casefold() for word in found}) == len(found)
    assert all(re.search(r"\w", word) for word in found)


# -- signals -----------------------------------------------------------------------------------------------------------


def of(query: str, *chunks: Chunk) -> list[Signals]:
    return signals(query, chunks, [0.0] * len(chunks), [0.0] * len(chunks))


def test_words_count_in_any_form_and_wherever_they_stand() -> None:
    """Text, headings and the issuer's name; a word in another form is the same word."""
    found = of(
        "When was the payload delivered by Acme?",
        chunk("The payload was delivered."),
        chunk("Payloads are delivering.", issuer="Acme Corp."),
        chunk("Nothing.", heading="Delivery of a payload"),
        chunk("Nothing."),
    )
    assert found[1].terms == 1.0
    assert 1.0 > found[0].terms > 0.0 == found[3].terms
    assert found[2].terms > 0


def test_a_word_that_few_have_counts_more() -> None:
    """Four passages say mill, one says peat."""
    peat, mill, *_ = of("peat mill", chunk("peat"), *[chunk(f"A mill {n}.") for n in range(4)])
    assert peat.terms > mill.terms > 0


def test_neighbours_of_the_query_are_neighbours_in_the_text() -> None:
    """Function words of the question stand between nothing."""
    both, apart, none = of(
        "price of the paper mill", chunk("prices: paper mills"), chunk("paper price mill"), chunk("paper")
    )
    assert (both.pairs, apart.pairs, none.pairs) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("query", "issuer", "expected"),
    [
        ("Who runs Tonix?", "The Tonix Pharmaceuticals Holding Corp.", True),
        ("who runs tonix pharmaceuticals", "Tonix Pharmaceuticals Holding Corp.", True),
        ("tonix's revenue", "Tonix Pharmaceuticals Holding Corp.", True),
        ("Who sells tonixes?", "Tonix Pharmaceuticals Holding Corp.", False),
        ("How did TNXP do?", "Tonix Pharmaceuticals Holding Corp.", True),
        ("how did tnxp do", "Tonix Pharmaceuticals Holding Corp.", False),
        ("What is the holding of the corp?", "Tonix Pharmaceuticals Holding Corp.", False),
        ("What was Tonix's revenue?", "S&P Global", False),
        ("What did S&P Global say?", "S&P Global", True),
        ("What was Acme's revenue in the first quarter?", "First Solar, Inc.", False),
        ("What was revenue of First Solar?", "First Solar, Inc.", True),
        ("How many U.S. sites has Acme?", "U.S. Bancorp", False),
        ("Who runs A. O. Smith?", "A. O. Smith Corporation", True),
        ("What is new?", "The New York Times Company", False),
        ("Who owns the New York Times?", "The New York Times Company", True),
        ("Who runs 3M?", "3M Company", True),
        ("", "Tonix Pharmaceuticals Holding Corp.", False),
    ],
)
def test_a_query_names_an_issuer_by_name_or_ticker(query: str, issuer: str, expected: bool) -> None:
    """The first words of the name that are not what companies are called anyway; a ticker in capitals."""
    tickers = ("NASDAQ:TNXP",) if "Tonix" in issuer else ()
    assert bool(names_used(query, chunk("News.", issuer=issuer, tickers=tickers).release)) is expected


def test_of_whom_a_query_names_a_release_speaks_or_not() -> None:
    """Its issuer's own, one that mentions name or ticker in any case, and one that does neither."""
    acme = chunk("News.", issuer="Acme Corp.", tickers=("NYSE:ACME",))
    partner, stranger = chunk("It sells to ACME CORP.", issuer="Bolt"), chunk("Peat is sold.", issuer="Dell")
    found = of("Who runs Acme?", acme, partner, stranger)
    assert [each.mentions for each in found] == [1, 1, 0]
    found = of("Who runs ACME?", acme, chunk("So does (NYSE: ACME).", issuer="Bolt"), stranger)
    assert [each.mentions for each in found] == [1, 1, 0]
    assert [each.mentions for each in of("Who runs Cog?", acme, stranger)] == [1, 1]
    bolt, other = chunk("News.", issuer="Bolt Ltd."), chunk("Acmeists bolted.", issuer="Dell")
    assert [each.mentions for each in of("Does Acme sell to Bolt?", acme, bolt, partner, other)] == [1, 1, 1, 0]


def test_a_release_without_issuer_is_named_by_no_query() -> None:
    """None is not a name, nor a word that it holds."""
    assert not names_used("None of the above", chunk("News.").release)
    [only] = of("none", chunk("Peat."))
    assert only.terms == 0.0


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=60).filter(str.strip), max_size=5))
def test_signals_are_shares_of_anything(query: str, texts: list[str]) -> None:
    """From 0 to 1, and weighed they share 1 between them."""
    chunks = [chunk(text) for text in map(canonical, texts) if text]
    found = signals(query, chunks, [n / 7 for n in range(len(chunks))], [float(n) for n in range(len(chunks))])
    assert all(0 <= part <= 1 + 1e-9 for each in found for part in each)
    shares = weighed(found)
    assert sum(shares) == pytest.approx(1.0) if chunks else shares == []


def test_threads_do_not_share_a_stemmer() -> None:
    """Its library says that one must not be used by two at once."""
    with ThreadPoolExecutor(1) as other:
        assert other.submit(_stemmer).result() is not _stemmer()
    assert _stemmer() is _stemmer()


def test_a_release_of_the_day_asked_for_fits_best() -> None:
    """Then one that came soon after; "last month" is counted from today; a day that is not known fits nothing."""
    days = (date(2024, 5, 3), date(2024, 6, 20), date(2023, 5, 3), None)
    chunks = [replace(chunk("A."), release=replace(chunk("A.").release, published=day)) for day in days]
    assert [each.date for each in of("What did it say in May 2024?", *chunks)] == [1.0, 0.5, 0.0, 0.0]
    assert [each.date for each in of("What did it say?", *chunks)] == [0.0] * 4
    found = signals("And last month?", chunks, [0.0] * 4, [0.0] * 4, today=date(2024, 7, 1))
    assert [each.date for each in found] == [0.0, 1.0, 0.0, 0.0]
