"""An earlier question, and a part of one that goes on with it -> the earlier one with that part exchanged."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.mentions import Mention, mentions, words
from qa.said import Said

_PREPOSITION = r"(?:in|of|for|at|on|from|with|by|to|during|under|over|since|until)"
_LEAD = re.compile(rf"(?:(?P<preposition>{_PREPOSITION})\s+)?(?:(?P<article>the|an?|its|their)\s+)?", re.IGNORECASE)
_REST = re.compile(r"(?:['’]s?)?[ ?.!]*")  # "and Bolt's?"
_WHERE = frozenset("in on from to".split())  # behind these stands a place, and a place only in the place of one
_IS = re.compile(r"\s*(?:is|are|was|were|['’]s)\b", re.IGNORECASE)


class Fragment(NamedTuple):
    """What is asked next of the same: "in 2023", "Bolt", "the CFO"."""

    preposition: str
    article: str
    mention: Mention

    @classmethod
    def of(cls, question: str, opening: int) -> Fragment | None:
        """The fragment behind the opening of a question; None where it is more than one phrase."""
        found = [mention for mention in mentions(question) if mention.start >= opening]
        lead = _LEAD.match(question, opening)
        if len(found) != 1 or not lead or lead.end() != found[0].start or not _REST.fullmatch(question, found[0].end):
            return None
        return cls(lead["preposition"] or "", lead["article"] or "", found[0])


def exchanged(fragment: Fragment, said: Said) -> str:
    """The earlier question with the fragment in the place of what is like it; empty where it is open what that is.

    A date takes the place of the last date, a name that of a name, other words that of the one thing asked for.

    >>> said = Said("What was Acme's revenue in 2022?", "$5")
    >>> [exchanged(Fragment.of(each, 4), said) for each in ("and in 2023?", "and Bolt?", "and the net loss?")]
    ["What was Acme's revenue in 2023?", "What was Bolt's revenue in 2022?", "What was Acme's net loss in 2022?"]
    """
    kind = fragment.mention.kind
    place = {"date": _date, "name": _name}.get(kind, _asked_for)(fragment, said)
    if place is None:
        may_follow = kind == "date" and fragment.preposition and all(mention.kind != "date" for mention in said.found)
        return f"{said.question.rstrip('?!. ')} {_text(fragment)}?" if may_follow else ""
    start, end = place
    before, text = said.question[:start], fragment.mention.text
    own = re.search(rf"\b{_PREPOSITION}\s$", before, re.IGNORECASE)
    if kind == "date" and fragment.preposition and own:
        before, text = before[: own.start()], _text(fragment)
    return before + text + said.question[end:]


def _text(fragment: Fragment) -> str:
    return " ".join(filter(None, (fragment.preposition, fragment.article, fragment.mention.text)))


def _date(_: Fragment, said: Said) -> tuple[int, int] | None:
    return next(((each.start, each.end) for each in reversed(said.found) if each.kind == "date"), None)


def _name(fragment: Fragment, said: Said) -> tuple[int, int] | None:
    """The name that shares a word with the new one or stands behind the same preposition; the only one; the subject."""
    own = set(fragment.mention.text.casefold().split())
    likest = [name for name in said.names if own & set(name.text.casefold().split())]
    behind = re.compile(rf"\b{fragment.preposition}\s(?:the\s)?$", re.IGNORECASE) if fragment.preposition else None
    alike = [name for name in said.names if behind and behind.search(said.question[: name.start])]
    subject = [said.subject] if said.subject and said.subject.kind == "name" else []
    rest = () if fragment.preposition.casefold() in _WHERE else (said.names, subject)
    name = next((those[0] for those in (likest, alike, *rest) if len(those) == 1), None)
    if name is None:
        return None
    if all(word.named for word in words(f"of {fragment.mention.text}")[1:]):  # "the Tunica plant", "and Texas?"
        named = [word for word in words(said.question) if name.start <= word.start < name.end and word.named]
        return named[0].start, named[-1].end
    return name.start, name.end


def _asked_for(fragment: Fragment, said: Said) -> tuple[int, int] | None:
    """The one thing that is asked for, of somebody: "Who is the CEO of Acme?", "What was its revenue in May?"."""
    after = [mention for mention in said.found if mention.kind == "phrase" and mention.start >= said.asked_end]
    is_plain = said.asks in ("who", "what") and _IS.match(said.question, said.asked_end) and not fragment.preposition
    return (after[0].start, after[0].end) if is_plain and len(after) == 1 else None
