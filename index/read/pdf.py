"""PDF -> Draft: words where they stand on the page, put together to lines, paragraphs and tables.

A PDF knows which character stands where, and nothing of words, lines, paragraphs and tables.
"""

from __future__ import annotations

import json
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.read.cells import Line, Word
from index.read.draft import MOST_CHARACTERS, Draft, Unreadable, titled, with_headings
from index.read.flow import as_raised
from index.read.sides import prose

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

VOCABULARY = Path(__file__).parent.parent / "model" / "tokenizer.json"
MOST_PAGES = 400
EM = 0.87  # of a line's height: the size of its font
WORD_GAP = 0.2  # of the font's size: what is wider is a blank, whether there is one or not
BLANK = 0.1  # with a blank between two letters this is enough
CELL_GAP = 0.95  # what is wider parts two cells
_PAGE_NUMBER = re.compile(r"(?:Page )?\d{1,3}(?: of \d{1,3})?|[-–—] ?\d{1,3} ?[-–—]", re.IGNORECASE)
RAISED = 0.8  # of the height of the letters before: what is smaller and higher is the mark of a note
EDGE_LINES = 3  # at the top and bottom of a page: there running heads and feet stand
NEW_PAGE = 2.7  # empty lines that a page break counts as


@dataclass(slots=True)
class _Run:
    """Characters that stand together in a line: a word."""

    left: float
    right: float
    bottom: float
    top: float
    text: str
    bold: bool

    @property
    def height(self) -> float:
        return self.top - self.bottom


def from_pdf(data: bytes) -> Draft:
    """Text, headings and tables of a PDF, page numbers and running heads left out.

    Raises:
        Unreadable: it is damaged, locked with a password, or its text cannot be told from its pages.
    """
    draft = Draft()
    runs = _without_page_numbers(list(_pages(data, draft)))
    _mend_ligatures(runs, draft)
    pages = [_lines(page) for page in runs]
    _drop_running(pages)
    lines = [line for page in pages for line in page]
    if not lines:
        raise Unreadable("its pages are pictures without text; make it searchable (OCR) and add it again")
    if not _is_language(lines):
        raise Unreadable("its fonts do not say which letters they show; make it searchable (OCR) and add it again")
    for run in prose(draft, lines, is_nested=True):
        _add_text(draft, run)
    draft.blocks = titled(with_headings(draft.blocks))
    return draft


# -- characters to lines -----------------------------------------------------------------------------------------------


def _pages(data: bytes, draft: Draft) -> Iterator[list[_Run]]:
    document = _opened(data, draft)
    if len(document) > MOST_PAGES:
        draft.warnings.append(f"only the first {MOST_PAGES} of its {len(document):,} pages were read")
    characters = pictures = 0
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        runs = _runs(page)
        page.close()
        characters += sum(len(run.text) for run in runs)
        pictures += not runs
        yield runs
        if characters > MOST_CHARACTERS:
            draft.warnings.append(f"only its first {number + 1:,} pages were read: it has too much text")
            break
    if pictures and characters:
        draft.warnings.append(
            f"{pictures:,} of its {number + 1:,} pages {'holds' if pictures == 1 else 'hold'} no text"
        )
    document.close()


def _opened(data: bytes, draft: Draft) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("it is locked with a password; save it without one and add it again") from error
        first = error
    # Cut off before its trailer: what says where it begins can be found all the same.
    catalog = re.search(rb"(\d+)\s+(\d+)\s+obj\s*<<[^>]{0,400}?/Type\s*/Catalog", data)
    if catalog:
        trailer = b"\ntrailer\n<< /Root %s %s R >>\nstartxref\n0\n%%%%EOF\n" % (catalog[1], catalog[2])
        try:
            document = PdfDocument(data + trailer)
        except PdfiumError:
            pass
        else:
            draft.warnings.append("the file is cut off at its end; what is there was read")
            return document
    raise Unreadable("a damaged PDF: it cannot be opened") from first


def _runs(page: PdfPage) -> list[_Run]:
    """The words of a page, in the order in which the file has them."""
    import pypdfium2.raw as pdfium

    owner = page.get_textpage()  # kept: it closes what it owns
    text = owner.raw
    box = pdfium.FS_RECTF()
    found: list[_Run] = []
    seen: set[tuple[str, int, int]] = set()
    blank = -1.0  # right edge of the blank before, if there is one
    for at in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, at)
        if not pdfium.FPDFText_GetLooseCharBox(text, at, box):
            continue
        character = "-" if code == 2 else chr(code)  # pdfium's own mark for a hyphen at the end of a line
        left, right, bottom, top = box.left, box.right, box.bottom, box.top
        if character.isspace():
            blank = right
            continue
        # Bold may be printed as the same letter twice.
        if right <= left or top <= bottom or (place := (character, round(left), round(bottom))) in seen:
            continue
        seen.add(place)
        last = found[-1] if found else None
        if last and _joins(last, left, bottom, top, blank):
            is_raised = (
                last.text[-1] != "("
                and top - bottom < RAISED * last.height
                and bottom > last.bottom + 0.2 * last.height
            )
            last.text += (as_raised(character) or character) if is_raised else character
            last.right = max(right, last.right)
            if not is_raised:
                last.top, last.bottom = max(top, last.top), min(bottom, last.bottom)
        else:
            is_bold = pdfium.FPDFText_GetFontWeight(text, at) >= 600
            found.append(_Run(left, right, bottom, top, character, is_bold))
        blank = -1.0
    return found


def _joins(last: _Run, left: float, bottom: float, top: float, blank: float) -> bool:
    """Whether a character belongs to the word before it. A blank that it stands on was kerned away."""
    size = EM * max(last.height, top - bottom)
    gap = left - last.right
    is_level = min(top, last.top) - max(bottom, last.bottom) > 0.5 * min(top - bottom, last.height)
    is_apart = gap >= WORD_GAP * size or (blank >= 0 and (gap >= BLANK * size or left >= blank - 0.02 * size))
    return is_level and gap > -0.5 * size and not is_apart


def _lines(runs: Sequence[_Run]) -> list[Line]:
    """The lines of a page from top to bottom, each from left to right."""
    rows: list[list[_Run]] = []
    for run in sorted(runs, key=lambda run: -run.top):
        row = next((row for row in reversed(rows[-4:]) if _is_level(row, run)), None)
        if row is None:
            rows.append([run])
        else:
            row.append(run)
    rows.sort(key=lambda row: -_middle(row))
    lines, above = [], None
    for row in rows:
        height = max(statistics.median(run.height for run in row), 1.0)
        top, bottom = max(run.top for run in row), min(run.bottom for run in row)
        gap = NEW_PAGE if above is None else max(0.0, (above - top) / height)
        row.sort(key=lambda run: run.left)
        words = [Word(run.left, run.right, run.text) for run in row]
        size = EM * height
        bold = sum(len(run.text) for run in row if run.bold) > 0.6 * sum(len(run.text) for run in row)
        lines.append(Line(words, gap, CELL_GAP * size, size, bold, height=top))
        above = bottom
    return lines


def _middle(row: Sequence[_Run]) -> float:
    return statistics.median((run.top + run.bottom) / 2 for run in row)


def _is_level(row: Sequence[_Run], run: _Run) -> bool:
    tall = max(row, key=lambda each: each.height)
    overlap = min(run.top, tall.top) - max(run.bottom, tall.bottom)
    return overlap > 0.5 * min(run.height, tall.height)


# -- letters -----------------------------------------------------------------------------------------------------------

_LIGATURES = ("fi", "fl", "ff", "ffi", "ffl")
_UNKNOWN = "\0"


def _mend_ligatures(pages: Sequence[Sequence[_Run]], draft: Draft) -> None:
    """Say "fi", "fl", "ff" where a font has them as one letter and does not say which it is.

    That one is right which makes a word that stands elsewhere in the file, or that the embedder's vocabulary has.
    """
    broken = [run for page in pages for run in page if _UNKNOWN in run.text]
    if not broken:
        return
    known = _vocabulary() | {word for page in pages for run in page for word in _letters(run.text)}
    lost = 0
    for run in broken:
        made = next((text for text in _mended(run.text) if known.issuperset(_letters(text))), None)
        lost += made is None
        run.text = made or run.text.replace(_UNKNOWN, "\ufffd")
    if lost:
        draft.warnings.append(f"in {lost:,} words a letter is missing: its font does not say which")


def _mended(text: str) -> Iterator[str]:
    before, mark, after = text.partition(_UNKNOWN)
    if not mark:
        yield text
        return
    for letters in _LIGATURES:
        for rest in _mended(after):
            yield before + letters + rest


def _letters(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]{2,}", text)}


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    found = json.loads(VOCABULARY.read_text("utf-8"))["model"]["vocab"]
    return frozenset(word for word in found if word.isalpha() and len(word) > 1)


def _is_language(lines: Sequence[Line]) -> bool:
    """Whether the text is made of words: fonts without Unicode give letters at random."""
    words = [word.text for line in lines for word in line.words]
    plain = sum(bool(_WORD.fullmatch(word)) for word in words)
    return plain >= 0.6 * len(words)


_WORD = re.compile(r"[\"“‘'(\[]*(?:[^\W\d_]+(?:[-–’'/&.@][^\W_]+)*|[$€£]?\d[\d.,:/%-]*|[–—&|•-])[\"”’').,;:!?%*®™\]]*")


# -- running heads -----------------------------------------------------------------------------------------------------


def _without_page_numbers(pages: Sequence[list[_Run]]) -> list[list[_Run]]:
    """The words of each page but for numbers that stand at the same place of most pages."""

    def place(run: _Run) -> tuple[int, int]:
        return round(run.right / 3), round(run.bottom / 3)

    places = Counter(place(run) for page in pages for run in page if run.text.isdigit() and len(run.text) < 4)
    fixed = {at for at, count in places.items() if count >= max(3, 0.5 * len(pages))}
    return [[run for run in page if not (run.text.isdigit() and place(run) in fixed)] for page in pages]


def _drop_running(pages: Sequence[list[Line]]) -> None:
    """Take running heads and feet out: lines that stand at the same height of many pages, but for their figures."""
    counts = Counter(shape for page in pages for shape in {_shape(line) for line in _edges(page)})
    running = {shape for shape, count in counts.items() if count >= max(3, 0.3 * len(pages))}
    for page in pages:
        for at in (0, -1):
            while page and (_shape(page[at]) in running or _PAGE_NUMBER.fullmatch(page[at].text)):
                del page[at]
        if page:
            page[0].gap, page[0].is_top = NEW_PAGE, True


def _edges(page: Sequence[Line]) -> list[Line]:
    return [*page[:EDGE_LINES], *page[EDGE_LINES:][-EDGE_LINES:]]


def _shape(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text).casefold(), round(line.height / 6)


# -- lines to blocks ---------------------------------------------------------------------------------------------------

_BULLET = re.compile(r"(?:[•●▪◦‣·○■*–—\uf0b7\uf0a7▶➢☐☑☒¨]|-|\(?(?:[ivx]{1,4}|\d{1,2})[.)]|o)$")
_ENDS = re.compile(r"[.!?:;…][\"”’')\]]*$")


def _add_text(draft: Draft, lines: Sequence[Line]) -> None:
    """Paragraphs, lists and headings of lines that are no table."""
    rights = sorted(line.right for line in lines)
    right = rights[int(0.75 * len(rights))]  # of a column of text: some lines may reach further
    usual = statistics.median(line.gap for line in lines)
    body = statistics.median(line.size for line in lines)
    block: list[Line] = []
    for line in lines:
        if block and _begins_block(block, line, usual, right):
            _add_block(draft, block, body)
            block = []
        block.append(line)
    if block:
        _add_block(draft, block, body)


def _begins_block(block: Sequence[Line], line: Line, usual: float, right: float) -> bool:
    last = block[-1]
    if _BULLET.match(line.words[0].text):
        return True
    if line.is_top:  # a sentence may go on over the page
        return bool(_ENDS.search(last.text)) or not re.match(r"[a-z]", line.text) or last.bold != line.bold
    if line.gap > usual + 0.35 or abs(line.size - last.size) > 0.12 * last.size:
        return True
    first = line.words[0]
    would_fit = last.right + 0.4 * last.size + first.right - first.left < right - last.size
    if last.bold != line.bold:
        return would_fit and (last.bold or line.bold)
    is_centred = abs(last.left + last.right - line.left - line.right) < last.size and last.left != line.left
    return would_fit and not (last.bold and line.bold) and not is_centred


def _add_block(draft: Draft, block: Sequence[Line], body: float) -> None:
    text = block[0].text
    for line in block[1:]:
        text = _joined(text, line.text)
    first = block[0].words[0].text
    is_heading = (
        len(text) <= 200
        and not _ENDS.search(text)
        and (all(line.bold for line in block) or all(line.size > 1.15 * body for line in block))
    )
    if _BULLET.match(first) and len(block[0].words) > 1:
        draft.add("list", text)
    else:
        draft.add("heading" if is_heading else "paragraph", text)


def _joined(text: str, line: str) -> str:
    """Two lines of one paragraph. A hyphen at the end stays: those who write releases break no words."""
    is_hyphenated = re.search(r"[^\W_]-$", text)
    return text + ("" if is_hyphenated else " ") + line
