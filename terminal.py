"""What the terminal commands share: exit codes, and how numbers are written."""

from __future__ import annotations

DONE, PARTLY, USAGE, NO_ANSWER, NO_INDEX, BUSY, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


def count(number: int, thing: str) -> str:
    """A number with its noun.

    >>> count(1, "release"), count(1200, "file")
    ('1 release', '1,200 files')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
