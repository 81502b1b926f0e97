from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.rewrite import MOST_LINES, Turn, understand

BASED = Turn("Where is Acme Corp. based?", "Oslo")
CEO = Turn("Who is its CEO?", "Ann Berg")

texts = st.text(max_size=40)
histories = st.lists(st.builds(Turn, texts, texts), max_size=3)


@pytest.mark.parametrize(
    ("question", "turns", "understood"),
    [
        ("Who runs it?", [BASED], "Who runs Acme Corp?"),
        ("When did she join?", [BASED, CEO], "When did Ann Berg join?"),
        ("What was its revenue in 2023?", [BASED], "What was Acme Corp’s revenue in 2023?"),
        ("And the CFO?", [Turn("Who is the CEO of Acme?", "Ann Berg")], "Who is the CFO of Acme?"),
        ("what about 2023?", [Turn("What did Acme earn in 2022?", "$3")], "What did Acme earn in 2023?"),
        ("And Bolt?", [Turn("Who is the CEO of Acme?", "Ann Berg")], "Who is the CEO of Bolt?"),
        ("And of Bolt?", [Turn("Who is the CEO of Acme?", ""), Turn("and the CFO?", "")], "Who is the CFO of Bolt?"),
        ("and Bolt's?", [Turn("What is Acme's ticker?", "ACM")], "What is Bolt's ticker?"),
        ("and in Q1?", [Turn("What did Acme earn in Q2 2022?", "$3")], "What did Acme earn in Q1?"),
        ("and in 2023?", [Turn("What did Acme earn?", "$3")], "What did Acme earn in 2023?"),
        ("In Houston?", [Turn("Who runs the Acme mill in Tunica?", "")], "Who runs the Acme mill in Houston?"),
        ("PRISMA?", [Turn("What was the rate in LUMINA?", "97%")], "What was the rate in PRISMA?"),
        ("and Nexus 5?", [Turn("When will Nexus 3 of Acme arrive?", "May")], "When will Nexus 5 of Acme arrive?"),
        ("capex?", [Turn("What did Acme earn?", "$3")], "Capex (Acme)?"),
        ("where is it based?", [Turn("Who is the CEO of Acme?", "Ann Berg")], "Where is Acme based?"),
        ("What is the company’s plan?", [Turn("What did Acme earn?", "")], "What is Acme’s plan?"),
        ("What is their plan?", [Turn("What were Acme's sales in Q3?", "$3")], "What is Acme’s plan?"),
        ("who owns them?", [BASED], "Who owns Acme Corp?"),
        ("How many people work there?", [BASED], "How many people work there (Acme Corp)?"),
        ("What does it cost?", [Turn("Which drug does Acme sell?", "AB-12")], "What does AB-12 cost?"),
        ("What does that drug cost?", [Turn("Which drug does Acme sell?", "")], "What does that drug cost (Acme)?"),
        (
            "How high is the dose of CLR 131 in it?",
            [Turn("What is MOTHWING?", "a trial")],
            "How high is the dose of CLR 131 in MOTHWING?",
        ),
    ],
)
def test_a_follow_up_is_made_whole(question: str, turns: list[Turn], understood: str) -> None:
    """What it points to stands in its place, and what it does not name itself in brackets behind it."""
    found = understand(question, turns)
    assert found.question == understood
    assert found.query.split("\n")[-1] in (question, understood)


def test_the_company_is_the_one_whose_release_was_cited() -> None:
    """Unless the question named it: its own word for it is kept."""
    told = Turn("How large is the Tanbreez deposit?", "4.7 billion tons", "Critical Metals Corp.")
    assert understand("Who is the CEO?", [told]).question == "Who is the CEO of Critical Metals?"
    assert understand("Where is the company based?", [told]).question == "Where is Critical Metals based?"
    assert (
        understand("Who is the CEO?", [told, Turn("Who owns it?", "")]).question == "Who is the CEO of Critical Metals?"
    )
    named = Turn("What does Critical earn?", "$3", "Critical Metals Corp.")
    assert understand("Who runs the company?", [named]).question == "Who runs Critical?"
    owned = Turn("What is Tanbreez Mining's licence?", "MIN 2020-54", "Critical Metals Corp.")
    assert understand("Where is the company based?", [owned]).question == "Where is Tanbreez Mining based?"


def test_what_is_asked_of_the_company_is_asked_alone() -> None:
    """What else was spoken of would lead away from it."""
    told = Turn("When will Nexus 5 arrive?", "in May", "Acme Corp.")
    for question, whole in (
        ("Who is the CEO?", "Who is the CEO of Acme?"),
        ("Who owns the company?", "Who owns Acme?"),
    ):
        found = understand(question, [told])
        assert (found.question, found.query) == (whole, whole)


def test_parts_that_follow_one_another_each_go_on_from_the_question_made_whole() -> None:
    """Not from the parts before: the reader is given the whole question that this one exchanges a part of."""
    turns = [
        Turn("Who is the CEO of Acme?", "Ann Berg"),
        *(Turn(f"and {name}?", "") for name in ("Bolt", "Cog", "Dow")),
    ]
    found = understand("and Ebb?", turns)
    assert found.question == "Who is the CEO of Ebb?"
    assert found.instead == ("Who is the CEO of Dow – and Ebb?",)
    assert found.query == "Who is the CEO of Dow?\nand Ebb?"


def test_another_company_begins_anew() -> None:
    """What was said of the first one is not in front, nor of what comes after."""
    first = Turn("What does Acme make?", "anvils", "Acme Corp.")
    found = understand("and Bolt?", [first])
    assert (found.question, found.query) == ("What does Bolt make?", "What does Bolt make?")
    then = understand("Where is it based?", [first, Turn("and Bolt?", "bolts", "Bolt Ltd.")])
    assert then.question == "Where is Bolt based?"
    assert then.query.split("\n") == ["What does Bolt make?", "bolts", "Where is it based?"]


def test_titles_and_initials_are_of_the_name() -> None:
    told = Turn("Who bought the shares of Acme?", "Mr. Daniel Stone")
    assert "Mr. Daniel Stone" in understand("When did he buy them?", [told]).question
    assert understand("What did it earn?", [Turn("Who runs L'Oréal?", "")]).question == "What did L'Oréal earn?"


def test_information_technology_is_no_pronoun() -> None:
    assert understand("How much does Acme spend on IT?", [CEO]).question == "How much does Acme spend on IT?"


def test_the_query_has_the_turns_in_front_that_the_question_leans_on() -> None:
    """As the reader was trained: one piece a line, oldest first, the question itself last; no line for no answer."""
    query = understand("Where was she before?", [Turn("What is MOTHWING?", ""), BASED, CEO]).query
    assert query.split("\n") == [*BASED[:2], *CEO[:2], "Where was she before?"]
    assert understand("Why?", [Turn("Who left\nAcme?", "")]).query == "Who left Acme?\nWhy?"


def test_turns_before_a_change_of_subject_are_left_out() -> None:
    """A question that stands alone begins anew: what follows leans on it, not on what was before."""
    turns = [Turn("Where is Bolt Ltd. based?", "Bergen"), BASED]
    found = understand("Who runs it?", turns)
    assert found.question == "Who runs Acme Corp?"
    assert "Bolt" not in found.query


@pytest.mark.parametrize(
    "question",
    [
        "Where is Bolt Ltd. based?",
        "What payload does CLR 131 use?",
        "when does QF-217 get approved",
        "What did Łódź cost?",
        "lisaftoclax trial size",  # no English word: a name
        "How much does Bolt pay for its mill?",
        "In its May news, what did Bolt say?",
        "What is the plant that Bolt opened worth?",
        "Is it true that Bolt has left Norway?",
        "How does Bolt treat those who leave?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    """A question that names what it is about is not mixed with what was said before."""
    assert understand(question, [BASED, CEO]) == (question, question, (), "")
    assert understand(question, []) == (question, question, (), "")


def test_of_two_candidates_the_likelier_is_taken_and_the_other_offered() -> None:
    """A name that was the answer is what is spoken of next; it may still be the one that was asked about."""
    found = understand("Where is it based?", [Turn("Which company did Acme Corp. buy?", "Bolt Ltd.")])
    assert found.question == "Where is Bolt Ltd based?"
    assert found.instead == ("Where is Acme Corp based?",)


def test_what_else_a_question_names_may_be_meant() -> None:
    """Two names in the earlier question: its subject is the likelier."""
    found = understand("Will it enroll more?", [Turn("When did Acme dose patients in MOTHWING?", "May 2024")])
    assert (found.question, found.instead) == ("Will Acme enroll more?", ("Will MOTHWING enroll more?",))


def test_with_one_candidate_nothing_is_offered() -> None:
    """A place, a person or a sum is no candidate for "it"."""
    for answer in ("Oslo", "", "$3 million"):
        assert understand("Who runs it?", [Turn("Where is Acme Corp. based?", answer)]).instead == ()


@pytest.mark.parametrize(
    ("question", "pointed"),
    [
        ("Who runs it?", "it"),
        ("How old is he?", "he"),
        ("What does that cost?", "that"),
        ("And the CFO?", "What is this about?"),
        ("What is ...?", "What is this about?"),
        ("How are you?", "What is this about?"),
        ("谁是首席执行官?", None),
        ("CEO?", None),
        ("What payload does CLR 131 use?", None),
        ("Where is Acme Corp. based, and who runs it?", None),
        ("What is the revenue?", None),
        ("How do patients get home when they leave?", None),
        ("How long does it take to get a permit?", None),
        ("", None),
    ],
)
def test_a_follow_up_of_nothing_is_asked_back(question: str, pointed: str | None) -> None:
    """Only where nothing in the question can be meant; the person is told which word is open."""
    back = understand(question, []).ask_back
    assert (pointed in back) if pointed else back == ""


def test_long_conversations_are_followed_as_far_as_the_query_has_room() -> None:
    """500 turns that each lean on the one before them."""
    turns = [BASED, *[Turn("And its CEO?", "Ann Berg")] * 500]
    assert len(understand("When did she join?", turns).query.split("\n")) == 2 * MOST_LINES + 1


def test_what_no_terminal_shows_is_left_out_of_what_was_said() -> None:
    """Control characters; tags are words like others, and whoever shows them escapes them."""
    found = understand("Who runs it?", [Turn("Where is\x00 \x1b[31mAcme Corp.\x07 based?", "<b>Oslo</b>")])
    assert found.query.split("\n")[1] == "<b>Oslo</b>"
    assert found.query.replace("\n", "").isprintable()


@given(texts, histories)
def test_nothing_is_invented_or_lost(question: str, history: list[Turn]) -> None:
    """The query ends with the question as asked, or is the question made whole; no line of it is blank."""
    found = understand(question, history)
    lines = found.query.split("\n")
    assert lines[-1] == " ".join(question.split()) or found.query == found.question
    assert all(lines) or not question.strip()
    assert found.query == lines[-1] or any(map(str.isalnum, "".join(map("".join, history))))
    assert (found.query == lines[-1]) <= (found.question == lines[-1])
