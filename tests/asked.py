"""Two small releases, one of them hostile, and a reader that is sure of two answers: for tests of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.chunk import statements
from index.release import Span
from index.store import Index, Passage
from qa import Assistant, Turn
from qa.rewrite import Understood
from qa.scored import ScoredSpan

ACME = """\
# Acme Corp. opens an anvil works

OSLO, May 3, 2024 (WIRE) -- Acme Corp. (NYSE: ACME) uses recycled iron, a hard metal, as its material.

Ann Berg, chief executive officer of Acme Corp., opened the works. They cost $5 million.
"""
BOLT = """\
---
issuer: Bolt <b>Ltd.</b> ${1+1}
date: 2023-11-02
---
# Bolt Ltd. <script>alert(1)</script> {{7*7}}

Bolt Ltd. uses titanium, a light metal, as its material. Hall 3 is $8 million.
"""
MATERIAL = "What material does Acme Corp. use?"
UNKNOWN = "Does Zyx 99 lay eggs in winter?"
ANSWERS = {MATERIAL: "recycled iron, a hard metal", "What is Acme Corp.?": "Acme Corp."}


def read(query: str, passages: Sequence[Passage], question: str = "") -> list[ScoredSpan]:
    """A reader that is sure of the answers above and of nothing else, so that the page is tested and not the model."""
    found = []
    for passage in passages:
        release = passage.chunk.release
        for sentence in statements(release, passage.chunk.span):
            words = ANSWERS.get(query, "nothing")
            start = release.text.find(words, sentence.start, sentence.end)
            span = sentence if start < 0 else Span(release.id, start, start + len(words))
            found.append(ScoredSpan(span, sentence, 0.01 if start < 0 else 0.99, passage))
    return sorted(found, key=lambda candidate: -candidate.score)


@contextmanager
def assistant_over(folder: Path) -> Iterator[Assistant]:
    """An assistant that knows both releases."""
    (folder / "acme.md").write_text(ACME)
    (folder / "bolt.md").write_text(BOLT)
    with Index.open(folder / "index") as index:
        assert not index.add([folder / "acme.md", folder / "bolt.md"]).failed
        yield Assistant(index, read=read)


class Listener:
    """A rewriter that changes nothing and notes each history it is given."""

    def __init__(self) -> None:
        self.heard: list[list[Turn]] = []

    def __call__(self, question: str, history: Sequence[Turn]) -> Understood:
        self.heard.append(list(history))
        return Understood(question, question)
