"""Who said words that a question quotes: told by form, from what stands behind their quotation marks or before them."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.release import Release, Span
from qa.person import ROLE
from qa.quotation import quotation

AROUND = 300  # characters behind a quotation, or before it, among which its speaker may stand

_ASKS_WHO = re.compile(
    r"\b(?:who|whose|(?:which|what) (?:person|man|woman|official|speaker|[\w-]* ?(?:executive|officer|founder|analyst"
    r"|director|president|chair\w*|manager|C[EFOTM]O)))\b",
    re.IGNORECASE,
)
_SAID = (
    r"(?:said|says|stated|states|added|adds|noted|notes|commented|comments|explained|explains|remarked|continued|shared"
    r"|concluded|emphasi[sz]ed|observed|told|wrote|expressed|highlighted|affirmed|declared|reflected|responded|quoted)"
)
_WORDS = r"[^;:\n“”\"]"  # of one line, none of them quoted
_BEHIND = re.compile(rf"[,. ]*{_SAID} +(?P<who>{_WORDS}+)")
_BEHIND_TURNED = re.compile(rf"[,. ]*(?P<who>{_WORDS}+?) +{_SAID}\b")
_SIGNED = re.compile(rf"[. ]*[-–—]+ *(?P<who>{_WORDS}+)")
_BEFORE = re.compile(rf"(?P<who>{_WORDS}+?) +{_SAID}\b(?: +(?:that|today|in|of|to|about|on)\b{_WORDS}*)?[,:]? *$")
_LOWER = r"(?:de|van|von|der|den|la|da|del|di|bin|al|ter)"
_NAME = re.compile(
    r"(?!(?:On|In|At|After|As|For|With|By|To|From|While|When|He|She|They|It|We|I|The|This|That|An?|Its|Our|However"
    r"|Commenting|Speaking|According|Regarding|Following|Board)\b)"
    rf"(?:(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir|Ambassador|Senator)\b\.? +)?(?:{_LOWER} +)*[A-Z][\w’'-]*\.?"
    rf"(?: +(?:{_LOWER} +)*(?:[A-Z]\.|[A-Z][\w’'-]*|[“\"(‘'][A-Z][\w.]*[”\")’'])){{0,4}}"
)
_STOP = re.compile(r"(?<![A-Z])(?<!\b(?:Dr|Mr|Ms|St))(?<!\b(?:Mrs|Sen))(?<!\bProf)[.!?](?= |$)")
_PART_END = re.compile(r", *| (?=(?:of|at|in|from|for|who|with|on|to)\b)")  # whose officer it is comes behind


class Quotation(NamedTuple):
    """Words of which a question asks who said them."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, question: str) -> Quotation | None:
        """The words quoted in a question for their speaker; None for any other question.

        >>> Quotation.of("Who said 'I can't wait to start'?"), Quotation.of("Who makes the “Acme One” rocket?")
        (Quotation(words=('I', 'can', 't', 'wait', 'to', 'start')), None)
        """
        place = quotation(question)
        if place is None or not _ASKS_WHO.search(question[: place[0]] + question[place[1] :]):
            return None
        return cls(tuple(re.findall(r"\w+", question[slice(*place)])))

    def stated(self, release: Release, within: Span) -> Span | None:
        """The name of who says these words, as they are, in a passage.

        >>> release = Release.of("“We won. We go on,” said CEO Ann Berg.", headline="", source="")
        >>> release.quote(Quotation(("we", "go", "on")).stated(release, Span(release.id, 0, len(release.text))))
        'Ann Berg'
        """
        text = release.quote(within)
        for found in re.finditer(r"[^\w\n]+".join(map(re.escape, self.words)), text, re.IGNORECASE):
            if place := _speaker(text, *found.span()):
                return Span(release.id, within.start + place[0], within.start + place[1])
        return None

    def meant(self, _: Release, __: Span, quote: Span, ___: Span) -> Span | None:
        """These words: people quote loosely, and then the reader may know better than none."""
        return quote


def _speaker(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name of who says what stands in quotation marks around a place of a text; None if nobody is told."""
    closing = re.compile(r"[”\"]").search(text, end)
    opening = max(text.rfind("“", 0, start), text.rfind('"', 0, start))
    if not closing or opening < 0 or "”" in text[opening:start]:
        return None
    behind = closing.end(), closing.end() + AROUND
    line = max(text.rfind("”", 0, opening), text.rfind("\n", 0, opening), opening - AROUND, -1) + 1
    sentence = max([line, *(stop.end() for stop in _STOP.finditer(text, line, opening))])
    for form, place in (
        (_BEHIND, behind),  # "…,” said Ann Berg"
        (_BEHIND_TURNED, behind),
        (_SIGNED, behind),
        (_BEFORE, (sentence, opening)),
        (_BEHIND, (line, opening)),  # "“One,” said Ann Berg. “Two.”"
        (_BEHIND_TURNED, (line, opening if text[:line].endswith("”") else line)),  # "“One,” Ann Berg said. “Two.”"
    ):
        if (found := form.match(text, *place)) and (name := _name(text, *found.span("who"))):
            return name
    return None


def _name(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The person's name in the words that tell who speaks: all of the first part of them that is one, offices apart.

    >>> text = "On Monday, Acme's founder and CEO Ann Berg, who won, spoke. Jo Dahl"
    >>> text[slice(*_name(text, 0, len(text)))], _name("a man. Jo Dahl", 0, 14)
    ('Ann Berg', None)
    """
    stop = _STOP.search(text, start, end)
    end = stop.start() if stop else end
    while start < end:
        start += len(text[start:end]) - len(text[start:end].lstrip())
        cut = _PART_END.search(text, start, end)
        last = cut.start() if cut else end
        for office in re.compile(rf"{ROLE}(?: Officer)?(?: and\b)? *").finditer(text, start, last):
            start = office.end()
        if _NAME.fullmatch(text, start, len(text[:last].rstrip())):
            return start, len(text[:last].rstrip())
        start = max(cut.end(), last + 1) if cut else end
    return None
