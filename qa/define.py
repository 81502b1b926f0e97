"""Question for what something is, and a sentence -> the clause of the sentence that defines it.

A reader looking for a kind of thing can take another thing of the same sentence: of "CLR 131, the company's lead PDC,
uses iodine-131, a radioisotope" the radioisotope. Where the clause behind the name stands, form alone tells.
"""

from __future__ import annotations

import re

# "What is Acme's X", "what exactly are X from Acme": what comes after the name tells which one, or asks more.
_QUESTION = re.compile(
    r"^\W*(?:(?:and|so)\s+)?what(?:\s+exactly)?(?:['’]?s|\s+is|\s+are)(?:\s+exactly)?\s+"
    r"(?:[\w.’'& -]{1,40}?['’]s\s+)?(?P<name>[^,?]+?)(?:,[^?]*)?\W*$",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"\s+(?:from|by|of|at)\s+[A-Z].*$")  # "X by Acme", but "Bank of Norway" is one name
MARKS = r"(?:\s?(?:®|™|℠|\((?:R|TM|SM)\)))*"  # behind a name
_BEHIND = rf"{MARKS}[”\"]?(?:\s*\([^()]*\))?"
_NOUN = r"(?P<clause>(?:an?|the|its|our|one of|[\w.’']+['’]s)\s)"
_APPOSED = re.compile(rf"{_BEHIND}(?:\s*,\s*|\s+[-–—]\s+|—){_NOUN}", re.IGNORECASE)  # "X, the company's lead drug, "
_STATED = re.compile(rf"{_BEHIND}\s+(?:is|are)\s+{_NOUN}", re.IGNORECASE)  # "X is a drug that "
STOP = (  # of a sentence; not that of "U.S.", "No. 1"
    r"(?<!\b[A-Z])(?<!\b(?:No|Dr|Mr|Ms|St|Co|vs|Lt))(?<!\b(?:Mrs|Inc|Ltd|e\.g|i\.e|Sen|Rep|Gov|Gen|Hon|Col|Rev))"
    r"(?<!\b(?:Corp|Prof))[.!?]+(?=\s|$)"
)
_END = rf"\s*(?:[;:]|{STOP}|\s[-–—]\s|$"
_END_OF_APPOSED = re.compile(
    _END + r"|,|\s(?=(?:is|are|was|were|has|have|had|will|can|may|uses?|said|says|announced|today)\b))"
)
_END_OF_STATED = re.compile(_END + r"|,(?=\s+(?:which|who|and|with|but)\b))")


def definition(question: str, sentence: str) -> tuple[int, int] | None:
    """First character, and one past the last, of the clause that says what a thing asked about by its name is.

    Only where it stands right behind the name: as an apposition, or after "is" or "are".

    >>> sentence = "CLR 131, the company's lead PDC, uses iodine-131, a radioisotope."
    >>> sentence[slice(*definition("What is CLR 131?", sentence))]
    "the company's lead PDC"
    >>> definition("What does CLR 131 use?", sentence)
    """
    asked = _QUESTION.match(question)
    if asked is None:
        return None
    for name in dict.fromkeys((asked["name"], _WHOSE.sub("", asked["name"]))):
        for named in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sentence, re.IGNORECASE):
            if not re.search(r"[A-Z\d]", named[0].removeprefix("The ")):
                continue  # no name
            for opening, end in ((_APPOSED, _END_OF_APPOSED), (_STATED, _END_OF_STATED)):
                if (found := opening.match(sentence, named.end())) and (last := end.search(sentence, found.end())):
                    return found.start("clause"), last.start()
    return None
