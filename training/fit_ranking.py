"""Fit what each signal of the ranking is worth, and show what each is worth having.

    python training/fit_ranking.py --index DIR --questions train.jsonl --measure dev.jsonl [--sample 600]

The index must hold the releases that the questions are about. Maximises the probability of the chunks that hold the
evidence among the candidates of their question (listwise, Cao et al., ICML 2007). Prints the weights for `qa.rank`,
and hit@1, hit@8 and MRR with all signals, with each left out in turn, and as fused before ranking. Chunks with the same
first words count as one.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.example import Example, read_examples
from eval.run import Judge
from index.store import Passage
from qa import Assistant
from qa.rank import Signals
from qa.retrieve import DENSE_WEIGHT, HybridRetriever

Array = NDArray[np.float64]
STEPS, RATE, SHRINK = 300, 0.2, 1e-3  # Adam, and the penalty on large weights


class Asked(NamedTuple):
    """One question with its candidates."""

    leans: bool  # on a conversation
    signals: Array  # shape (candidates, signals)
    holds: NDArray[np.bool_]  # whether each candidate holds the evidence
    words: list[str]  # of each candidate, to know copies by


def observe(assistant: Assistant, examples: Sequence[Example]) -> list[Asked]:
    """Search for every question."""
    retrieve, judge = HybridRetriever(assistant.index), Judge(assistant.index)
    asked = []
    for example in examples:
        candidates, found = retrieve.candidates(assistant.rewrite(example.question, example.history).query)
        chunks = [candidate.chunk for candidate in candidates]
        holds = np.array([judge.holds(Passage(chunk, 0.0), example) for chunk in chunks])
        words = [" ".join(chunk.text.split())[:120] for chunk in chunks]
        asked.append(Asked(bool(example.history), np.array(found), holds, words))
    return asked


def fit(asked: Sequence[Asked], columns: Sequence[int]) -> Array:
    """Weights of these signals, by Adam (Kingma & Ba 2015) from 1 each."""
    known = [each for each in asked if each.holds.any()]
    width = max(len(each.holds) for each in known)
    inputs = np.zeros((len(known), width, len(columns)))
    right, absent = np.zeros((len(known), width)), np.full((len(known), width), -1e9)
    for row, each in enumerate(known):
        size = len(each.holds)
        inputs[row, :size], right[row, :size], absent[row, :size] = each.signals[:, columns], each.holds, 0.0
    weights, mean, square = np.ones(len(columns)), np.zeros(len(columns)), np.zeros(len(columns))
    for step in range(1, STEPS + 1):
        all_shares = _shares(inputs @ weights + absent)
        right_shares = all_shares * right
        right_shares /= right_shares.sum(axis=1, keepdims=True) + 1e-12
        slope = np.einsum("ijk,ij->k", inputs, all_shares - right_shares) / len(known) + 2 * SHRINK * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights = weights - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def _shares(sums: Array) -> Array:
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def quality(asked: Sequence[Asked], score: Callable[[Array], Array]) -> str:
    """hit@1, hit@8 and MRR, of first questions and of follow-ups."""
    parts = []
    for name, leans in (("first", False), ("follow-up", True)):
        ranks = [_rank(each, score(each.signals)) for each in asked if each.leans is leans]
        if ranks:
            hits = [np.mean([0 < rank <= k for rank in ranks]) for k in (1, 8)]
            mrr = np.mean([1 / rank if rank else 0.0 for rank in ranks])
            parts.append(f"{name} {hits[0]:.3f} {hits[1]:.3f} {mrr:.3f}")
    return ", ".join(parts)


def _rank(each: Asked, scores: Array) -> int:
    """Rank of the first candidate with the evidence, copies counted once; 0 if there is none."""
    seen: set[str] = set()
    for at in np.argsort(-scores, kind="stable"):
        if each.words[at] not in seen:
            seen.add(each.words[at])
            if each.holds[at]:
                return len(seen)
    return 0


def main() -> None:
    """Fit on a sample of the training questions; measure on them and on others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--measure", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=600)
    options = parser.parse_args()
    assistant = Assistant.open(options.index)
    examples = [each for path in options.questions for each in read_examples(path) if each.answerable]
    examples = random.Random(0).sample(examples, min(options.sample, len(examples)))
    training = observe(assistant, examples)
    measured = observe(assistant, [each for each in read_examples(options.measure) if each.answerable])

    def show(name: str, score: Callable[[Array], Array]) -> None:
        print(f"{name:16} trained on: {quality(training, score)} | measured: {quality(measured, score)}", flush=True)

    show("fused", lambda found: DENSE_WEIGHT * found[:, 0] + (1 - DENSE_WEIGHT) * found[:, 1])
    every = list(range(len(Signals._fields)))
    weights = fit(training, every)
    show("all signals", lambda found: found @ weights)
    print("WEIGHTS =", Signals(*(round(float(weight), 2) for weight in weights)))
    for left_out, name in enumerate(Signals._fields):
        kept = [column for column in every if column != left_out]
        fewer = fit(training, kept)
        show(f"without {name}", lambda found, kept=kept, fewer=fewer: found[:, kept] @ fewer)  # type: ignore[misc]


if __name__ == "__main__":
    main()
