"""Kept conversations: their list, and what was said in one, with what became of its sources since."""

from __future__ import annotations

from collections.abc import Sequence

from page.answer import answer_html
from page.inline import about, counted, day, line
from qa import Answer, Refusal
from qa.conversation import Conversation, Message
from qa.kept import KeptCitation


def list_html(conversations: Sequence[Conversation], current: int) -> str:
    """The conversations, newest first; the one that is open with what can be done to it."""
    return "".join(_row(each, each.id == current) for each in conversations) or (
        '<li class="none">Conversations are kept here.</li>'
    )


def _row(conversation: Conversation, is_open: bool) -> str:
    mark = ' aria-current="true"' if is_open else ""
    title = line(conversation.title) or "Untitled"
    said = f"{day(conversation.changed.date())}, {counted(conversation.length, 'question')}"
    actions = (
        '<div class="actions"><button type="button" data-do="rename">Rename</button>'
        '<button type="button" data-do="markdown">Export</button>'
        '<button type="button" data-do="json" aria-label="Export as JSON">JSON</button>'
        '<button type="button" data-do="delete">Delete</button></div>'
        if is_open
        else ""
    )
    return (
        f'<li data-conversation="{conversation.id}"><button type="button" class="conversation" title="{said}"{mark}>'
        f'<bdi class="title">{title}</bdi></button>{actions}</li>'
    )


def answer_of(message: Message) -> Answer:
    """The answer as it was given, with those of its citations whose words still stand."""
    refusal = None
    if message.reason:
        nearest = tuple(kept.citation for kept in message.of("nearest") if kept.citation)
        refusal = Refusal(message.reason, message.refusal or "", nearest)  # type: ignore[arg-type]
    return Answer(
        question=message.question,
        query=message.query,
        text=message.answer,
        citations=tuple(kept.citation for kept in message.of("cited") if kept.citation),
        confidence=message.confidence,
        refusal=refusal,
        others=tuple(kept.citation for kept in message.of("other") if kept.citation),
        verdict=message.verdict,
        lacking=message.lacking,
    )


def message_html(message: Message) -> str:
    """An answer as it was given. Sources that changed or went say so, and show the words as they were."""
    gone = "".join(_gone(kept) for kept in message.citations if not kept.citation)
    return answer_html(answer_of(message), gone)


def _gone(kept: KeptCitation) -> str:
    at, end = kept.start - kept.sentence_start, kept.end - kept.sentence_start
    words = f"{line(kept.sentence[:at])}<b>{line(kept.quote)}</b>{line(kept.sentence[end:])}"
    return (
        f'<div class="source gone"><span class="sentence" dir="auto">{words}</span>'
        f'<span class="from">{about(kept.issuer, day(kept.published), kept.headline)}</span>'
        f'<span class="withdrawn">{line(kept.notice)}</span></div>'
    )
