"""Question and table -> the cell that is asked for."""

from __future__ import annotations

from collections import Counter

import pytest

from index.chunk import Chunk
from index.read import parse
from index.release import Release, Span
from index.store import Passage
from qa.cells import asked, times
from qa.read import SpanReader
from qa.scored import ScoredSpan
from qa.told import ANOTHER_ROW, ANOTHER_TIME, NEARLY, SURE, in_cells

RESULTS = """# Acme Reports First Quarter 2024 Results

OSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) reported results.

## Statements of Operations – GAAP

| | Three months ended March 31, 2024 | Three months ended March 31, 2023 | Year ended December 31, 2023 |
|---|---|---|---|
| Net revenue | $1,200 | $900 | $4,000 |
| Cost of revenue | 700 | 650 | 2,900 |
| Research and development | 210 | 190 | 800 |
| Net income (loss) | (12) | 9 | 40 |

## Statements of Operations – Pro Forma

| | Three months ended March 31, 2024 | Three months ended March 31, 2023 | Year ended December 31, 2023 |
|---|---|---|---|
| Net revenue | $1,250 | $910 | $4,100 |
"""


@pytest.fixture
def release() -> Release:
    return parse(RESULTS.encode(), "a.md")


def passages(release: Release) -> list[Passage]:
    """A passage for each table."""
    return [
        Passage(Chunk(release, Span(release.id, block.start, block.end), release.headline), 0.5)
        for block in release.blocks
        if block.kind == "table"
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What was Acme's net revenue in the three months ended March 31, 2023?", "$900"),
        ("How much net revenue did Acme report for the year ended December 31, 2023?", "$4,000"),
        ("What did Acme spend on research and development in the first quarter of 2023?", "190"),
        ("acme net income q1 2024", "(12)"),
        ("What was Acme's cost of revenue for the full year 2023?", "2,900"),
    ],
)
def test_the_cell_under_the_headings_that_are_asked_for(release: Release, question: str, answer: str) -> None:
    """Sign, currency and brackets are the cell's own; the row is the sentence around it."""
    cell = asked(question, passages(release)[0])
    assert cell is not None
    assert release.quote(cell.span) == answer
    assert cell.is_named
    assert not cell.lacking
    assert release.quote(cell.row).count("\t") == 3


def test_what_stands_behind_a_label_need_not_be_asked_for() -> None:
    rows = "| Net loss per share, basic and diluted | $(0.04) |\n| Net loss | $(12) |\n| Interest expense, net | (3) |"
    sheet = parse(f"Acme reported.\n\n| | June 30, 2024 |\n|---|---|\n{rows}\n".encode(), "a.md")
    for question, figure in (("net loss per share", "$(0.04)"), ("net loss", "$(12)"), ("interest expense", "(3)")):
        cell = asked(f"What was the {question}?", passages(sheet)[0])
        assert cell
        assert (sheet.quote(cell.span), cell.is_named) == (figure, True)


BRITISH = """# Acme Reports First Half 2025 Results

## Statements of Operations

| | Three months ended 31 March 2025 | Three months ended 30 June 2025 | Three months ended 30 June 2024 |
|---|---|---|---|
| Net revenue | £1,300 | £1,200 | £900 |
"""


@pytest.mark.parametrize("day", ["30 June", "June 30,"])
@pytest.mark.parametrize(("year", "answer"), [(2025, "£1,200"), (2024, "£900")])
def test_headings_may_have_the_day_before_the_month(day: str, year: int, answer: str) -> None:
    """However the question has it; what it says of time is no word that the table lacks."""
    [passage] = passages(parse(BRITISH.encode(), "a.md"))
    cell = asked(f"What was Acme's net revenue in the three months ended {day} {year}?", passage)
    assert cell is not None
    assert passage.chunk.release.quote(cell.span) == answer
    assert (cell.is_named, cell.lacking) == (True, frozenset())


def test_a_year_that_is_not_there_is_told(release: Release) -> None:
    cell = asked("What was Acme's net revenue in the three months ended March 31, 2021?", passages(release)[0])
    assert cell is not None
    assert not cell.is_named
    assert cell.is_of_another_time


def test_what_the_table_does_not_speak_of_is_told(release: Release) -> None:
    """A row may have the words of a question that is about something else."""
    cell = asked("How much net revenue did advertising bring in 2023?", passages(release)[0])
    assert cell is not None
    assert cell.lacking == {"advertis"}


def test_running_text_is_no_table(release: Release) -> None:
    whole = Passage(Chunk(release, Span(release.id, 0, len(release.text)), ""), 0.5)
    assert asked("What was net revenue?", whole) is None


@pytest.mark.parametrize("word", ["Who", "When", "Why", "Where"])
def test_a_question_that_no_figure_answers(release: Release, word: str) -> None:
    """Though a row has its words."""
    assert asked(f"{word} was net revenue in 2023?", passages(release)[0]) is None


def test_of_two_tables_the_one_whose_title_is_asked_for(release: Release) -> None:
    """Its cell gains in certainty; the other's keeps what the reader gave it."""
    gaap, pro_forma = passages(release)
    row = Span(release.id, release.text.index("$1,200"), release.text.index("$1,200") + 6)
    other = Span(release.id, release.text.index("$1,250"), release.text.index("$1,250") + 6)
    spans = [ScoredSpan(other, other, 0.6, pro_forma), ScoredSpan(row, row, 0.3, gaap)]
    question = "What was Acme's net revenue under GAAP in the three months ended March 31, 2023?"
    found = list(in_cells(question, spans))
    assert [release.quote(span.span) for span in found] == ["$910", "$900"]
    assert [span.score for span in found] == [0.6, pytest.approx(1 - 0.7 * (1 - SURE))]
    assert found[1].score > found[0].score


PEERS = """# Acme Corp. (NYSE: ACM) Beside Its Peers

OSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) reported results.

| | Acme Corp. (NYSE: ACM) | Bolt Inc. | Cord Ltd. |
|---|---|---|---|
| Dealers | 12 | 9 | 40 |
| Net loss | 3 | 2 | 8 |
| Net loss attributable to Acme | 1 | 0 | 7 |
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many dealers does Cord have in Acme's table?", "40"),
        ("How many dealers does Acme Corp. have?", "12"),
        ("What was Acme's net loss?", "3"),
        ("What was ACM's net loss beside Bolt's?", "2"),
        ("What was Acme's net loss attributable to Acme?", "1"),
    ],
)
def test_the_issuers_name_may_only_say_which_release_is_meant(question: str, answer: str) -> None:
    release = parse(PEERS.encode(), "a.md")
    cell = asked(question, passages(release)[0])
    assert cell is not None
    assert release.quote(cell.span) == answer


SHEETS = """# Acme Corp. Reports

OSLO, May 6, 2024 -- Acme Corp. (NYSE: ACM) reported results.

Statements (in thousands)

| | Three months ended March 31, 2024 | Year ended December 31, 2023 |
|---|---|---|
| Research | 1,207 | 5,000 |
| Current assets: | | |
| Total current assets | 26 | 30 |
| Total assets | 98 | 99 |

Statements (as a percentage of total revenues)

| | Three months ended March 31, 2024 | Year ended December 31, 2023 |
|---|---|---|
| Research | 15 | 18 |
| Sales | 40% | 50% |

Stock for employees (in thousands)

| | Three months ended March 31, 2024 | Year ended December 31, 2023 |
|---|---|---|
| Research | 241 | 279 |
"""


def in_tables(question: str, *scores: float) -> list[tuple[str, float]]:
    """What each table of SHEETS has, best first, where the reader took its first row with these scores."""
    release = parse(SHEETS.encode(), "a.md")
    spans = [
        ScoredSpan(passage.chunk.span, passage.chunk.span, score, passage)
        for passage, score in zip(passages(release), scores, strict=True)
    ]
    found = sorted(in_cells(question, spans), key=lambda span: -span.score)
    return [(release.quote(span.span), round(span.score, 4)) for span in found]


def odds(score: float, left: float) -> float:
    raised = 1 - (1 - score) * (1 - SURE)
    return left * raised / (left * raised + 1 - raised)


def test_where_tables_have_different_figures_of_a_name_the_first_leads_and_all_are_doubted() -> None:
    question = "What did Acme spend on research in the three months ended March 31, 2024?"
    found = in_tables(question, 0.7, 0.7, 0.75)
    scores = dict(found)
    assert found[0][0] == "1,207"
    assert scores["1,207"] == pytest.approx(odds(0.7, 1 / 2), abs=1e-4)
    assert NEARLY * scores["1,207"] < scores["241"] < scores["1,207"]
    assert scores["15"] == pytest.approx(0.7 * ANOTHER_ROW)  # in percent of all


def test_where_the_reader_is_much_surer_of_a_later_table_that_leads() -> None:
    question = "What did Acme spend on research in the three months ended March 31, 2024?"
    (first, _), *_ = in_tables(question, 0.05, 0.05, 0.95)
    assert first == "241"


def test_one_figure_in_several_tables_is_not_doubted() -> None:
    """In percent of all is none of them."""
    found = in_tables("What did Acme spend on sales in the three months ended March 31, 2024?", 0.1, 0.7, 0.1)
    assert ("40%", round(1 - 0.3 * (1 - SURE), 4)) in found


def test_a_share_is_given_where_one_is_asked_for() -> None:
    question = "What was Acme's research in percent of total revenues in the three months ended March 31, 2024?"
    assert in_tables(question, 0.5, 0.6, 0.5)[0][0] == "15"


def test_a_row_that_the_query_names_less_of_than_of_another_is_not_meant() -> None:
    question = "What were Acme's total current assets in the three months ended March 31, 2024?"
    release = parse(SHEETS.encode(), "a.md")
    table = passages(release)[0]
    whole = table.chunk.span
    line = release.text.index("Total assets")
    halves = [Span(release.id, whole.start, line - 1), Span(release.id, line, whole.end)]
    spans = [
        ScoredSpan(half, half, score, Passage(Chunk(release, half, release.headline), 0.5))
        for half, score in zip(halves, (0.3, 0.9), strict=True)
    ]
    found = {release.quote(span.span): span.score for span in in_cells(question, spans)}
    assert found == {"26": pytest.approx(1 - 0.7 * (1 - SURE)), "98": pytest.approx(0.9 * ANOTHER_ROW)}


@pytest.mark.parametrize(
    ("period", "is_named"),
    [
        ("year ended December 31, 2023", True),
        ("three months ended March 31, 2024", True),
        ("nine months ended December 31, 2023", False),
        ("six months ended March 31, 2024", False),
        ("first quarter of 2024", True),
        ("whole year 2023", True),
        ("year 2024", False),
    ],
)
def test_a_length_of_time_stands_over_the_figure(period: str, is_named: bool) -> None:
    cell = asked(f"What did Acme spend on research in the {period}?", passages(parse(SHEETS.encode(), "a.md"))[2])
    assert cell is not None
    assert (cell.is_named, cell.is_of_another_time) == (is_named, not is_named)


@pytest.mark.parametrize(("words", "found"), [("190", "210"), ("Research and development", "Research and development")])
def test_the_readers_row_in_the_column_asked_for(release: Release, words: str, found: str) -> None:
    """Where the question names no row; a label that answers stays."""
    [passage, _] = passages(release)
    start = release.text.index(words)
    span = Span(release.id, start, start + len(words))
    [moved] = in_cells(
        "What did science cost Acme in the first quarter of 2024?", [ScoredSpan(span, span, 0.5, passage)]
    )
    assert (release.quote(moved.span), moved.score) == (found, 0.5)


def test_a_figure_of_another_year_loses(release: Release) -> None:
    """So that it is refused rather than given for the year that was asked for."""
    [passage, _] = passages(release)
    row = Span(release.id, release.text.index("$1,200"), release.text.index("$1,200") + 6)
    [found] = in_cells("What was Acme's net revenue in 2019?", [ScoredSpan(row, row, 0.8, passage)])
    assert found.span == row
    assert found.score == pytest.approx(0.8 * ANOTHER_TIME)
    assert found.score < SpanReader().threshold


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13 weeks ended June 28, 2003", {"3m", "d6-28", "y2003"}),
        ("Q2 FY24", {"3m", "q2", "y2024"}),
        ("4Q23", {"3m", "q4", "y2023"}),
        ("six months to 30 June 2024", {"6m", "d6-30", "y2024"}),
        ("1,200 units in 12 plants", set()),
        ("Three months ended 30 June 2025", {"3m", "d6-30", "y2025"}),
        ("Year ended 31 Dec. 2024", {"12m", "d12-31", "y2024"}),
        ("SEPT 30", {"d9-30"}),
        ("of 5 Maryland stores", set()),
        ("8 decisions in 12 junctions", set()),
        ("March 5% growth", set()),
        ("Q2 20% growth", {"3m", "q2"}),
        ("Q2 25 against Q2 '24", {"3m", "q2", "y2025", "y2024"}),
        ("2025Q3", {"q3", "y2025"}),
        ("the second fiscal quarter of 2024", {"3m", "q2", "y2024"}),
    ],
)
def test_times(text: str, found: set[str]) -> None:
    """In the forms of headings and of questions."""
    assert set(times(text)) == found
    assert isinstance(times(text), Counter)
