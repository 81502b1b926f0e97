"""An honest import: what became of each file, said before, at and after it; one release from several sources."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from conftest import Write

import citewire
from index.same import is_same
from index.store import DATABASE, AddReport, Index

SENTENCES = [
    "OSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) opened a shop for anvils in the old harbour of Oslo today.",
    "The shop sells anvils of iron and of steel to the smiths of the whole town and of the villages around it.",
    "Ann Berg, chief executive officer of Acme Corp., expects revenue of $5 million from it in the first year.",
    "Acme Corp. has made anvils since the year 1901 and employs four hundred people in three countries.",
]
TEXT = "ACME OPENS A SHOP\n\n" + "\n\n".join(SENTENCES)
PAGE = "<html><body><h1>Acme Opens a Shop</h1>" + "".join(f"<p>{each}</p>" for each in SENTENCES) + "</body></html>"
PICTURE = b"\x89PNG\r\n\x1a\n\0"
UNDATED = "Bolt SE makes screws\n\nBolt SE makes screws and sells them in Ulm, where it has a shop for them."


def outcomes(index: Index) -> dict[str, str]:
    return {Path(entry.source).name: entry.outcome for entry in index.imports()}


@pytest.fixture
def folder(write: Write) -> Path:
    """One release in two formats, one without a date, a picture with a PDF's name."""
    write("a.html", PAGE)
    write("a.txt", TEXT)
    path = write("b.txt", UNDATED)
    (path.parent / "c.pdf").write_bytes(PICTURE)
    return path.parent


def test_every_file_is_accounted_for(index: Index, folder: Path) -> None:
    """Read, the same as another, or skipped; with the reason or with what it lacks."""
    report = index.add([folder])
    assert (len(report.added), len(report.duplicates), len(report.failed)) == (2, 1, 1)
    assert outcomes(index) == {"a.html": "read", "a.txt": "same", "b.txt": "read", "c.pdf": "skipped"}
    notes = {Path(entry.source).name: entry.notes for entry in index.imports()}
    assert notes["c.pdf"] == ("a picture, not a release",)
    assert notes["a.txt"][0].endswith("a.html")
    assert "no date found" in notes["b.txt"]


def test_a_dry_run_tells_the_same_and_writes_nothing(index: Index, folder: Path) -> None:
    """Only the same release in two new files is not seen yet."""
    generation = index.generation
    tried = index.add([folder], dry_run=True)
    assert (len(index), index.generation, list(index.imports())) == (0, generation, [])
    index.add([folder / "a.html"])
    tried = index.add([folder], dry_run=True)
    done = index.add([folder])
    assert (tried.added, tried.duplicates, tried.failed) == (done.added, done.duplicates, done.failed)
    assert tried.unchanged == done.unchanged == [str(folder / "a.html")]


def test_a_release_from_two_sources_keeps_both(index: Index, folder: Path) -> None:
    """It is one release; it stays while one of its files does."""
    index.add([folder / "a.html", folder / "a.txt"])
    assert len(index) == 1
    index.remove([folder / "a.html"])
    assert len(index) == 1
    index.remove([folder / "a.txt"])
    assert len(index) == 0
    assert list(index.imports()) == []


def test_a_correction_is_another_release(index: Index, write: Write) -> None:
    """Other figures in the same words are no second source."""
    index.add([write("a.txt", TEXT), write("b.txt", TEXT.replace("$5 million", "$7 million"))])
    assert len(index) == 2


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (TEXT.replace("\n\n", "\n\n\n").replace("harbour of Oslo", "harbour\nof Oslo"), True),
        (TEXT.replace("May 6", "May 7"), False),
        (TEXT.replace("1901", "1902"), False),
        ("ACME OPENS A SHOP\n\n" + SENTENCES[0], False),
        ("ACME OPENS A SHOP\n\n" + "\n\n".join(SENTENCES[1:]), False),
        (UNDATED, False),
    ],
    ids=["set otherwise", "another day", "another figure", "the opening alone", "without the opening", "another"],
)
def test_what_is_the_same_release(changed: str, same: bool) -> None:
    """Nearly all sentences, the opening among them, and no figure that differs."""
    from index.read import parse

    one, other = parse(TEXT.encode(), "a.txt"), parse(changed.encode(), "b.txt")
    assert is_same(one, other) == is_same(other, one) == same


def test_an_archive_that_lost_a_file(index: Index, tmp_path: Path) -> None:
    """What it no longer holds goes, what it holds stays."""
    path = tmp_path / "news.zip"
    for names in (("a.txt", "b.txt"), ("b.txt",)):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, TEXT if name == "a.txt" else UNDATED)
        index.add([path])
    assert [Path(ref.source).name for ref in index.releases()] == ["b.txt"]
    assert index.verify() == []


def test_what_a_file_cannot_give_keeps_what_it_gave(index: Index, write: Write) -> None:
    """A file that was good and is damaged now loses nothing, and the report says so."""
    path = write("a.txt", TEXT)
    index.add([path])
    path.write_bytes(PICTURE)
    report = index.add([path])
    assert report.failed
    assert len(index) == 1
    assert index.imports()[0].notes == ("a picture, not a release", "what it held before is kept")


def test_an_index_of_before_gets_its_tables(index: Index, write: Write, tmp_path: Path) -> None:
    """An index without the ledger's tables is opened, and what is added goes on."""
    index.add([write("a.txt", TEXT)])
    index.close()
    with closing(sqlite3.connect(tmp_path / "index" / DATABASE)) as database:
        for table in ("imports", "facts", "prints"):
            database.execute(f"DROP TABLE {table}")
    with Index.open(tmp_path / "index", embedder=index.embedder) as opened:
        opened.add([write("b.txt", UNDATED)])
        assert outcomes(opened) == {"b.txt": "read"}
        assert len(opened) == 2
        assert all(opened.release(ref.id) for ref in opened.releases())


def test_the_facts_of_a_filing_come_back(index: Index) -> None:
    """The day filed, the end of the period and the filer's number are kept beside the day released."""
    filing = f"""<SEC-DOCUMENT>0000012345-24-000007.txt : 20240507
<SEC-HEADER>
FILED AS OF DATE: 20240507
CENTRAL INDEX KEY: 0000012345
</SEC-HEADER>
<DOCUMENT>
<TYPE>EX-99.1
<TEXT>
ACME CORP. REPORTS RESULTS FOR THE FIRST QUARTER ENDED MARCH 31, 2024

{SENTENCES[0]}
</TEXT>
</DOCUMENT>"""
    index.add_document("https://sec.test/1.txt", filing.encode(), AddReport())
    release = index.release(index.releases()[0].id)
    assert release
    assert (release.published, release.filed) == (date(2024, 5, 6), date(2024, 5, 7))
    assert (release.period_end, release.cik) == (date(2024, 3, 31), "0000012345")


# -- at the prompt -----------------------------------------------------------------------------------------------------


def test_what_a_person_reads(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """First tried out, then added, then listed."""
    (folder / "logo.gif").write_bytes(b"GIF8")
    where = ["--index", str(tmp_path / "shelf")]
    assert citewire.main(["add", str(folder), "--dry-run", *where]) == 1
    out, err = capsys.readouterr()
    assert f"{folder}/b.txt: would be added (no date found" in out
    assert out.endswith("nothing written; there would be 3 added, 1 skipped\n")
    assert "not looked at: 1 file with other endings (1 .gif)" in err
    assert not (tmp_path / "shelf").exists()
    assert citewire.main(["add", str(folder), *where]) == 1
    out, err = capsys.readouterr()
    assert out == "2 added, 1 the same as another, 1 skipped; 2 releases in the index\n"
    assert f"{folder}/c.pdf: a picture, not a release; skipped" in err
    assert "no date found in 1" in err
    assert citewire.main(["list", "--files", *where]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (len(lines), lines[-1]) == (5, "2 read, 1 same, 1 skipped")
    assert next(line for line in lines if "c.pdf" in line).endswith("c.pdf (a picture, not a release)")
