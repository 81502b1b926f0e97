"""Question -> what in it points back to what was said before: pronouns, "that", "and …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from qa.mentions import ASKING, AUXILIARIES, PREPOSITIONS, Mention, Word, mentions, singular, words
from qa.quotation import quotation

Role = Literal["person", "thing", "several", "company", "pointing"]


class Anaphor(NamedTuple):
    """A word of a question that stands for something said before."""

    start: int  # characters of the question
    end: int
    role: Role
    is_possessive: bool = False


class Form(NamedTuple):
    """How a question is put."""

    anaphors: tuple[Anaphor, ...]
    opening: int  # characters of "and", "what about" and the like in front
    is_fragment: bool  # no whole question: "And the CFO?", "In which year?"
    is_bare: bool  # a fragment of names, figures and dates alone: "In Houston?", "PRISMA?"
    is_named: bool  # it names something, or quotes somebody
    has_topic: bool  # it speaks of something that a pronoun in it may stand for
    is_short: bool

    @property
    def leans(self) -> bool:
        """Whether it is to be understood from what was said before, if anything was."""
        goes_on = self.opening > 0 and (self.is_fragment or self.is_short)
        return bool(self.anaphors) or not self.is_named or goes_on or self.is_bare

    @property
    def is_unclear(self) -> bool:
        """Whether it cannot be understood alone at all."""
        is_part = self.is_fragment and self.opening > 0 and self.is_short
        return not self.is_named and not self.has_topic and (bool(self.anaphors) or is_part)


FEW_WORDS = 4  # that mean something, of a question that only goes on with another
_OPENING = re.compile(
    r"\W*(?:(?:and|but|or|so|also|then)\b[\s,]*|(?:ok(?:ay)?|&)[\s,]+)*(?:(?:what|how)\s+about\s+|what\s+of\s+)?",
    re.IGNORECASE,
)
_ROLES: dict[str, Role] = {
    **dict.fromkeys(("he", "him", "his", "she", "her", "hers"), "person"),
    **dict.fromkeys(("it", "its"), "thing"),
    **dict.fromkeys(("they", "them", "their", "theirs"), "several"),
    **dict.fromkeys(("this", "that", "these", "those"), "pointing"),
}
_NEAR_TIMES = frozenset("year week month quarter morning afternoon time day moment point".split())
# "it" that stands for nothing: "does it take to", "is it true that", "has it been since".
_EMPTY_IT = re.compile(
    r"\b(?:does|did|would|will|can)\s+it\s+(?:\w+\s+)?(?:take|cost|mean)\b.*\b(?:to|for|that)\b"
    r"|\b(?:is|was|be|makes?|made)\s+it\s+(?:\w+\s+){1,3}(?:to|for|that)\b|\bit\s+(?:been\s+since|to\s+be)\b",
    re.IGNORECASE,
)


def form(question: str) -> Form:
    """What in a question points back, and how it is put.

    >>> form("Who runs it?").leans, form("Where is Acme based?").leans, form("And the CFO?").leans
    (True, False, True)
    """
    said, found = words(question), mentions(question)
    names = [mention for mention in found if mention.kind == "name"]
    opening = _OPENING.match(question)
    begin = opening.end() if opening else 0
    rest = [word for word in said if word.start >= begin]
    quoted = quotation(question) or (0, 0)
    anaphors = tuple(
        anaphor
        for anaphor in _anaphors(question, said, [name for name in names if not name.text.islower()])
        if not quoted[0] <= anaphor.start < quoted[1]
    )
    asked = _asked_end(question, rest)
    asks_about = "about" in question[:begin].casefold() and not any(word.low in ASKING for word in rest)
    while rest and rest[-1].is_mark:  # of "and Acme's?" too
        rest.pop()
    is_fragment = asks_about or not any(map(_is_predicate, rest))
    dates = [mention for mention in found if mention.kind == "date"]
    meaning = [word for word in rest if word.is_content and not any(d.start <= word.start < d.end for d in dates)]
    return Form(
        anaphors=anaphors,
        opening=begin,
        is_fragment=is_fragment,
        is_bare=is_fragment
        and bool(meaning or dates)
        and all(word.named or word.text[0].isdigit() for word in meaning)
        and not any(word.low in ASKING for word in rest),
        is_named=bool(names) or any(quoted),
        has_topic=any(
            m.kind == "phrase" and m.start >= asked and m.end <= a.start for m in found for a in anaphors[:1]
        ),
        is_short=sum(word.is_content for word in rest) <= FEW_WORDS,
    )


def _is_predicate(word: Word) -> bool:
    return word.low in AUXILIARIES or word.is_verb or word.low in ("'s", "’s")


def _asked_end(question: str, said: Sequence[Word]) -> int:
    """Where the words end that ask: "Which hotel", "How many homes"; those of "Who runs it" are all of it."""
    asks = next((word.start for word in said if word.low in ASKING), None)
    verb = next((word.start for word in said if word.low in AUXILIARIES), len(question))
    return 0 if asks is None or asks > verb else verb


def _anaphors(question: str, said: Sequence[Word], names: Sequence[Mention]) -> Iterator[Anaphor]:
    for at, word in enumerate(said):
        role = None if word.text == "IT" and question != question.upper() else _role(said, at)
        after = said[at + 1] if at + 1 < len(said) else Word("?", word.end, word.end)
        is_owner = word.low in ("its", "their", "his") or (word.low == "her" and after.is_content)
        if role == "company":
            is_bound = bool(names)
        elif role == "pointing":
            is_bound = _is_bound_pointer(said, at, after)
        elif is_owner:
            is_bound = any(name.end <= word.start for name in names) or _owner_follows(question, said, at, names)
        else:
            is_bound = _is_bound(question, said, at, names)
        if role and not is_bound:
            begin = said[at - 1].start if role == "company" else word.start
            yield Anaphor(begin, word.end, role, is_owner)


def _role(said: Sequence[Word], at: int) -> Role | None:
    is_company = at > 0 and said[at - 1].low == "the" and said[at].low in ("company", "firm", "corporation")
    return "company" if is_company else _ROLES.get(said[at].low)


def _is_bound(question: str, said: Sequence[Word], at: int, names: Sequence[Mention]) -> bool:
    """Whether "it", "they" or "she" stands for a name before it, or for nothing."""
    word, before = said[at], said[at - 1].low if at else ""
    if word.low == "it" and _EMPTY_IT.search(question):
        return True
    named = sum(name.end <= word.start for name in names)
    # After a preposition it is not the subject of the same clause: "How much has IBM put into it".
    ends = at + 1 == len(said) or not (said[at + 1].is_content or said[at + 1].low in AUXILIARIES)
    return named > (1 if ends and before in PREPOSITIONS else 0)


def _is_bound_pointer(said: Sequence[Word], at: int, after: Word) -> bool:
    """Whether "that" and its kind only joins, "the plant that Acme opened", or is told at once, "those who left"."""
    low = said[at].low
    is_told = low in ("these", "those") and (after.low in (*ASKING, *PREPOSITIONS) or after.named)
    is_now = low in ("this", "these") and singular(after.low) in _NEAR_TIMES
    joins = low == "that" and at > 0 and said[at - 1].is_content
    return is_told or is_now or joins


def _owner_follows(question: str, said: Sequence[Word], at: int, names: Sequence[Mention]) -> bool:
    """Whether a possessive stands before the name that it belongs to.

    "In its May news, what did Acme say", "How many of its mills does Acme run", "Which man sold his shares in Acme".
    """
    comma = question.find(", ", said[at].end)
    if comma >= 0 and any(name.start > comma for name in names):
        return True
    turned = [n for n, each in enumerate(said) if each.low in AUXILIARIES]
    if any(n < at for n in turned):
        return False
    return bool(names) and (not turned or any(said[n + 1].named for n in turned if n + 1 < len(said)))
