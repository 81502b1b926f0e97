"""Canonical text, spans, releases."""

from __future__ import annotations

import hashlib
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.release import Release, Span, canonical, same_issuer

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(any_text)
def test_canonical_text_is_made_once(text: str) -> None:
    """Doing it again changes nothing; what is promised of the form holds."""
    once = canonical(text)
    assert canonical(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    assert "\0" not in once
    assert all(line == line.rstrip() for line in once.split("\n"))


def test_line_ends_and_controls() -> None:
    """All line ends are one, controls are gone, tabs and inner blanks stay."""
    assert canonical("\ufeffa\r\nb\rc\u2028d\x00\x07 \te  \n\n") == "a\nb\nc\nd \te"


@given(st.text("ab \t\u00a0\n"))
def test_blanks_go_where_a_line_ends(text: str) -> None:
    """Nowhere else; as line by line."""
    assert canonical(text) == "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def test_long_runs_of_blanks_take_no_longer_than_other_text() -> None:
    """A million, inside of a line and at its end; in the square of that it would be an hour."""
    blanks = " " * 1_000_000
    started = time.perf_counter()
    assert canonical(f"a{blanks}b{blanks}") == f"a{blanks}b"
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2)])
def test_a_span_is_never_empty(start: int, end: int) -> None:
    """An empty or reversed range is a program's mistake."""
    with pytest.raises(ValueError, match="a span needs"):
        Span("r", start, end)


@given(any_text.map(canonical).filter(bool), st.data())
def test_a_quote_is_a_slice(text: str, data: st.DataObject) -> None:
    """Code points are counted, whatever they are."""
    release = Release.of(text, headline="h", source="s")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert release.quote(Span(release.id, start, end)) == text[start:end]


def test_a_span_of_another_release_is_refused() -> None:
    """So is one that reaches past the end."""
    release = Release.of("abc", headline="h", source="s")
    for span in (Span("other", 0, 1), Span(release.id, 0, 4)):
        with pytest.raises(ValueError, match="is not inside release"):
            release.quote(span)


def test_identity_comes_from_words_not_files() -> None:
    """Same words under two names are one release; another date or text is another."""
    first = Release.of("abc", headline="h", source="a.txt")
    assert first.id == Release.of("abc", headline="h", source="b.txt").id
    assert first.id != Release.of("abc", headline="h", source="a.txt", published=date(2024, 1, 1)).id
    assert first.id != Release.of("abd", headline="h", source="a.txt").id
    assert first.sha256 == hashlib.sha256(b"abc").hexdigest()


def test_text_must_be_canonical() -> None:
    """Positions in other text would not last."""
    with pytest.raises(ValueError, match="must be canonical"):
        Release.of("a \n", headline="h", source="s")


def test_a_later_release_of_the_issuer_succeeds() -> None:
    """What is not known decides nothing."""

    def of(issuer: str | None, day: int | None, *tickers: str) -> Release:
        published = date(2025, 5, day) if day else None
        return Release.of("Text.", headline="News", source="", issuer=issuer, published=published, tickers=tickers)

    assert of("Acme", 2).succeeds(of("Acme", 1))
    assert of("Acme, Inc.", 2).succeeds(of("ACME", 1))
    assert of("GeoVax Labs", 2, "NASDAQ:GOVX").succeeds(of("GeoVax", 1, "NASDAQ:GOVX"))
    assert not of("Acme Labs", 2).succeeds(of("Acme", 1))
    assert of(None, 2, "NYSE:ACM").succeeds(of("Acme", 1, "NYSE:ACM"))
    assert not of("Acme", 1).succeeds(of("Acme", 1))
    assert not of("Acme", 1).succeeds(of("Acme", 2))
    assert not of("Acme", 2).succeeds(of("Bolt", 1))
    assert not of(None, 2).succeeds(of(None, 1))
    assert not of("Acme", None).succeeds(of("Acme", 1))
    assert not of("Acme", 2).succeeds(of("Acme", None))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Macy's", "Macy’s, Inc."),
        ("The Boeing Company", "Boeing Company"),
        ("The Boeing Company", "Boeing"),
        ("Acme Co., Ltd.", "Acme Co."),
        ("Acme L.P.", "Acme LP"),
        ("Acme L.L.C.", "Acme"),
        ("Nokia Oyj", "Nokia"),
        ("Equinor ASA", "Equinor"),
        ("Eni S.p.A.", "Eni"),
        ("Novo Nordisk A/S", "NOVO NORDISK"),
        ("Ericsson AB (publ)", "Ericsson"),
        ("Acme\u00a0Robotics  Inc.", "Acme Robotics, Inc"),
        ("U.S. Steel Corp.", "US Steel"),
        ("SuperCom Ltd.,", "SuperCom"),
    ],
)
def test_one_issuer_however_its_name_is_written(one: str, other: str) -> None:
    """Legal form, article, kinds of apostrophe and blank apart."""
    releases = [Release.of("Text.", headline="News", source="", issuer=issuer) for issuer in (one, other)]
    assert same_issuer(*releases)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Robotics", "Acme"),
        ("Merck & Co., Inc.", "Merck KGaA"),
        ("SE", "AG"),
        ("The Company", "The Limited"),
        ("Acme 1.5 Inc.", "Acme 15 Inc."),
    ],
)
def test_two_issuers_whose_names_are_alike(one: str, other: str) -> None:
    """Of a name that is a legal form something is left."""
    releases = [Release.of("Text.", headline="News", source="", issuer=issuer) for issuer in (one, other)]
    assert not same_issuer(*releases)
