"""Question -> the questions in it, where it asks for several things: "Who is the CEO, and when did she join?"."""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.mentions import mentions
from qa.office import OFFICE
from qa.quotation import quotation

MOST = 6  # questions in one
MOST_ASKED_FOR = 4  # words between what asks and its verb: "how many stores in Ohio does"

_BEFORE = r"(?:in|on|at|by|for|from|to|with|under|of|until|since)\s"
_HOW = r"how(?:\s(?:much|many|long|often|far|old|big|large|fast|soon|high))?"
_WH = rf"(?:{_BEFORE})?(?:who|whom|whose|what|which|when|where|why|{_HOW})"
_VERB = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may)(?:n['’]t)?"
# A clause that asks: its verb comes before its subject. In "and when it closes" it does not.
_TURNED = (
    rf"(?:{_WH}(?:['’]s\b|\s{_VERB}\b)"
    rf"|(?:{_BEFORE})?(?:what|which|how\s(?:many|much))\s(?!(?:the|an?|its?|their|they|s?he|this|that|and|or)\b)"
    rf"(?:[\w%$-]+\s){{1,{MOST_ASKED_FOR}}}?{_VERB}\b"
    r"|who\s(?:\w+(?:s|ed)|led|won|bought|sold|made|paid|ran|built|wrote)\b"
    rf"|{_VERB}\s(?:it|they|s?he|we|you|i|there|this|that|the\scompany)\b)"
)
# "And by how much?", "and in what year?", "and what about the other?"
_ALONE = rf"(?:{_WH}\s?\W*$|(?:{_BEFORE})(?:what|which)\s\w+\W*$|what\s(?:about|of|{_BEFORE[3:-3]})\s)"
_AND = r"(?:and|&|plus)\s(?:also\s)?"
_NEXT = re.compile(
    rf"\?\s+(?=(?:{_AND}|also,?\s|then\s|if\s(?:so|not|yes),?\s)?(?:{_WH}|{_VERB})\b)|(?:\s*[,;–—-])?\s+(?={_AND}(?:{_TURNED}|{_ALONE}))",
    re.IGNORECASE,
)
# Of several in a row all but the last: "who bought it, for how much, and when?".
_THEN = re.compile(rf",\s+(?=(?:{_TURNED}|{_ALONE}))", re.IGNORECASE)
_GREETING = re.compile(r"^\W*(?:(?:hi|hello|hey|please|good (?:morning|afternoon|evening))\b\W*)+", re.IGNORECASE)
# A clause before the question: "When Acme merged with Bolt, who was its CEO?".
_CLAUSE = re.compile(rf"(?:when|where|why|how)\s(?!{_VERB}\b|much\b|many\b|\w+\s{_VERB}\b)", re.IGNORECASE)
# What the questions are about may stand before them: "As of May 2025, who …", "Acme - who …".
_BEGINS = re.compile(
    rf"(?P<about>(?!(?:{_WH}|{_VERB}|tell|give|show|name)\b)(?:(?:in|at|after|before|for|per|according|under|during|as|on|since|by|with)\s[^?]{{1,80}}?,\s"
    r"|[^?:–—-]{1,60}(?:\s[-–—]|:)\s))?"
    rf"\W*(?:(?:and|also|so|then|but),?\s)*(?:{_WH}|{_VERB}|(?:tell|give|show)\sme|name)\b",
    re.IGNORECASE,
)

_OPENING = re.compile(r"^(?:(?:and|&|plus)\s(?:also\s)?|also,?\s|then\s|if\s(?:so|not|yes),?\s)", re.IGNORECASE)
_LEANING = re.compile(rf"and\s{_ALONE}", re.IGNORECASE)  # whatever it names

_ASKS = rf"(?:(?:{_BEFORE})(?:what|which)\s\w+|{_WH})"  # "on what date"
_BOTH = re.compile(rf"(?P<one>{_ASKS})(?:,?\sand\s|\s?[&/]\s?)(?P<two>{_ASKS})\s(?P<rest>{_VERB}\s.+)", re.IGNORECASE)

_OFFICES = re.compile(
    rf"who(?:['’]s|\s(?P<be>is|are|was|were))\s(?P<of>the\s|(?:current|its|their)\s|.{{2,60}}?['’]s?\s)?"
    rf"(?P<one>{OFFICE})(?:,\s(?P<more>{OFFICE}))?(?:,?\sand\s|\s?&\s?)(?P<the>the\s)?(?P<two>{OFFICE})(?P<rest>.*)",
    re.IGNORECASE,
)

_MEASURE = (
    r"(?:cash\sflow|revenues?|sales|turnover|income|loss|losses|profits?|earnings|ebitda|eps|margins?|cash|debt|backlog"
    r"|bookings|assets|liabilities|dividends?|capex|costs?|expenses|production|npv|irr|aisc|capacity|headcount|orders)\b"
    r"(?:\sper\s(?:[\w-]+\s){0,2}share)?"
)
_MODIFIER = r"(?!and\b|or\b|of\b|in\b|on\b|for\b)[\w.%’'-]+\s"
_NAMED_MEASURE = rf"(?:{_MODIFIER}){{0,3}}?{_MEASURE}"
_JOINED = r",?\s(?:and|&)\s(?:(?:the|its|their)\s)?"
# What follows names no other measure: "revenue and earnings guidance".
_WHEN_OR_WHERE = (
    r"(?:in|of|at|for|during|from|as|on|by|per|under|over|through|last|this|year|q[1-4]|fy\d*|(?:19|20)\d\d|for)"
)
_MEASURES = re.compile(
    r"(?P<asks>(?:what|how\s(?:much|high|large|big))\s(?:is|are|was|were)\s)"
    r"(?P<of>.{2,60}?['’]s?\s|the\s|(?:its|their)\s)?"
    rf"(?P<all>{_NAMED_MEASURE}(?:,\s{_NAMED_MEASURE})?{_JOINED}{_NAMED_MEASURE})(?P<rest>\W*|\W+{_WHEN_OR_WHERE}\b.*)",
    re.IGNORECASE,
)
# One line of a statement, or one thing with two halves.
_ONE_MEASURE = re.compile(
    r"\b(?:sales (?:and|&) marketing|selling|general (?:and|&)|profits? (?:and|&) loss(?:es)?|gains? (?:and|&)"
    r"|assets (?:and|&) liabilities|r ?& ?d|income (?:and|&) loss|costs (?:and|&) expenses)\b"
    r"|\b(?:between|combined|difference|gap|sum|ratio)\b",
    re.IGNORECASE,
)


def questions(question: str) -> tuple[str, ...]:
    """The questions that one holds, in order, up to six; the question itself where it is one.

    What follows may lean on what comes before it: "and when did she join?".

    >>> questions("Who runs Acme, and when did she join?"), questions("Who said when and how it opens?")
    (('Who runs Acme?', 'And when did she join?'), ('Who said when and how it opens?',))
    >>> questions("When and where is Acme's meeting?")
    ("When is Acme's meeting?", "Where is Acme's meeting?")
    >>> questions("Who are Acme's CEO and CFO?"), questions("Who is the chairman and CEO of Acme?")
    (("Who is Acme's CEO?", "Who is Acme's CFO?"), ('Who is the chairman and CEO of Acme?',))
    >>> questions("What were revenue and net loss of Acme in 2024?")
    ('What was revenue of Acme in 2024?', 'What was net loss of Acme in 2024?')
    """
    said = _GREETING.sub("", " ".join(question.split()))
    begins = _BEGINS.match(said)
    if begins is None:
        return (question,)
    about = begins["about"] or ""
    ways: tuple[Callable[[str], list[str]], ...] = (_asked_twice, _offices, _measures, _one_after_the_other)
    parts = next((parts for way in ways if len(parts := way(said[len(about) :])) > 1), [])
    return tuple(_whole(part, about) for part in parts[:MOST]) if parts else (question,)


def _one_after_the_other(said: str) -> list[str]:
    quoted = quotation(said) or (0, 0)
    cuts = [found.span() for found in _NEXT.finditer(said) if not quoted[0] <= found.start() < quoted[1]]
    if cuts and not _CLAUSE.match(said):
        first = cuts[0][0]
        cuts = [found.span() for found in _THEN.finditer(said, 0, first)] + cuts
    ends = [start for start, _ in cuts] + [len(said)]
    begins = [0] + [end for _, end in cuts]
    return [said[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _asked_twice(said: str) -> list[str]:
    found = _BOTH.match(said)
    return [f"{found[each]} {found['rest']}" for each in ("one", "two")] if found else []


def _offices(said: str) -> list[str]:
    found = _OFFICES.match(said)
    if found is None:
        return []
    be = (found["be"] or "is").casefold()
    if be in ("is", "was") and not found["the"]:  # one person may be both
        return []
    be = "was" if be in ("was", "were") else "is"
    of = found["of"] or ""
    return [f"Who {be} {of}{found[each]}{found['rest']}" for each in ("one", "more", "two") if found[each]]


def _measures(said: str) -> list[str]:
    found = _MEASURES.fullmatch(said)
    if not found or _ONE_MEASURE.search(said):
        return []
    asks = re.sub(r"\bwere\b", "was", re.sub(r"\bare\b", "is", found["asks"], flags=re.IGNORECASE), flags=re.IGNORECASE)
    each = re.split(rf"{_JOINED}|,\s", found["all"], flags=re.IGNORECASE)
    return [f"{asks}{found['of'] or ''}{measure}{found['rest']}" for measure in each]


def _whole(part: str, about: str) -> str:
    part = _OPENING.sub("and ", part.strip(" ,;–—-?.!"))
    if not _LEANING.match(part):
        if about or any(mention.kind == "name" for mention in mentions(part)):  # then it leans on nothing
            part = re.sub(r"^and\s", "", part, flags=re.IGNORECASE)
        part = about + part
    return f"{part[:1].upper()}{part[1:]}?"
