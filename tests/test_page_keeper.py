from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from asked import ACME, MATERIAL, UNKNOWN, assistant_over
from made import HOSTILE, plain, tree_of

from page.chat import Chat, Shown
from page.keeper import Keeper, Session
from page.library import Library
from page.place import Place
from qa import Assistant, Turn
from qa.conversation import Conversations

ANN, BO = Session("ann" * 10), Session("bo" * 15)


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with assistant_over(tmp_path) as assistant:
        yield assistant


@pytest.fixture
def library(assistant: Assistant) -> Iterator[Library]:
    library = Library(assistant.index.folder, assistant.index.embedder)
    yield library
    library.close()


@pytest.fixture
def keeper(assistant: Assistant, library: Library) -> Iterator[Keeper]:
    keeper = Keeper(Conversations.open(assistant.index.folder), library)
    yield keeper
    keeper.close()


@pytest.fixture
def chat(assistant: Assistant, keeper: Keeper) -> Chat:
    return Chat(assistant, keeper)


def ask(chat: Chat, question: str, before: Shown | None = None, session: Session = ANN) -> Shown:
    before = before or Shown("", [], [], "", session)
    return list(chat.ask(question, before.exchanges, None, before.session))[-1]


def sources(shown: Shown) -> list[Place]:
    """The places that the last reply can open."""
    return [Place.parse(value) for value in re.findall('class="source" value="(.*?)"', shown.messages[-1]["content"])]


def titles(keeper: Keeper, session: Session) -> list[str]:
    tree = tree_of(f"<ul>{keeper.listed(session._asdict())}</ul>")
    return [str(title.text_content()) for title in tree.find_class("title")]


def test_what_is_said_is_kept_and_comes_back_as_it_was_shown(chat: Chat, keeper: Keeper) -> None:
    shown = ask(chat, UNKNOWN, ask(chat, MATERIAL))
    assert titles(keeper, shown.session) == [MATERIAL]
    again = chat.reopened(shown.session)
    assert again.messages == shown.messages
    assert [exchange.turn for exchange in again.exchanges] == [
        Turn(MATERIAL, "recycled iron, a hard metal", "Acme Corp."),
        Turn(UNKNOWN, ""),
    ]
    assert shown.latest is not None
    assert again.latest is not None
    assert again.latest.history == shown.latest.history == [Turn(MATERIAL, "recycled iron, a hard metal", "Acme Corp.")]


def test_a_reopened_conversation_opens_the_release_of_its_last_answer(chat: Chat) -> None:
    release = chat.reopened(ask(chat, MATERIAL).session).release
    assert release is not None
    assert [mark.text_content() for mark in tree_of(release).find_class("cited")] == ["recycled iron, a hard metal"]


def test_each_browser_sees_its_own_conversations_alone(chat: Chat, keeper: Keeper) -> None:
    mine = ask(chat, MATERIAL).session
    stolen = BO._replace(conversation=mine.conversation)
    assert titles(keeper, BO) == []
    assert chat.reopened(stolen).exchanges == []
    assert "there is no conversation" in keeper.delete(stolen._asdict())
    assert "there is no conversation" in keeper.exported(stolen._asdict())["problem"]
    assert "is not kept" in plain(ask(chat, MATERIAL, session=stolen).messages[-1]["content"])
    assert titles(keeper, ANN) == [MATERIAL]


def test_who_has_logged_in_sees_the_same_in_every_browser(assistant: Assistant, library: Library) -> None:
    with Conversations.open(assistant.index.folder) as conversations:
        keeper = Keeper(conversations, library, "ann")
        ask(Chat(assistant, keeper), MATERIAL, session=Session())
        assert titles(keeper, BO) == [MATERIAL]


def test_the_file_does_not_tell_the_secret_of_a_browser(chat: Chat, assistant: Assistant) -> None:
    ask(chat, MATERIAL)
    held = b"".join(file.read_bytes() for file in assistant.index.folder.glob("conversations*"))
    assert MATERIAL.encode() in held
    assert ANN.secret.encode() not in held


def test_nothing_is_kept_for_who_is_not_known(chat: Chat, assistant: Assistant) -> None:
    shown = ask(chat, MATERIAL, session=Session())
    assert shown.session == Session()
    assert "recycled iron" in plain(shown.messages[-1]["content"])
    with Conversations.open(assistant.index.folder) as conversations:
        assert conversations.all() == []


@pytest.mark.parametrize(
    "value", [None, {}, {"secret": "short"}, {"secret": 5, "conversation": "1"}, {"secret": "a" * 101}, ["x"]]
)
def test_what_a_browser_cannot_have_sent_counts_as_not_said(value: object) -> None:
    assert Session.of(value) == Session()  # type: ignore[arg-type]


def test_a_conversation_is_renamed_and_deleted(chat: Chat, keeper: Keeper) -> None:
    session = ask(chat, MATERIAL).session
    assert keeper.rename({**session._asdict(), "title": HOSTILE}) == ""
    assert titles(keeper, session) == [HOSTILE]
    assert "needs at least one letter" in keeper.rename({**session._asdict(), "title": " "})
    assert keeper.delete(session._asdict()) == ""
    assert titles(keeper, session) == []


def test_a_conversation_is_exported_with_its_sources(chat: Chat, keeper: Keeper) -> None:
    session = ask(chat, MATERIAL).session
    markdown = keeper.exported({**session._asdict(), "as": "markdown"})
    assert re.fullmatch(r"conversation-\d+\.md", markdown["name"])
    assert "recycled iron, a hard metal" in markdown["text"]
    data = json.loads(keeper.exported({**session._asdict(), "as": "json"})["text"])
    assert data["messages"][0]["citations"][0]["quote"] == "recycled iron, a hard metal"


def test_a_source_that_changed_since_says_so_and_is_not_opened(
    chat: Chat, assistant: Assistant, tmp_path: Path
) -> None:
    session = ask(chat, MATERIAL).session
    (tmp_path / "acme.md").write_text(ACME.replace("recycled iron", "copper"))
    assistant.index.add([tmp_path / "acme.md"])
    shown = chat.reopened(session)
    reply = shown.messages[-1]["content"]
    assert "recycled iron, a hard metal" in plain(reply)
    assert "This release has changed since: these are the words as they were." in plain(reply)
    assert sources(shown) == []
    assert shown.release is not None
    assert "<mark" not in shown.release


def test_a_removed_source_says_so_in_a_refusal_too(chat: Chat, assistant: Assistant, tmp_path: Path) -> None:
    shown = ask(chat, UNKNOWN)
    acme = assistant.index.releases()[0].id
    of_acme = [place.release_id == acme for place in sources(shown)]
    assistant.index.remove([tmp_path / "acme.md"])
    again = chat.reopened(shown.session)
    assert sum(of_acme) > 0
    assert again.messages[-1]["content"].count('class="source gone"') == sum(of_acme)
    assert len(sources(again)) == len(of_acme) - sum(of_acme)
    assert "This release is no longer in the index" in plain(again.messages[-1]["content"])


# -- what is thought of an answer --------------------------------------------------------------------------------------


def buttons(shown: Shown, number: int = -1) -> dict[str, str]:
    """What can be pressed below a reply: label and value."""
    (below,) = tree_of(shown.messages[number]["content"]).find_class("feedback")
    return {button.text_content(): button.get("value") for button in below.iter("button")}


def judge(keeper: Keeper, session: Session, value: str, **more: object) -> dict[str, str]:
    message, verdict = value.split(" ", 1)
    return keeper.judge({**session._asdict(), "message": message, "verdict": verdict, **more})


def test_an_answer_is_judged_and_shown_as_judged_from_then_on(chat: Chat, keeper: Keeper, assistant: Assistant) -> None:
    shown = ask(chat, MATERIAL)
    assert list(buttons(shown)) == ["Right", "Wrong", "Wrong source"]
    html = judge(keeper, shown.session, buttons(shown)["Wrong source"], note=f" {HOSTILE} ")["html"]
    said = f"You said: right words from the wrong source {HOSTILE}"
    assert plain(html).startswith(said)
    assert "\n" not in html
    assert {node.tag for node in tree_of(f"<p>{html}</p>").iter()} == {"p", "span", "q", "button"}
    for later in (ask(chat, UNKNOWN, shown), chat.reopened(shown.session)):
        assert said in plain(later.messages[1]["content"])
        assert list(buttons(later, 1)) == ["Change the note", "Take back"]
    with Conversations.open(assistant.index.folder) as conversations:
        (message, _) = conversations.messages(shown.session.conversation)
    assert message.feedback is not None
    assert (message.feedback.verdict, message.feedback.note) == ("wrong_source", HOSTILE)


def test_a_judgement_is_taken_back(chat: Chat, keeper: Keeper) -> None:
    shown = ask(chat, MATERIAL)
    value = buttons(shown)["Right"]
    assert plain(judge(keeper, shown.session, value)["html"]) == "You said: rightAdd a noteTake back"
    assert plain(judge(keeper, shown.session, value, verdict=None)["html"]).startswith("Is this right?")
    assert chat.reopened(shown.session).messages == shown.messages


def test_a_refusal_has_no_source_that_could_be_wrong(chat: Chat) -> None:
    assert list(buttons(ask(chat, UNKNOWN))) == ["Right", "Wrong"]


def test_nobody_judges_for_another_or_what_is_not_there(chat: Chat, keeper: Keeper) -> None:
    shown = ask(chat, MATERIAL)
    value = buttons(shown)["Wrong"]
    assert "there is no message" in judge(keeper, BO, value)["problem"]
    assert "keeps nothing" in judge(keeper, Session(), value)["problem"]
    assert "there is no message" in judge(keeper, ANN, value, message=None)["problem"]
    assert "is no verdict" in judge(keeper, ANN, value, verdict=["right"])["problem"]
    assert chat.reopened(shown.session).messages == shown.messages


def test_what_is_not_kept_cannot_be_judged(chat: Chat) -> None:
    for shown in (ask(chat, MATERIAL, session=Session()), ask(chat, " ")):
        assert 'class="feedback"' not in shown.messages[-1]["content"]
