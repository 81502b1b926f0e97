"""Places: a release and what is marked in it, as text that the page carries and as a link that lasts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from index.release import Block, Release, Span
from qa import Citation

_PLACE = re.compile(r"(cited|near|open) ([0-9a-f]{16})((?: [0-9]{1,9}-[0-9]{1,9}){0,16})")
_LINK = re.compile(r"[0-9a-f]{16} [0-9]{1,9} [0-9]{1,9} [0-9a-f]{64}")


class Place(NamedTuple):
    """What opens beside the conversation: a release and what is marked in it.

    It is written into the page as text, so that a source opens however long ago it was shown. A release's id is a hash
    of its text: a place cannot come to point at other words.
    """

    release_id: str
    spans: tuple[Span, ...] = ()  # of that release; the first is the one to scroll to
    near: bool = False  # the spans came near to an answer but are none

    def __str__(self) -> str:
        ranges = (f"{span.start}-{span.end}" for span in self.spans)
        kind = "open" if not self.spans else "near" if self.near else "cited"
        return " ".join((kind, self.release_id, *ranges))

    @classmethod
    def parse(cls, text: str) -> Place:
        """The place that ``str(place)`` wrote.

        Raises:
            ValueError: no place is written so.

        >>> Place.parse("cited 00112233445566ff 5-9").spans
        (Span(release_id='00112233445566ff', start=5, end=9),)
        """
        match = _PLACE.fullmatch(text)
        if not match or bool(match[3]) != (match[1] != "open"):
            raise ValueError(f"no place in a release: {text[:80]!r}")
        ranges = (written.split("-") for written in match[3].split())
        spans = tuple(Span(match[2], int(start), int(end)) for start, end in ranges)
        return cls(match[2], spans, match[1] == "near")


def places(citations: Sequence[Citation], near: bool = False) -> list[Place]:
    """The place of each citation; where they answer, the others of the same release are marked too."""
    found = []
    for citation in citations:
        others = [other.span for other in citations if other.release.id == citation.release.id and not near]
        spans = tuple(dict.fromkeys([citation.span, *others]))
        found.append(Place(citation.release.id, spans[:16], near))
    return found


# -- links -------------------------------------------------------------------------------------------------------------


class Link(NamedTuple):
    """A place as an address that can be sent and kept: the sha256 pins the text that the positions count in."""

    span: Span
    sha256: str

    @classmethod
    def of(cls, release: Release, span: Span) -> Link:
        """The link to a span."""
        return cls(span, release.sha256)

    @classmethod
    def to(cls, release: Release) -> Link:
        """The link to a release as a whole, which is one to its first block: the headline."""
        first = release.blocks[0] if release.blocks else Block("paragraph", 0, len(release.text))
        return cls(Span(release.id, first.start, first.end), release.sha256)

    def __str__(self) -> str:
        """The query of the address: ``?release=…&start=…&end=…&sha256=…``."""
        at = {"release": self.span.release_id, "start": self.span.start, "end": self.span.end, "sha256": self.sha256}
        return f"?{urlencode(at)}"

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> Link | None:
        """The link that the parameters of an address make; ``None`` if the address names no release.

        Raises:
            ValueError: it names one, and the rest is missing or no position.
        """
        if not query.get("release"):
            return None
        written = " ".join(query.get(name, "") for name in ("release", "start", "end", "sha256"))
        if not _LINK.fullmatch(written):
            raise ValueError("a link has release=, start=, end= and sha256=, as “Copy link” writes them")
        release_id, start, end, sha256 = written.split()
        return cls(Span(release_id, int(start), int(end)), sha256)
