"""Files that hold files -> their parts: zip files, e-mails with attachments, EDGAR submissions."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from index.read.draft import Unreadable
from index.read.kind import Kind, kind_of
from index.read.mail import Letter, from_eml, from_msg
from index.release import canonical

MOST_PARTS = 5_000
MOST_DEPTH = 3  # archives in archives
MOST_UNPACKED = 200_000_000  # bytes, of one file with all that is in it

_DOCUMENT = re.compile(r"<DOCUMENT>(.*?)(?:</DOCUMENT>|(?=<DOCUMENT>)|\Z)", re.S)
_FIELD = re.compile(r"<(TYPE|FILENAME|DESCRIPTION)>([^\n<]*)")
_TEXT = re.compile(r"<TEXT>(.*?)(?:</TEXT>|\Z)", re.S)
_RELEASES = re.compile(r"EX-99", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One document out of a file, or the file itself."""

    source: str  # the file's path; of what is in an archive, its name behind that
    data: bytes
    kind: Kind | None = None  # told from the data where it is not known
    facts: dict[str, Any] = field(default_factory=dict)  # what is known of it from outside: filed, cik, issuer, url, …
    trouble: str = ""  # why there is nothing to read


def unpacked(data: bytes, source: str, kind: Kind) -> list[Part]:
    """The parts of a file of this kind.

    Raises:
        Unreadable: it is damaged or locked.
    """
    return list(_parts(Part(source, data, kind), 0, _Budget()))


class _Budget:
    """What is left of the bytes and parts that one file may unpack to."""

    def __init__(self) -> None:
        self.bytes = MOST_UNPACKED
        self.parts = MOST_PARTS

    def take(self, size: int) -> bool:
        self.bytes -= size
        self.parts -= 1
        return self.bytes >= 0 and self.parts >= 0


def _parts(part: Part, depth: int, budget: _Budget) -> Iterator[Part]:
    try:
        kind = part.kind or kind_of(part.data, part.source)
        if kind == "zip":
            inner = _zipped(part, depth, budget)
        elif kind in ("mail", "outlook"):
            inner = _mailed(part, from_eml(part.data) if kind == "mail" else from_msg(part.data), depth, budget)
        elif kind == "submission":
            inner = _submitted(part)
        else:
            inner = iter([Part(part.source, part.data, kind, part.facts)])
    except Unreadable as error:
        if depth == 0:
            raise
        inner = iter([Part(part.source, b"", trouble=str(error))])
    yield from inner


def _zipped(part: Part, depth: int, budget: _Budget) -> Iterator[Part]:
    if depth >= MOST_DEPTH:
        raise Unreadable("archives in archives: unpack it and add what is in it")
    with zipfile.ZipFile(io.BytesIO(part.data)) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename.replace("\\", "/"))
            if member.is_dir() or any(piece.startswith((".", "__MACOSX")) for piece in name.parts):
                continue
            source = "/".join([part.source, *(piece for piece in name.parts if piece not in ("/", ".."))])
            if not budget.take(min(member.file_size, MOST_UNPACKED)):
                yield Part(source, b"", trouble="the archive unpacks to too much; unpack it and add its files")
                return
            try:
                data = _unzipped(archive, member)
            except Unreadable as error:
                yield Part(source, b"", trouble=str(error))
                continue
            yield from _parts(Part(source, data, facts=part.facts), depth + 1, budget)


def _unzipped(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.flag_bits & 1:
        raise Unreadable("it is locked with a password")
    try:
        with archive.open(member) as stream:
            data = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Unreadable("it is damaged in the archive") from error
    if len(data) > member.file_size:
        raise Unreadable("it is larger than the archive says")
    return data


def _mailed(part: Part, letter: Letter, depth: int, budget: _Budget) -> Iterator[Part]:
    facts = letter.facts | part.facts
    if letter.text.strip():
        yield Part(part.source, letter.text.encode("utf-8-sig"), "html" if letter.is_html else "text", facts)
    if depth >= MOST_DEPTH:
        return
    around = {name: facts[name] for name in ("around",) if name in facts}
    for number, (name, data) in enumerate(letter.attached, 1):
        if not budget.take(len(data)):
            return
        named = PurePosixPath(name.replace("\\", "/")).name or f"attachment-{number}"
        attached = Part(f"{part.source}/{named}", data, facts=around)
        # Logos, signatures and calendars are no releases that anyone misses.
        yield from (each for each in _parts(attached, depth + 1, budget) if not each.trouble)


# -- EDGAR -------------------------------------------------------------------------------------------------------------


def _submitted(part: Part) -> Iterator[Part]:
    """The exhibits 99 of a filing as EDGAR sends it whole; where there are none, its first document."""
    text = part.data.decode("utf-8", "replace") if b"\xef\xbf\xbd" not in part.data else part.data.decode("latin-1")
    facts = submission_facts(text.partition("<DOCUMENT>")[0]) | part.facts
    documents = [(dict(_FIELD.findall(match[1])), match[1]) for match in _DOCUMENT.finditer(text)]
    if not documents:
        raise Unreadable("an EDGAR submission without a document")
    wanted = [each for each in documents if _RELEASES.match(each[0].get("TYPE", "").strip())] or documents[:1]
    for fields, document in wanted[:MOST_PARTS]:
        body = _TEXT.search(document)
        name = PurePosixPath(fields.get("FILENAME", "").strip() or fields.get("TYPE", "").strip() or "document").name
        source = part.source if len(wanted) == 1 else f"{part.source}/{name}"
        data = (body[1] if body else document).encode("utf-8-sig")  # whatever it declares
        try:
            yield Part(source, data, _document_kind(data, name), facts)
        except Unreadable as error:
            yield Part(source, b"", trouble=str(error))


def _document_kind(data: bytes, name: str) -> Kind:
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:5] == b"<PDF>":
        raise Unreadable("a PDF in EDGAR's old coding; add the PDF itself")
    kind = kind_of(data, name)
    return kind if kind in ("html", "text") else "text"


_HEADER_FIELDS = {  # its period of report is left: of an 8-K that is the day of the event
    "filed": (r"FILED AS OF DATE:\s*(\d{8})", r"<FILING-DATE>(\d{8})"),
    "cik": (r"CENTRAL INDEX KEY:\s*(\d{1,10})", r"<CIK>(\d{1,10})"),
    "filer": (r"COMPANY CONFORMED NAME:[ \t]*([^\n]+)", r"<CONFORMED-NAME>([^\n]+)"),
}


def submission_facts(header: str) -> dict[str, Any]:
    """What the header of an EDGAR submission states: the day filed, the filer's name and CIK.

    >>> submission_facts("FILED AS OF DATE: 20041021\\nCENTRAL INDEX KEY: 0001001426")
    {'filed': datetime.date(2004, 10, 21), 'around': datetime.date(2004, 10, 21), 'cik': '0001001426'}
    """
    facts: dict[str, Any] = {}
    for name, patterns in _HEADER_FIELDS.items():
        found = next((match[1].strip() for pattern in patterns if (match := re.search(pattern, header))), "")
        if name == "filed" and (day := _day(found)):
            facts["filed"] = facts["around"] = day
        elif found and name != "filed":
            facts[name] = found.zfill(10) if name == "cik" else canonical(found)
    return facts


def _day(figures: str) -> date | None:
    try:
        return date(int(figures[:4]), int(figures[4:6]), int(figures[6:]))
    except ValueError:
        return None
