"""Retrieval alone on a question set: hit@1, hit@8, MRR, the newest first, milliseconds, memory.

    python benchmarks/retrieval.py INDEX QUESTIONS.jsonl

The index must hold the releases that the questions are about; it may hold any number of others. Times are of one
question at a time, beside that of embedding a question in the same run.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from eval.example import Example, read_examples
from eval.run import Judge
from index.store import Passage
from qa import Assistant
from qa.retrieve import Filters

WARM = 5  # questions asked before the clock counts: models and pages of the database are loaded by then


def ranks(judge: Judge, found: Sequence[tuple[Example, list[Passage]]]) -> str:
    """hit@1, hit@8 and MRR."""
    places = [judge.rank(example, passages) or 0 for example, passages in found]
    hits = [sum(0 < place <= k for place in places) / len(places) for k in (1, 8)]
    return f"hit@1 {hits[0]:.3f} hit@8 {hits[1]:.3f} MRR {sum(1 / p for p in places if p) / len(places):.3f}"


def resident() -> str:
    """Largest resident memory of this process so far."""
    import resource

    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def main() -> None:
    """Ask all answerable questions; print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    options = parser.parse_args()
    assistant = Assistant.open(options.index)
    index, judge = assistant.index, Judge(assistant.index)
    print(f"{len(index):,} releases, {index.count_chunks():,} passages, {index.count_vectors():,} vectors")
    examples = [each for each in read_examples(options.questions) if each.answerable]
    asked = [(each, assistant.rewrite(each.question, each.history).query) for each in examples]
    for _, query in asked[:WARM]:
        assistant.retrieve(query, Filters())
    found, took, embedding = [], [], []
    for example, query in asked:
        started = time.perf_counter()
        index.embedder.encode_query([query])
        embedding.append(time.perf_counter() - started)
        started = time.perf_counter()
        found.append((example, assistant.retrieve(query, Filters())))
        took.append(time.perf_counter() - started)
    for name, part in (
        ("first questions", [each for each in found if not each[0].history]),
        ("follow-ups", [each for each in found if each[0].history]),
        ("latest", [each for each in found if each[0].kind == "latest"]),
    ):
        if part:
            print(f"{name:16} {len(part):4}  {ranks(judge, part)}")
    p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
    beside = statistics.median(embedding)
    print(
        f"retrieval p50 {p50 * 1e3:.0f} ms, p95 {p95 * 1e3:.0f} ms; embedding the question alone {beside * 1e3:.1f} ms"
    )
    print(f"resident memory at most {resident()}")


if __name__ == "__main__":
    main()
