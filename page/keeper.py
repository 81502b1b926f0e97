"""Keeper: conversations that outlast the page, each seen by the one who had it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from index import StoreError
from page.conversations import list_html
from page.feedback import feedback_html, inside
from page.inline import line
from page.library import Library
from qa import Answer, Filters
from qa.conversation import Conversations, Message
from qa.conversation_file import NoConversation
from qa.transcript import to_json, to_markdown

LEAST_SECRET = 22  # characters of what a browser makes up to be known again by: 128 bits and more


class Session(NamedTuple):
    """Whose browser it is, and which conversation is open in it."""

    secret: str = ""  # made up by the browser and kept in it; empty for a program or before its script has run
    conversation: int = 0  # 0: a new one

    @classmethod
    def of(cls, value: Mapping[str, Any] | None) -> Session:
        """From what the browser sends; what makes no sense counts as not said."""
        value = value if isinstance(value, Mapping) else {}
        secret, conversation = value.get("secret"), value.get("conversation")
        is_secret = isinstance(secret, str) and LEAST_SECRET <= len(secret) <= 100
        return cls(
            str(secret) if is_secret else "",
            conversation if isinstance(conversation, int) and conversation > 0 else 0,
        )


class Keeper:
    """Conversations, each for its owner alone: who has logged in, or else the browser that knows its secret.

    Args:
        library: what citations are checked against when a conversation is opened.
        user: the one who may log in; None where nobody has to.
    """

    def __init__(self, conversations: Conversations, library: Library, user: str | None = None) -> None:
        self._conversations = conversations
        self._library = library
        self._user = user

    def close(self) -> None:
        """Close the file."""
        self._conversations.close()

    def _of(self, session: Session) -> Conversations:
        """The conversations of this session's owner.

        The file holds a hash of a browser's secret, so that who reads the file cannot pass for the browser.

        Raises:
            NoConversation: the session has no owner.
        """
        if self._user is not None:
            return self._conversations.of(f"user {self._user}")
        if not session.secret:
            raise NoConversation("this browser keeps nothing, so no conversation can be told to be its own")
        return self._conversations.of(f"browser {hashlib.sha256(session.secret.encode()).hexdigest()}")

    def is_known(self, session: Session) -> bool:
        """Whether conversations of this session can be kept."""
        return self._user is not None or bool(session.secret)

    def add(
        self, session: Session, answer: Answer, filters: Filters, generation: int, corrects: str | None = None
    ) -> Message:
        """Keep an answer in the conversation that is open, or begin one.

        Args:
            corrects: id of the message whose question was misunderstood and is asked again here.

        Raises:
            StoreError: it cannot be written, or the conversation is gone.
        """
        where = session.conversation or None
        return self._of(session).append(answer, where, filters=filters, generation=generation, corrects=corrects)

    def messages(self, session: Session) -> list[Message]:
        """What was said in the conversation that is open, its citations checked.

        Raises:
            StoreError: there is no such conversation, or it cannot be read.
        """
        mine = self._of(session)
        return self._library.checked(lambda index: mine.messages(session.conversation, index))

    def feedback(self, session: Session) -> dict[str, str]:
        """What stands below each answer of the conversation that is open, as HTML by the message's id.

        What cannot be read is left out: the answers are there without it.
        """
        try:
            return {each.id: feedback_html(each) for each in self._of(session).messages(session.conversation)}
        except StoreError:
            return {}

    def judge(self, value: Mapping[str, Any]) -> dict[str, str]:
        """Keep what is thought of an answer, or nothing any more; its line as ``html``, or a ``problem``."""
        verdict = value.get("verdict") or None
        try:
            mine = self._of(Session.of(value))
            judged = mine.judge(str(value.get("message")), verdict, str(value.get("note") or ""))
        except (StoreError, ValueError) as error:
            return {"problem": str(error)}
        return {"html": inside(judged)}

    # -- what the sidebar asks for -------------------------------------------------------------------------------------

    def listed(self, value: Mapping[str, Any]) -> str:
        """The list of conversations."""
        session = Session.of(value)
        try:
            found = self._of(session).all() if self.is_known(session) else []
        except StoreError as error:
            return f'<li class="none">{line(str(error))}</li>'
        return list_html(found, session.conversation)

    def rename(self, value: Mapping[str, Any]) -> str:
        """Give the conversation that is open another title; what went wrong, or nothing."""
        session, title = Session.of(value), str(value.get("title") or "")
        return self._tried(lambda: self._of(session).rename(session.conversation, title))

    def delete(self, value: Mapping[str, Any]) -> str:
        """Delete the conversation that is open; what went wrong, or nothing."""
        session = Session.of(value)
        return self._tried(lambda: self._of(session).delete(session.conversation))

    def exported(self, value: Mapping[str, Any]) -> dict[str, str]:
        """The conversation that is open as a file: its name and text, or what went wrong as ``problem``."""
        session = Session.of(value)
        try:
            conversation = self._of(session).conversation(session.conversation)
            messages = self.messages(session)
        except StoreError as error:
            return {"problem": str(error)}
        if value.get("as") == "json":
            return {"name": f"conversation-{conversation.id}.json", "text": to_json(conversation, messages)}
        return {"name": f"conversation-{conversation.id}.md", "text": to_markdown(conversation, messages)}

    @staticmethod
    def _tried(change: Callable[[], object]) -> str:
        """What goes wrong in a change; nothing if it is made."""
        try:
            change()
        except (StoreError, ValueError) as error:
            return str(error)
        return ""


# The script (keeper.js) fills the list and acts on its buttons.
SIDEBAR = """
<button type="button" class="toggle" aria-expanded="false" aria-controls="kept-list" title="Conversations">
  <span aria-hidden="true">☰</span><span class="unseen">Conversations</span></button>
<nav id="kept-list" aria-label="Conversations"><h2>Conversations</h2><ul></ul></nav>
"""
