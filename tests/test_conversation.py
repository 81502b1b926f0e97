from __future__ import annotations

import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from conftest import Write

from index import Index, Span, StoreError
from index.chunk import statements
from page.conversations import answer_of
from qa import Answer, Assistant, Citation, Filters, Refusal, Turn
from qa.conversation import CONVERSATIONS, Conversations, title_of
from qa.conversation_file import FORMAT, ConversationError, NoConversation
from qa.transcript import to_markdown

ROOT = Path(__file__).parent.parent
ACME = """\
# Acme Corp. opens an anvil works

OSLO, May 3, 2024 (WIRE) -- Acme Corp. (NYSE: ACM) uses recycled iron as its material.

Ann Berg, chief executive officer of Acme Corp., opened the works. They cost $5 million.
"""
NASTY = ["", " ", "\0", "a\0b", "<script>alert(1)</script>", "\x1b[2J\x07", "caf\udce9", "x" * 100_000, "🏗️\u202e\u2028"]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    with Conversations.open(tmp_path) as opened:
        yield opened


def cite(index: Index, quote: str, source: Path) -> Citation:
    """The citation of words of an indexed file, with the sentence around them."""
    ids = dict(index.sources())
    release = index.release(ids[str(source)])
    assert release is not None
    start = release.text.index(quote)
    sentence = next(
        each for each in statements(release, Span(release.id, 0, len(release.text))) if each.start <= start < each.end
    )
    return Citation(release, Span(release.id, start, start + len(quote)), sentence)


def answer(question: str = "Who opened it?", text: str = "Ann Berg", *citations: Citation) -> Answer:
    return Answer(question, f"{question} (as understood)", text, citations, 0.8, None)


def refusal(question: str = "Why?", *nearest: Citation) -> Answer:
    return Answer(question, question, "", (), 0.1, Refusal("not_said", "The releases do not say.", nearest))


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_everything_of_a_turn_comes_back(index: Index, write: Write, tmp_path: Path) -> None:
    """From another program, later: question, understood query, answer, citations, filters, generation, time."""
    source = write("acme.md", ACME)
    index.add([source])
    cited, near = cite(index, "Ann Berg", source), cite(index, "$5 million", source)
    given = Answer("Who?", "Who opened it?", "Ann Berg", (cited,), 0.8, None, others=(near,), verdict="no")
    filters = Filters(("Acme",), ("ACM",), date(2024, 1, 1), date(2024, 12, 31))
    before = datetime.now(UTC)
    with Conversations.open(tmp_path) as first:
        stored = first.append(given, filters=filters, generation=index.generation)
        first.append(refusal("Why?", near), stored.conversation)
    with Conversations.open(tmp_path) as again:
        message, refused = again.messages(stored.conversation, index)
    assert (message.id, message.number, refused.number) == (stored.id, 1, 2)
    assert before <= message.asked <= datetime.now(UTC)
    assert (message.question, message.query, message.answer) == ("Who?", "Who opened it?", "Ann Berg")
    assert (message.verdict, message.confidence, message.answered) == ("no", 0.8, True)
    assert (message.filters, message.generation) == (filters, index.generation)
    (one,), (other,) = message.of("cited"), message.of("other")
    assert (one.citation, one.notice, other.citation) == (cited, "", near)
    assert (one.quote, one.sentence) == (
        "Ann Berg",
        "Ann Berg, chief executive officer of Acme Corp., opened the works.",
    )
    assert (one.issuer, one.published, one.source) == ("Acme Corp.", date(2024, 5, 3), str(source))
    assert (refused.answered, refused.reason, refused.refusal) == (False, "not_said", "The releases do not say.")
    assert refused.of("nearest")[0].citation == near


def test_what_an_answer_to_several_questions_lacks_comes_back(index: Index, write: Write, kept: Conversations) -> None:
    source = write("acme.md", ACME)
    index.add([source])
    given = replace(answer("Who opened it, and why?", "Ann Berg", cite(index, "Ann Berg", source)), lacking="Not why.")
    stored = kept.append(given)
    assert (kept.message(stored.id).lacking, kept.message(stored.id).answered) == ("Not why.", True)
    assert answer_of(kept.message(stored.id, index)).lacking == "Not why."
    assert "\n\nNot why.\n" in to_markdown(kept.conversation(stored.conversation), kept.messages(stored.conversation))
    assert kept.message(kept.append(refusal("Why?")).id).lacking == ""


def test_what_append_returns_is_what_is_stored(index: Index, write: Write, kept: Conversations) -> None:
    source = write("acme.md", ACME)
    index.add([source])
    stored = kept.append(answer("Who?", "Ann Berg", cite(index, "Ann Berg", source)), filters=Filters(("Acme",)))
    assert stored == kept.message(stored.id, index)


def test_citations_tell_what_became_of_their_release(index: Index, write: Write, kept: Conversations) -> None:
    """Present, also with a new headline; changed, where its file holds other words; removed, where it is gone."""
    names = ("Same", "Headline", "Text", "Gone")
    files = {name: write(f"{name}.md", ACME.replace("Acme", name)) for name in names}
    index.add(files.values())
    citations = [cite(index, "Ann Berg", path) for path in files.values()]
    message = kept.append(answer("Who?", "Ann Berg", *citations))
    files["Headline"].write_text("---\ntitle: News\n---\n\n" + ACME.replace("Acme", "Headline"), "utf-8")
    files["Text"].write_text(ACME.replace("Acme", "Text").replace("OSLO", "LILLEHAMMER"), "utf-8")
    files["Gone"].unlink()
    index.add([files["Same"].parent])
    index.remove([files["Gone"]])
    same, headline, text, gone = kept.message(message.id, index).citations
    assert [each.state for each in (same, headline, text, gone)] == ["present", "present", "changed", "removed"]
    assert same.citation == citations[0]
    assert headline.citation is not None
    assert headline.citation.quote == "Ann Berg"
    assert headline.citation.release.headline == "News"
    assert headline.citation.release.id != headline.release_id
    assert text.citation is None
    assert text.release is not None
    assert text.release.text[text.start : text.end] != text.quote == "Ann Berg"
    assert text.notice == "This release has changed since: these are the words as they were."
    assert (gone.citation, gone.release, gone.quote) == (None, None, "Ann Berg")
    assert gone.notice == "This release is no longer in the index: these are the words as they were."


def test_a_correction_that_came_later_is_told(index: Index, write: Write, kept: Conversations) -> None:
    source = write("acme.md", ACME)
    index.add([source])
    message = kept.append(answer("Who?", "Ann Berg", cite(index, "Ann Berg", source)))
    assert kept.message(message.id, index).citations[0].notice == ""
    index.add([write("fixed.md", ACME.replace("# Acme", "# CORRECTION: Acme").replace("Ann", "Eva"))])
    (cited,) = kept.message(message.id, index).citations
    assert cited.state == "present"
    assert cited.notice == "corrected 3 May 2024: CORRECTION: Acme Corp. opens an anvil works"


def test_without_an_index_citations_stay_unchecked(index: Index, write: Write, kept: Conversations) -> None:
    """Their words are there, but not shown in any release."""
    source = write("acme.md", ACME)
    index.add([source])
    message = kept.append(answer("Who?", "Ann Berg", cite(index, "Ann Berg", source)))
    (cited,) = kept.message(message.id).citations
    assert (cited.state, cited.quote, cited.citation, cited.notice) == ("unchecked", "Ann Berg", None, "")


# -- list, rename, delete, continue ------------------------------------------------------------------------------------


def test_the_conversation_spoken_in_last_comes_first(kept: Conversations) -> None:
    first, second = kept.append(answer("One?")), kept.append(answer("Two?"))
    kept.append(answer("And now?"), first.conversation)
    listed = kept.all()
    assert [(each.id, each.title, each.length) for each in listed] == [
        (first.conversation, "One?", 2),
        (second.conversation, "Two?", 1),
    ]
    assert listed[0].started < listed[1].started < listed[1].changed < listed[0].changed


def test_a_conversation_is_titled_by_its_first_question_until_renamed(kept: Conversations) -> None:
    begun = kept.new()
    assert begun.title == ""
    kept.append(answer("Who\nruns\tAcme?"), begun.id)
    kept.append(answer("And why?"), begun.id)
    assert kept.conversation(begun.id).title == "Who runs Acme?"
    assert kept.rename(begun.id, " Acme \x1b[31m ").title == "Acme [31m"
    kept.append(answer("And when?"), begun.id)
    assert kept.conversation(begun.id).title == "Acme [31m"


def test_a_blank_title_is_refused(kept: Conversations) -> None:
    begun = kept.new("Acme")
    with pytest.raises(ValueError, match="a title needs at least one letter or digit"):
        kept.rename(begun.id, " \u200b\n")
    assert kept.conversation(begun.id).title == "Acme"


def test_a_deleted_conversation_is_gone_for_good(kept: Conversations, tmp_path: Path) -> None:
    """With its words, its citations and its feedback; its number is never given again."""
    message = kept.append(answer("What of the secret merger?"))
    kept.judge(message.id, "right", "the secret note")
    kept.delete(message.conversation)
    assert kept.all() == []
    for missing in (lambda: kept.message(message.id), lambda: kept.messages(message.conversation)):
        with pytest.raises(NoConversation, match="there is no"):
            missing()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob(f"{CONVERSATIONS}*"))
    assert b"secret" not in stored
    assert kept.new().id == message.conversation + 1


@pytest.mark.parametrize("conversation", [0, -1, 7, 2**70, None, "1", 1.0, True and "x"])
def test_a_conversation_that_is_not_there(conversation: int, kept: Conversations) -> None:
    """Said in one sentence, whatever is asked of it; nothing is written."""
    for act in (kept.messages, kept.history, kept.delete, lambda each: kept.rename(each, "x")):
        with pytest.raises(NoConversation, match=r"^there is no conversation .*; the list shows which there are$"):
            act(conversation)
    if conversation is not None:  # None begins a new one
        with pytest.raises(NoConversation):
            kept.append(answer(), conversation)
    assert kept.all() == []


def test_history_knows_whose_release_was_cited_first(index: Index, write: Write, kept: Conversations) -> None:
    """As the turn of the answer does; of what came near a refusal nobody's."""
    source = write("acme.md", ACME)
    index.add([source])
    cited = cite(index, "Ann Berg", source)
    told, silent = answer("Who opened it?", "Ann Berg", cited), refusal("Why?", cited)
    first = kept.append(told)
    kept.append(silent, first.conversation)
    assert kept.history(first.conversation) == [told.turn, silent.turn]
    assert [turn.issuer for turn in kept.history(first.conversation)] == ["Acme Corp.", ""]
    assert [message.turn for message in kept.messages(first.conversation)] == kept.history(first.conversation)


def test_history_is_what_was_said_with_misunderstood_questions_left_out(kept: Conversations) -> None:
    first = kept.append(answer("Who runs Acme?", "Ann Berg"))
    wrong = kept.append(answer("And the other?", "Bolt SE"), first.conversation)
    kept.append(refusal("Who runs Bolt?"), first.conversation, corrects=wrong.id)
    assert kept.history(first.conversation) == [Turn("Who runs Acme?", "Ann Berg"), Turn("Who runs Bolt?", "")]
    assert [message.corrects for message in kept.messages(first.conversation)] == [None, None, wrong.id]


def test_only_a_message_of_the_same_conversation_can_be_corrected(kept: Conversations) -> None:
    one, other = kept.append(answer()), kept.append(answer())
    for message in (other.id, "0" * 16):
        with pytest.raises(NoConversation):
            kept.append(answer(), one.conversation, corrects=message)
    assert [each.length for each in kept.all()] == [1, 1]


def test_each_owner_sees_their_own(kept: Conversations) -> None:
    """And who asks for everybody's sees all."""
    ann, ben = kept.of("ann"), kept.of("ben")
    mine = ann.append(answer("Mine?"))
    ben.append(answer("His?"))
    assert [each.title for each in ann.all()] == ["Mine?"]
    assert {each.title for each in kept.all()} == {"Mine?", "His?"}
    for act in (ben.messages, ben.delete, ben.history, lambda each: ben.append(answer(), each)):
        with pytest.raises(NoConversation):
            act(mine.conversation)
    for see in (ben.message, lambda each: ben.judge(each, "wrong")):
        with pytest.raises(NoConversation):
            see(mine.id)
    assert kept.message(mine.id).feedback is None


# -- feedback ----------------------------------------------------------------------------------------------------------


def test_feedback_is_kept_replaced_and_taken_back(kept: Conversations) -> None:
    message = kept.append(answer())
    judged = kept.judge(message.id, "wrong_source", "  it is in the May release \n")
    assert judged.feedback is not None
    assert judged.feedback[:2] == ("wrong_source", "it is in the May release")
    kept.judge(message.id, "right")
    again = kept.message(message.id).feedback
    assert again is not None
    assert again[:2] == ("right", "")
    assert kept.judge(message.id, None).feedback is None


def test_a_verdict_that_is_none_is_refused(kept: Conversations) -> None:
    message = kept.append(answer())
    with pytest.raises(ValueError, match=r"^'bad' is no verdict; it is one of right, wrong, wrong_source$"):
        kept.judge(message.id, "bad")  # type: ignore[arg-type]


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_kept_as_it_is(text: str, kept: Conversations) -> None:
    """HTML, control characters and NUL come back as they went in; half a surrogate pair becomes a question mark."""
    stored = kept.append(answer(text, text.replace("\udce9", "?")), filters=Filters((text,)))
    kept.judge(stored.id, "wrong", text)
    (message,) = kept.messages(stored.conversation)
    assert message.question == text.replace("\udce9", "?") == message.answer
    assert message.filters.issuers == (text,)
    title = kept.all()[0].title
    assert title == title_of(text)
    assert not re.search(r"[\x00-\x1f\x7f\u202e\u2028]", title)


def test_a_conversation_of_five_hundred_turns(kept: Conversations) -> None:
    """Opens at once, in order."""
    begun = kept.new()
    for n in range(500):
        kept.append(answer(f"{n}?" if n % 7 else "", str(n)), begun.id)
    started = time.perf_counter()
    history = kept.history(begun.id)
    assert [turn.answer for turn in history] == [str(n) for n in range(500)]
    assert len(kept.messages(begun.id)) == 500
    assert time.perf_counter() - started < 1


def test_any_stored_history_can_be_leaned_on(index: Index, write: Write, kept: Conversations) -> None:
    """500 turns, empty ones, HTML and control characters: the next question is answered in a sentence or with words."""
    index.add([write("acme.md", ACME)])
    assistant = Assistant(index)
    begun = kept.new()
    for n in range(500):
        kept.append(answer(NASTY[n % len(NASTY)], NASTY[n // 7 % len(NASTY)].replace("\udce9", "")), begun.id)
    for question in ("Who opened the works of Acme Corp.?", "And what about its price?", "<b>it</b>\0"):
        given = assistant.ask(question, kept.history(begun.id))
        assert given.answered != bool(given.refusal)
        assert kept.append(given, begun.id).question == question
    assert kept.conversation(begun.id).length == 503


def test_a_thousand_conversations_list_and_open_at_once(index: Index, write: Write, kept: Conversations) -> None:
    source = write("acme.md", ACME)
    index.add([source])
    cited = cite(index, "Ann Berg", source)
    for n in range(1000):
        kept.append(answer(f"Question {n}?", "Ann Berg", cited, cited, cited))
    started = time.perf_counter()
    listed = kept.all()
    listing = time.perf_counter() - started
    assert [each.title for each in listed] == [f"Question {n}?" for n in reversed(range(1000))]
    started = time.perf_counter()
    for each in listed:
        assert kept.messages(each.id, index)[0].citations[2].state == "present"
    assert listing < 0.5
    assert time.perf_counter() - started < 5  # 0.6 s on two idle cores


# -- the file ----------------------------------------------------------------------------------------------------------


def test_threads_write_to_one_conversation(kept: Conversations) -> None:
    """Every turn is kept, each with its own number."""
    begun = kept.new()

    def speak(who: int) -> None:
        for n in range(20):
            kept.append(answer(f"{who} {n}"), begun.id)

    threads = [threading.Thread(target=speak, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = kept.messages(begun.id)
    assert [message.number for message in messages] == list(range(1, 81))
    assert {message.question for message in messages} == {f"{who} {n}" for who in range(4) for n in range(20)}


SPEAK = """
import sys; sys.path[:0] = ['tests', '.']
from test_conversation import answer
from qa.conversation import Conversations
folder, who, turns = sys.argv[1:]
print('ready', flush=True)
sys.stdin.readline()
with Conversations.open(folder) as kept:
    for n in range(int(turns)):
        print(kept.append(answer(f"{who} {n}"), 1 if kept.all() else None).number, flush=True)
"""


def speaker(folder: Path, who: str, turns: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SPEAK, str(folder), who, str(turns)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_processes_that_make_the_file_at_once_share_it(tmp_path: Path) -> None:
    processes = [speaker(tmp_path, who, 10) for who in ("a", "b", "c")]
    for process in processes:
        go(process)
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    with Conversations.open(tmp_path) as kept:
        said = [message.question for each in kept.all() for message in kept.messages(each.id)]
    assert sorted(said) == sorted(f"{who} {n}" for who in "abc" for n in range(10))


def test_killed_at_any_moment_at_most_the_turn_in_flight_is_lost(tmp_path: Path) -> None:
    """Each turn that was told to be kept is kept, whole, and the next one goes on from there."""
    draw = random.Random(0)
    cut_short = 0
    for kill in range(6):
        folder = tmp_path / str(kill)
        folder.mkdir()
        process = speaker(folder, "x", 2000)
        go(process)
        time.sleep(draw.uniform(0.05, 0.4))
        process.send_signal(signal.SIGKILL)
        told, _ = process.communicate()
        turns = told.count("\n")
        with Conversations.open(folder) as kept:
            messages = [message for each in kept.all() for message in kept.messages(each.id)]
            assert [message.question for message in messages] == [f"x {n}" for n in range(len(messages))]
            assert turns <= len(messages) <= turns + 1
            assert kept.append(answer("And now?"), 1 if messages else None).number == len(messages) + 1
        cut_short += 0 < turns < 2000
    assert cut_short, "no kill came while turns were being kept: the test shows nothing"


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / CONVERSATIONS
    with sqlite3.connect(path) as foreign:
        foreign.execute("CREATE TABLE recipes (soup TEXT)")
    foreign.close()
    before = path.read_bytes()
    with pytest.raises(ConversationError, match="is the database of another program and was left as it is"):
        Conversations.open(tmp_path)
    assert path.read_bytes() == before


def test_another_format_is_refused_in_words(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as kept:
        kept.append(answer())
    with sqlite3.connect(tmp_path / CONVERSATIONS) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with pytest.raises(ConversationError, match=f"has format {FORMAT + 1}, this citewire reads format {FORMAT}; "):
        Conversations.open(tmp_path)


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_damaged_file_is_left_as_it_is(content: bytes, tmp_path: Path) -> None:
    (tmp_path / CONVERSATIONS).write_bytes(content)
    with pytest.raises(StoreError, match=r"conversations\.sqlite: the file is damaged .* it was left as it is\."):
        Conversations.open(tmp_path)
    assert (tmp_path / CONVERSATIONS).read_bytes() == content


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConversationError, match=r"cannot be opened .*; check the folder and its permissions"):
        Conversations.open(tmp_path / "nowhere")
