"""Questions that ask several things at once: where they are taken apart, and where they are one."""

from __future__ import annotations

import time

import pytest

from qa.several import questions


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who is Acme's CEO and when did he join?", "Who is Acme's CEO? And when did he join?"),
        ("who runs acme & what's its ticker", "Who runs acme? And what's its ticker?"),
        ("How much did it raise and what will it do with it?", "How much did it raise? And what will it do with it?"),
        ("Did Acme's revenue rise, and by how much?", "Did Acme's revenue rise? And by how much?"),
        ("What did Acme open, and where", "What did Acme open? And where?"),
        ("Was it approved, and in what year?", "Was it approved? And in what year?"),
        ("What does Acme make, and who buys it?", "What does Acme make? And who buys it?"),
        ("Where is Acme and how many mills does it run?", "Where is Acme? And how many mills does it run?"),
        (
            "Who led the round and which banks of Oslo did it pay?",
            "Who led the round? Which banks of Oslo did it pay?",
        ),
        ("What is Acme? Where is it based?", "What is Acme? Where is it based?"),
        ("Who bought it, for how much, and when did it close?", "Who bought it? For how much? And when did it close?"),
        (
            "Tell me where Acme is and who runs it – and why is it?",
            "Tell me where Acme is? And who runs it? And why is it?",
        ),
        ("When and where does Acme meet?", "When does Acme meet? Where does Acme meet?"),
        ("For how much and to whom was Acme sold?", "For how much was Acme sold? To whom was Acme sold?"),
        ("how/when is it paid", "How is it paid? When is it paid?"),
        ("Who are Acme's CEO and CFO?", "Who is Acme's CEO? Who is Acme's CFO?"),
        (
            "who were the CEO & the COO of Acme in 2020",
            "Who was the CEO of Acme in 2020? Who was the COO of Acme in 2020?",
        ),
        ("Who is the chairman and the CEO of Acme?", "Who is the chairman of Acme? Who is the CEO of Acme?"),
        (
            "What were Acme's revenue and net loss in Q3?",
            "What was Acme's revenue in Q3? What was Acme's net loss in Q3?",
        ),
        ("How much is total debt and the cash of Acme?", "How much is total debt of Acme? How much is cash of Acme?"),
        ("What were sales and operating cash flow?", "What was sales? What was operating cash flow?"),
        (
            "As of May 2024, who ran Acme, and who owned it?",
            "As of May 2024, who ran Acme? As of May 2024, who owned it?",
        ),
        ("Bolt IPO - what's the price, and what symbol?", "Bolt IPO - what's the price, and what symbol?"),
        ("Bolt IPO: what's the price and when is it?", "Bolt IPO: what's the price? Bolt IPO: when is it?"),
        ("Was Acme profitable? If so, how much did it earn?", "Was Acme profitable? And how much did it earn?"),
        ("Where is it listed, and what about Bolt?", "Where is it listed? And what about Bolt?"),
        ("What does it make and can I buy it?", "What does it make? And can I buy it?"),
        ("Who are Acme's CEO, CTO and CFO?", "Who is Acme's CEO? Who is Acme's CTO? Who is Acme's CFO?"),
        ("Hello, who runs Acme and who owns it?", "Who runs Acme? And who owns it?"),
        ("On what date and at what time is the call?", "On what date is the call? At what time is the call?"),
        ("When it met, who spoke and what was said?", "When it met, who spoke? And what was said?"),
        (
            "What was net loss and net loss per share of Acme?",
            "What was net loss of Acme? What was net loss per share of Acme?",
        ),
        (
            "What were the Acme Group's cash and debt?",
            "What was the Acme Group's cash? What was the Acme Group's debt?",
        ),
        ("What was the revenue, profit and EBITDA?", "What was the revenue? What was the profit? What was the EBITDA?"),
    ],
)
def test_several_questions(question: str, parts: str) -> None:
    assert " ".join(questions(question)) == parts
    assert len(questions(question)) == parts.count("?")


@pytest.mark.parametrize(
    "question",
    [
        "Who is the chairman and CEO of Acme?",
        "Who's the chairman and CEO of Acme?",
        "Who said when and how the mill will open?",
        "Does Acme say who won and when it closes?",
        "Did Acme tell whom it paid and what the price is?",
        "What happens if and when the deal closes?",
        "Between when and when is the class period?",
        "What did Acme and Bolt agree on when they met?",
        "What was spent on research and development?",
        "What were Acme's sales and marketing expenses?",
        "How much are general and administrative expenses and why so?",
        "What was the profit and loss in 2024?",
        "What is the difference between revenue and costs?",
        "What were the combined revenue and profit?",
        "What were the total costs and expenses?",
        "What is Acme's revenue and earnings guidance?",
        "What do oil and gas bring in?",
        "What does the report “Who Owns the Sun? And When?” say?",
        'What is meant by "who pays, and when is it paid" there?',
        "Acme's CEO and where is he?",
        "And who is the CFO?",
        "And when is that?",
        "",
        "???",
    ],
)
def test_one_question(question: str) -> None:
    assert questions(question) == (question,)


def test_no_more_than_six_are_answered() -> None:
    names = "Ann Bob Cem Dan Eve Fay Guy".split()
    asked = questions(" ".join(f"Who is {name}?" for name in names))
    assert list(asked) == [f"Who is {name}?" for name in names[:6]]


@pytest.mark.parametrize(
    "part", ["who is ", "and when ", "what is the revenue and ", "a's ", ", for how much", "? is it "]
)
def test_long_questions_take_no_time(part: str) -> None:
    begun = time.perf_counter()
    questions("What is " + part * (2_000 // len(part)))
    assert time.perf_counter() - begun < 1
