"""Whose a ticker symbol is: told by form, for "Acme Robotics, Inc. (NASDAQ: ACR)" is no sentence that says so."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.issuer import listed_companies
from index.listing import is_exchange
from index.release import Release, Span

_COMPANY = frozenset("company companies firm issuer corporation business".split())
_WHO = frozenset("whose who who's".split())  # of a symbol that is called one: "Who is the CEO?" asks for no company
# That a question is about a symbol. "Which company trades gold?" is not: a symbol is what something trades under.
_CALLED = re.compile(
    r"\b(?:tickers?|symbols?)\b|\b(?:under|(?:list|trad|quot)(?:ed|es?|ing) as)\b|[$][A-Za-z]{2}", re.IGNORECASE
)
# What else such a question may have: any other word makes another question of it ("Which company did ACR buy?").
_OTHERS = frozenset(
    """
    ticker tickers symbol symbols code trade trades traded trading listed quoted which what what's whats is are has have
    do does go goes uses the a that by of for with under as on at in behind name names named called stock share shares
    exchange market currently now today please tell me find it its belong belongs to company's firm's
    american canada venture pink
    """.split()
)
_PLAIN = re.compile(  # without a word for it: "What company is ACR?"
    r"\W*(?:(?:[Ww]hat|[Ww]hich) (?:company|firm|issuer) is (?P<is>[A-Z]{2,6})"
    r"|(?P<of>[A-Z]{2,6}) company(?: name)?)\W*",
)
_WORD = re.compile(r"[$]?[\w.&]*\w(?:['’]s)?")
_LIKE_SYMBOL = re.compile(r"[$]?[A-Za-z0-9]{1,6}(?:[.\-][A-Za-z0-9]{1,3})?")


class Symbol(NamedTuple):
    """The symbol of which a question asks whose it is."""

    symbol: str  # in capitals
    is_sure: bool  # that it is a symbol: the question speaks of a listing

    @classmethod
    def of(cls, question: str) -> Symbol | None:
        """The symbol whose company a question asks for; None for a question about anything else.

        >>> Symbol.of("Which company trades under ACR?"), Symbol.of("What company is ACR?")
        (Symbol(symbol='ACR', is_sure=True), Symbol(symbol='ACR', is_sure=False))
        >>> Symbol.of("Which company did ACR buy?"), Symbol.of("Who is the CEO?"), Symbol.of("What company is Acme?")
        (None, None, None)
        """
        if named := _PLAIN.fullmatch(question):
            return cls(named["is"] or named["of"], False)
        words = [re.sub(r"[’]", "'", word) for word in _WORD.findall(question)]
        small = [word.casefold() for word in words]
        is_called = bool(_CALLED.search(question)) or any(map(is_exchange, words))
        left = [
            word
            for word, plain in zip(words, small, strict=True)
            if plain not in _COMPANY | _WHO | _OTHERS and not is_exchange(word)
        ]
        asks = (_COMPANY | _WHO).intersection(small)
        if not (is_called and asks) or len(left) != 1 or not _LIKE_SYMBOL.fullmatch(left[0]):
            return None
        return cls(left[0].strip("$").upper(), True)

    def stated(self, release: Release, within: Span) -> Span | None:
        """Where a passage has the name before a listing of the symbol.

        >>> release = Release.of("It sold steel to Acme, Inc. (TSX: ACM) then.", headline="", source="")
        >>> release.quote(Symbol("ACM", True).stated(release, Span(release.id, 0, len(release.text))))
        'Acme, Inc.'
        """
        text = release.quote(within)
        for company in listed_companies(text):
            if self._is_of(company.listings):
                name = re.split(r"(?<=[A-Z]{2}\.) ", company.name or "")[-1]  # "as CRO. Crown Holdings"
                start = text.rfind(name, 0, company.stated[0].start) if name else -1
                if start >= 0:
                    return Span(release.id, within.start + start, within.start + start + len(name))
        return None

    def meant(self, release: Release, within: Span, quote: Span, sentence: Span) -> Span | None:
        """These words of a passage, where their sentence has the symbol, and they are neither that nor an exchange."""
        words = release.quote(quote).strip("() ")
        is_told = re.search(rf"(?<![\w.-]){re.escape(self.symbol)}(?![\w-])", release.quote(sentence))
        is_name = words.upper() != self.symbol and not is_exchange(words)
        return quote if not self.is_sure or (is_told and is_name) else None

    def _is_of(self, listings: tuple[str, ...]) -> bool:
        return any(listing.rpartition(":")[2] == self.symbol for listing in listings)
