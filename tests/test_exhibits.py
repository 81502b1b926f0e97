"""Web pages and HTML exhibits: what is text, what is a table, and what a page states of itself."""

from __future__ import annotations

from datetime import date

import pytest

from index.read import ReadError, parse
from index.release import BlockKind, Release
from index.table import Table

OPENING = "OSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) opened a shop for anvils in Oslo today, the company said."


def exhibit(body: str) -> Release:
    """A page as EDGAR holds them: nothing but the release."""
    return parse(f"<html><body><p>Exhibit 99.1</p><p>{OPENING}</p>{body}</body></html>".encode(), "ex.htm")


def blocks(release: Release) -> list[tuple[BlockKind, str]]:
    return [(block.kind, release.text[block.start : block.end]) for block in release.blocks][2:]


def cells(release: Release) -> dict[tuple[str, str], str]:
    tables = (Table.around(release, block.start) for block in release.blocks if block.kind == "table")
    return {
        (table.row_head(cell), table.column_head(cell)): table.words(cell)
        for table in tables
        if table
        for cell in table.cells
        if cell.column and table.is_body(cell.row)
    }


def test_columns_that_only_space_and_signs_of_their_own() -> None:
    """As word processors write tables for EDGAR: empty cells, `$`, `)` and `%` apart, headings over many columns."""
    empty = "<td>&nbsp;</td>"
    found = cells(
        exhibit(f"""<table>
        <tr>{empty}{empty}<td colspan="7"><b>Three Months Ended<br>March 31,</b></td></tr>
        <tr>{empty}{empty}<td colspan="3"><b>2024</b></td>{empty}<td colspan="3"><b>2023</b></td></tr>
        <tr><td>Revenue</td>{empty}<td>$</td><td>1,200</td>{empty}{empty}<td>$</td><td>900</td>{empty}</tr>
        <tr><td>Net loss<sup>1</sup></td>{empty}{empty}<td>(34</td><td>)</td>{empty}{empty}<td>(56</td><td>)</td></tr>
        <tr><td>Margin</td>{empty}{empty}<td>3.4</td><td>%</td>{empty}{empty}<td>&#151;</td>{empty}</tr></table>""")
    )
    head = "Three Months Ended March 31,"
    assert found == {
        ("Revenue", f"{head} 2024"): "$1,200",
        ("Revenue", f"{head} 2023"): "$900",
        ("Net loss¹", f"{head} 2024"): "(34)",
        ("Net loss¹", f"{head} 2023"): "(56)",
        ("Margin", f"{head} 2024"): "3.4%",
        ("Margin", f"{head} 2023"): "—",
    }


def test_a_label_that_reaches_down_over_rows() -> None:
    """The second row's figures keep their columns."""
    found = cells(
        exhibit("""<table><tr><th>Plant</th><th>Line</th><th>2024</th><th>2023</th></tr>
        <tr><td rowspan="2">Oslo</td><td>Anvils</td><td>12</td><td>13</td></tr>
        <tr><td>Hammers</td><td>14</td><td>15</td></tr></table>""")
    )
    assert "15" in found.values()
    assert {column for (_, column), value in found.items() if value in ("13", "15")} == {"2023"}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<table><tr><td>&#149;</td><td>It sells anvils.</td></tr><tr><td>•</td><td>It rents them.</td></tr></table>",
         [("list", "• It sells anvils."), ("list", "• It rents them.")]),
        ("<table><tr><td><p>It sells anvils to smiths in Oslo.</p><p>It rents them out, too.</p></td></tr></table>",
         [("paragraph", "It sells anvils to smiths in Oslo."), ("paragraph", "It rents them out, too.")]),
    ],
    ids=["bullets", "layout"],
)  # fmt: skip
def test_tables_that_only_set_text(table: str, expected: list[tuple[str, str]]) -> None:
    """Bullets and whole pages stand in tables, too."""
    assert blocks(exhibit(table)) == expected


def test_titles_and_units_over_a_table_are_its_caption() -> None:
    """Inside it or above."""
    release = exhibit("""<p><b>ACME CORP.</b></p><p><b>Statements of Operations</b></p>
        <table><tr><td colspan="3">(in thousands, except per share)</td></tr>
        <tr><td></td><td>2024</td><td>2023</td></tr>
        <tr><td>Revenue</td><td>1,200</td><td>900</td></tr><tr><td>Loss</td><td>(34)</td><td>(56)</td></tr></table>""")
    (table,) = (t for b in release.blocks if b.kind == "table" and (t := Table.around(release, b.start)))
    assert [line.casefold() for line in table.caption.split("\n")] == [
        "acme corp.",
        "statements of operations",
        "(in thousands, except per share)",
    ]


def test_what_no_one_sees_is_no_text() -> None:
    """Scripts, hidden elements, the header of inline XBRL."""
    release = exhibit("""<script>var a = "hidden one";</script><div style="display:none">hidden two</div>
        <ix:header><ix:hidden>hidden three</ix:hidden></ix:header>
        <p>It sells anvils of <ix:nonFraction>12</ix:nonFraction>
        kilograms.</p>""")
    assert "hidden" not in release.text
    assert "It sells anvils of 12 kilograms." in release.text


def test_characters_by_their_windows_numbers() -> None:
    """As browsers read them."""
    assert "Acme’s shop — open" in exhibit("<p>Acme&#146;s shop &#151; open</p>").text


NEWSROOM = """<!doctype html><html><head><title>Acme Opens | Acme</title>
<link rel="canonical" href="https://acme.test/news/opens">{head}</head><body>
<header><a href="/">Acme</a><ul><li><a href="/p">Products and services</a></li>
<li><a href="/c">Careers</a></li></ul></header>
<div class="cookie">We use cookies. <button>Accept all cookies</button></div>
<main><h1>Acme Opens a Shop</h1><p>{opening}</p>
<p>The shop sells anvils of iron and of steel to the smiths of the whole town.</p>
<p>It also rents anvils out to those who need one for a single day or for a week, and it delivers them.</p></main>
<aside><h3>Related stories</h3><ul><li><a href="/1">Acme buys a mountain</a></li>
<li><a href="/2">Acme sells it</a></li></ul></aside>
<footer>Copyright Acme. <a href="/privacy">Privacy</a></footer></body></html>"""


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-05-07T23:30:00-04:00">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-05-07"}</script>',
        '<meta name="date" content="2024-05-07">',
    ],
    ids=["article", "json", "meta"],
)
def test_a_page_states_its_day_and_address(head: str) -> None:
    """What stands around the release is left out."""
    opening = OPENING.replace("May 6, 2024", "May 7")
    release = parse(NEWSROOM.format(head=head, opening=opening).encode(), "a.html")
    assert (release.headline, release.published) == ("Acme Opens a Shop", date(2024, 5, 7))
    assert release.url == "https://acme.test/news/opens"
    assert opening in release.text
    assert "delivers them." in release.text
    for around in ("Careers", "cookies", "Related", "mountain", "Privacy"):
        assert around not in release.text


def test_a_page_of_links_alone() -> None:
    """It is no release, and the message says what to add."""
    page = "<html><body>" + "".join(f'<p><a href="/{n}">Story {n}</a></p>' for n in range(50)) + "</body></html>"
    with pytest.raises(ReadError, match="add the pages themselves"):
        parse(page.encode(), "a.html")


@pytest.mark.parametrize(
    "inside", ["<div>" * 5_000, "<table><tr><td>" * 2_000, "<b>" * 20_000], ids=["div", "table", "b"]
)
def test_elements_nested_without_end(inside: str) -> None:
    """The parser's limits hold."""
    page = f"<html><body><p>{OPENING}</p>{inside}deep</body></html>"
    try:
        assert "anvils in Oslo" in parse(page.encode(), "a.html").text
    except ReadError as error:
        assert error.reason


def test_a_cell_over_a_million_columns() -> None:
    """It counts as one over some."""
    release = exhibit("""<table><tr><td></td><td colspan="1000000" rowspan="1000000">2024</td></tr>
        <tr><td>Revenue</td><td>12</td></tr></table><p>It sells anvils.</p>""")
    assert "Revenue" in release.text
    assert release.text.endswith("It sells anvils.")
