"""Files -> releases: encodings, formats, blocks, front matter, trailers."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.read import ReadError, decode, find, parse, read, read_part, unpack
from index.release import Release

MARKDOWN = """# Acme *Opens* Second Plant

![logo](https://example.org/logo.png)

OSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) opened a [plant](https://example.org) in **Bergen** &amp; hired 40 people.

## Results

| In thousands | 2024 | 2023 |
|---|---|---|
| Revenue | $1,200 | $900 |
| | (12) | 3% |

* anvils
* hammers with
  long handles

---

[Original](https://example.org/release)

Pickup - [elsewhere](https://example.net)

![code](https://example.org/code.png)
"""


def texts(data: bytes, name: str) -> list[tuple[str, str]]:
    release = parse(data, name)
    return [(block.kind, release.text[block.start : block.end]) for block in release.blocks]


def test_markdown() -> None:
    """Marks, images and the archive's trailer are gone; tables have tabs; the trailer's link is kept."""
    release = parse(MARKDOWN.encode(), "a.md")
    assert release.headline == "Acme Opens Second Plant"
    assert release.published == date(2024, 5, 6)
    assert release.tickers == ("NYSE:ACM",)
    assert release.url == "https://example.org/release"
    assert texts(MARKDOWN.encode(), "a.md") == [
        ("heading", "Acme Opens Second Plant"),
        ("paragraph", "OSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) opened a plant in Bergen & hired 40 people."),
        ("heading", "Results"),
        ("table", "In thousands\t2024\t2023\nRevenue\t$1,200\t$900\n\t(12)\t3%"),
        ("list", "* anvils\n* hammers with\nlong handles"),
    ]


def test_a_closing_section_with_text_is_no_trailer() -> None:
    """Only links and images make one."""
    assert parse(b"# A\n\nOne.\n\n---\n\nSee [us](http://example.org) soon.", "a.md").text.endswith("See us soon.")


def test_front_matter_states_facts() -> None:
    """It is not text of the release; without it the words decide."""
    text = (
        "---\ntitle: Acme Opens\nissuer: Acme Corp.\ntickers: [NYSE:ACM]\ndate: 2024-05-06\n---\nAcme opened a shop.\n"
    )
    release = parse(text.encode(), "a.md")
    assert (release.headline, release.issuer, release.tickers) == ("Acme Opens", "Acme Corp.", ("NYSE:ACM",))
    assert release.published == date(2024, 5, 6)
    assert release.text == "Acme opened a shop."


def test_front_matter_that_is_none_is_text() -> None:
    """A rule at the top does not swallow what follows."""
    assert "not: [closed" in parse(b"---\nnot: [closed\n---\nText.", "a.md").text


def test_html() -> None:
    """Main text, headings, lists and tables; scripts and navigation are not text."""
    page = """<html><head><title>x</title><meta property="og:title" content="Acme Opens">
    <meta property="article:published_time" content="2024-05-06T10:00:00Z"></head><body><nav><a href="/">Home</a></nav>
    <article><h1>Acme Opens</h1><p>Acme Corp. (NYSE: ACM) opened a shop in Oslo today and hired forty people there.</p>
    <script>alert(1)</script><ul><li>anvils</li><li>hammers</li></ul>
    <table><tr><td></td><th>2024</th></tr><tr><td>Revenue</td><td>$1,200</td></tr></table></article></body></html>"""
    release = parse(page.encode(), "a.html")
    assert release.headline == "Acme Opens"
    assert release.published == date(2024, 5, 6)
    assert "alert" not in release.text
    assert "Acme Corp. (NYSE: ACM) opened a shop in Oslo today and hired forty people there." in release.text
    assert "\t2024\nRevenue\t$1,200" in release.text


def test_text_keeps_lines_and_finds_headings() -> None:
    """A short line over prose is a heading; a lone line that no prose follows stays citable text."""
    about = "Acme makes anvils for film and television, and has done so since 1912 in its old works in Oslo."
    text = f"Acme Opens\n\nOSLO, May 6, 2024 -- Acme\nopened.\n\nAbout Acme\n\n{about}\n\nJane Roe\n\n+47 1 23\n"
    assert texts(text.encode(), "a.txt")[2:] == [
        ("heading", "About Acme"),
        ("paragraph", about),
        ("paragraph", "Jane Roe"),
        ("paragraph", "+47 1 23"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings(encoding: str) -> None:
    """With and without a byte order mark."""
    text = "Müller & Łódź report € 5 million in revenue for the year."
    assert parse(text.encode(encoding), "a.txt").text == text


def test_windows_1252() -> None:
    """What is no UTF-8 is read as the encoding that old files have."""
    assert parse("“Café” cost €5 – he said.".encode("cp1252"), "a.txt").text == "“Café” cost €5 – he said."


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_decoding_utf8_gives_the_text_back(text: str) -> None:
    """Whatever it holds, but for the mark at its start."""
    if text.strip("\ufeff").encode().strip() and not text.encode().startswith((b"\xff\xfe", b"\xfe\xff")):
        assert decode(text.encode()) == text.removeprefix("\ufeff")


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.sampled_from([".txt", ".md", ".html"]))
def test_any_text_is_read_or_refused(text: str, ending: str) -> None:
    """Blocks are in order, inside the text, and cover all but white space; or the reason is said."""
    try:
        release = parse(text.encode(), "a" + ending)
    except ReadError as error:
        assert error.reason
        return
    end = 0
    for block in release.blocks:
        assert end <= block.start < block.end <= len(release.text)
        assert not release.text[end : block.start].strip()
        end = block.end
    assert not release.text[end:].strip()


PAGE = b"<html><body><h1>Acme opens</h1><p>Acme Corp. opened works for anvils in Oslo today, it said.</p></body></html>"


def fetched(data: bytes, source: str, content_type: str) -> Release:
    [part] = unpack(data, source, content_type=content_type)
    return read_part(part).release


@pytest.mark.parametrize(
    ("source", "content_type", "data", "text"),
    [
        ("https://acme.test/r.pdf?x", "text/html", PAGE, "Acme opens\n\nAcme Corp. opened"),
        ("https://acme.test/r.html", "application/octet-stream", PAGE, "Acme opens\n\nAcme Corp. opened"),
        ("https://acme.test/r", "", b"\n" + PAGE, "Acme opens\n\nAcme Corp. opened"),
        (
            "https://acme.test/r.md",
            "text/plain; charset=utf-8",
            b"# *Acme* opens\n\nIn Oslo.",
            "Acme opens\n\nIn Oslo.",
        ),
        ("https://acme.test/r", "text/plain", b"<b> is a tag", "<b> is a tag"),
        ("https://acme.test/r", "", b"Acme opens", "Acme opens"),
    ],
)
def test_what_a_server_says_tells_the_format(source: str, content_type: str, data: bytes, text: str) -> None:
    """An address need not end in anything."""
    assert fetched(data, source, content_type).text.startswith(text)


def test_a_kind_that_is_not_read() -> None:
    """Holds no text."""
    with pytest.raises(ReadError, match="no text in it"):
        fetched(b"{}", "https://acme.test/r", "application/json")


@pytest.mark.parametrize("charset", ["shift_jis", "iso-8859-2", "WINDOWS-1250", '"koi8-r"'])
def test_what_a_server_says_of_the_charset(charset: str) -> None:
    """Where the bytes are not Unicode."""
    text = {"s": "東京に工場", '"': "завод в Осло"}.get(charset[0], "Zakład w Łodzi")
    data = f"{text} Acme Corp.".encode(charset.strip('"'))
    assert fetched(data, "https://acme.test/", f"text/plain; charset={charset}").text == f"{text} Acme Corp."


@pytest.mark.parametrize("charset", ["ascii", "hex", "zip", "undefined", "x" * 200, "utf-16", "", "ISO-8859-1"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_charset_that_is_wrong(charset: str, encoding: str) -> None:
    """Is not believed."""
    data = "Öl für 5 €, sagt Acme.".encode(encoding)
    assert fetched(data, "https://acme.test/", f"text/plain; charset={charset}").text == "Öl für 5 €, sagt Acme."


def test_what_is_known_from_elsewhere_counts_where_the_release_is_silent() -> None:
    """Its own words come first."""
    known = {"filer": "BOLT SE", "filer_tickers": ("FSE:BLT",), "url": "https://acme.test/1"}
    own = parse(b"# Acme opens\n\nOSLO, May 3, 2024 -- Acme Corp. (NYSE: ACM) opened.", "a.md", known)
    assert (own.issuer, own.tickers, own.url) == ("Acme Corp.", ("NYSE:ACM",), "https://acme.test/1")
    silent = parse(b"Works were opened.", "a.txt", known)
    assert (silent.issuer, silent.tickers) == ("BOLT SE", ("FSE:BLT",))


def test_the_date_is_not_the_files(tmp_path: Path) -> None:
    """Neither its name nor its time stamp."""
    path = tmp_path / "wire__2024__0506__acme.md"
    path.write_text("# Acme Opens\n\nAcme opened a shop.")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert read(path).published is None


def test_folders_are_searched_once(tmp_path: Path) -> None:
    """By name, known endings only, hidden files left out, link loops left."""
    for name in ("b.md", "a.txt", "c.png", ".hidden.md", "sub/d.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    assert [path.name for path in find([tmp_path])] == ["a.txt", "b.md", "d.html"]
