"""An earlier question and its answer -> what a pronoun that comes after them may stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from qa.anaphora import Role
from qa.mentions import ASKING, AUXILIARIES, FUNCTION, Mention, mentions, singular, words

MOST_WORDS = 9  # of an answer that something is called by

_COMPANY = re.compile(
    r"\b(?:Inc|Corp|LLC|LLP|Ltd|Co|PLC|AG|SA|Group|Bank|Company|Corporation|Limited|Holdings?|University|Agency|The)\b"
)
_TITLE = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Prof|Professor|Sir)\b\.?\s*")
_LEAD_IN = r"(?:(?:the|its|their|his|her|a|an|there)\s+)*(?:(?:(?:19|20)\d\d|Q[1-4])\s+)?"  # before a subject's words


@dataclass(frozen=True)
class Said:
    """An earlier question that stands alone, and its answer.

    Args:
        meant: what its pronouns stood for, before they were replaced.
        company: whose releases were cited last; empty if none were.
    """

    question: str
    answer: str
    meant: Mapping[Role, str] = field(default_factory=dict)
    company: str = ""

    def referents(self, role: Role, is_possessive: bool = False) -> list[str]:
        """What a pronoun of a kind may stand for, likeliest first; empty where nothing fits.

        >>> Said("Where is Acme Corp. based?", "Oslo").referents("thing")
        ['Acme Corp']
        >>> Said("Who runs Acme?", "Ann Berg, since 2021").referents("person")
        ['Ann Berg']
        """
        by_role: dict[Role, Callable[[], Iterator[str]]] = {
            "person": self._persons,
            "thing": self._things,
            "several": self._owners if is_possessive else self._several,
            "company": self._companies,
        }
        return list(dict.fromkeys(filter(None, by_role[role]()))) if role in by_role else []

    def _persons(self) -> Iterator[str]:
        if self.person:
            yield self.person
            return
        yield self.meant.get("person", "")
        for found in (self.names, mentions(self.answer)):
            people = {mention.text for mention in found if is_person(mention.text)}
            if len(people) == 1:
                yield from people

    def _things(self) -> Iterator[str]:
        """An answer that is a name is what is spoken of next, else the subject of the question, else what it names.

        Not a person: neither one told, nor one meant before, nor the office whose holder was asked for.
        """
        people = {self.person, self.meant.get("person", "")}
        about = self.meant.get("thing") or self.topic
        is_office = self.asks in ("who", "whom") and self.subject is not None and self.subject.kind == "phrase"
        named = self.entity if self.is_name_told and not self.person and self.asks != "where" else ""
        names = [mention.text for mention in self.names if not is_person(mention.text)]
        yield from (each for each in (named, *(() if is_office else (about,)), *names) if each not in people)
        yield self.company
        yield from (name for mention in self.names if (name := mention.text) not in people)

    def _several(self) -> Iterator[str]:
        if self.is_name_told and not self.person and self.asks != "where":
            yield self.entity
        elif self.noun and singular(self.noun.casefold()) != self.noun.casefold():
            yield f"the {self.noun}"
        yield self.meant.get("several", "")
        if self.subject and self.subject.kind == "name" and self.topic != self.meant.get("person"):
            yield self.topic
        after = [m for m in self.found if m.start >= self.asked_end and m.kind != "date"]
        yield from (self._phrase(m) for m in after if singular(m.text) != m.text)
        yield self.company

    def _owners(self) -> Iterator[str]:
        """Of "their": more often a company's than that of what was counted."""
        several = list(self._several())
        yield from (each for each in several if [m.kind for m in mentions(f"of {each}")] == ["name"])
        yield from self._companies()
        yield from several

    def _companies(self) -> Iterator[str]:
        """A company by its name, if the question has it, else one that owns something, else whose release was cited."""
        people = {self.person, self.meant.get("person", "")}
        names = [mention for mention in self.names if mention.text not in people]
        said = self.company.casefold().split()[:1]
        yield from (name.text for name in names if name.text.casefold().split()[:1] == said)
        yield from (name.text for name in names if re.match(r"['’]", self.question[name.end :]))
        yield self.company
        yield from (name.text for name in names)

    # -- the question --------------------------------------------------------------------------------------------------

    @cached_property
    def found(self) -> list[Mention]:
        """What the question speaks of."""
        return mentions(self.question)

    @property
    def names(self) -> list[Mention]:
        """The names in the question."""
        return [mention for mention in self.found if mention.kind == "name"]

    @cached_property
    def _asking(self) -> tuple[str, int, int]:
        """The word that asks, and where what is asked for begins and ends."""
        said = words(self.question)
        at = next((n for n, word in enumerate(said) if word.low in ASKING), None)
        if at is None:
            return "", 0, 0
        begin = at + 1
        if said[at].low == "how" and begin < len(said) and said[begin].low not in AUXILIARIES:
            begin += 1
        end = begin
        if said[at].low in ("what", "which", "whose") or said[begin - 1].low in ("much", "many"):
            while end < len(said) and said[end].is_content and not said[end].is_verb:
                end += 1
        return said[at].low, said[begin].start if begin < end else said[end - 1].end, said[end - 1].end

    @property
    def asks(self) -> str:
        """The word that asks, small: "which"; empty in a question for yes or no."""
        return self._asking[0]

    @property
    def asked_end(self) -> int:
        """Where in the question the words end that ask: after "Which hotel"."""
        return self._asking[2]

    @property
    def noun(self) -> str:
        """What is asked for: "hotel" of "Which hotel", "patents" of "How many patents"."""
        return self.question[self._asking[1] : self._asking[2]]

    @cached_property
    def subject(self) -> Mention | None:
        """What the question is about: the phrase after the auxiliary of what asks; what is owned, not its owner."""
        after = [m for m in self.found if m.start >= self.asked_end and m.kind in ("name", "phrase")]
        begin = re.match(rf"\s*(?:\w+(?:['’]t)?|['’]s)\s+{_LEAD_IN}", self.question[self.asked_end :])
        at = self.asked_end + begin.end() if begin else -1
        subject = next((m for m in after if m.start == at), None)
        owned = subject
        while owned:
            subject, end = owned, owned.end
            owned = next((m for m in after if re.fullmatch(r"['’]s?\s", self.question[end : m.start])), None)
        return subject

    @property
    def topic(self) -> str:
        """What the question is about, in words that can stand in another: the subject, or what is counted."""
        if self.subject is not None:
            return self._phrase(self.subject)
        return f"the {self.noun}" if self.noun and self.asks == "how" else ""

    def _phrase(self, mention: Mention) -> str:
        """A phrase of the question with its owner, or with an article."""
        before = re.search(r"(['’]s?)\s$", self.question[: mention.start])
        owner = next((m for m in self.found if before and m.end == before.start()), None)
        if owner:
            return self.question[owner.start : mention.end]
        has_article = re.search(r"\b(?:the|its|their|an?)\s$", self.question[: mention.start], re.IGNORECASE)
        return f"the {mention.text}" if has_article or mention.kind == "phrase" else mention.text

    # -- the answer ----------------------------------------------------------------------------------------------------

    @cached_property
    def entity(self) -> str:
        """The answer, if it names something that can be spoken of further; else nothing."""
        if self.asks not in ("who", "whom", "whose", "what", "which", "where"):
            return ""
        text = _TITLE.sub(lambda title: title[0].replace(".", "\0"), re.sub(r"\s*\([^)]*\)", "", self.answer))
        text = re.split(r"[,;]|\s[–—-]\s|(?<![A-Z])\.\s", text, maxsplit=1)[0].replace("\0", ".").strip(" .\"'“”")
        verb = next((word for word in words(text) if word.low in AUXILIARIES), None)
        if verb is not None:  # "Ann Berg is its CEO"
            text = text[: verb.start].strip() if self.asks in ("who", "whom") else ""
        told, begin = mentions(text), text.split(" ", 1)[0].casefold()
        is_phrase = bool(told) and told[0].kind in ("name", "phrase") and told[0].start <= len("the ")
        if not is_phrase or (begin in FUNCTION and begin not in ("the", "a", "an")) or len(text.split()) > MOST_WORDS:
            return ""
        return re.sub(r"^(?:an?|the)\s", "the ", text, flags=re.IGNORECASE)

    @property
    def is_name_told(self) -> bool:
        """Whether the answer is a name: "AiBtl BioPharma", not "a deposit of platinum"."""
        told = mentions(f"of {self.entity}")
        return bool(told) and told[0].kind == "name"

    @property
    def person(self) -> str:
        """The answer, if it is a person; else nothing."""
        return self.entity if self.asks in ("who", "whom") and is_person(self.entity) else ""


def is_person(text: str) -> bool:
    """Whether a name is written as those of people are: a title, or two to four words, all written large.

    >>> is_person("Ann Berg"), is_person("Dr. Berg"), is_person("Acme Corp."), is_person("IBM")
    (True, True, False, False)
    """
    bare = _TITLE.sub("", text).split()
    if not bare or _COMPANY.search(text):
        return False
    are_large = all(re.fullmatch(r"[A-ZÀ-Þ](?:['’]?[\w-]*[a-zß-ÿ]|\.)?", word) for word in bare)
    return are_large and (bool(_TITLE.match(text)) or 2 <= len(bare) <= 4)
