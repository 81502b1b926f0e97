"""Metrics: pure functions, one a metric. All but seconds are shares from 0 to 1.

A question that nothing was found or answered for counts 0: ``rank`` is None, ``prediction`` is empty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from eval.normalize import ARTICLES, Tokens, normalize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Statistic = Callable[[Floats], Floats]

YES_NO = frozenset({("yes",), ("no",)})  # normal forms of answers that pass judgement and stand in no release

# -- retrieval ---------------------------------------------------------------------------------------------------------


def hit_at(k: int, rank: int | None) -> float:
    """1 if the evidence is among the first ``k`` passages; ``rank`` counts from 1.

    >>> hit_at(8, 8), hit_at(8, 9), hit_at(8, None)
    (1.0, 0.0, 0.0)
    """
    return float(rank is not None and rank <= k)


def reciprocal_rank(rank: int | None) -> float:
    """1 / rank of the first passage that holds the evidence; its mean is MRR (Voorhees 1999, TREC-8 QA track).

    >>> reciprocal_rank(1), reciprocal_rank(4), reciprocal_rank(None)
    (1.0, 0.25, 0.0)
    """
    return 1.0 / rank if rank else 0.0


# -- answers -----------------------------------------------------------------------------------------------------------


def exact_match(prediction: str, answers: Sequence[str]) -> float:
    """1 if the prediction has the normal form of an accepted answer.

    As in SQuAD (Rajpurkar et al. 2016), with the normaliser of `eval.normalize`.

    >>> exact_match("USD 3.2bn", ["$3.2 billion"]), exact_match("$32 billion", ["$3.2 billion"]), exact_match("", ["x"])
    (1.0, 0.0, 0.0)
    """
    predicted = normalize(prediction)
    return float(bool(predicted) and any(predicted == normalize(answer) for answer in answers))


def f1(prediction: str, answers: Sequence[str]) -> float:
    """Harmonic mean of the share of predicted tokens that are right and of right tokens that are predicted.

    The best over the accepted answers; tokens as bags, as in SQuAD. An amount is one token: right or wrong as a whole.

    >>> f1("about $3.2 billion", ["$3.2 billion", "none"]), f1("$32 billion", ["$3.2 billion"])
    (0.6666666666666666, 0.0)
    """
    predicted = normalize(prediction)
    return max((_token_f1(predicted, normalize(answer)) for answer in answers), default=0.0)


def _token_f1(predicted: Tokens, right: Tokens) -> float:
    common = (Counter(predicted) & Counter(right)).total()
    return 2 * common / (len(predicted) + len(right)) if common else 0.0


def says(sentence: str, answers: Sequence[str]) -> bool:
    """Whether the sentence holds an accepted answer's tokens in a row. Yes and no do not count: they are judgements.

    >>> says("Revenue was $3.2B in Q2.", ["3.2 billion dollars"]), says("It has no debt.", ["no"])
    (True, False)
    >>> says("It closed on Nov. 4, 2024.", ["November 4"])
    True
    """
    said = _without_articles(normalize(sentence))
    wanted = [_without_articles(normalize(answer)) for answer in answers]
    return any(_runs_through(said, tokens) for tokens in wanted if tokens and tokens not in YES_NO)


def _without_articles(tokens: Tokens) -> Tokens:
    return tuple(token for token in tokens if token not in ARTICLES)


def _runs_through(said: Tokens, wanted: Tokens) -> bool:
    starts = range(len(said) - len(wanted) + 1)
    return any(all(map(_agrees, said[start : start + len(wanted)], wanted)) for start in starts)


def _agrees(said: str, wanted: str) -> bool:
    """The same token, or a date that says the year too."""
    return said == wanted or (wanted.startswith("--") and said.endswith(wanted[1:]))


# -- refusing ----------------------------------------------------------------------------------------------------------


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Chance that a question with a true label scores higher than one with a false label; a tie is half a win.

    The area under the ROC curve by its rank form (Hanley & McNeil 1982). None where one of the classes is empty.

    >>> auroc([0.9, 0.4, 0.4, 0.1], [True, True, False, False])
    0.875
    """
    wins = _wins(scores, labels)
    return float(wins.mean()) if wins.size else None


def _wins(scores: Sequence[float], labels: Sequence[bool]) -> Floats:
    """True labels x false labels: 1 where the true one scores higher, 0.5 where they tie, else 0."""
    values, positive = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=bool)
    left, right = values[positive][:, None], values[~positive][None, :]
    return np.asarray((left > right) + 0.5 * (left == right), dtype=np.float64)


def auroc_interval(
    scores: Sequence[float], labels: Sequence[bool], *, seed: int = 0, n: int = 1000, level: float = 0.95
) -> tuple[float, float] | None:
    """Percentile bootstrap interval of `auroc`, each class drawn again by itself. None where a class is empty.

    >>> auroc_interval([0.9, 0.8, 0.1], [True, True, False])
    (1.0, 1.0)
    """
    wins = _wins(scores, labels)
    if not wins.size:
        return None
    generator = np.random.default_rng(seed)
    rows, columns = (generator.multinomial(size, np.full(size, 1 / size), size=n) for size in wins.shape)
    drawn = ((rows @ wins) * columns).sum(axis=1) / wins.size
    return _middle(drawn, level)


# -- confidence --------------------------------------------------------------------------------------------------------


class Bin(NamedTuple):
    """Answers of like confidence."""

    n: int
    confidence: float  # mean
    right: float  # share


def reliability(
    confidences: Sequence[float] | Floats, right: Sequence[bool] | NDArray[np.bool_], bins: int = 10
) -> list[Bin]:
    """Answers by confidence, in bins of equal width; empty bins are left out.

    >>> reliability([0.75, 1.0, 0.125], [True, False, False], bins=2)
    [Bin(n=1, confidence=0.125, right=0.0), Bin(n=2, confidence=0.875, right=0.5)]
    """
    values, rights = np.asarray(confidences, dtype=np.float64), np.asarray(right, dtype=bool)
    numbers = np.minimum((values * bins).astype(int), bins - 1)
    members = [numbers == number for number in range(bins)]
    return [Bin(int(m.sum()), float(values[m].mean()), float(rights[m].mean())) for m in members if m.any()]


def calibration_error(
    confidences: Sequence[float] | Floats, right: Sequence[bool] | NDArray[np.bool_], bins: int = 10
) -> float | None:
    """Expected calibration error: how far confidence and share of right answers lie apart, mean over all answers.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017. None for no answers.

    >>> calibration_error([0.9, 0.9], [True, False])
    0.4
    """
    found = reliability(confidences, right, bins)
    total = sum(each.n for each in found)
    return sum(each.n * abs(each.confidence - each.right) for each in found) / total if total else None


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """Share of questions answered, and share of wrong among them, from the surest answer alone to all.

    El-Yaniv & Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 2010. Answers that are equally
    sure are answered together.

    >>> risk_coverage([0.9, 0.5, 0.5, 0.1], [True, True, False, False])
    [(0.25, 0.0), (0.75, 0.3333333333333333), (1.0, 0.5)]
    """
    values, wrong = np.asarray(confidences, dtype=np.float64), ~np.asarray(right, dtype=bool)
    order = np.argsort(-values, kind="stable")
    wrongs = np.cumsum(wrong[order])
    last = [n for n in range(len(order)) if n + 1 == len(order) or values[order[n]] != values[order[n + 1]]]
    return [((n + 1) / len(order), float(wrongs[n]) / (n + 1)) for n in last]


# -- intervals ---------------------------------------------------------------------------------------------------------


def bootstrap_interval(
    values: Sequence[float],
    *,
    seed: int = 0,
    n: int = 1000,
    level: float = 0.95,
    statistic: Statistic | None = None,
) -> tuple[float, float]:
    """Percentile bootstrap interval (Efron 1979) of the mean of ``values``, or of another statistic.

    Args:
        values: not empty.
        n: times that the values are drawn again; ``n`` x ``len(values)`` numbers are held at once.
        level: share of those draws between the two ends.
        statistic: draws (rows) -> one number a row; the mean if not given.

    >>> bootstrap_interval([1.0, 1.0, 1.0])
    (1.0, 1.0)
    >>> low, high = bootstrap_interval([0.0, 1.0] * 50)
    >>> 0.38 < low < 0.42 < 0.58 < high < 0.62
    True
    """
    drawn_from = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(seed).integers(0, len(drawn_from), size=(n, len(drawn_from)), dtype=np.int32)
    draws = drawn_from[picks]
    return _middle(statistic(draws) if statistic else draws.mean(axis=1), level)


def _middle(drawn: Floats, level: float) -> tuple[float, float]:
    low, high = np.percentile(drawn, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)
