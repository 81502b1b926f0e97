"""Fit the sentence reader's weights on training questions, and show what each threshold costs.

    python training/fit_sentence_reader.py --index DIR --train train.jsonl --test dev.jsonl

The index must hold the releases that the questions are about. Prints the constants of `qa.read` and, for both sets,
false answers and false refusals by threshold.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eval.example import Example
    from index.release import Span
    from index.store import Passage
    from qa import Assistant

    Row = tuple[Example, NDArray[np.float64], NDArray[np.float64]]  # features (sentences, 4); 1 where it answers


def answers(example: Example, passage: Passage, sentence: Span) -> bool:
    """Whether the sentence is in the evidence, or is it in another release's words, and holds an accepted answer."""
    from eval.example import locate

    text = passage.chunk.release.quote(sentence)
    in_evidence = any(locate(text, e.quote) or locate(e.quote, text) for e in example.evidence)
    return in_evidence and any(locate(answer, text) for answer in example.answers if answer not in ("yes", "no"))


def observe(assistant: Assistant, examples: list[Example]) -> list[Row]:
    """The features of every candidate sentence of every question."""
    import numpy as np

    from qa.read import SentenceReader
    from qa.retrieve import Filters

    reader = SentenceReader(assistant.index.embedder)
    rows: list[Row] = []
    for example in examples:
        query = assistant.rewrite(example.question, example.history)
        found = reader.features(query, assistant.retrieve(query, Filters()))
        is_right = [float(answers(example, passage, sentence)) for passage, sentence, _ in found]
        rows.append((example, np.array([features for *_, features in found]), np.array(is_right)))
    return rows


def fit(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression with a bias, by Newton's method."""
    import numpy as np

    x = np.c_[x, np.ones(len(x))]
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(len(weights))
        weights -= np.linalg.solve(hessian, x.T @ (p - y) + 1e-3 * weights)
    return weights


def show(name: str, rows: list[Row], weights: NDArray[np.float64]) -> None:
    """Print false answers and false refusals by threshold."""
    import numpy as np

    from eval.metrics import auroc

    scores = [1 / (1 + np.exp(-np.c_[x, np.ones(len(x))] @ weights)) for _, x, _ in rows]
    best = np.array([score.max() for score in scores])
    answerable = np.array([example.answerable for example, *_ in rows])
    right = np.array([y[score.argmax()] for score, (_, _, y) in zip(scores, rows, strict=True)])
    print(
        f"{name}: best sentence right {right[answerable].mean():.3f}, AUROC {auroc(best.tolist(), answerable.tolist())}"
    )
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3):
        false_answers = (best[~answerable] >= threshold).mean()
        false_refusals = (best[answerable] < threshold).mean()
        print(f"  threshold {threshold:.2f}: false answers {false_answers:.2f}, false refusals {false_refusals:.2f}")


def main() -> None:
    """Fit on the one set, show on both."""
    import numpy as np

    from eval.example import read_examples
    from qa import Assistant

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", required=True, type=Path)
    parser.add_argument("--train", required=True, type=Path)
    parser.add_argument("--test", required=True, type=Path)
    parser.add_argument("--questions", type=int, default=700, help="of the training set, drawn with a fixed seed")
    options = parser.parse_args()
    assistant = Assistant.open(options.index)
    drawn = random.Random(0).sample(read_examples(options.train), options.questions)
    train, test = observe(assistant, drawn), observe(assistant, read_examples(options.test))
    weights = fit(np.concatenate([x for _, x, _ in train if len(x)]), np.concatenate([y for *_, y in train]))
    print("passage, similarity, said, around, bias:", weights.round(2).tolist())
    show("train", train, weights)
    show("test", test, weights)


if __name__ == "__main__":
    main()
