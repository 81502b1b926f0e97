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
from eval.metrics import auroc, calibration_error, f1
from qa import Assistant, Filters
from qa.answer import agree
from qa.confidence import Grounds, supported
from qa.read import MODEL_FOLDER, SpanReader, study_likeliest

LEAST = 0.5  # chance of being right, below which nothing is answered: a wrong citation costs more than no answer
RIGHT = 0.5  # F1 from which an answer counts as right
LEAST_ANSWERS = 30  # a risk measured on fewer tells nothing
PARTS = 5  # of the questions, for crossed fits
SHRINK = 1e-2
GLANCED, STUDIED = (0, 3), (1, 2, 3)  # columns of the grounds: of spans glanced at, and of those studied
SHAPE = (4, 5)  # of both: what the span is like


class Read(NamedTuple):
    """One question with what was found in each passage."""

    example: Example
    grounds: NDArray[np.float64]  # shape (passages, grounds)
    f1: NDArray[np.float64]  # of each passage's best span
    said: list[tuple[str, str]]  # ids of the releases, and the words

    def best(self, curves: Curves) -> tuple[list[float], float]:
        """Weighed grounds of the span that would be answered, the intercept included, with its shape; and its F1."""
        at, chances = self._chosen(curves)
        return [_weighed(chances[at]), *self.grounds[at, SHAPE]], float(self.f1[at])

    def answer(self, curves: Curves) -> tuple[float, float]:
        """The same, made surer by the releases that agree."""
        at, chances = self._chosen(curves)
        release, words = self.said[at]
        agreeing: dict[str, float] = {}  # the best chance of each other release
        for chance, (other, said) in zip(chances, self.said, strict=True):
            if other != release and agree(said, words):
                agreeing[other] = max(chance, agreeing.get(other, 0.0))
        return _weighed(supported(chances[at], agreeing.values())), float(self.f1[at])

    def _chosen(self, curves: Curves) -> tuple[int, list[float]]:
        studied = self.grounds @ curves.studied[:-1] + curves.studied[-1]
        glanced = self.grounds @ curves.glanced[:-1] + curves.glanced[-1]
        chances = study_likeliest(list(probability(glanced)), lambda numbers: list(probability(studied[numbers])))
        return int(np.argmax(chances)), chances


class Curves(NamedTuple):
    """Weights of the grounds and, last, the intercept."""

    glanced: NDArray[np.float64]
    studied: NDArray[np.float64]


def _weighed(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


def probability(weighed: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(-weighed.clip(-60, 36))))


def observe(assistant: Assistant, reader: SpanReader, examples: Sequence[Example]) -> list[Read]:
    """Retrieve and read for every question."""
    observed = []
    for example in examples:
        asked = assistant.rewrite(example.question, example.history)
        passages = assistant.retrieve(asked.query, Filters())[: reader.most]
        spans = reader.find(asked.query, passages, asked.question, least=[0.0] * len(passages))
        found = [(passage, span) for passage, span in zip(passages, spans, strict=True) if span]
        said = [(passage.chunk.release.id, passage.chunk.text[span.start : span.end]) for passage, span in found]
        right = [f1(words, example.answers) if example.answers else 0.0 for _, words in said]
        if found:
            grounds = np.array([Grounds.of(*each) for each in found])
            observed.append(Read(example, grounds, np.array(right), said))
    return observed


def logistic(inputs: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights of the inputs' columns and, last, the intercept: of most likelihood, by Newton's method."""
    inputs = np.concatenate([inputs, np.ones((len(inputs), 1))], axis=1)
    weights = np.zeros(inputs.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-inputs @ weights))
        curvature = inputs.T @ (inputs * (p * (1 - p))[:, None]) + SHRINK * np.eye(len(weights))
        weights += np.linalg.solve(curvature, inputs.T @ (right - p) - SHRINK * weights)
    return weights


def fit(observed: Sequence[Read], columns: Sequence[int] = STUDIED, shape: Sequence[int] = SHAPE) -> Curves:
    """Weights of these grounds (0 for the others) and intercept.

    First over all spans, so that right ones come out above wrong ones; then once more over the span that each question
    would be answered with, for the best of several is less often right than its grounds alone would have it. What the
    span is like counts there only: among all spans of a question it tells less.

    Args:
        columns: grounds of the spans that are studied.
        shape: columns of what a span is like.
    """
    right = np.concatenate([read.f1 >= RIGHT for read in observed])
    curves = Curves(*(np.zeros(len(Grounds._fields) + 1) for _ in Curves._fields))
    for weights, taken in zip(curves, (GLANCED, columns), strict=True):
        inputs = np.concatenate([read.grounds[:, taken] for read in observed])
        weights[[*taken, -1]] = logistic(inputs, right)
    best = [read.best(curves) for read in observed]
    taken = [0, *(1 + SHAPE.index(column) for column in shape)]
    inputs = np.array([grounds for grounds, _ in best])[:, taken]
    slope, *like, intercept = logistic(inputs, np.array([found >= RIGHT for _, found in best]))
    for weights in curves:
        weights *= slope
        weights[[*shape, -1]] += [*like, intercept]
    return curves


def crossed(
    observed: Sequence[Read], columns: Sequence[int] = STUDIED, shape: Sequence[int] = SHAPE
) -> NDArray[np.float64]:
    """Weighed grounds and F1 of each question's answer, shape (questions, 2), by weights fitted on the other questions.

    Neighbours in the question set are about the same releases and stay together.
    """
    parts = [number // 20 % PARTS for number in range(len(observed))]
    found = np.zeros((len(observed), 2))
    for part in range(PARTS):
        curves = fit([read for read, own in zip(observed, parts, strict=True) if own != part], columns, shape)
        for number in (n for n, own in enumerate(parts) if own == part):
            found[number] = observed[number].answer(curves)
    return found


def report(name: str, answers: NDArray[np.float64], answerable: NDArray[np.bool_]) -> None:
    """Print how good the answers are and how well their confidence tells the answerable questions."""
    told = auroc(list(answers[:, 0]), list(answerable))
    off = calibration_error(probability(answers[:, 0]), (answers[:, 1] >= RIGHT) & answerable)
    print(f"{name:18} F1 {answers[answerable, 1].mean():.3f} AUROC {told:.3f} calibration error {off:.3f}")


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


def equal_error(confidence: NDArray[np.float64], answerable: NDArray[np.bool_]) -> float:
    """The threshold at which as many of 100 unanswerable questions are answered as of 100 answerable ones refused."""

    def difference(threshold: float) -> float:
        return abs(float((confidence >= threshold)[~answerable].mean() - (confidence < threshold)[answerable].mean()))

    return float(min(confidence, key=difference))


def main() -> None:
    """Fit, write into MODEL.json, and print what each of the grounds is worth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="+", required=True)
    parser.add_argument("--held", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL_FOLDER)
    options = parser.parse_args()
    kept = set(json.loads(options.held.read_text("utf-8")))
    examples = [each for path in options.questions for each in read_examples(path) if each.id in kept]
    observed = observe(Assistant.open(options.index), SpanReader(options.model), examples)
    answerable = np.array([read.example.answerable for read in observed])
    answers = crossed(observed)
    report("all grounds", answers, answerable)
    for left_out in (*STUDIED, *SHAPE):
        columns, shape = ([column for column in all_ if column != left_out] for all_ in (STUDIED, SHAPE))
        report(f"without {Grounds._fields[left_out]}", crossed(observed, columns, shape), answerable)
    report("at a glance", crossed(observed, GLANCED), answerable)
    curves = fit(observed)
    confidence = probability(answers[:, 0])  # crossed: as it will be on questions that nothing was fitted on
    right = (answers[:, 1] >= RIGHT) & answerable
    path = options.model / "MODEL.json"
    facts = json.loads(path.read_text("utf-8"))
    for name, weights in (("glance", curves.glanced), ("calibration", curves.studied)):
        named = zip((*Grounds._fields, "intercept"), weights, strict=True)
        facts[name] = {ground: round(float(weight), 4) for ground, weight in named}
    facts["risks"] = risks(confidence, right)
    facts["threshold"] = max(LEAST, round(equal_error(confidence, answerable), 3))
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
