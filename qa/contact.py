"""How somebody is reached: e-mail addresses, websites and telephone numbers, told by form: they stand in no sentence.

Releases end in "Contact DetailsAnn Berg+1 212-555-0100ir@acme.com", run together as it is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from index.release import Release, Span
from qa.rank import content_words

Kind = Literal["e-mail", "telephone", "website"]

BEFORE = 100  # characters before an address among which the name of who is reached by it may stand
LEAST_NAME = 4  # letters of a name that an address may be known by
LIKE_NAME = 3  # first letters of a name that an address has which may be its own

# The word is what is asked for: it ends the question, or whose it is comes next. "Acme's email platform" is no address.
_ASKED_FOR = r"(?:\s(?:address(?:es)?|numbers?))?(?=\W*$|,|\s(?:of|for|at|to|can|do|does|should|is|in)\b)"
_KINDS: dict[Kind, re.Pattern[str]] = {
    "e-mail": re.compile(rf"\be-?mails?{_ASKED_FOR}", re.IGNORECASE),
    "telephone": re.compile(rf"\b(?:tele)?phone(?:\snumbers?\b|{_ASKED_FOR})", re.IGNORECASE),
    "website": re.compile(rf"\b(?:web ?site|web ?page|home ?page|url|web address){_ASKED_FOR}", re.IGNORECASE),
}
_TOP_LEVEL = r"(?:com|net|org|io|ai|co|us|eu|de|uk|ca|au|biz|info|gov|edu|xyz|fund|health|tech|energy|bio|finance)"
FORMS: dict[Kind, re.Pattern[str]] = {
    "e-mail": re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z\d-]+(?:\.[a-z\d-]*[a-z])+(?![a-z])"),
    "telephone": re.compile(
        r"(?<![\d.$€£])(?:\+\d{1,3}[-.\s]?)?(?:\(\d{1,4}\)[-.\s]?)?\d{2,4}(?:[-.\s]\d{2,5}){1,4}(?!\d)"
    ),
    "website": re.compile(
        rf"(?:https?://|www\.)(?:[A-Za-z\d-]+\.)+[a-z]{{2,10}}(?![a-z])"
        rf"|(?<![\w@.-])(?:[A-Za-z\d-]+\.)+{_TOP_LEVEL}\b(?![@\w])"
    ),
}
# What an address is run together with: the number, the office or the company before it ("555-0100ann@acme.com",
# "CEOann@acme.com", "Ltd.ann@acme.com"), or a word before a common mailbox: "Bergmedia@acme.com", "Officerir@acme.com",
# but "Amir@acme.com" is whole.
MAILBOX = r"(?:media|press|news|info|contact|investors?|investorrelations|hello|sales|support)@"
_GLUED = re.compile(
    r"(?:[A-Za-z]*[\d.-]{7,}(?=[A-Za-z])|\w*[A-Z]{3}(?=[a-z])|\w*(?:Inc|Ltd|Corp|LLC)\.(?=[A-Z])"
    rf"|[A-Z][a-z]+?(?={MAILBOX})|\w*(?:Officer|Director|President|Manager|Relations)(?=(?:ir|pr)@))(?=[\w.+-]+@)"
)
_DIGITS = range(9, 16)  # of a telephone number with its area's
# What else there is to ask about a website, an e-mail or a telephone.
_ASKS_ELSE = re.compile(
    r"\b(?:when|why|who(?:m|se)?|how (?:many|much|long|often|well|does|did)|did|will|was|were|launch\w*|visit\w*|new"
    r"|traffic|offers?|shows?|says?|said|features?|services?|software|system|translat\w*|secure|encrypted|app|makes?"
    r"|sells?|run)\b"
    r"|^\W*(?:is|are|does|do|has|have|can)\b",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    """
    contact contacts address number website websites email e-mail phone telephone url page homepage reach call number
    ir pr media press investor investors relations what's company
    """.split()
)


class Contact(NamedTuple):
    """The address or number that a question asks for."""

    kind: Kind
    whose: tuple[str, ...]  # words that name them, in small letters; never empty

    @classmethod
    def of(cls, question: str) -> Contact | None:
        """What a question asks for to reach somebody; None for a question about anything else.

        >>> Contact.of("What is Ann Berg's e-mail?"), Contact.of("When did Acme open its website?")
        (Contact(kind='e-mail', whose=('ann', 'berg')), None)
        """
        kind = next((kind for kind, asked in _KINDS.items() if asked.search(question)), None)
        if kind is None or _ASKS_ELSE.search(question):
            return None
        words = content_words(question)
        large = [word for word in words if re.search(r"[A-Z\d]", word) and word.casefold() not in _NO_NAMES]
        whose = tuple(low for word in large or words if (low := word.casefold()) not in _NO_NAMES)
        return cls(kind, whose) if whose else None

    def stated(self, release: Release, within: Span) -> Span | None:
        """Where a passage has the address or number asked for, of whom it is asked for.

        An address is known by the name in it. An e-mail address or a number may also stand behind a name of two words
        or more, with none of its kind between; a website may not: wires and lawyers put theirs behind everybody's.

        >>> release = Release.of("Ann Berg, CEO, CEOann@acme.com, Bo Dahl +1 212-555-0100", headline="", source="")
        >>> text = Span(release.id, 0, len(release.text))
        >>> release.quote(Contact("e-mail", ("acme", "mills")).stated(release, text))
        'ann@acme.com'
        >>> release.quote(Contact("telephone", ("bo", "dahl")).stated(release, text))
        '+1 212-555-0100'
        """
        text, last = release.quote(within), 0
        # "DetailsAnn Berg": a large letter begins a word, whatever stands before it.
        name = r"[\W_]+".join(map(re.escape, self.whose))
        called = re.compile(rf"(?:(?<![A-Za-z])|(?=[A-Z]))(?i:{name})")
        nearby = None
        for start, end in _found(self.kind, text):
            span = Span(release.id, within.start + start, within.start + end)
            if self.kind != "telephone" and _is_known_by(text[start:end], self.whose):
                return span
            may_be_behind = self.kind != "website" and len(self.whose) > 1
            if nearby is None and may_be_behind and called.search(text, max(last, start - BEFORE), start):
                nearby = span
            last = end
        return nearby

    def meant(self, release: Release, within: Span, quote: Span, sentence: Span) -> Span | None:
        """The whole address or number of the kind asked for that words of a passage are in.

        None for other words, and for an address that is like the name in nothing, in a sentence without the name.

        >>> release = Release.of("Ann Berg. Acme is at amills.com. See bolt.com", headline="", source="")
        >>> asked, text = Contact("website", ("acme",)), Span(release.id, 0, len(release.text))
        >>> ends = ((0, 8), (0, 9)), ((21, 27), (10, 32)), ((37, 41), (33, 45))
        >>> found = [asked.meant(release, text, *(Span(release.id, *end) for end in each)) for each in ends]
        >>> [each and release.quote(each) for each in found]
        [None, 'amills.com', None]
        """
        text, name = release.quote(within), self.whose[0]
        for start, end in _found(self.kind, text):
            span = Span(release.id, within.start + start, within.start + end)
            if span.overlaps(quote):
                is_alike = self.kind == "telephone" or name[:LIKE_NAME] in text[start:end].casefold()
                return span if is_alike or name in release.quote(sentence).casefold() else None
        return None


def _is_known_by(address: str, name: Sequence[str]) -> bool:
    """Whether an address has a name in it: a company's as its domain, a person's before the @.

    >>> [_is_known_by(each, ("acme", "mills")) for each in ("www.acme.com", "ir@acmemills.com", "acmeiron.com")]
    [True, True, False]
    >>> _is_known_by("aberg@mills.com", ("ann", "berg")), _is_known_by("info@mills.com", ("ann", "berg"))
    (True, False)
    """
    before, _, domain = re.sub(r"^https?://", "", address.casefold()).rpartition("@")
    labels = domain.split(".")
    is_british = len(labels) > 2 and labels[-2] in ("com", "co", "net", "org")  # "acme.co.uk"
    own = re.sub(r"[^a-z\d]", "", labels[-3 if is_british else -2])
    plain = [re.sub(r"[\W_]", "", word) for word in name]
    if len(name) > 1 and len(plain[-1]) >= LEAST_NAME and plain[-1] in before:
        return True
    rest = own.removeprefix(plain[0])
    if rest == own or len(plain[0]) < LEAST_NAME:
        return own == "".join(plain)
    return not rest or "".join(plain[1:]).startswith(rest) or bool(_GENERIC.fullmatch(rest))


# What is added to a company's name in its domain.
_GENERIC = re.compile(
    r"(?:inc|corp|co|group|grp|intl|holdings?|ltd|llc|plc|hq|usa?|global|online|site|app|ai|tech|investors?|ir)"
)


def _found(kind: Kind, text: str) -> Iterator[tuple[int, int]]:
    for match in FORMS[kind].finditer(text):
        glued = _GLUED.match(match[0])
        if kind != "telephone" or sum(map(str.isdigit, match[0])) in _DIGITS:
            yield match.start() + (glued.end() if glued else 0), match.end()
