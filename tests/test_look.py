from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from local_edgar import CIK, CONTACT, LocalEdgar
from local_site import Site

from index.fetch import Fetcher, Manners
from index.look import NoSource, begin, look, page_name, source_of
from index.sources import Source, Sources
from index.web import FetchError

HERE = ("127.0.0.1/32",)


@pytest.fixture
def sources(tmp_path: Path) -> Iterator[Sources]:
    with Sources(tmp_path / "index") as opened:
        yield opened


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(sleep=lambda seconds: None, manners_of=lambda url: Manners(pause=0))


def test_what_a_name_means(tmp_path: Path) -> None:
    """A feed, a company, a folder."""
    assert source_of("HTTPS://acme.test/f#x") == Source("https://acme.test/f", "feed")
    assert source_of("edgar: brk.b") == Source("edgar:BRK.B", "edgar")
    (tmp_path / "a").mkdir()
    assert source_of(f"{tmp_path}/a/../a/") == Source(f"{tmp_path}/a", "folder", "a")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("acme.test/feed", r"no such folder; write a feed's address with https://"),
        ("CLRB", r"no such folder; for a company's filings write edgar:CLRB"),
        ("edgar:", "no such folder"),
        ("ftp://acme.test/feed", "no such folder; write a feed's address with https://"),
        (__file__, "a file; citewire add reads it once, citewire follow watches its folder"),
    ],
)
def test_what_cannot_be_followed(name: str, said: str) -> None:
    """The message says what can."""
    with pytest.raises(NoSource, match=said):
        source_of(name)


def test_a_feed_is_looked_at_before_it_is_followed(site: Site, sources: Sources, fetcher: Fetcher) -> None:
    """What is none is not kept."""
    with pytest.raises(FetchError, match="no RSS or Atom feed"):
        begin(Source(site.put("/a", "<html>"), "feed", allowed=HERE), sources, fetcher, {})
    assert sources.all() == []


def test_entries_since_a_day(site: Site, sources: Sources, fetcher: Fetcher) -> None:
    """Those without a date may be from after it."""
    items = "".join(
        f"<item><title>{n}</title><link>/{n}</link>{day}</item>"
        for n, day in enumerate(("<pubDate>1 May 2024</pubDate>", "<pubDate>3 May 2024</pubDate>", ""))
    )
    url = site.put("/feed", f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
    source, is_new = begin(Source(url, "feed", since=date(2024, 5, 2), allowed=HERE), sources, fetcher, {})
    assert (source.title, is_new) == ("T", True)
    assert [item.title for item in sources.waiting(url)] == ["1", "2"]


def test_a_company_is_one_source_under_all_its_names(site: Site, sources: Sources, fetcher: Fetcher) -> None:
    """Its filings of a year are taken down, with what the SEC knows of it."""
    sec = LocalEdgar(site)
    sec.file(1, "2001-05-03", [("8-K", "a.htm", "")])
    sec.file(2, date.today().isoformat(), [("8-K", "a.htm", "")])
    sources.contact = CONTACT
    source, is_new = begin(Source("edgar:ACM", "edgar", allowed=HERE), sources, fetcher, sec.sites)
    assert (source.title, source.cik, is_new) == ("ACME CORP", CIK, True)
    (item,) = sources.waiting("edgar:ACM")
    assert (item.kind, item.title, item.published) == ("filing", "8-K", date.today())
    today = date.today().isoformat()
    assert item.stated == {"issuer": "ACME CORP", "tickers": ["NASDAQ:ACM", "ACMW"], "cik": CIK, "form": "8-K",
                           "filed": today, "period": today}  # fmt: skip
    same, is_new = begin(
        Source(f"edgar:{CIK}", "edgar", allowed=HERE, since=date(2001, 1, 1)), sources, fetcher, sec.sites
    )
    assert (same.address, is_new) == ("edgar:ACM", False)
    assert len(sources.waiting("edgar:ACM")) == 2


def test_what_has_not_been_modified(site: Site, sources: Sources, fetcher: Fetcher) -> None:
    """Is not read again."""
    feed = "<rss version='2.0'><channel><title>T</title></channel></rss>"
    begin(Source(site.put("/feed", feed, etag='"1"'), "feed", allowed=HERE), sources, fetcher, {})
    site.put("/feed", status=304)
    assert look(sources.all()[0], sources, fetcher, {}) is None
    assert site.seen[-1].headers["if-none-match"] == '"1"'


@pytest.mark.parametrize("url", ["http://[", "", "https://acme.test:x/", "no url", "https://acme.test/%zz?a=%"])
def test_page_names_of_addresses_that_are_none(url: str) -> None:
    """Are names all the same."""
    assert isinstance(page_name(url), str)
