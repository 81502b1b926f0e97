"""A release as a document, with the cited words marked. Positions are cut here, on the server: a browser counts UTF-16
units, a release counts characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import PurePath
from typing import NamedTuple

from index.chunk import table_header
from index.release import Block, Release
from page.inline import about, day, escape, line
from page.place import Link, Place

NEAR = '<p class="hint">What is marked came nearest to the question, but is no answer.</p>'
# The buttons are shown where an answer has several sources; the script fills in which of them is open.
STEPS = (
    '<span class="steps" hidden><button type="button" data-step="-1" title="Previous source (p)">'
    '<span aria-hidden="true">‹</span><span class="unseen">Previous source</span></button><span class="at"></span>'
    '<button type="button" data-step="1" title="Next source (n)"><span aria-hidden="true">›</span>'
    '<span class="unseen">Next source</span></button></span>'
)

_FIGURE = re.compile(r"[\s\d$€£¥%.,()+*–—−-]+")

Range = tuple[int, int]


def notice(message: str) -> str:
    """What stands in the release's place while none is open."""
    return f'<article class="release empty" tabindex="-1" data-view="release"><p>{line(message)}</p></article>'


def release_html(release: Release, place: Place, turn: int = 0, *, removable: bool = False) -> str:
    """A release as a document, with the spans of ``place`` marked.

    Args:
        place: of this release.
        turn: number of the question that opened it; it makes what is opened anew differ from what is already open.
        removable: whether the page offers to take it out of the index.
    """
    first = release.blocks[0] if release.blocks else None
    titled = first is not None and _is_headline(release, first)
    title = "" if titled else f'<h2 dir="auto">{line(release.headline)}</h2>'
    named = about(release.issuer, day(release.published), *release.tickers)
    head = f'<p class="about">{named}</p>{_tools(release, place)}'
    return (
        f'<article class="release" tabindex="0" data-view="release" data-turn="{turn}" '
        f'aria-label="Release: {line(release.headline)}"><header>{head}{NEAR if place.near else ""}</header>'
        f"{title}{body_html(release, place)}{_origin(release, removable)}</article>"
    )


def _tools(release: Release, place: Place) -> str:
    link = Link.of(release, place.spans[0]) if place.spans else Link.to(release)
    return f'<p class="tools">{STEPS}<a class="link" href="{escape(str(link))}">Copy link</a></p>'


def _origin(release: Release, removable: bool) -> str:
    """Where the release was read, and a link to where it was published if that is a page on the web."""
    parts = [line(PurePath(release.source).name)]
    if release.url and re.match(r"https?://", release.url):
        target = escape(release.url)
        parts.append(f'<a href="{target}" target="_blank" rel="noopener noreferrer">{target}</a>')
    if removable:
        parts.append(f'<button type="button" class="remove" value="{release.id}">Remove from the index</button>')
    return f"<footer>{' · '.join(parts)}</footer>"


def body_html(release: Release, place: Place) -> str:
    """The blocks of a release, as HTML that differs from their text by tags and entities only.

    Nothing is left out or added between a block's first and last character: bullets, tabs and line ends stay.
    """
    return "\n".join(_BLOCKS[block.kind](release, block, place) for block in release.blocks)


def _is_headline(release: Release, block: Block) -> bool:
    return block.kind == "heading" and " ".join(release.text[block.start : block.end].split()) == release.headline


def _heading(release: Release, block: Block, place: Place) -> str:
    tag = "h2" if _is_headline(release, block) else "h3"
    return f'<{tag} dir="auto">{marked_html(release, (block.start, block.end), place)}</{tag}>'


def _paragraph(release: Release, block: Block, place: Place) -> str:
    return f'<p dir="auto">{marked_html(release, (block.start, block.end), place)}</p>'


def _list(release: Release, block: Block, place: Place) -> str:
    items = (f'<li dir="auto">{marked_html(release, at, place)}</li>' for at in _split(release.text, block, "\n"))
    return f"<ul>{chr(10).join(items)}</ul>"


def _table(release: Release, block: Block, place: Place) -> str:
    text = release.text
    header = table_header(text[block.start : block.end])
    head = header.count("\n") + 1 if header else 0
    rows = [list(_split(text, Block("table", *line), "\t")) for line in _split(text, block, "\n")]
    width = max(map(len, rows))
    figures = _figure_columns([[text[start:end] for start, end in row] for row in rows[head:]], width)
    lines = []
    for number, row in enumerate(rows):
        cells = _head_cells(row, width) if number < head else [Cell(at) for at in row]
        lines.append(f"<tr>{_cells(release, cells, place, is_head=number < head, figures=figures)}</tr>")
    return f'<div class="table"><table><tbody>{chr(10).join(lines)}</tbody></table></div>'


class Cell(NamedTuple):
    """A cell as it is shown."""

    at: Range
    columns: int = 1  # that it spans
    swallowed: int = 0  # empty cells after it whose columns it spans


def _head_cells(row: Sequence[Range], width: int) -> list[Cell]:
    """Cells of a header row: the empty cells after one are its own, and the last one reaches to the end."""
    cells: list[Cell] = []
    for number, (start, end) in enumerate(row):
        if start == end and number > 1:
            last = cells[-1]
            cells[-1] = last._replace(columns=last.columns + 1, swallowed=last.swallowed + 1)
        else:
            cells.append(Cell((start, end)))
    cells[-1] = cells[-1]._replace(columns=cells[-1].columns + width - len(row))
    return cells


def _cells(release: Release, cells: Iterable[Cell], place: Place, *, is_head: bool, figures: set[int]) -> str:
    html, column = "", 0
    for cell in cells:
        tag = 'th scope="col"' if is_head else 'th scope="row"' if column == 0 else "td"
        kind = "over" if cell.columns > 1 else "figure" if column in figures else ""
        html += "\t" * (column > 0) + f'<{tag} class="{kind}" colspan="{cell.columns}" dir="auto">'
        html += f"{marked_html(release, cell.at, place)}</{tag[:2]}>" + "\t" * cell.swallowed
        column += cell.columns
    return html


def _figure_columns(rows: Sequence[Sequence[str]], width: int) -> set[int]:
    """Numbers of the columns that hold figures only.

    >>> _figure_columns([["Revenue", "$5.0"], ["Loss", "(2)"]], 2)
    {1}
    """
    columns = [[row[number] for row in rows if number < len(row) and row[number]] for number in range(width)]
    return {number for number, cells in enumerate(columns) if cells and all(map(_FIGURE.fullmatch, cells))}


_BLOCKS = {"heading": _heading, "paragraph": _paragraph, "list": _list, "table": _table}


def _split(text: str, block: Block, by: str) -> Iterator[Range]:
    """The ranges between the separators in a block."""
    start = block.start
    for part in text[block.start : block.end].split(by):
        yield start, start + len(part)
        start += len(part) + 1


def marked_html(release: Release, at: Range, place: Place) -> str:
    """A stretch of text, escaped, in which what lies in the spans is marked: the main one strongly, others faintly.

    Spans may overlap, nest and reach beyond the stretch.
    """
    main, others = place.spans[:1], place.spans[1:]
    start, end = at
    borders = {border for span in place.spans for border in (span.start, span.end) if start < border < end}
    edges = [start, *sorted(borders), end]

    def strength(piece: Range) -> str:
        if any(span.start <= piece[0] < span.end for span in main):
            return "near" if place.near else "cited"
        return "also" if any(span.start <= piece[0] < span.end for span in others) else ""

    html = ""
    for name, pieces in groupby(pairwise(edges), strength):
        found = list(pieces)
        words = escape(release.text[found[0][0] : found[-1][1]])
        html += f'<mark class="{name}">{words}</mark>' if name and words else words
    return html
