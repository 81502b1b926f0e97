"""Measure the reader alone: with the evidence given, on articles of SQuAD 2.0 kept out of training, and its speed.

    python training/measure_reader.py --index DIR --questions FILE [FILE ...] --reading FOLDER [--model FOLDER]

The index must hold the releases that the questions are about. End to end: `citewire eval`.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from reader_data import Window, answer_in, evidence_passages, squad_like

from eval.example import Example, read_examples
from eval.metrics import auroc, exact_match, f1
from index.chunk import Chunk
from index.release import Release, Span, canonical
from index.store import Passage
from qa import Assistant, Filters
from qa.read import MODEL_FOLDER, SpanReader


def with_evidence(assistant: Assistant, reader: SpanReader, examples: Sequence[Example]) -> None:
    """Answer F1 where the passage that holds the evidence is given, and nothing else."""
    for name, leaning in (("first questions", False), ("follow-ups", True)):
        scores = []
        asked = [each for each in examples if each.answerable and bool(each.history) is leaning]
        for example in asked:
            query = assistant.rewrite(example.question, example.history).query
            passage = next((p for p in evidence_passages(assistant, example) if answer_in(p, example)), None)
            found = reader.find(query, [passage], least=[0.0])[0] if passage else None
            if passage and found:
                said = passage.chunk.text[found.start : found.end]
                scores.append((f1(said, example.answers), exact_match(said, example.answers)))
        print(
            f"evidence given, {name}: F1 {statistics.mean(s[0] for s in scores):.3f}, "
            f"EM {statistics.mean(s[1] for s in scores):.3f} ({len(scores)} of {len(asked)}: the answer is one stretch)"
        )


def passage_of(window: Window) -> Passage:
    """A paragraph as a passage."""
    release = Release.of(canonical(window.text), headline="", source="squad")
    return Passage(Chunk(release, Span(release.id, 0, len(release.text)), ""), 1.0)


def squad(reader: SpanReader, path: Path) -> None:
    """F1 as SQuAD 2.0 counts it: an unanswerable question is right when it gets no answer."""
    rows: list[tuple[float, float, bool]] = []
    for window in squad_like(path, "squad2", kept_out=True):
        passage = passage_of(window)
        found = reader.find(window.question, [passage], least=[0.0])[0]
        said = passage.chunk.text[found.start : found.end] if found else ""
        answerable = window.start is not None
        right = f1(said, [window.text[window.start : window.end]]) if answerable else 0.0
        rows.append((found.margin or 0.0 if found else -1e9, right, answerable))

    def score(threshold: float) -> float:
        return statistics.mean(right if margin >= threshold else float(not answer) for margin, right, answer in rows)

    best = max((step / 2 for step in range(-20, 21)), key=score)
    answered = [right for _, right, answer in rows if answer]
    print(
        f"SQuAD 2.0, {len(rows)} questions of articles kept out: F1 {score(0):.3f} at margin 0, {score(best):.3f} at "
        f"{best} (best); answerable alone {statistics.mean(answered):.3f}; "
        f"AUROC {auroc([row[0] for row in rows], [row[2] for row in rows]):.3f}"
    )


def speed(assistant: Assistant, reader: SpanReader, examples: Sequence[Example]) -> None:
    """Seconds to read 8 and 24 passages."""
    from qa.retrieve import HybridRetriever

    retrieve = HybridRetriever(assistant.index, k=24)
    for count in (8, 24):
        seconds = []
        for example in examples[:40]:
            passages = retrieve(example.question, Filters())[:count]
            started = time.perf_counter()
            reader.find(example.question, passages)
            seconds.append(time.perf_counter() - started)
        print(f"reading {count} passages: p50 {statistics.median(seconds) * 1000:.0f} ms")


def main() -> None:
    """Print the figures, a line each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--reading", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    options = parser.parse_args()
    examples = [example for path in options.questions for example in read_examples(path)]
    assistant, reader = Assistant.open(options.index), SpanReader(options.model)
    with_evidence(assistant, reader, examples)
    squad(reader, options.reading / "squad/squad2_from_official_dev.json")
    speed(assistant, reader, examples)


if __name__ == "__main__":
    main()
