"""Whether a sentence affirms a question for yes or no in the question's own words, or tells of the opposite change.

Releases seldom repeat a question's words. Where they repeat all in their order, and nothing among or beside these makes
another thing of them, the answer is yes; with fewer it is not told (docs/log.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from qa.amount import fold
from qa.compare import YesOrNo, way
from qa.hedge import hedges
from qa.person import ROLE, Person

_AUXILIARY = re.compile(r"\b(?:is|are|was|were|does|do|did|has|have|had|will|would|can|could|should|may|might|must)\b")
_OF_THE_PAST = frozenset("was were did has have had".split())
_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*%?|[;:,.!?“”\"]")
_ARTICLES = frozenset("a an the its their his her our".split())
# Words that may stand among those of the question, or not.
_EMPTY = _ARTICLES | frozenset(
    """
    has have had been being is are was were be it they that this now also already currently recently officially
    successfully company firm business located
    """.split()
)
_PREPOSITIONS = frozenset("of in on at to for with by from as into under over against through via".split())
# What may follow the last word; any other would make another thing of it: "acquired Bolt shares".
_FOLLOW = (_PREPOSITIONS - {"of", "to"}) | frozenset("and or but which who that is was has since during while".split())
_OFFICE = re.compile(
    rf"^\W*(?:is|was)\s+(?P<name>(?:(?!the\b)[\w.’'-]+\s+){{1,4}}?)(?:still\s+|now\s+)?(?:the\s+|an?\s+)?"
    rf"(?P<office>(?:[\w-]+\s+)?{ROLE})(?:\s+(?:of|at|for)\s+(?P<whose>[^?]+?))?\W*$",
    re.IGNORECASE,
)
_SEAT = re.compile(
    r"^\W*(?:is|are)\s+[^?]+?\s(?:based|headquartered|located)\s+in\s+(?:the\s+)?(?P<place>[^?,]+?)\W*$", re.IGNORECASE
)
# Less than the office, or another one.
_LESS = re.compile(
    r"\b(?:vice|deputy|assistant|associate|elect|co|senior|chief of staff|advis[eo]r|since|from (?:19|20))\b"
)
_OFFICE_WORDS = re.compile(rf"\b{ROLE}|\b(?:Chief|Officer|Founder|Co-Founder|Board|Directors|Chair\w*|Member)\b")
_ENDING = re.compile(r"(?:e[sd]|ing|s|d|e)$")
_ASIDE = re.compile(r"\([^()]*\)")
_FIGURE = re.compile(r"\d[\d.,]*%?|million|billion|percent")
_BESIDE = 40  # characters on both sides in which doubt counts


def affirmed(question: str, quote: str, sentence: str, issuer: str = "") -> YesOrNo | None:
    """Yes where a sentence has all words of a question; no where what is asked to have risen fell; else ``None``.

    They stand in the question's order, with nothing among them, before or behind that would make it another thing.

    Args:
        sentence: with the quote in it.
        issuer: of the release. Its name need not stand in the sentence, which may say "the Company".

    >>> affirmed("Did Acme acquire Bolt?", "acquired Bolt", "In May, Acme acquired Bolt for $5 million.")
    'yes'
    >>> affirmed("Did Acme acquire Bolt?", "acquired", "Acme acquired Bolt shares.")
    >>> affirmed("Did sales fall?", "up 5%", "Sales were up 5%."), affirmed("Is it open?", "open", "It will be open.")
    ('no', None)
    """
    if office := _OFFICE.match(question):
        return _holds(office, sentence, issuer)
    if seat := _SEAT.match(question):
        return _sits(seat, quote, sentence)
    asked = fold(question)
    verb = _AUXILIARY.search(asked)
    if verb is None:
        return None
    said = _ASIDE.sub(" ", fold(sentence))
    own = frozenset(_words(fold(issuer)))
    wanted = [word for word in _words(asked[verb.end() :]) if word not in _EMPTY]
    words = list(_WORD.finditer(said))
    for at in range(len(words)):
        found = _match(wanted, words[at:], own, verb[0])
        if found is None:
            continue
        end, is_opposite = found
        last = words[at + end - 1]
        beside = said[max(0, words[at].start() - _BESIDE) : last.end() + _BESIDE]
        if hedges(beside) ^ hedges(asked) or not _stands_alone(words, at, at + end, own):
            continue
        if _touches(said, fold(quote), words[at].start(), last.end()):
            return "no" if is_opposite else "yes"
    return None


def _words(text: str) -> list[str]:
    return [match[0].removesuffix("'s") for match in _WORD.finditer(text) if match[0][0].isalnum()]


def _touches(said: str, quote: str, start: int, end: int) -> bool:
    """Whether a quote stands where these characters do, or right behind them."""
    at = said.find(_ASIDE.sub(" ", quote))
    return at >= 0 and at <= end + 10 and start <= at + len(quote)


def _match(
    wanted: Sequence[str], words: Sequence[re.Match[str]], own: Collection[str], verb: str
) -> tuple[int, bool] | None:
    """How many words of a sentence it takes to have all that are wanted, in order; and whether one is the opposite.

    ``None`` if they begin with another word, or another one stands among them.
    """
    rest, is_opposite, is_change = list(wanted), False, False
    while rest and rest[0] in own and words[0][0].removesuffix("'s") not in own:
        rest.pop(0)  # "the Company"
    if not rest or all(word in own or word in _PREPOSITIONS for word in rest):
        return None
    for number, match in enumerate(words):
        word = match[0].removesuffix("'s")
        change = way(rest[0])
        if change and way(word) and "improv" not in word + rest[0]:
            is_opposite |= way(word) != change
            is_change = True
            rest.pop(0)
        elif word == rest[0] or _is_form(word, rest[0], verb in _OF_THE_PAST):
            if number and verb in _OF_THE_PAST and words[number - 1][0] == "to":
                return None
            rest.pop(0)
        elif number == 0 or not _may_stand(word, own, verb, is_change=is_change):
            return None
        if not rest:
            return number + 1, is_opposite
        if rest[0] in _PREPOSITIONS and [each[0] for each in words[number + 1 : number + 2]] != [rest[0]]:
            return None  # "licensed to" is not "licensed from"
    return None


def _may_stand(word: str, own: Collection[str], verb: str, *, is_change: bool) -> bool:
    """Whether a word may stand among those wanted and leave them their sense."""
    if verb in ("is", "are") and word in ("was", "were", "had"):
        return False
    return word in _EMPTY or word in own or (is_change and bool(_FIGURE.fullmatch(word)))


def _stands_alone(words: Sequence[re.Match[str]], first: int, end: int, own: Collection[str]) -> bool:
    """Whether the words are no part of a longer name: "deferred revenue rose", "acquired Bolt shares"."""
    start = first - 1 if first and words[first - 1][0] in _ARTICLES else first
    before = words[start - 1][0] if start else "."
    behind = words[end][0] if end < len(words) else "."
    is_first = not before[0].isalnum() or before in own or before in ("and", "that", "which", "today", "based")
    is_last = not behind[0].isalnum() or behind in _FOLLOW or bool(_FIGURE.fullmatch(behind) and way(words[end - 1][0]))
    return is_first and is_last


def _is_form(said: str, asked: str, is_past: bool) -> bool:
    """Whether two words are forms of one, and the one said does not only promise what is asked to be done.

    >>> [_is_form(said, "approve", is_past=True) for said in ("approved", "approving", "approval")]
    [True, False, False]
    """
    if min(len(said), len(asked)) < 4 or any(letter.isdigit() for letter in said + asked):
        return False
    return _ENDING.sub("", said) == _ENDING.sub("", asked) and not (is_past and said.endswith("ing"))


def _holds(asked: re.Match[str], sentence: str, issuer: str) -> YesOrNo | None:
    """Yes where the office that is asked about stands beside the person's name, and no other organisation's.

    >>> _holds(_OFFICE.match("Is Ann Berg the CEO of Acme?"), "Ann Berg, Acme's Chief Executive Officer, spoke.", "")
    'yes'
    >>> _holds(_OFFICE.match("Is Jo Dahl the CEO of Acme?"), "said former CEO Jo Dahl.", "Acme, Inc.")
    >>> _holds(_OFFICE.match("Is Jo Dahl the CEO of Acme?"), "Jo Dahl, CEO of Bolt, spoke.", "Acme, Inc.")
    """
    clause = Person(tuple(asked["name"].split())).office(sentence)
    said, office = _short(clause), _short(asked["office"])
    at = sentence.find(clause)
    around = fold(sentence[max(0, at - _BESIDE) : at + len(clause) + _BESIDE])
    is_all = bool(clause) and set(_words(office)) - _EMPTY <= set(_words(said))
    if not is_all or hedges(around) or _LESS.search(said.replace(office, "", 1)) or " was " in around:
        return None
    named = {fold(name) for name in re.findall(r"[A-Z][\w&-]+", _OFFICE_WORDS.sub(" ", clause))}
    whose, own = _words(fold(asked["whose"] or "")), _words(fold(issuer))
    is_of_it = named <= {*whose, *own} and not re.search(r"'s (?!c|p)", said)
    is_told = bool(named) or "company" in said or set(whose) <= set(own) or any(word in around for word in whose)
    return "yes" if is_of_it and is_told else None


def _sits(asked: re.Match[str], quote: str, sentence: str) -> YesOrNo | None:
    """Yes where a sentence has the place that is asked about for a seat: "Oslo-based", "based in Bergen, Norway".

    >>> _sits(_SEAT.match("Is Acme based in Norway?"), "Bergen", "Acme is headquartered in Bergen, Norway.")
    'yes'
    >>> _sits(_SEAT.match("Is Acme based in Oslo?"), "Bergen", "Acme, based in Bergen, has an office in Oslo.")
    """
    place, said = re.escape(fold(asked["place"])), fold(sentence)
    form = rf"\b{place}-based\b|\b(?:based|headquartered) in (?:[\w.'-]+ ?){{0,3}}(?:, )?{place}\b"
    for found in re.finditer(form, said):
        beside = said[max(0, found.start() - _BESIDE) : found.end()]
        if _touches(said, fold(quote), *found.span()) and not hedges(beside) and " was " not in beside:
            return "yes"
    return None


def _short(office: str) -> str:
    """An office in small letters and as short as it goes.

    >>> _short("Chief Executive Officer and President")
    'ceo and president'
    """
    return re.sub(
        r"\bchief (executive|financial|operating|technology|marketing|medical|scientific|commercial) officer\b",
        lambda match: f"c{match[1][0]}o",
        fold(office),
    )
