"""A citation -> what is kept of it, and, when it is opened again, whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from index.release import Release, Span
from index.store import Index, ReleaseRef
from qa.answer import Citation
from qa.correct import corrections

Role = Literal["cited", "other", "nearest"]  # what the answer rests on; what others say; what came near a refusal
State = Literal["unchecked", "present", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class KeptCitation:
    """A citation as it was when the answer was given, and whether it still holds.

    ``text[start:end]`` of the release was ``quote`` and ``text[sentence_start:sentence_end]`` was ``sentence``.
    """

    role: Role
    number: int  # from 1, within its role
    release_id: str
    sha256: str  # of the release's canonical text
    start: int
    end: int
    quote: str
    sentence_start: int
    sentence_end: int
    sentence: str
    issuer: str | None
    headline: str
    published: date | None
    source: str
    url: str | None
    withdrawn: str  # what another release had done to this one when the answer was given
    state: State = "unchecked"
    release: Release | None = None  # present: the one with these words; changed: what stands in its file now
    corrected_by: ReleaseRef | None = None  # by what the index knows now

    @property
    def citation(self) -> Citation | None:
        """The citation with its release, as an answer has it; None unless the words still stand."""
        if self.state != "present" or self.release is None:
            return None
        id_ = self.release.id
        span, sentence = Span(id_, self.start, self.end), Span(id_, self.sentence_start, self.sentence_end)
        return Citation(self.release, span, sentence, self.corrected_by)

    @property
    def notice(self) -> str:
        """What the person must know of it, in words; empty where nothing happened to the release since."""
        if self.state == "changed":
            return "This release has changed since: these are the words as they were."
        if self.state == "removed":
            return "This release is no longer in the index: these are the words as they were."
        return self.citation.withdrawn if self.citation else self.withdrawn


def keep(citation: Citation, role: Role, number: int) -> KeptCitation:
    """A citation as it is now, with all that is needed to tell later whether it still holds."""
    release, sentence = citation.release, citation.sentence
    return KeptCitation(
        role=role,
        number=number,
        release_id=release.id,
        sha256=release.sha256,
        start=citation.start,
        end=citation.end,
        quote=citation.quote,
        sentence_start=sentence.start,
        sentence_end=sentence.end,
        sentence=release.quote(sentence),
        issuer=release.issuer,
        headline=release.headline,
        published=release.published,
        source=release.source,
        url=release.url,
        withdrawn=citation.withdrawn,
        state="present",
        release=release,
        corrected_by=citation.corrected_by,
    )


def check(citations: Iterable[KeptCitation], index: Index) -> list[KeptCitation]:
    """Each citation with what the index knows of its release now.

    Present is one whose very text, by its sha256, is indexed: under the same id, or in the same file with another
    headline or date. Changed is one whose file holds another text now. Removed is any other.
    """
    citations = list(citations)
    found = {id_: index.release(id_) for id_ in {citation.release_id for citation in citations}}
    in_file = dict(index.sources()) if None in found.values() else {}
    taken_back = corrections(index) if citations else {}

    def checked(citation: KeptCitation) -> KeptCitation:
        release = found[citation.release_id]
        if release is None and citation.source in in_file:
            release = index.release(in_file[citation.source])
        if release is None:
            return replace(citation, state="removed", release=None)
        is_same = release.sha256 == citation.sha256 and release.text[citation.start : citation.end] == citation.quote
        by = taken_back.get(release.id)
        return replace(citation, state="present" if is_same else "changed", release=release, corrected_by=by)

    return [checked(citation) for citation in citations]
