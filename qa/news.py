"""What is new at a company: the headline of its newest release. No passage says that it is the newest."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from index.release import Release, Span
from index.store import ReleaseRef
from qa.answer import Answer, Citation
from qa.rank import names_used

CERTAIN = 0.95  # that the newest of known date is the newest
MOST_EARLIER = 3  # headlines before it that are shown beside it

_NEWS = r"(?:(?:press\s+)?releases?|news|announcements?|headlines?|updates?)"
_NEWEST = r"(?:latest|newest|most\s+recent|recent|last)"
_QUESTION = re.compile(
    r"^\W*(?:(?:what(?:['’]?s|\s+is|\s+are|\s+was)|is\s+there|any|(?:give|show|tell)\s+me|list)\s+)*(?:the\s+|any\s+)?(?:"
    rf"{_NEWEST}\s+{_NEWS}\s+(?:from|by|of|on|about|at|for)\s+(?P<by>[^,?]+?)"
    rf"|new\s+(?:with|at|from|by)\s+(?P<at>[^,?]+?)|(?P<owner>[^,?]+?)['’]s?\s+{_NEWEST}\s+{_NEWS}"
    r")\W*$",
    re.IGNORECASE,
)


def asked(question: str) -> str:
    """Whose news a question asks for, and nothing else; empty for any other question.

    >>> asked("What's the latest news from Acme?"), asked("what is new at acme"), asked("Acme's newest press release")
    ('Acme', 'acme', 'Acme')
    >>> asked("What is the latest news on Acme's mill in Oslo?"), asked("What new drug has Acme?")
    ("Acme's mill in Oslo", '')
    """
    found = _QUESTION.match(question)
    return next(filter(None, found.groups()), "") if found else ""


def newest_first(name: str, releases: Iterable[ReleaseRef]) -> list[ReleaseRef]:
    """The releases of the issuer that a name is of, newest first, without those of unknown date.

    Empty where the name says more than an issuer's: "Acme's mill".
    """
    words = {word.casefold() for word in re.findall(r"\w+", name)}
    dated = (ref for ref in releases if ref.published)
    own = [ref for ref in dated if names_used(name, ref) and words <= _called(ref)]
    return sorted(own, key=lambda ref: (ref.published or date.min, ref.id), reverse=True)


def _called(ref: ReleaseRef) -> set[str]:
    symbols = " ".join(ticker.rpartition(":")[2] for ticker in ref.tickers)
    return {word.casefold() for word in re.findall(r"\w+", f"{ref.issuer or ''} {symbols}")}


def headline(release: Release, corrected_by: ReleaseRef | None = None) -> Citation | None:
    """The headline where it stands in the release; None where it is but in a page's own data.

    Args:
        corrected_by: the release that takes this one back, if one does.
    """
    start = release.text.find(release.headline) if release.headline else -1
    span = Span(release.id, start, start + len(release.headline)) if start >= 0 else None
    return Citation(release, span, span, corrected_by) if span else None


def told(question: str, query: str, headlines: list[Citation]) -> Answer:
    """The answer: the newest headline, with those before it beside it."""
    newest, *earlier = headlines
    text = " ".join(newest.quote.split())
    return Answer(question, query, text, (newest,), CERTAIN, None, others=tuple(earlier[:MOST_EARLIER]))
