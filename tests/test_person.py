"""Who somebody is, and who is asked about."""

from __future__ import annotations

import pytest
from made import release

from index.chunk import Chunk
from index.release import Span
from index.store import Passage
from qa.person import Person
from qa.scored import ScoredSpan
from qa.told import _told_by_form


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Who is Ann Berg?", ("Ann", "Berg")),
        ("and who's Dahl?", ("Dahl",)),
        ("who is ann berg", ("ann", "berg")),
        ("Who is the CEO of Acme?", None),
        ("Who is Acme's CEO?", None),
        ("Who is CEO of Acme?", None),
        ("Who is on the board?", None),
        ("who is eligible", None),
        ("Who is responsible for sales?", None),
        ("Who is she?", None),
        ("What is Acme?", None),
        ("", None),
    ],
)
def test_only_a_name_alone_is_asked_about(question: str, name: tuple[str, ...] | None) -> None:
    asked = Person.of(question)
    assert (asked and asked.name) == name


@pytest.mark.parametrize(
    ("name", "sentence", "expected"),
    [
        ("Ann Berg", "Ann Berg, CEO of Acme, said so.", "CEO of Acme"),
        (
            "Ann Berg",
            "“So it is,” said Dr. Ann Berg, Ph.D., founder of Acme, Inc. and chair.",
            "founder of Acme, Inc.",
        ),
        ("Ann Berg", "Ann Berg is the head of research at Acme and will speak.", "the head of research at Acme"),
        ("Ann Berg", "President Jo Dahl and Chief Financial Officer Ann Berg spoke.", "Chief Financial Officer"),
        ("Jo Dahl", "President Jo Dahl and Chief Financial Officer Ann Berg spoke.", "President"),
        ("Dahl", "They met President Jo Dahl.", "President"),
        ("Rowland", "William “Bill” Rowland, director of Acme, came.", "director of Acme"),
        ("Bill Rowland", "Acme Mills CEO Bill J. Rowland came.", "Acme Mills CEO"),
        ("ann berg", "Founder and CEO Ann Berg came.", "Founder and CEO"),
        ("Ann Berg", "Ann Berg, 34, came first.", None),
        ("Ann Berg", "The CEO met Ann Berg.", None),
        ("Ann Berg", "Ann Berg-Dahl, CEO of Acme, came.", None),
        ("Ann Berg", "Ann Berg's CEO, Jo Dahl, came.", None),
    ],
)
def test_the_office_is_the_one_beside_the_name(name: str, sentence: str, expected: str | None) -> None:
    made = release(("paragraph", sentence))
    span = Person(tuple(name.split())).stated(made, Span(made.id, 0, len(made.text)))
    assert (made.quote(span) if span else None) == expected


def test_another_persons_name_is_no_answer() -> None:
    """Neither bare nor with an office; nor is the name asked about."""
    made = release(("paragraph", "Acme CEO Jo Dahl PA-C met Ann Berg, a poet of the mill."))
    passage = Passage(Chunk(made, Span(made.id, 0, len(made.text)), ""), 0.5)

    def score(words: str) -> float:
        start = made.text.index(words)
        found = ScoredSpan(Span(made.id, start, start + len(words)), passage.chunk.span, 0.8, passage)
        return _told_by_form("Who is Ann Berg?", [passage], [found])[0].score

    assert [score(words) < 0.1 for words in ("Jo Dahl", "Jo Dahl PA-C", "Acme CEO Jo Dahl", "Ann Berg")] == [True] * 4
    assert score("a poet of the mill") == 0.8
