"""A question for yes or no, and the words that answer it -> yes or no, where form alone tells."""

from __future__ import annotations

import re
from datetime import date

from qa.affirm import affirmed
from qa.amount import fold
from qa.compare import YesOrNo, compared, dated
from qa.hedge import hedges
from qa.listed import Listing

_YES_OR_NO = re.compile(
    r"^\W*(?:(?:and|so|but|or|then)\s+)?"
    r"(?P<ahead>(?:according to|as of|by|in|at|on|going by|after|since|per|for|under)\b[^?]*?,\s+)?"
    r"(?!(?:can|could|will|would|do|did) (?:you|i|we)\b)"
    r"(?:is|are|was|were|does|do|did|has|have|had|will|would|can|could|should|may|might|must)(?:n['’]t)?\b(?!.*\bor\b)",
    re.IGNORECASE,
)
MOST_READ = 500  # characters of a question, of a quote and on both sides of it: longer ones get no verdict
NEGATION = re.compile(
    r"\b(?:not(?![- ](?:for[- ]profit|only|just|limited|least|later than|earlier than|to exceed|yet)\b)"
    r"|no(?!\.?\s*\d| (?:later|earlier|fewer|less|more) than\b)"
    r"|(?<!second to )none|never|neither|nor|cannot|nobody|nothing(?! short of\b)|unable)\b|n['’]t\b",
    re.IGNORECASE,
)
# "Is it free of sugar?" is denied by "contains sugar" and affirmed by "no sugar".
_PRIVATION = re.compile(
    r"\b(?:without|lack(?:s|ed|ing)?|free|nil|skip(?:s|ped|ping)?|avoid(?:s|ed|ing)?|refrain(?:s|ed|ing)?|refuse[ds]?"
    r"|unclear|den(?:y|ied)|rul(?:e[ds]?|ing) out|steer(?:s|ed)? clear|yet to|other than|spare[ds]?|fail(?:s|ed)?|safe"
    r"|un\w{3,}ed|breach(?:e[ds])?|miss(?:e[ds])?|violat(?:e[ds]?|ion)|halt(?:s|ed)?|stop(?:s|ped)?|ceased?|end(?:s|ed)?"
    r"|cancel(?:s|led|ed)?|reject(?:s|ed)?|bann?(?:s|ed)?|prohibit(?:s|ed)?|forbid(?:s|den)?|delay(?:s|ed)?|closed?|shut"
    r"|dropp?(?:s|ed)?|delist(?:s|ed)?|lose|lost|loss(?:es)?|short|off-the-shelf|well tolerated|tolerability|out of"
    r"|doubt|deficien\w+|non-?\w+|pre-\w+|un\w{4,}|over the counter|eas(?:y|ily)|difficult\w*|painless|private(?:ly)?"
    r"|independent(?:ly)?|ongoing|pending|vegan|optional|exclusiv\w+|only|new|suspend\w*|default\w*|illegal|withdr[ae]w\w*"
    r"|discontinu\w+|terminat\w+|abandon\w*|postpon\w+|confidential|differ\w*|zero|blind\w*|exempt|oppos\w+"
    r"|side effects?|unanimous|trouble|risk\w*)\b|-free\b",
    re.IGNORECASE,
)
# "May it fail?" "No assurance": it may. "Is it guaranteed?" "No assurance": it is not.
_PROMISE = re.compile(r"\b(?:assur|guarant|promis|warrant|certain)", re.IGNORECASE)


def verdict(
    question: str, quote: str, *, before: str = "", after: str = "", issuer: str = "", today: date | None = None
) -> YesOrNo | None:
    """Yes or no to a question for it; ``None`` where the words do not tell by their form, and for any other question.

    Told are whether a figure or day is beyond a limit (`qa.compare`) and whether shares are listed on a market; a no
    where the words deny, unless the question itself denies or asks whether something is lacking; and a yes where the
    sentence has all of the question's words (`qa.affirm`). For how often each is right see ``benchmarks/verdicts.py``.
    Nothing else that words show is (docs/log.md): who reads them judges.

    Args:
        before: what stands before the quote in its sentence.
        after: what stands behind it.
        issuer: of the release.
        today: what "last year" in the question is counted from; this day if not given.

    >>> verdict("Are the two firms affiliated?", "not affiliated"), verdict("Who runs it?", "no one")
    ('no', None)
    >>> verdict("Did it sell more than 500 tonnes?", "620 tonnes"), verdict("Did it open before 2020?", "in May 2021")
    ('yes', 'no')
    """
    asked = _YES_OR_NO.search(question) if max(len(question), len(quote)) <= MOST_READ else None
    if asked is None:
        return None
    before, after = before[-MOST_READ:], after[:MOST_READ]
    if listing := Listing.of(question):
        said = f"{before[-40:]}{quote}"
        is_plain = not hedges(fold(said)) and not _UNLISTED.search(f"{question} {said}")
        return "yes" if is_plain and listing.holds(quote) else None
    if told := compared(question, quote, before, after) or dated(question, quote, before, today):
        return told
    if asked["ahead"] or NEGATION.search(question):  # yes to "Is it not open?" says both
        return None
    return _denied(question, quote) or affirmed(question, quote, f"{before}{quote}{after}", issuer)


def with_verdict(verdict: YesOrNo | None, text: str) -> str:
    """An answer as people read it.

    >>> with_verdict("no", "not affiliated"), with_verdict(None, "Ann Berg")
    ('No: not affiliated', 'Ann Berg')
    """
    return f"{verdict.capitalize()}: {text}" if verdict else text


# Going to or from a market, or something else than shares.
_UNLISTED = re.compile(r"\b(?:delist|uplist|mov(?:e|ed|ing)|from|warrants?|units?|notes?|bonds?)", re.IGNORECASE)
# "no shortage", "not until 2027", "Patent No. JP65": nothing is denied.
_NO_DENIAL = re.compile(
    r"\bno\.?\s*[A-Z]{0,4}\d\w*|\bnot (?:just|simply|merely|solely|only|until|before|less|including|without)\b"
    r"|(?:\bnot|n['’]t) (?:be more|just|only)\b|\bno (?:shortage|doubt|question|greater)\b|\bnever missed\b|\bif not\b"
    r"|\bnever-before",
    re.IGNORECASE,
)
# What comes then is of something else: "met its endpoint, with no adverse events", "adults who have not responded".
_ASIDE = re.compile(r"[,;:]|\b(?:who|whose|which|that|with|where|but|while|and|to)\b", re.IGNORECASE)


def _denied(question: str, quote: str) -> YesOrNo | None:
    main = _ASIDE.split(_NO_DENIAL.sub(" ", quote).strip(" ,;:“”\"'"))[0]
    is_denied = NEGATION.search(main) and (_PROMISE.search(question) or not _PROMISE.search(quote))
    return "no" if is_denied and not _PRIVATION.search(question) else None
