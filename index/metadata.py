"""What a release says of itself: headline, date, tickers, issuer. Read from its words, never from a file's name.

Each function returns ``None`` or nothing where the release does not say: an unknown date can be asked about, a wrong
one misleads.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache

LOCALES = ("en", "fr", "de", "es", "it", "pt", "nl")  # languages whose month names are known in datelines
OPENING_BLOCKS = 12  # a dateline stands in the first few blocks: subheads and bullet points may come before it
OPENING_CHARACTERS = 4_000
TOP_BLOCKS = 2  # headline and subhead apart, a date that stands alone is the release's only at the very top

_DAY_SUFFIX = r"(?:st|nd|rd|th|er|º|\.)?"
_DATE = re.compile(
    rf"""
    (?P<iso>(?P<y1>\d{{4}})-(?P<m1>\d\d)-(?P<d1>\d\d)(?!\d))
    | (?P<m2>[^\W\d_]{{3,10}})\.?\s*(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y2>\d{{4}})(?!\d)
    | (?<!\d)(?P<d3>\d{{1,2}}){_DAY_SUFFIX}\s*(?:of\s+|de\s+)?(?P<m3>[^\W\d_]{{3,10}})\.?,?
        \s+(?:de\s+|del\s+)?(?P<y3>\d{{4}})(?!\d)
    | (?<!\d)(?P<d4>\d{{1,2}})\.\s?(?P<m4>\d{{1,2}})\.\s?(?P<y4>\d{{4}})(?!\d)
    | (?<!\d)(?P<a5>\d{{1,2}})/(?P<b5>\d{{1,2}})/(?P<y5>\d{{4}})(?!\d)
    """,
    re.VERBOSE,
)
# What may stand before the date in a dateline: capitalised words (places, regions, wires, weekdays) and punctuation.
_PLACE = re.compile(
    r"(?:(?:[^\W\d_a-z]|[A-Z])[\w.'’&]*|\d{1,4}(?=[-/]7?[A-Z])|and|et|und|of|de|la|le|the|den|am|[-–—/,;.()\[\]*]|\s)*"
)
_DATELINE_END = re.compile(
    r"\s*(?:$|\n|[-–—/(|@]|:\s|,?\s*(?:at\s+)?\d{1,2}[:.]\d\d|\.\s*[-–—]|\)?\s?(?:\.{2,}|…)|\)\s?[-–—:])"
)
_LABEL = re.compile(
    r"(?:dated|published|publication date|released|release date|issued|posted|for immediate release)\b"
    r"(?:\s+on)?\s*:?\s*",
    re.IGNORECASE,
)
# What wires send below a release: "-0- 07/29/2003", the month first.
_SLUG = re.compile(r"(?:^|\s)-0-\s+(?P<month>\d\d)/(?P<day>\d\d)/(?P<year>\d{4})\b")
_DAY_ALONE = re.compile(r"(?P<month>[^\W\d_]{3,10})\.?\s+(?P<day>\d{1,2})(?!\d|,?\s*\d{4})")
# A date after one of these is that of an event or a period, also in a headline of capitals.
_DAY_OF_ELSE = re.compile(
    r"(?:\b(?:ended|ending|as of|by|for|from|to|through|until|since|before|after)|(?<!, )\bon)\s+$",  # ", ON": Ontario
    re.IGNORECASE,
)
MOST_DAYS = 10  # between a dateline without a year and the day that tells the year

# Exchanges as releases abbreviate them, without blanks, dots and hyphens -> the form kept.
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
_LISTING = re.compile(
    r"(?<![\w$])(?P<exchange>[A-Za-z][A-Za-z.\- ]{1,28}?)\s?:\s?[“”\"‘’']?"
    r"(?P<symbols>\$?[A-Z0-9]{1,6}(?:[.\-][A-Z0-9]{1,4})?\b"
    r"(?:\s?(?:,|/|and|&)\s?\$?[A-Z]{2,6}(?:[.\-][A-Z]{1,2})?\b(?!\s?:)(?![.\- ]?[A-Za-z]*\s?:))*)"
)
_SYMBOL = re.compile(r"[A-Z0-9]{1,6}(?:[.\-][A-Z0-9]{1,4})?")


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Month names and abbreviations of the known languages, case folded -> 1 to 12."""
    from babel.dates import get_month_names

    months = {"sept": 9}
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=locale).items():
                months.setdefault(name.rstrip(".").casefold(), number)
    return months


def _valid(year: str, month: int | str | None, day: str) -> date | None:
    try:
        found = date(int(year), int(month or 0), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None


def _date_of(match: re.Match[str]) -> date | None:
    """The date that a match of ``_DATE`` stands for; ``None`` for no date, or where day and month cannot be told."""
    part = match.groupdict()
    if part["iso"]:
        return _valid(part["y1"], part["m1"], part["d1"])
    if part["m2"]:
        return _valid(part["y2"], _months().get(part["m2"].casefold()), part["d2"])
    if part["m3"]:
        return _valid(part["y3"], _months().get(part["m3"].casefold()), part["d3"])
    if part["m4"]:
        return _valid(part["y4"], part["m4"], part["d4"])
    first, second = int(part["a5"]), int(part["b5"])
    if first > 12 >= second:
        return _valid(part["y5"], second, part["a5"])
    if second > 12 >= first or first == second:
        return _valid(part["y5"], first, part["b5"])
    return None


def parse_date(text: str) -> date | None:
    """The date that ``text`` as a whole states, in one of the forms that wires use.

    >>> parse_date("Sept. 3rd, 2025"), parse_date("14 mars 2025"), parse_date("2024-05-03")
    (datetime.date(2025, 9, 3), datetime.date(2025, 3, 14), datetime.date(2024, 5, 3))
    >>> parse_date("03/04/2025") is None  # March or April?
    True
    """
    match = _DATE.search(text)
    return _date_of(match) if match else None


def dateline(block: str) -> tuple[date, int] | None:
    """Date and end of the dateline with which ``block`` begins: place, wire and date in any order, then a dash.

    >>> dateline("MADISON, Wis., Jan. 31, 2017 (GLOBE NEWSWIRE) -- Cellectar today")
    (datetime.date(2017, 1, 31), 28)
    >>> dateline("On June 20, 2025, the company filed") is None
    True
    >>> dateline("ACME REPORTS RESULTS FOR THE QUARTER ENDED MARCH 31, 2024") is None
    True
    """
    start = 0
    label = _LABEL.match(block)
    if label:
        start = label.end()
    place = _PLACE.match(block, start)
    assert place is not None  # it can match nothing
    for match in _DATE.finditer(block, start, place.end() + 40):
        # The month's own name is a capitalised word, so the run of such words reaches at least to the date's start.
        if match.start() > place.end():
            return None
        found = _date_of(match)
        if found:
            if _DAY_OF_ELSE.search(block, start, match.start()):
                return None
            return (found, match.end()) if _DATELINE_END.match(block, match.end()) else None
    return None


def published(blocks: Iterable[str], near: Iterable[date] = ()) -> date | None:
    """The date of the first dateline, or of a line at the top that is nothing but a date.

    Further down a date alone on its line is more often an event's ("When: …") than the release's, unless labelled.

    Args:
        near: days near which the release came out: they tell the year of a dateline that has none.

    >>> published(["Acme Reports Results", "BERLIN, 14. März 2025 – Acme AG hat"])
    datetime.date(2025, 3, 14)
    >>> published(["OSLO, Dec. 30 /PRNewswire/ -- Acme has"], [date(2004, 1, 2)])
    datetime.date(2003, 12, 30)
    """
    lines = [(number, line) for number, block in enumerate(blocks) for line in re.split("[\n\t]", block)]
    for number, line in lines:
        found = dateline(line)
        if found and (number < TOP_BLOCKS or line[found[1] :].strip() or _LABEL.match(line)):
            return found[0]
    days = list(near)
    return next(filter(None, (_completed(line, days) for _, line in lines)), None) if days else None


def _completed(line: str, near: Sequence[date]) -> date | None:
    """The date of a dateline without a year, in the year that puts it next to one of these days."""
    match = _yearless(line)
    for day in near if match else ():
        for year in (day.year, day.year - 1, day.year + 1):
            found = _valid(str(year), _months().get(match["month"].casefold()), match["day"]) if match else None
            if found and abs((found - day).days) <= MOST_DAYS:
                return found
    return None


def _yearless(line: str) -> re.Match[str] | None:
    """Month and day of the dateline with which ``line`` begins, if it has no year."""
    place = _PLACE.match(line)
    match = _DAY_ALONE.search(line, 0, place.end() + 12) if place else None
    is_month = match is not None and match["month"].casefold() in _months()
    return (
        match
        if match and place and is_month and match.start() <= place.end() and _DATELINE_END.match(line, match.end())
        else None
    )


def sent(text: str) -> list[date]:
    """The days that wires state below a release.

    >>> sent("SOURCE Acme\\n    -0-   07/29/2003")
    [datetime.date(2003, 7, 29)]
    """
    found = (_valid(match["year"], match["month"], match["day"]) for match in _SLUG.finditer(text))
    return [day for day in found if day]


_PERIOD_ENDED = re.compile(
    r"\b(?:quarter|year|half|period|months?|weeks?)\b[^.;:()\n]{0,60}?\b(?:ended|ending)\s+(?:on\s+)?(?P<day>[^\W\d_]{3,9}\.?\s*\d{1,2}"
    r"(?:st|nd|rd|th)?,?\s+\d{4}|\d{1,2}\.?\s+[^\W\d_]{3,9}\.?,?\s+\d{4})",
    re.IGNORECASE,
)


def period_end(headline: str, blocks: Iterable[str]) -> date | None:
    """The last day of the period that a release reports on, as its headline or opening first states it.

    >>> period_end("Acme Reports Results", ["OSLO -- Acme announced results for its quarter ended March 31, 2024."])
    datetime.date(2024, 3, 31)
    """
    for text in (headline, *blocks):
        match = _PERIOD_ENDED.search(" ".join(text.split()))
        if match and (found := parse_date(match["day"])):
            return found
    return None


def tickers(text: str) -> tuple[str, ...]:
    """Every listing stated in ``text`` as ``EXCHANGE:SYMBOL``, in order, each once.

    >>> tickers("ACME (TSX-V: ABC) (OTCQB: DEFGF) rose; Cellectar (Nasdaq:CLRB)")
    ('TSXV:ABC', 'OTCQB:DEFGF', 'NASDAQ:CLRB')
    """
    return tuple(dict.fromkeys(listing for _, _, listings in _listings(text) for listing in listings))


def _exchange(written: str) -> str | None:
    """The exchange whose name ends ``written``.

    >>> _exchange("symbol on Nasdaq"), _exchange("TSX-V"), _exchange("Note") is None
    ('NASDAQ', 'TSXV', True)
    """
    words = re.sub(r"[.\-]", "", written.upper()).split()
    for count in range(min(len(words), 4), 0, -1):
        name = _EXCHANGES.get("".join(words[-count:]))
        if name:
            return name
    return None


def _listings(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """``(start, end, listings)`` of each statement of one exchange and its symbols."""
    found = []
    for match in _LISTING.finditer(text):
        exchange = _exchange(match["exchange"])
        if exchange:
            symbols = _SYMBOL.findall(match["symbols"].replace(" and ", ","))
            found.append((match.start(), match.end(), tuple(f"{exchange}:{symbol}" for symbol in symbols)))
    return found


_NAME_WORD = r"(?:(?:[A-Z0-9À-ÖØ-ÞŁŚŻ]|(?<!\w)[a-z]{1,2}(?=[A-Z]))[\w.'’&+!\-]*|&)"  # also "iCoreConnect"
_NAME = re.compile(rf"(?:{_NAME_WORD},?\s+(?:(?:of|de|and|the|for|du|van|von)\s+)?)*{_NAME_WORD}$")
_LEAD_INS = re.compile(
    r"^(?:(?:Why|How|What|When|Is|Are|Can|Could|As|At|In|On|For|By|With|From|And|But|The|Today|About|Inside|Meet"
    r"|Both the|Both|CORRECTING and REPLACING|Correction)\s+)+"
)
_TITLES = re.compile(r"^.*?(?:[–—:|]|\s-|--)\s+(?=\S)")
_GROUP_GAP = re.compile(r"[\s()\[\];,|/*“”\"‘’']*(?:and\s)?[\s()\[\];,|/*]*$")
_ALIAS = re.compile(r"\s*\((?:the\s+)?[\"“”'‘’][^()]{1,80}\)\s*$|\s*\((?:the|together|collectively)\s[^()]{1,80}\)\s*$")


def _name_before(text: str) -> str | None:
    """The company name that ends ``text``.

    >>> _name_before("Why Acme Robotics, Inc.")
    'Acme Robotics, Inc.'
    """
    text = re.sub(r"[\s(\[*,]+$", "", text)
    for _ in range(3):
        text = re.sub(r"[\s(\[*,]+$", "", _ALIAS.sub("", text))
    text = text[-120:].replace("\n", " ")
    match = _NAME.search(text)
    if not match:
        return None
    name = _TITLES.sub("", match.group())
    name = re.split(r"(?<=[a-z]{3}\.)\s", name)[-1] if not re.search(r"(?:Inc|Corp|Ltd|Co)\.$", name) else name
    name = _LEAD_INS.sub("", name).strip(" ,")
    name = _company_in(re.sub(r"['’]s?$", "", name))
    is_exchange = re.sub(r"[.\-\s]", "", name.upper()) in _EXCHANGES
    return name if len(name) > 1 and not re.fullmatch(r"[\d.,]+", name) and not is_exchange else None


_DAY_BEFORE = re.compile(rf"^(?:{'|'.join(calendar.month_name[1:])})(?:\s\d{{1,2}})?(?:,?\s\d{{4}})?,\s")
_NUMBER_BEFORE = re.compile(r"^(?:(?:19|20)\d\d[.,]|\d+\.)\s+|^[\d.,]+\s[MB]illion\b.*\s(?:for|[Ii]n)\s+(?=[A-Z])")
_COVERAGE = re.compile(
    r"^.*\b(?:Initiate|Update|Resume|Launche|Maintain|Assume|Reiterate)s?\s+[Cc]overage\s+[Oo][nf]\s+"
)
_BASED_IN = re.compile(r"^.*\b[A-Z][\w.]*-based\s+(?:[Tt]he\s+)?")
_OFFICE = re.compile(
    r"^.*\b(?:CEO|CFO|COO|CTO|[ES]?VP|President|Chair(?:man|woman|person)?|Founder|Officer|Director|Head|Counsel|Ambassador"
    r"|Manager)\b(?P<held>.*)"
)
_OF = re.compile(r"^.*?\s(?:of|for)\s+(?:the\s+)?(?=[A-Z])|^,\s+(?=[A-Z])")
_FOR = re.compile(r"^.*\s(?:for|[Ll]ike|[Aa]longside|Makes?)\s+(?=[A-Z])")
_KIND = re.compile(r"\b(?:Inc|Corp|Ltd|Limited|Corporation|Holdings|PLC|plc|Company)\b\.?$")
_TWICE = re.compile(r"^(\S+ .+?),?\s+(?=\1\b)")
_LISTED = re.compile(r"\s*\([A-Za-z.\- ]{2,12}:\s*[A-Z.]+\)$")


def _company_in(name: str) -> str:
    """A company's name without what is often written before it: a day, a place, an analyst, a person with an office.

    >>> _company_in("July 17, 2025, Acme Corp."), _company_in("Oslo, Norway-based Acme"), _company_in("CEO, Acme")
    ('Acme Corp.', 'Acme', 'Acme')
    >>> _company_in("Ann Berg, Head of Sales for Acme Inc."), _company_in("Bolt Capital Updates Coverage On Acme Inc.")
    ('Acme Inc.', 'Acme Inc.')
    """
    for lead in (_DAY_BEFORE, _NUMBER_BEFORE, _COVERAGE, _BASED_IN):
        name = lead.sub("", name)
    if office := _OFFICE.search(name):
        held = office["held"]
        holder = _FOR.match(held) or _OF.match(held)
        name = held[holder.end() :] if holder else name
    if len(name.split()) > 5 and _KIND.search(name):  # a headline: "Revenue Driver for Acme Inc."
        name = _FOR.sub("", name)
    return _LISTED.sub("", _TWICE.sub("", name))


def _groups(text: str) -> list[tuple[str | None, tuple[str, ...]]]:
    """Runs of adjacent listings, each with the company name before it: ``[(name, listings), …]``."""
    groups: list[tuple[str | None, tuple[str, ...]]] = []
    last_end = -1
    for start, end, listings in _listings(text):
        if groups and _GROUP_GAP.match(text, last_end, start) and last_end >= 0 and start - last_end < 40:
            groups[-1] = (groups[-1][0], groups[-1][1] + listings)
        else:
            line = dateline(text)
            groups.append((_name_before(text[line[1] if line and line[1] < start else 0 : start]), listings))
        last_end = end
    return groups


_ABOUT = re.compile(r"^About\s+(?:the\s+)?(?P<name>[^\n]{2,80}?):?\s*$")
_SUBJECT = re.compile(
    rf"\s*(?P<name>(?:{_NAME_WORD}\s+(?:(?:of|de|and|the|for)\s+)?){{0,6}}{_NAME_WORD}(?:,\s+(?:Inc|Corp|Ltd|LLC|LP|PLC|N\.V|S\.A|AG|SE)\b\.?)?)"
    r"(?=\s*(?:[,(“\"]|today|announce|is |has |will |reports|launche|unveil|a leading|the leading))"
)
_NOT_NAMES = frozenset(
    """
    the a an this that these our we it in on at for by with from as today new company companies shares stock symbol
    ticker listed what why how when who is are can
    """.split()
)


def _key(name: str) -> str:
    """What two forms of one company's name share: the first word that is not an article, case folded.

    >>> _key("The Goodyear Tire"), _key("ABVC BioPharma, Inc.")
    ('goodyear', 'abvc')
    """
    words = [word for word in re.findall(r"[\w&]+", name.casefold()) if word not in {"the", "a"}]
    return words[0] if words else ""


def issuer_and_tickers(headline: str, blocks: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The company whose news this is and the listings that stand behind its name; others' listings are left out.

    The issuer is the company before the first listing (headline first), else the one with an "About" section of its
    own that the headline or the opening names, else the subject of the sentence after the dateline.

    >>> issuer_and_tickers("Acme Corp. (NYSE: ACM) Buys Bolt (OTC: BLT)", ["Acme (NYSE: ACM) (FSE: 1AC) said"])
    ('Acme Corp.', ('NYSE:ACM', 'FSE:1AC'))
    """
    opening = "\n".join(blocks)[:OPENING_CHARACTERS]
    groups = [
        (name, listings)
        for text in (headline, *blocks)
        for name, listings in _groups(text)
        if name is None or _key(name) not in _NOT_NAMES
    ]
    about = list(_described(blocks))
    told = " ".join(f"{headline} {opening}".split())
    named = [name for name, _ in groups if name and name in told]
    issuer = named[0] if named else _about_whom(about, headline, opening) or _subject(blocks)
    if issuer is None:
        return None, groups[0][1] if groups else ()
    key = _key(issuer)
    full = next((name for name in about if _key(name) == key and len(name.split()) <= 8), issuer)
    own = [listing for name, listings in groups if name and _key(name) == key for listing in listings]
    return full, tuple(dict.fromkeys(own))


def _described(blocks: Sequence[str]) -> Iterator[str]:
    """The companies with an "About" section, as its heading names them.

    >>> list(_described(["About Acme & Its Industry", "Acme makes anvils.", "About Bolt Corp.", "About the Mill."]))
    ['Bolt Corp.', 'Mill']
    """
    for number, block in enumerate(blocks):
        match = _ABOUT.match(block)
        if not match:
            continue
        name = match["name"].strip()
        if not re.search(r"\b(?:Inc|Corp|Ltd|Co|[A-Z])\.$", name):
            name = name.rstrip(".")
        # "About Acme & Its Industry", "About Acme (ACM)": a name only if it is said so elsewhere too.
        others = (*blocks[:number], *blocks[number + 1 :])
        if not re.search(r"&|\band\b|[(:]", name) or any(name in other for other in others):
            yield _company_in(name)


def _about_whom(names: Iterable[str], headline: str, opening: str) -> str | None:
    """The first company with an "About" section that the headline names, else the first that the opening names."""
    listed = list(names)
    for text in (headline, opening[:1_500]):
        words = set(re.findall(r"[\w&]+", text.casefold()))
        for name in listed:
            if _key(name) in words:
                return name
    return None


def _subject(blocks: Sequence[str]) -> str | None:
    """The company that the first sentence after the dateline speaks of."""
    for block in blocks[:OPENING_BLOCKS]:
        found, bare = dateline(block.split("\n")[0]), _yearless(block.split("\n")[0])
        if found is None and bare is None:
            continue
        end = found[1] if found else bare.end() if bare else 0
        rest = re.sub(r"^[^A-Za-z0-9]*(?:\([^)]*\)|/[^/]*/)?[^A-Za-z0-9]*", "", " ".join(block[end:].split()))
        match = _SUBJECT.match(rest)
        if match and _key(match["name"]) not in _NOT_NAMES:
            return match["name"].rstrip(",")
    return None


_NO_HEADLINE = re.compile(
    r"(?:for (?:immediate )?release|(?:press|news|media|immediate) release|(?:for )?(?:more|additional) information\b"
    r"|(?:\w+ ){0,2}contacts?\b|source\b|exhibit\b|\[|united states\b|securities and exchange commission|form 8-k"
    r"|page \d|justice news|(?:investor|media|press) relations\b)",
    re.IGNORECASE,
)
_REACHED_AT = re.compile(  # how to reach people
    r"\(?\b\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\S@\S+\.\w|\bwww\.\w"
    r"|^\d+\s(?:[\w.]+\s){1,4}(?:St|Street|Ave|Avenue|Blvd|Boulevard|Rd|Road|Dr|Drive|Way|Lane|Parkway|Pkwy)\b"
    r"|,\s[A-Z]{2}\s+\d{5}(?:-\d{4})?$"
)
_COMPANY_ALONE = re.compile(
    r"[\w&.,’' -]{1,60}\b(?:Inc|Corp|Corporation|Ltd|Limited|LLC|L\.?P|PLC|plc|AG|SE|N\.V|S\.A|Company|Co)\b\.?",
    re.IGNORECASE,
)
_RUNS_ON = re.compile(r"(?:to|and|of|in|for|with|on|at|from|by|as|or)\s", re.IGNORECASE)


def headline_of(blocks: Sequence[str]) -> str:
    """The first opening block that is a headline: no date, no "FOR IMMEDIATE RELEASE", no address, not the body itself.

    >>> headline_of(["FOR IMMEDIATE RELEASE", "January 31, 2017", "Acme Opens\\nSecond Plant", "BOSTON, May 6 -- Acme"])
    'Acme Opens Second Plant'
    >>> headline_of(["Exhibit 99.1", "ACME NAMES ANN BERG", "TO ITS BOARD"])
    'ACME NAMES ANN BERG TO ITS BOARD'
    """
    opening = [" ".join(block.split()) for block in blocks[:OPENING_BLOCKS]]
    for line, following in zip(opening, [*opening[1:], ""], strict=False):
        if _NO_HEADLINE.match(line) or dateline(line) or not re.search(r"[^\W\d_]{2}", line):
            continue
        if _REACHED_AT.search(line) or _yearless(line) or _COMPANY_ALONE.fullmatch(line):
            continue
        if _RUNS_ON.match(following) and len(following) < 120 and following[-1] not in ".:;":
            line = f"{line} {following}"
        return line if len(line) <= 300 else line[:300].rsplit(" ", 1)[0] + " …"
    return ""
