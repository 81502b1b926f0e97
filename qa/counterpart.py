"""A figure, and those of earlier periods beside it -> the one of the period that a question asks about.

"Revenue was $14.1 million, up from $13.6 million in Q2 2023": a reader who looks for a revenue may take either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from index.months import MONTH, month_number
from index.release import Release, Span
from qa.period import Period, absolute
from qa.rank import content_words, stems
from qa.whole import whole

_SOME = (
    r"(?:(?:approximately|about|around|nearly|over|just|only|roughly|almost|(?:more|less)\s+than|(?:up|down)\s+to)\s+)?"
)
_OF = r"(?:the\s+)?(?:an?\s+(?:\w+\s+){1,3}of\s+)?"
# What stands between a figure and the earlier one it is compared to.
_COMPARED = re.compile(r"\b(?:compared|versus|vs|against|relative to)\b", re.IGNORECASE)
_FROM = re.compile(rf"\bfrom\s+{_OF}{_SOME}$", re.IGNORECASE)
_TO = re.compile(rf"\bto\s+{_OF}{_SOME}$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:r[io]s\w*|gr[eo]w\w*|increas\w*|decreas\w*|decline\w*|f[ae]ll\w*|dropp?\w*|improv\w*|expan[ds]\w*|narrow\w*"
    r"|climb\w*|jump\w*|soar\w*|surg\w*|reduc\w*|rais\w*|cut|went|up|down|widen\w*|doubl\w*|tripl\w*|shr[aiu]nk\w*|slip\w*"
    r"|advanc\w*|higher|lower)\b",
    re.IGNORECASE,
)
# "declined $14.09", "up 154%": by how much, not what it is.
_BY = re.compile(rf"(?:{_CHANGE.pattern})(?:\s+(?:by|of))?\s+{_SOME}$", re.IGNORECASE)
_FIGURE = re.compile(r"(?<![\w.,/-])\d(?:[\d,.]*\d)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBERED = re.compile(rf"(?:\b{MONTH}\.?|\b(?i:quarter|form|phase|no\.)|#)\s?$")  # "May 5", "Form 8"
_MONEY = re.compile(r"[$€£¥₹]|\b(?:USD|EUR|CAD|AUD|GBP|CHF|INR|JPY|RMB|euros?|dollars?)\b")
_EACH = re.compile(r"\s+(?:per|an?)\s+(?:\w+\s+)?(?:share|unit|ton(?:ne)?|ounce|oz|pound|lb)\b")
_UNIT = re.compile(r"\s[A-Z]{2,}(?:/s)?\b")  # "551 MW", "11.1 EH/s"
_ON_TO = re.compile(r"^[^,;]{0,30}?\bto\s")  # "from 3,368 to 4,173": what it was compared to comes after it
_CLAUSE = re.compile(r",(?!\s*(?:19|20)\d\d)(?<!\d\d\d\d,)|\b(?:while|and)\b")
_PART = re.compile(r"\b(?:including|of which|representing)\b[^,;]{0,40}$")
_NOUN = re.compile(r"\s(?!in\b|at\b|for\b|on\b|as\b|a\b|the\b|and\b|to\b|from\b)[a-z]{3,}")
_NEXT = re.compile(r"\d\s[a-z]+\s(?:\w+\s){1,2}$")
_GUIDANCE = re.compile(r"\b(?:guidance|outlook|targets?|forecasts?)\b", re.IGNORECASE)
_RANGE = re.compile(r"\brang\w+\s+from\s")
_OR = re.compile(r"\bor\s+$")
_MEASURE = re.compile(rf"(\w{{4,}}) of\s+{_SOME}$", re.IGNORECASE)
_AGAIN = re.compile(
    r"^\s?(?:\w+\s)?\((?:approximately\s|about\s|or\s|nearly\s)?[A-Z]{0,3}\s?[$€£¥]?\s?$"
)  # "$5 million (€4.6 million"
_PER_SHARE = re.compile(r"^,?\s+or\s+[($\d.,)]+\s+(?:\w+\s+)?per\s+(?:\w+\s+)*?share,?")
_ASIDE = re.compile(r"\([^()]*\)")
_AND = re.compile(r"^[^;]{0,60}?\band\s+(?:(?:from|to|with)\s+)?$")
_END = re.compile(
    r";|,(?!\s*(?:19|20)\d\d)|\.$|\.\s(?!(?:19|20)?\d\d)|\b(?:and|while|due|driven|as|reflecting|representing|thanks)\b"
)
# A period ahead that is not the figure's: "In its February 2025 report", "Compared to 2023".
_NO_PERIOD = re.compile(r"\b(?:compared|following|report|announced|release|dated|guidance|target)\b", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?:prior|previous|preceding|last|year)[- ](?:\w+ )?(?:year|ago|earlier|period|quarter)|\byear[- ]over[- ]year\b"
    r"|\b(?:same|comparable|corresponding)\b|\b(?:a|one|the) year (?:ago|earlier|before|prior)|\by/y\b|\byoy\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[;:]|(?<!\bSept)(?<!\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec))\.\s")
_QUARTER_AGO = re.compile(
    r"\b(?:prior|previous|preceding|last)[- ](?:sequential )?quarter\b|\bsequentially\b|\bquarter[- ]over[- ]quarter\b",
    re.IGNORECASE,
)
# No period of what is told.
_BEYOND = re.compile(r"\b(?:since|until|before|after)\s+[^,;]{0,20}", re.IGNORECASE)
_ASKS_EARLIER = re.compile(
    r"\b(?:prior|previous|preceding)[- ](?:\w+[- ]){0,2}?(?P<unit>year|quarter|period|half)\b"
    r"|\b(?:a|one|the)(?: fiscal| full)? (?P<unit_>year|quarter)"
    r" (?:(?:just|right|immediately) )?(?:earlier|ago|before|prior)\b"
    r"|\byear[- ](?:ago|earlier)\b|\b(?:twelve|12) months (?:before|earlier)"
    r"|\bbefore (?:it|they|being|that|the (?:\w+ ){0,3}(?:amendment|increase|raise|rise|cut|revision|change))\b"
    r"|\bused to (?:be|have|expect|target|forecast|promise|plan)\b|\b(?:originally|previously)\b"
    r"|\b(?:prior|previous|earlier|original|initial|old) (?:\w+ )?(?:guidance|target|outlook|forecast|estimate)\b",
    re.IGNORECASE,
)
_QUARTER = re.compile(r"\b(?:[QH][1-4]|[1-4][QH])\W?\s?(?:(?:19|20)?\d\d)\b")
# Not of a thing: "notes issued in 2019", "the 2021 warrants".
_WHEN = re.compile(
    r"(?<!ed )(?<!sold )(?<!built )\b(?:in|for|during|as of|(?:end|quarter|half|months|year) of|ended)\s+"
    r"(?:the\s+)?([^,?]{0,25})",
    re.IGNORECASE,
)
_COMPARED_TO = re.compile(r"\b(?:compared|versus|vs|against|relative|than|after|over)\b", re.IGNORECASE)
_ASKS_CHANGE = re.compile(
    r"\bby (?:how|what)\b|\bhow (?:did|does|has|fast)\b|\bchanged?\b|\bgrowth\b|\bhow much (?:more|less|higher|lower)\b"
    r"|\b(?:increase|decrease|decline|drop|rise) (?:in|of|by)\b|^\W*(?:is|are|was|were|does|do|did|has|have|had)\b",
    re.IGNORECASE,
)
_ASKS_RESULT = re.compile(
    r"\b(?:ris|r[io]se|gr[eo]w|climb|increas|f[ae]ll|drop|declin|decreas|narrow|widen|improv|jump|surg|soar|expand|shr[aiu]nk)"
    r"(?:e|s|ed|es|n|ing)?\s+to\b",
    re.IGNORECASE,
)
# Whether one is more than the other, or how they compare: both are asked for.
_ASKS_BOTH = re.compile(
    rf"^\W*(?:is|are|was|were|do|does|did|has|have|had)\b.*?(?:{_CHANGE.pattern}"
    r"|\b(?:more|less|better|worse|smaller|larger|bigger|greater|beat|chang\w*)\b)"
    r"|\bhow\s+(?:did|do|does|has|have|is|was|were)\b.*\b(?:compar\w*|chang\w*)\b",
    re.IGNORECASE,
)
# Not to the same thing at another time.
_TO_ANOTHER = re.compile(
    r"\b(?:than|with|to)\s+(?:(?:expected|forecast|peers|analysts|estimates|guidance|consensus|its (?:peers|rivals))\b"
    rf"|(?-i:(?!Q[1-4]\b|[HF]Y?\d|{MONTH}\b)[A-Z]))|\b(?:guidance|outlook|target|forecast)\b",
    re.IGNORECASE,
)
MOST_FIGURES = 60  # of a sentence; a row of more is a table's
MOST_SENTENCE = 3_000  # characters
MOST_READ = 20_000  # characters of a release in which periods are looked for
MOST_APART = 150  # characters between two figures
MOST_BEHIND = 60  # characters behind a figure that say of when it is
SOON = timedelta(days=150)  # after the end of a period: by then its results are out
YEAR, QUARTER = 12, 3  # months


class Figure(NamedTuple):
    """A figure in a sentence."""

    start: int
    end: int
    kind: str  # money, percent or count; those for each share, tonne, … are of their own
    is_earlier: bool = False  # than the one it is compared to
    period: Period | None = None  # where the sentence tells
    months: frozenset[int] = frozenset()  # named behind it, without a year


def counterpart(question: str, release: Release, sentence: Span, words: Span) -> Span | None:
    """Where the figure asked for stands, if the words chosen are of another period, or hold both; else ``None``.

    >>> text = "Revenue was $14.1 million for Q2 2024, up from $13.6 million in the same quarter of 2023."
    >>> release = Release.of(text, headline="", source="")
    >>> whole, now, then = (Span(release.id, *at) for at in ((0, len(text)), (12, 25), (47, 60)))
    >>> release.quote(counterpart("What was revenue in Q2 2023?", release, whole, now))
    '$13.6 million'
    >>> release.quote(counterpart("What was revenue in Q2 2024?", release, whole, then))
    '$14.1 million'
    >>> [counterpart(f"What was revenue in {when}?", release, whole, now) for when in ("Q2 2024", "Q1 2022")]
    [None, None]
    >>> release.quote(counterpart("Was revenue higher than in Q2 2023?", release, whole, then))
    '$14.1 million for Q2 2024, up from $13.6 million in the same quarter of 2023'
    """
    chain, chosen = _around(release, sentence, words)
    if len(chosen) == 1 and _ASKS_BOTH.search(question) and not (figures_of(question) or _TO_ANOTHER.search(question)):
        return _both(question, release, sentence, chain, words)
    if not chosen or _ASKS_CHANGE.search(question):
        return None
    if _GUIDANCE.search(release.quote(sentence)) and not _asks_earlier(question):
        return None  # of one time are both
    is_of_last_quarter = bool(_QUARTER_AGO.search(release.quote(sentence)))
    wanted = _asked(question, chain, release, is_of_last_quarter=is_of_last_quarter)
    if wanted is None or chosen == [wanted]:
        return None
    return Span(release.id, sentence.start + wanted.start, sentence.start + wanted.end)


def _both(question: str, release: Release, sentence: Span, chain: Sequence[Figure], words: Span) -> Span | None:
    """The words with both figures that are compared, and with what says of when the last is.

    None if nothing of what is asked about is in the sentence, or if others are between: "$46 million in revenue and $8
    million in earnings, compared to $57 million and $3 million" are two comparisons.
    """
    text = release.quote(sentence)
    measures = set(stems(" ".join(content_words(_CHANGE.sub(" ", question))))) - set(stems(release.issuer or ""))
    if len(chain) > 2 or not measures & set(stems(text[: chain[-1].start])):
        return None
    among = [figure for figure in figures_of(text) if chain[0].start <= figure.start <= chain[-1].start]
    if len(among) > len(chain):
        return None
    end = _END.search(text, chain[-1].end)
    behind = text[chain[-1].end : end.start() if end else len(text)].rstrip(" .,")
    length = len(behind) if len(behind) <= MOST_BEHIND and _is_of_time(behind) else 0
    start, stop = sentence.start + chain[0].start, sentence.start + chain[-1].end + length
    return Span(release.id, min(words.start, start), max(words.end, stop))


def predates(question: str, release: Release, sentence: Span, words: Span) -> bool:
    """Whether a question is about a time before that of all figures which are compared to the one chosen.

    >>> text = "Revenue was $14.1 million for Q2 2024, up from $13.6 million in the same quarter of 2023."
    >>> release = Release.of(text, headline="", source="")
    >>> spans = Span(release.id, 0, len(text)), Span(release.id, 12, 25)
    >>> [predates(f"What was revenue in Q2 {year}?", release, *spans) for year in (2022, 2023, 2025)]
    [True, False, False]
    """
    named = absolute(question) if _QUARTER.search(question) else absolute(" ".join(_WHEN.findall(question)))
    if not named or _ASKS_CHANGE.search(question) or _asks_earlier(question) or re.search(r"\bfiscal\b|\bFY", question):
        return False
    chain, _ = _around(release, sentence, words)
    first = min((figure.period.first for figure in chain if figure.is_earlier and figure.period), default=date.min)
    return all(period.last < first for period in named)


def _around(release: Release, sentence: Span, words: Span) -> tuple[list[Figure], list[Figure]]:
    """The figures that are compared to each other, and those of them that the words hold; both empty if none are."""
    start, end = words.start - sentence.start, words.end - sentence.start
    if sentence.end - sentence.start > MOST_SENTENCE:
        return [], []
    for chain in _chains(release.quote(sentence)):
        if chosen := [figure for figure in chain if figure.start < end and start < figure.end]:
            return chain, chosen
    return [], []


def _asked(question: str, chain: Sequence[Figure], release: Release, *, is_of_last_quarter: bool) -> Figure | None:
    """Which of some figures of one measure a question asks for; ``None`` if that is not told."""
    current = next(figure for figure in chain if not figure.is_earlier)
    earlier = [figure for figure in chain if figure.is_earlier]
    named = absolute(question)
    if re.search(r"\bfiscal\b|\bFY", question) and any(_is_of_fiscal_year(each.period) for each in chain):
        return None
    if _ASKS_RESULT.search(question):
        return _fitting(chain, named) or current
    if before := _asks_earlier(question):
        back = QUARTER if "quarter" in (before["unit"], before["unit_"]) and "year" not in question else YEAR
        aimed = [period.moved(-back) for period in named]
        return _fitting(earlier, aimed) or (earlier[0] if len(earlier) == 1 else None)
    if not named:
        return None
    if found := _fitting(chain, named):
        return found
    if current.period is None and all(each.period and each.period.last < named[0].first for each in earlier):
        return current
    if any(each.period for each in chain) or len(chain) > 2:
        return None
    if all(each.months for each in chain):  # "$167,115 in August, compared to $89,458 in July"
        months = {month for each in named for month in range(each.first.month, each.last.month + 1)}
        likely = [each for each in chain if each.months & months]
        return likely[0] if len(likely) == 1 and len(months) <= QUARTER else None
    if is_of_last_quarter:
        return None
    told, told_next = (any(_is_told(each.moved(ahead), release) for each in named) for ahead in (0, YEAR))
    if told and (release.published or not told_next):
        return current
    return earlier[0] if told_next and not told else None


def _asks_earlier(question: str) -> re.Match[str] | None:
    """What asks for the figure before; not what the one asked for is compared to."""
    found = _ASKS_EARLIER.search(question)
    return found if found and not _COMPARED_TO.search(question[: found.start()][-40:]) else None


def _is_of_fiscal_year(period: Period | None) -> bool:
    """Whether a period is a day on which no calendar year ends."""
    return period is not None and period.first == period.last and (period.last.month, period.last.day) != (12, 31)


def _is_told(period: Period, release: Release) -> bool:
    """Whether a release tells of a period, or of a part of it: by its day, or by naming it where that is not known.

    Results come out soon after a period; a fiscal one may end before the calendar's.
    """
    published = release.published
    if published is None:
        return period in absolute(release.text[:MOST_READ])
    soon = SOON if period.last - period.first < timedelta(days=300) else timedelta(days=180)
    return period.first < published <= period.last + soon


def _fitting(figures: Sequence[Figure], named: Sequence[Period]) -> Figure | None:
    """The one figure of these periods, or of a part of them, or of what they are a part of."""

    def fit(figure: Figure, asked: Period) -> int:
        own = figure.period
        if own is None:
            return 0
        is_within = own.first <= asked.first and asked.last <= own.last
        is_around = asked.first <= own.first and own.last <= asked.last
        return 2 if own == asked else int(is_within or is_around)

    fits = {figure: max((fit(figure, each) for each in named), default=0) for figure in figures}
    best = max(fits.values(), default=0)
    likeliest = [figure for figure in figures if fits[figure] == best]
    return likeliest[0] if best and len(likeliest) == 1 else None


def _chains(sentence: str) -> list[list[Figure]]:
    """Figures of one measure that are compared to each other."""
    figures = figures_of(sentence)
    found: list[list[Figure]] = []
    if len(figures) > MOST_FIGURES:
        return found
    for n, first in enumerate(figures):
        like = [figure for figure in figures[n + 1 :] if figure.kind == first.kind]
        ahead = sentence[max(0, first.start - 2 * MOST_APART) : first.start]
        before = sentence[max(0, figures[n - 1].start - MOST_APART) : figures[n - 1].start] if n else ""
        if not like or _BY.search(ahead) or (_OR.search(ahead) and _BY.search(before)) or _COMPARED.search(ahead):
            continue
        second = like[0]
        gap = _gap(sentence, first, second)
        if len(gap) > MOST_APART or _BREAK.search(gap) or _PART.search(ahead):
            continue
        if first.kind == "count" and n and not _NOUN.match(sentence, second.end) and _NEXT.search(ahead):
            continue  # "120 patients at 5 sites, compared to 100": of which?
        changes = _CHANGE.search(ahead) or _CHANGE.search(gap)
        is_from = bool(
            _FROM.search(gap) and changes and not (like[1:] and _ON_TO.match(_gap(sentence, second, like[1])))
        )
        if _FROM.search(ahead) and _TO.search(gap) and changes and not _RANGE.search(ahead) and not _CLAUSE.search(gap):
            chain = [first._replace(is_earlier=True), second]
        elif is_from or (_COMPARED.search(gap) and _is_of_same(figures, first, sentence, gap)):
            if len(like) > 1 and _gap(sentence, second, like[1]).strip(" ,") == "and":
                found += _side_by_side(sentence, figures[:n], first, second, like[1])
                continue
            chain = [first, second._replace(is_earlier=True)]
            for third in like[1:]:
                if not _AND.match(_gap(sentence, chain[-1], third)):
                    break
                chain.append(third._replace(is_earlier=True))
        else:
            continue
        # Else it is compared to another place or thing: "39% in Mississippi", "13% on placebo".
        is_of_time = (
            is_from
            or chain[0].is_earlier
            or _is_of_time(_PER_SHARE.sub("", sentence[second.end :]))
            or _AGO.search(gap)
        )
        if is_of_time:
            found.append(_dated(sentence, chain))
    return found


def _is_of_time(behind: str) -> bool:
    """Whether what stands behind a figure says of what time it is."""
    end = _END.search(behind)
    own = behind[: end.start()] if end else behind
    return bool(absolute(own) or _AGO.search(own) or re.search(rf"\b{MONTH}\b", own))


def _is_of_same(figures: Sequence[Figure], first: Figure, sentence: str, gap: str) -> bool:
    """Whether the measure that is named before the second figure, if any, is not named beside another than the first.

    "Revenue of $22 million and a loss of $18 million compared to revenue of $11 million".
    """
    named = _MEASURE.search(gap)
    at = sentence.lower().rfind(named[1].lower(), 0, first.start) if named else -1
    if at < 0:
        return True
    nearest = min((f for f in figures if f.kind == first.kind), key=lambda f: min(abs(f.start - at), abs(at - f.end)))
    return nearest == first


def _side_by_side(
    sentence: str, before: Sequence[Figure], first: Figure, second: Figure, third: Figure
) -> list[list[Figure]]:
    """The pairs in "$5 million and $2 million, compared to $4 million and $1 million"."""
    if not before or before[-1].kind != first.kind or not re.search(r"\band\b", _gap(sentence, before[-1], first)):
        return []
    period = _dated(sentence, [first, third])[1].period
    pairs = ((before[-1], second), (first, third))
    return [[current, earlier._replace(is_earlier=True, period=period)] for current, earlier in pairs]


def _gap(sentence: str, one: Figure, other: Figure) -> str:
    return _ASIDE.sub(lambda aside: " " * len(aside[0]), sentence[one.end : other.start])


def _dated(sentence: str, chain: Sequence[Figure]) -> list[Figure]:
    """The figures with their periods, where the sentence tells them."""
    behind = []
    for n, figure in enumerate(chain):
        text = sentence[figure.end : chain[n + 1].start if n + 1 < len(chain) else len(sentence)]
        text = _PER_SHARE.sub("", _ASIDE.sub("", text))
        stop = _COMPARED.search(text) or re.search(r"\bfrom\b", text) if n + 1 < len(chain) else _END.search(text)
        behind.append(text[: stop.start()] if stop else text)
    told = [absolute(_BEYOND.sub(" ", text)) for text in behind]
    own = [each[0] if len(each) == 1 else None for each in told]
    at = next(n for n, figure in enumerate(chain) if not figure.is_earlier)
    if not told[at] and at == 0:
        ahead = _BEYOND.sub(" ", sentence[: figures_of(sentence)[0].start])  # "For Q2 2024, revenue was up 5% to"
        own[at] = None if _NO_PERIOD.search(ahead) else next(iter(absolute(ahead)[-1:]), None)
    if (current := own[at]) is not None:
        for n, text in enumerate(behind):
            ago = current.moved(-QUARTER if _QUARTER_AGO.search(text) else -YEAR)
            is_same = re.search(r"\b(?:same|comparable|corresponding)\b", text, re.IGNORECASE)
            is_within = (year := own[n]) and is_same and year.first <= ago.first and ago.last <= year.last
            if n != at and ((not told[n] and _AGO.search(text)) or is_within):
                own[n] = ago
    months = [frozenset(map(month_number, re.findall(rf"\b{MONTH}\b", text))) for text in behind]
    return [figure._replace(period=own[n], months=months[n]) for n, figure in enumerate(chain)]


def figures_of(sentence: str) -> list[Figure]:
    """The figures of a sentence in order, without years, days and numbers that are names."""
    found: list[Figure] = []
    for match in _FIGURE.finditer(sentence):
        start, end = whole(sentence, *match.span())
        words = sentence[start:end]
        kind = "money" if _MONEY.search(words) else "percent" if re.search(r"%|per\s?cent", words) else "count"
        ahead = sentence[max(0, match.start() - 20) : match.start()]
        is_name = re.match(r"(?!x\b)[A-Za-z]|[QH]\d", sentence[match.end() :]) or _NUMBERED.search(ahead)
        if _YEAR.fullmatch(match[0]) or (kind == "count" and is_name) or (found and start < found[-1].end):
            continue
        if found and _AGAIN.search(sentence[found[-1].end : match.start()]):
            continue
        unit = _EACH.match(sentence, end) or (_UNIT.match(sentence, end) if kind == "count" else None)
        found.append(Figure(start, end, f"{kind} {unit[0].split()[-1]}" if unit else kind))
    return found
