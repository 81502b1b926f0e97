"""What a question and its answer speak of: names, dates and other phrases, told by form alone, with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

from index.embed import MODEL_FOLDER

Kind = Literal["name", "date", "figure", "phrase"]


class Word(NamedTuple):
    """A word, a figure or a mark."""

    text: str
    start: int  # characters of the text it stands in
    end: int
    named: bool = False  # written as names are

    @property
    def low(self) -> str:
        """In small letters."""
        return self.text.casefold()

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation, or the end of a possessive."""
        return self.text in POSSESSIVE_ENDS or not (self.text[0].isalnum() or self.text[0] in "$€£¥")

    @property
    def is_content(self) -> bool:
        """Whether it means something by itself."""
        return not self.is_mark and (self.named or self.low not in FUNCTION)

    @property
    def is_verb(self) -> bool:
        """Whether it is, as far as can be told by its form, a verb: a past."""
        return not self.named and self.low.endswith("ed")


class Mention(NamedTuple):
    """A phrase that something can be meant by."""

    text: str
    start: int  # characters of the text it stands in
    end: int
    kind: Kind


AUXILIARIES = frozenset(
    """am is are was were be been being do does did have has had will would can could shall should may might must isn't
    aren't wasn't weren't don't doesn't didn't haven't hasn't hadn't won't wouldn't can't couldn't""".split()
)
ASKING = frozenset("who whom whose what which when where why how".split())
PREPOSITIONS = frozenset(
    """about above across after against among around as at before behind below beside besides between beyond by despite
    down during for from in inside into like near of off on onto out outside over past per since than through
    throughout till to toward towards under until up upon via with within without versus vs""".split()
)
DETERMINERS = frozenset("a an the this that these those each every any some no all both another other such".split())
_PRONOUNS = frozenset(
    """i me my you your we us our he him his she her hers it its they them their theirs himself herself itself
    themselves one ones someone anyone everyone something anything everything nothing there here""".split()
)
_OTHERS = frozenset(
    """and or but nor so if because while although though whether not also too then now just only still yet even ever
    never already again else more most much many less least few several very quite rather almost about roughly
    approximately nearly according please etc away back together far up early earlier late later ago today yesterday
    tomorrow currently exactly really actually altogether long big large high s t re ll ve d""".split()
)
FUNCTION = AUXILIARIES | ASKING | PREPOSITIONS | DETERMINERS | _PRONOUNS | _OTHERS

POSSESSIVE_ENDS = ("'s", "’s", "'", "’")
_DO = frozenset("do does did will would can could shall should may might must don't doesn't didn't won't can't".split())
_HAVE = frozenset(("has", "have", "had"))
LEAST_RARE = 4  # letters of a word that is a name because it is none else
ENDINGS = ("ed", "ing", "ly", "ers", "ist", "able")  # of words made from others, which no list has all of
_LINKS = frozenset("of for the & de la von van du del".split())  # inside a name: "Bank of America"
# Common words, though written large.
_COMMON = re.compile(
    r"(?:co-)?C[A-Z]{1,2}Os?|CAGR|EBITDA|GAAP|EPS|R&D|G&A|SG&A|M&A|P/E|ORR|CUSIP|IPO|U\.S\.?A?\.?|US|FDA|SEC|Phase|I"
    r"|[PEC][DS]?T"
)
_ALSO_IN_NAMES = frozenset("one all now just only every big high long far".split())  # written large, before a name
_COMPOUND = re.compile(r"[A-Z]+(?:-[a-z]+)+")  # "IND-stage", "AI-powered"
_WORD = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|[A-Z])\.(?=\s[A-Z])"
    r"|(?:US|CA|C|A)?[$€£¥]?\d[\d,.]*\d%?(?:-[A-Za-z]+)*|(?:US|CA|C|A)?[$€£¥]?\d%?(?:-[A-Za-z]+)*"
    r"|['’]s\b|\b(?:[A-Z]\.){2,}|\w+(?:[-‑&/.+]\w+|['’](?=[A-Z])\w{2,})*(?:\((?:R|TM)\))?[®™]?|[^\w\s]"
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:19|20)\d\d\b"
_DATE = re.compile(
    rf"\b(?:{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s{_YEAR})?|\d{{1,2}}\s{_MONTH}(?:\s{_YEAR})?|{_MONTH},?\s{_YEAR}"
    rf"|{_MONTH}(?<!\bMay)(?!\s[A-Z])|(?:Q[1-4]|[1-4]Q|[12]H|H[12]|FY)[ ’']?(?:{_YEAR}|\d\d\b)?"
    rf"|(?:fiscal|FY|CY)\s?(?:{_YEAR}|\d\d\b)"
    rf"|(?:the\s)?(?:first|second|third|fourth|last)\s(?:quarter|half)(?:\sof)?(?:\s(?:fiscal\s)?{_YEAR})?"
    rf"|(?:the\s)?(?:first|last)\s(?:three|six|nine)\smonths(?:\sof)?(?:\s{_YEAR})?"
    rf"|(?:year-end|mid|early|late)[- ]{_YEAR}|{_YEAR}(?!['’]))"
)


def mentions(text: str) -> list[Mention]:
    """Phrases of a text that something can be meant by, in order; none overlaps another.

    A name is a run of words written large, with the words that go on with it; another phrase is a run of words that
    mean something, between those that only hold a sentence together. An owner and what it owns are two.

    >>> [(m.text, m.kind) for m in mentions("What strength is Tonix's Tosymra nasal spray in Q1 2025?")]
    [('strength', 'phrase'), ('Tonix', 'name'), ('Tosymra nasal spray', 'name'), ('Q1 2025', 'date')]
    """
    dates = [(match.start(), match.start() + len(match[0].rstrip())) for match in _DATE.finditer(text)]
    found = [Mention(text[start:end], start, end, "date") for start, end in dates]
    said = words(text)
    first = None  # number of the first word of the phrase at hand
    for number in range(len(said) + 1):
        here = number < len(said) and not any(s < said[number].end and said[number].start < e for s, e in dates)
        if first is not None and not (here and _goes_on(said, first, number)):
            found += _phrase(text, said, first, number)
            first = None
        if first is None and here and said[number].is_content:
            first = number
    return sorted(found, key=lambda mention: mention.start)


@lru_cache(maxsize=256)
def words(text: str) -> Sequence[Word]:
    """The words, figures and marks of a text, in order; a possessive 's stands alone.

    >>> [word.text for word in words("What's Acme's $3.2 million plan?")]
    ['What', "'s", 'Acme', "'s", '$3.2', 'million', 'plan', '?']
    """
    said = [Word(match[0], *match.span()) for match in _WORD.finditer(text)]
    found = [word._replace(named=_is_named(word, at == 0)) for at, word in enumerate(said)]
    for at, (word, after) in enumerate(pairwise(found)):
        if word.text[0].isupper() and word.low in _ALSO_IN_NAMES and after.named:
            found[at] = word._replace(named=True)  # "One World Products"
    if len(found) > 1 and _is_named(said[0], False) and (found[1].named or found[1].low in (":", *POSSESSIVE_ENDS)):
        found[0] = found[0]._replace(named=True)  # it goes on as names do: "Acme Corp.", "Acme's", "Acme: …"
    return tuple(found)


def singular(word: str) -> str:
    """A word without the s of its plural.

    >>> [singular(word) for word in ("companies", "drugs", "loss", "patches", "series")]
    ['company', 'drug', 'loss', 'patch', 'series']
    """
    if word.endswith("ies") and len(word) > 4 and word != "series":
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is", "ies")) else word


def _is_named(word: Word, is_first: bool) -> bool:
    """Whether a word is written as names are, large (but for the first of a sentence), or is no English."""
    text = word.text
    if word.low in FUNCTION or not text[0].isalpha() or _COMMON.fullmatch(text) or _COMPOUND.fullmatch(text):
        return False
    is_large = any(c.isupper() or c.isdigit() for c in text[1:]) or (text[0].isupper() and not is_first)
    return is_large or _is_rare(word.low)


def _is_rare(word: str) -> bool:
    """Whether a word is no common one, as "tonix" and "lisaftoclax": people type names small.

    Common are the 30,000 whole words that the bundled embedder's tokenizer knows, and those that releases write small.
    """
    is_long = len(word) >= LEAST_RARE and word.isalpha() and not word.endswith(ENDINGS)
    either = {word, singular(word)}
    return is_long and not is_known(either) and not either & _common_in_releases()


def is_known(words: set[str]) -> bool:
    """Whether the embedder's tokenizer knows one of these words whole."""
    return bool(words & _vocabulary())


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    from tokenizers import Tokenizer

    return frozenset(Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json")).get_vocab())


@lru_cache(maxsize=1)
def _common_in_releases() -> frozenset[str]:
    """Made by training/common_words.py."""
    return frozenset((Path(__file__).parent / "words.txt").read_text("utf-8").split())


def _goes_on(said: Sequence[Word], first: int, number: int) -> bool:
    """Whether a word goes on with the phrase that begins with the ``first``."""
    word, last = said[number], said[number - 1]
    if word.low in _LINKS and last.named:
        return next((each.text[0].isupper() for each in said[number + 1 : number + 3] if each.low not in _LINKS), False)
    if last.low in _LINKS and word.text[0].isupper():  # "Solar for All"
        return True
    if not word.is_content:
        return False
    if last.named and word.text[0].isdigit():  # "will Nexus 3 arrive"
        return True
    if not word.named:  # after "did Acme" comes the verb
        is_turned = first > 0 and (said[first - 1].low in _DO or said[first - 1].low in _HAVE)
        return not (last.named and (word.is_verb or is_turned))
    if last.named or last.low in _LINKS or last.text[0].isdigit():
        return True
    # A name after common words begins a phrase of its own, "the contract Acme got", unless more of them follow:
    # "the downtown LA lease".
    after = next((each for each in said[number:] if not each.named), None)
    is_definite = first > 0 and said[first - 1].low in DETERMINERS
    return after is not None and is_definite and after.is_content and not after.is_verb


def _phrase(text: str, said: Sequence[Word], first: int, end: int) -> list[Mention]:
    """The mention of some words; none if they are but a verb."""
    run = list(said[first:end])
    while run and run[-1].low in _LINKS:
        run.pop()
    if _ends_in_verb(said, first, end) or _has_object(said, first, end):
        run.pop()
    if not run or (len(run) == 1 and run[0].is_verb):
        return []
    is_figure = run[0].text[0].isdigit() or (run[0].text[-1].isdigit() and not run[0].named)
    kind: Kind = "name" if any(word.named for word in run) else "figure" if is_figure else "phrase"
    return [Mention(text[run[0].start : run[-1].end], run[0].start, run[-1].end, kind)]


def _has_object(said: Sequence[Word], first: int, end: int) -> bool:
    """Whether the last word of a name is the verb whose object comes next: "How many Acme mills use Bolt"."""
    if end - first < 2 or said[end - 1].named or not said[first].named or end == len(said) or not said[end].named:
        return False
    after = next((word for word in said[end:] if not word.named), None)
    return after is None or not after.is_content  # "the Acme contract Bolt got"


def _ends_in_verb(said: Sequence[Word], first: int, end: int) -> bool:
    """Whether the last word of a phrase is the verb of a question that turns it round: "did Acme earn"."""
    last = said[end - 1]
    if end - first < 2 or last.named or last.text[0].isdigit():
        return False
    turned = ""
    for word in reversed(said[max(0, first - 6) : first]):
        if word.low in AUXILIARIES:
            turned = word.low
            break
        if not (word.named or word.low in DETERMINERS or word.low in (*POSSESSIVE_ENDS, "of", "and", "its", "their")):
            break
    if turned in _DO:
        return not any(word.is_verb for word in said[end:])
    return bool(turned) and last.low.endswith(("ing", "ed"))
