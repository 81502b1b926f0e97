"""How often a question for a figure in a table is answered with that figure, and refused for a year that is not there.

    python benchmarks/cells.py INDEX [--count 100] [--seed 7] [--show]

INDEX is an index of releases with tables (citewire add FORMATS --index INDEX). Cells are drawn by chance, releases
alike; the question names issuer, row and column: "What was Acme's net income for Three months ended March 31, 2024?".
It is asked once more for four years earlier, which should be refused. Where a release has two cells of the same names
(GAAP and pro forma, before and after a correction) only one of them counts as right.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from typing import NamedTuple

from index.read.cells import is_value
from index.store import Index
from index.table import Table
from qa import Assistant

EARLIER = 4  # years


class Figure(NamedTuple):
    """A cell, as it is asked for."""

    issuer: str
    row: str
    column: str
    value: str

    def question(self, years: int = 0) -> str:
        """The question for it, or for another year of it."""
        row = self.row.lower() if self.row.isupper() else self.row[0].lower() + self.row[1:]
        column = re.sub(r"(?:19|20)\d\d(?!.*(?:19|20)\d\d)", lambda year: str(int(year[0]) - years), self.column)
        return f"What was {self.issuer}'s {row} for {column}?"


def figures(index: Index) -> dict[str, list[Figure]]:
    """The cells of each release whose row has a telling label and whose column names a year."""
    found: dict[str, list[Figure]] = {}
    for ref in index.releases():
        release = index.release(ref.id)
        for block in release.blocks if release and release.issuer else ():
            if release is None or block.kind != "table":
                continue
            table = Table(release.text, block.start, block.end)
            for cell in table.cells:
                row = re.sub(r"\(\w{1,2}\)|[¹²³⁴]", "", table.row_head(cell)).strip(" :")
                column = re.sub(r"\(\w{1,2}\)", "", table.column_head(cell))
                value = table.words(cell)
                is_figure = is_value(value) and any(map(str.isdigit, value)) and table.is_body(cell.row)
                if is_figure and 6 < len(row) < 70 and re.search(r"(?:19|20)\d\d", column):
                    issuer = re.sub(r",? (?:Inc|Corporation|Corp)\.?$", "", release.issuer or "")
                    found.setdefault(release.id, []).append(Figure(issuer, row, column, value))
    return found


def bare(figure: str) -> str:
    """A figure without its currency, which the first and last row of a table bear alone."""
    return re.sub(r"[$€£¥\s]", "", figure)


def main() -> None:
    """Print what became of the questions, and how well confidence keeps its word."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true", help="name what is answered wrongly")
    options = parser.parse_args()
    assistant = Assistant.open(options.index)
    pools = figures(assistant.index)
    chance = random.Random(options.seed)
    drawn = [chance.choice(pools[key]) for key in chance.choices(sorted(pools), k=options.count)]
    outcomes: Counter[str] = Counter()
    sure: list[tuple[float, bool]] = []
    for figure in drawn:
        answer = assistant.ask(figure.question())
        is_right = bare(answer.text) == bare(figure.value)
        outcomes["right" if is_right else "wrong" if answer.answered else "refused"] += 1
        if answer.answered:
            sure.append((answer.confidence, is_right))
        if options.show and answer.answered and not is_right:
            print(f"{figure.question()} {figure.value}, answered {answer.text} ({answer.confidence:.2f})")
        outcomes["another year answered"] += assistant.ask(figure.question(EARLIER)).answered
    print(f"{options.count} questions: {dict(outcomes)}")
    for low, high in ((0.33, 0.6), (0.6, 0.8), (0.8, 1.01)):
        inside = [is_right for confidence, is_right in sure if low <= confidence < high]
        if inside:
            print(f"confidence {low} to {min(high, 1)}: {sum(inside)} of {len(inside)} right")


if __name__ == "__main__":
    main()
