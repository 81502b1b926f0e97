"""Confidence and right or wrong -> two plots as SVG: reliability, and risk against coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eval.metrics import reliability, risk_coverage


def reliability_plot(confidences: Sequence[float], right: Sequence[bool]) -> str:
    """Share of right answers by confidence, beside the diagonal on which a calibrated confidence lies."""
    plot = _plot("Reliability", "confidence", "share right")
    plot.add("calibrated", [(0, 0), (1, 1)], show_dots=False)
    plot.add("measured", [(each.confidence, each.right) for each in reliability(confidences, right)])
    return str(plot.render(is_unicode=True))


def risk_coverage_plot(confidences: Sequence[float], right: Sequence[bool]) -> str:
    """Share of wrong answers among those given, by the share of questions that get one, the surest first."""
    plot = _plot("Risk and coverage", "share answered", "share wrong among them")
    plot.add("measured", risk_coverage(confidences, right), show_dots=False)
    return str(plot.render(is_unicode=True))


def _plot(title: str, x: str, y: str) -> Any:
    import pygal
    from pygal.style import CleanStyle

    # js: without it the image would fetch a script from the web.
    look = {"js": (), "width": 640, "height": 480, "show_legend": False}
    limits = {"range": (0, 1), "xrange": (0, 1)}
    return pygal.XY(title=title, x_title=x, y_title=y, style=CleanStyle(font_family="sans-serif"), **look, **limits)
