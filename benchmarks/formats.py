"""How well files of all forms are read, beside other libraries on the same files.

    python benchmarks/formats.py FORMATS [--show]

FORMATS is a folder of real exhibits, PDFs and web pages. formats_gold.jsonl holds facts about 38 of them, taken by hand
from what the files show: date, issuer, headline; the first and last sentence of the running text, as number and hash of
their letters and figures; and 62 cells of tables with the words that stand over and beside them.

A sentence is right if its letters stand in one piece in what was read. A cell is right if the table, row and column can
be found by the words of their headings and the cell there is the figure with its sign, currency and unit; others'
tables, which do not join those, may lack them. pdfplumber, pypdf, readability-lxml, html-text and pandas are measured
where they are installed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from eval.example import skeleton
from index.read import load, read_part, unpack
from index.read.draft import Unreadable
from index.read.formats import draft_of
from index.read.kind import kind_of
from index.release import Release
from index.table import Table

Rows = Sequence[Sequence[str | None]]


class Output(NamedTuple):
    """What a library made of a file."""

    text: str
    tables: list[Rows]
    seconds: float


# -- gold --------------------------------------------------------------------------------------------------------------


def holds(text: str, fact: dict[str, Any]) -> bool:
    """Whether the sentence that the fact describes stands in the text."""
    letters, begins = skeleton(text).letters, skeleton(fact["begins"]).letters
    at = letters.find(begins)
    while at >= 0:
        found = letters[at : at + fact["letters"]]
        if sha256(found.encode()).hexdigest().startswith(fact["sha256"]):
            return True
        at = letters.find(begins, at + 1)
    return False


def words(text: str) -> set[str]:
    """Letters and figures of each word."""
    return set(re.findall(r"[a-z0-9]+", text.casefold()))


def bare(value: str) -> str:
    """A figure without blanks."""
    return re.sub(r"\s", "", value).rstrip("^*")


def our_cell(release: Release, cell: dict[str, str]) -> bool:
    """Whether the cell is found by its headings in the tables of a release."""
    title = ""
    candidates: list[tuple[tuple[bool, int], bool]] = []
    for block in release.blocks:
        text = release.text[block.start : block.end]
        if block.kind == "heading":
            title = text
        if block.kind != "table":
            continue
        table = Table(release.text, block.start, block.end)
        named = words(f"{title} {release.headline}")
        for found in table.cells:
            if skeleton(table.row_head(found)).letters != skeleton(cell["row"]).letters or found.column == 0:
                continue
            over = words(table.column_head(found))
            if words(cell["column"]) <= over and words(cell["table"]) <= named | over:
                # Of "June 28, 2003" and "2003" under it the gold's last word is the lowest heading's.
                is_lowest = table.column_head(found).split()[-1].casefold() == cell["column"].split()[-1].casefold()
                more = len(over - words(cell["column"]))
                candidates.append(((not is_lowest, more), bare(table.words(found)) == bare(cell["value"])))
    # Of rows with the same label, in parts of one table, the first.
    return bool(candidates) and min(candidates, key=lambda candidate: candidate[0])[1]


def their_cell(tables: list[Rows], cell: dict[str, str]) -> bool:
    """Whether a table has the figure in a row with that label, under words of that heading or its neighbours'."""
    figure = bare(cell["value"]).strip("$~()%")
    for table in tables:
        for number, row in enumerate(table):
            label = next((text for text in row if text and text.strip()), "")
            if skeleton(label).letters != skeleton(cell["row"]).letters:
                continue
            for column, text in enumerate(row):
                if not text or bare(text).strip("$~()%") != figure:
                    continue
                above = [r[c] or "" for r in table[:number] for c in range(max(0, column - 2), min(len(r), column + 3))]
                if words(cell["column"]) <= words(" ".join(above)):
                    return True
    return False


# -- others ------------------------------------------------------------------------------------------------------------


def by_pdfplumber(path: Path) -> tuple[str, list[Rows]]:
    """Text and tables by pdfplumber's defaults."""
    import pdfplumber

    with pdfplumber.open(path) as file:
        pages = [(page.extract_text() or "", page.extract_tables()) for page in file.pages]
    return "\n".join(text for text, _ in pages), [table for _, tables in pages for table in tables]


def by_pypdf(path: Path) -> tuple[str, list[Rows]]:
    """Text by pypdf; its layout mode's columns, two blanks apart, as tables."""
    from pypdf import PdfReader

    pages = PdfReader(path).pages
    layout = [page.extract_text(extraction_mode="layout") for page in pages]
    return "\n".join(page.extract_text() for page in pages), [by_blanks(page) for page in layout]


def by_blanks(text: str) -> Rows:
    """Lines cut where two blanks stand, cells put at a third of their position."""
    rows = []
    for line in text.split("\n"):
        row: list[str | None] = [None] * (len(line) // 3 + 2)
        for match in re.finditer(r"\S+(?: \S+)*", line):
            row[match.end() // 3] = match[0]
        rows.append(row)
    return rows


def by_trafilatura(path: Path) -> tuple[str, list[Rows]]:
    """Main text and tables by trafilatura."""
    import trafilatura

    found: Any = trafilatura.bare_extraction(path.read_bytes(), favor_recall=True, include_comments=False)
    if found is None or found.body is None:
        return "", []
    tables: list[Rows] = [
        [["".join(cell.itertext()).strip() for cell in row.iter("cell")] for row in table.iter("row")]
        for table in found.body.iter("table")
    ]
    return "\n".join(found.body.itertext()), tables


def by_readability(path: Path) -> tuple[str, list[Rows]]:
    """Main text by readability-lxml and html-text, all tables by pandas."""
    from io import StringIO

    import html_text
    import pandas
    from readability import Document

    page = path.read_text("utf-8", "replace")
    text = html_text.extract_text(Document(page).summary())
    try:
        frames = pandas.read_html(StringIO(page))
    except ValueError:
        return text, []
    as_rows = [[list(frame.columns), *frame.values.tolist()] for frame in frames]
    return text, [[[None if pandas.isna(cell) else str(cell) for cell in row] for row in rows] for rows in as_rows]


def by_read_fwf(path: Path) -> tuple[str, list[Rows]]:
    """Each run of lines without an empty one between, as pandas finds its columns of fixed width."""
    from io import StringIO

    import pandas

    text = path.read_text("cp1252")
    tables: list[Rows] = []
    for block in re.split(r"\n[ \t]*\n", text):
        with suppress(ValueError, IndexError):  # no columns
            tables.append(pandas.read_fwf(StringIO(block), header=None, dtype=str).fillna("").values.tolist())
    return text, tables


OTHERS: dict[str, dict[str, Callable[[Path], tuple[str, list[Rows]]]]] = {
    "pdf": {"pdfplumber": by_pdfplumber, "pypdf": by_pypdf},
    "html": {"trafilatura": by_trafilatura, "readability, pandas": by_readability},
    "text": {
        "two blanks": lambda path: (text := path.read_text("cp1252"), [by_blanks(text)]),
        "pandas.read_fwf": by_read_fwf,
    },
}


def form_of(path: Path) -> str:
    """Exhibits of 2001 and later are HTML, pages too."""
    return "pdf" if path.suffix == ".pdf" else "text" if path.suffix == ".txt" else "html"


# -- scores ------------------------------------------------------------------------------------------------------------


def scored(gold: dict[str, Any], text: str, is_right: Callable[[dict[str, str]], bool]) -> Iterator[tuple[str, bool]]:
    """What is right of what the gold says of a file's text and tables."""
    for name in ("first", "last"):
        if gold[name]:
            yield name, holds(text, gold[name])
    for cell in gold["cells"]:
        yield "cells", is_right(cell)


def ours(gold: dict[str, Any], path: Path, show: bool) -> Iterator[tuple[str, bool]]:
    """What citewire has right."""
    release = read_part(unpack(load(path), path.name)[0]).release
    checks = list(scored(gold, release.text, lambda cell: our_cell(release, cell)))
    if gold["date"]:
        stated = release.published.isoformat() if release.published else None
        checks += [("date", stated == gold["date"]), ("date right or unknown", stated in (None, gold["date"]))]
        named = words(gold["issuer"]) & words(release.issuer or "")
        checks += [("issuer", bool(named)), ("issuer right or unknown", bool(named) or not release.issuer)]
        checks.append(("headline", skeleton(release.headline).letters == skeleton(gold["headline"]).letters))
    for (name, is_right), what in zip(
        checks, [*filter(None, (gold["first"], gold["last"])), *gold["cells"]], strict=False
    ):
        if show and not is_right:
            print(f"  {path.name}: {name}: {what}")
    for name, is_right in checks[-5:] if gold["date"] and show else ():
        if not is_right:
            print(f"  {path.name}: {name}: {release.published}, {release.issuer!r}, {release.headline!r}")
    yield from checks


def main() -> None:
    """Print a table of scores and one of speeds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("formats", type=Path)
    parser.add_argument("--show", action="store_true", help="name what is wrong")
    options = parser.parse_args()
    lines = (Path(__file__).parent / "formats_gold.jsonl").read_text("utf-8").splitlines()
    right: dict[tuple[str, str], dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    spent: dict[tuple[str, str], list[float]] = defaultdict(list)
    for gold in map(json.loads, lines):
        path = options.formats / gold["file"]
        form = form_of(path)
        for name, is_right in ours(gold, path, options.show):
            right[form, "citewire"][name].append(is_right)
        spent[form, "citewire"].append(seconds_for(path))
        for library, reading in OTHERS[form].items():
            begun = time.process_time()
            try:
                text, tables = reading(path)
            except ImportError as error:
                print(f"{library}: {error}", file=sys.stderr)
                continue
            spent[form, library].append(time.process_time() - begun)
            for name, is_right in scored(gold, text, lambda cell, tables=tables: their_cell(tables, cell)):  # type: ignore[misc]
                right[form, library][name].append(is_right)
    print("| form | library | first | last | cells | CPU s a file |\n|---|---|---|---|---|---|")
    for (form, library), found in sorted(right.items()):
        counts = [f"{sum(found[name])} of {len(found[name])}" for name in ("first", "last", "cells")]
        seconds = sum(spent[form, library]) / len(spent[form, library])
        print(f"| {form} | {library} | {' | '.join(counts)} | {seconds:.2f} |")
    for name in ("date", "date right or unknown", "issuer", "issuer right or unknown", "headline"):
        all_forms = [each for (_, library), found in right.items() if library == "citewire" for each in found[name]]
        print(f"{name}: {sum(all_forms)} of {len(all_forms)}")
    speed(options.formats)


def seconds_for(path: Path) -> float:
    """Processor time for reading a file, in this process; 0 where it cannot be read."""
    data = load(path)
    begun = time.process_time()
    try:
        draft_of(data, kind_of(data, path.name))
    except Unreadable as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return 0.0
    return time.process_time() - begun


def speed(formats: Path) -> None:
    """Megabytes and pages a second of processor time, over all files of a form."""
    import pypdfium2

    totals: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for path in sorted(formats.rglob("*")):
        seconds = seconds_for(path) if path.suffix in (".pdf", ".txt", ".htm", ".html") else 0.0
        if not seconds:
            continue
        pages = 0
        if path.suffix == ".pdf":
            with suppress(pypdfium2.PdfiumError):  # one that is cut off opens by other means
                pages = len(pypdfium2.PdfDocument(path))
            if not pages:
                continue
        total = totals[form_of(path)]
        for at, value in enumerate((1, path.stat().st_size / 1e6, pages, seconds)):
            total[at] += value
    for form, (files, megabytes, sheets, seconds) in sorted(totals.items()):
        rates = [f"{megabytes / seconds:.2f} MB/s", f"{files / seconds:.1f} files/s"]
        rates += [f"{sheets / seconds:.0f} pages/s"] if sheets else []
        print(f"{form}: {files:.0f} files, {megabytes:.1f} MB, {seconds:.1f} s: {', '.join(rates)}")


if __name__ == "__main__":
    main()
