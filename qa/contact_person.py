"""Whom the press or investors may ask: the name behind "Media Contact:", told by form, for it stands in no sentence.

Releases run it together with what follows: "Media ContactAcme Inc.Ann BergChief Executive Officerir@acme.com".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.release import Release, Span
from qa.contact import LEAST_NAME, MAILBOX
from qa.rank import names_used

_MEDIA = r"(?:media|press|public relations|pr|news)"
_INVESTORS = r"(?:investors?|shareholders?|ir)"
_ABOUT = re.compile(
    rf"\b(?:(?P<media>{_MEDIA}|journalists?|reporters?)|(?P<investors>{_INVESTORS}|analysts?))\b", re.IGNORECASE
)
_ASKED = re.compile(  # not "Who contacted the police?"
    r"\bwhom?\b.*\b(?:can|could|should|shall|do|may|must|to)\b.*\b(?:contact|get in touch|reach)\b|\bcontact person\b"
    rf"|\bwho\b.*\b(?:handles?|deals with|takes care of)\s+(?:the\s+)?(?:{_MEDIA}|{_INVESTORS})\b"
    rf"|^\W*(?:who(?:['’]s|\sis|\sare)\s.*|(?:the\s)?name of\s.*|(?:[\w.’'-]+\s){{0,5}})?"
    rf"(?:{_MEDIA}|{_INVESTORS})(?:\srelations)?\scontacts?\b(?!\s(?:database|list|management|lens))"
    r"|^\W*who(?:['’]s|\sis)\s(?:the|your|their|its)\scontact\b",
    re.IGNORECASE,
)
_ASKS_ELSE = re.compile(
    r"\b(?:e-?mails?|(?:tele)?phones?|numbers?|address(?:es)?|websites?|urls?|firm|agency|head|director|vp|chief|officer"
    r"|president|when|where|why|how|did|was|were|said|joined)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"contacts?\sfor\s(?:the\s)?(?:{_MEDIA}|{_INVESTORS})(?:\sand\s(?:analysts|{_MEDIA}|{_INVESTORS}))?\s*:?"
    rf"|(?:(?:{_MEDIA}|{_INVESTORS})(?:\srelations)?(?:\s?(?:and|&|/)\s?)?){{0,2}}\s?"
    r"(?:contacts?|inquiries|enquiries|relations)(?:\s(?:details|person|information|contacts?|inquiries))?\s*:?",
    re.IGNORECASE,
)
_COMPANY = (  # between the label and the name: "Media ContactAcme Inc.Ann Berg"
    r"(?:(?:Contact\s)?Name:\s*|[A-Z][^@:\n]{1,60}?(?:Inc\.?|Ltd\.?|Corp\.?|LLC\.?|GmbH|AG|SE|plc|PLC|S\.A\.)\s*)?"
)
_OFFICES = (  # and labels: what stands before a name, or behind it
    r"(?:Tel|Phone|Email|Mail|Mobile|Chief|President|Director|Vice|Head|Senior|Managing|Manager|Executive|Officer|Editor"
    r"|Chairman|Position|Board|Founder|Name|Details|Inquiries|Enquiries|Contacts?|Website|Media|Press|Investors?|Public"
    r"|Corporate|Communications?|The|For|At|About|View)"
)
_COMPANIES = (  # what no name has in it, nor next to it
    r"(?:Company|Consulting|Group|Advisory|Partners|Relations|Capital|Team|Services|Inc|Corp|Ltd|Associates|Digital"
    r"|Solutions|Holdings|Networks?|Technologies|Resources|Global|International|Strategic|Financial|Corporation|Products"
    r"|Wire|Coverage|News|Bancorp|America|Growth|Stocks)"
)
_PART = (
    rf"(?!(?:{_OFFICES}|{_COMPANIES})(?![a-z]))"
    r"(?:O[’']|Mc|Mac|De|Di|Le|Van)?[A-Z][a-zà-ÿ’'-]*[a-zà-ÿ](?:-[A-Z][a-zà-ÿ]+)?(?![a-zà-ÿ])"
)
_NAME = re.compile(
    rf"(?:(?:Dr|Mr|Mrs|Ms)\b\.?[ ])?{_PART}(?:[ ][A-Z]\.)?(?:[ ](?:de|van|von|den|la))?[ ]{_PART}(?:[ ]{_PART})?"
    rf"(?![ ]{_COMPANIES}\b)"  # "Wall Street Wire"
)
_NEAR = 120  # characters behind a name among which it is told how to reach it
_BEHIND_LABEL = re.compile(rf"\s*[-–:]?\s*{_COMPANY}(?P<name>{_NAME.pattern})")


class ContactPerson(NamedTuple):
    """Whom a question asks for."""

    question: str
    is_media: bool  # for the press
    is_investors: bool  # both false for whoever it is

    @classmethod
    def of(cls, question: str) -> ContactPerson | None:
        """Whom to contact, if a question asks for that; None for a question about anything else.

        >>> ContactPerson.of("Who is Acme's media contact?")[1:], ContactPerson.of("Acme IR contact")[1:]
        ((True, False), (False, True))
        >>> ContactPerson.of("What is Acme's media contact email?"), ContactPerson.of("Who is head of IR at Acme?")
        (None, None)
        """
        if not _ASKED.search(question) or _ASKS_ELSE.search(question):
            return None
        about = [match.lastgroup for match in _ABOUT.finditer(question)]
        return cls(question, "media" in about, "investors" in about)

    def stated(self, release: Release, within: Span) -> Span | None:
        """The name behind such a label in a passage of the company's own release.

        >>> text = "Media ContactAcme Inc.Ann BergCEOir@acme.com"
        >>> release = Release.of(text, headline="", source="", issuer="Acme Inc.")
        >>> asked = ContactPerson.of("Who is Acme's media contact?")
        >>> release.quote(asked.stated(release, Span(release.id, 0, len(release.text))))
        'Ann Berg'
        """
        if not names_used(self.question, release):
            return None
        text = release.quote(within)
        for end in self._label_ends(text):
            if found := _BEHIND_LABEL.match(text, end):
                begin, stop = _trimmed(text, *found.span("name"))
                if stop > begin and _is_reached(text, stop) and not _has_issuers_word(text[begin:stop], release):
                    return Span(release.id, within.start + begin, within.start + stop)
        return None

    def meant(self, release: Release, _: Span, quote: Span, __: Span) -> Span | None:
        """The person's name that these words have, without what is run together with it.

        >>> release = Release.of("RelationsAnn Bergannberg@acme.com", headline="", source="")
        >>> asked, words = ContactPerson.of("Who is Acme's IR contact?"), Span(release.id, 0, 20)
        >>> release.quote(words), release.quote(asked.meant(release, words, words, words))
        ('RelationsAnn Bergann', 'Ann Berg')
        """
        found = _NAME.search(release.text, quote.start, min(len(release.text), quote.end + 40))
        if not found or found.start() >= quote.end:
            return None
        start, end = _trimmed(release.text, *found.span())
        return Span(release.id, start, end) if start < end and not _has_issuers_word(found[0], release) else None

    def _label_ends(self, text: str) -> Iterator[int]:
        """Where labels of the kind that is asked for end."""
        for label in _LABEL.finditer(text):
            about = {match.lastgroup for match in _ABOUT.finditer(label[0])}
            is_of_all = not (self.is_media or self.is_investors)
            if is_of_all or (self.is_media and "media" in about) or (self.is_investors and "investors" in about):
                yield label.end()


def _is_reached(text: str, end: int) -> bool:
    """Whether an address or number is behind a name, and no other name before it: "Best Mills\nAnn Berg\nab@mills.com".

    >>> _is_reached("Ann Berg, CEO, ab@acme.com", 8), _is_reached("Best Mills, Ann Berg, ab@acme.com", 10)
    (True, False)
    """
    reach = re.compile(r"@|\d{3}").search(text, end, end + _NEAR)
    return bool(reach) and not _NAME.search(text, end, reach.start() if reach else end)


def _has_issuers_word(name: str, release: Release) -> bool:
    """Whether a name shares a word with that of the company itself: it is hardly a person's."""
    return bool(set(name.casefold().split()) & set((release.issuer or "").casefold().split()))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without the mailbox that is run together with it; nothing where it cannot be told from that.

    >>> text = "Ann Bergannberg@acme.com, Jo Dahlmedia@acme.com, Bo Royjroy@acme.com"
    >>> text[slice(*_trimmed(text, 0, 15))], text[slice(*_trimmed(text, 26, 38))], text[slice(*_trimmed(text, 49, 59))]
    ('Ann Berg', 'Jo Dahl', '')
    """
    if text[end : end + 1] != "@":
        return start, end
    last = text.rfind(" ", start, end) + 1
    if mailbox := re.search(MAILBOX, text[last : end + 1]):
        return start, last + mailbox.start()
    first = re.sub(r"^(?:Dr|Mrs?|Ms)\b\.? ", "", text[start:last]).split(" ")[0].casefold()
    for local in (first, first[:1] + text[last:end].casefold()[:LEAST_NAME]):  # "annberg@", "aberg@"
        if (at := text.find(local, last + 1, end)) > 0:
            return start, at
    return start, start
