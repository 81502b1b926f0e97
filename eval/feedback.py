"""What people said of answers -> lines of a question set: a team's corrections become its next evaluation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from eval.example import occurrences, skeleton
from index.chunk import statements
from index.release import Release, Span
from index.store import Index
from qa.conversation import Conversations, Message
from qa.rewrite import Turn, is_rewritten

KIND = "feedback"
# A note that says of a question that it has no answer.
_NOT_SAID = re.compile(
    r"\W*(?:not said|no answer|unanswerable|(?:the )?releases do(?: not|n['’]t) say)\W*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer that was judged, as a question."""

    message: Message
    history: tuple[Turn, ...]  # only where the question leans on it
    answers: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]  # name of a release's file, and its sentence that says so
    answerable: bool
    lacks: str  # what a person must fill in before it can be asked; empty if nothing

    @property
    def question(self) -> str:
        """As it was asked."""
        return self.message.question

    @property
    def json(self) -> str:
        """The line, in the form of `eval.example`; what else is known of it stands in a field of its own."""
        feedback = self.message.feedback
        line = {
            "id": f"{KIND}-{self.message.id}",
            "question": self.question,
            "history": [{"question": turn.question, "answer": turn.answer} for turn in self.history],
            "answers": list(self.answers),
            "evidence": [{"release": release, "quote": quote} for release, quote in self.evidence],
            "kind": KIND,
            "answerable": self.answerable,
            "judged": feedback
            and {"verdict": feedback.verdict, "note": feedback.note, "said": self.message.answer or None},
        }
        return json.dumps(line, ensure_ascii=False)


def judged(kept: Conversations, index: Index) -> Iterator[Judged]:
    """Every answer that somebody judged, the conversation that was begun first first.

    Right: the answer, from the sentences cited. Wrong: the words of the note, where they stand in a release that was
    cited or is by its issuer; a note that says "not said" makes a question without an answer. From the wrong source:
    the answer, from the release whose file or headline the note names, or whose words it holds.
    """
    for conversation in sorted(kept.all()):
        messages = kept.messages(conversation.id, index)
        misunderstood = {message.corrects for message in messages}
        for place, message in enumerate(messages):
            if message.feedback and message.question.strip():
                before = [one for one in messages[:place] if one.id not in misunderstood]
                yield _judged(message, before, index)


def _judged(message: Message, before: Sequence[Message], index: Index) -> Judged:
    leans = is_rewritten(message.question, message.query)
    history = tuple(one.turn for one in before) if leans else ()
    assert message.feedback is not None
    verdict, note = message.feedback.verdict, message.feedback.note
    if (verdict == "right" and not message.answered) or (verdict == "wrong" and _NOT_SAID.fullmatch(note)):
        return Judged(message, history, (), (), answerable=False, lacks="")
    if verdict == "right":
        answers, evidence, lacks = (message.answer,), _cited(message), "what it rests on is no longer in the index"
    elif verdict == "wrong":
        answers, evidence, lacks = (note,), _said(note, message, index), "the right answer, in the words of a release"
    else:
        answers, evidence, lacks = (message.answer,), _elsewhere(message, index), "the release that says so"
    if evidence:
        return Judged(message, history, answers, evidence, answerable=True, lacks="")
    return Judged(message, history, () if verdict == "wrong" else answers, (), answerable=True, lacks=lacks)


def _cited(message: Message) -> tuple[tuple[str, str], ...]:
    found = [(each.release, each.sentence) for each in message.of("cited") if each.state == "present"]
    return tuple(dict.fromkeys((PurePath(release.source).name, quote) for release, quote in found if release))


def _said(words: str, message: Message, index: Index) -> tuple[tuple[str, str], ...]:
    """The sentences that hold these words, of what was cited or came near or, if none does, of the issuer's others."""
    if not skeleton(words).letters:
        return ()
    cited = [each.release for each in message.citations if each.release]
    near = {release.id: release for release in cited}
    issuers = sorted({release.issuer for release in cited if release.issuer})
    others = index.select(issuers=issuers) if issuers else []
    for group in (near.values(), (index.release(id_) for id_ in others or () if id_ not in near)):
        found = [piece for release in group if release for piece in _in(words, release)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _in(words: str, release: Release) -> list[tuple[str, str]]:
    """The sentences of a release that hold these words."""
    places = [Span(release.id, start, end) for start, end in occurrences(words, release.text)]
    sentences = statements(release, Span(release.id, 0, len(release.text))) if places else []
    held = [sentence for sentence in sentences if any(place.overlaps(sentence) for place in places)]
    return [(PurePath(release.source).name, release.quote(sentence)) for sentence in held]


def _elsewhere(message: Message, index: Index) -> tuple[tuple[str, str], ...]:
    """The sentences that hold the answer in a release that the note names, by file or headline, or quotes."""
    feedback = message.feedback
    note = feedback.note if feedback else ""
    named = [
        ref.id
        for ref in index.releases()
        if note and (PurePath(ref.source).name in note or (ref.headline and ref.headline.casefold() in note.casefold()))
    ]
    found = [piece for id_ in named if (release := index.release(id_)) for piece in _in(message.answer, release)]
    return tuple(dict.fromkeys(found)) or _said(note, message, index)
