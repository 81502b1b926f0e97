"""An issuer's releases on a line of time, with marks where the answer was said and where it changed, as SVG.

Positions along the line are shares of its width, so that the letters keep their size on a narrow screen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from index.months import MONTHS
from index.release import Release, Span
from index.store import ReleaseRef
from page.inline import counted, cut, day, escape, line
from page.place import Link, Place
from qa import Answer

MOST_MARKS = 16
MOST_LABEL = 44  # characters of what was said beside its mark
STACKED = 8  # dots above one another before they share a place
MOST_TICKS = 7
NEAR_EDGE = 8  # hundredths of the width within which the name of a month would reach over the edge

ROW, DOT, AXIS = 30, 8, 26  # pixels: height of a row of marks, distance of dots, height below the line

_MARK = re.compile(r"([0-9]) ([0-9a-f]{16})(?: ([0-9]{1,9})-([0-9]{1,9}))?")


Said = tuple[int, Release, Span | None]  # a mark with its release


class Mark(NamedTuple):
    """One time that something was said. Marks of one number say the same."""

    number: int  # 0: the answer; above: what other releases say instead
    release_id: str
    span: Span | None = None  # of that release; none where it repeats the words of another, its own places not known


class Marks(tuple[Mark, ...]):
    """What was said to one question, written into the page as text as a `Place` is."""

    __slots__ = ()

    @classmethod
    def of(cls, answer: Answer) -> Marks:
        """Where the releases of the answer's issuer say it, and where those of other days say something else.

        Releases without a date have no place on a line of time.
        """
        issuer = answer.citations[0].release.issuer
        numbered = [*((0, citation) for citation in answer.citations), *enumerate(answer.others, 1)]
        said: list[tuple[Mark, Release | ReleaseRef]] = [
            *((Mark(number, one.release.id, one.span), one.release) for number, one in numbered),
            *((Mark(number, ref.id), ref) for number, one in numbered for ref in one.said_in),
        ]
        first: dict[str, Mark] = {}
        for mark, of in said:
            if of.published and of.issuer == issuer:
                first.setdefault(mark.release_id, mark)
        return cls(list(first.values())[:MOST_MARKS])

    def __str__(self) -> str:
        return ";".join(
            f"{number} {release_id}" + (f" {span.start}-{span.end}" if span else "")
            for number, release_id, span in self
        )

    @classmethod
    def parse(cls, text: str) -> Marks:
        """The marks that ``str(marks)`` wrote.

        Raises:
            ValueError: no marks are written so.

        >>> Marks.parse("0 00112233445566ff 5-9;0 ff00112233445566")[1]
        Mark(number=0, release_id='ff00112233445566', span=None)
        """
        found = [_MARK.fullmatch(part) for part in text.split(";", MOST_MARKS)]
        if not all(found) or len(found) > MOST_MARKS:
            raise ValueError(f"no marks on a timeline: {text[:80]!r}")
        return cls(Mark(int(m[1]), m[2], Span(m[2], int(m[3]), int(m[4])) if m[3] else None) for m in found if m)


def timeline_html(refs: Sequence[ReleaseRef], said: Sequence[Said] = ()) -> str:
    """The plot; nothing where fewer than two of the releases have a date, for that is no line.

    Args:
        refs: releases that belong together, such as those of one issuer.
        said: what marks there are.
    """
    days = [ref.published for ref in refs if ref.published]
    if len(set(days)) < 2:
        return ""
    axis = _Axis(min(days), max(days))
    rows = list(_rows(axis, said))
    top = ROW * len(rows)
    dots, depth = _dots(axis, refs, top)
    line_at = top + depth * DOT + 14
    undated = len(refs) - len(days)
    alone = f" {counted(undated, 'release')} without a date not shown." if undated else ""
    what = f"{counted(len(days), 'release')} from {day(min(days))} to {day(max(days))}.{alone}"
    keys = ("said", "changed")[: min(len(rows), 2)]  # what is first said is said, each row after it a change
    legend = "".join(f'<span class="key {key}">{key}</span> ' for key in keys)
    return (
        f'<figure class="timeline"><svg width="100%" height="{line_at + AXIS}" role="group" '
        f'aria-label="Timeline: {what}">'
        f"{''.join(_drop(axis, row, line_at) for row in rows)}{dots}{_scale(axis, line_at)}"
        f"{''.join(_row(axis, number, row) for number, row in enumerate(rows))}</svg>"
        f"<figcaption>{legend}{what}</figcaption></figure>"
    )


class _Axis(NamedTuple):
    first: date
    last: date

    def at(self, when: date) -> float:
        """Place of a day, in hundredths of the width; a little is kept free at both ends."""
        return round(2 + 96 * (when - self.first).days / (self.last - self.first).days, 2)

    def ticks(self) -> Iterator[date]:
        """First days of months, as far apart as leaves room for their names."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        step = next((step for step in (1, 3, 6, 12, 24, 60) if months / step < MOST_TICKS), 120)
        start = self.first.year * 12 + self.first.month - 1
        for month in range(-(-start // step) * step, start + months + 1, step):
            tick = date(month // 12, month % 12 + 1, 1)
            if tick >= self.first:
                yield tick


class _Row(NamedTuple):
    words: str
    places: list[tuple[date, Release, Span | None]]  # each time that it was said, oldest first
    is_change: bool  # something else was said before


def _rows(axis: _Axis, said: Iterable[Said]) -> Iterator[_Row]:
    """What was said, each thing once, in the order in which it came up."""
    by_number: dict[int, list[tuple[date, Release, Span | None]]] = {}
    for number, release, span in said:
        if release.published and axis.first <= release.published <= axis.last:
            by_number.setdefault(number, []).append((release.published, release, span))
    groups = sorted((sorted(group, key=lambda place: place[0]) for group in by_number.values()), key=lambda g: g[0][0])
    for number, group in enumerate(groups):
        words = next((release.quote(span) for _, release, span in group if span), "")
        yield _Row(cut(words, MOST_LABEL), group, number > 0)


def _dots(axis: _Axis, refs: Sequence[ReleaseRef], top: int) -> tuple[str, int]:
    """A dot a release, stacked where days are close, and the height of the highest stack."""
    stacks: Counter[int] = Counter()
    dated = [(axis.at(ref.published), ref) for ref in refs if ref.published]
    depth = min(STACKED, max(Counter(int(at) for at, _ in dated).values()))
    html = ""
    for at, ref in dated:
        up = min(stacks[int(at)], STACKED - 1)
        stacks[int(at)] += 1
        html += (
            f'<circle class="dot" cx="{at}%" cy="{top + (depth - up) * DOT}" r="3" data-place="{Place(ref.id)}">'
            f"<title>{line(day(ref.published))} · {line(cut(ref.headline, 90))}</title></circle>"
        )
    return html, depth


def _scale(axis: _Axis, y: int) -> str:
    html = f'<line class="axis" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
    for number, tick in enumerate(axis.ticks()):
        at = axis.at(tick)
        month = MONTHS[tick.month - 1][:3]
        name = f"{tick.year}" if tick.month == 1 else month if number else f"{month} {tick.year}"
        html += f'<line class="axis" x1="{at}%" x2="{at}%" y1="{y}" y2="{y + 4}"/>'
        anchor = "start" if at < NEAR_EDGE else "middle"
        html += f'<text class="tick" x="{at}%" y="{y + 17}" text-anchor="{anchor}">{name}</text>'
    return html


def _drop(axis: _Axis, row: _Row, y: int) -> str:
    """A line from where something was first said down to the days."""
    at = axis.at(row.places[0][0])
    return f'<line class="drop" x1="{at}%" x2="{at}%" y1="12" y2="{y}"/>'


def _row(axis: _Axis, number: int, row: _Row) -> str:
    """One thing that was said: its words beside a mark for each time."""
    y = ROW * number + 14
    first = axis.at(row.places[0][0])
    is_right = first > 50
    anchor = 'text-anchor="end" dx="-12"' if is_right else 'text-anchor="start" dx="12"'
    edge = first if is_right else axis.at(row.places[-1][0])
    words = f'<text class="words" x="{edge}%" y="{y + 4}" {anchor}>{line(row.words)}</text>'
    marks = ""
    for nth, (when, release, span) in enumerate(row.places):
        kind = "changed" if row.is_change and nth == 0 else "said"
        shape = '<path d="M0-7 7 0 0 7-7 0Z"/>' if kind == "changed" else '<circle r="6"/>'
        named = line(f"{day(when)}, {kind}: {row.words}")
        # A nested svg is how a shape of fixed size stands at a share of the width.
        link, place = (
            (Link.of(release, span), Place(release.id, (span,))) if span else (Link.to(release), Place(release.id))
        )
        marks += (
            f'<a href="{escape(str(link))}" class="mark {kind}" aria-label="{named}" '
            f'data-place="{place}"><title>{named}</title>'
            f'<svg x="{axis.at(when)}%" y="{y}" overflow="visible">{shape}</svg></a>'
        )
    return words + marks
