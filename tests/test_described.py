"""What a company is or does, by the form of what its releases say."""

from __future__ import annotations

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
        ("Acme Robotics, a mining company building robots, has a hall.", "a mining company building robots"),
        ("Acme Robotics, a South African miner, benefits from the rand.", "a South African miner"),
        ("Acme Robotics – a platform that is open to all – is here.", "a platform that is open to all"),
        (
            "About Acme Robotics\n\nAcme Robotics designs and builds robots for mills, which are large.",
            "designs and builds robots for mills",
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
    assert told("What is Coin Depot?", text.replace("Depot", "Depot (NYSE: CND)"), issuer="Bolt") != ""
