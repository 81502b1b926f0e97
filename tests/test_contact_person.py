"""Whom a question asks to contact, and whose name stands behind the label for it."""

from __future__ import annotations

import pytest
from made import release

from index.chunk import Chunk
from index.release import Span
from index.store import Passage
from qa.contact_person import ContactPerson
from qa.scored import ScoredSpan
from qa.told import STRANGERS, TOLD, _told_by_form

BOTH = "Investor Relations ContactAnn BergCEOir@acme.comMedia ContactJo Dahljodahl@acme.com"


def stated(question: str, text: str, issuer: str = "Acme Mills, Inc.") -> str | None:
    made = release(*(("paragraph", line) for line in text.split("\n")), issuer=issuer)
    asked = ContactPerson.of(question)
    assert asked
    span = asked.stated(made, Span(made.id, 0, len(made.text)))
    return made.quote(span) if span else None


@pytest.mark.parametrize(
    ("question", "media", "investors"),
    [
        ("Who is Acme's media contact?", True, False),
        ("Acme press contact", True, False),
        ("name of Acme's IR contact?", False, True),
        ("Who should journalists contact at Acme?", True, False),
        ("Who handles investor relations at Acme?", False, True),
        ("Who can I contact at Acme about its mills?", False, False),
        ("Who is the contact person for Acme?", False, False),
    ],
)
def test_whom_a_question_asks_for(question: str, media: bool, investors: bool) -> None:
    assert ContactPerson.of(question) == (question, media, investors)


@pytest.mark.parametrize(
    "question",
    [
        "What is Acme's media contact email?",
        "Who is head of investor relations at Acme?",
        "Which IR firm does Acme use?",
        "Who runs Acme?",
        "Who did Acme contact about the mill?",
        "When will investors contact Acme?",
        "Who contacted the police?",
        "Who makes contact lenses?",
        "Who reached an agreement with Acme?",
        "Who does the press release quote?",
        "Media contacts database of Acme",
        "",
    ],
)
def test_other_questions(question: str) -> None:
    assert ContactPerson.of(question) is None


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Who is Acme's media contact?", BOTH, "Jo Dahl"),
        ("Who is Acme's IR contact?", BOTH, "Ann Berg"),
        ("Who is Acme's contact person?", BOTH, "Ann Berg"),
        (
            "Who is Acme's media contact?",
            "Media Contact:\nAnn T. BergChief Executive Officer+1 212 555 0100",
            "Ann T. Berg",
        ),
        (
            "Who is Acme's media contact?",
            "Media Contact\nAcme Mills, Inc.Ann O’ConnorVice President ao@acme.com",
            "Ann O’Connor",
        ),
        ("Who is Acme's media contact?", "Press contact CROSS communication GmbHAnn BergPhone: +49 89 125", "Ann Berg"),
        (
            "Who is Acme's media contact?",
            "Media Contact DetailsContact Name: Ann BergContact Email: a@b.com",
            "Ann Berg",
        ),
        ("Who is Acme's press contact?", "Contact for the pressAnn Berg Press OfficerT 231", "Ann Berg"),
        ("Who is Acme's press contact?", "Media Contact:Ann Bergmedia@acme.com", "Ann Berg"),
        ("Who is Acme's press contact?", "Media Contact\nBest Mills\nAnn Berg\nab@mills.com", None),  # which is a name?
        ("Who is Acme's press contact?", "Media Contact: Ann Berg said that it rose.", None),
        ("Who is Acme's press contact?", "Media Contact: press@acme.com", None),
        ("Who is Acme's press contact?", "Media Contact: Wall Street Wire ws@wire.com", None),
        ("Who is Acme's press contact?", "Media Contact: Ann Berg Darrow Associates ab@darrow.com", "Ann Berg"),
        ("Who is Acme's press contact?", "Media Contact: Acme Mills press@acme.com", None),  # the company itself
        ("Who is Acme's press contact?", "Contact Details Ann Berg ab@acme.com", None),  # of the wire, maybe
        ("Who is Acme's press contact?", "Media Contact: Ann Bergaberg@acme.com", "Ann Berg"),
        ("Who is Acme's press contact?", "Media Contact: Ann Bergxy@acme.com", None),
        ("Who is Acme's press contact?", "Investor Contact: Ann Berg ab@acme.com", None),
        ("Who is Bolt's press contact?", "Media Contact: Ann Berg ab@acme.com", None),
    ],
)
def test_the_name_behind_the_label(question: str, text: str, expected: str | None) -> None:
    assert stated(question, text) == expected


def test_what_the_reader_takes_is_cut_to_the_name_or_doubted() -> None:
    """The name alone, without its neighbours; what holds none is nobody."""
    made = release(("paragraph", "Reach Jimmy Caplanjimmycaplan@me.com or Acme"), issuer="Acme Mills, Inc.")
    whole = Span(made.id, 0, len(made.text))
    passage = Passage(Chunk(made, whole, ""), 0.5)

    def told(words: str) -> ScoredSpan:
        at = made.text.index(words)
        guess = ScoredSpan(Span(made.id, at, at + len(words)), whole, 0.6, passage)
        (found,) = _told_by_form("Who is Acme's media contact?", [passage], [guess])
        return found

    named = told("Jimmy Caplanjimmycaplan")
    assert (made.quote(named.span), named.score) == ("Jimmy Caplan", 0.6)
    assert told("Acme").score < 2 * STRANGERS
    assert named.score < TOLD
