"""Under which symbol, and on which exchange, a company is listed: told by form, for a listing is no sentence.

A reader of sentences finds no answer in "Acme Robotics, Inc. (NASDAQ: ACR) opened a mill", and takes what is at hand.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from index.issuer import ListedCompany, listed_companies
from index.listing import is_exchange
from index.release import Release, Span
from qa.rank import content_words, names_used

_SYMBOL = re.compile(r"\b(?:tickers?|symbols?)\b", re.IGNORECASE)
_EXCHANGE = re.compile(
    r"\b(?:which|what)\s+(?:stock\s+)?(?:exchanges?|bourses?)\b.*\b(?:list(?:ed|s)?|trade[ds]?|on|buy)\b"
    r"|\b(?:which|what)\s+(?:stock\s+)?markets?\b.*\b(?:listed|shares?|stocks?|traded? on)\b"
    r"|\bwhere\b.*\b(?:listed|(?:shares?|stocks?)\b.*\btraded?)\b|\bwhere\b.*\btraded?\W*$",
    re.IGNORECASE,
)
# "Is Acme listed on the NYSE?": for yes or no.
_WHETHER = re.compile(
    r"^\W*(?:is|are|does|do)\b(?P<whose>.*?)\b(?:listed|traded?s?|trading|quoted)\s+(?:publicly\s+)?(?:on|in|at)\b(?P<where>.*)",
    re.IGNORECASE,
)
# A listing says what is, not what was or will be, nor what else there is to ask about a symbol.
_ASKS_ELSE = re.compile(
    r"\b(?:logo|represents?|chemical|drug|products?|ingredients?|commitment)\b|\ba symbol of\b"
    r"|\b(?:will|would|be|formerly|previously|before|after|once|since|until|did|was|were|used to"
    r"|(?:new|next|old|former|previous|earlier|original)(?= (?:\w+ )?(?:tickers?|symbols?|listing|exchange|market))"
    r"|when|why|how|who|(?:what|which) (?:company|firm|fund|business|stock(?! exchange| market))|price|tokens?|coins?"
    r"|plan\w*|want\w*|hop(?:es?|ing)|seek\w*|intend\w*|mov(?:es?|ed|ing)|chang\w+|switch\w*|uplist\w*|keep\w*|kept)\b"
    r"|\b(?:tickers?|symbols?) [“\"'(]?(?-i:[A-Z]{2,5})\b|^\W*(?:is|are|does|do|has|have|can)\b",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"^\W*(?:as of|according to)\b[^,]*,", re.IGNORECASE)  # no part of a name
_MARKETS = {  # by the words that people and releases have for them
    **dict.fromkeys(("fse", "fra", "fwb", "frankfurt", "germany"), "frankfurt"),
    **dict.fromkeys(("tsx", "tsxv", "toronto"), "toronto"),
    **dict.fromkeys(("lse", "aim", "aqse", "london"), "london"),
    **dict.fromkeys(("asx", "sydney", "australia"), "sydney"),
    **dict.fromkeys(("otc", "otcqb", "otcqx", "otcid", "otcmarkets", "otcpink", "pink"), "otc"),
    **dict.fromkeys(("nyse", "amex"), "new york"),
    **dict.fromkeys(("cboe", "nasdaq", "cse", "euronext"), ""),
}
_PLACES = frozenset("frankfurt germany toronto london sydney australia otc pink".split())  # of any market there
AREAS = {  # with several exchanges
    "canada": frozenset("TSX TSXV CSE CNSX NEO NEX CBOECA CBOECANADA".split()),
    "germany": frozenset("FSE FRA FRANKFURT FWB XETRA ETR STUTTGART".split()),
    "america": frozenset(
        """
        NASDAQ NYSE NYSEAMERICAN NYSEMKT NYSEARCA AMEX BATS OTC OTCQB OTCQX OTCID OTCPINK OTCMARKETS OTCMKTS OTCBB
        OTCEXPERT PINK PINKSHEETS
        """.split()
    ),
}
_AREA = re.compile(  # "its Canadian ticker", "on which U.S. exchange", "in the States"; no "American Battery"
    r"\b(?:(?P<canada>[Cc]anadian)|(?P<germany>[Gg]erman)|(?P<america>U\.?S\.?|u\.s\.|[Aa]merican))"
    r"\s+(?:stock\s+|OTC\s+)?(?:exchange|market|bourse|ticker|symbol|listing)"
    r"|\b[Ii]n\s+(?:the\s+)?(?:(?P<in_canada>[Cc]anada)|(?P<in_germany>[Gg]ermany)"
    r"|(?P<in_america>[Uu]\.[Ss]\.|US|USA|(?:[Uu]nited\s+)?[Ss]tates|[Aa]merica))(?=\W*$|\s*,)",
)
_NO_NAMES = frozenset(
    """
    ticker tickers symbol symbols stock stocks exchange exchanges market markets share shares bourse listed list lists
    listing trade trades traded trading current currently now please what's whats
    """.split()
)
_EXCHANGES = re.compile(
    r"exchange|(?:stock|capital|global|select|growth|venture|otc)\smarkets?|\b(?:nasdaq|nyse|otc\w*|tsx\w*|cboe)\b|bourse",
    re.IGNORECASE,
)
_OF_LISTINGS = re.compile(
    rf"ticker|symbol|listed|\btrad(?:e|es|ed|ing)\b|\$[A-Z]{{2}}|{_EXCHANGES.pattern}", re.IGNORECASE
)
_LIKE_SYMBOL = re.compile(r"\b(?=\d*[A-Z])[A-Z\d]{2,6}\b|^(?:[A-Z]|\d{2,6})$")


class Listing(NamedTuple):
    """The listing that a question asks for."""

    question: str
    is_symbol: bool  # rather than the exchange
    market: str  # that the question names, or the area of several, in small letters; empty for any
    company: frozenset[str]  # words that name whose, in small letters
    whether: str = ""  # the market that a question for yes or no is about

    @classmethod
    def of(cls, question: str) -> Listing | None:
        """What a question asks about a listing as it is; None for a question about anything else.

        >>> Listing.of("What is Acme's ticker on the OTCQB?")[1:], Listing.of("What will Acme's new ticker be?")
        ((True, 'otc', frozenset({'acme'}), ''), None)
        >>> Listing.of("On which Canadian exchange is Acme listed?")[1:]
        (False, 'canada', frozenset({'acme'}), '')
        """
        question = question.casefold() if question.isupper() else question
        question, area = _without_area(_AS_OF.sub("", question))
        if (asked := _WHETHER.match(question)) and not _ASKS_ELSE.search(asked["whose"] + asked["where"]):
            markets = [word for word in map(str.casefold, content_words(asked["where"])) if word in _MARKETS]
            whose = frozenset(map(str.casefold, content_words(asked["whose"]))) - _NO_NAMES
            return cls(question, False, "", whose, markets[0]) if markets and whose else None
        is_symbol = bool(_SYMBOL.search(question))
        if not (is_symbol or _EXCHANGE.search(question)) or _ASKS_ELSE.search(question):
            return None
        words = content_words(question)
        large = [word for word in words if re.search(r"[A-Z\d]", word)]
        named = [word.casefold() for word in large or words]
        markets = [word for word in named if word in _MARKETS]
        company = frozenset(named) - {*markets, *_NO_NAMES}
        return cls(question, is_symbol, _market(markets[0]) if markets else area, company)

    def stated(self, release: Release, within: Span) -> Span | None:
        """Where a passage says under which symbol, or on which exchange, the company asked about is listed.

        Of several listings side by side all, unless the question names one of the markets.

        >>> release = Release.of("Acme (TSX: ACM) (OTCQB: ACMF) rose.", headline="", source="", issuer="Acme, Inc.")
        >>> text = Span(release.id, 0, len(release.text))
        >>> release.quote(Listing.of("What is Acme's ticker in Toronto?").stated(release, text))
        'ACM'
        """
        for company in listed_companies(release.quote(within)):
            told = [each for each in company.stated if self.market in ("", *_markets(each.listings))]
            told = [each for each in told if self.holds(" ".join(each.listings))] or told
            if told and self._is_of(company, release):
                start, end = told[0].symbols if self.is_symbol else told[0].exchange
                at = company.stated.index(told[0])
                if len(told) > 1 and company.stated[at : at + len(told)] == tuple(told):  # nothing else among them
                    start, end = _in_brackets(release.quote(within), told[0].exchange[0], told[-1].end)
                return Span(release.id, within.start + start, within.start + end)
        return None

    def meant(self, release: Release, within: Span, quote: Span, sentence: Span) -> Span | None:
        """These words of a passage, if they have the form of what is asked for, and are not another company's.

        A symbol stands in a sentence that speaks of listings: products and coins are written like one.

        >>> release = Release.of("Acme has a mill in Oslo. Bolt (NYSE: BLT) has none.", headline="", source="")
        >>> asked, text = Listing.of("Where are Acme's shares listed?"), Span(release.id, 0, len(release.text))
        >>> [asked.meant(release, text, Span(release.id, *at), text) for at in ((19, 23), (31, 35))]
        [None, None]
        """
        for company in listed_companies(release.quote(within)):
            start, end = within.start + company.stated[0].start, within.start + company.stated[-1].end
            if start < quote.end and quote.start < end and not self._is_of(company, release):
                return None
        is_told = self.is_symbol and _OF_LISTINGS.search(release.quote(sentence))
        has_form = (_LIKE_SYMBOL if is_told else _EXCHANGES).search(release.quote(quote))
        exchanges = [word for word in re.findall(r"\w+", release.quote(quote)) if is_exchange(word)]
        is_elsewhere = self.market and exchanges and self.market not in _markets(exchanges)
        return quote if has_form and not is_elsewhere else None

    def is_open(self, quotes: Collection[str]) -> bool:
        """Whether one symbol is asked for and several are told: it has changed.

        >>> listing = Listing.of("What is Acme's ticker?")
        >>> listing.is_open(["ACM", "ACME"]), listing.is_open(["ACM", "acm"]), listing.is_open(["ACM", "(A: B) (C: D)"])
        (True, False, False)
        """
        single = {quote.upper() for quote in quotes if re.fullmatch(r"[\w.]+", quote)}
        return self.is_symbol and len(single) > 1

    def holds(self, quote: str) -> bool:
        """Whether listings in a quote are on the market that a question for yes or no is about.

        >>> listing = Listing.of("Is Acme listed on the NYSE?")
        >>> listing.holds("NYSE American"), listing.holds("(TSX: ACM)")
        (True, False)
        """
        words = set(re.findall(r"[a-z]+", quote.casefold()))
        by_place = self.whether in _PLACES and _market(self.whether) in map(_market, words)
        return bool(self.whether) and (self.whether in words or by_place)

    def _is_of(self, company: ListedCompany, release: Release) -> bool:
        """Whether the question is about a listed company of a release: it has all words of the name before its listing.

        Or it is the issuer, which is also named by its symbol and in small letters.
        """
        if self.company and self.company <= set(_words(company.name or "")):
            return True
        symbols = " ".join(ticker.rpartition(":")[2] for ticker in release.tickers)
        is_issuer = bool(set(company.listings) & set(release.tickers)) and bool(names_used(self.question, release))
        return is_issuer and self.company <= set(_words(f"{release.issuer or ''} {symbols}"))


def _market(name: str) -> str:
    """A market by the first word of its name, or of a listing on it: "OTCQB" is of the OTC markets.

    >>> _market("OTCQB"), _market("NYSE American"), _market("TSX-V"), _market("TSXV:ACM")
    ('otc', 'new york', 'toronto', 'toronto')
    """
    plain = re.sub(r"[^\w ]", "", name.casefold().partition(":")[0]).split(" ")[0]
    return _MARKETS.get(plain, plain)


def _markets(listings: Collection[str]) -> set[str]:
    """The markets of listings, and the areas that these are in.

    >>> sorted(_markets(["TSXV:ACM"])), sorted(_markets(["CBOE CA:ACM"]))
    (['canada', 'toronto'], ['', 'canada'])
    """
    found = set(map(_market, listings))
    exchanges = {re.sub(r"\W", "", listing.partition(":")[0].upper()) for listing in listings}
    return found | {area for area, own in AREAS.items() if exchanges & own}


def _without_area(question: str) -> tuple[str, str]:
    """A question without the words for an area with several exchanges, and which one that is.

    >>> _without_area("What is Acme's U.S. ticker?"), _without_area("Its ticker in Canada?")
    (("What is Acme's  ticker?", 'america'), ('Its ticker ?', 'canada'))
    >>> [_without_area(f"What's {name} Market's ticker?")[1] for name in ("Bank of America", "First American")]
    ['', '']
    """
    match = _AREA.search(question)
    if not match or not match.lastgroup:
        return question, ""
    before = question[: match.start()].split()
    is_place = match.lastgroup.startswith("in_")
    if not is_place and len(before) > 1 and before[-1][0].isupper() and before[-1].isalpha():  # "First American Market"
        return question, ""
    start, end = match.span() if is_place else match.span(match.lastgroup)
    return question[:start] + question[end:], match.lastgroup.removeprefix("in_")


def _in_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Listings with the brackets around them, if there are several: "(TSX: ACM) (OTCQB: ACMF)"."""
    is_cut = ")" in text[start:end] and text[start - 1 : start] == "(" and text[end : end + 1] == ")"
    return (start - 1, end + 1) if is_cut else (start, end)


def _words(text: str) -> list[str]:
    return [re.sub(r"['’]s$", "", word) for word in re.findall(r"[\w&.'’/-]*\w", text.casefold())]
