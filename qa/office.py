"""Who holds an office, and where a seat is: a sentence about another organisation's is no answer, however alike it is.

"Who runs Bolt, Acme's partner?" is not answered by "said Ann Berg, CEO of Acme, of the work with Bolt".
"""

from __future__ import annotations

import re

from index.months import MONTH
from index.release import Release

OFFICE = (
    r"(?i:C[EFOTMS]O|chief (?:\w+ ){1,3}?officer|chief exec(?:utive)?|(?:vice[- ])?president|chair(?:man|woman|person)?"
    r"|boss|head(?= of)|managing director|general counsel|(?:co-?)?founder)\b"
)
# "until June 2025", "during Q2": no organisation, unless more of a name follows: "May Department Stores".
_TIME = rf"(?:{MONTH}|(?:19|20)\d\d|Q[1-4]|FY\d*)\b(?!\s[A-Z])"
_WORD = rf"(?!{OFFICE}|{_TIME})[A-Z0-9][\w&.’'-]*"
_RUN = rf"(?!Name\b|Wh\w+|Board\b|Directors\b){_WORD}(?:\s(?:(?:of|and|&)\s(?=[A-Z]))?{_WORD})*"
# "the robot maker Acme", "sales at Acme": the last name is the one that is meant; but not behind words of time, nor
# behind those that name who came before: "following Ann Berg".
_BETWEEN = (
    r"(?!(?:in|on|when|while|as|by|to|after|before|since|until|till|during|through|per|who|which|following|succeeding"
    r"|replacing|under|than)\b)[a-z-]+"
)
_BOARD = r"(?:the\s)?(?i:board)\s(?:of\s(?i:directors)\s)?(?:of|at)\s"
_NAMED = rf"(?:{_BOARD})?(?:{_BETWEEN}\s){{0,3}}(?P<named>{_RUN})(?:\s(?:{_BETWEEN}\s){{1,3}}(?P<last>{_RUN}))?"
_SEAT = r"(?:based|headquartered|located)\b"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\b{OFFICE}[^,?]{{0,25}}?\b(?:of|at|for)\s{_NAMED}",
        rf"\b(?i:runs|leads|heads|chairs|led|ran|headed|running|leading|heading|founded)\s{_NAMED}",
        rf"(?P<named>{_RUN})['’]s?\s(?:[\w-]+\s){{0,3}}?{OFFICE}",
        rf"(?P<named>{_RUN})\s{OFFICE}",
        rf"\b(?i:where|which (?:city|town|state|country))\b[^,?]{{0,12}}?\b(?:is|are)\s{_NAMED}\s{_SEAT}",
        rf"(?P<named>{_RUN})(?:['’]s?)?\s(?i:head office|headquarters|hq)\b",
    )
)
_KINDS = frozenset(  # what companies are called: "Acme" is Acme Holdings Inc.
    """
    inc corp ltd llc plc group holdings holding company co corporation limited the of and technologies therapeutics
    pharmaceuticals pharma international global
    """.split()
)
_ASKS_WHO = re.compile(
    r"\bwho(?:se)?\b|^\W*name\b|\bname\W*$|\bwhere\b|\bwhich (?:city|town|state|country)\b"
    r"|\bhead ?(?:office|quarter)|\bhq\b",
    re.IGNORECASE,
)


def organisation(question: str) -> str:
    """The organisation whose office-holder or seat a question asks for; empty for none, or one not named by capitals.

    >>> organisation("Who is the CEO of Acme Corp.?"), organisation("Who runs Bolt Labs, Acme's partner?")
    ('Acme Corp', 'Bolt Labs')
    >>> organisation("Who heads the robot maker Acme?"), organisation("When was Acme's CEO born?")
    ('Acme', '')
    """
    if not _ASKS_WHO.search(question):
        return ""
    found = next(filter(None, (form.search(question) for form in _FORMS)), None)
    named = (found.groupdict().get("last") or found["named"]) if found else ""
    return re.sub(r"['’]s?$", "", named.strip(" .’'"))


def is_of(organisation: str, sentence: str, release: Release) -> bool:
    """Whether a sentence of a release may be about an organisation: it or the issuer has its name, or its ticker.

    >>> release = Release.of("Text.", headline="", source="", issuer="Acme Holdings Inc.", tickers=("NYSE:ACM",))
    >>> is_of("Acme", "said its CEO", release), is_of("Bolt", "said its CEO", release), is_of("ACM", "", release)
    (True, False, True)
    """
    listed = " ".join(ticker.rpartition(":")[2] for ticker in release.tickers)
    return not set(_words(organisation)) - set(_words(f"{sentence} {release.issuer or ''} {listed}"))


def is_mentioned(organisation: str, release: Release) -> bool:
    """Whether all words of an organisation's name stand somewhere in a release.

    >>> is_mentioned("Acme Brands", Release.of("Acme sells brands.", headline="", source="")), is_mentioned(
    ...     "Acme Brands", Release.of("Acme sells.", headline="", source=""))
    (True, False)
    """
    return not set(_words(organisation)) - set(_words(f"{release.text} {release.issuer or ''}"))


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[\w&]+", text.casefold()) if word not in _KINDS]
