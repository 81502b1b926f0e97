"""Which address or number a question asks for, and which of a passage's is it."""

from __future__ import annotations

import time

import pytest
from made import release

from index.chunk import Chunk
from index.release import Span
from index.store import Passage
from qa.contact import Contact
from qa.scored import ScoredSpan
from qa.told import STRANGERS, TOLD, _told_by_form

MADE = release(
    ("paragraph", "Acme Robotics opened a mill. For more visit www.acmerobotics.com or https://wire.example.com/acme."),
    (
        "paragraph",
        "Contact DetailsAnn BergChief Executive Officer+1 212-555-0100ann.berg@acmerobotics.comCompany Website",
    ),
    (
        "paragraph",
        "Bolt Works\n\nJo Dahl\n\n(484) 555-0199\n\ndesk@boltnews.net\n\nEd Foss, PRCEOir@acmerobotics.comPhone",
    ),
)
WHOLE = Span(MADE.id, 0, len(MADE.text))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is Acme Robotics' website?", "www.acmerobotics.com"),
        ("acme robotics website", "www.acmerobotics.com"),
        ("What is Acme's website?", None),  # "acmerobotics" may be another Acme's
        ("What's the e-mail address of Ann Berg?", "ann.berg@acmerobotics.com"),
        ("Ann Berg phone number", "+1 212-555-0100"),
        ("What is Jo Dahl's telephone number?", "(484) 555-0199"),
        ("What is Jo Dahl's email?", "desk@boltnews.net"),
        ("What is Ed Foss's email?", "ir@acmerobotics.com"),
        ("What is Ed Foss's phone number?", None),
        ("What is Bolt Works's website?", None),
        ("What is Coyote's e-mail address?", None),
    ],
)
def test_the_address_is_that_of_whom_is_asked_about(question: str, expected: str | None) -> None:
    asked = Contact.of(question)
    assert asked
    span = asked.stated(MADE, WHOLE)
    assert (MADE.quote(span) if span else None) == expected


@pytest.mark.parametrize(
    "question",
    [
        "When did Acme open its new website?",
        "How many visits did Acme's website get?",
        "Does Acme sell phones?",
        "What phone does Acme make?",
        "What is Acme's email marketing platform?",
        "Which website builder does Acme sell?",
        "Who is Acme's media contact?",
        "Which phone software does Acme's app run on?",
        "What is the phone number?",  # of nobody
        "",
    ],
)
def test_other_questions_ask_for_no_address(question: str) -> None:
    assert Contact.of(question) is None


def test_a_span_within_an_address_is_widened_to_it_and_other_words_are_doubted() -> None:
    """ "berg" of "ann.berg@…" is no address, and a name is none at all."""
    block = Span(MADE.id, MADE.blocks[2].start, MADE.blocks[2].end)
    passage = Passage(Chunk(MADE, block, ""), 0.5)

    def read(words: str) -> ScoredSpan:
        start = MADE.text.index(words)
        found = [ScoredSpan(Span(MADE.id, start, start + len(words)), block, 0.6, passage)]
        return _told_by_form("What is Bolt Works's e-mail address?", [passage], found)[0]

    assert (MADE.quote(read("desk").span), read("desk").score) == ("desk@boltnews.net", TOLD)
    assert read("Jo Dahl").score == TOLD  # the passage states it: one span a passage
    lone = [ScoredSpan(Span(MADE.id, block.start, block.start + 4), block, 0.6, passage)]
    (doubted,) = _told_by_form("What is Coyote's e-mail address?", [passage], lone)
    assert doubted.score == pytest.approx(STRANGERS * 1.5 / (1 + STRANGERS * 1.5))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Officerir@acme.com", "ir@acme.com"),
        ("Acme Ltd.Ann.Berg@acme.com.auPhone", "Ann.Berg@acme.com.au"),
        ("Ann Bergmedia@acme.com", "media@acme.com"),
        ("Editor@acme.com", "Editor@acme.com"),
        ("Amir@acme.com", "Amir@acme.com"),
        ("Berg212-555-0100ir@acme.com", "ir@acme.com"),
        ("BergCEOann@acme.com", "ann@acme.com"),
    ],
)
def test_an_address_is_told_from_what_it_is_run_together_with(text: str, expected: str) -> None:
    asked, made = Contact.of("What is Acme's e-mail address?"), release(("paragraph", text))
    span = asked.stated(made, Span(made.id, 0, len(made.text))) if asked else None
    assert span
    assert made.quote(span) == expected


def test_long_runs_of_letters_take_no_time() -> None:
    """An address is looked for from the beginnings of words alone."""
    made = release(("paragraph", "a" * 50_000 + " " + "a." * 20_000 + " " + "1-" * 20_000))
    before = time.perf_counter()
    for question in ("Acme e-mail", "Acme website", "Acme telephone"):
        asked = Contact.of(question)
        assert asked
        assert asked.stated(made, Span(made.id, 0, len(made.text))) is None
    assert time.perf_counter() - before < 5
