"""Whose adviser or agent a question asks for, and which of several clauses names it."""

from __future__ import annotations

from datetime import date

import pytest
from made import release, span

from index.chunk import Chunk
from index.release import Release, Span
from index.store import Passage
from qa.acting import Acting
from qa.scored import ScoredSpan
from qa.told import TOLD, _told_by_form

DEAL = release(
    (
        "paragraph",
        "Acme Robotics, Inc. (the “Company”) bought Bolt.  Lead & Co. LLC, a division of Lead Holdings, is acting as "
        "financial advisor to Acme and Doe & Roe LLP (US) and Old Mill LLP are serving as legal counsel.",
    ),
    (
        "paragraph",
        "Ash and Elm, LLP served as legal counsel to Bolt, Inc.  H.C. Oak LLP served as Delaware counsel to "
        "Bolt, Inc., and Fir P.C. acted as independent legal counsel to the Special Committee. Larch acted "
        "as counsel to Lead.",
    ),
    issuer="Acme Robotics, Inc.",
    tickers=("TSX:ACR",),
)
OFFER = release(
    (
        "paragraph",
        "In its initial public offering Acme raised $4.5 million. Ash Securities, J.P. Oak, and Elm & Co. are acting "
        "as lead book-running managers for the proposed offering, with Fir Capital as co-manager. Larch LLP acted as "
        "counsel to the Company and Yew LLP acted as counsel to Ash Securities. Birch Inc. will act as transfer agent.",
    )
)


def whole(of: Release) -> Span:
    return Span(of.id, 0, len(of.text))


def stated(question: str, of: Release) -> str | None:
    asked = Acting.of(question)
    found = asked.stated(of, whole(of)) if asked else None
    return of.quote(found) if found else None


def kept(question: str, words: str, of: Release) -> bool:
    asked = Acting.of(question)
    assert asked
    return asked.meant(of, whole(of), span(of, words), whole(of)) == span(of, words)


@pytest.mark.parametrize(
    ("question", "role", "client"),
    [
        ("Who was legal counsel to Acme in the Bolt deal?", "legal counsel", "Acme"),
        ("And who is acting as the financial adviser to Acme?", "financial adviser", "Acme"),
        ("Who's Acme's Delaware counsel?", "Delaware counsel", "Acme"),
        ("Who is Acme's financial adviser on the spin-off?", "financial adviser", "Acme"),
        ("Who was counsel to Acme's underwriters?", "counsel", "Acme's underwriters"),
        ("What is Acme’s transfer agent?", "transfer agent", "Acme"),
        ("Which law firm acts for Acme in the deal?", "law firm", "Acme"),
        ("Which law firms advise Acme on the spin-off?", "law firms", "Acme"),
        ("Which bank was lead bookrunner of Acme's IPO?", "lead bookrunner", "Acme's IPO"),
        (
            "who served as placement agent for Acme's $4 million offering",
            "placement agent",
            "Acme's $4 million offering",
        ),
    ],
)
def test_a_question_for_an_adviser(question: str, role: str, client: str) -> None:
    assert Acting.of(question) == (role, client, question)


@pytest.mark.parametrize(
    "question",
    [
        "Who is Acme's general counsel?",
        "Who is Acme's senior legal counsel?",
        "How much was the placement agent paid?",
        "What is the underwriters' option?",
        "Who paid the auditor of Acme?",
        "Who is paying the underwriters of Acme?",
        "Who represented the underwriters in the Acme listing?",
        "Who is counsel for Acme's offering?",
        "Who was the placement agent for the offering?",
        "Which law firms advised on the Acme placement?",
        "Who is the CEO of Acme?",
        "",
    ],
)
def test_a_question_for_something_else(question: str) -> None:
    """Officers are no advisers, and an offering has counsel on both sides."""
    assert Acting.of(question) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who is Acme's financial advisor?", "Lead & Co. LLC"),
        ("Who was legal counsel to Acme Robotics in the Bolt deal?", "Doe & Roe LLP (US) and Old Mill LLP"),
        ("Which law firm acts for ACR in the Bolt deal?", "Doe & Roe LLP (US) and Old Mill LLP"),
        ("Who was legal counsel to the company in Acme's purchase of Bolt?", "Doe & Roe LLP (US) and Old Mill LLP"),
        ("Who was legal counsel to Bolt?", "Ash and Elm, LLP"),
        ("Who was Bolt's Delaware counsel?", "H.C. Oak LLP"),
        ("Who was legal counsel to the special committee of Acme?", "Fir P.C."),
        ("Who was counsel to Lead?", "Larch"),
        ("Who was Bolt's financial advisor?", None),
        ("Who was Acme's Delaware counsel?", None),
        ("Who was Acme's legal counsel in the Coyote deal?", None),
        ("Who was legal counsel to Acme in 2022?", None),
        ("Who was legal counsel to Coyote?", None),
        ("Who was legal counsel to the company?", None),
    ],
)
def test_it_is_the_one_whose_clause_has_the_role_and_the_client(question: str, expected: str | None) -> None:
    assert stated(question, DEAL) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who are the lead bookrunners of Acme's IPO?", "Ash Securities, J.P. Oak, and Elm & Co."),
        ("Who were the bookrunners of Acme's $4.5 million offering?", "Ash Securities, J.P. Oak, and Elm & Co."),
        ("Who was co-manager of Acme's IPO?", "Fir Capital"),
        ("Who was Acme's counsel?", "Larch LLP"),
        ("Who was counsel to Ash Securities?", "Yew LLP"),
        ("Who were the underwriters of Acme's IPO?", None),
        ("Who were the joint bookrunners of Acme's IPO?", None),
        ("Who were the bookrunners of Acme's $9 million offering?", None),
        ("Who were the bookrunners of Acme's private placement?", None),
        ("Who were the bookrunners of Bolt's IPO?", None),
        ("Who is Acme's transfer agent?", None),
    ],
)
def test_who_sells_an_offering_acts_for_the_issuer(question: str, expected: str | None) -> None:
    """Those who share a role are not told by one of their clauses."""
    assert stated(question, OFFER) == expected


def test_a_client_may_follow_both_roles() -> None:
    made = release(("paragraph", "Doe served as financial advisor, and Roe, PC served as legal advisors, to Bolt."))
    assert stated("Who was Bolt's financial advisor?", made) == "Doe"
    assert stated("Who was Bolt's legal advisor?", made) == "Roe, PC"


def test_a_client_may_stand_before_the_role() -> None:
    made = release(
        ("paragraph", "Doe acted as counsel to Bolt and Roe, A Stifel Company, is acting as Elm’s financial advisor.")
    )
    assert stated("Who was Elm's financial advisor?", made) == "Roe"
    assert stated("Who was Bolt's financial advisor?", made) is None


def test_what_another_did_is_no_part_of_a_role() -> None:
    made = release(("paragraph", "Doe LLC acted as the placement agent and Roe LLP provided legal counsel to Acme."))
    assert stated("Who was Acme's placement agent?", made) == "Doe LLC"
    assert stated("Who was Acme's counsel?", made) is None


@pytest.mark.parametrize(
    "text",
    [
        "Doe LLP acted as counsel to Acme and Bolt.",
        "The work was done by Doe LLP acting as counsel to Acme.",
        "Doe LLP acted as counsel. Acme was glad.",
        "Doe LLP and Roe LLP acted as counsel to Acme and the underwriters, respectively.",
        "Roe LLP (collectively with Doe LLP, the “Lawyers”) acted as counsel to Acme.",
        "Roe acted as financial advisor to Bolt. Doe LLP acted as counsel to the Company.",
        "Bolt, Inc. (the “Company”) sold it to us. Doe LLP acted as counsel to the Company.",
        "Doe LLP acted as counsel to Acme. Later Roe LLP acted as counsel to Acme. Elm LLP acted as counsel to Acme.",
    ],
)
def test_where_form_leaves_a_doubt_nobody_is_told(text: str) -> None:
    assert stated("Who was Acme's counsel?", release(("paragraph", text))) is None


def test_an_issuer_that_sells_an_offering_makes_another_s() -> None:
    made = release(("paragraph", "Acme, acting as sole book-running manager, closed the IPO of Bolt."))
    assert stated("Who was the bookrunner of Acme's IPO?", made) is None


def test_only_clauses_of_the_passage_are_quoted() -> None:
    """Those of the whole release decide whether it is told."""
    question = "Who is Acme's financial advisor?"
    asked = Acting.of(question)
    assert asked
    assert asked.stated(DEAL, Span(DEAL.id, DEAL.text.index("Ash and"), len(DEAL.text))) is None


def test_the_release_is_of_the_time_that_is_asked_about() -> None:
    made = release(("paragraph", "Doe is acting as sole placement agent."), published=date(2024, 5, 3))
    assert stated("Who is the placement agent for Acme's May 2024 offering?", made) == "Doe"
    assert stated("Who is the placement agent for Acme's June 2024 offering?", made) is None


def test_advisers_of_others_are_doubted() -> None:
    """In another role or to another client; words that no clause has are the reader's."""
    assert kept("Who was legal counsel to Acme?", "Doe & Roe LLP (US)", DEAL)
    assert not kept("Who was legal counsel to Acme?", "Ash and Elm, LLP", DEAL)
    assert not kept("Who was legal counsel to Acme?", "Lead & Co. LLC", DEAL)
    assert not kept("Who was legal counsel to Acme?", "Fir P.C.", DEAL)
    assert kept("Who was legal counsel to Acme?", "Special Committee", DEAL)
    assert kept("Who was the bookrunner of Acme's convertible notes?", "J.P. Oak", OFFER)
    assert kept("Who was the bookrunner of the other convertible notes?", "J.P. Oak", OFFER)
    assert not kept("Who was the bookrunner of Acme's IPO?", "Fir Capital", OFFER)
    assert not kept("Who was counsel to the company in Acme's IPO?", "Yew LLP", OFFER)
    assert kept("Who was counsel to the underwriters of Acme?", "Yew LLP", OFFER)


def test_who_acts_is_told_in_place_of_the_readers_words() -> None:
    made = release(("paragraph", "Doe LLP acted as counsel to Acme Corp. Roe LLP acted as counsel to Bolt."))
    whole = Span(made.id, 0, len(made.text))
    passage = Passage(Chunk(made, whole, ""), 0.5)
    at = made.text.index("Roe LLP")
    guess = ScoredSpan(Span(made.id, at, at + 7), whole, 0.9, passage)
    (told,) = _told_by_form("Who was counsel to Acme Corp.?", [passage], [guess])
    assert (made.quote(told.span), told.score) == ("Doe LLP", TOLD)
