from __future__ import annotations

import random
from datetime import date

import pytest

from index import feed
from index.feed import Entry, FeedError

URL = "https://acme.test/news/feed.xml"

# The shapes of real feeds, written for these tests: a wire's RSS, a company's Atom, an agency's RDF.
WIRE = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>Wire: News of Acme</title><link>https://wire.test</link>
  <atom:link rel="self" href="https://wire.test/rss/acme" type="application/rss+xml"/>
  <item>
    <title><![CDATA[Acme Opens an <b>Anvil</b> Works &amp; a School]]></title>
    <link>https://wire.test/releases/acme-1.html?utm_source=rss#top</link>
    <guid isPermaLink="false">wire-1</guid>
    <pubDate>Fri, 03 May 2024 08:30:00 -0400</pubDate>
    <dc:contributor>Acme Corp.</dc:contributor>
    <description>OSLO, May 3 ...</description>
  </item>
  <item>
    <title>Acme Reports</title><guid isPermaLink="true">https://wire.test/releases/acme-2.html</guid>
  </item>
</channel></rss>"""
COMPANY = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.acme.test/ir/">
  <title type="html">Acme &amp;amp; Sons</title><id>urn:acme</id><updated>2024-05-03T10:00:00Z</updated>
  <entry>
    <id>urn:acme:7</id><title>Acme Opens</title><updated>2024-05-04T09:00:00Z</updated>
    <published>2024-05-03T09:00:00Z</published>
    <link rel="edit" href="edit/7"/><link rel="alternate" type="text/html" href="releases/7"/>
  </entry>
</feed>"""
AGENCY = """\
<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://agency.test"><title>Agency</title></channel>
  <item rdf:about="https://agency.test/pr/9"><title>Rule</title><link>https://agency.test/pr/9</link><dc:date>2024-05-03</dc:date></item>
</rdf:RDF>"""


def parse(text: str, url: str = URL, kind: str = "application/xml") -> feed.Feed:
    return feed.parse(text.encode(), url, kind)


def items(*inner: str) -> str:
    joined = "".join(f"<item>{each}</item>" for each in inner)
    return f"<rss version='2.0'><channel><title>T</title>{joined}</channel></rss>"


def test_rss_of_a_wire() -> None:
    """Titles as plain words, links without fragment, a permanent id as link where there is none."""
    found = parse(WIRE)
    second = "https://wire.test/releases/acme-2.html"
    assert found.title == "Wire: News of Acme"
    assert found.entries == [
        Entry(
            "wire-1",
            "https://wire.test/releases/acme-1.html?utm_source=rss",
            "Acme Opens an Anvil Works & a School",
            date(2024, 5, 3),
            "Fri, 03 May 2024 08:30:00 -0400",
        ),
        Entry(second, second, "Acme Reports", None, ""),
    ]


def test_atom_of_a_company() -> None:
    """Links stand against xml:base; the version is the day of the last change."""
    found = parse(COMPANY)
    url = "https://cdn.acme.test/ir/releases/7"
    assert found.title == "Acme & Sons"
    assert found.entries == [Entry("urn:acme:7", url, "Acme Opens", date(2024, 5, 3), "2024-05-04T09:00:00Z")]


def test_rdf_of_an_agency() -> None:
    """RSS 1.0 is still about."""
    assert parse(AGENCY).entries[0][1:4] == ("https://agency.test/pr/9", "Rule", date(2024, 5, 3))


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/n/1", "https://acme.test/n/1"),
        ("n/1?a=b", "https://acme.test/news/n/1?a=b"),
        ("//other.test/n", "https://other.test/n"),
        ("\n  https://acme.test/n \n", "https://acme.test/n"),
        ("https://acme.test/ä b", "https://acme.test/ä b"),
    ],
)
def test_relative_links(link: str, url: str) -> None:
    """Stand against the feed's own address."""
    assert parse(items(f"<title>x</title><link>{link}</link>")).entries[0].url == url


@pytest.mark.parametrize(
    "inner",
    ["", "<link></link>", "<link>javascript:alert(1)</link>", "<link>mailto:a@b.c</link>", "<link>http://[</link>",
     "<link>file:///etc/passwd</link>"],
)  # fmt: skip
def test_entries_without_a_link(inner: str) -> None:
    """Are named, and the others are read."""
    found = parse(items(f"<title>Acme</title>{inner}", "<title>Bolt</title><link>/b</link>"))
    assert [entry.title for entry in found.entries] == ["Bolt"]
    assert found.unusable == ["Acme"]


def test_an_entry_that_is_a_file() -> None:
    """Its enclosure is the release."""
    found = parse(items("<title>Acme</title><enclosure url='/r.pdf' type='application/pdf' length='9'/>"))
    assert found.entries[0].url == "https://acme.test/r.pdf"


def test_an_id_that_all_entries_share_is_no_id() -> None:
    """Their links tell them apart."""
    found = parse(items(*(f"<title>{n}</title><guid isPermaLink='false'>acme</guid><link>/{n}</link>" for n in (1, 2))))
    assert [entry.key for entry in found.entries] == ["https://acme.test/1", "https://acme.test/2"]


@pytest.mark.parametrize("day", ["", "soon", "32 Foo 2024", "0000-00-00", "99999999999", "٣"])
def test_dates_that_are_none(day: str) -> None:
    """Are unknown; the entry stays."""
    found = parse(items(f"<title>x</title><link>/n</link><pubDate>{day}</pubDate>"))
    assert [(entry.url, entry.published) for entry in found.entries] == [("https://acme.test/n", None)]


def test_a_feed_that_breaks_off() -> None:
    """Gives what came before."""
    assert len(parse(WIRE[: WIRE.index("Acme Reports")]).entries) >= 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings(encoding: str) -> None:
    """As the XML declares them, whatever the server says."""
    text = f"<?xml version='1.0' encoding='{encoding}'?>" + items("<title>Öl £5</title><link>/n</link>")
    assert feed.parse(text.encode(encoding), URL, "text/plain").entries[0].title == "Öl £5"


def test_an_empty_feed_is_a_feed() -> None:
    """It may have entries tomorrow."""
    assert parse("<rss version='2.0'><channel><title>T</title></channel></rss>") == feed.Feed("T", [], [])


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (b"", "", r"no RSS or Atom feed \(something else\)"),
        (b"\0\1\2\xff", "image/png", r"no RSS or Atom feed \(image/png\); open it in a browser"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "application/json", r"\(application/json\)"),
        (b"<html><body>Not found</body></html>", "text/html", "a web page, no RSS or Atom feed, and it names none"),
        (b"/etc/passwd", "text/plain", r"no RSS or Atom feed \(text/plain\)"),
        (b"http://127.0.0.1/feed", "text/plain", r"no RSS or Atom feed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "no RSS or Atom feed"),
    ],
)
def test_what_is_no_feed(data: bytes, kind: str, said: str) -> None:
    """Is said to be what it is; nothing is opened or fetched because of it."""
    with pytest.raises(FeedError, match=said):
        feed.parse(data, URL, kind)


def test_a_page_that_names_its_feed() -> None:
    """Tells which address to follow instead."""
    page = "<!doctype html><link rel=alternate type=application/rss+xml href=/rss><link rel=stylesheet href=x.css>"
    with pytest.raises(FeedError) as caught:
        parse(page, kind="text/html")
    assert caught.value.reason == "a web page, no feed; it names this feed: https://acme.test/rss"


def test_entities_that_grow_or_read_files() -> None:
    """Neither fill the memory nor show a file."""
    levels = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    doctype = f"<!DOCTYPE r [<!ENTITY l0 'lol'>{levels}<!ENTITY f SYSTEM 'file:///etc/passwd'>]>"
    for entity in ("&l9;", "&f;"):
        try:
            text = str(parse(doctype + items(f"<title>x{entity}</title><link>/n</link>")))
        except FeedError:
            continue
        assert len(text) < 10_000
        assert "root:" not in text


DAMAGE = (
    *(b"&#xD800;", b"&bad;", b"<item>", b"</item>", b"<link>", b"<enclosure/>", b"<guid>http://[</guid>", b"\x1b[31m"),
    *(b"<![CDATA[", b"]]>", b"<!DOCTYPE", b"<?xml encoding='utf-7'?>", b"\xff\xfe", b"<updated>9999-99-99</updated>"),
)


def test_damaged_feeds() -> None:
    """Are read or refused in words, whatever the damage; what comes out of them can be stored and shown."""
    draw = random.Random(0)
    for _ in range(200):
        data = bytearray(draw.choice([WIRE, COMPANY, AGENCY]).encode())
        for _ in range(draw.randint(1, 8)):
            at = draw.randrange(len(data))
            length = draw.choice([0, 1, 40])
            data[at : at + length] = draw.choice([*DAMAGE, bytes([draw.randrange(256)])])
        try:
            found = feed.parse(
                bytes(data), URL, draw.choice(["", "text/html; charset=bogus", "text/xml; charset=utf-16"])
            )
        except FeedError as error:
            told = str(error)
        else:
            told = found.title + "".join(entry.key + entry.url + entry.title + entry.version for entry in found.entries)
        told.encode()
        assert told.isprintable()
