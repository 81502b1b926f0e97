"""Who said words that a question quotes; and what counts as quoted."""

from __future__ import annotations

import pytest
from made import release

from index.chunk import Chunk
from index.release import Span
from index.store import Passage
from qa.anaphora import form
from qa.quotation import quotation
from qa.rewrite import Turn, understand
from qa.scored import ScoredSpan
from qa.speaker import Quotation
from qa.told import STRANGERS, TOLD, _told_by_form


def speaker(text: str, words: str = "we go on") -> str | None:
    """Who says these words in a release of one line or several."""
    made = release(*(("paragraph", line) for line in text.split("\n")))
    span = Quotation(tuple(words.split())).stated(made, Span(made.id, 0, len(made.text)))
    return made.quote(span) if span else None


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Who said “It is done”?", "It is done"),
        ('Who said: "It is done"?', "It is done"),
        ("Who said 'I can't wait to start'?", "I can't wait to start"),
        ("Who said that ‘it is done’ of the mill?", "it is done"),
        ("Wer sagte „Wir gehen weiter“?", "Wir gehen weiter"),
        ("Who makes the “Acme One”?", None),
        ("Who runs Ann's and Jo's new mill?", None),
        ("Who said it is done?", None),
        ("", None),
    ],
)
def test_what_a_question_quotes(question: str, quoted: str | None) -> None:
    place = quotation(question)
    assert (question[slice(*place)] if place else None) == quoted


def test_a_pronoun_in_a_quotation_leans_on_nothing() -> None:
    """It is the speaker's, as is the question's subject: the question stands alone."""
    question = "Who said 'This is what they told us'?"
    assert not form(question).leans
    assert understand(question, []).ask_back == ""
    assert understand(question, [Turn("Where is Acme based?", "Oslo")]).question == question
    assert understand("Who said this is done?", []).ask_back


@pytest.mark.parametrize(
    ("question", "is_for_speaker"),
    [
        ("Who said “We go on”?", True),
        ("Which executive said 'We go on'?", True),
        ("Which Acme director said 'We go on'?", True),
        ("When did Ann Berg say “We go on”?", False),
        ("What does “we who go on” mean?", False),
        ("Which company said 'We go on'?", False),
        ("Who makes the “We go on” platform?", False),
        ("Who wrote “We Go On”?", False),
        ("Who: “We go on”?", True),
    ],
)
def test_only_a_question_for_a_person_is_for_the_speaker(question: str, is_for_speaker: bool) -> None:
    assert bool(Quotation.of(question)) == is_for_speaker


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We won, and we go on,” said Ann Berg, CEO of Acme. “It rose.”", "Ann Berg"),
        ("“It rose,” said Ann Berg, CEO of Acme. “We go on.”", "Ann Berg"),
        ("“It rose,” Ann Berg said. “We go on.”", "Ann Berg"),
        ("“We go on,” Ann T. Berg, CEO of Acme, said.", "Ann T. Berg"),
        ("“We go on,” said Acme’s Chief Executive Officer, Ann Berg.", "Ann Berg"),
        ("“We go on,” said Acme CEO Dr. Ann Berg of Oslo.", "Dr. Ann Berg"),
        ("“We go on,” said Kelly T. McKee, Jr., M.D., Chief Medical Officer of Acme.", "Kelly T. McKee"),
        ("“We go on,” Mr. de T’serclaes said.", "Mr. de T’serclaes"),
        ("“We go on.” – Ann Berg, Director at Acme", "Ann Berg"),
        ("Ann Berg, CEO of Acme, Inc., commented: “We go on.”", "Ann Berg"),
        ("It rose. Ann Berg, CEO of Acme, stated, “We go on.”", "Ann Berg"),
        ("Commenting on it, Co-founder and CEO Jordan R. Plews stated, “We go on.”", "Jordan R. Plews"),
        ("On Monday Acme CEO Ann Berg said of it, “We go on.”", "Ann Berg"),
        ('"We go on," said Ann Berg.', "Ann Berg"),
        ("“We won.” Jo Dahl spoke. “We go on,” said Ann Berg.", "Ann Berg"),
        ("“We go\non,” said Ann Berg.", None),  # of two paragraphs
        ("“We go on,” said a man. Ann Berg rose.", None),
        ("“We go on,” she said.", None),
        ("“We go on.” It rose. Ann Berg said so.", None),
        ("“We go on.”\nAnn Berg said: “It rose.”", None),
        ("“We go on,” says the release.", None),
        ("We go on, said Ann Berg.", None),
        ("“We won,” said Jo Dahl, and we go on. Ann Berg said: “It rose.”", None),
        ("“We went on,” said Ann Berg.", None),
        # what stands behind a quotation may begin another sentence, and speak of another
        ("Jo Dahl comments: “We go on.” Ann Berg, CEO of Bolt, adds: “It rose.”", "Jo Dahl"),
        ("Jo Dahl wrote in his letter: “We go on.” Ann Berg said she agreed.", "Jo Dahl"),
        ("“We go on.” Littleton-based Acme says it is aiming high.", None),
        ("“We go on.” Ann Berg said.", "Ann Berg"),
        ("“We go on!” Ann Berg said in Oslo.", "Ann Berg"),
        # nor is the speaker before always the same one
        ("“We won,” said Ann Berg. Jo Dahl agreed: “We go on.”", None),
        ("“We won,” said Ann Berg. Jo Dahl, CFO, had another view. “We go on.”", None),
        ("Ann Berg said today that Jo Dahl wrote, “We go on.”", None),
        # no names
        ("“We go on,” said Gov. Jo Dahl.", "Gov. Jo Dahl"),
        ("“We go on,” said MIT.", None),
        ("“We go on,” said Oslo-based Acme.", None),
        ("“We go on,” said Bolt’s Lu.", None),
        ("“We go on” - Growth", None),
        ("“We go on,” said Åke Andre, CEO.", "Åke Andre"),
        ("Ann Berg won. “We go on,” said Berg.", "Berg"),
        ("“We go on,” said Berg.", None),
    ],
)
def test_the_speaker_stands_behind_the_quotation_or_before_it(text: str, expected: str | None) -> None:
    assert speaker(text) == expected


def test_quotation_marks_and_case_do_not_matter() -> None:
    assert speaker("“We’re here: WE—GO ON!” said Ann Berg.", "re here we go on") == "Ann Berg"


def test_the_speaker_is_told_in_place_of_the_readers_words() -> None:
    made = release(("paragraph", "“We go on with Jo Dahl,” said Ann Berg."))
    whole = Span(made.id, 0, len(made.text))
    passage = Passage(Chunk(made, whole, ""), 0.5)
    guess = ScoredSpan(Span(made.id, 15, 22), whole, 0.6, passage)
    assert made.quote(guess.span) == "Jo Dahl"
    (told,) = _told_by_form("Who said 'we go on with Jo'?", [passage], [guess])
    assert (made.quote(told.span), told.score) == ("Ann Berg", TOLD)
    assert _told_by_form("Who said 'we go on without him'?", [passage], [guess]) == [guess]
    (doubted,) = _told_by_form("Who said 'it was Jo Dahl in the end'?", [passage], [guess])
    assert doubted.score < 2 * STRANGERS  # nobody did
