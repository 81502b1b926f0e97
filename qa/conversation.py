"""Conversations that last: what was asked, how it was understood, what was answered, and the very words cited.

conversations.sqlite    beside the index; written in transactions, one a turn

A citation is kept with its release's id, its positions, the sha256 of the text they point into, and its words. When a
conversation is opened, each is checked against the index: words are shown in their release only where they still stand.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from index.store import Index
from qa.answer import Answer
from qa.compare import YesOrNo
from qa.conversation_file import ConversationFile, NoConversation
from qa.kept import KeptCitation, Role, check, keep
from qa.retrieve import Filters
from qa.rewrite import Turn

CONVERSATIONS = "conversations.sqlite"
MOST_TITLE = 120  # characters
MOST_NOTE = 4_000

Verdict = Literal["right", "wrong", "wrong_source"]


class Conversation(NamedTuple):
    """One line of the list of conversations."""

    id: int  # never given twice, also after it is deleted
    title: str  # one line; of the first question unless renamed
    started: datetime  # UTC
    changed: datetime  # UTC; of the last question
    length: int  # messages


class Feedback(NamedTuple):
    """What a person thought of an answer."""

    verdict: Verdict
    note: str  # in their own words; of a wrong answer perhaps the right one
    given: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Message:
    """A question and its answer, as stored."""

    id: str  # 16 hex digits, for ever
    conversation: int
    number: int  # from 1; place in the conversation
    asked: datetime  # UTC
    question: str  # as asked
    query: str  # as understood
    answer: str  # the short answer; empty when refused
    verdict: YesOrNo | None  # of a question for it, where the cited words tell
    confidence: float
    reason: str | None  # of a refusal
    refusal: str | None  # its sentence; of an answer, what of several things asked it does not answer
    filters: Filters
    generation: int  # of the index that answered
    corrects: str | None  # id of the message whose question this one asks again, understood as was meant
    citations: tuple[KeptCitation, ...]  # those the answer rests on first
    feedback: Feedback | None = None

    @property
    def answered(self) -> bool:
        """Whether this is an answer rather than a refusal."""
        return self.reason is None

    @property
    def lacking(self) -> str:
        """Of several things asked at once, which are not answered, and why; empty of a refusal."""
        return self.refusal or "" if self.answered else ""

    @property
    def turn(self) -> Turn:
        """What a next question may lean on."""
        cited = self.of("cited")
        return Turn(self.question, self.answer, (cited[0].issuer or "") if cited else "")

    def of(self, role: Role) -> list[KeptCitation]:
        """The citations in this role, in order."""
        return [citation for citation in self.citations if citation.role == role]


class Conversations:
    """The conversations beside one index. Open it with `Conversations.open`; any thread may use it, and any process.

    Args:
        file: where they are kept.
        owner: only the conversations of this person are seen, and new ones are theirs; None sees everybody's.
    """

    def __init__(self, file: ConversationFile, owner: str | None = None) -> None:
        self._file = file
        self.owner = owner

    @classmethod
    def open(cls, folder: str | Path, owner: str | None = None) -> Conversations:
        """Open what is kept in the index's ``folder``; made where there is nothing yet.

        Raises:
            ConversationError: it cannot be opened, is damaged, another program's, or of another version.
        """
        return cls(ConversationFile(Path(folder) / CONVERSATIONS), owner)

    def of(self, owner: str | None) -> Conversations:
        """The same file, as this person sees it."""
        return Conversations(self._file, owner)

    def close(self) -> None:
        """Close the file, for every owner; it cannot be used after that."""
        self._file.close()

    def __enter__(self) -> Conversations:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # -- conversations -------------------------------------------------------------------------------------------------

    def new(self, title: str = "") -> Conversation:
        """Begin a conversation; it is titled by its first question unless a title is given."""
        now = _now()
        with self._file.transaction():
            (id_,) = self._file.rows(
                "INSERT INTO conversations (owner, title, started, changed) VALUES (?, ?, ?, ?) RETURNING id",
                (_whole(self.owner or ""), title_of(title), now, now),
            )[0]
        return self.conversation(id_)

    def all(self) -> list[Conversation]:
        """Every conversation, the one that was spoken in last first."""
        return self._conversations("", ())

    def conversation(self, conversation: int) -> Conversation:
        """The one with this id.

        Raises:
            NoConversation: there is none.
        """
        found = self._conversations("AND id = ?", (conversation,)) if _is_id(conversation) else []
        if not found:
            raise NoConversation(f"there is no conversation {conversation}; the list shows which there are")
        return found[0]

    def _conversations(self, condition: str, values: Sequence[Any]) -> list[Conversation]:
        rows = self._file.rows(
            "SELECT id, title, started, changed, (SELECT count(*) FROM messages WHERE conversation = conversations.id) "
            f"FROM conversations WHERE owner = coalesce(?, owner) {condition} ORDER BY changed DESC, id DESC",
            (self.owner, *values),
        )
        return [Conversation(id_, title, _time(started), _time(changed), n) for id_, title, started, changed, n in rows]

    def rename(self, conversation: int, title: str) -> Conversation:
        """Give a conversation another title.

        Raises:
            NoConversation: there is none.
            ValueError: the title is blank.
        """
        wanted = title_of(title)
        if not wanted:
            raise ValueError("a title needs at least one letter or digit")
        with self._file.transaction():
            self.conversation(conversation)
            self._file.rows("UPDATE conversations SET title = ? WHERE id = ?", (wanted, conversation))
        return self.conversation(conversation)

    def delete(self, conversation: int) -> None:
        """Delete a conversation with all that was said in it. Its words do not stay in the file.

        Raises:
            NoConversation: there is none.
        """
        with self._file.transaction():
            self.conversation(conversation)
            self._file.rows("DELETE FROM conversations WHERE id = ?", (conversation,))
        self._file.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    # -- messages ------------------------------------------------------------------------------------------------------

    def append(
        self,
        answer: Answer,
        conversation: int | None = None,
        *,
        filters: Filters = Filters(),
        generation: int = 0,
        corrects: str | None = None,
    ) -> Message:
        """Keep one question with its answer, whole or not at all.

        Args:
            conversation: where it was asked; a new one is begun if not given.
            filters: as the question was asked with.
            generation: of the index that answered.
            corrects: id of the message whose question was misunderstood and is asked again here. What later questions
                lean on leaves that one out.

        Raises:
            NoConversation: there is no such conversation, or no such message to correct in it.
        """
        with self._file.transaction():
            where = self.new() if conversation is None else self.conversation(conversation)
            if corrects is not None and self.message(corrects).conversation != where.id:
                raise NoConversation(f"message {corrects} is not in conversation {where.id}")
            message = _message(answer, where.id, filters=filters, generation=generation, corrects=corrects)
            number = self._file.rows(
                "SELECT coalesce(max(number), 0) + 1 FROM messages WHERE conversation = ?", (where.id,)
            )[0][0]
            message = replace(message, number=number)
            self._insert(message)
            self._file.rows(
                "UPDATE conversations SET changed = ?, title = CASE title WHEN '' THEN ? ELSE title END WHERE id = ?",
                (_stored_time(message.asked), title_of(answer.question), where.id),
            )
        return message

    def _insert(self, message: Message) -> None:
        said = {name: getattr(message, name) for name in _SAID}
        said["asked"] = _stored_time(message.asked)
        said["filters"] = json.dumps(asdict(message.filters), default=date.isoformat)
        self._file.rows(f"INSERT INTO messages VALUES (?{', ?' * (len(_SAID) - 1)})", tuple(said.values()))
        for kept in message.citations:
            values = {name: getattr(kept, name) for name in _KEPT}
            values["published"] = kept.published and kept.published.isoformat()
            self._file.rows(f"INSERT INTO citations VALUES (?{', ?' * len(_KEPT)})", (message.id, *values.values()))

    def messages(self, conversation: int, index: Index | None = None) -> list[Message]:
        """All that was said in a conversation, in order.

        Args:
            index: what citations are checked against, used within this call only; not given, they stay unchecked.

        Raises:
            NoConversation: there is none.
        """
        self.conversation(conversation)
        return self._messages("conversation = ?", (conversation,), index)

    def message(self, message: str, index: Index | None = None) -> Message:
        """The message with this id, its citations checked against the index if one is given.

        Raises:
            NoConversation: there is none.
        """
        found = self._messages("messages.id = ?", (_whole(message),), index)
        if not found:
            raise NoConversation(f"there is no message {message}; its conversation may have been deleted")
        return found[0]

    def _messages(self, condition: str, values: Sequence[Any], index: Index | None) -> list[Message]:
        owned = (
            f"FROM messages JOIN conversations ON conversations.id = conversation AND owner = coalesce(?, owner) "
            f"WHERE {condition}"
        )
        given = (self.owner, *values)
        with self._file.snapshot():
            messages = self._file.rows(f"SELECT messages.* {owned} ORDER BY number", given)
            citations = self._file.rows(
                f"SELECT * FROM citations WHERE message IN (SELECT messages.id {owned}) ORDER BY role, number", given
            )
            feedback = self._file.rows(f"SELECT * FROM feedback WHERE message IN (SELECT messages.id {owned})", given)
        kept = [_kept(row[1:]) for row in citations]
        if index is not None:
            kept = check(kept, index)
        cited: dict[str, list[KeptCitation]] = {}
        for row, citation in zip(citations, kept, strict=True):
            cited.setdefault(row[0], []).append(citation)
        judged = {id_: Feedback(verdict, note, _time(given)) for id_, verdict, note, given in feedback}
        return [_loaded(row, cited.get(row[0], ()), judged.get(row[0])) for row in messages]

    def history(self, conversation: int) -> list[Turn]:
        """What a next question may lean on: earlier questions and answers, oldest first.

        A question that was asked again as it was meant stands there once, as meant.

        Raises:
            NoConversation: there is none.
        """
        self.conversation(conversation)
        rows = self._file.rows(
            "SELECT question, answer, (SELECT issuer FROM citations WHERE message = messages.id AND role = 'cited' "
            "ORDER BY number LIMIT 1) FROM messages WHERE conversation = ? "
            "AND id NOT IN (SELECT corrects FROM messages WHERE conversation = ? AND corrects IS NOT NULL) "
            "ORDER BY number",
            (conversation, conversation),
        )
        return [Turn(question, answer, issuer or "") for question, answer, issuer in rows]

    def questions(self, most: int = 200) -> list[str]:
        """The last questions asked in any conversation, oldest first."""
        rows = self._file.rows(
            "SELECT question FROM messages JOIN conversations ON conversations.id = conversation "
            "AND owner = coalesce(?, owner) ORDER BY asked DESC, number DESC LIMIT ?",
            (self.owner, most),
        )
        return [question for (question,) in reversed(rows)]

    def judge(self, message: str, verdict: Verdict | None, note: str = "") -> Message:
        """Keep what a person thinks of an answer, in place of what was thought before; None takes it back.

        Raises:
            NoConversation: there is no such message.
            ValueError: no such verdict.
        """
        if verdict is not None and verdict not in get_args(Verdict):
            raise ValueError(f"{verdict!r} is no verdict; it is one of {', '.join(get_args(Verdict))}")
        with self._file.transaction():
            id_ = self.message(message).id
            self._file.rows("DELETE FROM feedback WHERE message = ?", (id_,))
            if verdict is not None:
                values = (id_, verdict, _whole(note).strip()[:MOST_NOTE], _now())
                self._file.rows("INSERT INTO feedback VALUES (?, ?, ?, ?)", values)
        return self.message(message)


# -- from an answer to a message ---------------------------------------------------------------------------------------

# Fields as their tables have them, in order: messages without what has tables of its own, citations without what only
# the index can tell.
_SAID = tuple(field.name for field in fields(Message))[: -len(("citations", "feedback"))]
_KEPT = tuple(field.name for field in fields(KeptCitation))[: -len(("state", "release", "corrected_by"))]


def _message(answer: Answer, conversation: int, *, filters: Filters, generation: int, corrects: str | None) -> Message:
    """The message of an answer, its number still open."""
    refusal = answer.refusal
    cited = {"cited": answer.citations, "other": answer.others, "nearest": refusal.nearest if refusal else ()}
    return Message(
        id=secrets.token_hex(8),
        conversation=conversation,
        number=0,
        asked=datetime.now(UTC),
        question=_whole(answer.question),
        query=_whole(answer.query),
        answer=answer.text,
        verdict=answer.verdict,
        confidence=answer.confidence,
        reason=refusal and refusal.reason,
        refusal=_whole(refusal.message if refusal else answer.lacking) or None,
        filters=filters,
        generation=generation,
        corrects=corrects,
        citations=tuple(keep(each, role, n) for role in get_args(Role) for n, each in enumerate(cited[role], 1)),
    )


def _kept(row: Sequence[Any]) -> KeptCitation:
    values = dict(zip(_KEPT, row, strict=True))
    day = values["published"]
    return KeptCitation(**values | {"published": date.fromisoformat(day) if day else None})


def _loaded(row: Sequence[Any], citations: Sequence[KeptCitation], feedback: Feedback | None) -> Message:
    values = dict(zip(_SAID, row, strict=True))
    read = {"asked": _time(values["asked"]), "filters": _filters(values["filters"])}
    roles = list(get_args(Role))
    in_order = tuple(sorted(citations, key=lambda citation: roles.index(citation.role)))
    return Message(**values | read, citations=in_order, feedback=feedback)


def _filters(stored: str) -> Filters:
    found: dict[str, Any] = json.loads(stored)
    days = {name: found[name] and date.fromisoformat(found[name]) for name in ("since", "until")}
    return Filters(tuple(found["issuers"]), tuple(found["tickers"]), **days)


# Control characters and white space, and what turns or hides the letters around it.
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def one_line(text: str) -> str:
    """The text on one line, without what cannot be seen: safe for a list and for a terminal.

    >>> one_line("Who runs\\n Acme?\\x1b[2J")
    'Who runs Acme? [2J'
    """
    return _BLANK.sub(" ", _whole(text)).strip()


def title_of(text: str) -> str:
    """The text as a title: one line, and not long."""
    line = one_line(text)
    return line if len(line) <= MOST_TITLE else line[: MOST_TITLE - 1] + "…"


def _whole(text: str) -> str:
    # Half a surrogate pair, from bytes that were no UTF-8, is nothing that SQLite could keep.
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_id(conversation: object) -> bool:
    return isinstance(conversation, int) and 0 < conversation < 2**63


def _now() -> str:
    return _stored_time(datetime.now(UTC))


def _stored_time(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _time(stored: str) -> datetime:
    return datetime.fromisoformat(stored)
