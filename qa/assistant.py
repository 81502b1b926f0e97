"""Assistant: take apart, rewrite, retrieve, read, answer, in that order, and nothing else."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.months import in_words
from index.store import Index
from qa import news, several
from qa.answer import Answer, Refusal, RefusalReason, compose, refused, together
from qa.correct import corrections
from qa.rank import names_used
from qa.read import Reader, SpanReader
from qa.retrieve import Filters, HybridRetriever, Retriever, names
from qa.rewrite import Rewriter, Turn, Understood, understand

MAX_QUESTION = 2_000  # characters; the longest of 2,981 questions people wrote has 180


# What people say to whoever answers; a release would be quoted to them.
_SMALL_TALK = re.compile(
    r"\W*(?:hello|hi|hey|good (?:morning|afternoon|evening)|thanks?(?: you)?(?: (?:so|very) much)?|ok(?:ay)?|yes|no"
    r"|(?:good)?bye|help"
    r"|(?:who|what) are you|what(?:'s| is) your name|how are you|what can you do|what can i ask"
    r"|(?:are you|you're) (?:really |quite )?(?:sure|certain)(?: (?:of|about) (?:that|it|this))?|really"
    r"|is (?:that|this) (?:right|correct|true))\W*",
    re.IGNORECASE,
)


class Assistant:
    """Answers questions from the releases of an index. It holds no conversation: the caller passes the history.

    Each step is a plain callable and can be replaced:

    Args:
        index: the releases.
        rewrite: question and history -> how the question is understood, and the query.
        retrieve: query and filters -> passages.
        read: query, passages and the question as understood -> scored spans.
        threshold: confidence below which there is no answer but a refusal; if not given the reader's own, or that of
            the trained reader for one that has none.
    """

    def __init__(
        self,
        index: Index,
        *,
        rewrite: Rewriter = understand,
        retrieve: Retriever | None = None,
        read: Reader | None = None,
        threshold: float | None = None,
    ) -> None:
        self.index = index
        self.rewrite = rewrite
        self.retrieve: Retriever = retrieve or HybridRetriever(index)
        self.read: Reader = read or SpanReader()
        if threshold is None:
            threshold = getattr(self.read, "threshold", None) or SpanReader().threshold
        self.threshold: float = threshold
        self._lock = threading.Lock()  # an Index is used from one thread at a time

    @classmethod
    def open(
        cls, folder: str | Path = ".citewire", *, embedder: str | None = None, risk: float | None = None
    ) -> Assistant:
        """The assistant over the index in ``folder``.

        Args:
            risk: share of the answers given that may be wrong, 0 to 1; the less, the more is refused.

        Raises:
            ValueError: the reader cannot keep to that risk.
            StoreError: there is no index, or it cannot be used; the message says what to do.
            EmbedderError: the embedder cannot be loaded.
        """
        reader = SpanReader()
        threshold = None if risk is None else reader.threshold_for(risk)
        return cls(Index.open(folder, embedder=embedder, create=False), read=reader, threshold=threshold)

    def ask(
        self, question: str, history: Sequence[Turn | tuple[str, str]] = (), filters: Filters = Filters()
    ) -> Answer:
        """What the releases say to ``question``, with the words that say so, or why there is no answer.

        Args:
            question: in plain words.
            history: earlier exchanges, oldest first: `Answer.turn` of each, or pairs of question and answer.
            filters: which releases may answer.

        Raises:
            TypeError: the question is no string, or the history is not a sequence of pairs of strings.
            StoreError: the index was damaged or made anew under this program.
        """
        if not isinstance(question, str):
            raise TypeError(f"a question is a string, got {question!r}")
        question, turns = _whole(question), _turns(history)
        if not any(map(str.isalnum, question)):
            return refused(question, "", "not_understood", "That holds no words: ask a question about the releases.")
        if len(question) > MAX_QUESTION:
            return refused(
                question,
                "",
                "not_understood",
                f"That is {len(question):,} characters long; a question has at most {MAX_QUESTION:,}. Ask one thing.",
            )
        if _SMALL_TALK.fullmatch(question):
            return refused(question, "", "not_understood", "I only know the releases: ask what one says.")
        parts = several.questions(question)
        if len(parts) > 1:
            return self._several(question, parts, turns, filters)
        return self._one(question, turns, filters)

    def _one(self, question: str, turns: Sequence[Turn], filters: Filters) -> Answer:
        understood = self.rewrite(question, turns)
        if understood.ask_back:
            return refused(question, "", "not_understood", understood.ask_back)
        with self._lock:
            answer = self._answer_within(question, understood, filters)
        return replace(answer, query=understood.question, instead=understood.instead)

    def _several(self, question: str, parts: Sequence[str], turns: Sequence[Turn], filters: Filters) -> Answer:
        """The answers to the questions in one, each of which may lean on those before it."""
        answers: list[Answer] = []
        for part in parts:
            answers.append(self._one(part, [*turns, *(answer.turn for answer in answers)], filters))
            if (refusal := answers[-1].refusal) and refusal.reason in ("not_understood", "empty_index"):
                return replace(answers[-1], question=question)
        return together(question, answers)

    def _answer_within(self, question: str, understood: Understood, filters: Filters) -> Answer:
        query = understood.query
        if len(self.index) == 0:
            message = "Nothing is indexed yet: add releases first (citewire add PATH)."
            return refused(question, query, "empty_index", message)
        anytime = replace(filters, since=None, until=None)
        if anytime != Filters() and not self.index.select(issuers=filters.issuers, tickers=filters.tickers):
            wanted = ", ".join((*filters.issuers, *filters.tickers))
            message = f"No indexed release is from {wanted}; citewire list shows who is there."
            return refused(question, query, "issuer_not_indexed", message)
        if unknown := [name for name in names(question) if not self.index.search_words([name], 1)]:
            return self._unknown(question, query, " or ".join(unknown))
        if newest := self._news(question, understood, filters):
            return newest
        answer = self._answer(question, understood, filters)
        if answer.answered or filters == anytime:
            return answer
        return self._outside_dates(answer, self._answer(question, understood, anytime))

    def _news(self, question: str, understood: Understood, filters: Filters) -> Answer | None:
        """The newest headline of an issuer, if that is what is asked for."""
        name = news.asked(understood.question)
        if not name:
            return None
        within = self.index.select(
            issuers=filters.issuers, tickers=filters.tickers, since=filters.since, until=filters.until
        )
        refs = self.index.releases() if within is None else self.index.refs(within)
        newest = news.newest_first(name, refs)[: 1 + news.MOST_EARLIER]
        found = [self.index.release(ref.id) for ref in newest]
        by = corrections(self.index)
        headlines = [cited for release in found if release and (cited := news.headline(release, by.get(release.id)))]
        return news.told(question, understood.query, headlines) if headlines else None

    def _unknown(self, question: str, query: str, name: str) -> Answer:
        """The refusal where a name of the question stands in no release: an issuer's, unless one is named that is.

        It may as well be that of a person, a product or a place, which the message holds for, too.
        """
        is_of_another = any(names_used(query, release) for release in self.index.releases())
        reason: RefusalReason = "not_said" if is_of_another else "issuer_not_indexed"
        return refused(question, query, reason, f"No indexed release mentions {name}.")

    def _answer(self, question: str, understood: Understood, filters: Filters) -> Answer:
        passages = self.retrieve(understood.query, filters)
        spans = self.read(understood.query, passages, understood.question)
        return compose(
            question,
            understood.query,
            spans,
            passages,
            self.threshold,
            whole=understood.question,
            today=filters.until,
        )

    def _outside_dates(self, within: Answer, anytime: Answer) -> Answer:
        """The refusal within the dates, which tells if releases of other days do say it."""
        if not anytime.answered and within.passages:
            return within
        if not anytime.answered:
            message = "No indexed release of a known date lies within these dates."
            return replace(within, refusal=Refusal("outside_dates", message))
        days = sorted({found.release.published for found in anytime.citations if found.release.published})
        when = f"on {', '.join(map(in_words, days))}" if days else "in a release of unknown date"
        message = f"The releases do not say it within these dates; they do {when}."
        return replace(within, refusal=Refusal("outside_dates", message, anytime.citations))


def _turns(history: Sequence[Turn | tuple[str, str]]) -> list[Turn]:
    if isinstance(history, str) or not isinstance(history, Sequence):
        raise TypeError(f"history is a list of pairs (question, answer), got {history!r}")
    turns = []
    for turn in history:
        # Chat libraries have turns of another form: {"role": …, "content": …} would pass as a pair of its keys.
        is_pair = isinstance(turn, Turn) or (isinstance(turn, list | tuple) and len(turn) == 2)
        if not is_pair or not all(isinstance(part, str) for part in turn):
            raise TypeError(f"history takes pairs (question, answer) of strings, got {turn!r}")
        turns.append(Turn(*map(_whole, turn)))
    return turns


def _whole(text: str) -> str:
    """The text with a question mark for each half of a surrogate pair: bytes of a terminal that are no UTF-8.

    >>> _whole("caf\\udce9")
    'caf?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")
