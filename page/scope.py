"""Which releases may answer, as the form above the question says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from index.store import ReleaseRef
from page.inline import counted, day, escape, line
from qa import Filters

MOST_ISSUER = 200  # characters


def filters_of(scope: Mapping[str, Any] | None) -> Filters:
    """The filters that a form, or a program, asks for.

    Args:
        scope: ``issuer`` (a name or part of one), ``since`` and ``until`` (days as ``YYYY-MM-DD``); none if empty.

    Raises:
        ValueError: a day is none, or the first lies after the last.

    >>> filters_of({"issuer": "Acme", "until": "2024-05-03"})
    Filters(issuers=('Acme',), tickers=(), since=None, until=datetime.date(2024, 5, 3))
    """
    if scope is not None and not isinstance(scope, Mapping):
        raise ValueError(f"a scope has the names issuer, since and until, got {str(scope)[:80]!r}")
    scope = scope or {}
    issuer = str(scope.get("issuer") or "").strip()[:MOST_ISSUER]
    return Filters((issuer,) if issuer else (), since=_day(scope, "since"), until=_day(scope, "until"))


def _day(scope: Mapping[str, Any], name: str) -> date | None:
    written = str(scope.get(name) or "").strip()
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise ValueError(f"{written[:40]!r} is no day; write it as YYYY-MM-DD") from error


def within(filters: Filters) -> str:
    """The filters in words; empty where every release may answer.

    >>> within(Filters(("Acme",), until=date(2024, 5, 3)))
    'Acme, as of 3 May 2024'
    """
    said = [*filters.issuers, *filters.tickers]
    if filters.since:
        said.append(f"from {day(filters.since)}")
    if filters.until:
        said.append(f"as of {day(filters.until)}")
    return ", ".join(said)


def summary_html(filters: Filters, passing: int, total: int, undated: int = 0) -> str:
    """What the form's closed line says: how many releases may answer, and why not all.

    Args:
        undated: releases that the days leave out, because their own is not known.
    """
    if not within(filters):
        return f"Asking all {counted(total, 'release')}"
    without = f"; {undated:,} without a date left out" if undated else ""
    return f"Asking <b>{passing:,} of {counted(total, 'release')}</b>: {line(within(filters))}{without}"


def issuers_html(refs: Sequence[ReleaseRef]) -> str:
    """The names that the form offers, each with its number of releases, those with most first."""
    counts = Counter(ref.issuer for ref in refs if ref.issuer)
    return "".join(
        f'<option value="{escape(issuer)}">{counted(number, "release")}</option>'
        for issuer, number in sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold()))
    )


# The script (scope.js) reads the form; the panel's (panel.js) keeps the line on top of it true.
FORM = """
<details id="scope-form">
  <summary><span class="summary">All releases</span></summary>
  <form autocomplete="off">
    <label>Issuer <input name="issuer" type="text" list="issuers" placeholder="any" maxlength="200"></label>
    <label>From <input name="since" type="date"></label>
    <label>As of <input name="until" type="date"></label>
    <span class="acts"><button type="button" class="show">Show these</button> <button type="reset">Clear</button></span>
    <datalist id="issuers"></datalist>
  </form>
</details>
"""
