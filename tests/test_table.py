"""A table's cells and their headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.read import parse
from index.table import Table

STATEMENT = """\
\tThree months ended\t\tYear ended
\tMar 31, 2024\tMar 31, 2023\tDec 31, 2023
Revenues:
Anvils\t$1,200\t$900\t$4,000
Hammers (1)\t(12)\t—\t40%
Costs:
Anvils\t700\t650\t2,900"""


def at(table: Table, words: str, occurrence: int = 0) -> tuple[str, str, list[str]]:
    """Row head, column head and parts of the cell with these words."""
    cell = [cell for cell in table.cells if table.words(cell) == words][occurrence]
    return table.row_head(cell), table.column_head(cell), table.parts(cell.row)


@pytest.fixture
def table() -> Table:
    text = f"Before.\n\n{STATEMENT}\n\nAfter."
    start = text.index("\tThree")
    return Table(text, start, start + len(STATEMENT))


@pytest.mark.parametrize(
    ("words", "row", "column", "parts"),
    [
        ("$1,200", "Anvils", "Three months ended Mar 31, 2024", ["Revenues:"]),
        ("—", "Hammers (1)", "Three months ended Mar 31, 2023", ["Revenues:"]),
        ("40%", "Hammers (1)", "Year ended Dec 31, 2023", ["Revenues:"]),
        ("650", "Anvils", "Three months ended Mar 31, 2023", ["Revenues:", "Costs:"]),
    ],
)
def test_every_figure_knows_its_row_and_its_column(
    table: Table, words: str, row: str, column: str, parts: list[str]
) -> None:
    """A heading that reaches over two columns is that of both; the nearest labels alone above name the part."""
    assert at(table, words) == (row, column, parts)


def test_headings_are_the_rows_over_the_first_figures(table: Table) -> None:
    """The label of a part below them is none; a label itself stands under nothing."""
    assert table.headings == 2
    label = next(cell for cell in table.cells if table.words(cell) == "Hammers (1)")
    assert table.row_head(label) == ""


def test_headings_that_come_again_hold_for_what_follows() -> None:
    """As where one table shows the quarter and then the year."""
    text = "\t2024\t2023\nSales\t5\t4\n\tFY24\tFY23\nSales\t21\t17"
    table = Table(text, 0, len(text))
    assert [at(table, words)[1] for words in ("5", "4", "21", "17")] == ["2024", "2023", "FY24", "FY23"]


def test_a_table_of_words_has_its_names_in_the_first_row() -> None:
    text = "Hole\tAim\nA-1\tExtend it westward\nA-2\tTest the south"
    table = Table(text, 0, len(text))
    assert table.headings == 1
    assert at(table, "Test the south") == ("A-2", "Aim", [])


@pytest.mark.parametrize(
    ("title", "units"),
    [
        ("Statements of Operations\n(In thousands, except per share data)", "In thousands, except per share data"),
        ("Results (US$ in millions, unaudited)", "US$ in millions, unaudited"),
        ("Ergebnis (in €m)", "in €m"),
        (
            "CONSOLIDATED BALANCE SHEET\n(millions, except per common share data)",
            "millions, except per common share data",
        ),
        ("Three millions (of anvils)", ""),
        ("Sales in three plants", ""),
        ("", ""),
    ],
)
def test_units_stand_in_the_title(title: str, units: str) -> None:
    """For figures; a percentage is not in thousands."""
    text = "\t2024\nSales\t5\nMargin\t40%"
    table = Table(text, 0, len(text), title)
    found = {table.words(cell): table.units(cell) for cell in table.cells}
    assert (found["5"], found["40%"]) == (units, "")


def test_units_stand_over_the_labels_or_a_column() -> None:
    text = "In thousands\t2024\t2023 (in millions)\nSales\t5\t4"
    table = Table(text, 0, len(text))
    assert [table.units(cell) for cell in table.cells if table.words(cell) in "54"] == ["In thousands", "in millions"]


def test_units_over_all_columns_may_stand_in_one() -> None:
    """Unless another column has its own."""
    for head, units in (("2023", "In millions"), ("2023 (in thousands)", "in thousands")):
        text = f"\t2024 (In millions)\t{head}\nSales\t5\t4"
        table = Table(text, 0, len(text))
        assert [table.units(cell) for cell in table.cells if table.words(cell) == "4"] == [units]


def test_around_a_position_of_a_release() -> None:
    """With the heading above it as its title; nothing outside tables."""
    release = parse(b"# Acme\n\n## In thousands\n\n| | 2024 |\n|---|---|\n| Sales | 5 |\n\nText here.", "a.md")
    found = Table.around(release, release.text.index("Sales"))
    assert found is not None
    assert found.caption == "In thousands"
    assert Table.around(release, release.text.index("Text")) is None


@given(st.lists(st.lists(st.text("ab 1$,()", max_size=4), min_size=1, max_size=4), min_size=1, max_size=6))
def test_cells_are_slices_and_every_position_finds_its_own(rows: list[list[str]]) -> None:
    """Whatever stands in a table; a tab or line end is in no cell."""
    text = "\n".join("\t".join(row) for row in rows)
    table = Table(text, 0, len(text))
    for cell in table.cells:
        assert table.words(cell) == rows[cell.row][cell.column] != ""
        assert all(table.at(position) == cell for position in range(cell.start, cell.end))
        assert isinstance(table.column_head(cell), str)
    covered = {position for cell in table.cells for position in range(cell.start, cell.end)}
    assert all((table.at(position) is None) == (position not in covered) for position in range(len(text)))


def test_units_and_length_beside_the_days() -> None:
    """Units on a line of their own between title and table; what the days end in the corner of the headings."""
    text = (
        "# Acme Reports\n\nOSLO, May 6, 2024 -- Acme Corp. reported.\n\n## Statements of Operations\n\n"
        "(in thousands, except per share amounts; unaudited)\n\n"
        "| Three months ended | March 31, 2024 | March 31, 2023 |\n|---|---|---|\n| Revenue | $1,200 | $900 |\n"
    )
    release = parse(text.encode(), "a.md")
    table = Table.around(release, release.text.index("$900"))
    assert table is not None
    cell = table.at(release.text.index("$900"))
    assert cell is not None
    assert table.column_head(cell) == "Three months ended March 31, 2023"
    assert table.units(cell) == "in thousands, except per share amounts"
