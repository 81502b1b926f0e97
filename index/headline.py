"""The opening blocks of a release -> its headline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.dateline import OPENING_BLOCKS, dateline, yearless

_NO_HEADLINE = re.compile(
    r"(?:for (?:immediate )?release|(?:press|news|media|immediate) release|(?:for )?(?:more|additional) information\b"
    r"|(?:\w+ ){0,2}contacts?\b|source\b|exhibit\b|\[|united states\b|securities and exchange commission|form 8-k"
    r"|page \d|justice news|(?:investor|media|press) relations\b)",
    re.IGNORECASE,
)
_REACHED_AT = re.compile(  # how to reach people
    r"\(?\b\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\S@\S+\.\w|\bwww\.\w"
    r"|^\d+\s(?:[\w.]+\s){1,4}(?:St|Street|Ave|Avenue|Blvd|Boulevard|Rd|Road|Dr|Drive|Way|Lane|Parkway|Pkwy)\b"
    r"|,\s[A-Z]{2}\s+\d{5}(?:-\d{4})?$"
)
_COMPANY_ALONE = re.compile(
    r"[\w&.,’' -]{1,60}\b(?:Inc|Corp|Corporation|Ltd|Limited|LLC|L\.?P|PLC|plc|AG|SE|N\.V|S\.A|Company|Co)\b\.?",
    re.IGNORECASE,
)
_RUNS_ON = re.compile(r"(?:to|and|of|in|for|with|on|at|from|by|as|or)\s", re.IGNORECASE)


def headline_of(blocks: Sequence[str]) -> str:
    """The first opening block that is a headline: no date, no "FOR IMMEDIATE RELEASE", no address, not the body itself.

    >>> headline_of(["FOR IMMEDIATE RELEASE", "January 31, 2017", "Acme Opens\\nSecond Plant", "BOSTON, May 6 -- Acme"])
    'Acme Opens Second Plant'
    >>> headline_of(["Exhibit 99.1", "ACME NAMES ANN BERG", "TO ITS BOARD"])
    'ACME NAMES ANN BERG TO ITS BOARD'
    """
    opening = [" ".join(block.split()) for block in blocks[:OPENING_BLOCKS]]
    for line, following in zip(opening, [*opening[1:], ""], strict=False):
        if _NO_HEADLINE.match(line) or dateline(line) or not re.search(r"[^\W\d_]{2}", line):
            continue
        if _REACHED_AT.search(line) or yearless(line) or _COMPANY_ALONE.fullmatch(line):
            continue
        if _RUNS_ON.match(following) and len(following) < 120 and following[-1] not in ".:;":
            line = f"{line} {following}"
        return line if len(line) <= 300 else line[:300].rsplit(" ", 1)[0] + " …"
    return ""
