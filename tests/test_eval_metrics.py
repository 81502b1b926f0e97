from __future__ import annotations

from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    auroc,
    auroc_interval,
    bootstrap_interval,
    calibration_error,
    exact_match,
    f1,
    hit_at,
    reciprocal_rank,
    reliability,
    risk_coverage,
    says,
)

shares = st.floats(0, 1, allow_nan=False)
ranks = st.none() | st.integers(1, 50)


@pytest.mark.parametrize(("rank", "hit_1", "hit_8", "reciprocal"), [(1, 1, 1, 1), (2, 0, 1, 0.5), (8, 0, 1, 0.125)])
def test_retrieval(rank: int, hit_1: float, hit_8: float, reciprocal: float) -> None:
    """Ranks count from 1; the eighth passage is still a hit@8."""
    assert (hit_at(1, rank), hit_at(8, rank), reciprocal_rank(rank)) == (hit_1, hit_8, reciprocal)


def test_nothing_retrieved_counts_zero() -> None:
    """A question without a hit is not left out."""
    assert (hit_at(1, None), hit_at(8, None), reciprocal_rank(None), hit_at(8, 9)) == (0, 0, 0, 0)


@given(ranks)
def test_hits_and_reciprocal_ranks_agree(rank: int | None) -> None:
    """hit@1 <= reciprocal rank <= hit@k for any k that reaches the rank."""
    assert hit_at(1, rank) <= reciprocal_rank(rank) <= hit_at(50, rank)


@pytest.mark.parametrize(
    ("prediction", "answers", "em", "score"),
    [
        ("iodine-131", ["iodine-131", "I-131"], 1, 1),
        ("the iodine-131", ["Iodine-131."], 1, 1),
        ("I-131", ["iodine-131", "I-131"], 1, 1),
        ("iodine-131, a cytotoxic radioisotope", ["iodine-131"], 0, 2 * (2 / 4) * 1 / (2 / 4 + 1)),
        ("$32 billion", ["$3.2 billion"], 0, 0),
        ("-4%", ["4%"], 0, 0),
        ("$0.15", ["($0.15)"], 0, 0),
        ("to to be", ["to be"], 0, 2 * (2 / 3) * 1 / (2 / 3 + 1)),  # bags: a word said twice counts once
        ("", ["x"], 0, 0),
        ("x", [], 0, 0),
        ("—", ["—"], 0, 0),  # nothing to compare is no match
    ],
)
def test_answers(prediction: str, answers: list[str], em: float, score: float) -> None:
    """Exact match and F1 against values worked out by hand; the best answer counts."""
    assert exact_match(prediction, answers) == em
    assert f1(prediction, answers) == pytest.approx(score)


words = st.lists(st.sampled_from(["red", "blue", "$5", "4%", "-4%"]), max_size=5).map(" ".join)


@given(words, st.lists(words, max_size=3))
def test_f1_bounds_exact_match(prediction: str, answers: list[str]) -> None:
    """0 <= EM <= F1 <= 1, and more accepted answers never lower either."""
    assert 0 <= exact_match(prediction, answers) <= f1(prediction, answers) <= 1
    assert f1(prediction, answers) <= f1(prediction, [*answers, "red"])


@pytest.mark.parametrize(
    ("sentence", "answers", "expected"),
    [
        ("Revenue was $3.2B in Q2.", ["3.2 billion dollars"], True),
        ("Revenue was $32 billion in Q2.", ["$3.2 billion"], False),
        ("Margin fell (4)% in 2024.", ["4%"], False),
        ("It closed on Monday, Nov. 4, 2024.", ["November 4"], True),
        ("It closed on November 4.", ["Nov. 4, 2024"], False),  # the year is not said
        ("Patients took Vitamin A daily.", ["Vitamin A"], True),
        ("It has no debt.", ["no", "No."], False),
        ("Yes, said Ann Berg.", ["yes", "Ann Berg"], True),
        ("Berg, Ann", ["Ann Berg"], False),
        ("", ["x"], False),
        ("anything", ["—"], False),
    ],
)
def test_says(sentence: str, answers: list[str], expected: bool) -> None:
    """An accepted answer in a row, in its normal form; yes and no are not looked for."""
    assert says(sentence, answers) is expected


def slow_auroc(scores: list[float], labels: list[bool]) -> float | None:
    """The definition, pair by pair."""
    pairs = [
        (a, b) for a, x in zip(scores, labels, strict=True) if x for b, y in zip(scores, labels, strict=True) if not y
    ]
    return sum((a > b) + 0.5 * (a == b) for a, b in pairs) / len(pairs) if pairs else None


@given(st.lists(st.tuples(shares | st.sampled_from([0.0, 0.5, 1.0]), st.booleans()), max_size=30))
def test_auroc_agrees_with_counting_pairs(scored: list[tuple[float, bool]]) -> None:
    """Ties count half; with one class only there is no value."""
    scores, labels = [score for score, _ in scored], [label for _, label in scored]
    found, expected = auroc(scores, labels), slow_auroc(scores, labels)
    assert (found is None) == (expected is None)
    assert found is None or expected is None or isclose(found, expected)
    interval = auroc_interval(scores, labels, n=20)
    assert (interval is None) == (found is None)
    assert interval is None or 0 <= interval[0] <= interval[1] <= 1


def test_auroc_extremes() -> None:
    """Perfect, useless and upside down."""
    labels = [True, True, False]
    assert [auroc(scores, labels) for scores in ([0.9, 0.8, 0.1], [0.5] * 3, [0.1, 0.2, 0.9])] == [1.0, 0.5, 0.0]


def test_auroc_interval_agrees_with_drawing_questions() -> None:
    """The counts of draws stand for the questions drawn: the spread is that of a plain bootstrap."""
    generator = np.random.default_rng(1)
    labels = [True] * 60 + [False] * 30
    scores = [float(x) for x in generator.normal(0.8, 1, 60)] + [float(x) for x in generator.normal(0, 1, 30)]
    drawn = []
    for _ in range(1000):
        picks = [*generator.integers(0, 60, 60), *generator.integers(60, 90, 30)]
        drawn.append(slow_auroc([scores[n] for n in picks], labels) or 0.0)
    found = auroc_interval(scores, labels)
    assert found is not None
    assert found == pytest.approx((np.percentile(drawn, 2.5), np.percentile(drawn, 97.5)), abs=0.02)


@given(st.lists(shares, min_size=1, max_size=30))
def test_interval_lies_in_the_range_of_values(values: list[float]) -> None:
    """Means of draws cannot leave the values; the same seed gives the same interval."""
    low, high = bootstrap_interval(values, n=50)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9
    assert bootstrap_interval(values, n=50) == (low, high)


def test_interval_agrees_with_the_normal_approximation() -> None:
    """For many values the bootstrap of a mean is the mean ± 1.96 standard errors."""
    values = [float(x) for x in np.random.default_rng(3).random(2000)]
    error = 1.96 * float(np.std(values)) / len(values) ** 0.5
    mean = float(np.mean(values))
    assert bootstrap_interval(values) == pytest.approx((mean - error, mean + error), abs=0.1 * error)


def test_interval_of_another_statistic() -> None:
    """The statistic is given draws as rows; a higher level gives a wider interval."""
    values = [float(n) for n in range(101)]
    low, high = bootstrap_interval(values, statistic=lambda draws: np.median(draws, axis=1))
    assert 25 < low < 50 < high < 75
    wide = bootstrap_interval(values, statistic=lambda draws: np.median(draws, axis=1), level=0.99)
    assert wide[0] <= low < high <= wide[1]


# -- confidence --------------------------------------------------------------------------------------------------------

judged = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@given(judged)
def test_reliability_counts_every_answer_once(pairs: list[tuple[float, bool]]) -> None:
    """Bins rise in confidence, hold all answers, and their shares are shares."""
    confidences, right = zip(*pairs, strict=True)
    bins = reliability(confidences, right)
    assert sum(each.n for each in bins) == len(pairs)
    assert [each.confidence for each in bins] == sorted(each.confidence for each in bins)
    assert sum(each.n * each.right for each in bins) == pytest.approx(sum(right))
    assert 0 <= (calibration_error(confidences, right) or 0) <= 1


def test_calibration_error_of_known_answers() -> None:
    """None when said and done agree; the whole distance when sure and wrong."""
    assert calibration_error([0.75] * 4, [True, True, True, False]) == pytest.approx(0)
    assert calibration_error([1.0, 1.0], [False, False]) == 1.0
    assert calibration_error([], []) is None


@given(judged)
def test_risk_coverage_ends_with_all(pairs: list[tuple[float, bool]]) -> None:
    """Coverage rises to 1, where the risk is the share of wrong answers; order does not matter."""
    confidences, right = zip(*pairs, strict=True)
    curve = risk_coverage(confidences, right)
    assert [coverage for coverage, _ in curve] == sorted({coverage for coverage, _ in curve})
    assert curve[-1] == pytest.approx((1.0, 1 - sum(right) / len(right)))
    assert risk_coverage(confidences[::-1], right[::-1]) == curve
