from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.example import Evidence, Example, QuestionSetError, locate, occurrences, read_examples, skeleton
from qa.rewrite import Turn

LINE: dict[str, Any] = {
    "id": "a-1",
    "question": "And when?",
    "history": [{"question": "Who leads Acme?", "answer": "Ann Berg"}],
    "answers": ["May 2024", "in May 2024"],
    "evidence": [{"release": "acme.md", "quote": "Ann Berg took over in May 2024."}],
    "kind": "followup",
    "answerable": True,
}
UNANSWERABLE: dict[str, Any] = LINE | {"id": "a-2", "answers": [], "evidence": [], "answerable": False}


def write(folder: Path, *lines: dict[str, Any] | str) -> Path:
    path = folder / "set.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_every_field_is_read(tmp_path: Path) -> None:
    """A line becomes an Example, field by field; evidence names a file without folders."""
    named = LINE | {"evidence": [{"release": "folder/acme.md", "quote": "Ann Berg took over in May 2024."}]}
    expected = Example(
        id="a-1",
        question="And when?",
        history=(Turn("Who leads Acme?", "Ann Berg"),),
        answers=("May 2024", "in May 2024"),
        evidence=(Evidence("acme.md", "Ann Berg took over in May 2024."),),
        kind="followup",
        answerable=True,
    )
    assert read_examples(write(tmp_path, named)) == [expected]


def test_file_forms(tmp_path: Path) -> None:
    """A byte order mark, Windows line ends, blank lines, further fields and U+2028 inside a string do no harm."""
    lines = [
        json.dumps(LINE | {"question": "a\u2028b", "note": 1}, ensure_ascii=False),
        "",
        json.dumps(UNANSWERABLE),
        "",
    ]
    path = tmp_path / "set.jsonl"
    path.write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    assert [(e.id, e.question, e.answerable) for e in read_examples(path)] == [
        ("a-1", "a\u2028b", True),
        ("a-2", "And when?", False),
    ]


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in LINE.items() if name != field}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": ', "not JSON (Expecting value at character 8)"),
        ("[" * 100_000, "nested too deeply"),
        ("[1]", "a list, expected an object with id, question"),
        ("3", "a number, expected an object"),
        (without("answers"), '"answers" is missing; add it (a list)'),
        (LINE | {"answerable": 1}, '"answerable" is a number, expected true or false'),
        (LINE | {"question": None}, '"question" is null, expected a string'),
        (LINE | {"question": "  "}, '"question" is empty'),
        (LINE | {"id": ""}, '"id" is empty'),
        (LINE | {"question": "a\ud800"}, '"question" holds half a surrogate pair'),
        (LINE | {"answers": ["x", 5]}, '"answers" holds a number, expected strings'),
        (LINE | {"answers": [" "]}, '"answers" holds an empty string'),
        (LINE | {"answers": []}, '"answers" is empty but "answerable" is true'),
        (LINE | {"evidence": []}, '"evidence" is empty but "answerable" is true'),
        (LINE | {"answerable": False}, '"answerable" is false but there are answers or evidence'),
        (LINE | {"history": ["x"]}, '"history" holds a string, expected objects with question and answer'),
        (LINE | {"history": [{"question": "x"}]}, 'in "history": "answer" is missing'),
        (LINE | {"evidence": [{"release": "a.md", "quote": True}]}, 'in "evidence": "quote" is true or false'),
        (LINE | {"evidence": [{"release": "a.md", "quote": "—"}]}, "a quote with a letter or digit"),
        (LINE | {"evidence": [{"release": "", "quote": "x"}]}, "needs the name of a release file"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: dict[str, Any] | str, said: str) -> None:
    """The error has file, line number, what came and what was expected, on one line."""
    path = write(tmp_path, UNANSWERABLE, "", line)
    with pytest.raises(QuestionSetError, match=re.escape(said)) as caught:
        read_examples(path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert "\n" not in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(path), 3)


def test_a_second_question_of_one_id_is_named(tmp_path: Path) -> None:
    """An id that comes twice would make two results one."""
    with pytest.raises(QuestionSetError, match=r':2: the id "a-1" is also that of line 1'):
        read_examples(write(tmp_path, LINE, LINE))


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_set_is_an_error(tmp_path: Path, content: bytes) -> None:
    """No question, no metrics: the file as a whole is at fault."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(content)
    with pytest.raises(QuestionSetError, match="no question in it") as caught:
        read_examples(path)
    assert caught.value.line is None


def test_a_file_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    """Line and byte are named."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(json.dumps(LINE).encode() + b'\n{"id": "caf\xe9"}')
    with pytest.raises(QuestionSetError, match=r":2: not UTF-8 \(byte 0xe9"):
        read_examples(path)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """Missing files and folders give the same kind of error as bad lines."""
    for path in (tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(QuestionSetError, match="cannot be read"):
            read_examples(path)


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("utilizes iodine-131, a drug", "CLR 131 utilizes\niodine-131,  a drug.", "utilizes\niodine-131,  a drug"),
        ("**Note:** it rose", "Note: it rose.", "Note: it rose"),
        ("see [the report](https://example.com/r1) now", "see the report now", "see the report now"),
        ("“Café” CO₂", 'a "cafe\u0301" co₂', 'cafe\u0301" co₂'),
        ("Straße", "STRASSE", "STRASSE"),
        ("5", "15 and 5", "5"),  # a whole number wins over a part of one
        ("2 million", "3.2 million, then 2 million", "2 million"),
        ("3.2", "32 or 3.2", "3.2"),  # the very words win over the same letters
        ("ﬁne", "a fine day", "fine"),
        ("$ 3.2", "paid $3.2", "3.2"),  # signs at the ends are no letters
    ],
)
def test_a_quote_is_found(quote: str, text: str, found: str) -> None:
    """White space, punctuation, markup, case and accents do not matter; the range is of the text as it is."""
    place = locate(quote, text)
    assert place is not None
    assert text[slice(*place)] == found
    assert place == occurrences(quote, text)[0]


def test_the_best_place_wins() -> None:
    """Not the first place, but the first of the best."""
    assert locate("5", "15, 5, 5") == (4, 5)
    assert occurrences("5", "15, 5, 5") == [(4, 5), (7, 8)]
    assert occurrences("it rose", "It rose. It rose!") == [(0, 7), (9, 16)]


@pytest.mark.parametrize(("quote", "text"), [("iodine", "none"), ("", "x"), ("—", "a — b"), ("x", "")])
def test_no_place(quote: str, text: str) -> None:
    """What is not there, or has no letters, is nowhere."""
    assert locate(quote, text) is None
    assert occurrences(quote, text) == []


@given(st.text(), st.text(), st.text())
def test_a_piece_of_a_text_is_found_in_it(before: str, piece: str, after: str) -> None:
    """Whatever the characters, the range lies in the text and has the letters of the quote."""
    text = before + piece + after
    place = locate(piece, text)
    letters = skeleton(piece).letters
    assert (place is None) == (not letters)
    if place:
        start, end = place
        assert 0 <= start < end <= len(text)
        assert letters in skeleton(text[start:end]).letters
        assert letters not in skeleton(text[start + 1 : end]).letters
        assert letters not in skeleton(text[start : end - 1]).letters


@given(st.text(), st.sampled_from(["NFC", "NFD"]))
def test_composition_does_not_matter(text: str, form: Any) -> None:
    """A quote in another normal form has the same skeleton."""
    assert skeleton(unicodedata.normalize(form, text)).letters == skeleton(text).letters


@given(st.text(max_size=50), st.text(max_size=4))
def test_places_agree_with_trying_every_range(text: str, quote: str) -> None:
    """A slow twin: a place is found if and only if some range of the text has the same letters."""
    letters = skeleton(quote).letters
    ranges = [text[a:b] for a in range(len(text)) for b in range(a + 1, len(text) + 1)]
    assert (locate(quote, text) is not None) == (bool(letters) and any(letters in skeleton(r).letters for r in ranges))
