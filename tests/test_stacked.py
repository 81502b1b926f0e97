"""Tables whose cells a wire set one under the other: rows and columns found again, and what is left as it is."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from index.read import parse
from index.read.stacked import Block, unstacked
from index.release import Release
from index.store import Index
from index.table import Table
from qa import Assistant


def blocks(text: str) -> list[Block]:
    return [("paragraph", cell.strip()) for cell in text.split("|")]


def rows(text: str) -> list[list[list[str]]]:
    """The rows of each table that is found."""
    return [
        [row.split("\t") for row in found.split("\n")] for kind, found in unstacked(blocks(text)) if kind == "table"
    ]


ROWS = "Revenue|1,200|900|Net loss|(12)|(3)"


def markdown(*cells: str) -> str:
    return "# Acme Reports Third Quarter\n\nAcme Corp. said today that it grew.\n\n" + "\n\n".join(cells)


def release(*cells: str) -> Release:
    return parse(markdown(*cells).encode(), "acme.md")


@pytest.mark.parametrize(
    ("heads", "wanted"),
    [
        ("2024|2023", [["", "2024", "2023"]]),
        ("Q3 2024|Q3 2023", [["", "Q3 2024", "Q3 2023"]]),
        ("Sep. 30,|2024|Dec. 31,|2023", [["", "Sep. 30, 2024", "Dec. 31, 2023"]]),
        ("Year Ended June 30,|2024|2023", [["", "Year Ended June 30,"], ["", "2024", "2023"]]),
        ("As of June 30,|2024|2023|US$|US$", [["", "As of June 30,"], ["", "2024", "2023"], ["", "US$", "US$"]]),
    ],
)
def test_the_headings_over_two_columns(heads: str, wanted: list[list[str]]) -> None:
    (table,) = rows(f"Statement of Operations|{heads}|{ROWS}")
    assert table == [*wanted, ["Revenue", "1,200", "900"], ["Net loss", "(12)", "(3)"]]


@pytest.mark.parametrize(
    "above",
    [
        "Three Months Ended|Nine Months Ended|Sept. 30,|Sept. 30,",
        "Three Months Ended|Sept. 30,|Nine Months Ended|Sept. 30,",
    ],
)
def test_headings_that_reach_over_two_columns_each(above: str) -> None:
    cells = f"{above}|2024|2023|2024|2023|Revenue|1|2|3|4|Net loss|(5)|(6)|(7)|(8)"
    found = parse("\n\n".join(["Acme grew.", *cells.split("|")]).encode(), "acme.md")
    at = found.text.index("(7)")
    table = Table.around(found, at)
    cell = table.at(at) if table else None
    assert table
    assert cell
    assert table.row_head(cell) == "Net loss"
    assert table.column_head(cell) == "Nine Months Ended Sept. 30, 2024"


def test_currencies_signs_and_dashes_are_put_to_their_figures() -> None:
    (table,) = rows("2024|2023|Revenue|$|1,200|$|-|Margin|12|%|9|%|Net loss|$|(12|)|$|(3|)")
    assert table[1:] == [["Revenue", "$1,200", "$-"], ["Margin", "12%", "9%"], ["Net loss", "$(12)", "$(3)"]]


def test_labels_and_sums_without_a_name() -> None:
    (table,) = rows("2024|2023|Expenses:|Research|7|6|Sales|1|2|8|8|Loss|(8)|(8)")
    assert table[1:] == [
        ["Expenses:"],
        ["Research", "7", "6"],
        ["Sales", "1", "2"],
        ["", "8", "8"],
        ["Loss", "(8)", "(8)"],
    ]


def test_a_sum_below_the_first_row() -> None:
    (table,) = rows("2024|2023|Sales|1|2|1|2|Loss|(8)|(8)")
    assert table[1:] == [["Sales", "1", "2"], ["", "1", "2"], ["Loss", "(8)", "(8)"]]


def test_a_table_begins_anew_where_there_are_headings_again() -> None:
    one, two = rows(f"2024|2023|{ROWS}|Balance Sheet|June 30, 2024|Dec. 31, 2023|ASSETS|Cash|5|6|Total|7|8")
    assert one[0] == ["", "2024", "2023"]
    assert two == [["", "June 30, 2024", "Dec. 31, 2023"], ["ASSETS"], ["Cash", "5", "6"], ["Total", "7", "8"]]


def test_names_over_the_columns_once_and_again() -> None:
    heads = "Acme|Bolt Inc.|Cord Ltd."
    one, two = rows(f"{heads}|Revenue|1|2|3|Loss|4|5|6|Cash|7|8|9|{heads}|Debt|1|2|3|Rent|4|5|6|Staff|7|8|9")
    assert one[0] == two[0] == ["", "Acme", "Bolt Inc.", "Cord Ltd."]
    assert (one[-1], two[1]) == (["Cash", "7", "8", "9"], ["Debt", "1", "2", "3"])


THREE = "Hole 1|1.0|2.0|3.0|Hole 2|1.5|2.5|3.5|Hole 3|1.6|2.6|3.6"


@pytest.mark.parametrize(
    "text",
    [
        ROWS,  # nothing over the columns
        f"Net sales|Total|{ROWS}",  # two names may be parts of a table
        f"Hole|From|To|Width|Grade|{THREE}",  # a column more than there are figures: which one is empty?
        f"(Dollars in millions)|2024|2023|{THREE}",  # the same, with units in front
        f"ASSETS|CURRENT|LONG|{THREE}",  # parts
        f"From|To|Width:|{THREE}",
        f"Year Ended|2024|2023|2024|2023|{'|'.join(f'Row {n}|1|2|3|4' for n in range(3))}",  # whose are the first two?
        "2024|2023|2022|2021|2020|Revenue|1|2|Loss|3|4|Cash|5|6",  # no heading stands over each column
        "From|To|Width|North|Hole 1|1|2|3|South|Hole 2|1|2|3|South|Hole 3|1|2|3",  # words in columns of their own
        "Contact|Ann Berg|212-555-0100|Jo Dahl|212-555-0101|Investors|212-555-0102",
        "2024|Revenue|5|Loss|6|Cash|7",  # one figure each
        "2024|2023|Revenue|1|2",  # one row
        "Total|1|2|Acme|Bolt|Cord|Dorn|Revenue|1|2|3|4",
        "Volumes|2023|Oil|Permian|5,100|6,200|Bakken|7,300|8,400",  # one year, and a part
        "Ann|Bob|Age|31|32|Years|4|5",
        "Results for fiscal 2024|2024|2024|Revenue|1|2|Loss|3|4",
        "Results|2024|2023|Revenue|1,200|(1)|1,150|(2)|Net loss|(12)|(3)|Cash|50|60",  # marks of notes, or losses
        "Employees|2015|1987|Net income|5|6|Cash|7|8",  # how many there are
        "For|Against|Withheld|Directors|Ann Berg|1,000|20|3|Jo Dahl|900|120|3|Al Fox|1,010|10|3",  # which is no head?
        "Full Year 2025 Guidance|As of May 5, 2025|Revenue|$100|$110|EPS|$1.00|$1.10",  # titles
        "2024|2023|Current|100|90|1-30|5|6|31-60|7|8|Total|112|104",  # names that are figures
    ],
)
def test_what_is_left_as_it_is(text: str) -> None:
    assert unstacked(blocks(text)) == blocks(text)


def test_a_row_of_fewer_figures_is_not_of_the_table_below_it() -> None:
    (table,) = rows("2024|2023|Shares|1|2|Acme|Bolt|Cord|Dorn|Revenue|1|2|3|4|Loss|5|6|7|8|Cash|9|8|7|6")
    assert table[:2] == [["", "Acme", "Bolt", "Cord", "Dorn"], ["Revenue", "1", "2", "3", "4"]]


def test_a_sentence_is_no_cell() -> None:
    """It parts what stands above it from the table; a short name with a full stop does not."""
    (table,) = rows(f"2019|2018|It has not been audited, and nor has it been reviewed.|2024|2023|{ROWS}")
    assert table[0] == ["", "2024", "2023"]
    (table,) = rows(f"2024|2023|Acme Inc.|{ROWS}")
    assert table[:2] == [["", "2024", "2023"], ["Acme Inc."]]


def test_a_line_of_figures_before_a_table_is_not_of_it() -> None:
    (table,) = rows("2024|2023|Shares|1|2|Q1 2024|Q2 2024|Q3 2024|Q4 2024|Revenue|1|2|3|4|Loss|5|6|7|8|Cash|9|8|7|6")
    assert table[0] == ["", "Q1 2024", "Q2 2024", "Q3 2024", "Q4 2024"]
    assert len(table) == 4


@pytest.mark.parametrize(
    "part",
    ["Production for the quarter:", "Figures may not add up", "Oil", "Basic for the year", "As adjusted for it:"],
)
def test_a_part_right_below_the_headings_is_none(part: str) -> None:
    (table,) = rows(f"2024|2023|{part}|{ROWS}")
    assert table[:3] == [["", "2024", "2023"], [part], ["Revenue", "1,200", "900"]]


def test_a_title_with_a_year_is_no_heading() -> None:
    assert rows(f"Results for fiscal 2024|2023|2024|{ROWS}") == []
    (table,) = rows(f"Results for the past|2023|2024|{ROWS}")
    assert table[0] == ["", "2023", "2024"]


def test_change_stands_over_its_own_columns_only() -> None:
    (table,) = rows("Six Months Ended June 30,|Change|2024|2023|$|%|Revenue|9|7|2|29%|Net loss|(6)|(8)|2|25%")
    assert table[:3] == [
        ["", "Six Months Ended June 30,"],
        ["", "", "", "Change"],
        ["", "2024", "2023", "$", "%"],
    ]


@pytest.mark.parametrize(
    "between",
    [
        "Segments|North|South|Sales|5|6|Staff|7|8",
        "Sales by region|Americas|Europe|Product|50|40|Service|51|61",
        "Employees|2015|1987|Others|7|8",
    ],
)
def test_a_table_ends_where_other_headings_may_begin(between: str) -> None:
    (table,) = rows(f"2024|2023|{ROWS}|{between}")
    assert table == [["", "2024", "2023"], ["Revenue", "1,200", "900"], ["Net loss", "(12)", "(3)"]]


def test_a_table_goes_on_after_its_parts() -> None:
    (table,) = rows(f"2024|2023|{ROWS}|LIABILITIES|Current liabilities|Payables|5|6|Other liabilities:|Notes|7|8")
    assert [row for row in table if len(row) == 1] == [["LIABILITIES"], ["Current liabilities"], ["Other liabilities:"]]


def test_what_is_above_a_table_and_below_it_is_kept() -> None:
    before: list[Block] = [("heading", "Results"), ("paragraph", "In thousands\nunaudited")]
    after: list[Block] = [("paragraph", "About Acme"), ("list", "• One"), ("paragraph", "A mill.")]
    found = unstacked([*before, *blocks(f"2024|2023|{ROWS}"), *after])
    assert [block for block in found if block[0] != "table"] == [*before, *after]
    assert [kind for kind, _ in found] == ["heading", "paragraph", "table", "paragraph", "list", "paragraph"]


def test_in_markdown_a_dash_or_number_alone_on_its_line_is_a_cell() -> None:
    found = release("2024", "2023", "Grants", "-", "-", "Dealers", "12.", "7.", "Loss", "(12)", "-")
    at = found.text.index("Dealers")
    table = Table.around(found, at)
    assert table
    assert [[table.words(cell) for cell in row] for row in table.rows][1:] == [
        ["Grants", "-", "-"],
        ["Dealers", "12.", "7."],
        ["Loss", "(12)", "-"],
    ]


def test_in_markdown_a_mark_that_is_in_no_table_is_no_text() -> None:
    assert release("-", "The mills are new.", "*").text.endswith("that it grew.\n\nThe mills are new.")


def test_in_markdown_items_and_rules_stay_what_they_are() -> None:
    found = release("- one mill", "-\n  two mills", "1. Oslo\n2. Bergen", "---", "The mills are new.")
    assert [found.text[block.start : block.end] for block in found.blocks if block.kind == "list"] == [
        "- one mill\n- two mills",
        "1. Oslo\n2. Bergen",
    ]


@pytest.mark.parametrize("ending", ["md", "txt", "html"])
def test_in_every_format_of_running_text(ending: str) -> None:
    cells = [
        "Acme Corp. said today that it grew in all of its mills and shops this year.",
        "2024",
        "2023",
        *ROWS.split("|"),
    ]
    text = "".join(f"<p>{cell}</p>\n" for cell in cells) if ending == "html" else "\n\n\n".join(cells)
    found = parse(text.encode(), f"acme.{ending}")
    assert "Revenue\t1,200\t900" in found.text


def test_the_figure_of_the_year_asked_for_is_answered(tmp_path: Path) -> None:
    cells = "September 30,|September 30,|2024|2023|Revenue|$|4,686|$|5,348|Net loss|$|(204)|$|(342)".split("|")
    path = tmp_path / "acme.md"
    path.write_text(markdown("Acme Corp. Statements of Operations (in thousands)", *cells), encoding="utf-8")
    with Index.open(tmp_path / "index") as index:
        index.add([path])
        assistant = Assistant(index)
        assert assistant.ask("What was Acme's net loss for September 30, 2023?").text == "$(342)"
        assert assistant.ask("What was Acme's revenue for September 30, 2024?").text == "$4,686"
        assert not assistant.ask("What was Acme's revenue for September 30, 2021?").answered


def test_many_short_lines_take_no_time() -> None:
    many = blocks("|".join(["Mill", "1", "2", "Shop", "1", "2", "3", "4"] * 12_500))
    begun = time.perf_counter()
    assert unstacked(many) == many
    assert time.perf_counter() - begun < 10
