"""Question and history -> the question as it is understood, standing alone, and the query that is asked with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, Protocol

from qa.anaphora import Anaphor, Form, Role, form
from qa.company import short_name
from qa.fragment import Fragment, exchanged
from qa.mentions import mentions, words
from qa.said import Said

_BEHIND = " – and "  # a part, behind the question that it goes on with
MOST_TURNS = 16  # earlier turns that a question may lean on, each on the one before
MOST_LINES = 3  # of these, turns that the query has in front: the embedder sees 256 word pieces, the reader 96
MOST_CHARACTERS = 1_000  # of an earlier question or answer
MOST_CARRIED = 4  # names and dates that are carried over


class Turn(NamedTuple):
    """One earlier exchange of the conversation."""

    question: str  # as asked or as understood
    answer: str
    issuer: str = ""  # of the release that was cited first; empty if none was, or it is not known


class Understood(NamedTuple):
    """A question, as it is understood after what was said before it."""

    question: str  # stands alone; as asked if it does already
    query: str  # what retrieval and reader see
    instead: tuple[str, ...] = ()  # what else may be meant, likeliest first; each stands alone
    ask_back: str = ""  # what to ask the person instead: the question leans on something, and nothing was said


class Rewriter(Protocol):
    """Tells how a question is to be understood after what was said before it."""

    def __call__(self, question: str, history: Sequence[Turn]) -> Understood:
        """How the question is understood; one that stands alone comes back as it is."""
        ...


def understand(question: str, history: Sequence[Turn]) -> Understood:
    """How a question is to be understood after what was said before it.

    A question that points back ("Who runs it?") or is but part of one ("And the CFO?") leans on the turn before it, and
    on those that this one leans on. What it points to is put in its place; what else the earlier question named stands
    behind it in brackets. The query has these turns in front, one piece a line, and the question as asked as its last:
    so the reader was trained, and it answers a question made whole by rules less well (docs/log.md).

    >>> understood = understand("Who runs it?", [Turn("Where is Acme based?", "Oslo")])
    >>> understood.question, understood.query
    ('Who runs Acme?', 'Where is Acme based?\\nOslo\\nWho runs it?')
    >>> understand("Where is Bolt Ltd. based?", [Turn("Where is Acme based?", "Oslo")]).query
    'Where is Bolt Ltd. based?'
    """
    question = " ".join(question.split())
    turns = [Turn(*map(_line, turn)) for turn in history[-MOST_TURNS:]]
    turns = [turn for turn in turns if any(map(str.isalnum, turn.question + turn.answer))]
    if not turns:
        return Understood(question, question, ask_back=_ask_back(question))
    whole = _standing_alone(question, turns)
    if not whole.front:
        return Understood(question, question)
    if whole.is_of_company:
        return Understood(whole.question, whole.question, whole.instead)
    said = [line for turn in whole.front[-MOST_LINES:] for line in turn if line]
    return Understood(whole.question, "\n".join([*said, question]), whole.instead)


def _line(text: str) -> str:
    kept = text[:MOST_CHARACTERS]
    return " ".join("".join(character if character.isprintable() else " " for character in kept).split())


def _ask_back(question: str) -> str:
    """What to ask where a question cannot be understood alone; empty for any other."""
    put = form(question)
    said = words(question)
    says_nothing = bool(said) and not any(word.is_content for word in said)  # "What is …?", "Who are you?"
    if not (put.is_unclear or says_nothing):
        return ""
    if not put.anaphors:
        return "What is this about? Ask a whole question, with the company, product or event that you mean."
    pointed = question[put.anaphors[0].start : put.anaphors[0].end]
    return f"Who or what is “{pointed}”? Nothing was asked before that it could refer to; name it."


class _Whole(NamedTuple):
    """A question of a conversation, made whole."""

    question: str
    front: tuple[tuple[str, str], ...] = ()  # questions and answers that it leans on, oldest first
    instead: tuple[str, ...] = ()
    meant: Mapping[Role, str] = MappingProxyType({})  # what pronouns of its kind stand for, here and before
    is_of_company: bool = False  # it asks something of the company, whatever else was spoken of


def _standing_alone(question: str, turns: Sequence[Turn]) -> _Whole:
    put = form(question)
    if not turns or not put.leans:
        return _Whole(question)
    before = _standing_alone(turns[-1].question, turns[:-1])
    company = next((short_name(turn.issuer) for turn in reversed(turns) if turn.issuer), "")
    said = Said(before.question, turns[-1].answer, before.meant, company)
    meant = _meant(put, said)
    parts = () if meant else _exchanges(question, put, said)
    first, *others = parts or _readings(question, put, said, meant)
    stand_for = {anaphor.role: texts[0] for anaphor, texts in meant.items()}
    is_exchange = len(parts) > 1
    names_company = bool(company) and first.endswith(f" of {company}?")
    is_of_company = {anaphor.role for anaphor in meant} == {"company"} or (not put.anaphors and names_company)
    is_of_another = is_exchange and (before.is_of_company or _is_left(company, before.question, first))
    # What goes on from a question made whole, or from one about another company, leans on nothing before that.
    last = (before.question if is_exchange or before.is_of_company else turns[-1].question, turns[-1].answer)
    front = (last,) if is_exchange or before.is_of_company else (*before.front, last)
    meant_by_now = {**before.meant, **stand_for}
    return _Whole(first, front, tuple(others), meant_by_now, is_of_company or is_of_another)


def _is_left(company: str, before: str, after: str) -> bool:
    """Whether a question has the first word of a company's name, and the one that goes on with it has not.

    >>> _is_left("Acme Mills", "Who runs Acme?", "Who runs Bolt?"), _is_left("Acme", "Who runs CLR?", "Who runs Bolt?")
    (True, False)
    """
    name = re.compile(rf"\b{re.escape(company.split(' ', maxsplit=1)[0])}\b", re.IGNORECASE)
    return bool(company and name.search(before)) and not name.search(after)


def _meant(put: Form, said: Said) -> dict[Anaphor, list[str]]:
    """What pronouns may stand for, likeliest first. Of two of a kind only the first is told: the other repeats it."""
    found: dict[Anaphor, list[str]] = {}
    for anaphor in put.anaphors:
        taken = [texts[0] for texts in found.values()]
        free = [text for text in said.referents(anaphor.role, anaphor.is_possessive) if text not in taken]
        if free and all(anaphor.role != other.role for other in found):
            found[anaphor] = free
    return found


def _exchanges(question: str, put: Form, said: Said) -> tuple[str, ...]:
    """A part of a question put into the one before, in the place of what is like it, and then behind it.

    Only behind it where nothing is like it; empty for a question that is no part.
    """
    if not put.is_fragment or not (put.opening or put.is_bare):
        return ()
    before = said.question.split(_BEHIND, 1)[0]
    behind = f"{_bare(before)}{_BEHIND}{_bare(question[put.opening :])}?"
    fragment = Fragment.of(question, put.opening)
    put_in = exchanged(fragment, replace(said, question=before)) if fragment else ""
    return (put_in, behind) if put_in else (behind,)


def _readings(question: str, put: Form, said: Said, meant: Mapping[Anaphor, Sequence[str]]) -> Iterator[str]:
    """The question made whole, and then with what one of its pronouns may stand for instead."""
    first = {anaphor: texts[0] for anaphor, texts in meant.items()}
    rivals = [{**first, each: texts[1]} for each, texts in meant.items() if _are_rivals(*texts[:2])]
    is_told = {anaphor.role for anaphor in put.anaphors} <= {anaphor.role for anaphor in meant}
    for choice in (first, *rivals):
        text = _put(question, choice)[put.opening :]
        yield _with_context(text[:1].upper() + text[1:], is_told, said)


def _are_rivals(first: str, other: str = "") -> bool:
    """Whether a person may well mean either: both are names, and none is part of the other."""
    are_names = all(any(m.kind == "name" for m in mentions(f"of {text}")) for text in (first, other))
    return are_names and other.casefold() not in first.casefold() and first.casefold() not in other.casefold()


_SINGULAR = {"do": "does", "are": "is", "have": "has", "were": "was"}


def _put(question: str, meant: Mapping[Anaphor, str]) -> str:
    """The question with what its pronouns stand for in their place."""
    parts, at = [], 0
    for anaphor, text in sorted(meant.items()):
        if anaphor.is_possessive:
            text += "’" if text.endswith("s") else "’s"
        before = question[at : anaphor.start]
        is_name = [mention.kind for mention in mentions(f"of {text}")] == ["name"] and words(f"of {text}")[-1].named
        if anaphor.role == "several" and is_name and not anaphor.is_possessive:  # "do they", of a company
            before = re.sub(
                r"\b(?:do|are|have|were)(?=\s$)", lambda verb: _SINGULAR[verb[0].casefold()], before, flags=re.I
            )
        parts += [before, text]
        at = anaphor.end
    return "".join((*parts, question[at:]))


def _with_context(text: str, is_told: bool, said: Said) -> str:
    """With the names and dates of the earlier question in brackets, if it names nothing or not all is told.

    An office is one of a company: "Who is the CEO?" has no product beside it.
    """
    if is_told and any(mention.kind == "name" for mention in mentions(text)):
        return text
    company = next(iter(said.referents("company")), "")
    carried = dict.fromkeys(m.text for m in said.found if m.kind in ("name", "date")) or {said.entity: None}
    if company and (office := _OFFICE.search(text)):
        if not text[office.end() :].strip(" ?.!"):
            return f"{_bare(text)} of {company}?"
        carried = {company: None, **carried}
    elif not any(mention.kind == "name" for mention in said.found):
        carried = {**carried, company: None}
    new = [each for each in carried if each and each.casefold() not in text.casefold()]
    return f"{_bare(text)} ({', '.join(new[:MOST_CARRIED])})?" if new else text


# What belongs to a company, whatever else was spoken of.
_OFFICE = re.compile(
    r"\b(?:C[EFOTM]O|chief \w+|president|chair(?:man|woman|person)?|board|head ?quarter(?:s|ed)?|HQ|website|ticker"
    r"|symbol|shareholders?|employees|headcount|dividend|IR)\b"
)


def _bare(question: str) -> str:
    return question.rstrip("?!. ")


def is_rewritten(question: str, query: str) -> bool:
    """Whether a question was understood as another than was asked.

    >>> is_rewritten("Who  runs it?", "Who runs it?"), is_rewritten("Who runs it?", "Who runs Acme?")
    (False, True)
    """
    return bool(query) and " ".join(question.split()) != " ".join(query.split())
