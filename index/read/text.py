"""Plain text -> Draft, and bytes -> text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from email.message import Message

from index.read.cells import RULE, Line, from_characters
from index.read.draft import SENTENCE_END, Draft, Unreadable, titled, with_headings
from index.read.sides import prose
from index.read.stacked import unstacked
from index.release import canonical


def decode(data: bytes) -> str:
    """Text of a file in UTF-8 (with or without BOM), UTF-16 (likewise) or Windows-1252.

    Raises:
        Unreadable: the bytes are not text in any of these.

    >>> decode("Łódź".encode("utf-16")), decode(b"caf\\xe9 \\x80 5")
    ('Łódź', 'café € 5')
    """
    if not data.strip():
        raise Unreadable("empty file")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
        if max(even, odd) > 0.3 * min(len(data), 2000) / 2 and min(even, odd) <= 0.02 * max(even, odd):
            return data.decode("utf-16-le" if odd > even else "utf-16-be")
        if b"\0" in data:
            raise Unreadable("not text (it holds NUL bytes): a binary file?")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable("not text in UTF-8, UTF-16 or Windows-1252: a binary file?") from None
    controls = len(re.findall("[\x01-\x08\x0e-\x1a\x1c-\x1f]", text))
    if controls > len(text) / 1000:
        raise Unreadable("not text (it is full of control characters): a binary file?")
    return text


def recoded(data: bytes, content_type: str) -> bytes:
    """Text in the charset that a web server states, as UTF-8; as it is where that says nothing.

    Servers state charsets that are not so: UTF-8 and UTF-16 are told from the bytes, and Latin-1 means Windows-1252.

    >>> recoded("Łódź".encode("iso-8859-2"), "text/plain; charset=iso-8859-2").decode("utf-8-sig")
    'Łódź'
    """
    message = Message()
    message["Content-Type"] = content_type
    charset = message.get_content_charset("")
    if charset in ("", "us-ascii", "iso-8859-1") or charset.startswith("utf"):
        return data
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        with suppress(LookupError, UnicodeError):
            return data.decode(charset).encode("utf-8-sig")  # the mark beats what a page declares
    return data


# -- plain text --------------------------------------------------------------------------------------------------------

_TAG = re.compile(r"\s*</?(?:PAGE|TABLE|CAPTION|S|C|FN|TEXT|R[12]?|F\d+)>(?:\s*<[SC]>)*", re.IGNORECASE)
_PAGE = re.compile(r"\s*<PAGE>|\f", re.IGNORECASE)
_FOOT = re.compile(r"\s*(?:-\s?)?(?:page\s+)?(?:exhibit\s+)?[\dA-Z.]{0,5}-?\d{1,3}(?:\s?-)?\s*", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[•●▪◦‣·*–—-]|--|o|\(?\d{1,2}[.)])\s+[^\s–—-]")
_EXHIBIT = re.compile(r"EXHIBIT \(?[\w.()]{1,12}", re.IGNORECASE)
_SIDES_SPLIT = 3.4  # characters: text justified with blanks has two of them between words


def from_text(text: str) -> Draft:
    """Paragraphs parted by blank lines, lists, headings; tables in fixed columns as exhibits of the 1990s have them."""
    draft = Draft()
    lines = _lines(canonical(text.expandtabs()))
    for run in prose(draft, lines, _SIDES_SPLIT):
        _add_paragraphs(draft, run)
    draft.blocks = titled(with_headings(unstacked(draft.blocks)))
    return draft


def _lines(text: str) -> list[Line]:
    """The lines with words, page breaks and the marks of EDGAR's text taken out."""
    raw = text.split("\n")
    found: list[Line] = []
    gap, is_top = 0.0, False
    is_marked = any(_TAG.match(line) for line in raw)
    for number, line in enumerate(raw):
        if is_marked and (_PAGE.match(line) or _is_foot(raw, number)):
            gap, is_top = max(gap, 1.0), True
        elif is_marked and (tag := _TAG.match(line)):
            if rest := line[tag.end() :].strip():
                found.append(from_characters(" " * tag.end() + rest, gap))
                gap = 0.0
        elif not line.strip():
            gap += 1
        else:
            found.append(from_characters(line, gap))
            found[-1].is_top = is_top
            gap, is_top = 0.0, False
    if sum(line.gap >= 1 for line in found) > 0.8 * len(found):  # every other line is empty
        for each in found:
            each.gap = max(0.0, each.gap - 1)
    return found


def _is_foot(raw: list[str], number: int) -> bool:
    """Whether a line is a page number or the like: it stands alone before a page break."""
    if not _FOOT.fullmatch(raw[number]):
        return False
    after = next((line for line in raw[number + 1 : number + 8] if line.strip()), "")
    return bool(_PAGE.match(after))


def _add_paragraphs(draft: Draft, lines: Sequence[Line]) -> None:
    block: list[Line] = []
    for line in lines:
        if block and _begins(block, line):
            _add(draft, block)
            block = []
        block.append(line)
    if block:
        _add(draft, block)


def _begins(block: Sequence[Line], line: Line) -> bool:
    """Whether a line begins a paragraph: after an empty line, as an item, or indented after a sentence."""
    is_ended = bool(SENTENCE_END.search(block[-1].raw.strip()))
    if line.is_top and not is_ended and len(block[-1].raw.strip()) > 40:
        return False  # a page ends in the middle of a sentence
    if line.gap >= 1 or _ITEM.match(line.raw) or _EXHIBIT.fullmatch(block[-1].text):
        return True
    is_indented = line.left >= block[-1].left + 3 and line.left >= block[0].left
    return is_indented and is_ended


def _add(draft: Draft, block: Sequence[Line]) -> None:
    lines = [line.text for line in block if not RULE.fullmatch(line.text.replace(" ", ""))]
    draft.add("list" if _ITEM.match(block[0].raw) else "paragraph", "\n".join(lines))
