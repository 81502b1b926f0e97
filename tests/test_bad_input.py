"""Files that are no releases: one line each, the rest goes on, nothing indexed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Write

from index.read import MAX_BYTES, ReadError, read
from index.store import Index

GOOD = "# Acme Opens\n\nAcme opened a shop for anvils in Oslo.\n"


def reason(path: Path) -> str:
    with pytest.raises(ReadError) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    assert caught.value.path == str(path)
    return caught.value.reason


@pytest.mark.parametrize("content", [b"", b"  \n\t\n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    """White space alone is empty."""
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert reason(path) in ("empty file", "no text in it")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 40, "a picture, not a release"),
        (bytes(range(256)) * 20, "binary file"),
        (b"\x81\x8d" * 99, "binary file"),
    ],
)
def test_a_binary_with_a_text_files_name(tmp_path: Path, content: bytes, what: str) -> None:
    """Said to be one."""
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert what in reason(path)


def test_a_text_of_thirty_megabytes(tmp_path: Path) -> None:
    """Not read at all."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"word " * 6_000_000)
    assert path.stat().st_size > MAX_BYTES
    assert reason(path) == "30.0 MB, but a release has at most 10 MB; split it up"


def test_no_file_no_regular_file_no_pdf(tmp_path: Path) -> None:
    """Each said as it is."""
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert reason(tmp_path / "missing.txt") == "no such file"
    assert reason(tmp_path / "dangling.txt") == "not a regular file"
    assert reason(tmp_path / "loop.txt") == "not a regular file"
    assert reason(tmp_path / "a.pdf") == "a damaged PDF: it cannot be opened"


@pytest.mark.parametrize(
    "page", ["<html", "<p><table><tr><td>x", "<!DOCTYPE html><html><body></body></html>", "<<<>>>", "&#0;"]
)
def test_invalid_html_is_read_or_refused(tmp_path: Path, page: str) -> None:
    """Never an exception of the parser's."""
    path = tmp_path / "a.html"
    path.write_text(page)
    try:
        assert read(path).text
    except ReadError as error:
        assert error.reason == "no text in it"


@pytest.mark.parametrize("piece", ["anvil ", "anvil", "Anvils\t5\n"])
def test_a_text_without_an_end(tmp_path: Path, piece: str) -> None:
    """Its beginning is read, and that is said."""
    from index.read import Draft, read_part, unpack
    from index.read.draft import MOST_CHARACTERS

    draft = Draft([("heading", "Acme Opens"), ("table" if "\t" in piece else "paragraph", piece * 300_000)])
    draft.bound()
    assert MOST_CHARACTERS - 20 < sum(len(text) for _, text in draft.blocks) <= MOST_CHARACTERS
    assert draft.warnings == ["only its first 1,000,000 characters were read: it has too much text"]
    [part] = unpack(b"Acme Opens\n\n" + b"Acme makes anvils.\n\n" * 60_000, "a.txt")
    assert read_part(part).warnings[0] == draft.warnings[0]


def test_headings_alone(index: Index, write: Write) -> None:
    """As of a page that was cut short: there is nothing in it that could be cited."""
    report = index.add([write("a.html", "<html><body><h1>Acme Opens a Shop</h1>"), write("b.md", "# Acme Opens")])
    assert {reason for _, reason in report.failed} == {"nothing but headings in it, and no text"}
    assert len(index) == 0


def test_one_bad_file_does_not_stop_the_rest(index: Index, write: Write) -> None:
    """Nor does it touch what is indexed; a file that became bad keeps what it held."""
    good = write("good.md", GOOD)
    index.add([good])
    write("bad.txt", "").parent.joinpath("also.md").write_text("# Bolt\n\nBolt closed its works in Bergen.")
    good.write_bytes(b"\x00\x01\x02")
    report = index.add([good.parent])
    assert [Path(file).name for file in report.added] == ["also.md"]
    assert sorted(Path(file).name for file, _ in report.failed) == ["bad.txt", "good.md"]
    assert "Acme Opens" in [ref.headline for ref in index.releases()]
    assert index.verify() == []


def test_a_folder_without_releases(index: Index, tmp_path: Path) -> None:
    """Nothing is added, nothing fails."""
    (tmp_path / "empty").mkdir()
    report = index.add([tmp_path / "empty"])
    assert (report.added, report.failed) == ([], [])
