"""Question and sentence -> the phrase of the sentence that answers, where its form can be told from the question.

"How much" asks for an amount of money, "when" for a date, "who" for a name. Other questions get the whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

Range = tuple[int, int]

_NUMBER = r"(?<!\d)(?<!\d[.,])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALE = r"(?:[\s-]?(?:thousand|million|billion|trillion|[KMB]\b|mn\b|bn\b))"
_MONTH = (
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_CAPITAL = f"[A-Z{''.join(filter(str.isupper, map(chr, range(0xC0, 0x250))))}]"  # Latin, accents included
_COUNT_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|dozens|hundreds|thousands"
)
_NO_UNIT = "and|or|in|of|to|for|with|from|by|at|on|the|as"

# A range is one phrase: "$2 to $3 million" cut at "$2" would be wrong by a factor of a million. "From A to B" is two.
_CURRENCY = r"(?:\b(?:US|C|CA|CAD|A|AU|NZ|HK|NT|R|S)\s?)?[$€£¥]"
_AMOUNT = rf"""
    (?:[-–−]? {_CURRENCY} \s? (?:\(\s?{_NUMBER}(?:\){_SCALE}?|{_SCALE}?\)) | [-–−]?\s?{_NUMBER}{_SCALE}?)
        (?:\s(?:USD|CAD))?)
"""

MONEY = re.compile(
    rf"""
    (?: \({_CURRENCY}\s?{_NUMBER}\){_SCALE}?
        | (?<=between\s) {_AMOUNT} \sand\s {_AMOUNT}
        | (?<!from\s) {_AMOUNT} (?:\sto\s|\s?[-–—]\s?) (?:{_AMOUNT} | {_NUMBER}{_SCALE})
        | {_AMOUNT}) (?:\s?per\s[a-z]+)?
    | (?:\b(?:USD|CAD|EUR|GBP|CHF|AUD)\s?) {_NUMBER} {_SCALE}?
    | {_NUMBER} {_SCALE}? \s?(?:dollars|euros|pounds|cents|USD|CAD|EUR|GBP)\b
    """,
    re.VERBOSE,
)
_UNIT = r"\s?(?:%|percent\b|per\scent\b|percentage\spoints\b|basis\spoints\b)"
_SHARE = rf"(?:[-–−+]?{_NUMBER}|\({_NUMBER}\))"
PERCENT = re.compile(
    rf"""
    (?<=between\s) {_SHARE} (?:{_UNIT})? \sand\s {_SHARE}{_UNIT}
    | (?<!from\s) {_SHARE} (?:{_UNIT})? (?:\sto\s|\s?[-–]\s?) {_SHARE}{_UNIT}
    | {_SHARE}{_UNIT}
    """,
    re.VERBOSE,
)
DATE = re.compile(
    rf"""
    (?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?
        (?:{_MONTH}\s\d{{1,2}}(?!\d)(?:st|nd|rd|th)?(?:[-–]\d{{1,2}}(?!\d))?(?:,?\s\d{{4}})?
        | \b\d{{1,2}}\s{_MONTH}(?:\s\d{{4}})? | {_MONTH}(?:\sof)?\s\d{{4}} | \b\d{{4}}-\d\d-\d\d\b)
    | (?:(?:early|mid|late|end\sof)[-\s])? (?:the\s)? (?:first|second|third|fourth|1st|2nd|3rd|4th)[-\s](?:quarter|half)
        (?:\sof)? (?:\s(?:fiscal\s)?(?:year\s)?\d{{4}})?
    | \b[QH][1-4]\s?(?:FY\s?)?'?\d{{2,4}} | \b[1-4][QH]\s?\d{{2,4}}
    | \b(?:early|mid|late|year-end|end\sof)[-\s]\d{{4}} | \b(?:19|20)\d{{2}}\b
    """,
    re.VERBOSE,
)
NUMBER = re.compile(
    rf"""
    (?:(?:more\sthan|over|nearly|approximately|about|almost|up\sto|at\sleast|around)\s)?
    (?:\b{_NUMBER}{_SCALE}?\+? | \b(?:{_COUNT_WORDS})\b)
    (?:[-\s](?!(?:{_NO_UNIT})\b)[a-z]+){{0,2}}
    """,
    re.VERBOSE,
)
NAME = re.compile(
    rf"""
    (?:(?:Dr|Mr|Mrs|Ms|Prof|Sir)\.?\s)? \b{_CAPITAL}[\w’'-]+
    (?:\s(?:{_CAPITAL}\.|“{_CAPITAL}\w+”|"{_CAPITAL}\w+"|van|von|de|der|da|al)){{0,2}} (?:\s{_CAPITAL}[\w’'-]+){{1,2}}
    (?:,\s(?:Jr|Ph\.?D|M\.?D|MBA|CPA|P\.Eng|P\.Geo)\.?)*
    """,
    re.VERBOSE,
)
SYMBOL = re.compile(r"\b[A-Za-z][A-Za-z .-]{1,20}:\s?[A-Z0-9]{1,6}(?:\.[A-Z]{1,2})?\b")
_NOT_A_PERSON = re.compile(
    r"""
    \b(?:Inc|Corp|Corporation|Ltd|LLC|Company|Group|Holdings|Technologies|Pharma\w*|Therapeutics|Capital|Partners|Board
    |Officer|President|Director|Chief|Chairman|Executive|University|Phase|Conference|Exchange|Street|News|Financial
    |Management)\b
    """,
    re.VERBOSE,
)

# First match wins: the form that a question asks for, and the forms of phrases that answer it.
_ASKED: list[tuple[re.Pattern[str], re.Pattern[str]]] = [
    (re.compile(asked, re.IGNORECASE | re.VERBOSE), answering)
    for asked, answering in (
        (
            r"\b(?:what|which)\spercent | \bpercent(?:age)?\b | \bwhat\s(?:share|proportion|portion)\b | \brate\b",
            PERCENT,
        ),
        (r"\bhow\s(?:many|large|big|long|far|often)\b | \bwhat\snumber\b | \bnumber\sof\b | \bcapacity\b", NUMBER),
        (r"\bby\show\smuch\b | \bhow\smuch\s(?:higher|lower|more|less|faster)\b", PERCENT),
        (
            r"""\bhow\smuch\s(?:money|cash|revenue|did|does|is|was|will|are|were|has|have|would|could|net|debt|funding
            |capital)\b | \bwhat\s?(?:was|is|were|are)?\s?(?:the\s)?(?:[\w-]+\s){0,4}(?:price|value|cost|revenues?
            |income|loss|proceeds|market\scap\w*|fee|budget|worth|earnings|sales|amount)\b""",
            MONEY,
        ),
        (r"\bwhen\b | \b(?:what|which)\s(?:date|day|year|month|quarter)\b | \bby\swhat\sdate\b | \bhow\ssoon\b", DATE),
        (r"^\W*(?:and\s)?(?:who|whom|whose)\b | \bwhat\sis\sthe\sname\sof\sthe\s(?:ceo|cfo|president|chair)", NAME),
        (r"\b(?:ticker|symbol)\b", SYMBOL),
    )
]
_YES_NO = re.compile(r"^\W*(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should)\b", re.I)


def last_question(query: str) -> str:
    """What is asked in the end, where earlier turns stand in front, one piece a line.

    >>> last_question("Where is Acme?\\nOslo\\nFine. Is it big? Who runs it?")
    'Who runs it?'
    """
    asked = [part.strip() for part in re.findall(r"[^?\n]+\?*", query) if part.strip(" ?")]
    return asked[-1] if asked else query


def asked_form(query: str) -> re.Pattern[str] | None:
    """The form of phrase that answers; ``None`` where a question does not tell.

    >>> asked_form("When did Acme list?") is DATE, asked_form("Why did Acme list?") is None
    (True, True)
    """
    question = last_question(query)
    if _YES_NO.match(question):
        return None
    return next((answer for asked, answer in _ASKED if asked.search(question)), None)


def phrase(query: str, sentence: str, is_asked: Callable[[str], bool]) -> Range | None:
    """Where in ``sentence`` the answering phrase stands, as a half-open range; ``None`` for the whole sentence.

    Args:
        is_asked: whether a word is among those of the question.

    >>> phrase("When did Acme list?", "Acme listed on May 3, 2024.", lambda word: word in ("Acme", "listed"))
    (15, 26)
    """
    form = asked_form(query)
    if form is None:
        return _named_thing(last_question(query), sentence)
    found = [match.span() for match in form.finditer(sentence)]
    known = query.casefold()  # what was asked or answered before is not what is asked now
    found = [(a, b) for a, b in found if sentence[a:b].strip().casefold() not in known]
    if form is NAME:
        found = [at for at in found if _is_person(sentence[at[0] : at[1]], is_asked)]
    matched = [m.start() for m in re.finditer(r"\w+", sentence) if is_asked(m.group())]
    return min(found, key=lambda at: _distance(at, matched), default=None)


def _is_person(name: str, is_asked: Callable[[str], bool]) -> bool:
    return not _NOT_A_PERSON.search(name) and not is_asked(name.split(maxsplit=1)[0])


def _distance(at: Range, matched: Sequence[int]) -> float:
    """Mean distance in characters to the three nearest words of the question."""
    nearest = sorted(abs(position - at[0]) for position in matched)[:3]
    return sum(nearest) / len(nearest) if nearest else at[0]


def _named_thing(question: str, sentence: str) -> Range | None:
    """For "what X does Y use", the thing that the sentence says is used "as its X".

    >>> text = "CLR 131 uses iodine-131, a radioisotope, as its payload."
    >>> start, end = _named_thing("What payload does CLR 131 use?", text)
    >>> text[start:end]
    'iodine-131, a radioisotope'
    """
    asked = re.search(
        r"\b(?:what|which)\s+(?:(?:kind|type)\s+of\s+)?([\w-]+)\s+(?:does|do|did|is|are|was|were|has|will)\b",
        question,
        re.I,
    )
    if not asked:
        return None
    used = re.search(
        rf"""\b(?:us|utiliz|utilis|employ|carri|carry|chos|nam|select|adopt)\w*\s+(?P<thing>[^.;]{{2,120}}?),?
        \s+as\s+(?:its|their|the|an?)\s+(?:[\w-]+\s+){{0,2}}{re.escape(asked[1])}\b""",
        sentence,
        re.IGNORECASE | re.VERBOSE,
    )
    return used.span("thing") if used else None
