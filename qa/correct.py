"""Which releases correct which. What a corrected release says is withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from weakref import WeakKeyDictionary

from index.release import same_issuer
from index.store import Index, ReleaseRef

# Wires put it before the headline: "CORRECTING and REPLACING …", "CORRECTION: …", "/C O R R E C T I O N -- Acme/ …",
# "UPDATE -- …", "Corrected: …"; some after it: "… (Corrected)", "… - Correction".
_STOP = r"(?:[:/\])]|\s-(?=\s)|--|–|—|…|\.{3})"
_OF = r"(?: release| from source| photo| graphic| video| multimedia)?"
_MARK = re.compile(
    r"^\W*(?:(?<=/)(?:c o r r e c t i o n|correction|update)\b[^/]*/"
    rf"|correct(?:ing|s|ed) (?:and|&) replac(?:ing|es|ed)\b{_OF}\s*(?:{_STOP}|-)?"
    rf"|(?:correct(?:ing|ed|ion)|replac(?:ing|ement)|updat(?:ed|e)|amended){_OF}\s*{_STOP})\s*",
    re.IGNORECASE,
)
_END_MARK = re.compile(r"(?:[-–—:,]\s*|[(\[]\s*)(?:correct(?:ed|ion)|updated?|amended)\b\W*$", re.IGNORECASE)
# A correction comes soon; a headline like "Acme declares dividend" comes again next quarter.
LATEST = timedelta(days=60)


# Comparing the headlines of a large index takes longer than a search. What is found is kept as long as the index
# is, with the generation it was found at: no index, with its vectors, lives on for it.
_found: WeakKeyDictionary[Index, tuple[int, Mapping[str, ReleaseRef]]] = WeakKeyDictionary()


def corrections(index: Index) -> Mapping[str, ReleaseRef]:
    """`corrected` of all releases of an index as it is now; looked for once a generation."""
    generation = index.generation
    at, found = _found.get(index, (-1, {}))
    if at != generation:
        found = corrected(index.releases())
        _found[index] = generation, found
    return found


def corrected(releases: Iterable[ReleaseRef]) -> dict[str, ReleaseRef]:
    """Ids of the releases that another one corrects, each with the newest that does.

    A release corrects another if a mark stands before or after its headline, the rest of the headline is the other's,
    no two issuers are known of them, and it is not older, nor by more than ``LATEST`` newer. An unknown date is taken
    to fit, unless both are marked. Of several days with one headline ("Transaction in Own Shares") only the last before
    the correction is corrected.
    """
    alike: dict[str, list[ReleaseRef]] = {}
    for release in releases:
        alike.setdefault(_skeleton(without_mark(release.headline)), []).append(release)
    found: dict[str, ReleaseRef] = {}
    for group in alike.values():
        for correction in group if len(group) > 1 else ():
            for other in _wrong(correction, group) if _is_marked(correction) else ():
                if _is_newer(correction, found.get(other.id)):
                    found[other.id] = correction
    return found


def _wrong(correction: ReleaseRef, group: list[ReleaseRef]) -> list[ReleaseRef]:
    """What a correction corrects: earlier corrections, and the last release that is none."""
    before = [other for other in group if _corrects(correction, other)]
    last = max((other.published or date.min for other in before if not _is_marked(other)), default=date.min)
    return [other for other in before if _is_marked(other) or (other.published or date.min) == last]


def without_mark(headline: str) -> str:
    """The headline without the words that say it is a correction.

    >>> without_mark("CORRECTING and REPLACING Acme Opens Mill"), without_mark("Acme Opens Mill (Corrected)")
    ('Acme Opens Mill', 'Acme Opens Mill')
    >>> without_mark("Correctional facilities by Acme"), without_mark("Updates by Acme")
    ('Correctional facilities by Acme', 'Updates by Acme')
    """
    return _END_MARK.sub("", _MARK.sub("", headline, count=1)).strip() or headline


def _skeleton(headline: str) -> str:
    return " ".join(re.findall(r"\w+", headline.casefold()))


def _is_marked(release: ReleaseRef) -> bool:
    return without_mark(release.headline) != release.headline


def _corrects(correction: ReleaseRef, other: ReleaseRef) -> bool:
    if correction.id == other.id or not other.headline:
        return False
    if correction.issuer and other.issuer and not same_issuer(correction, other):
        return False
    if not (correction.published and other.published):
        return not _is_marked(other)
    later = correction.published - other.published
    return later <= LATEST and later >= timedelta(days=1 if _is_marked(other) else 0)


def _is_newer(one: ReleaseRef, other: ReleaseRef | None) -> bool:
    return other is None or (one.published is not None and (other.published or one.published) <= one.published)
