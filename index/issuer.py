"""A release's own words -> whose news it is, and the listings of that company."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.dateline import OPENING_BLOCKS, dateline, yearless
from index.listing import Listed, is_exchange, listings_in
from index.release import plain_name

OPENING_CHARACTERS = 4_000
BEFORE_LISTING = 400  # characters in which a company's name, with what stands in brackets after it, is looked for
_NAME_WORD = r"(?:(?:[A-Z0-9À-ÖØ-ÞŁŚŻ]|(?<!\w)[a-z]{1,2}(?=[A-Z]))[\w.'’&+!\-]*|&)"  # also "iCoreConnect"
_NAME = re.compile(rf"(?:{_NAME_WORD},?\s+(?:(?:of|de|and|the|for|du|van|von)\s+)?)*{_NAME_WORD}$")
_LEAD_INS = re.compile(
    r"^(?:(?:Why|How|What|When|Is|Are|Can|Could|As|At|In|On|For|By|With|From|And|But|The|Today|About|Inside|Meet|Enter"
    r"|Take|Consider|Both the|Both|CORRECTING and REPLACING|Correction)\s+)+"
)
_KINDS = frozenset(("group", "holding", "holdings"))
_MARKS = re.compile(r"[®™℠]|\((?:R|TM|SM)\)")
_TITLES = re.compile(r"^.*?(?:[–—:|]|\s-|--)\s+(?=\S)")
_GROUP_GAP = re.compile(r"[\s()\[\];,|/*“”\"‘’']*(?:and\s)?[\s()\[\];,|/*]*$")
_ALIAS = re.compile(r"\s*\((?:the\s+)?[\"“”'‘’][^()]{1,80}\)\s*$|\s*\((?:the|together|collectively)\s[^()]{1,80}\)\s*$")


def _name_before(text: str) -> str | None:
    """The company name that ends ``text``.

    >>> _name_before("Why Acme Robotics, Inc."), _name_before("Enter Acme Robotics, Inc.")
    ('Acme Robotics, Inc.', 'Acme Robotics, Inc.')
    """
    text = re.sub(r"[\s(\[*,]+$", "", text)
    for _ in range(3):
        text = re.sub(r"[\s(\[*,]+$", "", _ALIAS.sub("", text))
    text = text[-120:].replace("\n", " ")
    match = _NAME.search(text)
    if not match:
        return None
    name = _TITLES.sub("", match.group())
    name = re.split(r"(?<=[a-z]{3}\.)\s", name)[-1] if not re.search(r"(?:Inc|Corp|Ltd|Co)\.$", name) else name
    name = _company_in(re.sub(r"['’]s?$", "", _without_lead_in(name).strip(" ,")))
    return name if len(name) > 1 and not re.fullmatch(r"[\d.,]+", name) and not is_exchange(name) else None


def _without_lead_in(name: str) -> str:
    """A name without the words that lead to it, which are part of one that would be no name without them.

    >>> _without_lead_in("Why Acme Group, Inc."), _without_lead_in("On Holding AG"), _without_lead_in("Can B Corp.")
    ('Acme Group, Inc.', 'On Holding AG', 'Can B Corp.')
    """
    rest = _LEAD_INS.sub("", name)
    words = _words(rest)
    is_letter = len(words) == 1 and len(words[0]) == 1 and len(rest.split()) > 1
    return name if is_letter or set(words) <= _KINDS else rest


_DAY_BEFORE = re.compile(rf"^(?:{'|'.join(calendar.month_name[1:])})(?:\s\d{{1,2}})?(?:,?\s\d{{4}})?,\s")
_NUMBER_BEFORE = re.compile(r"^(?:(?:19|20)\d\d[.,]|\d+\.)\s+|^[\d.,]+\s[MB]illion\b.*\s(?:for|[Ii]n)\s+(?=[A-Z])")
_COVERAGE = re.compile(
    r"^.*\b(?:Initiate|Update|Resume|Launche|Maintain|Assume|Reiterate)s?\s+[Cc]overage\s+[Oo][nf]\s+"
)
_BASED_IN = re.compile(r"^.*\b[A-Z][\w.]*-based\s+(?:[Tt]he\s+)?")
_OFFICE = re.compile(
    r"^.*\b(?:CEO|CFO|COO|CTO|[ES]?VP|President|Chair(?:man|woman|person)?|Founder|Officer|Director|Head|Counsel|Ambassador"
    r"|Manager)\b(?P<held>.*)"
)
_OF = re.compile(r"^.*?\s(?:of|for)\s+(?:the\s+)?(?=[A-Z])|^,\s+(?=[A-Z])")
_FOR = re.compile(r"^.*\s(?:for|[Ll]ike|[Aa]longside|Makes?)\s+(?=[A-Z])")
_KIND = re.compile(r"\b(?:Inc|Corp|Ltd|Limited|Corporation|Holdings|PLC|plc|Company)\b\.?$")
_TWICE = re.compile(r"^(\S+ .+?),?\s*(?=(?:The )?\1(?!\w))")
_LISTED = re.compile(r"\s*\([A-Za-z.\- ]{2,12}:\s*[A-Z.]+\)$")


def _company_in(name: str) -> str:
    """A company's name without what is often written before it: a day, a place, an analyst, a person with an office.

    >>> _company_in("July 17, 2025, Acme Corp."), _company_in("Oslo, Norway-based Acme"), _company_in("CEO, Acme")
    ('Acme Corp.', 'Acme', 'Acme')
    >>> _company_in("Ann Berg, Head of Sales for Acme Inc."), _company_in("Bolt Capital Updates Coverage On Acme Inc.")
    ('Acme Inc.', 'Acme Inc.')
    """
    for lead in (_DAY_BEFORE, _NUMBER_BEFORE, _COVERAGE, _BASED_IN):
        name = lead.sub("", name)
    if office := _OFFICE.search(name):
        held = office["held"]
        holder = _FOR.match(held) or _OF.match(held)
        name = held[holder.end() :] if holder else name
    if len(name.split()) > 5 and _KIND.search(name):  # a headline: "Revenue Driver for Acme Inc."
        name = _FOR.sub("", name)
    return _LISTED.sub("", _TWICE.sub("", name))


class ListedCompany(NamedTuple):
    """A company and the listings that stand behind its name, one beside the other."""

    name: str | None  # None where no name stands before them
    stated: tuple[Listed, ...]  # never empty

    @property
    def listings(self) -> tuple[str, ...]:
        """All its listings here: "NASDAQ:CLRB"."""
        return tuple(listing for each in self.stated for listing in each.listings)


def listed_companies(text: str) -> list[ListedCompany]:
    """The companies whose listings are stated in a text, in order.

    >>> text = "Acme Corp. (NYSE: ACM) (FSE: 1AC) buys Bolt (OTC: BLT)"
    >>> [(company.name, company.listings) for company in listed_companies(text)]
    [('Acme Corp.', ('NYSE:ACM', 'FSE:1AC')), ('Bolt', ('OTC:BLT',))]
    """
    found: list[ListedCompany] = []
    last_end, line = -1, dateline(text)
    for each in listings_in(text):
        if found and _GROUP_GAP.match(text, last_end, each.start) and last_end >= 0 and each.start - last_end < 40:
            found[-1] = found[-1]._replace(stated=(*found[-1].stated, each))
        else:
            begin = line[1] if line and line[1] < each.start else 0
            name = _name_before(text[max(begin, each.start - BEFORE_LISTING) : each.start])
            found.append(ListedCompany(name, (each,)))
        last_end = each.end
    return found


_ABOUT = re.compile(r"^about\s+(?:(?-i:the|THE)\s+)?(?P<name>[^\n]{2,80}?):?\s*$", re.IGNORECASE)
# "About Acme Corp.Acme makes", "About Acme: Acme makes": a heading that its text follows at once, with the name again.
_ABOUT_WITH_TEXT = re.compile(
    r"^about\s+(?:(?-i:the|THE)\s+)?(?P<name>(?P<core>[^\n:]{3,60}?)"
    r"(?:,?\s(?:Inc|Corp|Corporation|Company|Co|Ltd|Limited|LLC|PLC|AG|SE)\.?)?)"
    r"[:.]?\s*(?:the\s)?(?P=core)(?!\w)(?=[^\n]{20})",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"\s*(?P<name>(?:{_NAME_WORD}\s+(?:(?:of|de|and|the|for)\s+)?){{0,6}}{_NAME_WORD}(?:,\s+(?:Inc|Corp|Ltd|LLC|LP|PLC|N\.V|S\.A|AG|SE)\b\.?)?)"
    r"(?=\s*(?:[,(“\"]|today|announce|is |has |will |reports|launche|unveil|a leading|the leading))"
)
_ARTICLES = frozenset(("the", "a"))
_NOT_NAMES = frozenset(  # nor what begins with one
    "an this that these our we it who company companies shares stock symbol ticker listed".split()
)
_BEGINNINGS = frozenset("new in on at for by with from as today what why how when is are can".split())  # of sentences


def _words(name: str) -> list[str]:
    """The words that tell a company, case folded: no articles, no legal form.

    >>> _words("The Goodyear Tire & Rubber Company"), _words("ABVC BioPharma, Inc.")
    (['goodyear', 'tire', 'rubber'], ['abvc', 'biopharma'])
    """
    return [word for word in re.findall(r"\w+", plain_name(name)) if word not in _ARTICLES]


def _is_same(one: str, other: str) -> bool:
    """Whether two names are forms of one company's: the longer goes on where the shorter ends.

    Their first words alone do not tell.

    >>> _is_same("GeoVax Labs, Inc.", "GeoVax"), _is_same("American Airlines", "American Express Company")
    (True, False)
    """
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    return bool(shorter) and longer[: len(shorter)] == shorter


def _is_name(words: Sequence[str]) -> bool:
    """Whether words may be a company's: also "New Gold" and "On Holding", but not "New" or "Our Shares"."""
    return bool(words) and words[0] not in _NOT_NAMES and not set(words) <= _BEGINNINGS


def issuer_and_tickers(headline: str, blocks: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """The company whose news this is and the listings that stand behind its name; others' listings are left out.

    The issuer is the company before the first listing (headline first), else the one with an "About" section of its
    own that the headline or the opening names, else the subject of the sentence after the dateline.

    >>> issuer_and_tickers("Acme Corp. (NYSE: ACM) Buys Bolt (OTC: BLT)", ["Acme (NYSE: ACM) (FSE: 1AC) said"])
    ('Acme Corp.', ('NYSE:ACM', 'FSE:1AC'))
    """
    opening = "\n".join(blocks)[:OPENING_CHARACTERS]
    groups = [
        (company.name, company.listings)
        for text in (headline, *blocks)
        for company in listed_companies(text)
        if company.name is None or _is_name(_words(company.name))
    ]
    about = list(_described(blocks, with_text=False))
    told = " ".join(f"{headline} {opening}".split())
    listed = [(name, listings) for name, listings in groups if name]
    named = [name for name, _ in listed if name in told]
    described = [*about, *_described(blocks, with_text=True)]
    issuer = named[0] if named else _about_whom(described, headline, opening) or _subject(blocks)
    if issuer is None:
        return None, groups[0][1] if groups else ()
    fuller = (name for name in about if _is_same(_LEAD_INS.sub("", name), issuer) and len(name.split()) <= 8)
    headed = next(fuller, None)
    if headed is None:
        issuer = _without_headline(issuer, listed)
    full = _as_said(headed or issuer, told)
    return issuer if full.isupper() and not issuer.isupper() else full, _own_listings(issuer, listed)


def _own_listings(issuer: str, groups: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The listings behind any form of the issuer's name, which a listing in common tells too.

    >>> groups = [("Acme Labs", ("NYSE:ACM",)), ("ACME Bio", ("NYSE:ACM", "FSE:1AC")), ("Acme Mills", ("OTC:AMLL",))]
    >>> _own_listings("Acme Labs, Inc.", groups)
    ('NYSE:ACM', 'FSE:1AC')
    """
    own = {listing for name, listings in groups if _is_same(name, issuer) for listing in listings}
    told = (listings for name, listings in groups if _is_same(name, issuer) or own & set(listings))
    return tuple(dict.fromkeys(listing for listings in told for listing in listings))


def _without_headline(issuer: str, groups: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """The issuer without the words of a headline before it: the rest is how it is written elsewhere.

    >>> _without_headline("New Study Shows Acme", [("New Study Shows Acme", ("NYSE:ACM",)), ("Acme", ("NYSE:ACM",))])
    'Acme'
    >>> _without_headline("Acme AI", [("Acme AI", ("NYSE:ACM",)), ("AI Spotlight Acme", ("NYSE:ACM",))])
    'Acme AI'
    >>> _without_headline("First Acme", [("First Acme", ("NYSE:FAC",)), ("Acme", ("NYSE:ACM",))])
    'First Acme'
    """
    words = _words(issuer)
    tails = [" ".join(words[number:]) for number in range(1, len(words))]
    own = {listing for name, listings in groups if name == issuer for listing in listings}
    others = (name for name, listings in groups if own & set(listings) and words[0] not in _words(name)[1:])
    return next((name for name in others if any(_is_same(tail, name) for tail in tails)), issuer)


def _as_said(name: str, told: str) -> str:
    """A name out of a heading in capitals in the form that the text has for it.

    >>> _as_said("ACME MILLS", "Mill opens. Acme Mills said"), _as_said("ACME", "ACME said")
    ('Acme Mills', 'ACME')
    """
    if not name.isupper():
        return name
    # Not in "www.acme.com".
    said = re.findall(rf"(?<![\w.@/]){re.escape(name)}(?!\.?\w)", told, re.IGNORECASE)
    return next((each for each in said if each[0].isupper() and not each.isupper()), name)


def _described(blocks: Sequence[str], *, with_text: bool) -> Iterator[str]:
    """The companies with an "About" section, as its heading names them: one that stands apart, or runs into its text.

    >>> blocks = ["About Acme & Its Industry", "Acme makes anvils.", "ABOUT BOLT CORP.", "About the Mill."]
    >>> list(_described(blocks, with_text=False))
    ['BOLT CORP.', 'Mill']
    >>> list(_described(["About Acme® Acme® makes all kinds of anvils.", "About the Mill."], with_text=True))
    ['Acme']
    """
    for number, block in enumerate(blocks):
        running = _ABOUT_WITH_TEXT.match(block)
        match = running or _ABOUT.match(block)
        if not match or bool(running) != with_text:
            continue
        name = re.sub(r"\s*\([^)]*$", "", _MARKS.sub("", match["name"])).strip(" ,:")
        if not re.search(r"\b(?:Inc|Corp|Ltd|Co|[A-Z])\.$", name, re.IGNORECASE):
            name = name.rstrip(".")
        # "About Acme & Its Industry", "About Acme (ACM)": a name only if it is said so elsewhere too.
        others = (*blocks[:number], *blocks[number + 1 :])
        if plain_name(f"- {name}") == "-":  # "About Inc. Inc. is a magazine"
            continue
        if not re.search(r"&|\band\b|[(:]", name) or any(name in other for other in others):
            yield _company_in(name)


def _about_whom(names: Sequence[str], headline: str, opening: str) -> str | None:
    """The company with an "About" section that the headline names first, else the one that the opening does.

    >>> _about_whom(["American Express", "American Airlines"], "American Airlines Takes American Express", "")
    'American Airlines'
    """
    for text in (headline, opening[:1_500]):
        told = re.sub(r"\W+", " ", f" {text.casefold()} ")
        found = [(place, name) for name in names if (place := _place(_words(name), told)) is not None]
        if found:
            return min(found, key=lambda each: each[0])[1]
    return None


def _place(words: Sequence[str], told: str) -> tuple[int, int] | None:
    """Where a text first has as many of a name's first words as it has; more words come first in order."""
    for count in range(len(words), 0, -1):
        if (start := told.find(f" {' '.join(words[:count])} ")) >= 0:
            return start, -count
    return None


def _subject(blocks: Sequence[str]) -> str | None:
    """The company that the first sentence after the dateline speaks of."""
    for block in blocks[:OPENING_BLOCKS]:
        found, bare = dateline(block.split("\n")[0]), yearless(block.split("\n")[0])
        if found is None and bare is None:
            continue
        end = found[1] if found else bare.end() if bare else 0
        rest = re.sub(r"^[^A-Za-z0-9]*(?:\([^)]*\)|/[^/]*/)?[^A-Za-z0-9]*", "", " ".join(block[end:].split()))
        match = _SUBJECT.match(rest)
        words = _words(match["name"]) if match else []
        if match and _is_name(words) and words[0] not in _BEGINNINGS:
            return match["name"].rstrip(",")
    return None
