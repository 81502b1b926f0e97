from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Write
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_conversation import ACME, answer, cite, refusal

from index import Index
from qa import Answer, Filters
from qa.conversation import Conversation, Conversations, Feedback, Message, one_line, title_of
from qa.transcript import message_json, to_json, to_markdown


def text_of(markdown: str) -> list[str]:
    """What a reader of the rendered page sees, a string a block; raw HTML would be seen as its tags."""
    renderer = MarkdownIt("commonmark", {"html": True})
    blocks = [
        token for token in renderer.parse(markdown) if token.type in ("inline", "html_block", "code_block", "fence")
    ]
    return ["".join(child.content for child in block.children or [block]) for block in blocks]


@pytest.fixture
def told(index: Index, write: Write, tmp_path: Path) -> tuple[Conversations, int, Path]:
    """A conversation of an answer, a follow-up that was refused, and what was thought of both."""
    source = write("acme.md", ACME)
    index.add([source])
    cited, near = cite(index, "Ann Berg", source), cite(index, "$5 million", source)
    kept = Conversations.open(tmp_path)
    first = kept.append(Answer("Who opened it?", "Who opened it?", "Ann Berg", (cited,), 0.8, None, others=(near,)))
    asked = Answer("Why?", "Why did Ann Berg open it?", "", (), 0.1, refusal("Why?", near).refusal)
    second = kept.append(asked, first.conversation, filters=Filters(("Acme",)))
    kept.judge(first.id, "right")
    kept.judge(second.id, "wrong", "it says *so*")
    return kept, first.conversation, source


def test_markdown_has_every_question_answer_and_source(index: Index, told: tuple[Conversations, int, Path]) -> None:
    """As it stands in the file."""
    kept, id_, source = told
    markdown = to_markdown(kept.conversation(id_), kept.messages(id_, index))
    sha256 = index.releases()[0].id and kept.messages(id_)[0].citations[0].sha256[:16]
    shown = re.sub(r"\d+ \w+ 20\d\d, \d\d:\d\d UTC", "TODAY", markdown).replace(str(source).replace("_", "\\_"), "FILE")
    assert (
        shown
        == f"""\
# Who opened it?

Begun TODAY · 2 questions

## 1. Who opened it?

Asked TODAY

**Ann Berg** (confidence 0.80)

1. Acme Corp. · 3 May 2024 · Acme Corp. opens an anvil works

    > **Ann Berg**, chief executive officer of Acme Corp., opened the works.

    FILE · characters 121 to 129 of the text with sha256 {sha256}…

Elsewhere it said:

1. Acme Corp. · 3 May 2024 · Acme Corp. opens an anvil works

    > They cost **\\$5 million**.

    FILE · characters 198 to 208 of the text with sha256 {sha256}…

Judged right

## 2. Why?

Asked TODAY · understood as: Why did Ann Berg open it? · only Acme

**The releases do not say.**

Nearest, but no answer:

1. Acme Corp. · 3 May 2024 · Acme Corp. opens an anvil works

    > They cost **\\$5 million**.

    FILE · characters 198 to 208 of the text with sha256 {sha256}…

Judged wrong: it says \\*so\\*
"""
    )


def test_a_citation_whose_release_changed_says_so(index: Index, told: tuple[Conversations, int, Path]) -> None:
    """In both forms, with the words as they were."""
    kept, id_, source = told
    index.remove([source])
    conversation, messages = kept.conversation(id_), kept.messages(id_, index)
    assert "*This release is no longer in the index: these are the words as they were.*" in to_markdown(
        conversation, messages
    )
    cited = json.loads(to_json(conversation, messages))["messages"][0]["citations"][0]
    assert (cited["state"], cited["quote"], cited["release"]) == ("removed", "Ann Berg", None)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXT, TEXT, TEXT)
@example("<script>alert(1)</script>", "1. one", "[a](javascript:b) ![c](d) `e` ~~f~~ &amp; <https://g.h>")
@example("# a #", "- b", "+ c\n===\n| d |\n|---|")
@example("\\", "**bold** _so_ *", "***")
@example("    code", "```\nfence", "> quote")
def test_any_text_is_shown_as_it_is(question: str, said: str, note: str) -> None:
    """Rendered, the words come out as they were, on one line: nothing in them is a mark of Markdown or HTML."""
    now = datetime(2026, 5, 3, 10, tzinfo=UTC)
    message = Message(
        *("0" * 16, 1, 1, now, question, question, f"x{said}x", None, 0.5, None, None, Filters(), 0, None, ()),
        Feedback("wrong", f"x{note}x", now),
    )
    blocks = text_of(to_markdown(Conversation(1, title_of(f"x{question}x"), now, now, 1), [message]))
    assert blocks == [
        title_of(f"x{question}x"),
        "Begun 3 May 2026, 10:00 UTC · 1 question",
        f"1. {one_line(question) or '(nothing)'}",
        "Asked 3 May 2026, 10:00 UTC",
        f"{one_line(f'x{said}x')} (confidence 0.50)",
        f"Judged wrong: {one_line(f'x{note}x')}",
    ]


def test_json_holds_all_that_is_stored(index: Index, told: tuple[Conversations, int, Path]) -> None:
    kept, id_, source = told
    conversation, messages = kept.conversation(id_), kept.messages(id_, index)
    whole = json.loads(to_json(conversation, messages))
    assert (whole["id"], whole["title"], whole["length"]) == (id_, "Who opened it?", 2)
    first, second = whole["messages"]
    assert first == message_json(messages[0])
    assert (first["id"], first["number"], first["answered"], first["answer"]) == (messages[0].id, 1, True, "Ann Berg")
    assert first["citations"][0] | {"sha256": "", "release_id": "", "release": ""} == {
        "role": "cited",
        "number": 1,
        "release_id": "",
        "sha256": "",
        "start": 121,
        "end": 129,
        "quote": "Ann Berg",
        "sentence_start": 121,
        "sentence_end": 187,
        "sentence": "Ann Berg, chief executive officer of Acme Corp., opened the works.",
        "issuer": "Acme Corp.",
        "headline": "Acme Corp. opens an anvil works",
        "published": "2024-05-03",
        "source": str(source),
        "url": None,
        "withdrawn": "",
        "state": "present",
        "release": "",
        "corrected_by": None,
        "notice": "",
    }
    assert second["filters"] == {"issuers": ["Acme"], "tickers": [], "since": None, "until": None}
    assert (second["reason"], second["feedback"]["verdict"]) == ("not_said", "wrong")
    assert first["asked"] == messages[0].asked.isoformat()


def test_an_empty_conversation_can_be_exported(tmp_path: Path) -> None:
    with Conversations.open(tmp_path) as kept:
        begun = kept.new()
        assert to_markdown(begun, []).startswith("# Conversation 1\n\nBegun ")
        assert json.loads(to_json(begun, []))["messages"] == []


def test_a_quote_between_letters_is_set_off_by_letters(index: Index, write: Write, tmp_path: Path) -> None:
    """Where asterisks would be taken for themselves."""
    source = write("acme.md", ACME)
    index.add([source])
    with Conversations.open(tmp_path) as kept:
        message = kept.append(answer("What?", "iron", cite(index, "cycled", source)))
        shown = to_markdown(kept.conversation(message.conversation), [message])
    assert "uses re»cycled« iron as its" in shown
