"""Chat: questions in, the conversation's messages and the release that opens out."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from types import MappingProxyType
from typing import Any, NamedTuple

from index import EmbedderError, StoreError
from index.store import Passage
from page.answer import WAITING, answer_html, question_html, refusal_html
from page.conversations import answer_of, message_html
from page.inline import line
from page.keeper import Keeper, Session
from page.panel import NOT_SAID, READY
from page.place import places
from page.precedence import Busy, Precedence
from page.release import notice, release_html
from page.scope import filters_of
from qa import Answer, Assistant, Filters, Turn
from qa.conversation import Message
from qa.suggest import suggest

# Offered on the page if the index holds releases of that issuer and one of them answers.
QUESTIONS = (
    ("Cellectar", "What payload does CLR 131 use?"),
    ("Pipkin", "What is Pipkin & Thistle recalling?"),
    ("Quillfern", "How many patients were randomized in MOTHWING?"),
    ("Saltcrake", "How large is the Gannet Narrows financing by Saltcrake?"),
)
MOST_EXAMPLES = 4
PATIENCE = 0.6  # seconds
SECONDS = 5.0  # that are given to finding questions to go on with: nobody waits for them, and who asks goes first
NOBODY = Session()


class Exchange(NamedTuple):
    """One question and its reply, as the conversation shows them."""

    question: str  # as asked
    reply: str  # HTML
    turn: Turn | None  # what follow-ups lean on; none where the question was not understood
    message: str = ""  # its id, where it is kept


class Latest(NamedTuple):
    """The last answer, as it takes to find questions to go on with."""

    mark: str  # tells it from every other
    answer: Answer
    history: list[Turn]
    filters: Filters

    @classmethod
    def of(cls, answer: Answer, before: Sequence[Exchange], filters: Filters) -> Latest:
        """An answer that came after ``before``."""
        return cls(secrets.token_hex(8), answer, _turns(before), filters)


class Offered(NamedTuple):
    """Questions to go on with that were offered in a conversation, and how far it was by then."""

    turns: list[Turn]
    questions: list[str]

    def before(self, latest: Latest) -> list[str]:
        """Those offered earlier in the conversation of an answer; none where that is another conversation."""
        return self.questions if self.turns == latest.history[: len(self.turns)] else []

    def with_more(self, latest: Latest, questions: Sequence[str]) -> Offered:
        """These and the ones offered after an answer."""
        turns = [*latest.history, latest.answer.turn]
        return Offered(turns, [*self.before(latest), *questions])


class Shown(NamedTuple):
    """What the page shows after a question, and while it waits."""

    box: str  # text left in the question's box
    exchanges: list[Exchange]
    messages: list[dict[str, str]]
    release: str | None  # HTML of what opens beside it; none where that stays as it is
    session: Session  # with the conversation that the question was kept in
    latest: Latest | None = None  # what can be gone on from


class Chat:
    """What the page does with questions. It holds no conversation: each browser session has its own.

    Args:
        keeper: keeps what is said; nothing is kept if not given.
        removable: whether releases that open offer to be removed.
    """

    def __init__(self, assistant: Assistant, keeper: Keeper | None = None, *, removable: bool = False) -> None:
        self._assistant = assistant
        self._keeper = keeper
        self._removable = removable
        # An Index is used from one thread at a time; the Assistant sees to that for questions only.
        self._turn = Precedence()

    def ask(
        self,
        question: str,
        exchanges: Sequence[Exchange],
        scope: Mapping[str, Any] | None = None,
        session: Session = NOBODY,
        *,
        is_meant: bool = False,
    ) -> Iterator[Shown]:
        """Answer a question; where that takes longer than ``PATIENCE``, first show the question and that it waits.

        Drawing the page twice costs a browser more than most answers take.

        Args:
            scope: which releases may answer, as the form says it.
            is_meant: whether this is what the last question meant, which was understood otherwise. It stands alone, and
                what follows leans on it instead.
        """
        before = list(exchanges)
        with ThreadPoolExecutor(1) as pool:
            replied = pool.submit(self._reply, question, before, scope, session, is_meant)
            if not wait([replied], PATIENCE).done:
                waiting = {"role": "assistant", "content": WAITING}
                yield Shown("", before, [*self._drawn(before, session), *_asked(question), waiting], None, session)
            yield replied.result()

    def _reply(
        self,
        question: str,
        before: list[Exchange],
        scope: Mapping[str, Any] | None,
        session: Session,
        is_meant: bool,
    ) -> Shown:
        """The page with the reply."""
        latest, misunderstood = None, before[-1] if is_meant and before else None
        if misunderstood:
            before = [*before[:-1], misunderstood._replace(turn=None)]
        try:
            filters = filters_of(scope)
            answer = self.answer(question, [] if misunderstood else _turns(before), filters)
        except (ValueError, StoreError, EmbedderError) as error:
            exchange, release = Exchange(question, refusal_html(str(error)), None), notice(READY)
        else:
            understood = not (answer.refusal and answer.refusal.reason == "not_understood")
            turn = answer.turn if understood else None
            kept, problem = self._kept(session, answer, filters, misunderstood) if understood else (None, "")
            exchange = Exchange(question, answer_html(answer, problem), turn, kept.id if kept else "")
            session = session._replace(conversation=kept.conversation) if kept else session
            release = self._opened(answer, len(before) + 1)
            latest = Latest.of(answer, before, filters) if understood else None
        after = [*before, exchange]
        return Shown("", after, self._drawn(after, session), release, session, latest)

    def _drawn(self, exchanges: Sequence[Exchange], session: Session) -> list[dict[str, str]]:
        """The conversation with what is thought of its answers by now."""
        return messages(exchanges, self._keeper.feedback(session) if self._keeper and session.conversation else {})

    def _kept(
        self, session: Session, answer: Answer, filters: Filters, misunderstood: Exchange | None
    ) -> tuple[Message | None, str]:
        """The answer as it was kept; where it cannot be, HTML that says why: it is an answer still."""
        if not self._keeper or not self._keeper.is_known(session):
            return None, ""
        try:
            with self._turn.first():
                generation = self._assistant.index.generation
            corrects = misunderstood.message if misunderstood and misunderstood.message else None
            return self._keeper.add(session, answer, filters, generation, corrects), ""
        except StoreError as error:
            return None, f'<p class="hint">This answer is not kept: {line(str(error))}</p>'

    def reopened(self, session: Session) -> Shown:
        """A kept conversation as it was, with the release of its last answer; an empty one if there is none."""
        try:
            kept = self._keeper.messages(session) if self._keeper and session.conversation else []
        except StoreError:
            kept = []
        misunderstood = {message.corrects for message in kept}
        exchanges = [
            Exchange(
                message.question,
                message_html(message),
                None if message.id in misunderstood else message.turn,
                message.id,
            )
            for message in kept
        ]
        last = answer_of(kept[-1]) if kept else None
        release = self._opened(last, len(kept)) if last and (last.citations or last.refusal) else notice(READY)
        latest = Latest.of(last, exchanges[:-1], kept[-1].filters) if last else None
        session = session if kept else session._replace(conversation=0)
        return Shown("", exchanges, self._drawn(exchanges, session), release, session, latest)

    def onward(self, latest: Latest, offered: Sequence[str] = ()) -> list[str]:
        """Questions to go on with that the releases answer; none where there are none, or too many people ask.

        Args:
            offered: before, in the same conversation; they are not offered again.
        """
        try:
            found = suggest(
                _Patient(self._assistant, self._turn),
                latest.answer,
                latest.history,
                latest.filters,
                without=offered,
                seconds=SECONDS,
            )
        except (Busy, StoreError, EmbedderError):
            return []
        return [suggestion.question for suggestion in found]

    def answer(self, question: str, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Answer:
        """What the releases say; one question at a time.

        Raises:
            StoreError, EmbedderError, TypeError: as `Assistant.ask`.
        """
        with self._turn.first():
            return self._assistant.ask(question, history, filters)

    def search(self, query: str, filters: Filters, most: int) -> list[Passage]:
        """The passages nearest to a query, best first."""
        with self._turn.first():
            return self._assistant.retrieve(query, filters)[:most]

    def _opened(self, answer: Answer, turn: int) -> str:
        """The release of the first source; none where there is no answer, so that none looks like one."""
        if answer.refusal:
            return notice(NOT_SAID if answer.refusal.nearest else READY)
        best = answer.citations[0].release
        return release_html(best, places(answer.citations)[0], turn, removable=self._removable)

    def examples(self) -> list[str]:
        """Up to four questions that the index answers: first those on the samples, then on the newest issuers."""
        with self._turn.first():
            refs = self._assistant.index.releases()
        issuers = list(dict.fromkeys(ref.issuer for ref in refs if ref.issuer))
        offered = [(name, question) for name, question in QUESTIONS if any(name in issuer for issuer in issuers)]
        offered += [(issuer, f"What is {issuer}?") for issuer in issuers[:MOST_EXAMPLES]]
        found: list[str] = []
        for name, question in offered:
            cited = self.answer(question).citations if len(found) < MOST_EXAMPLES else ()
            if any(name in (citation.release.issuer or "") for citation in cited):
                found.append(question)
        return found


class _Patient:
    """The assistant, which answers here while nobody waits for an answer."""

    def __init__(self, assistant: Assistant, turn: Precedence) -> None:
        self.threshold = assistant.threshold
        self._assistant = assistant
        self._turn = turn
        self._until = time.monotonic() + SECONDS

    def ask(
        self, question: str, history: Sequence[Turn | tuple[str, str]] = (), filters: Filters = Filters(), /
    ) -> Answer:
        """What the releases say.

        Raises:
            Busy: somebody waited all the time.
        """
        with self._turn.last(self._until):
            return self._assistant.ask(question, history, filters)


def _turns(exchanges: Sequence[Exchange]) -> list[Turn]:
    """What a next question leans on."""
    return [exchange.turn for exchange in exchanges if exchange.turn]


def messages(exchanges: Sequence[Exchange], below: Mapping[str, str] = MappingProxyType({})) -> list[dict[str, str]]:
    """The conversation as Gradio's chatbot takes it.

    Args:
        below: HTML that stands below kept answers, by their messages' ids.
    """
    return [
        message
        for exchange in exchanges
        for message in (
            *_asked(exchange.question),
            {"role": "assistant", "content": exchange.reply + below.get(exchange.message, "")},
        )
    ]


def _asked(question: str) -> list[dict[str, str]]:
    """The message of a question; none for one that is blank."""
    return [{"role": "user", "content": question_html(question)}] if question.strip() else []
