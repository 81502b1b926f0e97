"""Who acts for whom: counsel, financial advisers, placement agents, bookrunners and the like, told by form.

Releases say several in a row: "Doe LLP acted as counsel to Acme. Roe LLP acted as counsel to Bolt." Asked for Acme's
counsel, a reader takes either.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from index.months import MONTH
from index.release import Release, Span
from qa.period import absolute
from qa.rank import names_used

_LEGAL, _BOOKS, _UNDERWRITER = "counsel", "bookrunner", "underwriter"
_NOUNS = {
    _LEGAL: r"counsels?|legal advis[eo]rs?|attorneys?|lawyers?|law firms?",
    "financial": r"financial advis[eo]rs?",
    "markets": r"capital markets advis[eo]rs?",
    "placement": r"placement agents?",
    _BOOKS: r"book[\s-]?runn(?:er|ing[\s-]manager)s?",
    _UNDERWRITER: r"(?:co-)?underwriters?|representatives? of the (?:several )?underwriters",
    "manager": r"(?:lead|sole|co|joint)[\s-]managers?",
    "auditor": r"auditors?|independent registered public accounting firm",
    "transfer": r"transfer agents?",
    "investors": r"investor relations (?:advis[eo]rs?|firm|agency|consultants?)",
}
_SELLERS = frozenset((_BOOKS, _UNDERWRITER, "manager"))  # whoever does either is an underwriter
_OF_OFFERINGS = _SELLERS | {"placement"}  # they act for who offers
_WORD = r"(?!(?:to|for|of|in|on|at|by|with|from|and|or|as|that|which|who)\b)[\w.&-]+"
_ANY = rf"(?:{'|'.join(_NOUNS.values())})\b(?![-’'])"
# "placement agent and Doe LLP provided legal counsel" is one role, "advisor and sole placement agent" are two.
_ROLE = rf"(?P<role>(?:{_WORD}\s)*?{_ANY}(?:,?\sand\s(?:(?-i:[a-z][\w-]*)\s){{0,3}}?{_ANY})*)"
# An officer of a company is no adviser to it, an agent's agent has another role, and "paying the auditor" is none.
_NO_ROLE = re.compile(
    r"\b(?:general|chief|senior|associate|deputy|in-house|staff|assistant)\s(?:\w+\s)?counsel|\bsub-"
    r"|(?<!\bof )\b(?:the|an?|its|their)\s",
    re.IGNORECASE,
)
# Of what law, or of which matters: "Delaware counsel", "patent counsel". The rest of what stands before it says less.
_NEUTRAL = frozenset(
    """
    a an the its their our exclusive sole lead joint co independent outside external principal primary legal financial
    capital markets investor relations corporate special strategic only current and advisor adviser advisors advisers
    """.split()
)

_S = r"[^\S\n]+"
# The stop of a word that ends so is followed by more of the name: "Acme, Inc.  Doe LLP served" are two sentences.
_STOP = rf"\.(?!{_S}(?!LL[CP]\b|L\.|LP\b|P\.|PC\b|Inc\b|Ltd\b)[A-Z])"
_PIECE = (
    rf"(?:(?:Inc|Corp|Co|Ltd)\b(?:{_STOP})?|(?:[A-Z]\.)+(?:[A-Z]\b\.?)?(?:/[A-Z][\w&’'-]*)?"
    r"|(?!An?\s)[a-z]?[A-Z](?:[\w&’'/+-]|\.(?=\w))*|\+)"
)
_FORM = rf"(?:LL[CP]|L\.L\.[CP]|PLLC|PC|P\.[CA]|Inc|Ltd|Corp|N\.A|National Association)\b(?:{_STOP})?"
_NAME = rf"{_PIECE}(?:{_S}(?:(?:of|&|de){_S})?(?:{_PIECE}|\([A-Z][\w.]*\))|,{_S}{_FORM})*"
_ASIDE = rf"(?:,{_S}(?:[Aa]n?|the){_S}[^,.;()“”\"\n]{{3,60}}(?:,{_S}{_FORM})?)?"  # "Doe, a division of Roe,"
_NAMES_BEFORE = re.compile(rf"(?<![\w.’'-])(?P<names>(?>{_NAME}(?:(?:,?{_S}and{_S}|,{_S}){_NAME})*)){_ASIDE},?{_S}$")
_NO_NAME = re.compile(rf"(?:Advis[eo]rs|Additionally|Meanwhile|Separately|Also),?{_S}(?=[A-Z])")
_BE = rf"(?:(?:is|are|was|were|has been|have been|will|continues to){_S}(?:(?:currently|also){_S})?)?"
_AS = rf"(?P<verb>{_BE}(?:acting|acted|acts?|serving|served|serves?){_S})?as"  # "with Doe as co-manager"
_ARTICLE = rf"(?:(?:the|an?|its|our|their){_S})?"
_WHOSE = rf"(?:(?P<whose>(?:[\w.&-]+{_S}){{0,4}}?[\w.&-]+)['’]s?{_S})?"  # "acts as Bolt's legal advisor"
_ACTS = re.compile(rf"(?<![\w-]){_AS}{_S}{_ARTICLE}{_WHOSE}{_ROLE}", re.IGNORECASE)
_BESIDE = r"(?<!together )(?<!along )(?<!jointly )(?<!collectively )\bwith"
_OPENED = re.compile(rf"(?:^|\n|(?:[A-Z]{{2}}|[^A-Z\s])[.!?][”\")]*{_S}|[-–—]{_S}|{_BESIDE}{_S})[*#>\s]*$")
_GOES_ON = re.compile(rf"(?:[,;]?{_S}(?:and|while|with){_S}|[,;]{_S})")
_PARTY = r"committee|consortium|board|underwriters?|investors?|lenders?|agents?|buyers?|sellers?|purchasers?"
_TO = re.compile(
    rf",?{_S}(?:to|for){_S}(?P<client>(?:the{_S})?(?:[Cc]ompany|[Ii]ssuer|(?:[\w-]+{_S}){{0,2}}?(?i:{_PARTY}))\b"
    rf"|us\b|(?:the{_S})?{_NAME})"
)
_KIND = r"(?i:offering|IPO|placement|financing|transaction|deal)\b"
_IN = re.compile(
    rf"{_S}(?:for|in|on|of){_S}(?:the|this|an?|its|our){_S}(?:[^\s,;]+{_S}){{0,8}}?{_KIND}(?!{_S}agent)"
    rf"(?:{_S}(?:by|for|of){_S}(?P<client>{_NAME}))?"
)
_ANOTHER = re.compile(rf"(?:,?{_S}(?:and|&){_S}|,{_S}(?=[A-Z]))")

_FIRM = r"(?:law firms?|firms?|banks?|investment banks?|attorneys?|lawyers?|company|companies)"
_LED_BY = r"^\W*(?:(?:and|so|but|ok|okay)\W+)*"
_IS = r"(?:\s+(?:is|are|was|were)|['’]s)"
_REST = r"(?P<client>[^?]+?)(?:\s+(?:in|on|for|during|regarding|over|when|as|against)\s[^?]*)?\W*$"
_FORMS = tuple(
    re.compile(f"{_LED_BY}{form}", re.IGNORECASE)
    for form in (
        rf"(?:who|(?:which|what)\s+{_FIRM})(?:{_IS}(?:\s+(?:acting|serving)\s+as)?|\s+(?:acted|acts|served|serves)\s+as)"
        rf"\s+{_ARTICLE}{_ROLE}\s+(?:to|for|of|on|in)\s+(?:the\s+)?{_REST}",
        rf"(?:who|what|(?:which|what)\s+{_FIRM}){_IS}\s+(?:the\s+)?(?P<client>[^?]+?)['’]s?\s+{_ROLE}"
        r"(?:\s+(?:in|on|for|during)\s[^?]*)?\W*$",
        r"(?:which|what)\s+(?P<role>law firms?|lawyers|attorneys)\s+(?:(?:is|are|was|were)\s+)?"
        rf"(?:act(?:s|ed|ing)?\s+for|advis(?:es?|ed|ing)|represent(?:s|ed|ing)?)\s+(?!on\b)(?:the\s+)?{_REST}",
    )
)
_OFFERING = re.compile(r"\b(?:offerings?|IPO|placements?|financings?|deal|transaction)\b", re.IGNORECASE)
_SORTS = ("private placement", "registered direct", "public offering")
_COMPANY = re.compile(r"(?:the\s+)?(?:company|issuer)|us", re.IGNORECASE)
_SUCH = re.compile(rf"\b(?:{_PARTY})\b", re.IGNORECASE)
_OWN = frozenset("committee consortium board".split())  # parties that are surely not the company itself
_KINDS_OF_COMPANY = frozenset("inc corp ltd llc llp lp plc co corporation limited company the".split())
_CALLED_SO = re.compile(r"[“\"](?:[Tt]he )?Company[,.]?[”\"]")
_LARGE = re.compile(rf"(?<!^)\b(?!(?:{MONTH})\b)[A-Z][\w&]*|[$€£]\d(?:[\d,.]*\d)?")
_FAR = 300  # characters before a verb, or before the words "the Company", among which a name stands that is meant


class _Clause(NamedTuple):
    """That somebody acts as something for somebody."""

    start: int  # of the names
    end: int
    role: str
    client: str | None  # empty for the issuer, None where it is not told


class Acting(NamedTuple):
    """A role that is asked for, and for whom."""

    role: str
    client: str
    question: str

    @classmethod
    def of(cls, question: str) -> Acting | None:
        """Whose adviser or agent a question asks for; None for a question about anything else.

        >>> Acting.of("Who was legal counsel to Acme in the Bolt deal?")[:2], Acting.of("Who is Acme's auditor?")[:2]
        (('legal counsel', 'Acme'), ('auditor', 'Acme'))
        >>> Acting.of("Who is Acme's general counsel?"), Acting.of("How much was the placement agent paid?")
        (None, None)
        """
        asked = next((found for form in _FORMS if (found := form.match(question))), None)
        if asked is None or _NO_ROLE.search(asked["role"]):
            return None
        client = asked["client"].strip(" ,")
        if (is_offering := _OFFERING.search(client)) and not _kinds(asked["role"]) & _OF_OFFERINGS:
            return None  # "counsel for Acme's IPO" may be that of the banks
        return None if is_offering and not is_offering.start() else cls(asked["role"], client, question)

    def stated(self, release: Release, within: Span) -> Span | None:
        """The names of those who act so, where a passage says it in a clause of its own.

        Nothing where another clause of the release names others.

        >>> text = "Doe & Co. LLP served as counsel to Acme, Inc.  Roe LLP served as counsel to Bolt."
        >>> release = Release.of(text, headline="", source="", issuer="Acme, Inc.")
        >>> asked = Acting.of("Who was legal counsel to Acme?")
        >>> release.quote(asked.stated(release, Span(release.id, 0, len(text))))
        'Doe & Co. LLP'
        """
        if not self._is_about(release):
            return None
        clauses = [each for each in _clauses(release) if self._is_role(each) and self._is_for(each, release)]
        clauses = [each for each in clauses if _fields(each.role) == _fields(self.role)]
        names = [set(_words(release.text[each.start : each.end])) for each in clauses]
        if not all(one <= other or other <= one for one in names for other in names):
            return None
        found = next((each for each in clauses if within.start <= each.start and each.end <= within.end), None)
        return Span(release.id, found.start, found.end) if found else None

    def meant(self, release: Release, within: Span, quote: Span, _: Span) -> Span | None:
        """These words, unless a clause says that they are advisers in another role, or of somebody else.

        >>> release = Release.of("Roe LLP is counsel. Doe LLP acts as counsel to Bolt.", headline="", source="")
        >>> asked, ends = Acting.of("Who is Acme's counsel?"), ((0, 7), (20, 27))
        >>> [bool(asked.meant(release, *[Span(release.id, *each)] * 3)) for each in ends]
        [True, False]
        """
        own = [each for each in _clauses(release) if each.start < quote.end and quote.start < each.end]
        may_be = any(self._is_role(each) and self._is_for(each, release) is not False for each in own)
        return quote if may_be or not own else None

    def _is_role(self, clause: _Clause) -> bool:
        """Whether who does what a clause says has the role that is asked for.

        >>> clause = _Clause(0, 1, "joint bookrunner", "Acme")
        >>> [Acting(each, "Acme", "")._is_role(clause) for each in ("underwriter", "bookrunners", "lead bookrunner")]
        [True, True, False]
        """
        asked, own = _kinds(self.role), _kinds(clause.role)
        if not asked & _SELLERS:
            return bool(asked & own)
        wanted, said = _manners(self.role), _manners(clause.role)
        if wanted:
            return bool(own & _SELLERS) and bool(wanted & said or (wanted == {"lead"} and "sole" in said))
        return bool(own & (_SELLERS if _UNDERWRITER in asked else asked)) and (
            _UNDERWRITER in asked or "co" not in said
        )

    def _is_for(self, clause: _Clause, release: Release) -> bool | None:
        """Whether a clause is about the client who is asked about; None where that cannot be told."""
        if clause.client is None:
            return None
        wanted, said = _parties(self.client), _parties(clause.client)
        if wanted or said:
            return True if wanted == said else (False if (wanted | said) & _OWN else None)
        own, other = _words(self.client), _words(clause.client)
        if own and other and own[: len(other)] == other[: len(own)]:
            return True
        is_company = bool(_COMPANY.fullmatch(self.client))
        is_offering = bool(_kinds(self.role) & _OF_OFFERINGS)  # "Acme's convertible notes": whose is told, not by whom
        if is_company or is_offering:
            is_issuer = bool(names_used(self.question if is_company else self.client, release))
        else:
            is_issuer = _is_issuer(self.client, release)
        is_of_issuer = not clause.client or _is_issuer(clause.client, release)
        if is_issuer and is_of_issuer:
            return True
        is_alike = set(own) & set(other) or _initials(own) == "".join(other) or _initials(other) == "".join(own)
        return None if is_alike or (not is_issuer and (is_company or is_offering)) else False

    def _is_about(self, release: Release) -> bool:
        """Whether a release has all that a question names, and is of the time that it names."""
        named = absolute(self.question)
        if named and not (release.published and any(period.fit(release.published) for period in named)):
            return False
        text = f"{release.text} {release.issuer or ''} {' '.join(release.tickers)}".casefold()
        text += " ipo" if "initial public offering" in text else ""
        words = [re.escape(word.casefold()) for word in _LARGE.findall(re.sub(r"['’]s?(?!\w)", "", self.question))]
        sorts = [sort for sort in _SORTS if sort in self.question.casefold()]
        return all(re.search(rf"(?<!\w){word}", text) for word in [*words, *sorts])


class _Act(NamedTuple):
    """A clause as it is written."""

    start: int  # of the names
    end: int
    role: str
    whose: str | None  # "Bolt" of "as Bolt's legal advisor"
    goes_on: bool  # it is joined to the clause before it
    told: re.Match[str] | None  # for whom, or for which offering


def _acts(text: str) -> Iterator[_Act]:
    floor = 0  # where the clause before it ends
    for verb in _ACTS.finditer(text):
        names = _NAMES_BEFORE.search(text, max(floor, verb.start() - _FAR), verb.start())
        if names is None or _NO_ROLE.search(verb["role"]):
            continue
        start, end = names.span("names")
        goes_on = bool(floor and _GOES_ON.fullmatch(text, floor, start))
        if not goes_on and not (verb["verb"] and _OPENED.search(text, max(0, start - 20), start)):
            continue
        if title := _NO_NAME.match(text, start, end):
            start = title.end()
        order = (_IN, _TO) if _kinds(verb["role"]) & _OF_OFFERINGS else (_TO, _IN)
        told = next((found for form in order if (found := form.match(text, verb.end()))), None)
        floor = told.end() if told else verb.end()
        yield _Act(start, end, verb["role"], verb["whose"], goes_on, told)


def _clauses(release: Release) -> list[_Clause]:
    """The clauses of a release that say who acts as what, in order."""
    acts = list(_acts(release.text))
    starts = {act.start for act in acts}
    clients: list[str | None] = []
    for act in acts:
        clients.append(_client(act, starts, release, clients[-1] if clients else None))
    for at, (act, after) in enumerate(pairwise(acts)):
        # "Doe served as financial advisor, and Roe LLP served as counsel, to Acme."
        if act.told is None and after.goes_on and after.told and after.told[0].startswith(","):
            clients[at] = clients[at + 1]
    return [_Clause(act.start, act.end, act.role, client) for act, client in zip(acts, clients, strict=True)]


def _client(act: _Act, starts: Collection[int], release: Release, before: str | None) -> str | None:
    """Who a clause says that it is for: the issuer as "", None where that is not told; ``before`` is the last one's."""
    if act.whose is None and (act.told is None or act.told["client"] is None):
        if _kinds(act.role) & _OF_OFFERINGS:
            return None if _is_issuer(release.text[act.start : act.end], release) else ""
        return before if act.goes_on and act.told is None else None
    client = act.whose or (act.told["client"] if act.told else "")
    if act.told and (more := _ANOTHER.match(release.text, act.told.end())) and more.end() not in starts:
        return None
    if _COMPANY.fullmatch(client):
        is_others = before and not _parties(before) and not _is_issuer(before, release)
        return None if is_others or not _is_called_company(release) else ""
    return client


def _is_called_company(release: Release) -> bool:
    """Whether "the Company" is the issuer of a release: it says so, or says it of nobody."""
    issuer = _words(release.issuer or "")[:1]
    called = [match.start() for match in _CALLED_SO.finditer(release.text)]
    return bool(issuer) and (
        not called or any(issuer[0] in _words(release.text[max(0, at - _FAR) : at]) for at in called)
    )


def _is_issuer(name: str, release: Release) -> bool:
    """Whether a name, or ticker, is that of the issuer.

    >>> release = Release.of("Text.", headline="", source="", issuer="Acme Holdings Inc.", tickers=("NYSE:ACM",))
    >>> [_is_issuer(name, release) for name in ("Acme", "ACM", "Acme Bank", "Bolt")]
    [True, True, False, False]
    """
    own, issuer = _words(name), _words(release.issuer or "")
    if any(ticker.rpartition(":")[2] == name for ticker in release.tickers):
        return True
    return bool(own and issuer) and own[: len(issuer)] == issuer[: len(own)]


def _kinds(role: str) -> set[str]:
    """What roles these words name.

    >>> _kinds("sole book-running manager"), _kinds("legal advisors"), _kinds("CEO")
    ({'bookrunner'}, {'counsel'}, set())
    """
    return {kind for kind, noun in _NOUNS.items() if re.search(rf"\b(?:{noun})\b", role, re.IGNORECASE)}


def _manners(role: str) -> set[str]:
    """Which of several managers: the lead or sole one, joint ones, or those beside them."""
    role = re.sub(r"\b(?:only|exclusive)\b", "sole", role.casefold())
    return set(re.findall(r"\b(?:lead|sole|joint|co)\b", role))


def _fields(role: str) -> set[str]:
    """Of what law or matters a counsel is.

    >>> _fields("independent Maryland legal counsel"), _fields("legal counsel")
    ({'maryland'}, set())
    """
    for noun in _NOUNS.values():
        role = re.sub(rf"\b(?:{noun})\b", " ", role, flags=re.IGNORECASE)
    return set(re.findall(r"\w+", role.casefold().replace(".", ""))) - _NEUTRAL


def _parties(name: str) -> set[str]:
    return {each.casefold().removesuffix("s") for each in _SUCH.findall(name)}


def _words(name: str) -> list[str]:
    """What a name is known by: its words without the kind of company."""
    words = re.findall(r"[\w&]+", re.sub(r"['’]s?(?!\w)", "", name.casefold().replace(".", "")))
    return [word for word in words if word not in _KINDS_OF_COMPANY]


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words)
