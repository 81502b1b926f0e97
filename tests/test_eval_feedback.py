from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Write
from test_conversation import ACME, answer, cite, refusal

from eval.example import Example, parse_example, read_examples
from eval.feedback import KIND, Judged, judged
from index import Index
from qa import Answer, Citation
from qa.conversation import Conversations, Verdict

LATER = "# Acme Corp. reports\n\nOSLO, June 3, 2024 (WIRE) -- Acme Corp. (NYSE: ACM) says that Ann Berg leads it.\n"
BERG = "Ann Berg, chief executive officer of Acme Corp., opened the works."


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    with Conversations.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def source(index: Index, write: Write) -> Path:
    path = write("acme.md", ACME)
    index.add(
        [path, write("later.md", LATER), write("bolt.md", "# Bolt SE\n\nBolt SE (FSE: BLT) is led by Eva Holm.\n")]
    )
    return path


def line(kept: Conversations, index: Index, given: Answer, verdict: Verdict, note: str = "") -> Judged:
    """The line of an answer that is judged so."""
    message = kept.append(given)
    kept.judge(message.id, verdict, note)
    return next(each for each in judged(kept, index) if each.message.id == message.id)


def example(line: Judged) -> Example:
    """As the evaluation reads it."""
    assert line.lacks == ""
    return parse_example(line.json)


@pytest.fixture
def berg(index: Index, source: Path) -> Citation:
    return cite(index, "Ann Berg", source)


def test_a_right_answer_is_the_answer_from_what_it_cites(kept: Conversations, index: Index, berg: Citation) -> None:
    made = example(line(kept, index, answer("Who?", "Ann Berg", berg), "right"))
    assert (made.question, made.answers, made.answerable, made.kind) == ("Who?", ("Ann Berg",), True, KIND)
    assert [(piece.release, piece.quote) for piece in made.evidence] == [("acme.md", BERG)]


def test_a_right_refusal_is_a_question_without_an_answer(kept: Conversations, index: Index, berg: Citation) -> None:
    made = example(line(kept, index, refusal("Why?", berg), "right"))
    assert (made.answerable, made.answers, made.evidence) == (False, (), ())


def test_what_cited_a_release_that_has_gone_is_to_be_filled_in(
    kept: Conversations, index: Index, source: Path, berg: Citation
) -> None:
    given = answer("Who?", "Ann Berg", berg)
    index.remove([source])
    made = line(kept, index, given, "right")
    assert made.lacks == "what it rests on is no longer in the index"
    assert json.loads(made.json)["answers"] == ["Ann Berg"]


@pytest.mark.parametrize("given", ["an answer", "a refusal"])
def test_the_note_of_a_wrong_answer_is_the_right_one_where_the_issuer_says_it(
    given: str, kept: Conversations, index: Index, source: Path
) -> None:
    near = cite(index, "$5 million", source)
    wrong = answer("Who?", "$5 million", near) if given == "an answer" else refusal("Who?", near)
    made = example(line(kept, index, wrong, "wrong", "ann  berg"))
    assert made.answers == ("ann  berg",)
    assert [(piece.release, piece.quote) for piece in made.evidence] == [("acme.md", BERG)]


def test_it_is_looked_for_in_the_issuers_other_releases_too(kept: Conversations, index: Index, berg: Citation) -> None:
    made = example(line(kept, index, answer("Since when?", "May", berg), "wrong", "June 3, 2024"))
    assert [piece.release for piece in made.evidence] == ["later.md"]


@pytest.mark.parametrize("note", ["", "  ", "?!", "Eva Holm", "it is the other one", "$50 million"])
def test_a_wrong_answer_without_the_right_words_is_to_be_filled_in(
    note: str, kept: Conversations, index: Index, berg: Citation
) -> None:
    """Words of another issuer's release are not what was asked for."""
    made = line(kept, index, answer("Who?", "Ann Berg", berg), "wrong", note)
    assert made.lacks == "the right answer, in the words of a release"
    found = json.loads(made.json)
    assert (found["answers"], found["evidence"], found["answerable"]) == ([], [], True)
    assert found["judged"] == {"verdict": "wrong", "note": note.strip(), "said": "Ann Berg"}
    with pytest.raises(ValueError, match='"answers" is empty but "answerable" is true'):
        parse_example(made.json)


@pytest.mark.parametrize(
    "note", ["not said", "Not said.", "no answer", "the releases do not say", "releases don’t say"]
)
def test_a_note_can_say_that_there_is_no_answer(note: str, kept: Conversations, index: Index, berg: Citation) -> None:
    assert not example(line(kept, index, answer("Who?", "Ann Berg", berg), "wrong", note)).answerable


@pytest.mark.parametrize(
    "note", ["it is in later.md", "ACME CORP. REPORTS says so", "Acme Corp. (NYSE: ACM) says that Ann Berg leads it"]
)
def test_a_note_names_the_right_source_by_file_headline_or_words(
    note: str, kept: Conversations, index: Index, berg: Citation
) -> None:
    made = example(line(kept, index, answer("Who leads it?", "Ann Berg", berg), "wrong_source", note))
    assert made.answers == ("Ann Berg",)
    assert [piece.release for piece in made.evidence] == ["later.md"]


def test_a_source_that_is_not_named_is_to_be_filled_in(kept: Conversations, index: Index, berg: Citation) -> None:
    made = line(kept, index, answer("Who?", "Ann Berg", berg), "wrong_source")
    assert (made.lacks, made.answers) == ("the release that says so", ("Ann Berg",))


def test_a_follow_up_takes_along_what_it_leans_on(kept: Conversations, index: Index, berg: Citation) -> None:
    """And a question that stands alone does not."""
    first = kept.append(Answer("Who runs Acme?", "Who runs Acme?", "Ann Berg", (berg,), 0.9, None))
    wrong = kept.append(answer("And the other?"), first.conversation)
    alone = kept.append(
        Answer("Who runs Bolt?", "Who runs Bolt?", "Ann Berg", (berg,), 0.9, None),
        first.conversation,
        corrects=wrong.id,
    )
    leaning = kept.append(answer("And where?", "Ann Berg", berg), first.conversation)
    for message in (first, alone, leaning):
        kept.judge(message.id, "right")
    histories = [[turn.question for turn in each.history] for each in judged(kept, index)]
    assert histories == [[], [], ["Who runs Acme?", "Who runs Bolt?"]]


def test_all_lines_together_are_a_question_set(
    kept: Conversations, index: Index, berg: Citation, tmp_path: Path
) -> None:
    """Of every owner, each with an id of its own; what was not judged, or has no words, is none."""
    for owner in ("ann", "ben"):
        message = kept.of(owner).append(answer(f"Who, {owner}?", "Ann Berg", berg))
        kept.judge(message.id, "right")
    kept.append(answer("Not judged?"))
    kept.judge(kept.append(answer(" ")).id, "right")
    file = tmp_path / "set.jsonl"
    file.write_text("".join(f"{each.json}\n" for each in judged(kept, index)), "utf-8")
    assert [each.question for each in read_examples(file)] == ["Who, ann?", "Who, ben?"]
