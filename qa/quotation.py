"""Question -> the words that it quotes. They are somebody else's: none of them leans on the conversation."""

from __future__ import annotations

import re

LEAST_WORDS = 3  # of a quotation: fewer are a name or a term in quotes

# Of several ways to close a single quotation the last: "'I can't wait'".
_QUOTATION = re.compile(r"(?:^|(?<=[\s:(,]))(?:[“„](.+?)[”“]|«(.+?)»|\"(.+?)\"|[‘'](.+)['’])(?=[\s?.!,;:)]|$)")


def quotation(question: str) -> tuple[int, int] | None:
    """Where a question quotes a sentence or a part of one, without its marks; None where it does not.

    >>> question = "Who said “It is done” of it?"
    >>> question[slice(*quotation(question))], quotation("What is the 'Acme One'?"), quotation("Ann's and Jo's mill")
    ('It is done', None, None)
    """
    for found in _QUOTATION.finditer(question):
        start, end = next(found.span(n) for n in range(1, 5) if found[n])
        if len(re.findall(r"\w+", question[start:end])) >= LEAST_WORDS:
            return start, end
    return None
