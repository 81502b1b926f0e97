"""A question set, one JSON object a line, -> Examples; and where a quoted piece of evidence stands in a text.

    Error family:  QuestionSetError(path, line, reason)      one line: which file, which line, what to do

{"id": "a-1", "question": "Who runs Acme?", "history": [{"question": "...", "answer": "..."}],
 "answers": ["Ann Berg", "Berg"], "evidence": [{"release": "acme.md", "quote": "Ann Berg, CEO of Acme, said ..."}],
 "kind": "person", "answerable": true}
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from qa.rewrite import Turn

FIELDS: dict[str, type] = {
    "id": str,
    "question": str,
    "history": list,
    "answers": list,
    "evidence": list,
    "kind": str,
    "answerable": bool,
}
_JSON_NAMES = {str: "a string", list: "a list", dict: "an object", bool: "true or false", type(None): "null"}


class QuestionSetError(ValueError):
    """A question set that cannot be used. ``path``, ``line`` (from 1; None: the whole file) and ``reason`` say why."""

    def __init__(self, path: str, line: int | None, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Evidence:
    """A release that states the answer, and its words that do."""

    release: str  # name of the release's file, without folders
    quote: str  # from the file's text; white space, punctuation and markup may differ from the canonical text


@dataclass(frozen=True, slots=True)
class Example:
    """One question with everything that counts as right."""

    id: str
    question: str
    history: tuple[Turn, ...]  # the turns before it, oldest first, with their right answers
    answers: tuple[str, ...]  # the first stands in the evidence; the others are as good. Empty if unanswerable
    evidence: tuple[Evidence, ...]  # empty if unanswerable
    kind: str
    answerable: bool


# -- reading -----------------------------------------------------------------------------------------------------------


def read_examples(path: str | Path) -> list[Example]:
    """Read the question set in the file at ``path``: UTF-8, one JSON object a line, blank lines skipped.

    Raises:
        QuestionSetError: the file cannot be read, is empty, or one of its lines is not a question in the format above.
    """
    name = str(path)
    examples: list[Example] = []
    seen: dict[str, int] = {}
    # Not splitlines(): JSON strings may hold U+2028 and its kin as they are.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            example = parse_example(line)
        except ValueError as error:
            raise QuestionSetError(name, number, str(error)) from error
        if example.id in seen:
            reason = f'the id "{example.id}" is also that of line {seen[example.id]}; give each question its own'
            raise QuestionSetError(name, number, reason)
        seen[example.id] = number
        examples.append(example)
    if not examples:
        raise QuestionSetError(name, None, "no question in it; expected one JSON object a line")
    return examples


def _text(path: str | Path) -> str:
    name = str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); name a question set, a file of one JSON object a line"
        raise QuestionSetError(name, None, reason) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"not UTF-8 (byte 0x{data[error.start]:02x} at position {error.start:,}); save the file as UTF-8"
        raise QuestionSetError(name, line, reason) from error


def parse_example(line: str) -> Example:
    """One line of a question set.

    Raises:
        ValueError: saying what came, what was expected and what to do.

    >>> line = '{"id": "1", "question": "Who?", "history": [], "answers": [], "evidence": [], "kind": "", '
    >>> line += '"answerable": %s}'
    >>> parse_example(line % "false").answerable
    False
    >>> parse_example(line % "0")
    Traceback (most recent call last):
    ValueError: "answerable" is a number, expected true or false
    """
    found = _loaded(line)
    for field, kind in FIELDS.items():
        _check(found, field, kind)
    for field in ("id", "question"):
        if not found[field].strip():
            raise ValueError(f'"{field}" is empty; fill it in or delete the line')
    example = Example(
        id=found["id"],
        question=found["question"],
        history=tuple(_pair(turn, "history", "question", "answer", Turn) for turn in found["history"]),
        answers=tuple(_answer(answer) for answer in found["answers"]),
        evidence=tuple(_pair(piece, "evidence", "release", "quote", _evidence) for piece in found["evidence"]),
        kind=found["kind"],
        answerable=found["answerable"],
    )
    _check_answerable(example)
    return example


def _loaded(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at character {error.pos + 1}); expected one object a line") from error
    except RecursionError as error:
        raise ValueError("nested too deeply; expected one flat object a line") from error
    if not isinstance(found, dict):
        raise ValueError(f"{_named(found)}, expected an object with {', '.join(FIELDS)}")
    return found


def _named(value: object) -> str:
    return _JSON_NAMES.get(type(value), "a number")


def _check(found: Mapping[str, Any], field: str, kind: type) -> None:
    """Raise ValueError unless the object has the field and it is of that type, to the letter: 1 is not true."""
    if field not in found:
        raise ValueError(f'"{field}" is missing; add it ({_JSON_NAMES[kind]})')
    if type(found[field]) is not kind:
        raise ValueError(f'"{field}" is {_named(found[field])}, expected {_JSON_NAMES[kind]}')
    if kind is str and re.search("[\ud800-\udfff]", found[field]):
        raise ValueError(f'"{field}" holds half a surrogate pair, which is no character; write the character itself')


def _pair(piece: object, where: str, first: str, second: str, make: Any) -> Any:
    if not isinstance(piece, dict):
        raise ValueError(f'"{where}" holds {_named(piece)}, expected objects with {first} and {second}')
    for field in (first, second):
        try:
            _check(piece, field, str)
        except ValueError as error:
            raise ValueError(f'in "{where}": {error}') from error
    return make(piece[first], piece[second])


def _evidence(release: str, quote: str) -> Evidence:
    name = PurePath(release).name
    if not name or not skeleton(quote).letters:
        raise ValueError('"evidence" needs the name of a release file and a quote with a letter or digit in it')
    return Evidence(name, quote)


def _answer(answer: object) -> str:
    if not isinstance(answer, str):
        raise ValueError(f'"answers" holds {_named(answer)}, expected strings')
    _check({"answers": answer}, "answers", str)
    if not answer.strip():
        raise ValueError('"answers" holds an empty string; fill it in or delete it')
    return answer


def _check_answerable(example: Example) -> None:
    if example.answerable and not (example.answers and example.evidence):
        lacking = "answers" if not example.answers else "evidence"
        raise ValueError(f'"{lacking}" is empty but "answerable" is true; add at least one, or set it to false')
    if not example.answerable and (example.answers or example.evidence):
        raise ValueError('"answerable" is false but there are answers or evidence; empty them, or set it to true')


# -- finding a quote ---------------------------------------------------------------------------------------------------
# The one place of the program where text is searched for: evidence is given as words, everything else as positions.

_LINK_TARGET = re.compile(r"\]\([^)\s]*\)")
# Between two letters or digits, and inside a number as in "3.2" and "1,250".
_INSIDE = re.compile(r"(?<=[^\W_])(?=[^\W_])|(?<=\d[.,])(?=\d)|(?<=\d)(?=[.,]\d)")


class Skeleton(NamedTuple):
    """The letters and digits of a text, case and accents folded."""

    letters: str
    places: tuple[int, ...]  # places[i]: position in the text of the character that letters[i] came from


@lru_cache(maxsize=512)
def skeleton(text: str) -> Skeleton:
    """What is compared when a quote is looked for.

    >>> skeleton("Straße – 5.")
    Skeleton(letters='strasse5', places=(0, 1, 2, 3, 4, 4, 5, 9))
    """
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in _fold(character):
            letters.append(letter)
            places.append(place)
    return Skeleton("".join(letters), tuple(places))


@lru_cache(maxsize=65536)
def _fold(character: str) -> str:
    """Letters and digits of one character, however composed: folding characters apart keeps the positions."""
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFD", character).casefold())
    return "".join(part for part in decomposed if part.isalnum())


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """The half-open character range of ``text`` where ``quote`` stands first, or None.

    Only letters and digits are compared, case and accents apart: white space, punctuation and markup may differ. A
    place with the very words wins over one that differs in punctuation, and whole words win over parts of words.

    >>> locate("**iodine-131**, a  drug", "uses iodine-131, a drug.")
    (5, 23)
    >>> locate("2", "$3.2 million in 2 years"), locate("2", "3.2"), locate("3", "none")
    ((16, 17), (2, 3), None)
    """
    places = occurrences(quote, text)
    return places[0] if places else None


def occurrences(quote: str, text: str) -> list[tuple[int, int]]:
    """All the ranges of ``text`` that are as good a place for ``quote`` as the one `locate` gives, in order."""
    found = _matches(quote, text) or _matches(_LINK_TARGET.sub("]", quote), text)
    best = max((score for score, _ in found), default=(False, False))
    return [place for score, place in found if score == best]


def _matches(quote: str, text: str) -> list[tuple[tuple[bool, bool], tuple[int, int]]]:
    """Each range with the same letters, and whether it has the very words, and whether it cuts none."""
    wanted, ranges = skeleton(quote), skeleton(text)
    if not wanted.letters:
        return []
    words = quote[wanted.places[0] : wanted.places[-1] + 1].split()
    found = []
    at = ranges.letters.find(wanted.letters)
    while at >= 0:
        start, end = ranges.places[at], ranges.places[at + len(wanted.letters) - 1] + 1
        whole = not (_INSIDE.match(text, start) or _INSIDE.match(text, end))
        found.append(((text[start:end].split() == words, whole), (start, end)))
        at = ranges.letters.find(wanted.letters, at + 1)
    return found
