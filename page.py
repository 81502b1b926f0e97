"""Answers and releases -> what the browser shows. Pure functions from values to HTML, and the page's style sheet.

Every word that comes from a person or a release goes through `escape`. Positions are cut here, on the server: a
browser counts UTF-16 units, a release counts characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from pathlib import PurePath
from typing import NamedTuple

from index.chunk import table_header
from index.release import Block, Release, Span
from qa import Answer, Citation

MOST_AROUND = 160  # characters of the sentence shown on each side of a quote in the list of sources
MOST_BOLD = 120  # characters of an answer that is set large; longer ones are sentences, and read better as such
MOST_ASKED = 500  # characters of a question that the conversation repeats

WAITING = '<div class="waiting">Reading the releases …</div>'
NEAR = '<p class="hint">What is marked came nearest to the question, but is no answer.</p>'

_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_FIGURE = re.compile(r"[\s\d$€£¥%.,()+*–—−-]+")
_BULLET = re.compile(r"^[-*•–] ")
_PLACE = re.compile(r"(cited|near) ([0-9a-f]{16})((?: [0-9]{1,9}-[0-9]{1,9}){1,16})")

Range = tuple[int, int]


def escape(text: str) -> str:
    """``text`` with every ASCII punctuation mark as a numeric entity: shown as it is by whatever comes after.

    Angle brackets and quotes alone would do for HTML, but on its way to the reader text also passes Markdown (stars,
    tildes, addresses that become links) and the template strings of Gradio (``${}``, ``{{}}``).

    >>> escape("<b>$5 *")
    '&#60;b&#62;&#36;5 &#42;'
    """
    return _PUNCTUATION.sub(lambda mark: f"&#{ord(mark[0])};", text)


def day(published: date | None) -> str:
    """A date in words.

    >>> day(date(2017, 1, 31)), day(None)
    ('31 January 2017', 'date unknown')
    """
    return f"{published.day} {published:%B %Y}" if published else "date unknown"


# -- places ------------------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """What opens beside the conversation: a release and what is marked in it.

    It is written into the page as text, so that a source opens however long ago it was shown. A release's id is a hash
    of its text: a place cannot come to point at other words.
    """

    spans: tuple[Span, ...]  # of one release; the first is the one to scroll to
    near: bool = False  # the spans came near to an answer but are none

    def __str__(self) -> str:
        ranges = (f"{span.start}-{span.end}" for span in self.spans)
        return " ".join(("near" if self.near else "cited", self.spans[0].release_id, *ranges))

    @classmethod
    def parse(cls, text: str) -> Place:
        """The place that ``str(place)`` wrote.

        Raises:
            ValueError: no place is written so.

        >>> Place.parse("cited 00112233445566ff 5-9").spans
        (Span(release_id='00112233445566ff', start=5, end=9),)
        """
        match = _PLACE.fullmatch(text)
        if not match:
            raise ValueError(f"no place in a release: {text[:80]!r}")
        ranges = (written.split("-") for written in match[3].split())
        return cls(tuple(Span(match[2], int(start), int(end)) for start, end in ranges), match[1] == "near")


def places(citations: Sequence[Citation], near: bool = False) -> list[Place]:
    """The place of each citation; where they answer, the others of the same release are marked too."""
    found = []
    for citation in citations:
        others = [other.span for other in citations if other.release.id == citation.release.id and not near]
        found.append(Place(tuple(dict.fromkeys([citation.span, *others])), near))
    return found


# -- conversation ------------------------------------------------------------------------------------------------------


def question_html(question: str) -> str:
    """A question as the conversation repeats it."""
    shown = question if len(question) <= MOST_ASKED else question[:MOST_ASKED] + "…"
    return f'<div dir="auto">{_line(shown)}</div>'


def answer_html(answer: Answer) -> str:
    """An answer with its numbered sources, or a refusal with what came nearest. On one line: Markdown leaves it so."""
    if answer.refusal:
        return refusal_html(answer.refusal.message, answer.refusal.nearest)
    shown = [
        _source(number, citation, place, marked=True, sentence=_folded(citation) != answer.text)
        for number, (citation, place) in enumerate(zip(answer.citations, places(answer.citations), strict=True), 1)
    ]
    size = "answer" if len(answer.text) <= MOST_BOLD else "answer long"
    sure = f"<small>confidence {answer.confidence:.2f}</small>"
    text = ("No: " if answer.verdict else "") + _line(_BULLET.sub("", answer.text))
    others = "".join(
        _source(None, citation, place, marked=True, sentence=True)
        for citation, place in zip(answer.others, places(answer.others), strict=True)
    )
    said = f'<p class="hint">Releases of other days say, newest first:</p>{others}' if others else ""
    return f'<div class="reply"><p class="{size}" dir="auto">{text} {sure}</p>{"".join(shown)}{said}</div>'


def refusal_html(message: str, nearest: Sequence[Citation] = ()) -> str:
    """Why there is no answer, and the passages that came nearest, which are called what they are: no answer."""
    shown = [
        _source(None, citation, place, marked=False, sentence=True)
        for citation, place in zip(nearest, places(nearest, near=True), strict=True)
    ]
    nearest_html = f'<p class="hint">Nearest passages, which are no answer:</p>{"".join(shown)}' if shown else ""
    return f'<div class="reply"><p class="refusal">{_line(message)}</p>{nearest_html}</div>'


def _source(number: int | None, citation: Citation, place: Place, *, marked: bool, sentence: bool) -> str:
    """One source as a button that opens it."""
    release = citation.release
    label = f'<b class="number">[{number}]</b> ' if number else ""
    parts = [f"<bdi>{_line(part)}</bdi>" for part in (release.issuer, day(release.published), release.headline) if part]
    words = f'<span class="sentence" dir="auto">{_sentence(citation, marked)}</span>' if sentence else ""
    withdrawn = f'<span class="withdrawn">{_line(citation.withdrawn)}</span>' if citation.withdrawn else ""
    return (
        f'<button type="button" class="source" value="{place}">{words}'
        f'<span class="from">{label}{" · ".join(parts)}</span>{withdrawn}</button>'
    )


def _sentence(citation: Citation, marked: bool) -> str:
    """The quote in its sentence, without the bullet before it and with long stretches on either side left out."""
    text, span, sentence = citation.release.text, citation.span, citation.sentence
    before, after = _BULLET.sub("", text[sentence.start : span.start]), text[span.end : sentence.end]
    if len(before) > MOST_AROUND:
        before = "…" + before[-MOST_AROUND:].partition(" ")[2]
    if len(after) > MOST_AROUND:
        after = after[:MOST_AROUND].rpartition(" ")[0] + "…"
    quote = _line(citation.quote)
    return _line(before) + (f"<mark>{quote}</mark>" if marked else quote) + _line(after)


def _folded(citation: Citation) -> str:
    return " ".join(citation.release.quote(citation.sentence).split())


def _line(text: str) -> str:
    """Escaped text on one line; between the cells of a table stand points."""
    text = re.sub(r"\t+", " · ", re.sub(r"([$€£¥])\t", r"\1 ", text))
    return escape(re.sub(r"\s+", " ", text))


# -- release -----------------------------------------------------------------------------------------------------------


def notice(message: str) -> str:
    """What stands in the release's place while none is open."""
    return f'<article class="release empty"><p>{_line(message)}</p></article>'


def release_html(release: Release, place: Place, turn: int = 0) -> str:
    """A release as a document, with the spans of ``place`` marked.

    Args:
        place: of this release.
        turn: number of the question that opened it; it makes what is opened anew differ from what is already open.
    """
    first = release.blocks[0] if release.blocks else None
    titled = first is not None and _is_headline(release, first)
    title = "" if titled else f'<h2 dir="auto">{_line(release.headline)}</h2>'
    said = (release.issuer, day(release.published), *release.tickers)
    about = " · ".join(f"<bdi>{_line(part)}</bdi>" for part in said if part)
    head = f'<header><p class="about">{about}</p>{NEAR if place.near else ""}</header>{title}'
    return f'<article class="release" data-turn="{turn}">{head}{body_html(release, place)}{_origin(release)}</article>'


def _origin(release: Release) -> str:
    """Where the release was read, and a link to where it was published if that is a page on the web."""
    parts = [_line(PurePath(release.source).name)]
    if release.url and re.match(r"https?://", release.url):
        target = escape(release.url)
        parts.append(f'<a href="{target}" target="_blank" rel="noopener noreferrer">{target}</a>')
    return f"<footer>{' · '.join(parts)}</footer>"


def body_html(release: Release, place: Place) -> str:
    """The blocks of a release, as HTML that differs from their text by tags and entities only.

    Nothing is left out or added between a block's first and last character: bullets, tabs and line ends stay.
    """
    return "\n".join(_BLOCKS[block.kind](release, block, place) for block in release.blocks)


def _is_headline(release: Release, block: Block) -> bool:
    return block.kind == "heading" and release.text[block.start : block.end] == release.headline


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
        cells = _head_cells(row, width) if number < head else [(at, 1) for at in row]
        lines.append(f"<tr>{_cells(release, cells, place, is_head=number < head, figures=figures)}</tr>")
    return f'<div class="table"><table><tbody>{chr(10).join(lines)}</tbody></table></div>'


def _head_cells(row: Sequence[Range], width: int) -> list[tuple[Range, int]]:
    """Cells of a header row with the columns that each spans: the empty cells after it are its own."""
    cells: list[tuple[Range, int]] = []
    for number, (start, end) in enumerate(row):
        if start == end and number > 1:
            cells[-1] = cells[-1][0], cells[-1][1] + 1
        else:
            cells.append(((start, end), 1))
    at, columns = cells[-1]
    cells[-1] = at, columns + width - len(row)
    return cells


def _cells(
    release: Release, cells: Iterable[tuple[Range, int]], place: Place, *, is_head: bool, figures: set[int]
) -> str:
    html, column = "", 0
    for at, span in cells:
        tag = 'th scope="col"' if is_head else 'th scope="row"' if column == 0 else "td"
        kind = "over" if span > 1 else "figure" if column in figures else ""
        html += "\t" * (column > 0) + f'<{tag} class="{kind}" colspan="{span}" dir="auto">'
        html += f"{marked_html(release, at, place)}</{tag[:2]}>" + "\t" * (span - 1)
        column += span
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
    main, *others = place.spans
    start, end = at
    borders = {border for span in place.spans for border in (span.start, span.end) if start < border < end}
    edges = [start, *sorted(borders), end]

    def strength(piece: Range) -> str:
        if main.start <= piece[0] < main.end:
            return "near" if place.near else "cited"
        return "also" if any(span.start <= piece[0] < span.end for span in others) else ""

    html = ""
    for name, pieces in groupby(pairwise(edges), strength):
        found = list(pieces)
        words = escape(release.text[found[0][0] : found[-1][1]])
        html += f'<mark class="{name}">{words}</mark>' if name and words else words
    return html


# -- style -------------------------------------------------------------------------------------------------------------

STYLE = """
.gradio-container { --cited: #ffd75e; --also: #fff0bd; --near: #dce6f2; --number: var(--primary-700); }
.dark .gradio-container, .gradio-container.dark { --also: #5c4a17; --near: #33465e; --number: var(--primary-300); }
.gradio-container .main { max-width: 1440px; margin: 0 auto; padding: 14px 22px; }

#columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: stretch; gap: 22px;
  height: calc(100dvh - 32px); }
#left { display: flex; flex-flow: column nowrap; gap: 10px; min-width: 0 !important; min-height: 0; }
#top { flex: none; flex-wrap: nowrap; align-items: center; justify-content: space-between; gap: 16px; }
#top > * { min-width: 0 !important; width: auto; flex: none; }
#top > #title { flex: 1 1 0; }
#title small { margin-left: 8px; white-space: nowrap; font-size: 13px; font-weight: 400; letter-spacing: 0; }
#title h1 { margin: 0; font-size: 22px; line-height: 1.2; font-weight: 700; letter-spacing: -.02em; }
#title p { margin: 2px 0 0; font-size: 14px; line-height: 1.35; }
#title p, #title small { color: var(--body-text-color-subdued); }
#top button { border: 1px solid var(--border-color-primary); }
#title .html-container, #release .html-container { height: 100%; padding: 0; }
#release, #release .html-container > div { height: 100%; min-height: 0; }

#chat { flex: 1 1 0; min-height: 200px; }
#chat .top-panel { display: none; }
#chat .md { opacity: 1; }
#chat .bubble-wrap { padding-top: 8px; }
#chat .bot-row { max-width: none; align-self: stretch; }
#chat .bot-row .flex-wrap, #chat .bot-row .bot { width: 100%; }
#chat .bot { padding: 0; border: 0; background: none; box-shadow: none; }
#chat .user { background: var(--background-fill-secondary); border-color: var(--border-color-primary); }
#question .padded, #question { padding: 6px 8px; }
#question .submit-button { background: var(--primary-600); color: #fff; }

.waiting { color: var(--body-text-color-subdued); opacity: 0; animation: appear 0s .4s forwards; }
@keyframes appear { to { opacity: 1; } }
.reply p { margin: 0; }
.reply .answer { font-size: 18px; line-height: 1.4; font-weight: 650; overflow-wrap: anywhere; }
.reply .answer.long { font-size: 16px; line-height: 1.5; font-weight: 500; }
.reply small { margin-inline-start: 6px; font-size: 13px; font-weight: 400; white-space: nowrap;
  color: var(--body-text-color-subdued); }
.reply .hint { margin: 10px 0 0; font-size: 14px; color: var(--body-text-color-subdued); }
.source { display: block; width: 100%; margin: 9px 0 0; padding: 10px 13px; font: inherit; text-align: start;
  border: 1px solid var(--border-color-primary); border-radius: 8px; cursor: pointer; overflow-wrap: anywhere;
  background: var(--background-fill-primary); color: var(--body-text-color); }
.source:hover { border-color: var(--number); }
.source:focus-visible { outline: 2px solid var(--number); outline-offset: 1px; }
.source .sentence { display: block; margin-bottom: 6px; font-size: 15px; line-height: 1.5; }
.source .from { display: block; font-size: 13px; line-height: 1.4; color: var(--body-text-color-subdued); }
.source .withdrawn { display: block; font-size: 13px; font-weight: 600; color: var(--error-text-color); }
.source .number { color: var(--number); }
.source mark, .release mark { padding: 1px 0; border-radius: 3px; background: var(--cited); color: #1c1917; }
.release mark.also { background: var(--also); color: inherit; }
.release mark.near { background: var(--near); color: inherit; }

.release { box-sizing: border-box; height: 100%; overflow: auto; padding: 0 34px 40px; overflow-wrap: anywhere;
  font: 16px/1.6 Charter, "Bitstream Charter", Georgia, "Noto Serif", "DejaVu Serif", serif;
  border: 1px solid var(--border-color-primary); border-radius: 10px;
  background: var(--block-background-fill); color: var(--body-text-color); }
.release.empty { display: grid; place-items: center; text-align: center; color: var(--body-text-color-subdued); }
.release .about, .release footer, .release .hint, .release table, .release.empty { font-family: var(--font); }
.release header { position: sticky; top: 0; margin: 0 -34px 16px; padding: 12px 34px 10px;
  border-bottom: 1px solid var(--border-color-primary); background: var(--block-background-fill); }
.release .about { margin: 0; font-size: 14px; line-height: 1.4; color: var(--body-text-color-subdued); }
.release .hint { margin: 8px 0 0; padding: 5px 12px; font-size: 14px; border-radius: 8px; background: var(--near); }
.release h2 { margin: 0 0 14px; font-size: 24px; line-height: 1.25; font-weight: 700; }
.release h3 { margin: 24px 0 8px; font-size: 17px; line-height: 1.35; font-weight: 700; }
.release p { margin: 0 0 13px; }
.release ul { margin: 0 0 13px; padding: 0; list-style: none; }
.release li { margin: 0 0 6px; padding-inline-start: 14px; text-indent: -11px; }
.release .table { overflow-x: auto; margin: 0 0 16px; }
.release table { border-collapse: collapse; min-width: 100%; font-size: 13.5px; line-height: 1.4; }
.release th, .release td { padding: 4px 7px; border-bottom: 1px solid var(--border-color-primary); font-weight: 400;
  text-align: start; vertical-align: bottom; overflow-wrap: normal; }
.release th[scope="col"] { font-weight: 600; }
.release .figure { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.release .over { text-align: center; }
.release footer { margin-top: 28px; font-size: 13px; color: var(--body-text-color-subdued); }

@media (max-width: 860px) {
  .gradio-container .main { padding: 10px; }
  #columns { grid-template-columns: minmax(0, 1fr); height: auto; gap: 14px; }
  #chat { flex: none; height: 60dvh; }
  #release, #release .html-container, #release .html-container > div { height: auto; }
  .release { height: auto; max-height: 88dvh; padding: 0 18px 28px; }
  .release header { margin: 0 -18px 16px; padding: 10px 18px; }
  .release.empty { padding: 10px; }
}
"""
