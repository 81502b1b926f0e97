"""Source -> Look: what a feed or a company says now that there is, each release with its address.

Error family:  NoSource(ValueError)     a name that cannot be followed; the message says what can
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag

from index import feed as feeds
from index.edgar import Edgar, Exhibit
from index.fetch import UNKNOWN, Fetcher, Validators
from index.sources import Item, Source, Sources
from index.web import networks

YEAR = timedelta(days=365)  # of a company's filings that are fetched unless an earlier day is given
_NO_FEED = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")


class NoSource(ValueError):
    """What was named cannot be followed; the message says what can."""


class Look(NamedTuple):
    """What a source says."""

    title: str
    items: list[Item]
    validators: Validators


def source_of(name: str) -> Source:
    """What a name means: the address of a feed, ``edgar:`` and a ticker or CIK, or a folder.

    Raises:
        NoSource: none of these.

    >>> source_of("https://acme.test/rss#x").address, source_of("edgar:clrb").address
    ('https://acme.test/rss', 'edgar:CLRB')
    """
    if re.match("https?://", name, re.IGNORECASE):
        return Source(urldefrag(name).url, "feed")
    if company := re.fullmatch(r"edgar:\s*([\w.-]+)", name, re.IGNORECASE):
        return Source(f"edgar:{company[1].upper()}", "edgar")
    folder = Path(os.path.abspath(name))
    if folder.is_dir():
        return Source(str(folder), "folder", folder.name)
    if folder.exists():
        raise NoSource(f"{name}: a file; citewire add reads it once, citewire follow watches its folder")
    hint = "write a feed's address with https://" if "." in name else f"for a company's filings write edgar:{name}"
    raise NoSource(f"{name}: no such folder; {hint}")


def begin(source: Source, sources: Sources, fetcher: Fetcher, sites: Mapping[str, str]) -> tuple[Source, bool]:
    """Follow a source from now on, once it was seen to be one; as it is followed, and whether that is new.

    A company that is followed already under another name stays one source.

    Raises:
        FetchError: it cannot be asked, or is no feed.
    """
    if source.kind == "edgar":
        source = replace(source, cik=_edgar(source, sources, fetcher, sites).cik(source.address.partition(":")[2]))
        same = [known.address for known in sources.all() if known.cik == source.cik]
        source = replace(source, address=same[0] if same else source.address)
    if source.kind == "folder":
        return source, sources.follow(source)
    found = look(replace(source, validators=UNKNOWN), sources, fetcher, sites)
    assert found is not None  # no version was named that it could be unchanged from
    source = replace(source, title=found.title)
    is_new = sources.follow(source)
    sources.record(source, found.items, found.validators)
    return source, is_new


def look(source: Source, sources: Sources, fetcher: Fetcher, sites: Mapping[str, str]) -> Look | None:
    """Ask a feed or a company what there is; ``None`` if that has not changed.

    Args:
        sites: other addresses of EDGAR's, by `Edgar`'s names for them.

    Raises:
        FetchError: it cannot be asked, or what came is not what it should be.
    """
    if source.kind == "feed":
        return _look_at_feed(source, fetcher)
    return _look_at_company(source, _edgar(source, sources, fetcher, sites))


def _look_at_feed(source: Source, fetcher: Fetcher) -> Look | None:
    document = fetcher.get(
        source.address,
        validators=source.validators,
        refuse=refusing(_NO_FEED, "a feed"),
        allowed=networks(source.allowed),
    )
    if document is None:
        return None
    feed = feeds.parse(document.data, document.final_url, document.content_type)
    items = [
        Item(entry.key, entry.url, "release", page_name(entry.url), entry.title, entry.published, entry.version)
        for entry in feed.entries
        if not (source.since and entry.published and entry.published < source.since)
    ]
    items += [
        Item(
            f"no link: {title}", source.address, title=title, state="skipped", reason="its entry has no link to a page"
        )
        for title in feed.unusable
    ]
    return Look(feed.title, items, document.validators)


def _look_at_company(source: Source, edgar: Edgar) -> Look | None:
    found = edgar.filings(source.cik or 0, source.since or date.today() - YEAR, source.validators)
    if found is None:
        return None
    company, filings, validators = found
    known = {"issuer": company.name, "tickers": company.tickers, "cik": company.cik}
    items = []
    for filing in filings:
        days = {"filed": str(filing.filed), "period": str(filing.period or "")}
        stated = known | {"form": filing.form} | days
        items.append(
            Item(
                filing.accession,
                filing.url,
                "filing",
                title=filing.form,
                published=filing.filed,
                stated=stated,
            )
        )
    return Look(company.name, items, validators)


def exhibit_item(exhibit: Exhibit, filing: Item) -> Item:
    """What a filing's page lists, as an entry of its own."""
    return Item(
        f"{filing.key} {exhibit.url.rsplit('/', 1)[-1]}",
        exhibit.url,
        "release" if exhibit.kind else "submission",
        title=exhibit.title or exhibit.kind,
        published=filing.published,
        stated=filing.stated,
    )


def _edgar(source: Source, sources: Sources, fetcher: Fetcher, sites: Mapping[str, str]) -> Edgar:
    return Edgar(fetcher, sources.contact, allowed=networks(source.allowed), **sites)


def page_name(url: str) -> str:
    """The same for two addresses of one page that differ in how a reader came there.

    >>> page_name("https://Acme.test/n?utm_source=rss&id=1#top")
    'https://acme.test/n?id=1'
    """
    from courlan import normalize_url

    try:
        return str(urldefrag(normalize_url(url)).url)
    except (ValueError, TypeError):
        return url


def refusing(kinds: tuple[str, ...], what: str) -> Callable[[str], str | None]:
    """Refuse content types that begin like one of these, before the body is read."""

    def refuse(content_type: str) -> str | None:
        kind = content_type.partition(";")[0].strip().lower()
        return f"{kind}, and {what} is text; it was not read" if kind.startswith(kinds) else None

    return refuse
