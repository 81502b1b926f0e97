"""Fit the reader's calibration on questions kept out of its training, and write it beside the weights.

    python training/fit_reader.py --index DIR --questions FILE [FILE ...] --held held.json

The index must hold the releases that the questions are about; HELD lists the ids of the questions kept out. Prints for
a range of thresholds what share of unanswerable questions would get an answer and of answerable ones a refusal.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.example import Example, read_examples
from eval.metrics import f1
from index.store import Passage
from qa import Assistant, Filters
from qa.read import MODEL_FOLDER, Found, SpanReader

RIGHT = 0.5  # F1 from which an answer counts as right
LEAST_ANSWERS = 30  # a risk measured on fewer tells nothing
WORTHS = (0, 2, 4, 6, 8, 10, 14, 20)  # of a passage's score, in units of margin


class Read(NamedTuple):
    """One question with the best span of each passage."""

    example: Example
    found: list[tuple[Passage, Found]]

    def best(self, worth: float) -> tuple[float, float]:
        """Score of the span that would be answered, and its F1."""
        passage, found = max(self.found, key=lambda each: each[1].margin + worth * each[0].score)
        said = passage.chunk.text[found.start : found.end]
        return found.margin + worth * passage.score, f1(said, self.example.answers) if self.example.answers else 0.0


def observe(assistant: Assistant, reader: SpanReader, examples: Sequence[Example]) -> list[Read]:
    """Retrieve and read for every question."""
    observed = []
    for example in examples:
        query = assistant.rewrite(example.question, example.history)
        passages = assistant.retrieve(query, Filters())[: reader.most]
        pairs = zip(passages, reader.find(query, passages), strict=True)
        observed.append(Read(example, [(passage, found) for passage, found in pairs if found]))
    return [read for read in observed if read.found]


def logistic(x: NDArray[np.float64], y: NDArray[np.float64], steps: int = 50) -> tuple[float, float]:
    """Slope and intercept of most likelihood, by Newton's method."""
    inputs = np.stack([x, np.ones_like(x)], axis=1)
    weights = np.zeros(2)
    for _ in range(steps):
        p = 1 / (1 + np.exp(-inputs @ weights))
        curvature = inputs.T @ (inputs * (p * (1 - p))[:, None]) + 1e-6 * np.eye(2)
        weights += np.linalg.solve(curvature, inputs.T @ (y - p))
    return float(weights[0]), float(weights[1])


def risks(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Pairs of risk and the least confidence from which on no larger share of answers was wrong."""
    surest = np.sort(confidence)[::-1]
    found = []
    for percent in range(5, 55, 5):
        reached = [
            float(threshold)
            for threshold in surest[LEAST_ANSWERS - 1 :]
            if 1 - right[confidence >= threshold].mean() <= percent / 100
        ]
        if reached:
            found.append((percent / 100, round(min(reached), 3)))
    return found


def main() -> None:
    """Choose the worth of passages by answer F1, fit the curve, write both into MODEL.json."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--held", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    parser.add_argument("--threshold", type=float, default=0.3, help="least confidence of an answer, as shipped")
    options = parser.parse_args()
    kept = set(json.loads(options.held.read_text("utf-8")))
    examples = [each for path in options.questions for each in read_examples(path) if each.id in kept]
    observed = observe(Assistant.open(options.index), SpanReader(options.model), examples)

    def quality(worth: float) -> float:
        return float(np.mean([read.best(worth)[1] for read in observed if read.example.answerable]))

    for each in WORTHS:
        print(f"passage score worth {each:2}: F1 {quality(each):.3f}")
    worth = max(WORTHS, key=quality)
    scores, rights = np.array([read.best(worth) for read in observed]).T
    right = (rights >= RIGHT) & np.array([read.example.answerable for read in observed])
    slope, intercept = logistic(scores, right.astype(float))
    confidence = 1 / (1 + np.exp(-slope * scores - intercept))
    answerable = np.array([read.example.answerable for read in observed])
    path = options.model / "MODEL.json"
    facts = json.loads(path.read_text("utf-8"))
    facts["calibration"] = {"passage": worth, "slope": round(slope, 4), "intercept": round(intercept, 4)}
    facts["threshold"] = options.threshold
    facts["risks"] = risks(confidence, right)
    path.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(facts)
    for threshold in np.arange(0.1, 0.9, 0.05):
        answered = confidence >= threshold
        print(
            f"threshold {threshold:.2f}: false answers {answered[~answerable].mean():.2f}, false refusals "
            f"{(~answered)[answerable].mean():.2f}, wrong among answers {1 - right[answered].mean():.2f}"
        )


if __name__ == "__main__":
    main()
