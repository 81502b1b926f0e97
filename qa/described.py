"""What a company is or does: the clause behind its name that says so, told by form.

Asked "What does Acme do?", a reader of "Acme (NASDAQ: ACM), a maker of robots, opened a Demonstration Center" takes
what it did. Releases say what their company is in a form of their own: in an apposition where it is first named, or in
the first sentence of "About Acme".
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from index.chunk import statements
from index.release import Release, Span
from qa.company import KIND, short_name

_SORT = r"(?:compan(?:y|ies)|business(?:es)?|firm|corporation|organi[sz]ation|enterprise|outfit)"
_FIELD = r"(?:line of business|business|industry|sector|field|line of work|space)"
_NAME = r"(?P<name>[^?,;:()]{2,60}?)"
_BE = r"(?:\s+is|\s+are|['’]?s)"
_FORMS = tuple(
    re.compile(rf"^\W*(?:(?:and|so|but|ok|okay|please|can you|could you)\W+)*{form}\W*$", re.IGNORECASE)
    for form in (
        rf"what\s+(?:exactly\s+)?(?:does|do)\s+{_NAME}\s+(?:(?:actually|exactly)\s+)?do(?:\s+exactly|\s+for a living)?",
        rf"what{_BE}?\s+(?:kind|sort|type)\s+of\s+(?:an?\s+)?{_SORT}{_BE}\s+{_NAME}",
        rf"(?:what|which)\s+{_FIELD}\s+(?:is|are|does|do)\s+{_NAME}\s+(?:in|(?:operate|work) in|belong to)",
        rf"(?:what{_BE}|describe)\s+{_NAME}['’]s?\s+(?:(?:main|core|primary)\s+)?(?:line of )?business(?:es)?",
    )
)
_BARE = re.compile(
    rf"^\W*(?:(?:and|so|but|ok|okay|please|can you|could you)\W+)*"
    rf"(?:what\s+exactly{_BE}|what{_BE}(?:\s+exactly)?|tell me about|describe)\s+{_NAME}\W*$",
    re.IGNORECASE,
)
_NO_NAMES = re.compile(
    r"^(?i:(?:the (?:company|business|firm)|it|this|that|they|you|we|there)\b)|^(?i:the|an?|its|their|our)\s[^A-Z]*$"
)
_HEADS = (
    "company companies corporation firm business enterprise provider producer developer manufacturer maker designer"
    " distributor supplier retailer wholesaler operator owner builder bank lender insurer broker brokerage leader"
    " pioneer innovator specialist platform network exchange fund trust SPAC REIT explorer miner utility agency"
    " consultancy studio publisher broadcaster airline carrier brand chain group organization organisation association"
    " institute institution university nonprofit non-profit foundation startup start-up conglomerate cooperative"
    " integrator marketplace partnership explorer refiner grower franchisor franchisee incubator accelerator"
    " newswire publication newspaper magazine society council charity university college school hospital"
).split()
_HEAD = re.compile(rf"\b(?:{'|'.join(_HEADS)})s?\b", re.IGNORECASE)
_NO_KIND = re.compile(  # "a company to watch", "a customer of", "a Nevada corporation"
    r"\b(?:to watch|worth watching)\b"
    r"|^.{0,40}\b(?:customer|client|member|participant|party|defendant|sponsor)s?\s(?:of|in|to)\b"
    r"|^an?\s(?:(?:publicly|privately)[- ](?:traded|held|listed|owned)|public|private|[A-Z]\w+(?:\s[A-Z]\w+)?)"
    r"\s(?:company|corporation)\b(?!\s(?:that|which|focus|engag|develop|speciali|dedicat|commit|operat|work))"
)
_FIRST = 110  # characters of a clause within which it says what kind of thing it is
_MOST = 260  # of a clause
_MARKS = r"(?:\s?(?:®|™|℠|\((?:R|TM|SM)\)))*"
_ASIDES = r"(?:\s*\([^()]*(?:\([^()]*\)[^()]*)*\))*"
_ALIAS = r"(?:,?\s*(?:or|and)?\s*(?:the\s)?[“\"][^”\"]{1,30}[”\"])?"
_FIRST_OF = r"(?:leading|largest|premier|first|only|biggest|oldest|foremost)"
_NOUN = (  # "a maker of", "the leading maker of", "Canada's largest maker of"; not "the company's maker of"
    rf"(?P<clause>(?:an?|one of|the\s(?:world|nation|country|industry)['’]s|the\s[\w’'-]*\s?{_FIRST_OF}"
    rf"|(?:[A-Z][a-z]+\s)?[A-Z][a-z]+['’]s\s{_FIRST_OF})\s)"
)
_STATED = re.compile(rf"{_ALIAS}\s+(?:is|are)\s+(?:(?:also|now|today|currently)\s+)?{_NOUN}")
_APPOSED = re.compile(rf"{_ALIAS}(?:\s*,\s*|\s+[-–—]\s+|—){_NOUN}")
_STOP = r"(?<!\b[A-Z])(?<!\b(?:No|Dr|Mr|Ms|St|Co|vs))(?<!\b(?:Mrs|Inc|Ltd|e\.g|i\.e))(?<!\bCorp)[.!?]+(?=\s|$)"
_END = rf"\s*(?:[;:]|{_STOP}|\s[-–—]\s|$)"
_END_OF_STATED = re.compile(_END + r"|,(?=\s+(?:which|who|and|with|but|whose)\b)")
_NEWS = (
    "today is are was were has have had will can may said says announced announces reported reports recently revealed"
    " released releases confirmed shared provided provides published unveiled launched completed issued welcomed"
    " received entered signed continues this on reminds invites named appointed closed declared filed"
).split()
_SAYS = (  # "benefits from", not "mills and pumps"
    rf"(?:(?:which|who|with|but|and (?:with|its|the|by|of|from|to)|{'|'.join(_NEWS)})\b"
    r"|[a-z]{3,}(?:ed|[^s]s)\s(?!and\b|or\b|&))"
)
_END_OF_APPOSED = re.compile(
    _END + rf"|,(?=\s+{_SAYS})|(?<!that)(?<!which)(?<!who)\s(?=(?:today|announced|announces|has|was|is|are)\b)"
)
_ABOUT = r"(?:^|[\n.!?”\"’)*#])[\s*#]*About:?\s+(?:the\s)?"
_DOES = (
    "develops provides offers designs manufactures produces operates owns builds delivers explores sells distributes"
    " supplies specializes specialises focuses helps enables invests makes creates mines markets engages"
    " combines connects brings transforms empowers"
).split()
_OF_ITSELF = re.compile(rf"\s+(?P<clause>(?:{'|'.join(_DOES)})\s(?!with\b|under\b|to\b))")
_WE = re.compile(rf"^\W*(?:The Company|The Bank|The Fund|The Firm|We|It)\s+(?:is|are)\s+{_NOUN}")
_ROLE = re.compile(r"\b(?:serv(?:ed|es|ing)|act(?:ed|s|ing)|engaged|retained|appointed)\sas\b")
LEAST_WORDS = 3  # of a description
_NEAR = 400  # characters behind "About Acme" within which "we are" is of that company


class Description(NamedTuple):
    """A company about which is asked what it is or does."""

    name: str
    is_bare: bool  # "What is Acme?" may ask for a product, "What does Acme do?" may not

    @classmethod
    def of(cls, question: str) -> Description | None:
        """Which company is asked about; None for a question about anything else.

        >>> Description.of("What does Acme Robotics do?"), Description.of("What is Acme?")
        (Description(name='Acme Robotics', is_bare=False), Description(name='Acme', is_bare=True))
        >>> Description.of("What kind of company is Acme?").name, Description.of("What industry is Acme in?").name
        ('Acme', 'Acme')
        >>> Description.of("What does the trial do?"), Description.of("What is the dose?")
        (None, None)
        """
        asked = next((found for form in _FORMS if (found := form.match(question))), None)
        if (found := asked or _BARE.match(question)) is None:
            return None
        name = found["name"]
        if _NO_NAMES.search(name) or re.search(r"['’]s\s", name):
            return None
        return cls(short_name(name.removeprefix("the ")), asked is None)

    def stated(self, release: Release, within: Span) -> Span | None:
        """The clause of a passage that says what the company is, or does."""
        is_issuer = _begins(release.issuer or "", self.name, whole=self.is_bare)  # Bitcoin is not Bitcoin Depot
        if not re.search(re.escape(self.name.split()[0]), release.quote(within), re.IGNORECASE):
            return None
        for sentence in statements(release, within):
            words = release.quote(sentence)
            before = release.text[max(0, sentence.start - _NEAR) : sentence.start]
            if clause := self._clause(words, before, (release.issuer or "") if is_issuer else ""):
                return Span(release.id, sentence.start + clause[0], sentence.start + clause[1])
        return None

    @staticmethod
    def is_role(sentence: str) -> bool:
        """Whether a sentence tells for what a company was engaged, once, which is not what it does.

        >>> Description.is_role("Bolt LLP acted as legal counsel to Acme."), Description.is_role("Bolt is a law firm.")
        (True, False)
        """
        return bool(_ROLE.search(sentence))

    @staticmethod
    def is_enough(words: str) -> bool:
        """Whether words alone may describe a company.

        >>> Description.is_enough("a law firm"), Description.is_enough("a")
        (True, False)
        """
        return len(words.split()) >= LEAST_WORDS

    def _clause(self, sentence: str, before: str, issuer: str) -> tuple[int, int] | None:
        """First character, and one past the last, of what a sentence says that the company is.

        Args:
            before: what stands in front of the sentence.
            issuer: of the release, if that is the company; else empty.

        >>> sentence = "Acme Robotics, Inc. (NASDAQ: ACM), a maker of robots and mills, today opened a showroom."
        >>> sentence[slice(*Description("acme", True)._clause(sentence, "", "Acme Robotics, Inc."))]
        'a maker of robots and mills'
        """
        named = _named(self.name, issuer)
        about = re.compile(_ABOUT + named.pattern)
        for found in named.finditer(sentence):
            if re.search(r"(?!About|The)\b[A-Z][\w&.-]*\s$", sentence[: found.start()]):
                continue  # the end of a longer name
            if self.is_bare and not (issuer or found["form"] or found["asides"]):
                continue  # a product or a place may be named so
            for opening, end in ((_STATED, _END_OF_STATED), (_APPOSED, _END_OF_APPOSED)):
                if (told := opening.match(sentence, found.end())) and (clause := _whole(sentence, told, end)):
                    return clause
            is_about = not self.is_bare and (about.search(before) or about.match(sentence))
            if is_about and (told := _OF_ITSELF.match(sentence, found.end())):
                return _cut(sentence, told.start("clause"), _END_OF_STATED)
        if about.search(before) and (told := _WE.match(sentence)):
            return _whole(sentence, told, _END_OF_STATED)
        return None


def _whole(sentence: str, told: re.Match[str], end: re.Pattern[str]) -> tuple[int, int] | None:
    """The clause that begins there, if it names a kind of company."""
    clause = _cut(sentence, told.start("clause"), end)
    if _NO_KIND.search(sentence[slice(*clause)]):
        return None
    return clause if _HEAD.search(sentence, clause[0], min(clause[1], clause[0] + _FIRST)) else None


def _cut(sentence: str, start: int, end: re.Pattern[str]) -> tuple[int, int]:
    stop = found.start() if (found := end.search(sentence, start)) else len(sentence)
    if stop - start > _MOST and (comma := sentence.find(", ", start + _FIRST, start + _MOST)) > 0:
        stop = comma
    return start, stop


def _begins(issuer: str, name: str, *, whole: bool) -> bool:
    """Whether an issuer is called so, by the first words of its name or all that people say of it."""
    said, asked = (re.sub(r"[^\w\s]", "", short_name(each)).casefold().split() for each in (issuer, name))
    return bool(asked) and (said if whole else said[: len(asked)]) == asked


@cache
def _named(name: str, issuer: str) -> re.Pattern[str]:
    """The name as a release writes it: with the rest of its issuer's, what kind of company it is, and its tickers."""
    own, whole = name.split(), short_name(issuer).split()
    words = r"\s+".join(map(re.escape, own)) + "".join(rf"(?:\s+{re.escape(word)})?" for word in whole[len(own) :])
    return re.compile(
        rf"(?<![\w-])(?i:{words})(?![\w-]){_MARKS}(?P<form>(?i:,?\s+{KIND})*){_MARKS}(?P<asides>{_ASIDES})"
    )
