"""Who somebody is: the office that stands beside a person's name, told by form.

Asked "Who is Ann Berg?" of "President Jo Dahl and CFO Ann Berg spoke", a reader who looks for a person takes the other.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from index.chunk import statements
from index.release import Release, Span
from qa.said import is_person

_QUESTION = re.compile(r"^\W*(?:(?:and|so|but)\s+)?who(?:['’]?s|\s+is|\s+was)\s+(?P<name>[^,?()]+?)\W*$", re.IGNORECASE)
MOST_WORDS = 4  # of a person's name
_NO_NAME = re.compile(
    r"(?i:^(?:the|an?|its|their|our|his|her|your|this|that|on|in|at|behind|it|he|she|they|there)\b)|['’]s?\s"
)
_OFFICES = (
    "president director founder manager head partner counsel secretary treasurer analyst professor scientist editor"
    " investigator advisor adviser owner principal engineer geologist attorney author executive minister governor mayor"
    " senator coach leader spokesman spokeswoman spokesperson chair chairman chairwoman chairperson"
    " co-founder cofounder"
).split()
ROLE = (
    r"(?:(?:Co-|Vice[- ]|Executive |Senior |Managing |Interim |Acting |Global |General |Lead |Chief )*(?:C[EFOTMISR]O"
    rf"|[Cc]hief (?:[\w&-]+ ){{1,4}}[Oo]fficer|{'|'.join(f'[{o[0].upper()}{o[0]}]{o[1:]}' for o in _OFFICES)}))\b"
)
_IS_ROLE = re.compile(rf"\b{ROLE}")
_CREDENTIALS = r"(?:,? (?:M\.?D|Ph\.?\s?D|MBA|CPA|CFA|Esq|Jr|Sr|P\.?\s?Eng|P\.?\s?Geo|[BM]\.?Sc)\b\.?)*"
# "Ann Berg, Chief Executive Officer of Acme, said", "Ann Berg is the head of research and".
_BEHIND = re.compile(
    rf"{_CREDENTIALS}(?:\s*,\s+|\s+[-–—]\s+|\s+(?:is|was|as|serves as|has been)\s+)"
    r"(?P<clause>(?!(?:will|has|who|said|says|to|and)\b)[^,;.\n“”\"]+(?:\.(?=\w)[^,;.\n“”\"]*)*"
    r"(?:,\s(?:Inc|Ltd|Corp|LLC)\.?)?)"
)
_END = re.compile(
    r"\s(?:said|says|commented|stated|added|noted|explained|remarked|will|who|has|also|today"
    r"|appeared|and (?:will|was|is))\b"
)
_BEFORE = re.compile(rf"(?P<clause>(?:(?!and\b)[A-Z][\w.&’'-]*\s){{0,3}}{ROLE}(?:(?:,| and| &)\s{ROLE})*),?\s+$")
_AHEAD = 90  # characters before a name among which its office may stand


class Person(NamedTuple):
    """Somebody about whom is asked who that is."""

    name: tuple[str, ...]  # the words of it

    @classmethod
    def of(cls, question: str) -> Person | None:
        """Who is asked about; None for a question about anything else, such as who holds an office.

        >>> Person.of("Who is Ann Berg?"), Person.of("Who is the CEO of Acme?"), Person.of("Who is Acme's CEO?")
        (Person(name=('Ann', 'Berg')), None, None)
        """
        asked = _QUESTION.match(question)
        name = asked["name"].split() if asked else []
        if not asked or len(name) > MOST_WORDS or _NO_NAME.search(asked["name"]) or _IS_ROLE.search(asked["name"]):
            return None
        is_small = question.islower() and len(name) > 1  # "who is ann berg"
        are_large = is_small or all(word[0].isupper() for word in (name[0], name[-1]))
        return cls(tuple(name)) if are_large else None

    def stated(self, release: Release, within: Span) -> Span | None:
        """The office beside the name in a passage, behind it or before it."""
        for sentence in statements(release, within):
            if clause := self._clause(release.quote(sentence)):
                return Span(release.id, sentence.start + clause[0], sentence.start + clause[1])
        return None

    def office(self, sentence: str) -> str:
        """The office beside the name in a sentence; empty for none.

        >>> Person(("Ann", "Berg")).office("Ann Berg, CEO of Acme, spoke.")
        'CEO of Acme'
        """
        clause = self._clause(sentence)
        return sentence[slice(*clause)] if clause else ""

    def _clause(self, sentence: str) -> tuple[int, int] | None:
        """First character, and one past the last, of the office beside the name.

        >>> sentence = "Vice President Jo Dahl and Ann Berg, CEO of Acme, spoke."
        >>> [sentence[slice(*Person(name)._clause(sentence))] for name in (("Ann", "Berg"), ("Dahl",))]
        ['CEO of Acme', 'Vice President']
        """
        for named in re.finditer(rf"(?<![\w-]){self._pattern}(?![\w-]|['’]s\b)", sentence, re.IGNORECASE):
            if (found := _BEHIND.match(sentence, named.end())) and _IS_ROLE.search(found["clause"]):
                start, end = found.span("clause")
                cut = _END.search(sentence, start, end)
                if _IS_ROLE.search(sentence, start, cut.start() if cut else end):
                    return start, cut.start() if cut else end
            begin = max(0, named.start() - _AHEAD)
            # Of a last name alone what stands before one or two first names.
            ahead = [named.start()]
            for _ in range(2 if len(self.name) == 1 else 0):
                first = re.search(r"[A-Z][\w.’'-]*\s$", sentence[: ahead[-1]])
                ahead += [first.start()] if first else []
            for end in ahead:
                if found := _BEFORE.search(sentence[begin:end]):
                    return begin + found.start("clause"), begin + found.end("clause")
        return None

    @property
    def _pattern(self) -> str:
        """The words of the name, between which initials and names in quotes may stand: "William “Bill” Rowland"."""
        between = r"\s+(?:(?:[A-Z]\.|[“\"(]\w+[”\")])\s+)*"
        return between.join(map(re.escape, self.name))

    def meant(self, release: Release, _: Span, quote: Span, __: Span) -> Span | None:
        """These words, unless they are but a name: that of the one asked about, or another's.

        >>> release = Release.of("Jo Dahl and Ann Berg, who leads sales", headline="", source="")
        >>> [bool(Person(("Jo", "Dahl")).meant(release, *[Span(release.id, *at)] * 3)) for at in ((12, 20), (22, 37))]
        [False, True]
        """
        words = re.sub(rf"^.*\b{ROLE}\s", "", release.quote(quote))
        words = re.sub(r"(?:,?\s[A-Z][\w.-]*[A-Z][\w.-]*)+$", "", words)  # "Jo Dahl PA-C, MBA"
        return None if is_person(words) or re.fullmatch(self._pattern, words, re.IGNORECASE) else quote
