"""Answer text -> a comparable form in which numbers, signs, units and dates are kept apart.

>>> normalize("The ($0.15)"), normalize("$3.2 billion"), normalize("-4 percent")
(('-$0.15',), ('$3200000000',), ('-4%',))
>>> normalize("Monday, Nov. 4, 2024"), normalize("second quarter of 2025")
(('2024-11-04',), ('2025-q2',))

The normaliser of SQuAD (Rajpurkar et al. 2016) deletes punctuation, so that "$3.2 billion" equals "$32 billion", "-4%"
equals "4%" and "($0.15)" equals "$0.15". Here a list of rules reads the text from left to right (``_RULES``, the first
that matches wins); what no rule reads is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.amount import BEFORE, SCALE, SCALES, Amount, amount_of, amount_pattern, currency_of, fold

Tokens = tuple[str, ...]
ARTICLES = frozenset({"a", "an", "the"})


def normalize(answer: str) -> Tokens:
    """The comparable tokens of an answer, in order. Each token alone normalises to itself.

    * amount: sign, currency, value and percent in one token: ``-$0.15``, ``eur5``, ``1250000``, ``4%``
    * date and period: ``2024-11-04``, ``2024-11``, ``--11-04`` (no year said), ``2025-q2``, ``q2``, ``fy2025``
    * word: case and accents folded; no article, unless it comes last ("Vitamin A"); no possessive s

    >>> normalize("1,250,000 shares") == normalize("1.25 million shares")
    True
    >>> normalize("BIO-Europe®"), normalize("the U.S. FDA's nod")
    (('bio', 'europe'), ('us', 'fda', 'nod'))
    >>> normalize("$4-6 billion") == normalize("between $4 billion and $6 billion")
    True
    """
    text = fold(answer)
    tokens: list[str] = []
    place = 0
    while place < len(text):
        for pattern, tokens_of in _RULES:
            if match := pattern.match(text, place):
                tokens += tokens_of(match)
                place = match.end()
                break
        else:
            place += 1
    return tuple(token for n, token in enumerate(tokens) if token not in ARTICLES or n == len(tokens) - 1)


# -- amounts -----------------------------------------------------------------------------------------------------------


def _plain(match: re.Match[str]) -> list[str]:
    return [amount_of(match).token]


def _range(match: re.Match[str]) -> list[str]:
    """Both ends of a range, with what the text writes once: "$4-6 billion", "8 to 10%", "4-6 million dollars".

    "4,306% to $178,000" and "$5 million to 300 holders" are no ranges: nothing is handed from one end to the other.
    """
    low, high = amount_of(match, "_a"), amount_of(match, "_b")
    if not (low.scale or low.percent) and len(low.digits.partition(".")[0]) <= 3:  # 1,500,000 is not millions
        low = low._replace(scale=high.scale)
    if not high.currency and not high.percent and low.scale == high.scale and (high.scale or "-" in match["sep"]):
        high = high._replace(currency=low.currency)
    if not low.currency and not low.percent and match["after_b"]:
        low = low._replace(currency=high.currency)
    low = low._replace(percent=low.percent or (high.percent and not low.currency))
    return [low.token, "to", high.token]


def _restated(match: re.Match[str]) -> list[str]:
    """An amount and, in brackets, itself again or in another unit: "fourteen (14)", "C$7 million (US$5 million)"."""
    first, again = amount_of(match, "_a").token, amount_of(match, "_b").token
    return [first] if first == again else [first, again]


def _bracketed(match: re.Match[str]) -> list[str]:
    """An amount in accounting brackets is negative; "(55%)", "(2024)" and "($5 million)" in a sentence are asides."""
    inside = amount_of(match)
    outside = {part: match[part] or "" for part in ("outer_currency", "outer_scale", "outer_percent")}
    alone = match[0] == match.string
    figure = not inside.percent and not inside.scale and (inside.currency or re.search("[.,]", match["number"]))
    amount = Amount(
        negative=bool(inside.negative or alone or figure or any(outside.values())),
        currency=inside.currency or currency_of(outside["outer_currency"].strip(), 0),
        digits=inside.digits,
        scale=inside.scale or SCALES.get(outside["outer_scale"], 0),
        percent=inside.percent or bool(outside["outer_percent"]),
    )
    return [amount.token]


# -- dates and periods -------------------------------------------------------------------------------------------------

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NOT_MAY = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_MONTH = rf"(?P<month>{_NOT_MAY}|may)\b\.?"
_DAY = r"(?P<day>0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?\b(?![.,]?[0-9])"
_YEAR = r"(?P<year>[12][0-9]{3})\b(?![.,]?[0-9])"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s)?"
_ISO_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_ISO_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_PART = (
    r"(?:(?P<letter>[qh])(?P<digit>[1-4])|(?P<digit_first>[1-4])(?P<letter_last>[qh])"
    rf"|(?P<ordinal>{'|'.join(_ORDINALS)})[\s-](?:fiscal[\s-])?(?P<unit>quarter|half))"
)
_GLUED = r"(?(digit_first)|(?!))"  # "2Q25"
_OF_YEAR = r"(?:,?\s(?:of\s)?(?:the\s)?(?:(?:fiscal|calendar)\s)?(?:year\s)?(?:fy\s?)?|\s?fy)"


def _date(match: re.Match[str]) -> list[str]:
    """ISO 8601, as much of it as is said: ``2024-11-04``, ``2024-11``, ``--11-04``."""
    found = match.groupdict()
    month = found["month"] if found["month"].isdigit() else f"{_MONTHS.index(found['month'][:3]) + 1:02}"
    day = f"-{int(found['day']):02}" if found.get("day") else ""
    return [f"{found.get('year') or '-'}-{month}{day}"]


def _period(match: re.Match[str]) -> list[str]:
    """Quarter or half, of a year if one is said; a fiscal year is not a calendar year."""
    found = match.groupdict()
    letter = found["letter"] or found["letter_last"] or found["unit"][0]
    digit = found["digit"] or found["digit_first"] or _ORDINALS[found["ordinal"]]
    year = found.get("year") or (found.get("short_year") and f"20{found['short_year']}")
    fiscal = "fy" if re.search("fiscal|fy", match[0]) else ""
    return [f"{fiscal}{year}-{letter}{digit}" if year else f"{letter}{digit}"]


def _fiscal_year(match: re.Match[str]) -> list[str]:
    return ["fy" + (match["year"] or f"20{match['short_year']}")]


# -- words -------------------------------------------------------------------------------------------------------------

# Letters, digits and marks: whatever is not white space, punctuation or a symbol.
_CHARACTER = r"(?:[^\W_]|[^\s\x00-\xbf\u2000-\u2bff\u3000-\u303f])"


def _as_is(match: re.Match[str]) -> list[str]:
    return [match[0]]


def _abbreviation(match: re.Match[str]) -> list[str]:
    return list(normalize(match[0].replace(".", "")))


def _ampersand(match: re.Match[str]) -> list[str]:
    return ["and"]


def _nothing(match: re.Match[str]) -> list[str]:
    return []


_RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], list[str]]]] = [
    (re.compile(pattern), tokens_of)
    for pattern, tokens_of in [
        (rf"{_WEEKDAY}{_MONTH}\s{_DAY}(?:\s?,\s?|\s){_YEAR}", _date),
        (rf"{_WEEKDAY}{_DAY}\s(?:of\s)?{_MONTH}(?:\s?,\s?|\s){_YEAR}", _date),
        (rf"(?P<year>[12][0-9]{{3}})-{_ISO_MONTH}-{_ISO_DAY}(?![\w-])", _date),
        (rf"{_MONTH}(?:\s?,\s?|\s)(?:of\s)?{_YEAR}", _date),
        (rf"{_MONTH}\s{_DAY}", _date),
        (rf"{_DAY}\sof\s{_MONTH}", _date),
        (rf"{_DAY}\s(?P<month>{_NOT_MAY})\b\.?", _date),  # "Phase 3 may start" names no day
        (rf"(?P<year>[12][0-9]{{3}})-{_ISO_MONTH}(?![\w-])", _date),
        (rf"--{_ISO_MONTH}-{_ISO_DAY}(?![\w-])", _date),
        (rf"(?:fiscal\s(?:year\s)?|fy\s?)?{_YEAR}[\s-](?:fiscal\s)?{_PART}\b", _period),
        (rf"(?:fiscal\s)?{_PART}(?:{_OF_YEAR}{_YEAR}|(?:\s?'|{_GLUED})(?P<short_year>[0-9]{{2}})\b)", _period),
        (rf"(?![1-4]h)(?:fiscal\s)?{_PART}\b", _period),  # "2h" alone is two hours
        (rf"(?:fiscal\s(?:year\s)?|fy\s?)(?:{_YEAR}|'?(?P<short_year>[0-9]{{2}})\b)", _fiscal_year),
        (r"[0-9]+(?:st|nd|rd|th)\b", _as_is),
        (rf"{amount_pattern('_a')}(?P<sep>-|\s-\s|\sto\s){amount_pattern('_b', '_a')}", _range),
        (rf"between\s{amount_pattern('_a')}(?P<sep>\sand\s){amount_pattern('_b', '_a')}", _range),
        (rf"{amount_pattern('_a')}\s?\(\s?{amount_pattern('_b')}\s?\)", _restated),
        (
            rf"(?P<outer_currency>(?:{BEFORE})\s?)?\(\s?{amount_pattern()}\s?\)"
            rf"(?:\s?(?P<outer_scale>{SCALE})|\s?(?P<outer_percent>%))?",
            _bracketed,
        ),
        (amount_pattern(), _plain),
        (r"[^\W\d_](?:\.[^\W\d_])+(?!\w)", _abbreviation),
        (rf"{_CHARACTER}*[0-9](?:[.,][0-9]+)+", _as_is),  # "1.2.3", "web2.0", "12,34"
        (rf"{_CHARACTER}+", _as_is),
        (r"'s\b", _nothing),
        (r"&", _ampersand),
    ]
]
