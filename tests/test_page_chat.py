from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from asked import ACME, MATERIAL, UNKNOWN, Listener, read
from made import plain, tree_of

from app import SAMPLES
from index.store import Index, Passage
from page.answer import MOST_ASKED
from page.chat import MOST_EXAMPLES, Chat, Exchange, Latest, Offered, Shown, messages
from qa import Assistant, Turn
from qa.scored import ScoredSpan


@pytest.fixture
def chat(asked: Assistant) -> Chat:
    return Chat(asked)


def last(chat: Chat, question: str, before: Sequence[Exchange] = (), scope: dict[str, str] | None = None) -> Shown:
    """The page after the reply."""
    return list(chat.ask(question, before, scope))[-1]


def reply(shown: Shown) -> str:
    return shown.messages[-1]["content"]


def test_an_answer_shows_its_source_and_opens_the_release_at_the_cited_words(chat: Chat) -> None:
    shown = last(chat, MATERIAL)
    assert shown.box == ""
    assert shown.exchanges[0].turn == Turn(MATERIAL, "recycled iron, a hard metal", "Acme Corp.")
    assert [message["role"] for message in shown.messages] == ["user", "assistant"]
    assert plain(shown.messages[0]["content"]) == MATERIAL
    assert plain(reply(shown)).startswith("recycled iron, a hard metal")
    assert "[1] Acme Corp. · 3 May 2024 · Acme Corp. opens an anvil works" in plain(reply(shown))
    assert shown.release is not None
    assert [mark.text_content() for mark in tree_of(shown.release).find_class("cited")] == [
        "recycled iron, a hard metal"
    ]


def test_the_question_is_shown_while_an_answer_takes_its_time(asked: Assistant) -> None:
    """An answer that is there at once is all that is shown; one that is not is waited for in sight."""
    go_on = threading.Event()

    def slowly(query: str, passages: Sequence[Passage], question: str = "") -> list[ScoredSpan]:
        assert go_on.wait(20)
        return read(query, passages)

    shown = Chat(Assistant(asked.index, read=slowly)).ask(MATERIAL, [])
    first = next(shown)
    assert (first.box, first.exchanges, first.release) == ("", [], None)
    assert [plain(message["content"]) for message in first.messages] == [MATERIAL, "Reading the releases …"]
    go_on.set()
    assert "recycled iron" in plain(reply(next(shown)))
    assert len(list(Chat(asked).ask("", []))) == 1


def test_a_refusal_opens_no_release_and_offers_what_came_nearest(chat: Chat) -> None:
    shown = last(chat, UNKNOWN)
    assert plain(reply(shown)).startswith("The releases do not say.Nearest passages, which are no answer:")
    assert shown.release is not None
    assert 'class="release empty"' in shown.release
    assert shown.exchanges[0].turn == Turn(UNKNOWN, "")


def test_a_blank_question_is_answered_kindly_and_not_remembered(chat: Chat) -> None:
    shown = last(chat, " \n ")
    assert [message["role"] for message in shown.messages] == ["assistant"]
    assert plain(reply(shown)) == "That holds no words: ask a question about the releases."
    assert shown.exchanges[0].turn is None


def test_a_question_of_twenty_thousand_characters_is_refused_and_not_remembered(chat: Chat) -> None:
    shown = last(chat, "anvil " * 3334)
    assert len(plain(shown.messages[0]["content"])) == MOST_ASKED + 1
    assert "20,004 characters long" in plain(reply(shown))
    assert shown.exchanges[0].turn is None


def test_only_releases_of_the_scope_answer(chat: Chat) -> None:
    assert "recycled iron" in plain(reply(last(chat, MATERIAL, scope={"issuer": "acme", "until": "2024-05-03"})))
    assert "No indexed release is from Zyx" in plain(reply(last(chat, MATERIAL, scope={"issuer": "Zyx"})))
    early = plain(reply(last(chat, MATERIAL, scope={"until": "2024-05-02"})))
    assert early.startswith("The releases do not say it within these dates; they do on 3 May 2024.")


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ({"since": "2025-01-01", "until": "2024-01-01"}, "no day lies between them"),
        ({"since": "<b>"}, "is no day; write it as YYYY-MM-DD"),
    ],
)
def test_a_scope_that_makes_no_sense_is_said_and_not_remembered(chat: Chat, scope: dict[str, str], reason: str) -> None:
    shown = last(chat, MATERIAL, scope=scope)
    assert reason in plain(reply(shown))
    assert shown.exchanges[0].turn is None


def test_a_follow_up_leans_on_this_conversation_and_on_no_other(asked: Assistant) -> None:
    listener = Listener()
    chat = Chat(Assistant(asked.index, rewrite=listener, read=read))
    mine = last(chat, MATERIAL).exchanges
    last(chat, "Who opened its works?", mine)
    last(chat, "Who opened its works?")
    assert listener.heard == [[], [Turn(MATERIAL, "recycled iron, a hard metal", "Acme Corp.")], []]


def test_the_conversation_it_was_given_is_left_as_it_was(chat: Chat) -> None:
    before: list[Exchange] = []
    after = last(chat, MATERIAL, before).exchanges
    assert before == []
    assert plain(messages(after)[0]["content"]) == MATERIAL


def test_an_index_that_fails_is_said_in_the_conversation(tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text(ACME)
    index = Index.open(tmp_path / "index")
    index.add([tmp_path])
    broken = Chat(Assistant(index))
    index._database.rows("DROP TABLE chunk_words")
    assert "chunk_words" in plain(reply(last(broken, MATERIAL)))


def test_examples_are_questions_that_the_index_answers_from_that_issuer(chat: Chat) -> None:
    assert chat.examples() == ["What is Acme Corp.?"]


def test_the_samples_bring_their_own_examples(tmp_path: Path) -> None:
    """With the reader as it ships: the first question of the README is always among them."""
    with Index.open(tmp_path) as index:
        index.add([SAMPLES])
        examples = Chat(Assistant(index)).examples()
    assert examples[0] == "What payload does CLR 131 use?"
    assert 2 <= len(examples) <= MOST_EXAMPLES


def latest(shown: Shown) -> Latest:
    assert shown.latest is not None
    return shown.latest


def test_an_answer_is_gone_on_from_with_questions_that_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reader as it ships, for as long as it takes; what was offered before is not offered again."""
    monkeypatch.setattr("page.chat.SECONDS", 60)
    (tmp_path / "acme.md").write_text(
        "# Acme Robotics opens a works\n\nLINZ, May 3, 2024 (WIRE) -- Acme Robotics, Inc. (NASDAQ: ACR) makes arms of "
        "recycled iron.\n\nAcme Robotics operates 13 service centers across Austria.\n"
    )
    with Index.open(tmp_path / "index") as index:
        index.add([tmp_path / "acme.md"])
        chat = Chat(Assistant(index))
        shown = last(chat, "What are the arms of Acme Robotics made of?")
        found = chat.onward(latest(shown))
        assert 1 <= len(found) <= 3
        assert shown.exchanges[0].question not in found
        assert "recycled iron" not in plain(reply(last(chat, found[0], shown.exchanges)).split("</p>")[0])
        assert not set(found) & set(chat.onward(latest(shown), found))


def test_what_another_conversation_was_offered_is_offered_again(chat: Chat) -> None:
    """Also where it was found so late that the other conversation had ended by then."""
    first = last(chat, MATERIAL)
    offered = Offered([], []).with_more(latest(first), ["Who?"])
    second = last(chat, "And where is it made?", first.exchanges)
    offered_later = offered.with_more(latest(second), ["When?"])
    third = last(chat, "Who makes it?", second.exchanges)
    assert offered.before(latest(second)) == ["Who?"]
    assert offered_later.before(latest(third)) == ["Who?", "When?"]
    assert offered_later.before(latest(last(chat, MATERIAL))) == []
    another = last(chat, "Who sells nails?")
    assert offered_later.before(latest(last(chat, "And where is it made?", another.exchanges))) == []


def test_what_was_meant_is_asked_alone_and_takes_the_place_of_the_last_question(asked: Assistant) -> None:
    """Nothing that was said before goes with it; the next question leans on it and on what was before both."""
    heard = Listener()
    chat = Chat(Assistant(asked.index, rewrite=heard, read=read))
    wrong = last(chat, "And where is it made?", last(chat, MATERIAL).exchanges)
    right = list(chat.ask("Where are anvils made?", wrong.exchanges, is_meant=True))[-1]
    last(chat, "Since when?", right.exchanges)
    assert heard.heard[2] == []
    assert [turn.question for turn in heard.heard[3]] == [MATERIAL, "Where are anvils made?"]
    assert len(right.exchanges) == 3


def test_what_was_meant_can_be_asked_where_nothing_was_asked(chat: Chat) -> None:
    """As after the page was left open while its conversation was deleted elsewhere."""
    assert "recycled iron" in plain(reply(list(chat.ask(MATERIAL, [], is_meant=True))[-1]))


def test_nothing_is_offered_after_what_was_not_understood_or_where_nothing_is_known(chat: Chat) -> None:
    assert last(chat, " ").latest is None
    assert last(chat, MATERIAL, scope={"since": "<b>"}).latest is None
    assert chat.onward(latest(last(chat, MATERIAL))) == []  # this reader knows no other answer
    assert chat.onward(latest(last(chat, MATERIAL, scope={"issuer": "Zyx"}))) == []


def test_nothing_is_looked_for_while_people_ask(asked: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("page.chat.SECONDS", 0.05)
    heard = Listener()
    chat = Chat(Assistant(asked.index, rewrite=heard, read=read))
    shown = last(chat, MATERIAL)
    with chat._turn.first():
        assert chat.onward(latest(shown)) == []
    assert len(heard.heard) == 1
    assert "recycled iron" in plain(reply(last(chat, MATERIAL)))


def test_a_search_gives_the_nearest_passages(chat: Chat) -> None:
    from qa import Filters

    (passage,) = chat.search("anvil works", Filters(), 1)
    assert "Acme Corp." in passage.chunk.text
    assert re.match("[0-9a-f]{16}", passage.chunk.release.id)
