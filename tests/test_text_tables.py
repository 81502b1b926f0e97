"""Tables in fixed columns, as exhibits of the 1990s have them: cells, headings, labels, and what is no table."""

from __future__ import annotations

import pytest

from index.read import parse
from index.release import Release
from index.table import Table

INCOME = """<PAGE>
                              ACME CORPORATION
                     CONSOLIDATED STATEMENTS OF INCOME
            (In thousands, except per share amounts) (Unaudited)

                                Three Months Ended        Year Ended
                                   December 31,          December 31,
                               --------------------   --------------------
                                 1999       1998        1999       1998
                               ---------  ---------   ---------  ---------
Net sales                      $  12,345  $  11,234   $  49,876  $  45,001
Cost of sales                      8,100      7,900      32,400     31,000
                               ---------  ---------   ---------  ---------
  Gross profit                     4,245      3,334      17,476     14,001
Restructuring and other
  unusual charges (1)             (1,234)        --      (1,234)        --
Net income (loss)              $     (56) $     789   $   2,222  $   3,456*
                               =========  =========   =========  =========
Gross margin                       34.4%      29.7%       35.0%      31.1%

(1) Closing of the plant in Bergen.
"""


def kinds(text: str) -> list[tuple[str, str]]:
    release = parse(text.encode(), "ex99.txt")
    return [(block.kind, release.text[block.start : block.end]) for block in release.blocks]


def tables(release: Release) -> list[Table]:
    found = (Table.around(release, block.start) for block in release.blocks if block.kind == "table")
    return [table for table in found if table]


def cells(text: str) -> dict[tuple[str, str], str]:
    """The cells of all tables by row and column head."""
    return {
        (table.row_head(cell), table.column_head(cell)): table.words(cell)
        for table in tables(parse(text.encode(), "ex99.txt"))
        for cell in table.cells
        if cell.column and table.is_body(cell.row)
    }


def test_every_figure_stands_under_its_headings() -> None:
    """Signs, brackets, marks and dashes stay with their figures; a label of two lines is one."""
    found = cells(INCOME)
    last, year = "Three Months Ended December 31,", "Year Ended December 31,"
    assert found["Net sales", f"{last} 1999"] == "$12,345"
    assert found["Net sales", f"{year} 1998"] == "$45,001"
    assert found["Gross profit", f"{year} 1999"] == "17,476"
    assert found["Restructuring and other unusual charges (1)", f"{last} 1999"] == "(1,234)"
    assert found["Restructuring and other unusual charges (1)", f"{last} 1998"] == "--"
    assert found["Net income (loss)", f"{last} 1999"] == "$(56)"
    assert found["Net income (loss)", f"{year} 1998"] == "$3,456*"
    assert found["Gross margin", f"{last} 1998"] == "29.7%"
    assert len(found) == 6 * 4


def test_a_table_keeps_its_title_and_its_units() -> None:
    """They are the heading above it, and its caption."""
    (table,) = tables(parse(INCOME.encode(), "ex99.txt"))
    assert table.caption.split("\n") == [
        "ACME CORPORATION",
        "CONSOLIDATED STATEMENTS OF INCOME",
        "(In thousands, except per share amounts) (Unaudited)",
    ]


def test_title_and_units_in_one_paragraph_over_a_table() -> None:
    """As Markdown has them; a headline right above is none of it."""
    table = "\n\n| | 2025 | 2024 |\n|---|---|---|\n| Revenue | 1,200 | 900 |\n"
    text = f"# Acme Reports\n\n**Statements of Operations**\n(in thousands; unaudited){table}"
    release = parse(text.encode(), "a.md")
    assert release.headline == "Acme Reports"
    (found,) = tables(release)
    assert found.caption.split("\n") == ["Statements of Operations", "(in thousands; unaudited)"]
    assert found.units(found.cells[-1]) == "in thousands"


@pytest.mark.parametrize(
    "above", ["It grew (in thousands).", "It sells anvils\n(in thousands)", "Revenue,\n(in thousands)"]
)
def test_prose_over_a_table_is_no_title(above: str) -> None:
    """Not even where its last line speaks of units."""
    release = parse(f"# Acme Reports\n\n{above}\n\n| | 2025 |\n|---|---|\n| Revenue | 1,200 |\n".encode(), "a.md")
    (said,) = (block for block in release.blocks if "thousands" in release.text[block.start : block.end])
    assert said.kind == "paragraph"


def test_a_note_below_a_table_is_text() -> None:
    """With its number."""
    assert kinds(INCOME)[-1][1] == "(1) Closing of the plant in Bergen."


def test_a_table_that_goes_on_over_a_page() -> None:
    """Page numbers and EDGAR's marks are no rows."""
    head, tail = INCOME.split("Gross margin")
    found = cells(f"{head}\n                                  -4-\n<PAGE>\n\nGross margin{tail}")
    assert found["Gross margin", "Year Ended December 31, 1998"] == "31.1%"
    assert not any("PAGE" in label or "4" in value for (label, _), value in found.items() if value == "-4-")


def test_edgars_marks_of_a_table() -> None:
    """<TABLE>, <CAPTION>, <S> and <C> are taken out."""
    text = """Acme grew again in the quarter, as it has done in every quarter since it was founded.

<TABLE>
<CAPTION>
                              1999        1998
<S>                        <C>         <C>
Revenue                    $ 1,200     $   900
Loss                           (34)        (56)
</TABLE>

It is pleased."""
    assert cells(text) == {
        ("Revenue", "1999"): "$1,200",
        ("Revenue", "1998"): "$900",
        ("Loss", "1999"): "(34)",
        ("Loss", "1998"): "(56)",
    }
    assert not any("<" in block for _, block in kinds(text))


def test_labels_say_which_part_of_a_table_a_row_is_in() -> None:
    """A label that stands alone heads what follows."""
    text = """
                               March 31,    December 31,
                                 2000           1999
Assets
  Current assets:
    Cash                       $  1,000     $    900
    Receivables                   2,000        1,800
  Plant                           5,000        5,100
                               --------     --------
Total                          $  8,000     $  7,800
"""
    (table,) = tables(parse(text.encode(), "a.txt"))
    cash = next(cell for cell in table.cells if table.words(cell) == "$900")
    assert table.parts(cash.row) == ["Assets", "Current assets:"]
    assert (table.row_head(cash), table.column_head(cash)) == ("Cash", "December 31, 1999")


@pytest.mark.parametrize("blank", [" ", "  "])
def test_text_of_every_other_line_has_tables_too(blank: str) -> None:
    """Double spacing parts neither paragraphs nor tables."""
    lines = [
        "Acme Corporation today said that it has had the best of",
        "all its quarters, and that it hopes for another one.",
        "                           1999        1998",
        "Revenue                    $1,200      $900",
        "Loss                         (34)      (56)",
        "Margin                       3.4%      5.6%",
    ]
    found = cells(f"\n{blank}\n".join(lines))
    assert found["Loss", "1998"] == "(56)"
    assert len(found) == 6


@pytest.mark.parametrize(
    "text",
    [
        "Acme  Corporation  said  that  it  sold  1,200  anvils\nin  1999  and  900  in  1998,  34  of  them  bad.",
        "* 1,200 anvils in 1999\n* 900 anvils in 1998\n* 34 came back",
        "Call 555-0100 at 9:30 a.m. on May 6, 1999.\nThe number of the replay is 555-0101, the code 4321.",
    ],
    ids=["justified", "list", "telephone"],
)
def test_what_is_no_table_of_figures(text: str) -> None:
    """Numbers in prose and lists."""
    assert "table" not in [kind for kind, _ in kinds(text)]


def test_addresses_side_by_side_keep_to_their_sides() -> None:
    """Whose number is whose."""
    text = """For more information:

Ann Berg                            Bo Dahl
Acme Corp.                          Bolt Investor Relations
(212) 555-0100                      (415) 555-0101
ann@acme.test                       bo@bolt.test
"""
    (table,) = tables(parse(text.encode(), "a.txt"))
    heads = [table.column_head(cell) for cell in table.cells if "bolt.test" in table.words(cell)]
    assert heads == ["Bo Dahl Bolt Investor Relations"]
