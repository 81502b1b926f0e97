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
    "NASDAQSTOCKMARKET": "NASDAQ",
    "NASDAQSTOCKMARKETLLC": "NASDAQ",
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
# Also colours, towns and agencies: exchanges only where nothing is said before them. "Made in Pink: M"
_ALSO_OTHERS = frozenset(("PINK", "UPSTREAM", "FRANKFURT", "STUTTGART", "OSLO", "EPA"))
_STANDS_ALONE = re.compile(r"(?:^|[|]|[(\[][^()\[\]\n]*)\s*\Z", re.MULTILINE)
_OF_FIGURES = frozenset(  # exchanges with symbols of figures alone, which elsewhere are amounts: "OTC: 20 tablets"
    """
    HKEX HKSE SEHK HKG TYO JPX KRX KOSDAQ KOSPI SSE SZSE BSE TADAWUL FSE FRA FRANKFURT FWB XETRA ETR STUTTGART
    """.split()
)
_AND = r"[”\"’']?\s?(?:,\s?and\b|,|/|and\b|&)[”\"’']?\s?"  # between two symbols; American commas stand within quotes
_LISTING = re.compile(
    r"(?<![\w$])(?P<exchange>[A-Za-z][A-Za-z.\- ]{1,28}?)\s?:\s?[“”\"‘’']?"
    r"(?P<symbols>\$?[A-Z0-9]{1,6}(?:[.\-][A-Z0-9]{1,4})?\b"
    rf"(?:{_AND}[“\"‘']?\$?[A-Z]{{2,6}}(?:[.\-][A-Z]{{1,2}})?\b(?![A-Za-z.\- ]{{0,28}}:))*)"
)
_SYMBOL = re.compile(r"[A-Z0-9]{1,6}(?:[.\-][A-Z0-9]{1,4})?")
_FIGURES = re.compile(r"[\d.\-]+")
_SYMBOLS_END = re.compile(r"[“”\"‘’']?\s*(?:$|[\n)\],;|]|\.\s|(?:/|and\b)\s?[A-Z])")
_EXCHANGE_BEFORE = re.compile(
    r"(?<![\w$])(?P<name>[A-Za-z][A-Za-z.\- ]{1,28}?)\s?(?:,\s?and\s|,|/|\||&|\sand\s)\s?(?:the\s)?\Z"
)


class Listed(NamedTuple):
    """A statement of an exchange and the symbols on it: where it stands, and the listings it makes."""

    start: int
    end: int
    exchange: tuple[int, int]  # characters of the exchange's name, or of several
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
    """Each statement of an exchange, or of several, and the symbols there, in order.

    >>> [listed.listings for listed in listings_in("Acme (NYSE and TSX: ACM) (Nasdaq: “ACMU”, “ACMW”)")]
    [('NYSE:ACM', 'TSX:ACM'), ('NASDAQ:ACMU', 'NASDAQ:ACMW')]
    """
    found = []
    for match in _LISTING.finditer(text):
        if exchange := _exchange(match["exchange"]):
            name, begin = exchange
            symbols = _SYMBOL.findall(match["symbols"])
            start = match.start() + begin
            if not (_may_stand(name, text, start) and _is_symbol(symbols[0], name, text, match.end())):
                continue
            names, start = _exchanges_to(text, start, name)
            listings = tuple(f"{each}:{symbol}" for each in names for symbol in symbols)
            place = start, match.end("exchange")
            found.append(Listed(min(start, match.start()), match.end(), place, match.span("symbols"), listings))
    return found


def _may_stand(exchange: str, text: str, start: int) -> bool:
    """Whether the name at ``start`` is the exchange's: what may mean something else has nothing said before it."""
    return exchange not in _ALSO_OTHERS or bool(_STANDS_ALONE.search(text, max(0, start - 100), start))


def _is_symbol(written: str, exchange: str, text: str, end: int) -> bool:
    """Whether what ends at ``end`` is a symbol: one letter, or figures alone, may be the beginning of something else.

    >>> tickers("(NYSE: F) (TYO: 7203) A market: A bank. FSE: 10% (OTC: 20)")
    ('NYSE:F', 'TYO:7203')
    """
    if _FIGURES.fullmatch(written):
        return exchange in _OF_FIGURES and bool(_SYMBOLS_END.match(text, end))
    return len(written) > 1 or bool(_SYMBOLS_END.match(text, end))


def _exchanges_to(text: str, start: int, last: str) -> tuple[list[str], int]:
    """The exchanges that share the symbols after the one at ``start``, and where the first begins: "NYSE and TSX"."""
    names = [last]
    while joined := _EXCHANGE_BEFORE.search(text, max(0, start - 40), start):
        before = _exchange(joined["name"])
        begin = joined.start("name") + before[1] if before else 0
        # "(NYSE: SIX, TSX: ACM)": a symbol that is named like an exchange
        if before is None or text[:begin].rstrip(" “\"‘'").endswith(":"):
            break
        names, start = [before[0], *names], begin
    return names, start
