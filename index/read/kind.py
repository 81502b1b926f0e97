"""Which kind of file this is: told from what is in it. A file's name decides only between Markdown and plain text."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath
from typing import Literal

from index.read.draft import Unreadable

Kind = Literal["markdown", "text", "html", "pdf", "word", "rtf", "mail", "outlook", "zip", "submission"]

# What folders are searched for; a file that is named outright may have any ending.
ENDINGS = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".rtf", ".eml", ".msg", ".zip")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a picture or sound",
    b"II*\0": "a picture",
    b"MM\0*": "a picture",
    b"\x1f\x8b": "a gzip archive; unpack it and add what is in it",
    b"7z\xbc\xaf": "a 7z archive; unpack it and add what is in it",
    b"Rar!": "a rar archive; unpack it and add what is in it",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_TAG = re.compile(r"</?(?:p|div|table|tr|td|font|span|br|center|b|h[1-6]|ul|li|a)\b[^<>]{0,400}>", re.IGNORECASE)
_SUBMISSION = re.compile(r"\s*(?:-----BEGIN PRIVACY|<SEC-DOCUMENT>|<IMS-DOCUMENT>|<SUBMISSION>|<DOCUMENT>\s*<TYPE>)")
_MAIL_HEADER = re.compile(r"(?:From |[A-Za-z][A-Za-z0-9-]{1,60}:[ \t])")
_MAIL_NAMES = re.compile(r"^(from|to|date|subject|received|message-id|mime-version|return-path)[ \t]*:", re.I | re.M)


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of a file.

    Args:
        data: the whole of it; of a text the first kilobytes are looked at.

    Raises:
        Unreadable: it is of a kind that holds no release; the message says which.

    >>> kind_of(b"%PDF-1.7", "a.txt"), kind_of(b"<html><p>Acme", "a.md"), kind_of(b"# Acme", "a.md")
    ('pdf', 'html', 'markdown')
    """
    if data.startswith(b"%PDF") or b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _zipped(data)
    if data.startswith(_OLE):
        return _ole(data)
    if data[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        return "rtf"
    foreign = next((what for magic, what in _FOREIGN.items() if data.startswith(magic)), None)
    if foreign and not data.isascii():
        raise Unreadable(f"{foreign}, not a release")
    return _text_kind(data[:20_000], name)


def _text_kind(head: bytes, name: str) -> Kind:
    text = head.decode("utf-16", "ignore") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head.decode("latin-1")
    text = text.removeprefix("ï»¿").lstrip("\ufeff")
    if _SUBMISSION.match(text):
        return "submission"
    if _HTML.match(text):
        return "html"
    top = re.split(r"\r?\n\r?\n", text.lstrip("\r\n"), maxsplit=1)[0]
    if _MAIL_HEADER.match(top) and len({match[1].lower() for match in _MAIL_NAMES.finditer(top)}) >= 3:
        return "mail"
    ending = PurePath(name).suffix.lower()
    if ending in (".md", ".markdown"):
        return "markdown"
    if ending in (".html", ".htm", ".xhtml") or len(_TAG.findall(text)) > max(5, len(text) / 600):
        return "html"
    return "text"


def _zipped(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist()[:50_000])
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("a damaged zip file: it cannot be opened") from error
    if "word/document.xml" in names:
        return "word"
    for part, what in (("xl/workbook.xml", "a spreadsheet"), ("ppt/presentation.xml", "a slide show")):
        if part in names:
            raise Unreadable(f"{what}, not a release; save it as PDF and add that")
    if any(name.startswith("content.xml") for name in names) and "mimetype" in names:
        raise Unreadable("an OpenDocument file; save it as .docx or PDF and add that")
    return "zip"


def _ole(data: bytes) -> Kind:
    if "__properties_version1.0".encode("utf-16-le") in data:
        return "outlook"
    if "WordDocument".encode("utf-16-le") in data:
        raise Unreadable("a Word file of before 2007; save it as .docx and add that")
    raise Unreadable("an Office file of before 2007, not a release; save it as .docx or PDF and add that")
