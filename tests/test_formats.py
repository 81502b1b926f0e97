"""Each format that releases come in, from small files made here: text, table, facts, and what is refused."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from email.message import EmailMessage

import pytest

from index.read import ReadError, parse, read_part, unpack
from index.read.kind import kind_of
from index.release import Release
from index.table import Table

OPENING = "OSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) opened a shop for anvils in Oslo today, the company said."
HTML = f"""<html><head><title>Acme Opens</title></head><body>
<nav><a href="/">Home</a> <a href="/jobs">Careers and other pages of this site</a></nav>
<h1>Acme Opens</h1><p>{OPENING}</p>
<p>The shop sells anvils of iron and of steel to smiths, and it has room for forty of them at a time.</p>
<table><tr><th>In thousands</th><th colspan="3">2025</th><th colspan="3">2024</th></tr>
<tr><td>Revenue</td><td>$</td><td>1,200</td><td></td><td>$</td><td>900</td><td></td></tr>
<tr><td>Loss</td><td></td><td>(34</td><td>)</td><td></td><td>(56</td><td>)</td></tr></table>
</body></html>"""
RTF = rf"{{\rtf1\ansi {{\b Acme Opens}}\par\par {OPENING}\par Caf\'e9 next door.\par}}"
EXHIBIT = f"""                                                          EXHIBIT 99.1

                                  ACME OPENS

{OPENING}

                                 2025        2024
Revenue                        $ 1,200     $   900
Net loss                           (34)        (56)
<PAGE>
                                     -2-

It also rents them out.
"""


def docx() -> bytes:
    """The least that a Word file is."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in ("Acme Opens", OPENING))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{types}"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{relation}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {space}><w:body>{paragraphs}</w:body></w:document>",
    }
    return zipped({name: text.encode() for name, text in files.items()})


def pdf(lines: list[str]) -> bytes:
    """One page of these lines in Helvetica."""
    drawn = "BT /F1 11 Tf 72 720 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
    ]
    data, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF"
    return (data + end).encode("latin-1")


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Acme Corp. <press@acme.test>", "ann@bolt.test"
    message["Subject"], message["Date"] = "Acme Opens", "Mon, 06 May 2024 09:00:00 +0200"
    message.set_content(f"{OPENING}\n\nIt sells anvils of iron.\n")
    message.add_attachment(pdf(["Acme Closes", "", *halves()]), "application", "pdf", filename="two.pdf")
    return message.as_bytes()


def halves() -> list[str]:
    """The opening as a page sets it, in lines."""
    words = OPENING.replace("(", "\\(").replace(")", "\\)").split()
    return [" ".join(words[:10]), " ".join(words[10:])]


DOCUMENTS = {
    "html": HTML.encode(),
    "rtf": RTF.encode(),
    "word": docx(),
    "pdf": pdf(["Acme Opens", "", *halves()]),
    "text": EXHIBIT.encode(),
    "mail": mail(),
}


def cells(release: Release) -> dict[tuple[str, str], str]:
    """The cells of all tables by row and column head."""
    tables = [Table(release.text, block.start, block.end) for block in release.blocks if block.kind == "table"]
    return {
        (table.row_head(cell), table.column_head(cell)): table.words(cell)
        for table in tables
        for cell in table.cells
        if cell.column and table.is_body(cell.row)
    }


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_kind_is_told_from_what_is_in_a_file(kind: str) -> None:
    """Whatever its name says."""
    assert kind_of(DOCUMENTS[kind], "release.txt") == kind


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_format_gives_the_same_release(kind: str) -> None:
    """The opening in one piece, the day, the issuer and the ticker."""
    part = unpack(DOCUMENTS[kind], f"acme.{kind}")[0]
    release = read_part(part).release
    assert " ".join(OPENING.split()) in " ".join(release.text.split())
    assert (release.published, release.issuer, release.tickers) == (date(2024, 5, 6), "Acme Corp.", ("NYSE:ACM",))
    assert release.headline.casefold() == "acme opens"


def test_a_page_loses_its_navigation_and_keeps_its_table() -> None:
    """Currency and brackets that stand in cells of their own come back to their figures."""
    release = parse(HTML.encode(), "a.html")
    assert "Careers" not in release.text
    assert cells(release) == {
        ("Revenue", "2025"): "$1,200",
        ("Revenue", "2024"): "$900",
        ("Loss", "2025"): "(34)",
        ("Loss", "2024"): "(56)",
    }


def test_an_exhibit_in_fixed_columns() -> None:
    """Its table is one, and the foot of a page is not text."""
    release = parse(EXHIBIT.encode(), "ex99.txt")
    found = cells(release)
    assert {key: value.replace(" ", "") for key, value in found.items()} == {
        ("Revenue", "2025"): "$1,200",
        ("Revenue", "2024"): "$900",
        ("Net loss", "2025"): "(34)",
        ("Net loss", "2024"): "(56)",
    }
    assert "PAGE" not in release.text
    assert "It also rents them out." in release.text


def test_what_is_attached_is_a_document_of_its_own() -> None:
    """An e-mail's sources are the mail and, below it, the file."""
    parts = unpack(mail(), "alert.eml")
    assert [part.source for part in parts] == ["alert.eml", "alert.eml/two.pdf"]
    assert "Acme Closes" in read_part(parts[1]).release.text


def test_an_archive_holds_documents_and_one_that_is_bad_spoils_no_other() -> None:
    """Each is read or refused by itself."""
    parts = unpack(zipped({"a.html": HTML.encode(), "b.pdf": b"%PDF-1.7 cut", "c/d.txt": EXHIBIT.encode()}), "x.zip")
    outcomes = {}
    for part in parts:
        try:
            outcomes[part.source] = read_part(part).release.headline.casefold()
        except ReadError as error:
            outcomes[part.source] = error.reason
    assert outcomes == {
        "x.zip/a.html": "acme opens",
        "x.zip/b.pdf": "a damaged PDF: it cannot be opened",
        "x.zip/c/d.txt": "acme opens",
    }


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_file_that_is_cut_short_is_read_or_refused_in_words(kind: str) -> None:
    """Never anything else."""
    data = DOCUMENTS[kind]
    for size in (1, len(data) // 3, len(data) * 9 // 10):
        try:
            for part in unpack(data[:size], "a.txt"):
                assert read_part(part).release.text
        except ReadError as error:
            assert error.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0", "a picture, not a release"),
        (b"", "empty file"),
        (zipped({}), "there is nothing in it"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "a spreadsheet, not a release; save it as PDF and add that"),
    ],
)
def test_what_is_no_release_is_refused(data: bytes, reason: str) -> None:
    """The message says what it is and what to do."""
    with pytest.raises(ReadError, match=reason):
        parse(data, "a.pdf")
