"""Who said words that a question quotes: told by form, from what stands behind their quotation marks or before them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from index.release import Release, Span
from qa.define import STOP
from qa.person import ROLE
from qa.quotation import quotation

AROUND = 300  # characters behind a quotation, or before it, among which its speaker may stand

_ASKS_WHO = re.compile(
    r"\b(?:who|whose|(?:which|what) (?:person|man|woman|official|speaker|[\w-]* ?(?:executive|officer|founder|analyst"
    r"|director|president|chair\w*|manager|C[EFOTM]O)))\b",
    re.IGNORECASE,
)
# "Who makes the “Internet of Things” platform?" quotes nobody.
_SAYING = re.compile(
    r"\b(?:sa(?:id|ys?|ying)|stat(?:ed|es)|claim\w*|comment\w*|call(?:ed|s)|describ\w*|told|quot\w*|remark\w*|not(?:ed|es)"
    r"|argu\w*|warn\w*|whose words)\b|^\W*who\W*$",
    re.IGNORECASE,
)
_SAID = (
    r"(?:said|says|stated|states|added|adds|noted|notes|commented|comments|explained|explains|remarked|continued|shared"
    r"|concluded|emphasi[sz]ed|observed|told|wrote|expressed|highlighted|affirmed|declared|reflected|responded|quoted)"
)
_WORDS = r"[^;:\n“”\"]"  # of one line, none of them quoted
_BEHIND = re.compile(rf"[,. ]*{_SAID} +(?P<who>{_WORDS}+)")
# After a full stop only "“We go on.” Ann Berg said." is of these words; "Ann Berg said so" begins another sentence.
_BEHIND_TURNED = re.compile(rf"(?:(?<=,.)|(?<=[?!].)|,) *(?P<who>{_WORDS}+?) +{_SAID}\b")
_BEHIND_STOPPED = re.compile(rf" *(?P<who>{_WORDS}+?) +{_SAID}\.")
_BEHIND_TURNED_BEFORE = re.compile(rf"[,. ]*(?P<who>{_WORDS}+?) +{_SAID}\b[^.]*\. *$")
_SIGNED = re.compile(rf"[. ]*[-–—]+ *(?P<who>{_WORDS}+)")
_BEFORE = re.compile(
    rf"(?P<who>{_WORDS}+?) +{_SAID}\b(?: +(?:that|today|in|of|to|about|on)\b(?:(?!\b{_SAID}\b){_WORDS})*)?[,:]? *$"
)
_LOWER = r"(?:de|van|von|der|den|la|da|del|di|bin|al|ter)"
_CAPITAL = r"[^\W\d_a-zß-ÿ]"
_TITLE = r"(?:Dr|Mrs?|Ms|Prof|Professor|Sir|Ambassador|Senator|Congress(?:wo)?man|Rep|Gov|Gen|Hon|Col|Rev|Sen|Lt)\b\.?"
_WORD = rf"{_CAPITAL}(?![\w-]*(?:['’]s|-based)\b)(?:[\w’'-]*[^\W\d_A-Z]|\.)"  # no abbreviation, no owner
_NAME = re.compile(
    r"(?!(?:On|In|At|After|As|For|With|By|To|From|While|When|He|She|They|It|We|I|The|This|That|An?|Its|Our|However"
    r"|Commenting|Speaking|According|Regarding|Following|Another|Furthermore|Board)\b)"
    rf"(?P<title>{_TITLE} +)*(?:{_LOWER} +)*{_WORD}"
    rf"(?: +(?:{_LOWER} +)*(?:{_WORD}|[“\"(‘']{_CAPITAL}[\w.]*[”\")’'])){{0,4}}"
)
_STOP = re.compile(STOP)
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
        rest = question[: place[0]] + question[place[1] :] if place else ""
        if place is None or not (_ASKS_WHO.search(rest) and _SAYING.search(rest)):
            return None
        return cls(tuple(_words(question[slice(*place)])))

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

    def meant(self, release: Release, within: Span, quote: Span, _: Span) -> Span | None:
        """These words of a passage that has a half of the quotation or more in one piece: people quote loosely.

        >>> release = Release.of("“We go on to win,” she said. Ann Berg did.", headline="", source="")
        >>> whole, name = Span(release.id, 0, len(release.text)), Span(release.id, 28, 36)
        >>> asked = (Quotation(tuple(said.split())) for said in ("we go on and win", "we go home and win"))
        >>> [each.meant(release, whole, name, whole) == name for each in asked]
        [True, False]
        """
        own, said = ([word.casefold() for word in words] for words in (self.words, _words(release.quote(within))))
        same = SequenceMatcher(None, own, said, autojunk=False).find_longest_match()
        return quote if 2 * same.size >= len(own) else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _speaker(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The name of who says what stands in quotation marks around a place of a text; None if nobody is told."""
    closing = re.compile(r"[”\"]").search(text, end)
    opening = max(text.rfind("“", 0, start), text.rfind('"', 0, start))
    if not closing or opening < 0 or "”" in text[opening:start]:
        return None
    behind = closing.end(), closing.end() + AROUND
    line = max(text.rfind("”", 0, opening), text.rfind("\n", 0, opening), opening - AROUND, -1) + 1
    stops = [stop.end() for stop in _STOP.finditer(text, line, opening)]
    sentence = max([line, *stops])
    is_next = len(stops) == 1 and not text[sentence:opening].strip()  # a sentence, or what is left of one, lies between
    forms = [(_BEHIND, behind), (_BEHIND_TURNED, behind), (_BEHIND_STOPPED, behind), (_SIGNED, behind)]
    if text[:opening].rstrip().endswith((",", ":")):
        forms = [(_BEFORE, (sentence, opening)), (_BEHIND, behind)]
    elif is_next:
        forms.append((_BEHIND, (line, opening)))  # "“One,” said Ann Berg. “Two.”"
        if text[:line].endswith("”"):
            forms.append((_BEHIND_TURNED_BEFORE, (line, opening)))  # "“One,” Ann Berg said. “Two.”"
    for form, place in forms:
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
        end_of_name = len(text[:last].rstrip())
        if (named := _NAME.fullmatch(text, start, end_of_name)) and _is_full(named, text):
            return start, end_of_name
        start = max(cut.end(), last + 1) if cut else end
    return None


def _is_full(name: re.Match[str], text: str) -> bool:
    """Whether a name is of two words, has a title, or is the last of a name elsewhere in the text: no town alone."""
    if name["title"] or " " in name[0]:
        return True
    return re.search(rf"{_WORD} (?:{_CAPITAL}\. )?{re.escape(name[0])}\b", text) is not None
