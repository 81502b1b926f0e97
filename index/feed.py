"""Bytes of an RSS or Atom feed -> Feed: its entries, each with one address.

Error family:  FeedError(url, reason)
"""

from __future__ import annotations

import html
import io
import re
from collections import Counter
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from index.web import FetchError, printable

MAX_BYTES = 5_000_000  # a megabyte of nothing but opening tags takes over 20 times as long to read as one of entries
_MOST_UNUSABLE = 20
_FIRST_YEAR = 1990  # of releases on the web; what is earlier is a date misread
_TAGS = re.compile(r"<[^>]*>")


class FeedError(FetchError):
    """Bytes that are no feed. ``url`` and ``reason`` say which and what they are."""


class Entry(NamedTuple):
    """What a feed says of one release."""

    key: str  # what the feed calls it, always the same
    url: str  # http or https, without fragment
    title: str
    published: date | None  # in Greenwich
    version: str  # changes when the entry is changed; empty where the feed does not say


class Feed(NamedTuple):
    """A feed as it stands."""

    title: str
    entries: list[Entry]
    unusable: list[str]  # entries without an address that can be fetched, by title, each once


def parse(data: bytes, url: str, content_type: str = "") -> Feed:
    """Read a feed. One that breaks off gives the entries up to there.

    Args:
        url: where the feed is: relative links stand against it.

    Raises:
        FeedError: this is no feed. A web page that names its feeds is answered with their addresses.

    >>> rss = b"<rss version='2.0'><item><title>Anvils &amp;amp; irons</title><link>/n/1</link></item></rss>"
    >>> parse(rss, "https://acme.test/feed").entries[0][:3]
    ('https://acme.test/n/1', 'https://acme.test/n/1', 'Anvils & irons')
    """
    import feedparser

    if len(data) > MAX_BYTES:
        raise FeedError(url, f"{len(data) / 1e6:.1f} MB, but a feed has at most {MAX_BYTES / 1e6:g} MB")
    # A file object: feedparser takes bytes for the name of a file or an address to fetch.
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    try:
        found: Any = feedparser.parse(io.BytesIO(data), response_headers=headers)
    except Exception as error:  # it lets errors of its own through: references to half characters, unknown encodings
        raise FeedError(url, f"a feed too damaged to read ({type(error).__name__}: {error})") from error
    raw = found.get("entries") or []
    if not found.get("version") and not raw:
        raise FeedError(url, _what_it_is(data, url, content_type))
    ids = Counter(printable(str(entry.get("id") or "")) for entry in raw)
    feed = Feed(_plain(found.get("feed", {}).get("title")) or urlsplit(url).netloc, [], [])
    for entry in raw:
        link = _link(entry, url)
        title = _plain(entry.get("title"))
        if link is None:
            if title not in feed.unusable and len(feed.unusable) < _MOST_UNUSABLE:
                feed.unusable.append(title)
            continue
        own = printable(str(entry.get("id") or ""))
        version = printable(str(dict.get(entry, "updated") or dict.get(entry, "published") or ""))
        feed.entries.append(Entry(own if own and ids[own] == 1 else link, link, title, _day(entry), version))
    return feed


def _link(entry: Any, base: str) -> str | None:
    """Where an entry's release is: its link, or else a file that it encloses."""
    enclosed = [link.get("href") for link in entry.get("links", ()) if link.get("rel") == "enclosure"]
    for link in (entry.get("link"), *enclosed):
        try:
            absolute = urldefrag(urljoin(base, printable(link.strip()))).url if link else ""
        except ValueError:
            continue
        if re.match(r"https?://[^/?#]", absolute):
            return absolute
    return None


def _plain(title: Any) -> str:
    return printable(" ".join(html.unescape(_TAGS.sub("", str(title or ""))).split()))


def _day(entry: dict[str, Any]) -> date | None:
    # dict.get: feedparser's own takes one of the two for the other, with a warning.
    parsed = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if not parsed or not _FIRST_YEAR <= parsed[0] <= date.today().year + 1:
        return None
    try:
        return date(*parsed[:3])
    except ValueError:
        return None


def _what_it_is(data: bytes, url: str, content_type: str) -> str:
    """What came instead of a feed, and what to do."""
    kind = content_type.split(";", maxsplit=1)[0].strip() or "something else"
    feeds = _named_in(data, url)
    if feeds:
        return f"a web page, no feed; it names {'these feeds' if feeds[1:] else 'this feed'}: {', '.join(feeds)}"
    if re.search(rb"<html|<!doctype html", data[:2000], re.IGNORECASE):
        return "a web page, no RSS or Atom feed, and it names none; look for the word RSS on it, or add single pages"
    return f"no RSS or Atom feed ({kind}); open it in a browser to see what it is"


def _named_in(page: bytes, url: str) -> list[str]:
    """Feeds that a web page's head names."""
    from lxml import html as pages
    from lxml.etree import ParserError

    try:
        tree = pages.fromstring(page)
    except (ParserError, ValueError):
        return []
    found: Any = tree.xpath(
        "//link[contains(@rel, 'alternate')][contains(@type, 'rss') or contains(@type, 'atom')]/@href"
    )
    return [urljoin(url, str(link)) for link in found][:5]
