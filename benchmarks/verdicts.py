"""How often a "No: …" is right, on questions for yes or no whose right answer is known.

    python benchmarks/verdicts.py QUESTIONS.jsonl [QUESTIONS.jsonl ...] [--show]

The words that answer are those of the question set: the verdict alone is measured, not the reader that finds them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from eval.example import Example, read_examples
from qa.answer import verdict


def polarity(example: Example) -> str | None:
    """What the question set has for an answer beside the words: yes, no or nothing.

    >>> polarity(Example("1", "Is it open?", (), ("closed since May", "No"), (), "yesno", True))
    'no'
    """
    said = {answer.casefold() for answer in example.answers} & {"yes", "no"}
    return said.pop() if len(said) == 1 else None


def count(examples: Sequence[Example], show: bool) -> str:
    """How many questions get a no, and for how many of these the answer is no."""
    known = [(example, right) for example in examples if (right := polarity(example))]
    given = [(example, right) for example, right in known if verdict(example.question, example.answers[0]) == "no"]
    for example, right in given if show else ():
        if right == "yes":
            print(f"  yes, not no: {example.question} | {example.answers[0]}")
    noes, rightly = (sum(right == "no" for _, right in those) for those in (known, given))
    return f"{len(known):5} for yes or no, {noes} of them no; no said {len(given)} times, rightly {rightly}"


def main() -> None:
    """Count for each question set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--show", action="store_true", help="print those that are wrong")
    options = parser.parse_args()
    for path in options.questions:
        print(f"{path.name:20} {count(list(read_examples(path)), options.show)}")


if __name__ == "__main__":
    main()
