"""Text -> the exchanges and symbols under which shares are listed: "(NASDAQ: CLRB)"."""

from __future__ import annotations

import re
from typing import NamedTuple

_EXCHANGES = {
    name.replace(" ", ""): name
    for line in (
        "NASDAQ|NYSE|NYSE AMERICAN|NYSE MKT|NYSE ARCA|AMEX|BATS|CBOE|UPSTREAM",
        "OTC|OTCQB|OTCQX|OTCID|OTC PINK|OTC MARKETS|OTCMKTS|OTCBB|OTC EXPERT|PINK|PINK SHEETS",
        "TSX|TSXV|CSE|CNSX|NEO|CBOE CA|CBOE CANADA|NEX",
        "LSE|AIM|AQSE|ASX|NZX|JSE|NSE|BSE|SGX|HKEX|HKSE|SEHK|HKG|TYO|JPX|KRX|KOSDAQ|KOSPI|SSE|SZSE|PSE|IDX|SET",
        "FSE|FRA|FRANKFURT|FWB|XETRA|ETR|STUTTGART|EPA|AMS|SIX|SWX|STO|OMX|OSE|OSLO|BIT|BME|WSE|TASE|TADAWUL|DFM|ADX",
        "EURONEXT|EURONEXT PARIS|EURONEXT GROWTH|EURONEXT AMSTERDAM|EURONEXT BRUSSELS|BMV|BVC|BVL|B3",
        "NASDAQ FIRST NORTH|NASDAQ STOCKHOLM|NASDAQ HELSINKI|NASDAQ COPENHAGEN",
    )
    for name in line.split("|")
} | {
    "TSXVENTURE": "TSXV",
    "TSXVENTUREEXCHANGE": "TSXV",
    "NASDAQCAPITALMARKET": "NASDAQ",
    "NASDAQGLOBALMARKET": "NASDAQ",
    "NASDAQGLOBALSELECTMARKET": "NASDAQ",
    "NASDAQCM": "NASDAQ",
    "NASDAQGM": "NASDAQ",
    "NASDAQGS": "NASDAQ",
    "NYSEAMEX": "NYSE AMERICAN",
    "NEWYORKSTOCKEXCHANGE": "NYSE",
    "TORONTOSTOCKEXCHANGE": "TSX",
    "LONDONSTOCKEXCHANGE": "LSE",
}
_ALSO_WORDS = frozenset(("AIM", "SET", "BIT", "SIX", "NEO"))  # exchanges in capitals only: "Our aim: 5G"
_LISTING = re.compile(
    r"(?<![\w$])(?P<exchange>[A-Za-z][A-Za-z.\- ]{1,28}?)\s?:\s?[“”\"‘’']?"
    r"(?P<symbols>\$?[A-Z0-9]{1,6}(?:[.\-][A-Z0-9]{1,4})?\b"
    r"(?:\s?(?:,|/|and|&)\s?\$?[A-Z]{2,6}(?:[.\-][A-Z]{1,2})?\b(?!\s?:)(?![.\- ]?[A-Za-z]*\s?:))*)"
)
_SYMBOL = re.compile(r"[A-Z0-9]{1,6}(?:[.\-][A-Z0-9]{1,4})?")


class Listed(NamedTuple):
    """A statement of an exchange and the symbols on it: where it stands, and the listings it makes."""

    start: int
    end: int
    exchange: tuple[int, int]  # characters of the exchange's name
    symbols: tuple[int, int]  # characters of all symbols
    listings: tuple[str, ...]  # "NASDAQ:CLRB"


def tickers(text: str) -> tuple[str, ...]:
    """Every listing stated in ``text`` as ``EXCHANGE:SYMBOL``, in order, each once.

    >>> tickers("ACME (TSX-V: ABC) (OTCQB: DEFGF) rose; Cellectar (Nasdaq:CLRB)")
    ('TSXV:ABC', 'OTCQB:DEFGF', 'NASDAQ:CLRB')
    """
    return tuple(dict.fromkeys(listing for listed in listings_in(text) for listing in listed.listings))


def _exchange(written: str) -> tuple[str, int] | None:
    """The exchange whose name ends ``written``, and where that begins.

    >>> _exchange("symbol on Nasdaq"), _exchange("TSX-V"), _exchange("Note"), _exchange("the aim"), _exchange("AIM")
    (('NASDAQ', 10), ('TSXV', 0), None, None, ('AIM', 0))
    """
    words = list(re.finditer(r"\S+", written))[-4:]
    for first, word in enumerate(words):
        said = re.sub(r"[.\-]", "", "".join(each[0] for each in words[first:]))
        name = _EXCHANGES.get(said.upper())
        if name and (said.isupper() or name not in _ALSO_WORDS):
            return name, word.start()
    return None


def is_exchange(name: str) -> bool:
    """Whether a name is an exchange's, as those are written.

    >>> is_exchange("TSX-V"), is_exchange("Acme")
    (True, False)
    """
    return re.sub(r"[.\-\s]", "", name.upper()) in _EXCHANGES


def listings_in(text: str) -> list[Listed]:
    """Each statement of one exchange and its symbols, in order."""
    found = []
    for match in _LISTING.finditer(text):
        if exchange := _exchange(match["exchange"]):
            name, begin = exchange
            symbols = _SYMBOL.findall(match["symbols"].replace(" and ", ","))
            place = match.start() + begin, match.end("exchange")
            listings = tuple(f"{name}:{symbol}" for symbol in symbols)
            found.append(Listed(match.start(), match.end(), place, match.span("symbols"), listings))
    return found
