"""The opening blocks of a release -> its headline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.dateline import OPENING_BLOCKS, dateline, yearless

# Labels, told from headlines that begin with the same words: "Contact Energy Posts Profit", "Exhibit Group Wins".
_NO_HEADLINE = re.compile(
    r"(?:for (?:immediate )?release|(?:press|news|media|immediate) release|(?:for )?(?:more|additional) information\b"
    r"|(?:\w+ ){0,2}contacts?(?: information| details| persons?| us)?\s*(?:$|[:;|/(–—-])"
    r"|(?:media|press|investors?|company|corporate) (?:relations )?contacts?\b"
    r"|source\s*:|(?-i:SOURCE\s(?=.*[a-z]))"
    r"|exhibit(?:\s*(?:$|[\d(:–-])|\s(?:no|index|[a-z])\b)|\["
    r"|united states(?: of america)?\W*(?:$|securities and exchange commission\b)"
    r"|securities and exchange commission\W*(?:$|washington\b)|form 8-k"
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
    for number, line in enumerate(opening):
        if _NO_HEADLINE.match(line) or dateline(line) or not re.search(r"[^\W\d_]{2}", line):
            continue
        after = opening[number + 1 :]
        if _REACHED_AT.search(line) or yearless(line) or _is_name_alone(line, after):
            continue
        following = after[0] if after else ""
        if _RUNS_ON.match(following) and len(following) < 120 and following[-1] not in ".:;":
            line = f"{line} {following}"
        return line if len(line) <= 300 else line[:300].rsplit(" ", 1)[0] + " …"
    return ""


def _is_name_alone(line: str, after: Sequence[str]) -> bool:
    """Whether a line is a company's name, as in a letterhead, and not what a company does to one.

    That is the headline: a dateline with text comes right after it, or the other company is named elsewhere.

    >>> _is_name_alone("Acme Robotics Systems Inc.", ["Acme Opens Mill", "Acme Robotics Systems, Inc. today"])
    True
    >>> _is_name_alone("Acme Acquires Bolt Inc.", ["A deal for growth", "OSLO, May 6 -- Acme has bought Bolt, Inc."])
    False
    """
    if not _COMPANY_ALONE.fullmatch(line):
        return False
    following = after[0] if after else ""
    begun, bare = dateline(following), yearless(following)
    if (begun and following[begun[1] :].strip()) or (bare and following[bare.end() :].strip()):
        return False
    words, told = _plain_words(line), f" {' '.join(word for text in after for word in _plain_words(text))} "
    for number in range(2, len(words) - 1):
        verb, other = words[number - 1], " ".join(words[number:])
        if verb.endswith("s") and told.count(f" {other} ") > told.count(f" {verb} {other} "):
            return False
    return True


def _plain_words(text: str) -> list[str]:
    return [word.strip("()[],.;:“”\"‘’'") for word in text.casefold().split()]
