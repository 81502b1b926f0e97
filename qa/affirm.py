"""Whether a sentence affirms a question for yes or no in the question's own words, or tells of the opposite change.

Releases seldom repeat a question's words. Where they repeat all, and nothing beside these denies, limits or doubts them
or turns them round, the answer is yes; with fewer it is not told (docs/log.md).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.amount import fold
from qa.compare import YesOrNo, way
from qa.person import ROLE, Person

_AUXILIARIES = "is are was were does do did has have had will would can could should may might must".split()
_AUXILIARY = re.compile(rf"\b(?:{'|'.join(_AUXILIARIES)})\b")
_OF_BEING = frozenset("is are was were".split())
_OF_THE_PAST = frozenset("was were did has have had".split())
_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*")
_EMPTY = frozenset(  # words that tell nothing that a sentence would have to repeat
    """
    a an the been being am having of in on at to for with as its their it they this that these those there and any some
    into company companies firm currently now already yet based located actually really going by judging according
    """.split()
)
# A question with one of these asks for more than its other words: the sentence has to have it, too.
_STRICT = frozenset(
    """
    all every each both only most first last same more less fewer than before after since until under over above below
    without between during never always ever again also from by out own still off up down against
    """.split()
)
_EMPTY -= {"by"}
# What makes less of what is said, or another thing of it; "*" stands for any ending.
_DOUBTS = """
    not no never neither nor none cannot unable without lack* fail* except excluding exclude excludes unless if
    whether instead rather only almost nearly partly partially until will would might could should must expect*
    plan plans planned planning intend* intent* aim aims aimed aiming propos* pending subject anticipat*
    potential* possib* seek* hope hopes hoped hoping believ* projects projected targets targeted targeting
    conditional* apply applied applies application submi* agree agreed agrees agreement explore explores exploring
    evaluat* consider* discuss* negotiat* talks prepar* eligib* former* previous* once ex late interim acting
    successor succeed* replac* step* resign* retir* outgoing depart* terminat* cancel* withdr* delay* postpon*
    suspend* stop* halt* deny denied denies denial reject* refus* ceas* discontinu* ended ends expire* non another
    similar unlike versus vs alleg* claim* rumor* rumour*
""".split()
_DOUBT = re.compile(
    rf"\b(?:{'|'.join(word.replace('*', '[a-z]*') for word in _DOUBTS)}|to be)\b|n't\b"
    r"|(?<!\bin )(?<!\bof )\bmay\b(?=\s[a-z])"  # not the month
)
_OFFICE = re.compile(
    rf"^\W*(?:is|was)\s+(?P<name>(?:(?!the\b)[\w.’'-]+\s+){{1,4}}?)(?:still\s+|now\s+)?(?:the\s+|an?\s+)?"
    rf"(?P<office>(?:[\w-]+\s+)?{ROLE})(?:\s+(?:of|at|for)\s+(?P<whose>[^?]+?))?\W*$",
    re.IGNORECASE,
)
_ENDING = re.compile(r"(?:e[sd]|ing|s|d|e)$")
_BEFORE, _AFTER = 40, 20  # characters around the words in which doubt counts
MOST_ACROSS = 240  # characters over which the words may lie


class _Match(NamedTuple):
    """Where a sentence has a word of the question."""

    start: int
    end: int


def affirmed(question: str, quote: str, sentence: str, issuer: str = "") -> YesOrNo | None:
    """Yes where a sentence has all words of a question; no where what is asked to have risen fell; else ``None``.

    Args:
        sentence: with the quote in it.
        issuer: of the release. Its name need not stand in the sentence, which may say "the Company".

    >>> sentence = "Oslo-based Acme acquired Bolt in May."
    >>> affirmed("Did Acme acquire Bolt?", "acquired Bolt", sentence)
    'yes'
    >>> affirmed("Did Bolt acquire Acme?", "acquired Bolt", sentence), affirmed("Did Acme sell Bolt?", "Bolt", sentence)
    (None, None)
    >>> affirmed("Did sales fall?", "up 5%", "Sales were up 5%."), affirmed("Is it open?", "open", "It will be open.")
    ('no', None)
    """
    asked, said = fold(question), fold(sentence)
    verb = _AUXILIARY.search(asked)
    at = said.find(fold(quote))
    if verb is None or at < 0:
        return None
    if office := _OFFICE.match(question):
        return _holds(office, sentence)
    change = way(asked)
    told = way(said[at : at + len(fold(quote))]) or way(said)
    own = {match[0] for match in _WORD.finditer(fold(issuer))}
    words = [match[0] for match in _WORD.finditer(asked[verb.end() :])]
    found, around = [], []
    for word in (word.removesuffix("'s") for word in words):
        if word in _EMPTY or (change and way(word)):
            continue
        places = _places(word, said, is_past=verb[0] in _OF_THE_PAST)
        if not places and word not in own:
            return None
        found += [nearest := min(places, key=lambda place: abs(place.start - at))] if places else []
        around += [nearest] if places and word not in own else []
    if not around:
        return None
    first, last = min(around).start, max(around).end
    beside = said[max(0, first - _BEFORE) : last + _AFTER]
    if last - first > MOST_ACROSS or set(_DOUBT.findall(beside)) ^ set(_DOUBT.findall(asked)):
        return None
    if not change and not any(place.start < at + len(quote) and at < place.end for place in around):
        return None
    if verb[0] not in _OF_BEING and found[0] > found[-1] and not _is_agent(said, found[0]):
        return None
    if change:
        return None if not told else "yes" if change == told else "no"
    return "yes"


def _is_agent(said: str, place: _Match) -> bool:
    """Whether a word names who did something, though it comes last: "acquired by Acme", "FDA-cleared"."""
    return bool(re.search(r"\bby (?:the )?$", said[: place.start]) or re.match(r"-\w+ed\b", said[place.end :]))


def _places(word: str, said: str, is_past: bool) -> list[_Match]:
    """Where a sentence has a word, or another form of it that tells of the same time."""
    found = []
    for match in _WORD.finditer(said):
        other = match[0].removesuffix("'s")
        parts = [(match.start(), other)]
        for start, part in parts:
            if part == word or (word not in _STRICT and _is_form(part, word, is_past)):
                if is_past and re.search(r"\bto $", said[:start]) and not part.endswith("ed"):
                    continue
                found.append(_Match(start, start + len(part)))
    return found


def _is_form(said: str, asked: str, is_past: bool) -> bool:
    """Whether two words are forms of one, and the one said does not only promise what is asked to be done.

    >>> [_is_form(said, "approve", is_past=True) for said in ("approved", "approving", "approval")]
    [True, False, False]
    """
    if min(len(said), len(asked)) < 4 or any(letter.isdigit() for letter in said + asked):
        return False
    return _ENDING.sub("", said) == _ENDING.sub("", asked) and not (is_past and said.endswith("ing"))


def _holds(asked: re.Match[str], sentence: str) -> YesOrNo | None:
    """Yes where the office that is asked about stands beside the person's name.

    >>> sentence = "Jo Dahl, former CEO of Acme, and Ann Berg, Acme's Chief Executive Officer, spoke."
    >>> [_holds(_OFFICE.match(f"Is {name} the CEO of Acme?"), sentence) for name in ("Jo Dahl", "Ann Berg")]
    [None, 'yes']
    >>> _holds(_OFFICE.match("Is Jo Dahl the CEO of Acme?"), "Jo Dahl, CEO of Bolt, spoke.")
    """
    clause = Person(tuple(asked["name"].split())).office(sentence)
    said, office = _short(clause), _short(asked["office"])
    words = {match[0] for match in _WORD.finditer(office)} - _EMPTY
    has_all = words <= {match[0] for match in _WORD.finditer(said)}
    whose = re.match(r"[\w&-]+", asked["whose"] or "")  # beside "CEO of Bolt" nobody is told to be that of Acme
    is_of_another = whose and re.search(r"\b(?:of|at|for)\b", said) and fold(whose[0]) not in said
    return "yes" if has_all and not is_of_another and not _DOUBT.search(said) else None


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
