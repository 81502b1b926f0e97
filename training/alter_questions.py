"""Questions made unanswerable: one thing in them changed, so that the passage that answered no longer does.

The hardest questions for a reader are those that a passage nearly answers: of another year, another phase, another
company. Changing just that in an answerable question gives such questions without anyone writing them (cf. Rajpurkar
et al., "Know What You Don't Know", ACL 2018, whose writers worked so).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

_ORDINALS = ("first", "second", "third", "fourth")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December".split("|")
_NAME = re.compile(r"\b[A-Z][\w&.\-]*[\w&](?:\s+(?:of\s+)?[A-Z][\w&.\-]*[\w&]){0,4}")
_COMMON = frozenset(
    "The A An In On At For By With From And But It Its This That These Those He She They We Our As To Of What Who When"
    " Where Which How Why Is Are Was Were Does Did Do Has Have Had Will Can".split()
)


def altered(question: str, text: str, answer: tuple[int, int], draw: random.Random) -> str | None:
    """The question with one year, period, phase or name changed so that ``text`` does not answer it, or ``None``.

    Args:
        text: the passage that answers the question.
        answer: where in it the answer stands.

    >>> altered("What was revenue in 2024?", "Revenue in 2024 was $5 million.", (20, 30), random.Random(0))
    'What was revenue in 2023?'
    """
    ways: list[Callable[[], Iterator[str]]] = [
        lambda: _years(question, text, draw),
        lambda: _periods(question, text, draw),
        lambda: _names(question, text, answer, draw),
    ]
    draw.shuffle(ways)
    for way in ways:
        for changed in way():
            return changed
    return None


def _years(question: str, text: str, draw: random.Random) -> Iterator[str]:
    for match in re.finditer(r"\b(?:19|20)\d\d\b", question):
        others = [year for step in (-1, 1, -2, 2) if (year := str(int(match[0]) + step)) not in text]
        if match[0] in text and others:
            yield _put(question, match, others[0] if draw.random() < 0.6 else draw.choice(others))


def _periods(question: str, text: str, draw: random.Random) -> Iterator[str]:
    """Quarters, halves, phases and months."""
    for pattern, values in (
        (r"\b(?:first|second|third|fourth)(?=[ -](?:quarter|half))", _ORDINALS),
        (r"(?<=\bQ)[1-4]\b", "1234"),
        (r"(?<=\b[Pp]hase )[1-3]\b", "123"),
        (r"(?<=\bPhase )I{1,3}\b", ("I", "II", "III")),
        (rf"\b(?:{'|'.join(_MONTHS)})\b", _MONTHS),
    ):
        for match in re.finditer(pattern, question):
            context = question[max(0, match.start() - 6) : match.start()]
            kind = context.rsplit(" ", 1)[-1] if values == "1234" else ""
            others = [value for value in values if value != match[0] and f"{kind}{value}" not in text]
            if others:
                yield _put(question, match, draw.choice(others))


def _names(question: str, text: str, answer: tuple[int, int], draw: random.Random) -> Iterator[str]:
    """A name of the question that the passage holds, for another name of the passage."""
    asked = [match for match in _NAME.finditer(question) if match.start() and match[0] in text]
    given = text[answer[0] : answer[1]]
    others = sorted(
        {
            match[0]
            for match in _NAME.finditer(text)
            if not (match.start() < answer[1] and answer[0] < match.end())
            and match[0].split()[0] not in _COMMON
            and len(match[0]) > 3
            and match[0] not in question
            and match[0] not in given
            and match[0] not in _MONTHS
        }
    )
    draw.shuffle(asked)
    for match in asked:
        words = set(match[0].casefold().split())
        apart = [name for name in others if not words & set(name.casefold().split())]
        if apart and len(match[0]) > 2:
            yield _put(question, match, draw.choice(apart))


def _put(question: str, match: re.Match[str], value: str) -> str:
    return question[: match.start()] + value + question[match.end() :]
