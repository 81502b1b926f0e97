"""What a company is or does, by the form of what its releases say."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from index.chunk import chunk
from index.read import parse
from qa.described import Description

ACME = "Acme Robotics, Inc."


def told(question: str, text: str, issuer: str = ACME) -> str:
    """The words of the first passage that says it; empty for none."""
    asked = Description.of(question)
    assert asked is not None
    release = replace(parse(text.encode(), "a.md"), issuer=issuer)
    found = (asked.stated(release, each.span) for each in chunk(release))
    return next((release.quote(span) for span in found if span), "")


@pytest.mark.parametrize(
    "question",
    [
        "What does Acme Robotics do?",
        "what does acme robotics actually do",
        "What exactly does Acme Robotics do?",
        "And what does Acme Robotics do?",
        "What kind of company is Acme Robotics?",
        "what type of business is acme robotics",
        "What business is Acme Robotics in?",
        "Which industry does Acme Robotics operate in?",
        "What sector is Acme Robotics in?",
        "What is Acme Robotics' business?",
        "What's Acme Robotics's core business?",
        "Describe Acme Robotics' business.",
        "What is Acme Robotics?",
        "what exactly is acme robotics",
        "Tell me about Acme Robotics.",
        "What is “Acme Robotics”?",
        "What does Acme Robotics, Inc. do?",
        "What is Acme Robotics and what does it do?",
    ],
)
def test_people_ask_in_many_ways(question: str) -> None:
    text = "Acme Robotics, Inc. (NASDAQ: ACM), a maker of robots, today opened a hall.\n\nIt has a large hall in Oslo."
    assert told(question, text) == "a maker of robots"


@pytest.mark.parametrize(
    "question",
    [
        "What does the company's trial do?",
        "What does it do?",
        "What is the dose?",
        "What did Acme do in May?",
        "What does Acme do with the proceeds?",
        "What does Acme make?",
        "Who is Acme?",
        "What is Acme's revenue?",
        "What is ...?",
        "What is . .?",
        "What is !!?",
        "What is Acme Robotics' net income?",
        "What is Acme planning to do?",
        "What kind of company is Acme acquiring?",
        "Tell me about the merger with Bolt.",
        "What does he do?",
        "what does your company do",
        "What is Acme's ticker?",
        "What kind of company is it?",
        "Where is Acme based?",
        "What is Acme known for, and why?",
    ],
)
def test_other_questions_are_left_alone(question: str) -> None:
    assert Description.of(question) is None


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        (
            "Acme Robotics is a maker of robots, mills and pumps, and it pays well.",
            "a maker of robots, mills and pumps",
        ),
        ("Acme Robotics® is a maker of robots. It is a good day.", "a maker of robots"),
        (
            "ACME ROBOTICS, INC. is a leading provider of U.S. mills for St. Olav.",
            "a leading provider of U.S. mills for St. Olav",
        ),
        (
            "Acme Robotics, Inc. (“Acme” or the “Company”) is Norway’s largest maker of robots.",
            "Norway’s largest maker of robots",
        ),
        (
            "“We at Acme Robotics (NYSE: ACM), one of the world’s largest makers of robots, are glad.”",
            "one of the world’s largest makers of robots",
        ),
        ("Acme Robotics is a maker of robots, mills, and pumps.", "a maker of robots, mills, and pumps"),
        (
            "Acme Robotics is a leading, privately held maker of mills, and it pays.",
            "a leading, privately held maker of mills",
        ),
        ("Acme Robotics, a maker of mills, just marked its tenth year and a sale.", "a maker of mills"),
        (
            "Acme Robotics, a maker of mills, and Bolt Nuts Inc. (NYSE: BLT), a maker of nuts, merge.",
            "a maker of mills",
        ),
        ("Acme Robotics, a maker of mills, won a sale and a prize.", "a maker of mills"),
        (
            "Acme Robotics is a maker of mills (CSE: ACM; OTC: ACMF) for today’s farms.",
            "a maker of mills (CSE: ACM; OTC: ACMF) for today’s farms",
        ),
        ("Acme Robotics is a maker of mills (such as stone mills and saw mills.", "a maker of mills"),
        ("Acme Robotics is a maker of mills (https://acme.example/x), it says.", "a maker of mills"),
        ("Founded in 1999, Acme Robotics is a maker of mills,” said Jane Doe.", "a maker of mills"),
        (
            "About Acme Robotics\n\nAcme Robotics offers a faster, smarter way to mill.",
            "offers a faster, smarter way to mill",
        ),
        ("About Acme Robotics\n\nAcme Robotics builds low-cost, fast mills.", "builds low-cost, fast mills"),
        ("Acme Robotics, a bank, moved to Oslo.", "a bank"),
        ("Acme Robotics, a maker of the hammer, won a prize.", "a maker of the hammer"),
        ("Acme Robotics is a maker of a faster, smarter mill.", "a maker of a faster, smarter mill"),
        ("Acme Robotics, a mining company building robots, has a hall.", "a mining company building robots"),
        ("Acme Robotics, a South African miner, benefits from the rand.", "a South African miner"),
        ("Acme Robotics – a platform that is open to all – is here.", "a platform that is open to all"),
        (
            "About Acme Robotics\n\nAcme Robotics designs and builds robots for mills, which are large.",
            "designs and builds robots for mills",
        ),
        ("About Acme Robotics: Acme Robotics builds robots.", "builds robots"),
        (
            f"Acme Robotics is a maker of robots and of {'large ' * 20}mills that are for {'all and for ' * 20}all.",
            f"a maker of robots and of {'large ' * 20}mills",
        ),
        ("About Acme Robotics, Inc.\n\nFounded in 1999, we try. We are a maker of robots.", "a maker of robots"),
        ("About Acme Robotics, Inc.\n\nWe are a maker of robots.", "a maker of robots"),
        (
            "About Acme Robotics, Inc.\n\nThe Company is the world's leading maker of robots.",
            "the world's leading maker of robots",
        ),
    ],
)
def test_a_clause_says_what_the_company_is(text: str, clause: str) -> None:
    assert told("What does Acme Robotics do?", f"{text}\n\nOther words stand here, of other things.") == clause


@pytest.mark.parametrize(
    "text",
    [
        "Acme Robotics is a company to watch.",
        "Acme Robotics, Inc. is a Nevada corporation.",
        "Acme Robotics is a publicly traded company with a hall.",
        "Acme Robotics is a customer of Bolt, a maker of nuts.",
        "Acme Robotics is the first to report.",
        "This work with Acme Robotics is an opportunity for a software company.",
        "The buyer of Acme Robotics is a private equity firm.",
        "The Bolt unit of Acme Robotics is a leader in nuts.",
        "We merge with Acme Robotics, a move that creates a larger company.",
        "Jane Doe, founder of Acme Robotics, a former executive at Bolt, a software company, spoke.",
        "In a deal with Acme Robotics, a private equity firm bought 20% of Bolt.",
        "According to Acme Robotics, a typical company loses $2 million a year.",
        "The suit alleges that Acme Robotics is a fraudulent enterprise.",
        "Bolt, formerly Acme Robotics, a maker of robots, moved.",
        "The First Bank of Acme Robotics, a lender to farmers, moved.",
        "Thermo Acme Robotics is a provider of lab chillers.",
        "Thermo Acme Robotics, a provider of lab chillers, moved.",
        "Acme Robotics is a shareholder of Bolt Energy, an oil and gas company.",
        "Acme Robotics is a trademark of Acme Robotics Corporation.",
        "Acme Robotics is an emerging growth company, as defined by law.",
        "Acme Robotics is an equal opportunity provider and employer.",
        "Acme Robotics is one of the fastest growing companies in America.",
        "Acme Robotics, one of its distributors, is late.",
        "About Acme Robotics\n\nAcme Robotics sells for $40 a share.",
        "About Acme Robotics\n\nAcme Robotics develops no products of its own.",
        "About Acme Robotics\n\nIt tries. About Bolt\n\nWe are a leading maker of nuts.",
        "Acme Robotics, the company's supplier, was late.",
        "Acme Robotics builds a hall in Oslo.",
        "Acme Robotics opened a state-of-the-art center of a maker of nuts.",
        "Bolt, a maker of nuts, bought Acme Robotics.",
        "New Acme Robotics Capital is a fund of nuts.",
        "The Great Acme Robotics is a fund of nuts.",
        "About Bolt\n\nWe are a maker of nuts for Acme Robotics.",
        "About Acme Robotics\n\nAcme Robotics operates with a focus on nuts.",
    ],
)
def test_what_does_not_say_it(text: str) -> None:
    assert told("What does Acme Robotics do?", f"{text}\n\nOther words stand here, of other things.") == ""


def test_another_company_is_described_in_somebody_s_release() -> None:
    text = "Bolt works with Acme Robotics, Inc., a maker of robots, and with Cog, a maker of nuts."
    assert told("What does Acme Robotics do?", text, issuer="Bolt") == "a maker of robots"
    assert told("What kind of company is Cog?", text, issuer="Bolt") == "a maker of nuts"


def test_a_bare_name_may_be_no_company_s() -> None:
    """Unless it is the issuer's whole name, or stands there with what makes it a company's."""
    text = "Coin Depot is a leading operator of machines. We sell coins.\n\nIt has machines in Oslo."
    assert told("What is Coin?", text, issuer="Coin Depot Inc.") == ""
    assert told("What does Coin do?", text, issuer="Coin Depot Inc.") == "a leading operator of machines"
    assert told("What is Coin Depot?", text, issuer="Coin Depot Inc.") == "a leading operator of machines"
    assert told("What is Coin Depot?", text, issuer="Bolt") == ""
    assert told("What does the Coin Depot Group do?", text, issuer="Bolt") == "a leading operator of machines"
    about = "About Coin\n\nCoin builds machines.\n\nIt has some in Oslo."
    assert (told("What does Coin do?", about, "Coin"), told("What is Coin?", about, "Coin")) == ("builds machines", "")
    measure = "ARR (annual recurring revenue) is a leading measure and platform of a company.\n\nIt grew."
    assert told("What is ARR?", measure, issuer="Bolt") == ""
    assert told("What is Coin Depot?", text.replace("Depot", "Depot (NYSE: CND)"), issuer="Bolt") != ""


def test_an_endless_sentence_takes_no_time() -> None:
    asked = Description("acme", is_bare=False)
    begun = time.process_time()
    for text in ("Acme is a maker of " + "robots and mills, " * 3_000, "Acme " * 10_000, "Acme is a " + "(x " * 10_000):
        asked._clause(text, "About Acme " * 40, "Acme, Inc.")
    assert time.process_time() - begun < 0.5
