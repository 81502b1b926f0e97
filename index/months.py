"""Months and weekdays as English releases and questions write them.

`calendar.month_name` and ``%B`` follow the locale of the process: in a program that speaks German they are German.
"""

from __future__ import annotations

from datetime import date

MONTHS = tuple("January February March April May June July August September October November December".split())
WEEKDAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
# A month's name or what is short for it, as a pattern: whole words only with what stands around it.
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_NUMBERS = {name[:3].casefold(): number for number, name in enumerate(MONTHS, start=1)}


def month_number(name: str) -> int:
    """The number of a month, 1 to 12, by its name or what is short for it.

    >>> month_number("September"), month_number("sept"), month_number("MAY")
    (9, 9, 5)
    """
    return _NUMBERS[name[:3].casefold()]


def in_words(day: date) -> str:
    """The day as a person writes it.

    >>> in_words(date(2024, 5, 3))
    '3 May 2024'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
