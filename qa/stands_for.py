"""What an abbreviation stands for, told by form: "digital twin exchange (DTX)" is no sentence that says so.

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (Pacific
Symposium on Biocomputing, 2003): what stands before the bracket has the letters of the short form in their order, the
first at the beginning of a word, within min(n + 5, 2 n) words for n letters. They take the shortest such text; here it
is the one that leaves out fewest words and takes fewest letters from within words, and nothing where those are many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from index.release import Release, Span
from qa.define import STOP

# Questions. The abbreviation is one word: "the FDA approval" is none.
_KIND = r"(?:abbreviations?|acronyms?|initialisms?|initials|letters|short form|abbreviated term)"
_SHORT = r"[“\"‘']?(?P<short>[A-Za-z\d](?:[\w&/.+-]*[\w+])?)\.?[”\"’']?"
_CALLED = rf"(?:the\s+)?(?:(?P<kind>{_KIND})\s+|term\s+)?{_SHORT}"
_PLACE = r"(?:in(?!\sterms)|at|of|from|within|under|as|here|there|according|again|exactly|anyway)\b"
_WHERE = rf"(?:,?\s+{_PLACE}.*)?"  # "mean for patients", "mean to sell" ask for something else
_BEHIND = rf"(?:,[^,]*,|\s+{_PLACE}.*?)?"  # "the FMCW in Aeva's LiDAR"
_BE = r"(?:\s+is|\s+are|\s+was|['’]?s)"
_SAYS = r"\s+(?:actually\s+|exactly\s+)?(?:(?P<stands>stands?\s+for)|means?|signify|signifies)"
_FULL = r"(?:meaning|(?P<full>(?:full|long|expanded)[ -](?:form|version)))"
_FORMS = tuple(
    re.compile(rf"(?:[^?]*,\s*|(?:in|according to)\s.*\s|\W*(?:and|so|please|can you)\s+)?\W*{form}\W*", re.IGNORECASE)
    for form in (
        rf"what(?:\s+exactly)?\s+(?:do|does|did)\s+{_CALLED}{_BEHIND}{_SAYS}{_WHERE}",
        rf"what(?:\s+exactly)?\s+(?:do|does|did)\s+[^,?]+\s+mean\s+(?:by|with)\s+{_CALLED}",
        rf"what\s+(?:do|does)\s+the\s+(?P<kind>{_KIND})\s+(?:in|of)\s+{_SHORT}{_SAYS}{_WHERE}",
        rf"{_CALLED}{_BEHIND}(?:{_SAYS}|\s+is\s+(?P<full>short)\s+for)(?:\s+what)?",
        rf"{_CALLED},\s+what\s+(?:do|does)\s+(?:the|its|those)\s+(?P<full>{_KIND}){_SAYS}{_WHERE}",
        rf"what{_BE}\s+{_CALLED}\s+(?P<full>short\s+for|(?:(?:an?|the)\s+)?{_KIND}\s+(?:for|of)){_WHERE}",
        rf"what{_BE}\s+meant\s+by\s+{_CALLED}{_WHERE}",
        rf"(?:what{_BE}\s+)?(?:the\s+)?{_FULL}\s+(?:of|for|behind)\s+{_CALLED}{_WHERE}",
        rf"(?:[\w’']+\s+){{0,3}}?{_SHORT},?\s+{_FULL}(?:,?\s+(?!of|for|behind).*)?",
        rf"(?P<full>spell\s+out)\s+{_CALLED}{_WHERE}",
        rf"how{_BE}\s+{_CALLED}\s+(?P<full>spelled|spelt|written)\s+out{_WHERE}",
    )
)
MOST_QUESTION = 300  # characters: matching takes time in their square
_MOST_SMALL = 6  # letters of an abbreviation written small: a longer word is a name
_NO_ABBREVIATIONS = frozenset(
    """
    it its this that these those they them he she we you i one which who company name names logo letter letters initials
    word words term symbol ticker acronym abbreviation brand what there
    """.split()
)

_OFFICES = frozenset("CEO CFO COO CTO CMO CIO CSO".split())
_MARKS = frozenset("TM SM".split())  # in brackets they stand behind any name

# Passages. A hyphen, or a capital within it, parts a word: "T-cell", "CardioDialysis" and "mRNA" are two each.
_WORD = re.compile(r"(?<!['’])(?:[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![^\W\d_A-Z])|\d+)|(?<=['’])(?!s\b)[^\W\d_]+")
_SMALL = frozenset("a an and as at by for from in into of on or per the to with de la".split())
_DIGITS = {"to": "2", "two": "2", "for": "4", "three": "3", "fifth": "5"}  # "play-to-earn (P2E)"
_NEVER = 1000  # more than anything costs
_MOST_CUT = 6  # words between the long form and the bracket: "Letter of Intent dated May 3, 2024 (LOI)"
_AROUND = 160  # characters among which the long form is looked for
_BORDER = re.compile(rf"[\n\t;:()\[\]]|{STOP}|\s[-–—]\s|—")
_TAIL = re.compile(r"(?:\([^()]*\)|[”\"'’,®™℠\s])+\Z")  # between the words and the bracket
_OPEN, _CLOSED = r"[“\"‘'`]{0,3}", r"[”\"’'`]{0,3}"
_MARK = r"(?:®|™|℠)?"
_ALSO = (  # "Average Revenue Per Player Account, or ARPPA,"
    r",?\s(?:or|(?:(?:also|better|commonly|otherwise)\s)?(?:known\sas|abbreviated(?:\s(?:as|to))?|referred\sto\sas|called)"
    r"|a\.?k\.?a\.?)\s(?:the\s|simply\s)?"
)
_IS = (  # "ARPPA stands for Average Revenue Per Player Account"
    r"\s*(?:,?\s(?:which\s|that\s)?(?:stands\sfor|(?:is\s)?short\sfor|or|meaning|i\.e\.,?"
    r"|(?:is\s)?(?:an\s|the\s)?(?:acronym|abbreviation)\s(?:of|for))|\s?[-–—=])\s+"
)


class Abbreviation(NamedTuple):
    """The abbreviation that a question asks to spell out."""

    short: str  # as it is asked for, but in the singular

    @classmethod
    def of(cls, question: str) -> Abbreviation | None:
        """The abbreviation whose long form a question asks for; None for a question about anything else.

        >>> Abbreviation.of("What does CTCL mean in the Acme release?"), Abbreviation.of("full form of ato")
        (Abbreviation(short='CTCL'), Abbreviation(short='ato'))
        >>> Abbreviation.of("What does CTCL mean for patients?"), Abbreviation.of("What does Acme stand for?")
        (None, None)
        """
        if len(question) > MOST_QUESTION:
            return None
        for form in _FORMS:
            if (asked := form.fullmatch(question.strip())) is None:
                continue
            said = asked.groupdict()
            short = _singular(said["short"])
            if _is_abbreviation(short, is_called_so=any(said.get(how) for how in ("kind", "stands", "full"))):
                return cls(short)
        return None

    def stated(self, release: Release, within: Span) -> Span | None:
        """Where a passage spells it out: before or in a bracket, or by "or".

        >>> release = Release.of("It treats the cutaneous T-cell lymphoma (“CTCL”).", headline="", source="")
        >>> release.quote(Abbreviation("CTCL").stated(release, Span(release.id, 0, len(release.text))))
        'cutaneous T-cell lymphoma'
        """
        text = release.quote(within)
        for start, end in _spelled_out(self.short, text):
            if not _is_in(self.short, text[start:end]):
                return Span(release.id, within.start + start, within.start + end)
        return None

    def meant(self, release: Release, within: Span, quote: Span, sentence: Span) -> Span | None:
        """The words of the sentence that spell it out, where they end in the quote.

        >>> release = Release.of("DTX, a new digital twin exchange of Acme's, opened.", headline="", source="")
        >>> text, quote = Span(release.id, 0, len(release.text)), Span(release.id, 19, 42)
        >>> release.quote(quote), release.quote(Abbreviation("DTX").meant(release, text, quote, text))
        ("twin exchange of Acme's", 'digital twin exchange')
        """
        letters = _letters(self.short)
        best = None
        for word in _WORD.finditer(release.text, quote.start, quote.end):
            start = max(_before(release.text, word.end())[0], sentence.start)
            found = _ending(letters, release.text[start : word.end()])
            if found and found.cost < (best.cost if best else _NEVER):
                best = _LongForm(found.cost, start + found.start, start + found.end)
        if best is None or best.cost > _most(letters) or _is_in(self.short, release.text[best.start : best.end]):
            return None
        return Span(release.id, best.start, best.end)


class _LongForm(NamedTuple):
    cost: int
    start: int  # first character, and one past the last
    end: int


def _is_abbreviation(short: str, *, is_called_so: bool) -> bool:
    """Whether a word looks like an abbreviation; written small, whether it may be one, where it is called so.

    >>> [_is_abbreviation(each, is_called_so=False) for each in ("CTCL", "GenAI", "H1", "Acme", "ctcl", "5")]
    [True, True, True, False, False, False]
    >>> [_is_abbreviation(each, is_called_so=True) for each in ("ctcl", "they", "Acme")]
    [True, False, False]
    """
    if not 2 <= len(short) <= 10:
        return False
    if short in _OFFICES:  # "What does the CEO mean when he says it?"
        return is_called_so
    if re.search(r".[A-Z]|[A-Z].*\d|\d[A-Z]", short):
        return short not in _MARKS
    is_small = short.islower() and len(short) <= _MOST_SMALL
    return is_called_so and is_small and short not in _NO_ABBREVIATIONS


def _singular(short: str) -> str:
    return re.sub(r"(?<=[A-Z\d])s$", "", short.replace(".", ""))


def _letters(short: str) -> str:
    return "".join(filter(str.isalnum, short.casefold()))


def _most(letters: str, *, is_bracketed: bool = False) -> int:
    """What a long form may cost. Of two letters it may cost nothing without a bracket: chance has those in a word."""
    return max(len(letters) // 2, 1) if is_bracketed or len(letters) > 2 else 0


def _is_in(short: str, words: str) -> bool:
    """Whether words have the abbreviation itself, or are one: "ETF of Acme (ETF)", "USD (USDT)".

    >>> [_is_in("ETF", words) for words in ("Ether ETF", "ETFS", "Ether Trust Fund")]
    [True, True, False]
    """
    is_one = words.isupper() and words.isalnum()
    return is_one or re.search(rf"(?<!\w){re.escape(short)}(?!\w)", words, re.IGNORECASE) is not None


def _spelled_out(short: str, text: str) -> Iterator[tuple[int, int]]:
    """First character, and one past the last, of each long form beside a short one: in brackets first."""
    letters = _letters(short)
    written = r"\.?".join(map(re.escape, short))
    name = rf"{_OPEN}(?<![\w-]){written}s?\.?{_MARK}(?![\w-]){_CLOSED}"
    bracket = rf"\s?\(\s?(?:(?:the|an?|or|also|known\sas|hereinafter|hereafter)[,\s]+)*{name}(?=[),;]|\s(?:or|and)\s)"
    for is_bracketed, behind, before in ((True, bracket, rf"{name}\s?\("), (False, _ALSO + name, name + _IS)):
        most = _most(letters, is_bracketed=is_bracketed)
        for match in re.finditer(behind, text, re.IGNORECASE):
            start, end = _before(text, match.start())
            if (found := _ending(letters, text[start:end])) and found.cost <= most:
                last = start + found.end
                yield start + found.start, last + (text[last:end] == ".")  # "Acme Robotics, Inc. (ARI)"
        for match in re.finditer(before, text, re.IGNORECASE):
            border = _BORDER.search(text, match.end(), match.end() + _AROUND)
            rest = text[match.end() : border.start() if border else match.end() + _AROUND]
            if (found := _beginning(letters, rest, is_bracketed=is_bracketed)) and found.cost <= most:
                yield match.end() + found.start, match.end() + found.end


def _before(text: str, end: int) -> tuple[int, int]:
    """From where to where the words before a place are of one piece.

    Another bracket, or a mark, may stand between: "Acme Robotics(TM) (NASDAQ: ACR) (“AR”)".

    >>> "Up (ABC). “Big mill” (new), (BM)"[slice(*_before("Up (ABC). “Big mill” (new), (BM)", 27))]
    ' “Big mill'
    """
    tail = _TAIL.search(text, max(0, end - _AROUND), end)
    end = tail.start() if tail else end
    borders = [border.end() for border in _BORDER.finditer(text, max(0, end - _AROUND), end - 1)]
    return max(borders, default=max(0, end - _AROUND)), end


def _ending(letters: str, text: str) -> _LongForm | None:
    """The words at the end of a text that spell letters at the least cost, and of these the last.

    What is behind them may be cut away.

    >>> _ending("arp", "an average revenue per player")
    _LongForm(cost=0, start=3, end=29)
    >>> _ending("gaap", "by generally accepted accounting principles in the country")
    _LongForm(cost=1, start=3, end=43)
    """
    most = _most_words(letters)
    found = list(_WORD.finditer(text))[-most - _MOST_CUT :]
    words = tuple(match[0].casefold() for match in found)
    best = None
    for first in reversed(range(len(words))):
        if not _may_begin(letters, words[first]):
            continue
        for last in range(first, min(first + most, len(words))):
            is_part = re.search(r"[\w/-]\Z", text[: found[first].start()]) is not None  # "ContactAcme", "anti-Acme"
            cost = _cost(letters, words[first : last + 1]) + _cut(found[last:]) + is_part
            if cost < (best.cost if best else _NEVER):
                best = _LongForm(cost, found[first].start(), found[last].end())
    return best


def _cut(found: list[re.Match[str]]) -> int:
    """What it costs to end after the first of these words: as much as one left out; but no name is cut in two.

    >>> [_cut(list(_WORD.finditer(words))) for words in ("rules in", "rules used", "Gold Miners", "cut and go")]
    [0, 1, 1000, 1000]
    """
    last, *behind = (match[0] for match in found)
    if behind and (behind[0][0].isupper() or behind[0] in ("and", "of") or last in _SMALL):
        return _NEVER
    return int(any(word.isalpha() and word not in _SMALL for word in behind))


def _beginning(letters: str, text: str, *, is_bracketed: bool) -> _LongForm | None:
    """The words at the beginning of a text that spell letters at the least cost, and of these the fewest.

    Args:
        is_bracketed: the text should be nothing else.

    >>> _beginning("dtx", "a digital twin exchange of Acme's", is_bracketed=False)
    _LongForm(cost=1, start=2, end=23)
    """
    found = list(_WORD.finditer(text))
    words = tuple(match[0].casefold() for match in found)
    best = None
    for first in (0, 1) if words[:1] in (("the",), ("a",), ("an",)) else (0,):
        for last in range(first, min(first + _most_words(letters), len(words))):
            cost = _cost(letters, words[first : last + 1]) if _may_begin(letters, words[first]) else _NEVER
            cost += _cut(found[last:]) if is_bracketed else 0
            if cost < (best.cost if best else _NEVER):
                best = _LongForm(cost, found[first].start(), found[last].end())
    return best


def _most_words(letters: str) -> int:
    return min(len(letters) + 5, 2 * len(letters))


def _may_begin(letters: str, word: str) -> bool:
    """Whether a long form may have this first word: the abbreviation itself is none of its own.

    >>> [_may_begin("p2e", word) for word in ("play", "p2e", "to")]
    [True, False, False]
    """
    if word in _SMALL:  # "Office of Policy" is no "of Policy"
        return _DIGITS.get(word) == letters[0]
    return (word[0] == letters[0] and word != letters) or _DIGITS.get(word) == letters[0]


@lru_cache(maxsize=2**14)
def _cost(letters: str, words: tuple[str, ...]) -> int:
    """How far words are from having the letters as their initials: one for each left out, and what `_within` says.

    >>> _cost("ctcl", ("cutaneous", "t", "cell", "lymphoma")), _cost("dod", ("department", "of", "defense"))
    (0, 0)
    >>> _cost("sec", ("securities", "and", "exchange", "trade", "commission")), _cost("sec", ("see",)) == _NEVER
    (1, True)
    """
    if not words:
        return _NEVER if letters else 0
    costs = [int(words[0] not in _SMALL) + _cost(letters, words[1:])]
    costs += [
        _within(words[0], letters[:taken]) + _cost(letters[taken:], words[1:]) for taken in range(1, len(letters) + 1)
    ]
    return min(_NEVER, *costs)


def _within(word: str, letters: str) -> int:
    """What it costs to take letters from a word: most for several of which the first is not its own first.

    >>> _within("twin", "t"), _within("ai", "ai"), _within("cannabidiol", "cbd"), _within("exchange", "x")
    (0, 0, 1, 1)
    >>> _within("valley", "ly"), _within("valley", "yl") == _NEVER
    (2, True)
    """
    if letters in (word, word[0], _DIGITS.get(word)):
        return 0
    if not re.search(".*?".join(letters), word):
        return _NEVER
    return 1 if word[0] == letters[0] or len(letters) == 1 else 2
