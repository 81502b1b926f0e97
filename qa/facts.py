"""A release -> questions that its own sentences answer, each with the words that do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from index.chunk import statements
from index.release import Release, Span
from qa.company import KIND, short_name
from qa.frames import BASE, ISSUER, MONTH, OF_ISSUER, Frame, frames

MOST_WORDS = 20  # of a question: a longer one is not what a person would type
MOST_NAME = 5  # words of an issuer's name: a longer one is a headline that was taken for a name


class Fact(NamedTuple):
    """A question and the words of a release that answer it."""

    question: str
    answer: str  # words of the release, white space folded
    kind: str  # of question: two of one kind side by side are dull
    name: str  # what the question is about besides the issuer; empty if nothing
    is_own: bool  # whether the issuer is named in that paragraph, or ``name`` in the headline: not a wire's own words


def facts(release: Release) -> Iterator[Fact]:
    """The questions that sentences of a release answer, in the order of its text."""
    names = _names(release)
    issuer = names[0] if names else ""
    called = _called(names)
    for block in release.blocks:
        is_own = bool(called and called.search(release.text, block.start, block.end))
        for span in statements(release, Span(release.id, block.start, block.end)):
            sentence = " ".join(release.quote(span).split())
            sentence = called.sub(ISSUER, sentence) if called else sentence
            for frame in frames():
                if frame.needs_issuer and ISSUER not in sentence:
                    continue
                for found in frame.pattern.finditer(sentence):
                    if fact := _fact(frame, found, issuer, release.text):
                        yield fact._replace(is_own=is_own or _says(release.headline, fact.name))


def _says(text: str, name: str) -> bool:
    return bool(name and re.search(rf"\b{re.escape(name)}(?!\w)", text))


# Words that need what stands before them, or that only who wrote them can say.
_LEANS = re.compile(
    r"\b(?:this|these|those|such|it|they|them|he|she|his|her|our|we|us|said|above|following|same|others?|another|which|who"
    r"|that|herein|today|here|there|respectively|certain|each|both)\b",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"(?:\b(?:a|an|the|its|of|in|on|at|by|to|for|from|with|and|or|as|up|including|\w+ed)|-)$", re.IGNORECASE
)
_WANTS_ARTICLE = re.compile(
    r"(?:[Pp]roject|[Pp]roperty|[Mm]ine|[Dd]eposit|[Ff]acility|[Pp]lant|[Cc]ampus|Program|Platform|System|Fund|Formation|Act"
    r"|Agency|Initiative|Foundation|Association|Mill|Group|Trust|Team| [a-z]+)$"
)
_PEOPLE = re.compile(
    r"\b(?:analyst|director|professor|founder|partner|veteran|expert|scientist|physician|surgeon|executive|geologist|officer"
    r"|president|chairman|engineer|entrepreneur|leader|representative|recipient|graduate|resident|speaker|attorney|member"
    r"|investor|doctor|nurse|senator|minister|author|journalist)\b"
)


def _fact(frame: Frame, found: re.Match[str], issuer: str, text: str) -> Fact | None:
    parts = {name: (value or "").strip().replace(ISSUER, issuer) for name, value in found.groupdict().items()}
    answer, name = parts.pop("answer"), parts.get("name", "")
    rest = re.sub(r"\bits\b", "the", parts.get("rest", ""))
    rest = parts["rest"] = rest.lower() if frame.kind in ("lead", "start") else rest
    if (not issuer and "{issuer" in frame.question) or (issuer and issuer in answer):
        return None
    if _LEANS.search(f"{name} {rest}") or _DANGLING.search(rest) or not _is_balanced(f"{name} {rest}"):
        return None
    if frame.kind == "definition" and (_PEOPLE.search(answer[:60]) or issuer in name or not _is_name(name, text)):
        return None
    bare = re.sub(r"^[Tt]he ", "", name)
    if name and frame.kind not in OF_ISSUER:
        if frame.kind != "market" and not re.match(r"[A-Z0-9]", bare):
            return None
        parts["name"] = f"the {bare}" if bare != name or _WANTS_ARTICLE.search(bare) else bare
    question = _filled(frame.question, parts, issuer)
    if not question or len(question.split()) > MOST_WORDS:
        return None
    return Fact(question, answer, frame.kind, "" if frame.kind in OF_ISSUER else bare, is_own=True)


_NO_NAME = re.compile(
    r"^(?:Its?|They|We|Our|There|Here|What|Who|Why|How|Today|Inc|Corp|Ltd|LLC|PLC|Mr|Ms|Mrs|Dr|Prof|About"
    rf"|(?:The )?(?:Company|Corporation|Firm)|{MONTH})\b"
)


def _is_name(name: str, text: str) -> bool:
    """Whether a sentence begins with a name, and not with a word that is written large because it comes first."""
    bare = re.sub(r"^[Tt]he ", "", name)
    if _NO_NAME.search(name) or len(bare) < 3:
        return False
    return " " in bare or not re.search(rf"\b{re.escape(bare.lower())}\b", text)


def _filled(question: str, parts: Mapping[str, str], issuer: str) -> str:
    """The question with its parts; empty if one is lacking."""
    period = parts.get("period") or parts.get("later") or ""
    if "{period}" in question and not period:
        return ""
    verb, _, after = parts.get("verb", "").lower().partition(" ")
    metric = " ".join(map(_small, parts.get("metric", "").split()))
    rest = parts.get("rest", "")
    filled = question.format(
        name=parts.get("name", ""),
        rest=rest,
        at=parts.get("at", ""),
        who=parts.get("who", ""),
        phrase=parts.get("phrase", ""),
        issuer=issuer,
        issuers=issuer + ("’" if issuer.endswith("s") else "’s"),
        verb=f"{BASE.get(verb, verb)} {after}",
        role=" ".join(map(_small, parts.get("role", "").split())),
        metric=metric,
        was="were" if re.search(r"(?:revenues|sales|expenses|costs|earnings|assets)$", metric) else "was",
        are="are" if rest.endswith("ies") else "is",
        period=f"{'for' if ' ended ' in period else 'in'} {period}",
    )
    return re.sub(r" (?=[?])", "", " ".join(filled.split()))


def _small(word: str) -> str:
    """A word of a title in small letters, an abbreviation as it is.

    >>> _small("Chief"), _small("CEO"), _small("R&D")
    ('chief', 'CEO', 'R&D')
    """
    return word if sum(letter.isupper() for letter in word) > 1 and "-" not in word else word.lower()


def _is_balanced(text: str) -> bool:
    pairs = all(text.count(one) == text.count(other) for one, other in ("()", "“”", "[]"))
    return pairs and text.count('"') % 2 == 0


# -- the issuer --------------------------------------------------------------------------------------------------------


def _names(release: Release) -> list[str]:
    """What a release calls its issuer: first the name as people say it. Empty if it has none that can be one."""
    short = short_name(release.issuer or "")
    if not short or len(short.split()) > MOST_NAME or re.match(r"(?:CEO|President|Chair\w*) (?:of|at) ", short):
        return []
    names = [short, release.issuer or ""]
    first, _, more = short.partition(" ")
    if len(first) < 4 or not more:
        return names
    alone = re.search(rf"\b{re.escape(first)}\b(?! {re.escape(more.split(' ')[0])})", release.text)
    is_word = re.search(rf"\b{re.escape(first.lower())}\b", release.text)  # "Platinum Group Metals" speaks of platinum
    return [*names, first] if alone and not is_word else names


def _called(names: list[str]) -> re.Pattern[str] | None:
    if not names:
        return None
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:(?:{known})(?!\w)(?:,? {KIND})*(?: \([^)]*\))*|[Tt]he (?:[Cc]ompany|[Ff]irm)\b)")
