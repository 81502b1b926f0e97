"""A stored conversation -> Markdown to read, or JSON to work with, with every source."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from index import months
from qa.conversation import Conversation, Message, one_line
from qa.kept import KeptCitation
from qa.retrieve import Filters
from qa.rewrite import is_rewritten
from qa.verdict import with_verdict

ROLES = {
    "cited": "",
    "other": "Elsewhere it said:",
    "nearest": "Nearest, but no answer:",
}
VERDICTS = {"right": "right", "wrong": "wrong", "wrong_source": "right words from the wrong source"}


def to_markdown(conversation: Conversation, messages: Sequence[Message]) -> str:
    """The conversation as Markdown: a section a question, with answer, sources, and what became of them since."""
    title = _escaped(conversation.title) or f"Conversation {conversation.id}"
    counted = f"{len(messages):,} question{'' if len(messages) == 1 else 's'}"
    lines = [f"# {title}", "", f"Begun {_moment(conversation.started)} · {counted}"]
    for message in messages:
        lines += ["", *_section(message)]
    return "\n".join(lines) + "\n"


def _section(message: Message) -> list[str]:
    lines = [f"## {message.number}. {_escaped(message.question) or '(nothing)'}", ""]
    asked = [f"Asked {_moment(message.asked)}"]
    if is_rewritten(message.question, message.query):
        asked.append(f"understood as: {_escaped(message.query)}")
    if limits := filters_in_words(message.filters):
        asked.append(_escaped(limits))
    lines += [" · ".join(asked), ""]
    if message.answered:
        said = with_verdict(message.verdict, message.answer)
        lines.append(f"**{_escaped(said)}** (confidence {message.confidence:.2f})")
        lines += ["", _escaped(message.lacking)] if message.lacking else []
    else:
        lines.append(f"**{_escaped(message.refusal or '')}**")
    for role, heading in ROLES.items():
        citations = [citation for citation in message.citations if citation.role == role]
        if citations and heading:
            lines += ["", heading]
        for citation in citations:
            lines += ["", *_source(citation)]
    if message.feedback:
        note = f": {_escaped(message.feedback.note)}" if message.feedback.note else ""
        lines += ["", f"Judged {VERDICTS[message.feedback.verdict]}{note}"]
    return lines


def _source(citation: KeptCitation) -> list[str]:
    named = (citation.issuer, in_words(citation.published), citation.headline)
    pin = f"characters {citation.start:,} to {citation.end:,} of the text with sha256 {citation.sha256[:16]}…"
    place = [*(_escaped(part) for part in (citation.source, citation.url) if part), pin]
    before, quote, after = (_marks(flat(part)) for part in sentence_parts(citation))
    # Beside a letter Markdown takes asterisks for themselves.
    opening, closing = ("»", "«") if before[-1:].isalnum() or after[:1].isalnum() else ("**", "**")
    return [
        f"{citation.number}. {' · '.join(_escaped(part) for part in named if part)}",
        "",
        f"    > {_at_start(f'{before}{opening}{quote}{closing}{after}'.strip())}",
        "",
        *([f"    *{_escaped(citation.notice)}*  "] if citation.notice else []),
        f"    {' · '.join(place)}",
    ]


def sentence_parts(citation: KeptCitation) -> tuple[str, str, str]:
    """The sentence before, at and after the cited words, as it was when it was cited."""
    start, end = citation.start - citation.sentence_start, citation.end - citation.sentence_start
    return citation.sentence[:start], citation.quote, citation.sentence[end:]


def filters_in_words(filters: Filters) -> str:
    """What a question was limited to; empty if to nothing.

    >>> filters_in_words(Filters(("Acme", "Bolt"), (), date(2024, 1, 1)))
    'only Acme or Bolt, since 1 January 2024'
    """
    parts = []
    if names := (*filters.issuers, *filters.tickers):
        parts.append(f"only {' or '.join(names)}")
    parts += [
        f"{word} {in_words(day)}"
        for word, day in (("since", filters.since), ("until", filters.until))
        if day is not None
    ]
    return ", ".join(parts)


def in_words(day: date | None) -> str:
    """The day as a person writes it.

    >>> in_words(date(2024, 5, 3)), in_words(None)
    ('3 May 2024', 'date unknown')
    """
    return months.in_words(day) if day else "date unknown"


def _moment(moment: datetime) -> str:
    return f"{in_words(moment.date())}, {moment:%H:%M} UTC"


def flat(text: str) -> str:
    """Words of a release on one line, the cells of a table parted by dots.

    >>> flat("Revenue\\t5.1\\t4.2\\nCosts")
    'Revenue · 5.1 · 4.2 Costs'
    """
    return text.replace("\n", " ").replace("\t", " · ")


def _escaped(text: str) -> str:
    """The text so that Markdown shows it as it is, on one line.

    >>> _escaped("<b>5*3</b>\\n& $2_a")
    '\\\\<b\\\\>5\\\\*3\\\\</b\\\\> \\\\& \\\\$2\\\\_a'
    """
    return _at_start(_marks(one_line(text)))


def _marks(text: str) -> str:
    """The text with a backslash before what Markdown, or a program that reads it, might take for a mark."""
    return re.sub(r"([\\`*_\[\]<>#|~&$])", r"\\\1", text)


def _at_start(text: str) -> str:
    """The text with a backslash where it would begin a list or underline what is above.

    >>> _at_start("1. FC Acme"), _at_start("- 5"), _at_start("5-3")
    ('1\\\\. FC Acme', '\\\\- 5', '5-3')
    """
    return re.sub(r"^(\d+)([.)])|^([-+=])", r"\1\\\2\3", text)


# -- JSON --------------------------------------------------------------------------------------------------------------


def to_json(conversation: Conversation, messages: Sequence[Message]) -> str:
    """The conversation as JSON, with all that is stored and the state of each citation."""
    whole = _plain(conversation) | {"messages": [message_json(message) for message in messages]}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def message_json(message: Message) -> dict[str, Any]:
    """One question and its answer as plain data; days and times as in ISO 8601."""
    return _plain(message) | {
        "answered": message.answered,
        "filters": _plain(message.filters),
        "citations": [citation_json(citation) for citation in message.citations],
        "feedback": message.feedback and _plain(message.feedback),
    }


def citation_json(citation: KeptCitation) -> dict[str, Any]:
    """One citation as plain data, with its state, and the id of the release that has its words now."""
    return _plain(citation) | {
        "release": citation.release and citation.release.id,
        "corrected_by": citation.corrected_by and citation.corrected_by.id,
        "notice": citation.notice,
    }


def _plain(record: Any) -> dict[str, Any]:
    """The fields of a record, days and times as text."""
    names = getattr(record, "_fields", None) or [field.name for field in fields(record)]
    values = {name: getattr(record, name) for name in names}
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
