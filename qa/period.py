"""Question -> the days, months, quarters and years that it names."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from index.months import MONTH, MONTHS, month_number

SOON = timedelta(days=100)  # after the end of a period: by then its results are out


class Period(NamedTuple):
    """From one day to another, both included.

    >>> may = Period(date(2024, 5, 1), date(2024, 5, 31))
    >>> may.fit(date(2024, 5, 3)), may.fit(date(2024, 6, 20)), may.fit(date(2024, 4, 30))
    (1.0, 0.5, 0.0)
    """

    first: date
    last: date

    def fit(self, day: date) -> float:
        """How well a release of this day fits a question about the period: 1 within it, a half soon after, else 0."""
        if self.first <= day <= self.last:
            return 1.0
        return 0.5 if self.last < day <= self.last + SOON else 0.0

    def moved(self, months: int) -> Period:
        """The period as many months later; what ends with a month still does.

        >>> Period(date(2024, 2, 1), date(2024, 2, 29)).moved(-12)
        Period(first=datetime.date(2023, 2, 1), last=datetime.date(2023, 2, 28))
        """
        after = self.last + timedelta(days=1)
        if self.first.day == 1 and after.day == 1:
            return Period(_month(self.first, months), _month(after, months) - timedelta(days=1))
        end = _month(after, months) - timedelta(days=1) if after.day == 1 else None
        first = end or _month(self.first, months) + timedelta(days=min(self.first.day, 28) - 1)
        return Period(first, first + (self.last - self.first))


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b"
_MONTH = rf"(?P<month>{MONTH})\b\.?"
_FISCAL = r"[ -](?:fiscal[ -])?"
_QUARTER = rf"(?:Q(?P<quarter>[1-4])|(?P<quarter_>[1-4])Q|(?P<ordinal>first|second|third|fourth){_FISCAL}quarter)"
_HALF = rf"(?:H(?P<half>[12])|(?P<half_>[12])H|(?P<half_ordinal>first|second){_FISCAL}half)"
_OF = r"(?:\s*,|\s+of|\s+in|\s+the|\s+fiscal|\s+year|\s+FY)*\s*"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
# Two figures are a year where nothing stands before them but a mark: "Q2'25", "2Q25", not "Q2 20% growth".
_SHORT_YEAR = r"(?:(?:\s*FY)?\s*['’]|\s*FY\s?|/)?(?P<short>\d\d)\b(?!\s?%|[.,]\d)"
_ANY_YEAR = rf"(?:(?:{_OF}|\s?[/–-]\s?){_YEAR}|{_SHORT_YEAR})"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<month_number>[01]\d)-(?P<day>[0-3]\d)\b",
        rf"\b{_MONTH}\s+{_DAY}{_OF}{_YEAR}",
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH}{_OF}{_YEAR}",
        rf"\b(?!(?-i:may)\b(?!\s+\d)){_MONTH}{_OF}{_YEAR}",  # "which may, in 2025, …" is of no month
        rf"\b{_QUARTER}{_ANY_YEAR}",
        rf"\b{_HALF}{_ANY_YEAR}",
        rf"\b(?P<year>(?:19|20)\d\d)(?:\s*[/–-]?\s*)(?:{_QUARTER}|{_HALF})\b",
        rf"(?<![\d$€£¥.,])\b(?:FY\s?)?{_YEAR}(?![.,]\d)",
        r"\bFY\s?['’]?(?P<short>\d\d)\b(?!\s?%|[.,]\d)",
        r"\b(?P<relative>last|previous|this|current)\s+(?P<unit>week|month|quarter|year)\b",
        r"\b(?P<near>yesterday|today)\b",
    )
)


def periods(question: str, today: date) -> list[Period]:
    """The periods that a question names, in no order; what stands within another is not counted again.

    Years are calendar years: releases seldom say when a company's own year ends.

    Args:
        today: what "last quarter" and the like are counted from.

    >>> periods("What was revenue in Q2 2025?", date(2026, 1, 1))
    [Period(first=datetime.date(2025, 4, 1), last=datetime.date(2025, 6, 30))]
    >>> periods("And last month?", date(2026, 1, 15))
    [Period(first=datetime.date(2025, 12, 1), last=datetime.date(2025, 12, 31))]
    """
    found: list[Period] = []
    taken = bytearray(len(question))
    for form in _FORMS:
        for match in form.finditer(question):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\1" * (end - start)
            if (period := _period(match.groupdict(), today)) is not None:
                found.append(period)
    return found


_RELATIVE = re.compile(
    r"\b(?:last|previous|this|current)\s+(?:week|month|quarter|year)\b|\b(?:yesterday|today)\b", re.IGNORECASE
)
_NO_DAY = date(9000, 6, 30)  # nothing is counted from it


def absolute(text: str) -> list[Period]:
    """The periods that a text names, but for those counted from a day that is not known.

    >>> absolute("up from last quarter, and from May 2024")
    [Period(first=datetime.date(2024, 5, 1), last=datetime.date(2024, 5, 31))]
    """
    return periods(_RELATIVE.sub(" - ", text), _NO_DAY)


# Up to a comma, unless a year follows it: "as of its latest release, how many came in May 2025" is of no day.
_AS_OF = re.compile(r"\bas (?:of|at)\b(?P<when>[^,?!;]*(?:,\s*(?:19|20)\d\d)?)", re.IGNORECASE)


def as_of(question: str, today: date | None = None) -> Period | None:
    """The day, or month, as of which a question is asked; ``None`` if it names none, or a quarter or a year.

    What a quarter was like is told when it is over, what was known on a day is not told later.

    Args:
        today: what "today" and "last month" are counted from; this day if not given.

    >>> as_of("As of May 5, 2025, who runs Acme?")
    Period(first=datetime.date(2025, 5, 5), last=datetime.date(2025, 5, 5))
    >>> as_of("As of Q1 2025, what was Acme's debt?"), as_of("Who ran Acme in May 2025?")
    (None, None)
    """
    match = _AS_OF.search(question)
    named = periods(match["when"], today or date.today()) if match else []
    found = min(named, key=lambda period: period.last - period.first, default=None)
    return found if found and found.last - found.first <= timedelta(days=31) else None


# What is told of it was so at some time, and need not be so now.
_PAST = re.compile(
    r"\b(?:19|20)\d\d(?=\b|[QH]\d)|\bFY\s?\d\d|\b(?:Q[1-4]|[1-4]Q|H[12]|[12]H)(?=\b|\d)"
    r"|\b(?i:first|second|third|fourth)[ -](?i:(?:fiscal[ -])?(?:quarter|half))\b"
    rf"|\b(?!(?<!\w\W)May (?!\d))(?:{'|'.join(MONTHS)})\b"  # "May shareholders …"
    r"|\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? \d"
    r"|\b(?i:(?:three|six|nine|twelve)[ -]months?|(?:last|prior|previous) (?:year|quarter|month)|founded)\b"
)
_NOW = re.compile(r"\b(?:now|current(?:ly)?|latest|newest|most recent(?:ly)?|today|still|so far)\b", re.IGNORECASE)


def is_of_the_past(question: str, query: str = "") -> bool:
    """Whether a question, or the conversation that it leans on, is about a period rather than about how things stand.

    >>> is_of_the_past("What was revenue in 2023?"), is_of_the_past("Who is CEO now, in 2025?")
    (True, False)
    """
    return bool(_PAST.search(question) or _PAST.search(query)) and not _NOW.search(question)


def _period(parts: dict[str, str | None], today: date) -> Period | None:
    """What one form of words stands for; ``None`` for a day that no calendar has."""
    if near := parts.get("near"):
        day = today - timedelta(days=near.casefold() == "yesterday")
        return Period(day, day)
    if unit := parts.get("unit"):
        return _relative(unit.casefold(), (parts["relative"] or "").casefold() in ("last", "previous"), today)
    short = parts.get("short")
    year = int(parts.get("year") or f"20{short}")
    quarter = _number(parts, "quarter", "quarter_", "ordinal")
    half = _number(parts, "half", "half_", "half_ordinal")
    if quarter:
        return _months(year, 3 * quarter - 2, 3)
    if half:
        return _months(year, 6 * half - 5, 6)
    name = parts.get("month")
    month = month_number(name) if name else int(parts.get("month_number") or 0)
    if not month:
        return _months(year, 1, 12)
    if not parts.get("day"):
        return _months(year, month, 1)
    try:
        day = date(year, month, int(parts["day"] or 0))
    except ValueError:
        return None
    return Period(day, day)


def _number(parts: dict[str, str | None], *names: str) -> int:
    said = next((value for name in names if (value := parts.get(name))), "")
    return _ORDINALS.get(said.casefold()) or int(said or 0)


def _relative(unit: str, is_last: bool, today: date) -> Period:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * is_last)
        return Period(monday, monday + timedelta(days=6))
    size = {"month": 1, "quarter": 3, "year": 12}[unit]
    months = 12 * today.year + (today.month - 1) // size * size - size * is_last
    return _months(months // 12, months % 12 + 1, size)


def _months(year: int, month: int, count: int) -> Period:
    first = date(year, month, 1)
    return Period(first, _month(first, count) - timedelta(days=1))


def _month(day: date, months: int) -> date:
    """The first day of a month as many months later."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
