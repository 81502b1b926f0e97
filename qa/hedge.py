"""Words by which less is said than it seems, or another thing: "expects to open", "a former director", "not yet"."""

from __future__ import annotations

import re

# What makes less of what is said, or another thing of it; "*" stands for any ending.
_HEDGES = """
    not no never neither nor none cannot unable without lack* fail* except excluding exclude excludes unless if
    whether instead rather only almost nearly partly partially until will would might could should must expect*
    plan plans planned planning intend* intent* aim aims aimed aiming propos* pending subject anticipat*
    potential* possib* seek* hope hopes hoped hoping believ* projects projected target* conditional* apply applied
    applies application submi* agree agreed agrees agreement explore explores exploring evaluat* consider*
    discuss* negotiat* talks prepar* eligib* former* previous* once ex late interim acting incoming outgoing then
    successor succeed* succession successor* replac* step* resign* retir* depart* died terminat* cancel* withdr*
    delay* postpon* suspend* stop* halt* deny denied denies denial reject* refus* ceas* discontinu* ended ends
    expire* non another similar unlike versus vs alleg* claim* rumor* rumour* assum* option goal becom* path track
    need* looking due designed guid* estimate* consensus forecast* filed missed short
""".split()
_HEDGE = re.compile(
    rf"\b(?:{'|'.join(word.replace('*', '[a-z]*') for word in _HEDGES)}|to be)\b|n't\b"
    r"|(?<!\bin )(?<!\bof )\bmay\b(?=\s[a-z])"  # not the month
)


def hedges(text: str) -> frozenset[str]:
    """Those in folded text (`qa.amount.fold`).

    >>> sorted(hedges("it may open in may, if approved")), hedges("it opened in may")
    (['if', 'may'], frozenset())
    """
    return frozenset(_HEDGE.findall(text))
