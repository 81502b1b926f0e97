"""A release and its one coordinate system: half-open ranges of characters in its canonical text.

>>> text = canonical("CLR 131\\r\\nutilizes iodine-131.  \\n\\n")
>>> text
'CLR 131\\nutilizes iodine-131.'
>>> release = Release.of(text, headline="CLR 131", source="example.txt")
>>> release.quote(Span(release.id, 17, 27))
'iodine-131'
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

BlockKind = Literal["heading", "paragraph", "list", "table"]

# C0 and C1 controls other than tab and line feed: invisible to a reader, and SQLite's text functions stop at NUL.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
_LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
# Begins only where a run of blanks does: tried from each blank of a long run, it would take time in its square.
_TRAILING_BLANKS = re.compile(r"(?<![^\S\n])[^\S\n]++$", re.MULTILINE)


def canonical(text: str) -> str:
    """The form in which positions are counted: NFC, ``\\n`` line ends, no control characters, no trailing blanks.

    Made once, when a release is read. Idempotent.

    >>> canonical("Caf\\u0065\\u0301 \\r\\nopen")
    'Café\\nopen'
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub("", text)
    text = unicodedata.normalize("NFC", text)
    return _TRAILING_BLANKS.sub("", text).strip("\n")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``[start, end)`` of the release's canonical text. Never empty."""

    release_id: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one character.

        >>> Span("r", 0, 5).overlaps(Span("r", 4, 9)), Span("r", 0, 5).overlaps(Span("r", 5, 9))
        (True, False)
        """
        return self.release_id == other.release_id and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a release's structure: characters ``[start, end)`` of its canonical text.

    A table is written as one row a line with cells parted by tabs; a list as one item a line.
    """

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Release:
    """One press release. What it does not state of itself is ``None`` or empty, never guessed."""

    id: str  # 16 hex digits of a hash over text and metadata: the same release under two names is one release
    sha256: str  # of the canonical text in UTF-8: pins what every span of this release points into
    issuer: str | None  # the company whose news this is, as the release names it
    tickers: tuple[str, ...]  # "NASDAQ:CLRB": exchange as the release writes it in capitals, then the symbol
    headline: str
    published: date | None  # when it was released: from dateline, front matter or a page's own metadata only
    source: str  # where it was read from: a path as given
    url: str | None  # where it was published, when the file says so
    text: str  # canonical
    blocks: tuple[Block, ...]  # in order, not overlapping
    filed: date | None = None  # with a regulator, as the filing says
    period_end: date | None = None  # of the quarter or year that it reports on
    cik: str | None = None  # the filer's number at the SEC, ten figures

    @classmethod
    def of(
        cls,
        text: str,
        *,
        headline: str,
        source: str,
        issuer: str | None = None,
        tickers: tuple[str, ...] = (),
        published: date | None = None,
        url: str | None = None,
        blocks: tuple[Block, ...] = (),
        filed: date | None = None,
        period_end: date | None = None,
        cik: str | None = None,
    ) -> Release:
        """Make a release with its id and sha256 computed. ``text`` must be canonical already.

        Raises:
            ValueError: the text is not in canonical form.
        """
        if text != canonical(text):
            raise ValueError(f"{source}: the text of a release must be canonical before positions are counted in it")
        named = "\0".join([text, headline, issuer or "", " ".join(tickers), published.isoformat() if published else ""])
        return cls(
            id=hashlib.sha256(named.encode()).hexdigest()[:16],
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            issuer=issuer,
            tickers=tickers,
            headline=headline,
            published=published,
            source=source,
            url=url,
            text=text,
            blocks=blocks,
            filed=filed,
            period_end=period_end,
            cik=cik,
        )

    def quote(self, span: Span) -> str:
        """The words at ``span``: always a slice of ``text``.

        Raises:
            ValueError: the span belongs to another release or reaches past the end of the text.
        """
        if span.release_id != self.id or span.end > len(self.text):
            raise ValueError(f"{span} is not inside release {self.id} of {len(self.text):,} characters")
        return self.text[span.start : span.end]

    def succeeds(self, other: Release) -> bool:
        """Whether this is a later release of the same issuer; no, where a day is unknown."""
        is_later = self.published is not None and other.published is not None and self.published > other.published
        return is_later and same_issuer(self, other)


class Issued(Protocol):
    """What has an issuer: a `Release`, or a reference to one."""

    @property
    def issuer(self) -> str | None:
        """Its name, as the release writes it."""
        ...

    @property
    def tickers(self) -> tuple[str, ...]:
        """Its listings: "NASDAQ:CLRB"."""
        ...


def same_issuer(one: Issued, other: Issued) -> bool:
    """Whether two releases are by one company: a listing in common, or the same name but for its legal form, tells."""
    if set(one.tickers) & set(other.tickers):
        return True
    return one.issuer is not None and other.issuer is not None and plain_name(one.issuer) == plain_name(other.issuer)


_LEGAL_FORMS = frozenset(
    """
    inc incorporated corp corporation co company ltd limited llc plc lp llp ag se nv sa oy oyj ab asa as a/s spa gmbh bv
    pty pte
    """.split()
)
_QUOTES = str.maketrans("’‘ʼ", "'''")


def plain_name(issuer: str) -> str:
    """A company's name without its legal form, however it is typeset, case folded.

    >>> plain_name("Acme Holdings, Inc."), plain_name("The ACME\u00a0Holdings Co., Ltd.")
    ('acme holdings', 'acme holdings')
    >>> plain_name("Eni S.p.A."), plain_name("SE")
    ('eni', 'se')
    """
    plain = re.sub(r"\.(?!\d)|\(publ\)", "", issuer.translate(_QUOTES).casefold())
    words = plain.replace(",", " ").split()
    if len(words) > 1 and words[0] == "the":
        del words[0]
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        del words[-1]
    return " ".join(words)
