"""Whether a figure or day is beyond a limit that a question names, and whether something rose or fell.

"Did Acme raise more than $10 million?" is a question for yes or no that arithmetic answers, once a reader has found
"approximately $8 million". What is not told for sure, because the units differ or the figure is near, is not said.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from qa.amount import amount_of, amount_pattern, fold
from qa.period import Period, periods

YesOrNo = Literal["yes", "no"]

_AT_LEAST = r"at least|no (?:less|fewer|lower) than|not (?:less|fewer) than|a minimum of|as (?:much|many|high|long) as"
_AT_MOST = r"at most|no (?:more|greater|higher|longer) than|not more than|a maximum of|up to|as (?:little|few|low) as"
_ABOVE = (
    r"(?:more|greater|higher|larger|longer|better) than|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?"
    r"|in excess of|upwards of|north of|past|beyond|topp?(?:s|ed|ing)?"
)
_BELOW = r"(?:less|fewer|lower|smaller|shorter|cheaper) than|under|below|south of"
_AMOUNT = re.compile(amount_pattern())
# "a week" is one, "half of" a share.
_ONE = re.compile(
    r"\ban? (?=(?:thousand|million|billion|dollar|euro|pound|cent|dozen|hour|day|week|month|year|decade|mile)\b)"
)
_LIMIT = re.compile(
    rf"\b(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST})|(?P<above>{_ABOVE})|(?P<below>{_BELOW}))"
    rf"\s+(?:about |some )?(?P<amount>{amount_pattern()})"
)
_ABOUT = re.compile(r"(?:~|\b(?:about|around|approximately|roughly|some|circa|close to|an estimated))\s*$")
_NEARLY = re.compile(r"\b(?:nearly|almost|just (?:under|below|shy of))\s*$")
_FROM_ABOVE = re.compile(rf"\b(?:{_BELOW}|{_AT_MOST})\s*$")
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
# "Is it still to reach $5 million?" turns everything round.
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
    asked, said = fold(question), fold(quote)
    limits = list(_LIMIT.finditer(_ONE.sub("1 ", asked)))
    if len(limits) != 1 or _TURNED.search(asked) or _TURNED.search(said):
        return None
    limit = _limit(limits[0])
    figures = [each for each in _figures(said, fold(before)) if each[0] == limit.kind] if limit else []
    if limit is None or len(figures) != 1:
        return None
    change, told = way(asked), way(f"{fold(before)[-40:]} {said}")
    if change and told and change != told:
        return "no" if limit.is_least else None
    if limit.kind == "" and not _is_of_same(limits[0], f"{fold(before)} {said} {fold(after)}"):
        return None
    return limit.told(figures[0][1])


def _is_of_same(limit: re.Match[str], said: str) -> bool:
    """Whether folded text has one of the words that tell what a limit counts."""
    counted = re.findall(r"[a-z]{3,}", limit.string[limit.end() :])[:3]
    return bool(
        {word.removesuffix("s") for word in counted} & {w.removesuffix("s") for w in re.findall(r"[a-z]+", said)}
    )


def _limit(match: re.Match[str]) -> _Limit | None:
    """The limit in a question; ``None`` for a year."""
    text = match.string
    figure = _AMOUNT.match(text, match.start("amount"))
    if figure is None or _is_year(figure):
        return None
    kind, size = _measure(figure)
    value = amount_of(figure).value * size
    return _Limit(bool(match["least"] or match["above"]), bool(match["least"] or match["most"]), value, kind)


def _figures(text: str, before: str) -> list[tuple[str, _Bounds]]:
    """Kind and bounds of each figure in folded text, years and parts of names apart."""
    text, ahead = _ONE.sub("1 ", text), before + " " if before else ""
    found = []
    for figure in _AMOUNT.finditer(text):
        is_part = re.search(r"[\w#-]$", text[: figure.start()]) or re.match(r"\w|-plus\b", text[figure.end() :])
        if is_part or _is_year(figure):
            continue
        kind, size = _measure(figure)
        low, high, *open_ = _bounds(amount_of(figure).value, ahead + text[: figure.start()], text[figure.end() :])
        found.append((kind, _Bounds(low * size, high * size, *open_)))
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


_DAY_LIMIT = re.compile(
    r"\b(?:(?P<before>before|earlier than|prior to|ahead of)|(?P<by>by(?: the)?(?: end of)?|no later than)"
    r"|(?P<after>after|later than|past|beyond))\s+(?P<when>[^?]+)",
    re.IGNORECASE,
)

_RELATIVE = re.compile(r"\b(?:last|previous|prior|this|current|next|coming|yesterday|today)\b", re.IGNORECASE)


def dated(question: str, quote: str, today: date | None = None) -> YesOrNo | None:
    """Whether the one day or period that a quote names lies before, or after, the limit that the question sets.

    >>> dated("Will the merger close before July 2025?", "in the second quarter of 2025")
    'yes'
    >>> dated("Will it close by the end of May 2025?", "June 3, 2025"), dated("Did it close by 2025?", "in May")
    ('no', None)
    """
    limits = list(_DAY_LIMIT.finditer(question))
    if len(limits) != 1 or _TURNED.search(fold(question)) or _TURNED.search(fold(quote)) or _RELATIVE.search(quote):
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
