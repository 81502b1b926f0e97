"""A release's own words -> the day on which it came out, and the period that it reports on.

Read from its words, never from a file's name. ``None`` where it does not say: an unknown date can be asked about, a
wrong one misleads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

LOCALES = ("en", "fr", "de", "es", "it", "pt", "nl")  # languages whose month names are known in datelines
OPENING_BLOCKS = 12  # a dateline stands in the first few blocks: subheads and bullet points may come before it
TOP_BLOCKS = 2  # headline and subhead apart, a date that stands alone is the release's only at the very top

_DAY_SUFFIX = r"(?i:st|nd|rd|th|er|º|\.)?"
_DATE = re.compile(
    rf"""
    (?P<iso>(?P<y1>\d{{4}})-(?P<m1>\d\d)-(?P<d1>\d\d)(?!\d))
    | (?P<m2>[^\W\d_]{{3,10}})\.?\s*(?P<d2>\d{{1,2}})(?i:st|nd|rd|th)?\s*(?:,\s*|\s)(?P<y2>\d{{4}})(?!\d)
    | (?<!\d)(?P<d3>\d{{1,2}}){_DAY_SUFFIX}\s*(?i:of\s+|de\s+)?(?P<m3>[^\W\d_]{{3,10}})\.?,?
        \s+(?i:de\s+|del\s+)?(?P<y3>\d{{4}})(?!\d)
    | (?<!\d)(?P<d4>\d{{1,2}})\.\s?(?P<m4>\d{{1,2}})\.\s?(?P<y4>\d{{4}})(?!\d)
    | (?<!\d)(?P<a5>\d{{1,2}})/(?P<b5>\d{{1,2}})/(?P<y5>\d{{4}})(?!\d)
    """,
    re.VERBOSE,
)
# What may stand before the date in a dateline: capitalised words (places, regions, wires, weekdays) and punctuation.
_PLACE = re.compile(
    r"(?:(?:[^\W\d_a-z]|[A-Z])[\w.'’&]*|\d{1,4}(?=[-/]7?[A-Z])"
    r"|(?:and|et|und|of|de|la|le|the|den|am)\b|[-–—/,;.()\[\]*]|\s)*"
)
_DATELINE_END = re.compile(
    r"\s*(?:$|\n|[-–—/(|@]|:\s|,?\s*(?:at\s+)?\d{1,2}[:.]\d\d|\.\s*[-–—]|\)?\s?(?:\.{2,}|…)|\)\s?[-–—:])"
)
_SENTENCE_AFTER = re.compile(r"\.\s+(?=[^\W\d_a-z])")  # "Madrid, 5 de mayo de 2025. Acme", after a place and a comma
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
PLACE_WORDS = 3  # of a town, a state or a wire; "Salt Lake City". What has more before its date is a headline
_WIRE = re.compile(r"\([^)]*\)?|/[^/]*/")
_PLACES_PART = re.compile(r"[-–—,;/|*\[\]](?!\w)|\b(?:and|et|und)\b", re.IGNORECASE)
_LITTLE_WORD = re.compile(r"\b(?:of|de|la|le|the|den|am)\b", re.IGNORECASE)
_STATE = re.compile(r"[A-Z]\w")


@lru_cache(maxsize=1)
def _weekdays() -> frozenset[str]:
    """Names and abbreviations of weekdays in the known languages, case folded."""
    from babel.dates import get_day_names

    names = (get_day_names(width, locale=locale) for locale in LOCALES for width in ("wide", "abbreviated"))
    return frozenset(name.rstrip(".").casefold() for each in names for name in each.values())


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
            before = block[start : match.start()]
            if _DAY_OF_ELSE.search(before) or (places := _places(before)) is None:
                return None
            is_over = _DATELINE_END.match(block, match.end())
            if places and before.rstrip().endswith(","):
                is_over = is_over or _SENTENCE_AFTER.match(block, match.end())
            return (found, match.end()) if is_over else None
    return None


def _places(text: str) -> list[str] | None:
    """The places and wires before a date; ``None`` for a headline's words: too many, or not parted from the date.

    >>> _places("SALT LAKE CITY, Utah, "), _places("SALEM, NY "), _places("OSLO "), _places("Tuesday, ")
    (['SALT LAKE CITY', 'Utah'], ['SALEM', 'NY'], ['OSLO'], [])
    >>> _places("ACME TO HOST CALL ON TUESDAY, "), _places("Acme Announces Dividend Payable ")
    (None, None)
    """
    text = _WIRE.sub(",", text)
    text = re.sub(r"[^\W\d_]+", lambda word: "" if word[0].casefold() in _weekdays() else word[0], text)
    text = _LITTLE_WORD.sub("", text).strip()
    places = [place.strip() for place in _PLACES_PART.split(text) if place.strip(" .")]
    words = [place.split() for place in places]
    if not words or max(map(len, words)) > PLACE_WORDS:
        return None if words else []
    is_parted = not text[-1].isalpha() or (len(words) > 1 and bool(_STATE.fullmatch(words[-1][-1])))
    return places if is_parted or len(words) == len(words[-1]) == 1 else None


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
    match = yearless(line)
    for day in near if match else ():
        for year in (day.year, day.year - 1, day.year + 1):
            found = _valid(str(year), _months().get(match["month"].casefold()), match["day"]) if match else None
            if found and abs((found - day).days) <= MOST_DAYS:
                return found
    return None


def yearless(line: str) -> re.Match[str] | None:
    """Month and day of the dateline with which ``line`` begins, if it has no year."""
    place = _PLACE.match(line)
    match = _DAY_ALONE.search(line, 0, place.end() + 12) if place else None
    if not match or not place or match["month"].casefold() not in _months() or match.start() > place.end():
        return None
    return match if _DATELINE_END.match(line, match.end()) and _places(line[: match.start()]) is not None else None


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
