"""Whether a figure or day is beyond a limit that a question names, and whether something rose or fell.

"Did Acme raise more than $10 million?" is a question for yes or no that arithmetic answers, once a reader has found
"approximately $8 million". What is not told for sure, because the units differ or the figure is near, is not said.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from index.months import MONTH
from qa.amount import amount_of, amount_pattern, fold
from qa.hedge import hedges
from qa.period import Period, absolute, periods
from qa.rank import STOP_WORDS

YesOrNo = Literal["yes", "no"]

_AT_LEAST = r"at least|no (?:less|fewer|lower) than|not (?:less|fewer) than|a minimum of|as (?:much|many|high|long) as"
_AT_MOST = r"at most|no (?:more|greater|higher|longer) than|not more than|a maximum of|as (?:little|few|low) as"
_ABOVE = (
    r"(?:more|greater|higher|larger|longer|better) than|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?"
    r"|in excess of|upwards of|north of|topp?(?:s|ed|ing)?|past(?= [$€£])"
)
_BELOW = r"(?:less|fewer|lower|smaller|shorter|cheaper) than|under|below|south of"
_AMOUNT = re.compile(amount_pattern())
# "a week" is one.
_ONE = re.compile(
    r"\ban? (?=(?:thousand|million|billion|dollar|euro|pound|cent|dozen|hour|day|week|month|year|decade|mile)\b)"
)
_LIMIT = re.compile(
    rf"\b(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})|(?P<above>{_ABOVE})|(?P<below>{_BELOW}))"
    rf"\s+(?:about |some )?(?P<amount>{amount_pattern()})"
)
_ABOUT = re.compile(r"(?:~|\b(?:about|around|approximately|roughly|some|circa|close to|an estimated))\s*$")
_NEARLY = re.compile(r"\b(?:nearly|almost|just (?:under|below|shy of))\s*$")
_FROM_ABOVE = re.compile(rf"\b(?:{_BELOW}|{_AT_MOST}|up to)\s*$")
_FROM_BELOW = re.compile(rf"(?:\b(?:{_ABOVE}|{_AT_LEAST})|>)\s*$")
_OR_MORE = re.compile(r"\+|\s(?:or more|or greater|plus|and (?:above|over|up))\b")
# Each in the first unit of its kind. Months and years are of different lengths: what is near is not told.
_UNITS = {
    unit: (kind, Decimal(size))
    for kind, sizes in {
        "time": "second:1 minute:60 hour:3600 day:86400 week:604800 month:2629746 year:31556952 decade:315569520",
        "length": "metre:1 meter:1 kilometre:1000 kilometer:1000 km:1000 mile:1609.344 foot:0.3048 feet:0.3048",
        "weight": "gram:1 kg:1000 kilogram:1000 tonne:1000000 pound:453.59237 lb:453.59237 ounce:28.349523125",
        "area": "hectare:10000 acre:4046.8564224",
        "power": "kw:1 mw:1000 gw:1000000",
        "volume": "litre:1 liter:1 gallon:3.785411784 barrel:158.987294928",
        "energy": "kwh:1 mwh:1000 gwh:1000000",
        "points": "point:1 basis:0.01",
    }.items()
    for unit, size in (each.split(":") for each in sizes.split())
}
_UNIT = re.compile(r"\+?[\s-]?(?:consecutive )?([a-z]+)")
# One end of a range, a part of a sum, a figure in words that are not read, an age: not told.
_RANGE = re.compile(r"^\s?(?:-|to\b|and\b)\s?[$€£]?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten)")
_OF_RANGE = re.compile(
    r"(?:\d%?|\b(?:one|two|three|four|five|six|seven|eight|nine))(?:\s?[a-z]{1,8})?\s?(?:-|to|and)\s?[$€£]?$"
)
_UNREAD = re.compile(
    r"\b(?:half|dozens?|quarters? of|thirds?|crores?|lakhs?|in (?:thousands|millions)|aged?|older|old|additional"
    r"|remaining|further|another|more of|tranche|upfront|initial|portion|of which|first day)\b|\d\s\d/\d|[½¼¾]"
)
_RATE = re.compile(
    r"\b(?:per|an?|each|every) (hour|day|week|month|quarter|year|share|unit|tonne|ton|ounce|patient)\b"
    r"|\b(hour|dai|week|month|quarter|year|annual)(?:ly|ized|ised)\b"
)
_RATES = {"dai": "day", "annual": "year"}
_LOSS = re.compile(r"\b(?:loss(?:es)?|lost|losing|negative|outflows?|deficit|burn(?:ed|s|ing)?)\b")
_HARMLESS = frozenset("nearly almost only".split())  # that `_bounds` reads, or that leave the figure as it is
_NEAR = 60  # characters on both sides of a quote that make less of it

# "Is it still to reach $5 million?"
_TURNED = re.compile(
    r"\b(?:(?:still|yet) to|fail(?:s|ed)?|miss(?:es|ed)?|short of|avoid(?:s|ed)?|unable|refuse[sd]?|without"
    r"|lack(?:s|ed)?|den(?:y|ies|ied)|barred|prevent(?:s|ed)?|stop(?:s|ped)?|never|not|unlikely)\b|n't\b"
)

_UP = re.compile(
    r"\b(?:gr[eo]w(?:s|n|ing|th)?|ris(?:e|es|en|ing)|rose|increas(?:e|es|ed|ing)|gain(?:s|ed)?|climb(?:s|ed|ing)?"
    r"|jump(?:s|ed)?|up|improv(?:e|es|ed|ing|ement)|expand(?:s|ed|ing)?|soar(?:s|ed)?|surg(?:e|es|ed)|higher|rall(?:y|ied)"
    r"|advanc(?:e|es|ed)|doubled|tripled|wid(?:er|en|ens|ened))\b"
)
_DOWN = re.compile(
    r"\b(?:f[ae]ll(?:s|en|ing)?|declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|drop(?:s|ped)?|down|shr[aiu]nk|shrink(?:s|ing)?"
    r"|lower|lowered|reduc(?:e|es|ed|tion)|cut|slid|slump(?:s|ed)?|plung(?:e|es|ed)|tumbl(?:e|es|ed)|narrow(?:s|ed|er)?)\b"
)
_RISE = re.compile(  # before a figure: how much more, not how much
    rf"(?:{_UP.pattern}|{_DOWN.pattern})[^,;]{{0,25}}\b(?:by|of)\s+$"
)
_ELSEWHERE = re.compile(r"[,;]|\b(?:compared|versus|up|down|from|and|while)\b")  # what comes then is of another figure


class _Bounds(NamedTuple):
    """Between which numbers something lies; an end that is open is not reached."""

    low: Decimal
    high: Decimal
    is_above: bool = False  # more than ``low``
    is_below: bool = False  # less than ``high``


class _Limit(NamedTuple):
    """What a question asks whether it is reached."""

    is_least: bool  # rather than most
    is_reached: bool  # by the number itself
    value: Decimal
    kind: str  # currency, "%" or dimension

    def told(self, bounds: _Bounds) -> YesOrNo | None:
        """Whether all that lies between the bounds is beyond the limit, or nothing."""
        if self.is_least:
            yes = bounds.low > self.value or (bounds.low == self.value and (self.is_reached or bounds.is_above))
            no = bounds.high < self.value or (bounds.high == self.value and (not self.is_reached or bounds.is_below))
        else:
            yes = bounds.high < self.value or (bounds.high == self.value and (self.is_reached or bounds.is_below))
            no = bounds.low > self.value or (bounds.low == self.value and (not self.is_reached or bounds.is_above))
        return "yes" if yes else "no" if no else None


def compared(question: str, quote: str, before: str = "", after: str = "") -> YesOrNo | None:
    """Whether the one figure in a quote is beyond the one limit in a question; ``None`` where that is not told.

    Args:
        before: what stands before the quote in its sentence.
        after: what stands behind it.

    >>> asked = "Did Acme raise more than $10 million?"
    >>> compared(asked, "approximately $8 million"), compared(asked, "$12M"), compared(asked, "€12M")
    ('no', 'yes', None)
    >>> compared("Did revenue grow by over 5%?", "7%", before="Revenue fell "), compared("Was it over 5%?", "about 5%")
    ('no', None)
    >>> [compared("Has it over 100 clients?", words) for words in ("for 120 clients", "for 120 users")]
    ['yes', None]
    """
    asked, said, ahead = fold(question), fold(quote), fold(before)
    limits = list(_LIMIT.finditer(_ONE.sub("1 ", asked)))
    if len(limits) != 1 or is_hedged(asked, f"{ahead[-_NEAR:]} {said}") or _UNREAD.search(f"{ahead[-25:]} {said}"):
        return None
    limit, figures = _limit(limits[0]), _figures(said, ahead)
    alike = [each for each in figures if limit and each.kind == limit.kind]
    rest = _ONE.sub("1 ", asked).replace(limits[0][0], " ")
    if limit is None or len(alike) != 1 or any(each.kind == limit.kind != "" for each in _figures(rest, "")):
        return None
    figure = alike[0]
    if _is_of_another_time(question, f"{quote} {_ELSEWHERE.split(after)[0]}"):
        return None
    is_loss = _is_loss(f"{ahead[-_NEAR:]} {said}")
    if _is_of_another_rate(rest, f"{said} {fold(after)[:25]}") or is_loss != _is_loss(asked):
        return None
    change = way(asked.replace(limits[0][0], " "))
    if change and not figure.is_level:
        told = way(f"{ahead[-40:]} {said[: figure.start]}") or way(said[figure.start :][:30])
        if told and told != change:
            return "no" if limit.is_least else None
    elif change or figure.is_change:
        return None  # asked for a change, a level is told, or the other way round
    behind = f"{said[figure.start :]} {fold(after)}"[:_NEAR]
    if limit.kind == "" and (limit.value == 1 or not _is_of_same(limits[0], behind)):
        return None
    return limit.told(figure.bounds)


def is_hedged(asked: str, said: str) -> bool:
    """Whether folded words that answer are hedged as the question is not, or the question turns them round."""
    return bool(hedges(said) - hedges(asked) - _HARMLESS) or bool(_TURNED.search(asked))


def _is_loss(text: str) -> bool:
    return bool(_LOSS.search(text))


def _is_of_another_rate(asked: str, said: str) -> bool:
    """Whether "per month" is asked for and "annually" told, or a figure for each share that nobody asked for."""
    one, other = _rates(asked), _rates(said)
    is_of_shares = "share" in other and not re.search(r"\b(?:shares?|stock)\b", asked)
    return is_of_shares or bool(one and other and one != other)


def _rates(text: str) -> set[str]:
    found = (one or two for one, two in _RATE.findall(text))
    return {_RATES.get(each, each) for each in found}


def _is_of_another_time(question: str, said: str) -> bool:
    """Whether a question names a period, and what is said another."""
    wanted, named = absolute(question), absolute(said)
    return bool(wanted and named) and not any(
        one.first <= other.last and other.first <= one.last for one in wanted for other in named
    )


def _is_of_same(limit: re.Match[str], said: str) -> bool:
    """Whether folded text has one of the words that tell what a limit of more than one counts."""
    counted = [word for word in re.findall(r"[a-z]{3,}", limit.string[limit.end() :]) if word not in STOP_WORDS][:3]
    has = {word.removesuffix("s") for word in re.findall(r"[a-z]+", said)}
    return bool(has & {word.removesuffix("s") for word in counted})


def _limit(match: re.Match[str]) -> _Limit | None:
    """The limit in a question; ``None`` for a year."""
    text = match.string
    figure = _AMOUNT.match(text, match.start("amount"))
    if figure is None or _is_year(figure):
        return None
    kind, size = _measure(figure)
    value = amount_of(figure).value * size
    return _Limit(bool(match["least"] or match["above"]), bool(match["least"] or match["most"]), value, kind)


class _Figure(NamedTuple):
    """A figure in folded text."""

    start: int
    kind: str
    bounds: _Bounds
    is_level: bool  # "rose to 5%"
    is_change: bool  # "rose 5%", "rose by 5%"


def _figures(text: str, before: str) -> list[_Figure]:
    """The figures of a text; no years, parts of names, ends of ranges and negative ones."""
    text, ahead = _ONE.sub("1 ", text), before[-_NEAR:] + " " if before else ""
    found = []
    for match in _AMOUNT.finditer(text):
        front = (ahead + text[max(0, match.start() - _NEAR) : match.start()])[-_NEAR:]
        behind = text[match.end() : match.end() + _NEAR]
        is_part = re.search(r"[\w#-]$", front) or re.match(r"\w|-plus\b", behind)
        is_range = _RANGE.match(re.sub(r"^[\s-]?[a-z%]*", "", behind, count=1)) or _RANGE.match(behind)
        amount, last = amount_of(match), re.sub(r"(?:approximately|about|nearly|around|over|more than)\s+$", "", front)
        is_loss = amount.negative or (front[-1:], behind[:1]) == ("(", ")")
        if is_part or is_loss or is_range or _OF_RANGE.search(front) or _is_year(match):
            continue
        kind, size = _measure(match)
        low, high, *open_ = _bounds(amount.value, front, behind)
        is_change = bool(_RISE.search(last) or re.search(rf"(?:{_UP.pattern}|{_DOWN.pattern})\s+$", last))
        is_level = bool(re.search(r"\bto\s+$", last))
        found.append(_Figure(match.start(), kind, _Bounds(low * size, high * size, *open_), is_level, is_change))
    return found


def _bounds(value: Decimal, before: str, after: str) -> _Bounds:
    """What "about", "more than" and the like leave open; a figure said to be about so is rounded to its last digit."""
    last = Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))
    if _FROM_BELOW.search(before) or _OR_MORE.match(after):
        return _Bounds(value, Decimal("inf"), is_above=bool(re.search(rf"(?:\b(?:{_ABOVE})|>)\s*$", before)))
    if _NEARLY.search(before):
        return _Bounds(value - last, value, is_below=True)
    if _FROM_ABOVE.search(before):
        return _Bounds(Decimal("-inf"), value, is_below=bool(re.search(rf"\b(?:{_BELOW})\s*$", before)))
    if _ABOUT.search(before):
        return _Bounds(value - last / 2, value + last / 2)
    return _Bounds(value, value)


def _measure(figure: re.Match[str]) -> tuple[str, Decimal]:
    """Kind of a figure (currency, percent, dimension; empty for what is counted) and how large its unit is."""
    amount = amount_of(figure)
    if amount.currency or amount.percent:
        return amount.currency or "%", Decimal(1)
    word = _UNIT.match(figure.string, figure.end())
    name = word[1] if word else ""
    if name in ("cent", "cents"):
        return "$", Decimal("0.01")
    return _UNITS.get(name) or _UNITS.get(name.removesuffix("s")) or ("", Decimal(1))


def _is_year(figure: re.Match[str]) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", figure[0]))


def way(text: str) -> str:
    """Whether folded text tells of a rise or a fall: the word for it that comes last; empty for neither."""
    ways = [(match.start(), way) for way, form in (("up", _UP), ("down", _DOWN)) for match in form.finditer(text)]
    return max(ways)[1] if ways else ""


_DAY = (
    rf"(?:{MONTH}\b|Q[1-4]|[1-4]Q|H[12]|FY|(?:first|second|third|fourth)\b|(?:19|20)\d\d|[0-3]?\d\s(?:of\s)?{MONTH}\b)"
)
_DAY_LIMIT = re.compile(
    r"\b(?:(?P<before>before|earlier than|prior to|ahead of)|(?P<by>by|no later than)|(?P<after>after|later than))\s+"
    r"(?P<when>(?:the\s+)?(?:(?:end|close|start|beginning|middle)\s+of\s+|mid-?\s?|early\s+|late\s+)?(?:the\s+)?"
    rf"{_DAY}[^?]*)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:last|previous|prior|this|current|next|coming|yesterday|today)\b", re.IGNORECASE)
# A bound, not a day; or what goes on after it; or a year that is not the calendar's.
_BOUND = re.compile(
    r"\b(?:after|before|by|until|since|than|as early as|from|following|at least|start\w*|beg[aiu]n\w*)\s", re.IGNORECASE
)
_ASKS_HOW_LONG = re.compile(
    r"\b(?:runs?|running|lasts?|extend\w*|valid|continu\w*|expir\w*|stretch\w*|remain\w*|until|due|fiscal|FY)\b",
    re.IGNORECASE,
)


def dated(question: str, quote: str, before: str = "", today: date | None = None) -> YesOrNo | None:
    """Whether the one day or period that a quote names lies before, or after, the limit that the question sets.

    >>> dated("Will the merger close before July 2025?", "in the second quarter of 2025")
    'yes'
    >>> dated("Will it close by the end of May 2025?", "June 3, 2025"), dated("Did it close by 2025?", "in May")
    ('no', None)
    """
    limits, said = list(_DAY_LIMIT.finditer(question)), f"{before[-_NEAR:]}{quote}"
    if len(limits) != 1 or _ASKS_HOW_LONG.search(question) or is_hedged(fold(question), fold(said)):
        return None
    if _RELATIVE.search(quote) or _BOUND.search(f"{before[-20:]}{quote}") or re.search(r"\bfiscal\b|\bFY", quote):
        return None
    if (change := way(fold(question))) and (told := way(fold(said))) and change != told:
        return None
    today = today or date.today()
    set_, named = periods(limits[0]["when"], today), periods(quote, today)
    if len(set_) != 1 or len(named) != 1:
        return None
    return _placed(limits[0], set_[0], named[0])


def _placed(limit: re.Match[str], set_: Period, named: Period) -> YesOrNo | None:
    if limit["after"]:
        return "yes" if named.first > set_.last else "no" if named.last <= set_.last else None
    last = set_.last if limit["by"] else set_.first
    yes = named.last <= last if limit["by"] else named.last < last
    no = named.first > last if limit["by"] else named.first >= last
    return "yes" if yes else "no" if no else None
