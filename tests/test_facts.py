from __future__ import annotations

import pytest

from index import Block, Release
from qa.company import short_name
from qa.facts import facts
from qa.frames import GENERAL, KINDS, OF_ISSUER, frames


def release(text: str, issuer: str | None = "Acme Robotics, Inc.", headline: str = "News") -> Release:
    blocks = (Block("paragraph", 0, len(text)),)
    return Release.of(text, headline=headline, source="news.txt", issuer=issuer, blocks=blocks)


def asked(text: str, issuer: str | None = "Acme Robotics, Inc.") -> list[tuple[str, str]]:
    return [(fact.question, fact.answer) for fact in facts(release(text, issuer))]


# A sentence, the question it gives, and the words that answer it. One at least for every kind.
GIVES = [
    (
        "Acme expects to open the Linz works in the second quarter of 2026.",
        "When does Acme Robotics expect to open the Linz works?",
        "the second quarter of 2026",
    ),
    (
        "The Company also raised approximately $2.5 million from its founders.",
        "How much did Acme Robotics raise from the founders?",
        "$2.5 million",
    ),
    (
        "Acme Robotics secured a $25 million investment from Birch Capital.",
        "How large is the investment that Acme Robotics secured from Birch Capital?",
        "$25 million",
    ),
    (
        "Acme Robotics has agreed to acquire Bolt Gears for about €30 million in cash.",
        "How much is Acme Robotics paying for Bolt Gears?",
        "€30 million",
    ),
    (
        "The Company intends to use the net proceeds from the offering for working capital and a second plant.",
        "What does Acme Robotics intend to use the proceeds for?",
        "for working capital and a second plant",
    ),
    (
        "It closed the registered direct offering, with gross proceeds of approximately $5.1 million.",
        "What are the gross proceeds of Acme Robotics’ registered direct offering?",
        "$5.1 million",
    ),
    (
        "Today it priced an underwritten public offering of $130 million.",
        "How large is Acme Robotics’ underwritten public offering?",
        "$130 million",
    ),
    (
        "A $1.65 billion private placement was announced.",
        "How large is Acme Robotics’ private placement?",
        "$1.65 billion",
    ),
    (
        "The private placement comprises shares sold at a price of $27.00 per share.",
        "What is the price per share in Acme Robotics’ private placement?",
        "$27.00",
    ),
    (
        "Net loss for the three months ended June 30, 2025 was $3.4 million.",
        "What was Acme Robotics’ net loss for the three months ended June 30, 2025?",
        "$3.4 million",
    ),
    (
        "For the quarter ended March 31, 2025, the Company reported revenue of $1.0 million.",
        "What was Acme Robotics’ revenue for the quarter ended March 31, 2025?",
        "$1.0 million",
    ),
    (
        "R&D expenses for Q2 2025 were $1.1 million.",
        "What were Acme Robotics’ R&D expenses in Q2 2025?",
        "$1.1 million",
    ),
    (
        "Total revenue for the second quarter of 2025 rose 12% on strong demand.",
        "By how much did Acme Robotics’ total revenue rise in the second quarter of 2025?",
        "12%",
    ),
    (
        "Revenue growth was driven primarily by orders for the Dormouse arm.",
        "What drove Acme Robotics’ revenue growth?",
        "orders for the Dormouse arm",
    ),
    (
        "Cash and cash equivalents were $7.4 million as of March 31, 2025.",
        "How much cash did Acme Robotics have as of March 31, 2025?",
        "$7.4 million",
    ),
    (
        "As of May 1, 2025, Acme had cash and equivalents of $8 million.",
        "How much cash did Acme Robotics have as of May 1, 2025?",
        "$8 million",
    ),
    (
        "This is enough to fund planned operations into the second half of 2027.",
        "How long is Acme Robotics’ cash expected to last?",
        "the second half of 2027",
    ),
    (
        "The offering is expected to close on or about May 28, 2025.",
        "When is Acme Robotics’ offering expected to close?",
        "May 28, 2025",
    ),
    (
        "The closing of the merger is expected in the fourth quarter of 2025.",
        "When is Acme Robotics’ merger expected to close?",
        "the fourth quarter of 2025",
    ),
    (
        "Ann Berg will be presenting at the Vienna Robot Summit in Austria on June 5, 2025.",
        "When is Acme Robotics due to present at the Vienna Robot Summit?",
        "June 5, 2025",
    ),
    (
        "The annual general meeting will be held on Tuesday, May 20, 2025.",
        "When is Acme Robotics’ annual general meeting?",
        "Tuesday, May 20, 2025",
    ),
    (
        "Commercial production is expected to begin in early 2027.",
        "When is Acme Robotics’ commercial production expected to begin?",
        "early 2027",
    ),
    (
        "The Heron Facility is expected to reach full output by 2028.",
        "When is the Heron Facility expected to reach full output?",
        "2028",
    ),
    (
        "Acme appointed Dr. Ann Berg, Ph.D., as its Chief Scientific Officer.",
        "Who did Acme Robotics appoint as chief scientific officer?",
        "Ann Berg",
    ),
    (
        "Ann M. Berg was appointed Chief Executive Officer.",
        "Who was appointed chief executive officer of Acme Robotics?",
        "Ann M. Berg",
    ),
    (
        "Acme’s lead product candidate, Dormouse-2, lifts 40 kg.",
        "What is Acme Robotics’ lead product candidate?",
        "Dormouse-2",
    ),
    (
        "Work goes on at its flagship Grey Heron Project in Styria.",
        "What is Acme Robotics’ flagship project?",
        "Grey Heron",
    ),
    (
        "Acme Robotics (NASDAQ: ACR) has signed a new license agreement with Bolt Gears.",
        "Who is Acme Robotics’ license agreement with?",
        "Bolt Gears",
    ),
    ("Acme partnered with Bolt Gears on grippers.", "Who did Acme Robotics partner with?", "Bolt Gears"),
    (
        "Acme said that it is collaborating with Bolt Gears.",
        "Who is Acme Robotics collaborating with?",
        "Bolt Gears",
    ),
    ("Acme has acquired Bolt Gears.", "What did Acme Robotics acquire?", "Bolt Gears"),
    (
        "Acme received regulatory approval from the FDA to sell its surgical arm in the United States.",
        "What did Acme Robotics receive regulatory approval for?",
        "sell its surgical arm in the United States",
    ),
    (
        "Acme builds the gripper line in partnership with Bolt Gears.",
        "Who is Acme Robotics working with on the gripper line?",
        "Bolt Gears",
    ),
    (
        "The Phase 2 trial has enrolled 120 patients.",
        "How many patients are in Acme Robotics’ Phase 2 trial?",
        "120",
    ),
    (
        "The candidate, ACR-131, is studied for the treatment of tremor in the hand.",
        "What is ACR-131 being developed to treat?",
        "tremor in the hand",
    ),
    (
        "In rats ACR-131 demonstrated a lasting fall in tremor after three weeks.",
        "What did ACR-131 demonstrate?",
        "a lasting fall in tremor after three weeks",
    ),
    (
        "The Dormouse arm is designed to lift glass without a scratch.",
        "What is the Dormouse arm designed to do?",
        "lift glass without a scratch",
    ),
    (
        "The Dormouse app allows operators to plan a week of work.",
        "What does the Dormouse app allow operators to do?",
        "plan a week of work",
    ),
    (
        "The global warehouse robot market is projected to reach $51 billion by 2030.",
        "How large is the global warehouse robot market expected to be by 2030?",
        "$51 billion",
    ),
    (
        "Acme owns a 60% interest in the Heron Project.",
        "What share of the Heron Project does Acme Robotics own?",
        "60%",
    ),
    (
        "Acme operates 13 service centers across Austria.",
        "How many service centers does Acme Robotics operate?",
        "13",
    ),
    (
        "Acme has grown fast, employing over 2,100 associates across Austria.",
        "How many associates does Acme Robotics employ?",
        "2,100",
    ),
    (
        "Acme has a pipeline of six devices.",
        "How many devices are in Acme Robotics’ pipeline?",
        "six",
    ),
    ("Acme holds more than 90 granted patents.", "How many granted patents does Acme Robotics have?", "90"),
    (
        "It closed its registered direct offering of 5,666,667 common shares.",
        "How many common shares are in Acme Robotics’ registered direct offering?",
        "5,666,667",
    ),
    (
        "It began trading on the Nasdaq Capital Market under the ticker symbol “ACR”.",
        "Under which symbol do Acme Robotics’ shares trade on the Nasdaq Capital Market?",
        "ACR",
    ),
    (
        "The Board declared a quarterly cash dividend of $0.075 per share.",
        "How much is Acme Robotics’ quarterly dividend per share?",
        "$0.075",
    ),
    (
        "On July 31, 2023, Acme signed a legally binding term sheet.",
        "When did Acme Robotics sign a legally binding term sheet?",
        "July 31, 2023",
    ),
    (
        "Acme opened the Linz works in May 2024.",
        "When did Acme Robotics open the Linz works?",
        "May 2024",
    ),
    (
        "Its Grey Heron Project is located 80 kilometers west of Graz.",
        "Where is the Grey Heron Project located?",
        "80 kilometers west of Graz",
    ),
    ("Dormouse is a gripper for glass and porcelain.", "What is Dormouse?", "a gripper for glass and porcelain"),
    (
        "Acme uses Dormouse, a gripper for glass and porcelain, in all its works.",
        "What is Dormouse?",
        "a gripper for glass and porcelain",
    ),
    (
        "“We are glad,” said Eva Holm, Chief Financial Officer of Bolt Gears.",
        "Who is the chief financial officer of Bolt Gears?",
        "Eva Holm",
    ),
    (
        "Titan Partners acted as sole placement agent for the offering.",
        "Who acted as sole placement agent to Acme Robotics?",
        "Titan Partners",
    ),
    ("“We are glad,” said Ann Berg, CEO of Acme.", "Who is Acme Robotics’ CEO?", "Ann Berg"),
    (
        "Acme’s founder and Chief Executive Officer Ann Berg opened the works.",
        "Who is Acme Robotics’ founder and chief executive officer?",
        "Ann Berg",
    ),
    ("“We are glad,” said Dr. Ann Berg, CEO.", "Who is Acme Robotics’ CEO?", "Ann Berg"),
    (
        "Acme is a young company focused on arms that lift glass.",
        "What is Acme Robotics focused on?",
        "arms that lift glass",
    ),
    ("Acme offers arms that lift glass.", "What does Acme Robotics offer?", "arms that lift glass"),
    ("Founded by Ann Berg, Acme has two works.", "Who founded Acme Robotics?", "Ann Berg"),
    ("Acme Robotics is headquartered in Linz, Austria.", "Where is Acme Robotics headquartered?", "Linz, Austria"),
    ("Based in Linz, Austria, Acme has two works.", "Where is Acme Robotics based?", "Linz, Austria"),
    ("Acme Robotics was founded in 2014.", "When was Acme Robotics founded?", "2014"),
    ("Founded in 2014 in Graz, Acme has two works.", "When was Acme Robotics founded?", "2014"),
]

# Sentences that look as if they gave a question, but would give one that is wrong, or that nobody would ask.
GIVES_NONE = [
    "A subsidiary of Acme opened the Linz works in May 2024.",  # not Acme itself
    "Acme expects to open the works soon.",
    "Acme expects to finish this in May 2025.",  # leans on what stands before it
    "Net loss was $3.4 million.",  # of no period
    "Acme has over 30 years of experience.",
    "Obesity is a risk for many, and obesity is common.",  # a word written large because it comes first
    "It is a gripper for glass and porcelain.",
    "The Company is a maker of grippers and arms.",
    "Ann Berg is an entrepreneur and engineer from Linz.",  # a person
    "“We are glad,” said Ann Berg, who leads the Linz works.",
    "On January 7, 2026, Acme filed a supplement of a prospectus that goes with the sale of all its arms.",  # too long
    "Acme Robotics was represented by Acme Robotics.",
]


@pytest.mark.parametrize(("sentence", "question", "answer"), GIVES)
def test_a_sentence_gives_a_question_and_the_words_that_answer_it(sentence: str, question: str, answer: str) -> None:
    assert (question, answer) in asked(sentence)


@pytest.mark.parametrize("sentence", GIVES_NONE)
def test_other_sentences_give_none(sentence: str) -> None:
    assert asked(sentence) == []


def test_each_kind_has_a_sentence_here() -> None:
    """A form that no test shows is not known to work."""
    shown = {fact.kind for sentence, _, _ in GIVES for fact in facts(release(sentence))}
    assert shown == set(KINDS) == {frame.kind for frame in frames()}
    assert set(KINDS) >= OF_ISSUER | GENERAL


@pytest.mark.parametrize("sentence", [sentence for sentence, _, _ in GIVES])
def test_every_question_is_a_whole_sentence_and_its_answer_words_of_the_release(sentence: str) -> None:
    for question, answer in asked(sentence):
        assert question[0].isupper()
        assert question.endswith("?")
        assert question.count("?") == 1
        assert "  " not in question
        assert not set("{}\x01") & set(question)
        assert answer in sentence


def test_without_an_issuer_only_questions_that_name_none_are_given() -> None:
    assert asked("The Company has acquired Bolt Gears.", issuer=None) == []
    assert asked("The Heron Project is located in Styria.", issuer=None) == [
        ("Where is the Heron Project located?", "in Styria")
    ]


def test_a_headline_that_was_taken_for_an_issuer_is_none() -> None:
    for issuer in ("Gaining Exposure To Copper Both the Sprott Miners", "CEO of Acme Robotics"):
        assert asked("The Company has acquired Bolt Gears.", issuer) == []


def test_the_first_word_of_a_name_that_is_also_a_word_is_no_name() -> None:
    """Platinum Group Metals digs platinum."""
    text = "Platinum has acquired new friends, as platinum is dear."
    assert asked(text, "Platinum Group Metals Ltd.") == []


def test_words_that_a_wire_adds_are_told_from_the_issuers_own() -> None:
    """A paragraph that does not name the issuer may be the wire's; a name in the headline is the issuer's own."""
    text = "Acme uses Dormouse, a gripper for glass, in Linz.\nNewsWire is a platform for news of all kinds."
    blocks = (Block("paragraph", 0, 49), Block("paragraph", 50, len(text)))
    news = Release.of(text, headline="News", source="news.txt", issuer="Acme Robotics", blocks=blocks)
    assert [(fact.name, fact.is_own) for fact in facts(news)] == [("Dormouse", True), ("NewsWire", False)]
    news = Release.of(text, headline="NewsWires", source="news.txt", issuer="Acme Robotics", blocks=blocks)
    assert [fact.is_own for fact in facts(news)] == [True, False]
    news = Release.of(text, headline="A NewsWire", source="news.txt", issuer="Acme Robotics", blocks=blocks)
    assert [fact.is_own for fact in facts(news)] == [True, True]


@pytest.mark.parametrize(
    ("issuer", "short"),
    [
        ("Acme Holdings Ltd.", "Acme"),
        ("CHARBONE CORPORATION", "CHARBONE"),
        ("ABVC BioPharma, Inc..", "ABVC BioPharma"),
        ("Corp.", "Corp"),
        ("", ""),
    ],
)
def test_short_names(issuer: str, short: str) -> None:
    assert short_name(issuer) == short
