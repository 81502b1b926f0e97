"""SEC EDGAR: a company's ticker or CIK -> its 8-K filings -> their exhibits 99, which are its press releases.

The SEC asks programs to name who runs them in the User-Agent and to make at most ten requests a second; then what is
asked here may be fetched: ``company_tickers.json``, ``submissions/CIK….json`` and the archive of filings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from index.fetch import UNKNOWN, Document, Fetcher, Manners, Validators
from index.web import FetchError, Network, TryLater, printable

FORMS = ("8-K", "8-K/A", "6-K", "6-K/A")  # current reports; 6-K is what companies from abroad file
SITE = "sec.gov"
PAUSE = 0.125  # eight requests a second, of the ten that are allowed
BLOCKED = 600.0  # seconds that the SEC turns away who asked too much
_EXHIBIT = re.compile(r"EX-99(\.\w+)?", re.IGNORECASE)
_VIEWER = re.compile(r"^/ix[^?]*\?doc=")  # of inline XBRL, put before a document's own address
_EMAIL = re.compile(r"[^@\s<>()]+@[^@\s<>()]+\.[^@\s<>().]+")


class NoContact(TryLater):
    """The SEC cannot be asked without saying who asks; ``reason`` says how."""


class Company(NamedTuple):
    """A filer."""

    cik: int
    name: str
    tickers: tuple[str, ...]  # "NASDAQ:CLRB", as releases write them


class Filing(NamedTuple):
    """A current report."""

    accession: str  # "0001213900-24-012345"
    form: str
    filed: date
    period: date | None  # of the event that it reports
    url: str  # of the page that lists its documents


class Exhibit(NamedTuple):
    """A press release in a filing, or, of the 1990s, the one file that holds all of the filing."""

    url: str
    kind: str  # "EX-99.1"; empty for the one file
    title: str


@dataclass(frozen=True, slots=True)
class Edgar:
    """EDGAR as one person may ask it.

    Attributes:
        contact: name and e-mail address of who asks; goes to the SEC with each request.
        data: where ``submissions`` are.
        archive: where ``files`` and ``Archives`` are.
    """

    fetcher: Fetcher
    contact: str
    data: str = "https://data.sec.gov"
    archive: str = "https://www.sec.gov"
    allowed: tuple[Network, ...] = ()

    def __post_init__(self) -> None:
        check_contact(self.contact)

    def fetch(self, url: str, validators: Validators = UNKNOWN) -> Document | None:
        """One document, in the SEC's manners: robots.txt is not asked, for its own terms allow what is asked here."""
        asks = replace(manners(self.contact), robots=False)
        try:
            return self.fetcher.get(url, validators=validators, allowed=self.allowed, manners=asks)
        except FetchError as error:
            if not error.reason.startswith("403"):
                raise
            self.fetcher.rest(url, BLOCKED)
            raise TryLater(
                url,
                f"the SEC refuses (403) what calls itself {self.contact!r}, as it does for ten minutes after too many "
                "requests; if that stays, give a name and an e-mail address of yours with --contact",
            ) from None

    def cik(self, name: str) -> int:
        """The SEC's number of a company, by ticker or by the number itself (``320193``, ``CIK0000320193``).

        Raises:
            FetchError: no company has this ticker.
        """
        if number := re.fullmatch(r"(?:CIK)?0*(\d{1,10})", name, re.IGNORECASE):
            return int(number[1])
        url = f"{self.archive}/files/company_tickers.json"
        wanted = name.upper().replace(".", "-")  # BRK.B is BRK-B there
        for row in _parsed(self._get(url)).values():
            if str(row.get("ticker", "")).upper() == wanted:
                return int(row["cik_str"])
        raise FetchError(f"edgar:{name}", "no company with this ticker files with the SEC; try its CIK, a number")

    def filings(
        self, cik: int, since: date, validators: Validators = UNKNOWN
    ) -> tuple[Company, list[Filing], Validators] | None:
        """A company and its current reports filed on ``since`` or later, newest first; ``None`` if none is new.

        Raises:
            FetchError: no such company, or what came is not what the SEC says it sends.
        """
        document = self.fetch(f"{self.data}/submissions/CIK{cik:010d}.json", validators)
        if document is None:
            return None
        found = _parsed(document)
        try:
            company = Company(cik, printable(str(found["name"])), _tickers(found))
            filings = list(self._filings(cik, found["filings"]["recent"]))
            for older in found["filings"].get("files", ()):
                if date.fromisoformat(older["filingTo"]) >= since:
                    more = _parsed(self._get(f"{self.data}/submissions/{older['name']}"))
                    filings += self._filings(cik, more)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unexpected(document.url, f"{type(error).__name__}: {error}") from error
        wanted = [filing for filing in filings if filing.filed >= since]
        return company, sorted(wanted, key=lambda filing: filing.filed, reverse=True), document.validators

    def _filings(self, cik: int, columns: dict[str, Any]) -> Iterator[Filing]:
        rows = zip(
            columns["accessionNumber"], columns["form"], columns["filingDate"], columns["reportDate"], strict=True
        )
        for accession, form, filed, period in rows:
            if form in FORMS and re.fullmatch(r"[\d-]+", accession):
                page = f"{self.archive}/Archives/edgar/data/{cik}/{accession.replace('-', '')}/{accession}-index.htm"
                ended = date.fromisoformat(period) if period else None
                yield Filing(accession, form, date.fromisoformat(filed), ended, page)

    def exhibits(self, url: str) -> list[Exhibit]:
        """The exhibits 99 that a filing's page lists; its one file where it lists no documents.

        Raises:
            FetchError: what came is no list of documents.
        """
        from lxml import html
        from lxml.etree import ParserError

        document = self._get(url)
        try:
            rows: Any = html.fromstring(document.data).xpath("//table[contains(@class, 'tableFile')]//tr[td]")
        except (ParserError, ValueError) as error:
            raise _unexpected(url, f"no page: {error}") from error
        found, whole = [], []
        for row in rows:
            cells = [printable(" ".join(cell.text_content().split())) for cell in row.iter("td")]
            links = [str(href) for href in row.xpath("./td[3]//a/@href")]
            if len(cells) < 4 or not links:
                continue
            address = urljoin(document.final_url, _VIEWER.sub("", printable(links[0])))
            if _EXHIBIT.fullmatch(cells[3]):
                found.append(Exhibit(address, cells[3].upper(), cells[1]))
            elif not cells[3] and address.endswith(".txt"):
                whole.append(Exhibit(address, "", cells[1]))
        if not rows:
            raise _unexpected(url, "no table of documents")
        is_only_one = len([row for row in rows if row.xpath("./td[3]//a")]) == len(whole)
        return whole if is_only_one else found

    def _get(self, url: str) -> Document:
        document = self.fetch(url)
        assert document is not None  # no version was named that it could be unchanged from
        return document


def manners(contact: str) -> Manners:
    """How the SEC wants to be asked.

    Raises:
        NoContact: as `check_contact`.
    """
    check_contact(contact)
    return Manners(contact, PAUSE, site=SITE)


def etiquette(contact: str) -> Callable[[str], Manners]:
    """How the site of a URL wants to be asked: the SEC's as it says, any other as usual."""
    return lambda url: manners(contact) if is_sec(url) else Manners()


def is_sec(url: str) -> bool:
    """Whether a URL is one of the SEC's.

    >>> is_sec("https://www.sec.gov/news"), is_sec("https://sec.gov.acme.test/")
    (True, False)
    """
    host = urlsplit(url).hostname or ""
    return host == SITE or host.endswith(f".{SITE}")


def check_contact(contact: str) -> None:
    """Whether the SEC could write to who asks.

    Raises:
        NoContact: there is no e-mail address in it, or what cannot stand in a header.
    """
    if not contact:
        raise NoContact(
            SITE,
            "the SEC asks programs to say who runs them, and refuses those that do not; give your name or company "
            'and an e-mail address once: --contact "Ann Berg ann@example.com". It is kept in this index and sent to '
            "the SEC only",
        )
    if not (_EMAIL.search(contact) and contact.isascii() and contact.isprintable() and len(contact) <= 200):
        raise NoContact(
            SITE,
            f"{contact!r} is no contact: a name and an e-mail address in plain letters are needed, "
            '--contact "Ann Berg ann@example.com"',
        )


def exhibits_in(submission: bytes) -> list[tuple[str, bytes, str]]:
    """The exhibits 99 in the one file of an old filing: kind, text, content type.

    >>> exhibits_in(b"<DOCUMENT>\\n<TYPE>EX-99.1\\n<TEXT>\\nAcme opens\\n</TEXT>\\n</DOCUMENT>")
    [('EX-99.1', b'Acme opens', 'text/plain')]
    """
    found: list[tuple[str, bytes, str]] = []
    for part in re.findall(rb"<DOCUMENT>(.*?)</DOCUMENT>", submission, re.DOTALL):
        kind = re.search(rb"^<TYPE>(EX-99(?:\.\w+)?)\s*$", part, re.MULTILINE)
        text = re.search(rb"<TEXT>(.*?)(?:</TEXT>|\Z)", part, re.DOTALL)
        if kind and text:
            is_page = re.search(rb"<html", text[1][:2000], re.IGNORECASE)
            found.append((kind[1].decode(), text[1].strip(), "text/html" if is_page else "text/plain"))
    return found


def _tickers(found: dict[str, Any]) -> tuple[str, ...]:
    """As releases write them: ``Nasdaq`` and ``CLRB`` are ``NASDAQ:CLRB``."""
    tickers = found["tickers"]
    pairs: Sequence[tuple[str, str | None]] = list(zip_longest(tickers, found.get("exchanges", ())[: len(tickers)]))
    return tuple(printable(f"{exchange.upper()}:{ticker}" if exchange else ticker) for ticker, exchange in pairs)


def _parsed(document: Document) -> dict[str, Any]:
    try:
        found = json.loads(document.data)
    except (ValueError, RecursionError) as error:
        raise _unexpected(document.url, f"no JSON: {error}") from error
    if not isinstance(found, dict):
        raise _unexpected(document.url, f"a {type(found).__name__}")
    return found


def _unexpected(url: str, what: str) -> FetchError:
    return FetchError(url, f"not what the SEC says it sends ({what}); if this stays, citewire must be changed")
