"""The spans that a reader found -> what form tells better: cells, definitions, periods, and what stands in no sentence.

A reader that was trained on sentences does not see under which heading a figure stands, and takes any ticker for the
one that is asked for. What can be told by rule is told here, and what a rule speaks against is doubted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Protocol

from index.read.cells import is_value
from index.release import Release, Span
from index.store import Passage
from qa.acting import Acting
from qa.cells import asked
from qa.contact import Contact
from qa.contact_person import ContactPerson
from qa.counterpart import counterpart, predates
from qa.define import definition
from qa.described import Description
from qa.listed import Listing
from qa.office import is_mentioned, is_of, organisation
from qa.parallel import parallel
from qa.person import Person
from qa.scored import LIKELY, ScoredSpan, doubt, sentence_around
from qa.speaker import Quotation
from qa.stands_for import Abbreviation
from qa.symbol import Symbol

SURE = 0.6  # of what is lacking to certainty: what a cell gains whose row and column the query names in full
ANOTHERS = 0.12  # what is left of the odds of who holds an office, where the sentence is of another organisation
STRANGERS = 0.01  # the same, where the release never has that organisation's name, or words have not the form asked for
TOLD = 0.95  # the score of a listing, an address, an office or a description beside the name that is asked about
NEARLY = 0.8  # of the score of the likeliest cell: what one of an earlier table needs to come before it
BEHIND = 0.99  # of its score: what that of a later one then has at most
ANOTHER_ROW = 0.35  # what is left of the score of a figure in a row that the query names less of than of another
ANOTHER_TIME = 0.35  # what is left of the score of a figure in a table of another day or year than the query's


def told(query: str, question: str, passages: Sequence[Passage], spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """The spans, and others in their place, with what form tells of them.

    Args:
        query: what was read with; may have the conversation in front.
        question: the same made whole in one sentence.
        passages: all that were retrieved; form tells of those that were not read, too.
        spans: one of each passage that was read.
    """
    for each in (_defining, _of_label, _of_period):
        spans = [each(question, span) for span in spans]
    whose = organisation(question)
    spans = [_of_whom(whose, span) for span in spans]
    spans = _told_by_form(question, passages, list(in_cells(query, spans)))
    return _described(question, passages, spans)


class ByForm(Protocol):
    """What a question asks for, that form tells."""

    def stated(self, release: Release, within: Span, /) -> Span | None:
        """Where a passage says it."""
        ...

    def meant(self, release: Release, within: Span, quote: Span, sentence: Span, /) -> Span | None:
        """These words of a passage that does not, or what of them may be it."""
        ...


BY_FORM: tuple[Callable[[str], ByForm | None], ...] = (  # the first that a question asks for
    Quotation.of,
    Abbreviation.of,
    Acting.of,
    Symbol.of,
    Listing.of,
    ContactPerson.of,
    Contact.of,
    Person.of,
)


def in_cells(query: str, spans: Sequence[ScoredSpan]) -> Iterator[ScoredSpan]:
    """The spans, those in tables brought to the cell under the headings that the query names."""
    found = [asked(query, span.passage, span.span) for span in spans]
    most = max((len(cell.said) for cell in found if cell and cell.is_named and not cell.lacking), default=0)
    named = {cell.named for cell in found if cell and cell.is_named}
    has_amounts = any(cell and cell.is_named and not cell.is_unasked_share for cell in found)
    sure: list[ScoredSpan] = []
    for span, cell in zip(spans, found, strict=True):
        if cell is None:
            yield span
        elif cell.is_named:
            moved = span._replace(span=cell.span, sentence=cell.row)
            # "Total assets" is not "Total current assets"; nor is what was spent, in percent of all.
            if any(cell.named < other for other in named) or (cell.is_unasked_share and has_amounts):
                yield moved._replace(score=span.score * ANOTHER_ROW)
            elif cell.lacking or len(cell.said) < most:
                yield moved
            else:
                sure.append(moved._replace(score=1 - (1 - span.score) * (1 - SURE)))
        elif cell.is_of_another_time:
            yield span._replace(score=span.score * ANOTHER_TIME)
        elif is_value(span.passage.chunk.release.quote(span.span)):
            # The reader knows the row, and cannot see the headings of its columns.
            yield span._replace(span=cell.span, sentence=cell.row)
        else:
            yield span
    yield from _by_table(sure)


def _by_table(cells: Sequence[ScoredSpan]) -> Iterator[ScoredSpan]:
    """Cells that a query names in full; where tables of one release have different ones, the first table's leads.

    Nothing in the query tells which is meant. The statements come before what explains them; all are doubted, the more
    the more there are. Unless the reader is much surer of a later one.
    """
    for _, group in groupby(sorted(cells, key=lambda cell: cell.span), key=lambda cell: cell.span.release_id):
        own = list(group)
        figures = [re.sub(r"[^\d.%()-]", "", cell.passage.chunk.release.quote(cell.span)) for cell in own]
        several = len(set(figures))
        if several > 1:
            own = [doubt(cell, 1 / several) for cell in own]
            least = max(cell.score for cell in own) * NEARLY
            first = next(n for n, cell in enumerate(own) if cell.score >= least)
            own = [
                cell if figure == figures[first] else cell._replace(score=min(cell.score, own[first].score * BEHIND))
                for cell, figure in zip(own, figures, strict=True)
            ]
        yield from own


def _defining(question: str, candidate: ScoredSpan) -> ScoredSpan:
    """The candidate; where its sentence defines what the question asks about, and it is elsewhere, the definition."""
    base = candidate.sentence.start
    release = candidate.passage.chunk.release
    if clause := definition(question, release.quote(candidate.sentence)):
        span = Span(release.id, base + clause[0], base + clause[1])
        if not span.overlaps(candidate.span):
            return candidate._replace(span=span)
    return candidate


def _of_label(question: str, candidate: ScoredSpan) -> ScoredSpan:
    """The candidate; where it is a figure of another thing in a list, "respectively", that of the thing asked for."""
    span = parallel(question, candidate.passage.chunk.release, candidate.sentence, candidate.span)
    return candidate._replace(span=span) if span else candidate


def _of_period(question: str, candidate: ScoredSpan) -> ScoredSpan:
    """The candidate; where it is a figure of another period than the question's, the one beside it that is of that.

    Doubted where the question is about a time before all that are compared there.
    """
    where = candidate.passage.chunk.release, candidate.sentence, candidate.span
    if predates(question, *where):
        return doubt(candidate, STRANGERS)
    span = counterpart(question, *where)
    return candidate._replace(span=span) if span else candidate


def _told_by_form(question: str, passages: Sequence[Passage], spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """The candidates; where a question asks for what form tells, those that are it, and the others doubted."""
    asked = next(filter(None, (asked_for(question) for asked_for in BY_FORM)), None)
    if asked is None:
        return list(spans)
    found = []
    for passage in passages:
        if span := asked.stated(passage.chunk.release, passage.chunk.span):
            found.append(ScoredSpan(span, sentence_around(passage, span), TOLD, passage))
    by_form = {candidate.passage.chunk.span for candidate in found}
    quotes = [candidate.passage.chunk.release.quote(candidate.span) for candidate in found]
    is_open = isinstance(asked, Listing) and asked.is_open(quotes)  # one has several addresses, and offices, by right
    if is_open and not all(candidate.passage.chunk.release.published for candidate in found):
        found = [doubt(candidate, STRANGERS) for candidate in found]  # which is the newest is not known
    for other in spans:
        chunk = other.passage.chunk
        if chunk.span not in by_form:
            span = asked.meant(chunk.release, chunk.span, other.span, other.sentence)
            found.append(other._replace(span=span) if span else doubt(other, STRANGERS))
    return found


def _described(question: str, passages: Sequence[Passage], spans: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """The candidates; where a question asks what a company is or does, what a passage says of it.

    Of that clause the reader's words, where it is likelier right than wrong about them: they are shorter.
    """
    asked = Description.of(question)
    if asked is None:
        return list(spans)
    found = {candidate.passage.chunk.span: candidate for candidate in spans}
    for passage in passages:
        release, within = passage.chunk.release, passage.chunk.span
        own, span = found.get(within), asked.stated(release, within)
        if span is None:
            if own and asked.is_role(release.quote(own.sentence)):
                found[within] = doubt(own, STRANGERS)
        elif own and own.score >= LIKELY and own.span.overlaps(span) and asked.is_enough(release.quote(own.span)):
            found[within] = own._replace(score=max(own.score, TOLD))
        else:
            found[within] = ScoredSpan(span, sentence_around(passage, span), TOLD, passage)
    return list(found.values())


def _of_whom(asked: str, candidate: ScoredSpan) -> ScoredSpan:
    """The candidate, doubted where an organisation's office-holder is asked for and the sentence is of another.

    By Bayes' rule: of training questions for an office-holder, right and answered, 10 of 211 have such a sentence, of
    those wrongly answered 13 of 32 (docs/log.md). None is right in a release that never has the name.
    """
    release = candidate.passage.chunk.release
    if not asked or is_of(asked, release.quote(candidate.sentence), release):
        return candidate
    return doubt(candidate, ANOTHERS if is_mentioned(asked, release) else STRANGERS)
