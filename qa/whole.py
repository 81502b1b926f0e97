"""Characters of a text -> the same, widened to whole words and figures, with currency, unit, title and date."""

from __future__ import annotations

import re

from index.months import MONTH
from qa.contact import MAILBOX

_FIGURE = re.compile(r"\d(?:[\d,.]*\d)?")
_SCALE = r"(?:[\s-]?(?:thousand|million|billion|trillion|lakh|crore)\b|\s?(?:[KMB]|mn|bn)\b)"
_SHARE = r"\s?(?:%|percent\b|per\scent\b|percentage[\s-]points?\b|basis\spoints?\b|bps\b)"
_AREA_UNIT = r"[\s-](?:sq\.?\s?ft\b\.?|square[\s-](?:feet|foot|met(?:er|re)s?|miles?|kilomet(?:er|re)s?)\b)"
_UNIT = re.compile(f"{_SCALE}|{_SHARE}|{_AREA_UNIT}", re.IGNORECASE)
_CODES = r"(?:USD|EUR|CAD|AUD|GBP|CHF|INR|JPY)"
_CURRENCY = rf"(?:(?:\b(?:US|CA|C|A|AU|NZ|HK|R|S))?[$€£¥₹]|\b{_CODES}\s)\s?"
_CURRENCY_AFTER = re.compile(rf"[ \u00a0]?[€£¥₹](?!\s?\d)|\s{_CODES}\b|\s(?i:dollars?|euros?)\b")
_SIGN = re.compile(rf"(?:[-–−(]\s?)?{_CURRENCY}[-–−(]?$|[-–−]$")
# "$5-7 million", "5–7%": neither end says all by itself.
_RANGE = re.compile(
    rf"(?<![\w.,-])(?P<one>{_CURRENCY})?\d[\d,.]*(?:[-–]| [-–] )(?P<two>{_CURRENCY})?\d(?:[\d,.]*\d)?(?![\d-])"
    rf"(?P<unit>{_UNIT.pattern})?",
    re.IGNORECASE,
)
_LOST_SHARE = re.compile(r"\)\s?%")  # "(2.0)%"
_BOUND = re.compile(r"[~≈<>≤≥#±]\s?$")  # "~15 %", "<5 %", "#41": another figure without it
_AREA = re.compile(r"(?:\+?1[-. ])?\(?\d{3}\)?[-. ]$")  # "(214) 987-4121"
_LOCAL = re.compile(r"\d{3}[-. ]\d{4}\b")
_CODE = re.compile(r"\b[A-Za-z]+[-‑](?=\d$)")  # "iodine-131", "COVID-19": one word
# Contacts come glued together: "Ann Bergmedia@acme.com" is Ann Berg's name and an address.
_MAILBOX = re.compile(rf"\b[A-Z][a-z]+?(?P<box>{MAILBOX})")
# "acme.com214.987.4121Email": a number of its own.
_PHONE = re.compile(r"(?<!\d)(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}(?!\d)")
_CLOSING = re.compile(r"[”\"’']?\)")
_AT_ENDS = " \n\t,;:.!?"
MOST_IN_BRACKETS = 40  # characters looked at for where a bracket opens


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The span widened to whole words and to figures with currency and unit, without punctuation at its ends.

    What is whole stays as it is.

    >>> text = "about US$4.4 billion, up"
    >>> text[slice(*whole(text, 9, 12))]
    'US$4.4 billion'
    """
    span = _stripped(text, start, end)
    while (wider := _stripped(text, *_widened(text, *span))) != span:
        span = wider
    return span


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with what belongs to it on both sides, looked for once: what was found may have more around it."""
    start, end = _within_words(text, start, end)
    start, end = _with_titles(text, start, end)
    start, end = _with_date(text, start, end)
    start, end = _with_range(text, start, end)
    end = _with_unit(text, start, end)
    if text[start].isdigit() and (sign := _SIGN.search(text, max(0, start - 7), start)):
        # "-" is a minus only where nothing stands before it: "2023-2024", "COVID-19".
        bare = sign.group().strip() in ("-", "–", "−")
        if not bare or sign.start() == 0 or text[sign.start() - 1] in " \n\t(|":
            start = sign.start()
    if text[start].isdigit() and _LOCAL.match(text, start) and (area := _AREA.search(text, max(0, start - 8), start)):
        start = area.start()
    if (text[start].isdigit() or text[start] in "$€£¥₹") and (bound := _BOUND.search(text, max(0, start - 2), start)):
        start = bound.start()
    if text[end - 1].isdigit() and text[end : end + 1] == "+" and not text[end + 1 : end + 2].isalnum():
        end += 1
    if text[max(0, start - 1) : start] == "(" and text[end : end + 1] == ")" and _is_cell(text, start - 1, end + 1):
        start, end = start - 1, end + 1  # a loss
    if text[max(0, start - 1) : start] == "(" and (share := _LOST_SHARE.match(text, end)):
        start, end = start - 1, share.end()
    if (opening := _opening(text, start, end)) is not None:
        start = opening
    is_open = text.count("(", start, end) > text.count(")", start, end)
    if is_open and (closing := _CLOSING.match(text, end)):
        end = _with_unit(text, start, closing.end())
    return start, end


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without punctuation at its ends; something of it is left.

    >>> _stripped("it rose, then", 3, 8), _stripped("by Acme Corp. of", 3, 13)
    ((3, 7), (3, 13))
    """
    while end - start > 1 and text[end - 1] in _AT_ENDS and not _abbreviated(text, start, end):
        end -= 1
    while end - start > 1 and text[start] in _AT_ENDS:
        start += 1
    return start, end


def _opening(text: str, start: int, end: int) -> int | None:
    """Where the bracket opens that is closed in the span, and not opened there, if that is near.

    >>> text = "Power (NYSE: SUN) (FSE: GY2)"
    >>> _opening(text, 13, 27), _opening(text, 18, 28)
    (6, None)
    """
    depth = 0
    for at in range(start, end):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth < 0:
            begin = text.rfind("(", max(0, start - MOST_IN_BRACKETS), start)
            return begin if begin >= 0 and ")" not in text[begin:start] else None
    return None


def _within_words(text: str, start: int, end: int) -> tuple[int, int]:
    if code := _CODE.search(text, max(0, start - 30), start + 1):
        start = code.start()
    around = max(0, start - 30)
    edges = {glued.start("box") for glued in _MAILBOX.finditer(text, around, min(len(text), end + 30))}
    for glued in _PHONE.finditer(text, around, min(len(text), end + 30)):
        edges |= set(glued.span())
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum() and start not in edges:
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum() and end not in edges:
        end += 1
    for match in _FIGURE.finditer(text, around, min(len(text), end + 30)):
        if match.start() < end and start < match.end():
            start, end = min(start, match.start()), max(end, match.end())
    if text[end : end + 1] == "." and _INITIALS.search(text, start, end + 1):
        end += 1
    return start, end


_WITH_STOPS = r"[A-Za-z]\.[A-Za-z]|Ph\.D"
_INITIALS = re.compile(rf"\b(?:{_WITH_STOPS})\.$")
_PARTICLES = frozenset("al bin da de del den der di du la le van von y".split())
_BEFORE_NAME = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir|Dame|Hon)\.? $")
_AFTER_NAME = re.compile(
    r"(?:,? (?:M\.?D|Ph\.?\s?D|D\.?Phil|Pharm\.?D|D\.?O|D\.?V\.?M|D\.?D\.?S|J\.?D|M\.?B\.?A|M\.?P\.?H|M\.?Sc|M\.?S"
    r"|B\.?Sc|M\.?B\.?B\.?S|R\.?N|P\.?\s?Eng|P\.?\s?Geo|C\.?P\.?A|C\.?F\.?A|F\.?A\.?C\.?[CPS]|FAHA|FRCPC?|M\.?H\.?S|Esq|Jr|Sr|OBE|CBE)\b\.?)+"
)


def _with_titles(text: str, start: int, end: int) -> tuple[int, int]:
    """A person's name with what stands before and after it by right: "Dr. Ann Berg", "Ann Berg, M.D., Ph.D."."""
    words = text[start:end].split()
    if len(words) < 2 or not all(word[0].isupper() or word in _PARTICLES for word in words):
        return start, end
    if before := _BEFORE_NAME.search(text, max(0, start - 12), start):
        start = before.start()
    after = _AFTER_NAME.match(text, end)
    return start, after.end() if after else end


_MONTH = rf"{MONTH}\b\.?"
_DATE = re.compile(rf"\b(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d\b|\d{{1,2}} {_MONTH} (?:19|20)\d\d\b)")


def _with_date(text: str, start: int, end: int) -> tuple[int, int]:
    """The span, widened to all of a date with a year of which it holds the day; a year alone stays alone."""
    for date in _DATE.finditer(text, max(0, start - 20), min(len(text), end + 20)):
        day = re.search(r"\b\d{1,2}(?:st|nd|rd|th)?\b", date[0])
        if day and date.start() < end and start < date.end() and start < date.start() + day.end() <= end:
            start, end = min(start, date.start()), max(end, date.end())
    return start, end


def _is_cell(text: str, start: int, end: int) -> bool:
    """Whether these characters are a whole cell of a table."""
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return "\t" in around and not around.strip()


def _with_range(text: str, start: int, end: int) -> tuple[int, int]:
    """The span, widened to all of a range whose ends share a currency or a unit.

    >>> _with_range("of $5-7 million", 3, 5), _with_range("of $5-7 million", 6, 15), _with_range("in 2023-2024", 8, 12)
    ((3, 15), (3, 15), (8, 12))
    """
    for found in _RANGE.finditer(text, max(0, start - 30), min(len(text), end + 30)):
        unit = (found["unit"] or "").strip()
        is_amount = len(unit) > 1 or unit == "%" or (found["one"] and unit)  # "10-12B" may be a form's number
        if (is_amount or (found["one"] and not found["two"])) and found.start() < end and start < found.end():
            start, end = min(start, found.start()), max(end, found.end())
    return start, end


def _with_unit(text: str, start: int, end: int) -> int:
    """The end of the span, or of the unit and currency after it if it ends in a figure, or in a loss's bracket."""
    if (unit := _UNIT.match(text, end)) and re.search(r"\d\)?$", text[start:end]):
        end = unit.end()
    currency = _CURRENCY_AFTER.match(text, end) if _AMOUNT_END.search(text, start, end) else None
    return currency.end() if currency else end


def _abbreviated(text: str, start: int, end: int) -> bool:
    """Whether the span ends in a full stop that belongs to its last word.

    >>> _abbreviated("Acme Corp.", 0, 10), _abbreviated("Ann Berg, M.D.", 0, 14), _abbreviated("It cost 5.", 0, 10)
    (True, True, False)
    """
    return text[end - 1] == "." and bool(_ABBREVIATION.search(text, start, end))


_AMOUNT_END = re.compile(rf"\d\)?{_SCALE}?$", re.IGNORECASE)
_ABBREVIATION = re.compile(rf"\b(?:sq\. ft|Inc|Corp|Ltd|Co|Cos|Jr|Sr|Bros|LP|No|{_WITH_STOPS})\.$")
