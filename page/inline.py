"""Words of people and releases -> text that is safe on the page, on one line."""

from __future__ import annotations

import re
from datetime import date

from index.months import in_words

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def escape(text: str) -> str:
    """``text`` with every ASCII punctuation mark as a numeric entity: shown as it is by whatever comes after.

    Angle brackets and quotes alone would do for HTML, but on its way to the reader text also passes Markdown (stars,
    tildes, addresses that become links) and the template strings of Gradio (``${}``, ``{{}}``).

    >>> escape("<b>$5 *")
    '&#60;b&#62;&#36;5 &#42;'
    """
    return _PUNCTUATION.sub(lambda mark: f"&#{ord(mark[0])};", text)


def folded(text: str) -> str:
    """The text on one line; between the cells of a table stand points.

    >>> folded("Revenue\\t$\\t5\\nLoss")
    'Revenue · $ 5 Loss'
    """
    text = re.sub(r"\t+", " · ", re.sub(r"([$€£¥])\t", r"\1 ", text))
    return re.sub(r"\s+", " ", text)


def line(text: str) -> str:
    """Escaped text on one line."""
    return escape(folded(text))


def cut(text: str, most: int) -> str:
    """The text on one line, with its end left out where it is longer than ``most`` characters.

    >>> cut("one two three", 8)
    'one two…'
    """
    text = folded(text).strip()
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def day(published: date | None) -> str:
    """A date in words.

    >>> day(date(2017, 1, 31)), day(None)
    ('31 January 2017', 'date unknown')
    """
    return in_words(published) if published else "date unknown"


def counted(number: int, thing: str) -> str:
    """A number of things.

    >>> counted(1, "release"), counted(3048, "release")
    ('1 release', '3,048 releases')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def about(*parts: str | None) -> str:
    """Issuer, day, headline and the like in one line, each kept whole where scripts of two directions meet."""
    return " · ".join(f"<bdi>{line(part)}</bdi>" for part in parts if part)
